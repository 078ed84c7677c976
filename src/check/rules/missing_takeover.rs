//! An automated step does not say how a human takes over.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Place};
use crate::model::{Handbook, StepView};

/// One finding per automated step.
pub const RULE: Rule = Rule {
    name: "missing-takeover",
    group: Group::Coverage,
    level: DefaultLevel::ByCriticality,
    waivable: Waivable::Yes,
    summary: "An automated step does not say how a human takes over.",
    look: Look::Step(look),
};

fn look(_: &Handbook, step: &StepView<'_>) -> Vec<Finding> {
    let declared = step.facts().is_some_and(|facts| facts.has("takeover"));
    if !step.is_automated() || declared {
        return Vec::new();
    }
    let place = Place::new(step.page.path(), step.written.place);
    vec![
        Finding::new(
            RULE.name,
            place,
            Element::thing(&step.page.id, &step.written.id),
            format!("automated step `{}` has no takeover", step.written.title),
        )
        .note("when the automation breaks, somebody must do it by hand, and must know how")
        .help("add `takeover = \"#…\"` with the step, track or process by which a human does it"),
    ]
}
