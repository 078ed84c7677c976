//! A step of a process that changes production reaches everything at once, or does not say how much, and nothing stages it.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::users::is_serious_and_active;
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, StepView};
use crate::parse::value::{Guard, Reach};

/// One finding per step.
pub const RULE: Rule = Rule {
    name: "all-at-once",
    group: Group::OutageQuestions,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A step of a serious process that changes production touches all at once, or does not say how much, and is not staged.",
    look: Look::Step(look),
};

fn look(handbook: &Handbook, step: &StepView<'_>) -> Vec<Finding> {
    let Some(facts) = step.facts() else { return Vec::new() };
    if !is_serious_and_active(handbook, step.at.page) || !step.page.changes_production() {
        return Vec::new();
    }
    let staged = match &facts.guard {
        Some(guard) => guard.value == Guard::Staged,
        None => facts.has("guard"),
    };
    let title = &step.written.title;
    let (span, message, help) = match &facts.reach {
        _ if staged => return Vec::new(),
        Some(reach) if reach.value == Reach::All => {
            let message = format!("`{title}` reaches everything at once, and nothing stages it");
            (
                reach.span,
                message,
                "let it begin with a part and go on only when that part is well: `guard = \"staged\"`; or `reach = \"batch\"`",
            )
        }
        None if step.is_automated() && !facts.has("reach") => {
            let message = format!("`{title}` is automated and does not say how much it touches at once");
            let help =
                "say how much: `reach = \"one\"` or `reach = \"batch\"`; if it touches all, let it begin with a part: `guard = \"staged\"`";
            (step.written.place, message, help)
        }
        _ => return Vec::new(),
    };
    vec![
        Finding::new(RULE.name, Place::new(step.page.path(), span), Element::thing(&step.page.id, &step.written.id), message)
            .note("what is wrong with it is then wrong everywhere before anybody has seen it once")
            .help(help),
    ]
}
