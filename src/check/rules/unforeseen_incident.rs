//! Something happened that no failure mode foresaw, and none was written afterwards.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, Kind, PageIx};
use crate::parse::value::Status;

/// One finding per incident, at its title.
pub const RULE: Rule = Rule {
    name: "unforeseen-incident",
    group: Group::Learning,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "An incident names neither the failure mode that came true nor one that was written afterwards.",
    look: Look::Incident(look),
};

fn look(handbook: &Handbook, incident: PageIx) -> Vec<Finding> {
    let page = &handbook.pages[incident];
    let Some(keys) = page.incident_keys() else { return Vec::new() };
    let Kind::Incident(resolved) = &page.kind else { return Vec::new() };
    let process = resolved.process.map(|process| &handbook.pages[process]);
    let retired = process.is_some_and(|process| process.status() == Status::Retired);
    if keys.has("failure") || keys.has("learned") || retired {
        return Vec::new();
    }
    let message = format!("no failure mode foresaw `{}`, and none was written since", page.title());
    let mut finding = Finding::new(RULE.name, Place::new(page.path(), page.title_place()), Element::page(&page.id), message)
        .note("it can happen again on any night, and the next one on call finds no page about it");
    if let Some(place) = keys.process.as_ref().filter(|_| process.is_some()) {
        finding = finding.mark(Place::new(page.path(), place.span), "it hit this process");
    }
    let id = process.map_or("…", |process| process.id.as_str());
    let help = format!(
        "write the failure mode on `{id}`, or on the system that failed, then name it here: `learned = \"{id}#…\"`; if it was declared before the incident: `failure = \"{id}#…\"`"
    );
    vec![finding.help(help)]
}
