//! In which order blocks and findings are shown: by level, then by how much hangs on the page, then by group, then by place.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::check::rule::Group;
use crate::check::rules;
use crate::finding::Finding;
use crate::model::Handbook;
use crate::parse::value::Severity;

use super::group::Block;

/// How much hangs on each file.
pub struct Criticalities<'h>(HashMap<&'h str, Severity>);

impl<'h> Criticalities<'h> {
    /// Those of a handbook.
    pub fn of(handbook: &'h Handbook) -> Self {
        Self(handbook.pages.iter().map(|page| (page.path().as_str(), page.criticality())).collect())
    }

    /// That of the file in which a finding lies; moderate where it is no page.
    pub fn get(&self, finding: &Finding) -> Severity {
        self.0.get(finding.place.path.as_str()).copied().unwrap_or(Severity::Moderate)
    }
}

/// Puts the blocks into the order in which they are shown; equal ones stay as they are.
pub fn sort(blocks: &mut [Block<'_>], criticalities: &Criticalities<'_>) {
    blocks.sort_by_cached_key(|block| {
        let first = block.first();
        let place = (first.place.path.clone(), first.place.span);
        (Reverse(block.level()), Reverse(criticalities.get(first)), group(first), place, first.rule)
    });
}

/// Puts findings into that order, one by one.
pub fn sort_findings(findings: &mut [&Finding], criticalities: &Criticalities<'_>) {
    findings.sort_by_cached_key(|finding| {
        let place = (finding.place.path.clone(), finding.place.span);
        (Reverse(finding.level), Reverse(criticalities.get(finding)), group(finding), place, finding.rule)
    });
}

fn group(finding: &Finding) -> Group {
    rules::find(finding.rule).map_or(Group::Structure, |rule| rule.group)
}
