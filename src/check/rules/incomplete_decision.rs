//! A decision has fewer than two branches, a branch that leads nowhere, or no way out for the case that nobody thought of.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, StepView};

/// One finding per decision.
pub const RULE: Rule = Rule {
    name: "incomplete-decision",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::Yes,
    summary: "A decision has fewer than two branches, a branch that leads nowhere, or no way out for the case that nobody thought of.",
    look: Look::AnyStep(look),
};

fn look(_: &Handbook, step: &StepView<'_>) -> Vec<Finding> {
    let Some(decision) = step.decision() else { return Vec::new() };
    let otherwise = |branch: &crate::parse::blocks::Branch| branch.when.as_ref().is_some_and(|when| when.value.0.trim() == "otherwise");
    let ways = decision.branch.len() + usize::from(decision.otherwise.is_some());
    let mut lacks = Vec::new();
    if ways < 2 {
        lacks.push("fewer than two branches".to_owned());
    }
    lacks.extend(decision.branch.iter().filter(|branch| branch.to.is_none()).map(|branch| match &branch.when {
        Some(when) => format!("no `to` in the branch `{}`", when.value.0),
        None => "no `to` in a branch".to_owned(),
    }));
    if decision.otherwise.is_none() && !decision.branch.iter().any(otherwise) {
        lacks.push("no way out for everything else".to_owned());
    }
    if lacks.is_empty() {
        return Vec::new();
    }
    let place = Place::new(step.page.path(), step.written.block.unwrap_or(step.written.place));
    vec![
        Finding::new(
            RULE.name,
            place,
            Element::thing(&step.page.id, &step.written.id),
            format!("the decision `{}` has {}", step.written.title, lacks.join(" and ")),
        )
        .note("somebody will stand here with the case that the page does not name")
        .help("give every `[[branch]]` a `when` and a `to`, and add `otherwise = \"#…\"`"),
    ]
}
