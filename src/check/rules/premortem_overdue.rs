//! Nobody has imagined the failure of a serious process within the last twelve months.

use std::collections::HashMap;

use crate::check::premortem;
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, Kind, PageIx};
use crate::parse::value::{PageKind, Status};
use crate::source::Span;

/// One finding per process.
pub const RULE: Rule = Rule {
    name: "premortem-overdue",
    group: Group::Governance,
    level: DefaultLevel::Always(Level::Info),
    waivable: Waivable::Yes,
    summary: "A serious process has no pre-mortem record within the last 12 months.",
    look: Look::Handbook(look),
};

fn look(handbook: &Handbook) -> Vec<Finding> {
    let Some(sessions) = sessions(handbook) else { return Vec::new() };
    let serious = |process: &PageIx| {
        let page = &handbook.pages[*process];
        page.is_serious() && page.status() != Status::Retired
    };
    handbook.processes().filter(serious).filter_map(|process| overdue(handbook, process, sessions.get(&process))).collect()
}

/// The last session of each process.
#[derive(Clone, Copy)]
enum Last {
    /// On a day up to today, in a record.
    On(jiff::civil::Date, PageIx, Span),
    /// In a record whose day cannot be read: its own fault says so.
    Unknown,
}

/// The last session of each process; nothing where a record names no process, since it may be that of any.
fn sessions(handbook: &Handbook) -> Option<HashMap<PageIx, Last>> {
    let mut sessions: HashMap<PageIx, Last> = HashMap::new();
    for record in handbook.of_kind(PageKind::Premortem) {
        let page = &handbook.pages[record];
        let (Kind::Premortem(premortem), Some(keys)) = (&page.kind, page.premortem_keys()) else { continue };
        let process = premortem.process?;
        let this = match &keys.date {
            Some(date) if date.value > handbook.today => continue,
            Some(date) => Last::On(date.value, record, date.span),
            None => Last::Unknown,
        };
        let last = sessions.entry(process).or_insert(this);
        if let (Last::On(known, ..), Last::On(day, ..)) = (*last, this) {
            *last = if day > known { this } else { *last };
        } else {
            *last = Last::Unknown;
        }
    }
    Some(sessions)
}

fn overdue(handbook: &Handbook, process: PageIx, last: Option<&Last>) -> Option<Finding> {
    let page = &handbook.pages[process];
    let title = page.title();
    let (message, record) = match last {
        Some(Last::Unknown) => return None,
        Some(Last::On(day, ..)) if premortem::due(*day) >= handbook.today => return None,
        Some(Last::On(day, record, span)) => {
            let place = Place::new(handbook.pages[*record].path(), *span);
            (format!("the last pre-mortem of `{title}` was on {day}, more than 12 months ago"), Some(place))
        }
        None => (format!("`{title}` has no record of a pre-mortem"), None),
    };
    let finding = Finding::new(RULE.name, Place::new(page.path(), page.title_place()), Element::page(&page.id), message)
        .note("an hour of imagining that it has failed finds what a year of use has not yet shown")
        .help(format!(
            "hold a session with the workbook of the process, then `forewarn new premortem \"{title}, {}\"` for the record, with `process = \"{}\"`",
            handbook.today.strftime("%Y-%m"),
            page.id
        ));
    Some(match record {
        Some(place) => finding.mark(place, "the last session"),
        None => finding,
    })
}
