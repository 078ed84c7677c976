//! What is counted over the whole handbook for pages that come in parts: once, not once for each part.

use std::collections::BTreeMap;

use crate::check::due::Due;
use crate::check::foresight::Outcome;
use crate::check::priority::Priority;
use crate::model::ModeIx;

use super::atlas::Atlas;
use super::register::{PremortemParts, Session};
use super::views::finding::Counts;
use super::views::gaps::RuleCount;
use super::views::process::Priorities;
use super::views::reviews::is_overdue;

/// The sums of a handbook.
#[derive(Debug)]
pub struct Sums {
    /// The findings that the site shows, by level.
    pub findings: Counts,
    /// How often each rule fires, most often first.
    pub rules: Vec<RuleCount>,
    /// How many pages have findings that stand.
    pub pages_with_findings: usize,
    /// How many failure modes there are of each priority.
    pub priorities: Priorities,
    /// How much of what comes due is overdue.
    pub overdue: usize,
    /// How much of it was never done.
    pub never: usize,
    /// How many incidents there are.
    pub incidents: usize,
    /// How many of them were on a page before.
    pub foreseen: usize,
    /// How many processes owe a pre-mortem.
    pub premortems_due: usize,
}

impl Sums {
    /// Counts. `modes` are all failure modes, `due` is all that comes due, `outcomes` are all incidents.
    pub fn new(atlas: &Atlas<'_>, modes: &[ModeIx], due: &[Due<'_>], outcomes: &[Outcome<'_>], premortems: &PremortemParts) -> Self {
        Self {
            findings: findings(atlas),
            rules: rules(atlas),
            pages_with_findings: atlas.findings.iter().filter(|page| !page.open.is_empty()).count(),
            priorities: priorities(atlas, modes),
            overdue: due.iter().filter(|due| is_overdue(atlas, due)).count(),
            never: due.iter().filter(|due| due.day.is_none()).count(),
            incidents: outcomes.len(),
            foreseen: outcomes.iter().filter(|outcome| outcome.foreseen.was_on_the_page()).count(),
            // Those that owe one stand first.
            premortems_due: premortems.processes.iter().take_while(|process| Session::of(atlas, **process).is_due()).count(),
        }
    }
}

fn findings(atlas: &Atlas<'_>) -> Counts {
    let mut counts = Counts::default();
    let shown = atlas.findings.iter().chain([&atlas.unplaced]).flat_map(|page| page.open.iter().chain(&page.waived));
    shown.for_each(|index| counts.add(&atlas.analysis.findings[*index]));
    counts
}

fn rules(atlas: &Atlas<'_>) -> Vec<RuleCount> {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for index in atlas.findings.iter().chain([&atlas.unplaced]).flat_map(|page| &page.open) {
        *counts.entry(atlas.analysis.findings[*index].rule).or_default() += 1;
    }
    let mut rules: Vec<RuleCount> = counts.into_iter().map(|(rule, count)| RuleCount { rule, count }).collect();
    rules.sort_by_key(|rule| std::cmp::Reverse(rule.count));
    rules
}

fn priorities(atlas: &Atlas<'_>, modes: &[ModeIx]) -> Priorities {
    let mut priorities = Priorities::default();
    for mode in modes {
        match atlas.priority(*mode) {
            Priority::High => priorities.high += 1,
            Priority::Medium => priorities.medium += 1,
            Priority::Low => priorities.low += 1,
        }
    }
    priorities
}
