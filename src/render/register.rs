//! The two lists that go over the whole handbook, cut into parts of at most 500 rows: findings, and failure modes.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::check::due::Due;
use crate::check::premortem;
use crate::model::{Handbook, PageIx};
use crate::parse::value::PageKind;

use super::atlas::Atlas;
use super::paths::PREMORTEMS;

/// Rows on one page at most.
pub const ROWS: usize = 500;

/// Findings of one page in the list.
#[derive(Clone, Debug)]
pub struct GapGroup {
    /// The page; none for the settings.
    pub page: Option<PageIx>,
    /// Whether they are accepted.
    pub waived: bool,
    /// The findings, by their place in the analysis; by rule, then by place.
    pub findings: Vec<usize>,
}

/// The list of findings in its parts.
#[derive(Debug)]
pub struct GapParts {
    /// The groups of each part; there is at least one part.
    pub parts: Vec<Vec<GapGroup>>,
    /// The URL of each part.
    pub urls: Vec<String>,
    /// The part in which a page is first listed.
    pub first_of: HashMap<PageIx, usize>,
}

impl GapParts {
    /// Cuts the list. `taken` says whether a URL belongs to a page.
    pub fn new(atlas: &Atlas<'_>, taken: impl Fn(&str) -> bool) -> Self {
        let mut order: Vec<PageIx> = (0..atlas.handbook.pages.len()).collect();
        let rank = |page: &PageIx| {
            let model = &atlas.handbook.pages[*page];
            let kind = match model.page_kind() {
                PageKind::Process => 0,
                PageKind::System => 1,
                PageKind::Role => 2,
                PageKind::Incident | PageKind::Premortem => 3,
                PageKind::Page => 4,
            };
            (kind, std::cmp::Reverse(model.criticality()), *page)
        };
        order.sort_by_key(rank);
        let sorted = |findings: &[usize]| {
            let mut findings = findings.to_vec();
            findings.sort_by_key(|index| (atlas.analysis.findings[*index].rule, *index));
            findings
        };
        let group = |page: Option<PageIx>, waived: bool| {
            let found = page.map_or(&atlas.unplaced, |page| &atlas.findings[page]);
            GapGroup { page, waived, findings: sorted(if waived { &found.waived } else { &found.open }) }
        };
        let pages = || std::iter::once(None).chain(order.iter().copied().map(Some));
        let groups = pages().map(|page| group(page, false)).chain(pages().map(|page| group(page, true)));
        let parts = cut(groups.filter(|group| !group.findings.is_empty()));
        let mut first_of = HashMap::new();
        for (part, groups) in parts.iter().enumerate() {
            for page in groups.iter().filter_map(|group| group.page) {
                first_of.entry(page).or_insert(part);
            }
        }
        let urls = (0..parts.len()).map(|part| part_url("/gaps/", part, &taken)).collect();
        Self { parts, urls, first_of }
    }
}

fn cut(groups: impl Iterator<Item = GapGroup>) -> Vec<Vec<GapGroup>> {
    let mut parts: Vec<Vec<GapGroup>> = vec![Vec::new()];
    let mut rows = 0;
    for mut group in groups {
        loop {
            let room = ROWS - rows;
            let fits = group.findings.len() <= room;
            if !fits && rows > 0 {
                parts.push(Vec::new());
                rows = 0;
                continue;
            }
            let rest = if fits { Vec::new() } else { group.findings.split_off(room) };
            let next = GapGroup { findings: rest, ..group.clone() };
            rows += group.findings.len();
            if let Some(part) = parts.last_mut() {
                part.push(group);
            }
            if next.findings.is_empty() {
                break;
            }
            group = next;
        }
    }
    parts
}

