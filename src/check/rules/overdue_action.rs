//! An action is past its day and not done.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, Kind, Page, PageIx};
use crate::parse::blocks::Action;
use crate::parse::slug::slug;
use crate::parse::value::{Status, says_something};

/// One finding per action.
pub const RULE: Rule = Rule {
    name: "overdue-action",
    group: Group::Governance,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "An action is past its day and not done.",
    look: Look::Handbook(look),
};

fn look(handbook: &Handbook) -> Vec<Finding> {
    let watched = handbook.pages.iter().filter(|page| !is_retired(handbook, page));
    watched.flat_map(|page| modes_of(handbook, page).into_iter().chain(incident(handbook, page))).collect()
}

/// Whether a page is a retired process, or the record of an incident of one.
fn is_retired(handbook: &Handbook, page: &Page) -> bool {
    let process = match &page.kind {
        Kind::Incident(incident) => incident.process.map(|process| &handbook.pages[process]),
        _ => Some(page),
    };
    process.is_some_and(|page| page.status() == Status::Retired)
}

fn modes_of(handbook: &Handbook, page: &Page) -> Vec<Finding> {
    let modes = page.document.failures.iter().zip(&page.modes);
    let find = |(written, mode): (&crate::parse::document::Failure, &crate::model::Mode)| {
        let element = Element::thing(&page.id, &written.id);
        overdue(handbook, page, &element, &written.block.action, &mode.action_owners)
    };
    modes.flat_map(find).collect()
}

fn incident(handbook: &Handbook, page: &Page) -> Vec<Finding> {
    match (&page.kind, page.incident_keys()) {
        (Kind::Incident(incident), Some(keys)) => overdue(handbook, page, &Element::page(&page.id), &keys.action, &incident.action_owners),
        _ => Vec::new(),
    }
}

fn overdue(handbook: &Handbook, page: &Page, element: &Element, actions: &[Action], owners: &[Option<PageIx>]) -> Vec<Finding> {
    let pairs = actions.iter().zip(owners);
    let find = |(action, owner): (&Action, &Option<PageIx>)| {
        let due = action.due.as_ref().filter(|due| due.value < handbook.today && !action.has("done"))?;
        let what = action.what.as_ref()?.value.0.as_str();
        let days = (handbook.today - due.value).get_days();
        let ago = if days == 1 { "yesterday".to_owned() } else { format!("{days} days ago") };
        let named = if says_something(what) { format!("`{what}`") } else { "an action".to_owned() };
        let slug = slug(what);
        let element = if slug.is_empty() { element.clone() } else { element.clone().part(slug) };
        let ask = owner.map_or_else(String::new, |owner| format!(" with `{}`", handbook.pages[owner].title()));
        let done = handbook.today;
        let message = format!("{named} was due on {}, {ago}, and is not done", due.value);
        let finding = Finding::new(RULE.name, Place::new(page.path(), due.span), element, message)
            .note("until it is done, the failure that it was meant to end can happen again")
            .help(format!("do it and write `done = {done}`, or agree{ask} on a new day for `due`"));
        Some(finding)
    };
    pairs.filter_map(find).collect()
}
