//! The two lists that go over the whole handbook, cut into parts of at most 500 rows: findings, and failure modes.

use std::collections::HashMap;

use crate::check::due::Due;
use crate::model::{Handbook, PageIx};
use crate::parse::value::PageKind;

use super::atlas::Atlas;

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
fn part_url(list: &str, part: usize, taken: impl Fn(&str) -> bool) -> String {
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

/// The URLs of the parts of the register of failure modes.
pub fn risk_urls(handbook: &Handbook) -> Vec<String> {
    let count: usize = handbook.pages.iter().map(|page| page.modes.len()).sum();
    list_urls("/risks/", count)
}
