//! A step is automated or cannot always be undone, and no failure mode can hit it.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Place};
use crate::model::{Handbook, StepView, flow};

/// One finding per step.
pub const RULE: Rule = Rule {
    name: "step-without-failure-mode",
    group: Group::Coverage,
    level: DefaultLevel::ByCriticality,
    waivable: Waivable::Yes,
    summary: "A step is automated or cannot always be undone, and no failure mode can hit it.",
    look: Look::Step(look),
};

fn look(handbook: &Handbook, step: &StepView<'_>) -> Vec<Finding> {
    if !step.is_exposed() || !flow::hitting(handbook, step.at).is_empty() {
        return Vec::new();
    }
    let why = if step.is_automated() { "it is automated" } else { "it cannot always be undone" };
    let title = &step.written.title;
    let place = Place::new(step.page.path(), step.written.place);
    vec![
        Finding::new(
            RULE.name,
            place,
            Element::thing(&step.page.id, &step.written.id),
            format!("nothing says what happens if `{title}` fails"),
        )
        .note(format!("{why}, and no failure mode stands in the step, names it with `at`, or is declared on a system in its `uses`"))
        .help(format!("add a `failure` block to the step, or `at = \"#{}\"` to one that stands elsewhere", step.written.id)),
    ]
}
