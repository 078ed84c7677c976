//! A step writes several systems, and nothing says what happens when it stops in between.

use std::collections::HashSet;

use crate::check::phrasing::listed;
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Dependency, Handbook, StepView, flow};
use crate::parse::value::State;

/// One finding per step.
pub const RULE: Rule = Rule {
    name: "partial-completion-not-considered",
    group: Group::Hardness,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A step writes several systems, and nothing says what happens when it stops in between.",
    look: Look::Step(look),
};

fn look(handbook: &Handbook, step: &StepView<'_>) -> Vec<Finding> {
    let mut seen = HashSet::new();
    let written: Vec<&Dependency> = step.resolved.writes.iter().filter(|writes| seen.insert(writes.page)).collect();
    let [first, others @ ..] = written.as_slice() else { return Vec::new() };
    let modes = flow::hitting(handbook, step.at);
    // A state that cannot be read may be the one: it has its own fault.
    let considered = modes.iter().any(|mode| mode.state() == Some(State::Partial) || (mode.state().is_none() && mode.facts().has("state")));
    if others.is_empty() || considered {
        return Vec::new();
    }
    let title = |system: &&Dependency| format!("`{}`", handbook.pages[system.page].title());
    let systems: Vec<String> = written.iter().map(title).collect();
    let message = format!("nothing says what happens if `{}` stops between {}", step.written.title, listed(&systems));
    let (id, path) = (&step.written.id, step.page.path());
    let finding = Finding::new(RULE.name, Place::new(path, step.written.place), Element::thing(&step.page.id, id), message)
        .note("half of it is done then, and neither going on nor going back is safe before somebody knows which half")
        .help("add a `failure` block with `state = \"partial\"` to the step: how one sees how far it came, and the way on or back")
        .mark(Place::new(path, first.span), format!("writes {}", systems[0]));
    let others = others.iter().zip(&systems[1..]);
    vec![others.fold(finding, |finding, (other, title)| finding.mark(Place::new(path, other.span), format!("and {title}")))]
}
