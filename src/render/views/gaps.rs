//! Every finding, by page and rule, in parts of at most 500.

use serde::Serialize;

use crate::model::PageIx;
use crate::parse::value::PageKind;

use super::super::atlas::Atlas;
use super::super::register::{GapGroup, GapParts};
use super::super::relative::{fragment, relative};
use super::super::sums::Sums;
use super::finding::{Counts, FindingView, finding};
use super::risks::{Pager, pager};
use super::{Here, Link};

/// One part of the list of findings.
#[derive(Clone, Debug, Serialize)]
pub struct GapsView {
    /// All findings, by level.
    pub counts: Counts,
    /// How many pages have findings.
    pub pages: usize,
    /// The findings of this part, by page.
    pub groups: Vec<GroupView>,
    /// The accepted findings of this part, by page.
    pub waived: Vec<GroupView>,
    /// How often each rule fires, in the whole handbook.
    pub rules: Vec<RuleCount>,
    /// Owners of pages with findings in this part.
    pub owners: Vec<String>,
    /// Findings that a public site leaves out, because they tell of people.
    pub withheld: usize,
    /// The other parts.
    pub pager: Pager,
}

/// The findings of one page.
#[derive(Clone, Debug, Serialize)]
pub struct GroupView {
    /// Its anchor in the list.
    pub anchor: String,
    /// The page; none for the settings.
    pub page: Option<Link>,
    /// `process`, `system` …
    pub kind: &'static str,
    /// The title of its owner.
    pub owner: Option<String>,
    /// How many findings it has here.
    pub count: usize,
    /// The findings, by rule.
    pub rules: Vec<RuleGroup>,
}

/// The findings of one rule on one page.
#[derive(Clone, Debug, Serialize)]
pub struct RuleGroup {
    /// The rule's name.
    pub rule: &'static str,
    /// The findings.
    pub findings: Vec<FindingView>,
}

/// How often a rule fires.
#[derive(Clone, Debug, Serialize)]
pub struct RuleCount {
    /// The rule's name.
    pub rule: &'static str,
    /// How often.
    pub count: usize,
}

/// A part of the list.
pub fn gaps(here: &Here<'_>, sums: &Sums, parts: &GapParts, part: usize) -> GapsView {
    let shown = &parts.parts[part];
    let view = |group: &GapGroup| group_view(here, group);
    let groups: Vec<GroupView> = shown.iter().filter(|group| !group.waived).map(view).collect();
    let mut owners: Vec<String> = groups.iter().filter_map(|group| group.owner.clone()).collect();
    owners.sort_unstable();
    owners.dedup();
    GapsView {
        counts: sums.findings,
        pages: sums.pages_with_findings,
        groups,
        waived: shown.iter().filter(|group| group.waived).map(view).collect(),
        rules: sums.rules.clone(),
        owners,
        withheld: here.atlas.withheld,
        pager: pager(here, &parts.urls, part),
    }
}

/// The place of a page in the list of findings; the list itself where it has none.
pub fn place(here: &Here<'_>, parts: &GapParts, page: PageIx) -> String {
    match parts.first_of.get(&page) {
        Some(part) => relative(here.at.url, &parts.urls[*part]) + &fragment(&anchor(here.atlas, Some(page))),
        None => relative(here.at.url, &parts.urls[0]),
    }
}

fn anchor(atlas: &Atlas<'_>, page: Option<PageIx>) -> String {
    page.map_or_else(
        || "Settings".to_owned(),
        |page| format!("Page-{}", atlas.handbook.pages[page].url.trim_matches('/').replace('/', "--")),
    )
}

fn group_view(here: &Here<'_>, group: &GapGroup) -> GroupView {
    let atlas = here.atlas;
    let mut by_rule: Vec<RuleGroup> = Vec::new();
    for index in &group.findings {
        let found = &atlas.analysis.findings[*index];
        let view = finding(here, group.page, found);
        match by_rule.iter_mut().find(|rule| rule.rule == found.rule) {
            Some(rule) => rule.findings.push(view),
            None => by_rule.push(RuleGroup { rule: found.rule, findings: vec![view] }),
        }
    }
    let page = group.page.map(|page| &atlas.handbook.pages[page]);
    let owner = page.and_then(|page| page.owner).map(|owner| atlas.handbook.pages[owner].title().to_owned());
    let waived = if group.waived { "Waived-" } else { "" };
    GroupView {
        anchor: format!("{waived}{}", anchor(atlas, group.page)),
        page: group.page.map(|page| here.page(page)),
        kind: page.map_or("settings", |page| if page.page_kind() == PageKind::Premortem { "pre-mortem" } else { page.page_kind().name() }),
        owner,
        count: group.findings.len(),
        rules: by_rule,
    }
}