/// The URL of a part: the first has that of the list. What belongs to a page is not taken from it.
pub fn part_url(list: &str, part: usize, taken: impl Fn(&str) -> bool) -> String {
    if part == 0 {
        return list.to_owned();
    }
    let mut url = format!("{list}{}/", part + 1);
    while taken(&url) {
        url.insert(url.len() - 1, '_');
    }
    url
}

/// The URLs of the parts of a list that has so many rows.
pub fn list_urls(list: &str, rows: usize) -> Vec<String> {
    (0..rows.div_ceil(ROWS).max(1)).map(|part| part_url(list, part, |_| false)).collect()
}

/// The URLs of the parts of what comes due.
pub fn review_urls(due: &[Due<'_>]) -> Vec<String> {
    list_urls("/reviews/", due.len())
}

/// The URLs of the parts of the page on foresight.
pub fn foresight_urls(handbook: &Handbook) -> Vec<String> {
    list_urls("/foresight/", handbook.of_kind(PageKind::Incident).count())
}

/// The list of pre-mortems in its parts.
#[derive(Debug)]
pub struct PremortemParts {
    /// The processes that are in force or proposed: those whose session is due first, then by the day on which it will be.
    pub processes: Vec<PageIx>,
    /// The records, newest first.
    pub records: Vec<PageIx>,
    /// The URL of each part.
    pub urls: Vec<String>,
}

impl PremortemParts {
    /// Sorts and cuts the list. `taken` says whether a URL belongs to a page.
    pub fn new(atlas: &Atlas<'_>, taken: impl Fn(&str) -> bool) -> Self {
        let handbook = atlas.handbook;
        let mut processes: Vec<(_, PageIx)> = handbook
            .processes()
            .filter(|page| atlas.counts(*page))
            .map(|page| {
                let session = Session::of(atlas, page);
                let criticality = handbook.pages[page].criticality();
                ((!session.is_due(), std::cmp::Reverse(criticality), session.due, page), page)
            })
            .collect();
        processes.sort_unstable();
        let day = |page: PageIx| handbook.pages[page].premortem_keys().and_then(|keys| keys.date.as_ref()).map(|date| date.value);
        let mut records: Vec<PageIx> = handbook.of_kind(PageKind::Premortem).collect();
        records.sort_by_key(|page| (std::cmp::Reverse(day(*page)), *page));
        let parts = processes.len().max(records.len()).div_ceil(ROWS).max(1);
        Self {
            processes: processes.into_iter().map(|(_, page)| page).collect(),
            records,
            urls: (0..parts).map(|part| part_url(PREMORTEMS, part, &taken)).collect(),
        }
    }
}

/// The last pre-mortem of a process.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    /// Its record.
    pub last: Option<PageIx>,
    /// The last day on which it counts.
    pub due: Option<Date>,
    /// Whether the process owes one: it is serious.
    pub owed: bool,
    today: Date,
}

impl Session {
    /// The last session of a process that has taken place.
    pub fn of(atlas: &Atlas<'_>, process: PageIx) -> Self {
        let today = atlas.handbook.today;
        let day = |page: PageIx| Some(atlas.handbook.pages[page].premortem_keys()?.date.as_ref()?.value);
        let held = atlas.records.get(&process).into_iter().flatten().filter_map(|page| Some((*page, day(*page)?)));
        let last = held.filter(|(_, day)| *day <= today).max_by_key(|(page, day)| (*day, std::cmp::Reverse(*page)));
        Self {
            last: last.map(|(page, _)| page),
            due: last.map(|(_, day)| premortem::due(day)),
            owed: atlas.handbook.pages[process].is_serious(),
            today,
        }
    }

    /// Whether the next one is due.
    pub fn is_due(self) -> bool {
        self.owed && self.due.is_none_or(|due| due < self.today)
    }
}

/// The URLs of the parts of the register of failure modes.
pub fn risk_urls(handbook: &Handbook) -> Vec<String> {
    let count: usize = handbook.pages.iter().map(|page| page.modes.len()).sum();
    list_urls("/risks/", count)
}
