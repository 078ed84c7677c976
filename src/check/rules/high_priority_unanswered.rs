//! A failure mode of high priority has no prevention and no open action.

use crate::check::priority::{self, Detection, Priority, Rating};
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, ModeView};
use crate::parse::blocks::Action;
use crate::parse::value::{Detector, said};

/// One finding per failure mode.
pub const RULE: Rule = Rule {
    name: "high-priority-unanswered",
    group: Group::Governance,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A failure mode of high priority has neither prevention nor an open action nor a waiver.",
    look: Look::Mode(look),
};

fn look(handbook: &Handbook, mode: &ModeView<'_>) -> Vec<Finding> {
    let facts = mode.facts();
    let rating_unreadable = (facts.has("severity") && facts.severity.is_none()) || (facts.has("likelihood") && facts.likelihood.is_none());
    let prevented = said(&facts.prevent).is_some() || (facts.prevent.is_none() && facts.has("prevent"));
    if rating_unreadable || prevented || mode.actions().iter().any(is_open) {
        return Vec::new();
    }
    let rating = Rating::of(handbook, mode);
    // A detection that cannot be read may be an automatic one.
    let detection = if detection_unreadable(mode) { Detection::Automatic } else { rating.detection };
    if priority::lookup(rating.severity, rating.likelihood, detection) != Priority::High {
        return Vec::new();
    }
    let place = Place::new(mode.page.path(), mode.written.place);
    let message = format!("`{}` has high priority, and nothing is being done about it: {}", mode.written.title, reason(mode, rating));
    vec![
        Finding::new(RULE.name, place, Element::thing(&mode.page.id, &mode.written.id), message)
            .note("high priority asks for an answer: prevention, an action with a day, or a waiver that somebody signs")
            .help("add `prevent = \"…\"`, or an `[[action]]` with `what`, `owner` and `due`; or accept it with a signed `[[waive]]`"),
    ]
}

/// Whether something is still being done. An action that says nothing is none; one whose words cannot be read has its own fault.
fn is_open(action: &Action) -> bool {
    let says = action.what.is_none() || said(&action.what).is_some();
    says && action.done.is_none()
}

/// Whether part of how it is noticed was given and cannot be read.
fn detection_unreadable(mode: &ModeView<'_>) -> bool {
    let Some(table) = mode.detect() else { return mode.facts().detect.is_none() && mode.facts().has("detect") };
    let by = table.by.is_none() && table.has("by");
    by || mode.resolved.via.len() < table.via.len() || (table.via.is_empty() && table.has("via"))
}

/// Why the priority is high: `critical × likely, noticed by a customer`.
fn reason(mode: &ModeView<'_>, rating: Rating) -> String {
    let severity = match mode.severity() {
        Some(severity) => severity.to_string(),
        None => format!("{} (its own severity is not declared)", rating.severity),
    };
    let likelihood = match mode.likelihood() {
        Some(likelihood) => likelihood.to_string(),
        None => format!("{} (not declared)", rating.likelihood),
    };
    let noticed = match (rating.detection, mode.detector()) {
        (Detection::None, Some(Detector::Customer)) => "noticed by a customer",
        (Detection::None, _) => "noticed by nobody",
        (Detection::Human, Some(Detector::Alert | Detector::Check)) => "noticed by a signal that needs what failed",
        (Detection::Human, _) => "noticed by a person",
        (Detection::Automatic, Some(Detector::Check)) => "noticed by a check",
        (Detection::Automatic, _) => "noticed by an alert",
    };
    format!("{severity} × {likelihood}, {noticed}")
}
