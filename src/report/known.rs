//! What is not reported again, since somebody knows it already.

use std::collections::HashSet;

use crate::finding::Finding;

use super::summary::counted;

/// Findings that were left out of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// How many.
    pub number: usize,
    /// From where they are known, as it was named.
    pub from: String,
}

impl Known {
    /// What a report for people says of them, where there are some.
    pub(super) fn line(&self) -> Option<String> {
        let are = if self.number == 1 { "is" } else { "are" };
        (self.number > 0)
            .then(|| format!("{} known from `{}` {are} not shown", counted(self.number, "finding"), super::escape::line(&self.from)))
    }
}

/// Takes the findings whose ids are known out of a selection.
pub fn without(findings: &mut Vec<&Finding>, known: &HashSet<&str>, from: &str) -> Known {
    let before = findings.len();
    findings.retain(|finding| !known.contains(finding.id.as_str()));
    Known { number: before - findings.len(), from: from.to_owned() }
}
