//! The list of pre-mortems: the workbook of every process and when its session is due, and the records of sessions.

use serde::Serialize;

use crate::model::PageIx;
use crate::parse::value::Outcome;

use super::super::html::Body;
use super::super::register::{PremortemParts, ROWS, Session};
use super::super::relative::relative;
use super::super::sums::Sums;
use super::super::words;
use super::process::{DatedLink, PartView, dated, parts};
use super::risks::{Pager, pager};
use super::{Here, Link};

/// What the page is, where its author does not say it.
pub const DESCRIPTION: &str = "Imagine that it has failed, and ask why: the workbook of every process, and what earlier sessions said.";

/// One part of the list.
#[derive(Clone, Debug, Serialize)]
pub struct PremortemsView {
    /// What the author wrote.
    pub parts: Vec<PartView>,
    /// Footnotes of the text.
    pub footnotes_html: String,
    /// How many processes there are that are in force or proposed.
    pub processes: usize,
    /// How many of them owe a session.
    pub due: usize,
    /// How many sessions are recorded.
    pub sessions: usize,
    /// The processes of this part, those that owe a session first.
    pub rows: Vec<WorkbookRow>,
    /// The records of this part, newest first.
    pub records: Vec<RecordRow>,
    /// The other parts.
    pub pager: Pager,
}

/// A process and its sessions.
#[derive(Clone, Debug, Serialize)]
pub struct WorkbookRow {
    /// The process.
    pub process: Link,
    /// The workbook.
    pub workbook: String,
    /// Its criticality.
    pub criticality: &'static str,
    /// `proposed` or `active`.
    pub status: &'static str,
    /// The role that owns it.
    pub owner: Option<Link>,
    /// The last session.
    pub last: Option<DatedLink>,
    /// The last day on which that one counts; only for a process that owes sessions.
    pub due: Option<String>,
    /// Whether a session is due.
    pub overdue: bool,
}

/// A record of a session.
#[derive(Clone, Debug, Serialize)]
pub struct RecordRow {
    /// The record with its day.
    pub record: DatedLink,
    /// The process.
    pub process: Option<Link>,
    /// How many reasons were said.
    pub items: usize,
    /// How many of them became new failure modes.
    pub failures: usize,
    /// How many were part of known ones.
    pub merged: usize,
    /// How many became something to do.
    pub actions: usize,
    /// How many were not followed.
    pub rejected: usize,
}

/// A part of the list. `opening` is the page whose text opens it.
pub fn premortems(here: &Here<'_>, sums: &Sums, opening: Option<(PageIx, &Body)>, list: &PremortemParts, part: usize) -> PremortemsView {
    let of_part = |pages: &[PageIx]| pages.iter().copied().skip(part * ROWS).take(ROWS).collect::<Vec<_>>();
    PremortemsView {
        parts: opening.map(|(page, body)| parts(here, page, body, &body.parts)).unwrap_or_default(),
        footnotes_html: opening.map(|(_, body)| body.footnotes.clone()).unwrap_or_default(),
        processes: list.processes.len(),
        due: sums.premortems_due,
        sessions: list.records.len(),
        rows: of_part(&list.processes).into_iter().map(|process| row(here, process)).collect(),
        records: of_part(&list.records).into_iter().map(|record| record_row(here, record)).collect(),
        pager: pager(here, &list.urls, part),
    }
}

fn row(here: &Here<'_>, process: PageIx) -> WorkbookRow {
    let page = &here.atlas.handbook.pages[process];
    let session = Session::of(here.atlas, process);
    WorkbookRow {
        process: here.page(process),
        workbook: relative(here.at.url, &format!("{}premortem/", page.url)),
        criticality: page.criticality().name(),
        status: page.status().name(),
        owner: page.owner.map(|owner| here.page(owner)),
        last: session.last.map(|record| dated(here, record)),
        due: session.due.filter(|_| session.owed).map(words::day),
        overdue: session.is_due(),
    }
}

fn record_row(here: &Here<'_>, record: PageIx) -> RecordRow {
    let page = &here.atlas.handbook.pages[record];
    let items = page.premortem_keys().map(|keys| keys.item.as_slice()).unwrap_or_default();
    let count = |wanted: Outcome| items.iter().filter(|item| item.outcome.as_ref().is_some_and(|outcome| outcome.value == wanted)).count();
    let process = match &page.kind {
        crate::model::Kind::Premortem(record) => record.process,
        _ => None,
    };
    RecordRow {
        record: dated(here, record),
        process: process.map(|process| here.page(process)),
        items: items.len(),
        failures: count(Outcome::Failure),
        merged: count(Outcome::Merged),
        actions: count(Outcome::Action),
        rejected: count(Outcome::Rejected),
    }
}
