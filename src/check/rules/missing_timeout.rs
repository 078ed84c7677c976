//! An automated step may run for ever: it has neither `timeout` nor `on_timeout`.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, StepView};

/// One finding per automated step.
pub const RULE: Rule = Rule {
    name: "missing-timeout",
    group: Group::Hardness,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "An automated step may run for ever: it has neither `timeout` nor `on_timeout`.",
    look: Look::Step(look),
};

fn look(_: &Handbook, step: &StepView<'_>) -> Vec<Finding> {
    let declared = step.facts().is_some_and(|facts| facts.has("timeout") || facts.has("on_timeout"));
    if !step.is_automated() || declared {
        return Vec::new();
    }
    let place = Place::new(step.page.path(), step.written.place);
    let message = format!("automated step `{}` has no timeout", step.written.title);
    vec![
        Finding::new(RULE.name, place, Element::thing(&step.page.id, &step.written.id), message)
            .note("a job that hangs looks like a job that works, and whoever waits for it does not know when to stop waiting")
            .help("add `timeout = \"20m\"` with the longest that it may take, and `on_timeout = \"#…\"` with the step that comes then"),
    ]
}
