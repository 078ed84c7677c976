//! A step makes a state that must be undone, and names no step that does.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::users::is_serious_and_active;
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, StepView};

/// One finding per step.
pub const RULE: Rule = Rule {
    name: "temporary-without-undo",
    group: Group::OutageQuestions,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A step of a serious process is temporary and names no step that undoes it.",
    look: Look::Step(look),
};

fn look(handbook: &Handbook, step: &StepView<'_>) -> Vec<Finding> {
    let Some(facts) = step.facts() else { return Vec::new() };
    let Some(temporary) = &facts.temporary else { return Vec::new() };
    if facts.has("undo") || !is_serious_and_active(handbook, step.at.page) {
        return Vec::new();
    }
    let message = format!("`{}` is temporary ({}), and no step undoes it", step.written.title, temporary.value.text);
    let place = Place::new(step.page.path(), temporary.span);
    vec![
        Finding::new(RULE.name, place, Element::thing(&step.page.id, &step.written.id), message)
            .note("what only a memory is to end stays for years, or is ended by something that takes it for a mistake")
            .help("add `undo = \"#…\"` with the step that ends it; if there is none yet, write one"),
    ]
}
