//! What comes due and when: by month, what was never done before that.

use serde::Serialize;

use crate::check::due::{Due, What};
use crate::model::{ModeIx, PageIx, Target};
use crate::parse::value::said;

use super::super::atlas::Atlas;
use super::super::register::ROWS;
use super::super::relative::relative;
use super::super::sums::Sums;
use super::super::words;
use super::risks::{Pager, pager};
use super::{ClassView, Here, Link};

/// One part of what comes due.
#[derive(Clone, Debug, Serialize)]
pub struct ReviewsView {
    /// How much there is in all.
    pub total: usize,
    /// How much of it is overdue.
    pub overdue: usize,
    /// How much was never done.
    pub never: usize,
    /// What was never done first, then month by month.
    pub groups: Vec<DueGroup>,
    /// The same for a calendar.
    pub ics: String,
    /// The other parts.
    pub pager: Pager,
}

/// What comes due in one month.
#[derive(Clone, Debug, Serialize)]
pub struct DueGroup {
    /// `November 2026`; none for what was never done.
    pub month: Option<String>,
    /// Its anchor.
    pub anchor: String,
    /// What is due.
    pub rows: Vec<DueView>,
}

/// Something that is due.
#[derive(Clone, Debug, Serialize)]
pub struct DueView {
    /// `review`, `drill`, `pre-mortem`, `waiver`, `action` or `expiry`.
    pub kind: &'static str,
    /// The same as a reader wants it: `Review`, `Waiver ends`, `Expires`.
    pub title: &'static str,
    /// The day; none for what was never done.
    pub date: Option<String>,
    /// The day for machines.
    pub day: Option<String>,
    /// What it is about.
    pub link: Link,
    /// The class, where it is a failure mode.
    pub class: Option<ClassView>,
    /// Its page, where it is a part of one.
    pub page: Option<Link>,
    /// What exactly, where the page alone does not say it.
    pub what_html: Option<String>,
    /// The role that answers for it.
    pub role: Option<Link>,
    /// When it was last done.
    pub last: Option<String>,
    /// Whether it should have been done.
    pub overdue: bool,
    /// How late it is, in a word: `overdue`, `ended`, `expired`, `never done`; none for what has time.
    pub state: Option<&'static str>,
}

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// A part of the page.
pub fn reviews(here: &Here<'_>, sums: &Sums, due: &[Due<'_>], urls: &[String], part: usize) -> ReviewsView {
    let mut groups: Vec<(Option<(i16, i8)>, DueGroup)> = Vec::new();
    for due in due.iter().skip(part * ROWS).take(ROWS) {
        let month = due.day.map(|day| (day.year(), day.month()));
        let row = view(here, due);
        match groups.last_mut().filter(|(known, _)| *known == month) {
            Some((_, group)) => group.rows.push(row),
            None => groups.push((month, group(month, row))),
        }
    }
    ReviewsView {
        total: due.len(),
        overdue: sums.overdue,
        never: sums.never,
        groups: groups.into_iter().map(|(_, group)| group).collect(),
        ics: relative(here.at.url, "/reviews.ics"),
        pager: pager(here, urls, part),
    }
}

fn group(month: Option<(i16, i8)>, row: DueView) -> DueGroup {
    let name = |(year, month): (i16, i8)| {
        let name = usize::try_from(month).ok().and_then(|month| MONTHS.get(month.wrapping_sub(1))).unwrap_or(&"");
        format!("{name} {year}")
    };
    let anchor = month.map_or_else(|| "Fw-never".to_owned(), |(year, month)| format!("Fw-{year:04}-{month:02}"));
    DueGroup { month: month.map(name), anchor, rows: vec![row] }
}

/// Whether the day has passed, or a finding says that a review is overdue because of an incident since.
pub fn is_overdue(atlas: &Atlas<'_>, due: &Due<'_>) -> bool {
    let Some(day) = due.day else { return false };
    let incident_since = || {
        let page = due.about.page();
        matches!(due.what, What::Review { .. }) && atlas.open_on(page, None).any(|finding| finding.rule == "review-overdue")
    };
    day < atlas.handbook.today || incident_since()
}

/// Something that is due, as a line.
pub fn view(here: &Here<'_>, due: &Due<'_>) -> DueView {
    let handbook = here.atlas.handbook;
    let overdue = is_overdue(here.atlas, due);
    let passed = due.day.is_some_and(|day| day < handbook.today);
    let (title, late, last) = match due.what {
        What::Review { last } => ("Review", if passed { "overdue" } else { "overdue, since there was an incident" }, last),
        What::Drill { last } => ("Drill", "overdue", last),
        What::Premortem { last } => ("Pre-mortem", "overdue", last),
        What::Waiver(_) => ("Waiver ends", "ended", None),
        What::Action(_) => ("Action", "overdue", None),
        What::Expiry => ("Expires", "expired", None),
    };
    let what_html = match due.what {
        What::Action(action) => said(&action.what).map(|what| here.prose(due.about.page(), what)),
        What::Waiver(waive) => waive.rule.as_ref().map(|rule| format!("<code>{}</code>", super::super::html::escape(&rule.value))),
        _ => None,
    };
    DueView {
        kind: due.what.name(),
        title,
        date: due.day.map(words::day),
        day: due.day.map(|day| day.to_string()),
        link: here.short(due.about),
        class: class(here, due.about),
        page: (!matches!(due.about, Target::Page(_))).then(|| here.page(due.about.page())),
        what_html,
        role: due.role.map(|role: PageIx| here.page(role)),
        last: last.map(words::day),
        overdue,
        state: match (due.day, overdue) {
            (None, _) => Some("never done"),
            (Some(_), true) => Some(late),
            (Some(_), false) => None,
        },
    }
}

fn class(here: &Here<'_>, about: Target) -> Option<ClassView> {
    let Target::Mode(at) = about else { return None };
    let at: ModeIx = at;
    here.atlas.handbook.mode(at).class().map(|class| here.class(class))
}
