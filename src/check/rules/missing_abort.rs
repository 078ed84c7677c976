//! A step that cannot be undone, or that locks what others need, does not say how to stop it once begun.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::users::is_serious_and_active;
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, StepView};
use crate::parse::blocks::StepBlock;
use crate::parse::value::{ReferenceOrText, Reversible, says_something};

/// One finding per step.
pub const RULE: Rule = Rule {
    name: "missing-abort",
    group: Group::OutageQuestions,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A step of a serious process that is irreversible or locks something does not say how to stop it once begun.",
    look: Look::Step(look),
};

fn look(handbook: &Handbook, step: &StepView<'_>) -> Vec<Finding> {
    let Some(facts) = step.facts() else { return Vec::new() };
    if !is_serious_and_active(handbook, step.at.page) || has_abort(facts) {
        return Vec::new();
    }
    let irreversible = facts.reversible.as_ref().is_some_and(|reversible| reversible.value == Reversible::No);
    let locked: Vec<String> = step.resolved.locks.iter().map(|locked| format!("`{}`", handbook.pages[locked.page].title())).collect();
    let locked = locked.join(" and ");
    let title = &step.written.title;
    let (does, note) = match (irreversible, locked.as_str()) {
        (false, "") => return Vec::new(),
        (true, "") => (format!("`{title}` cannot be undone"), "what it does while somebody looks for a way to stop it stays done"),
        (false, locked) => (format!("`{title}` locks {locked}"), "while somebody looks for a way to stop it, everybody else waits"),
        (true, locked) => (
            format!("`{title}` cannot be undone and locks {locked}"),
            "while somebody looks for a way to stop it, everybody else waits, and what it does stays done",
        ),
    };
    let place = Place::new(step.page.path(), step.written.place);
    let message = format!("{does}, and nothing says how to stop it once begun");
    vec![
        Finding::new(RULE.name, place, Element::thing(&step.page.id, &step.written.id), message)
            .note(note)
            .help("add `abort = \"#…\"` with the step or track that stops it, or say how in words; if nothing can, `abort = \"Cannot be stopped: …\"`"),
    ]
}

fn has_abort(facts: &StepBlock) -> bool {
    match facts.abort.as_ref().map(|abort| &abort.value) {
        Some(ReferenceOrText::Text(text)) => says_something(text),
        Some(ReferenceOrText::Reference(_)) => true,
        None => facts.has("abort"),
    }
}
