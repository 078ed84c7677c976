//! Known findings: ids in a file, so that a check of an old handbook speaks of what is new.
//!
//! The file is JSON with one id a line, sorted: a change of it reads well. Enters: findings, or the text of such a file. Leaves: the text, or
//! the ids. Pure; `discover` reads and `emit` writes.

use std::collections::{BTreeSet, HashSet};

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};

use crate::finding::Findings;

/// The version of the file.
const VERSION: u32 = 1;

/// The ids of findings that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    ids: HashSet<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    findings: BTreeSet<String>,
}

impl Baseline {
    /// All findings that no waiver covers, of any level.
    pub fn of(findings: &Findings) -> Self {
        let open = findings.iter().filter(|finding| finding.waived.is_none());
        Self { ids: open.map(|finding| finding.id.clone()).collect() }
    }

    /// Reads the text of a file; an error says why it is no baseline.
    pub fn read(text: &str) -> anyhow::Result<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let File { version, findings } = serde_json::from_str(text).context("it is no list of findings as `--write-baseline` writes it")?;
        ensure!(version == VERSION, "it is of version {version}, and this forewarn reads version {VERSION}");
        Ok(Self { ids: findings.into_iter().collect() })
    }

    /// The text of the file, with a line break at its end.
    pub fn text(&self) -> String {
        let file = File { version: VERSION, findings: self.ids.iter().cloned().collect() };
        // Strings in a list cannot refuse to be written, so the error cannot come up.
        let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The ids.
    pub fn ids(&self) -> &HashSet<String> {
        &self.ids
    }

    /// The ids that no finding has any more, sorted.
    pub fn gone(&self, findings: &Findings) -> Vec<&str> {
        let found: HashSet<&str> = findings.iter().map(|finding| finding.id.as_str()).collect();
        let mut gone: Vec<&str> = self.ids.iter().map(String::as_str).filter(|id| !found.contains(id)).collect();
        gone.sort_unstable();
        gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Element, Finding, Place, Waiver};
    use crate::source::{PagePath, Span};

    fn finding(page: &str) -> Finding {
        Finding::new("no-steps", Place::new(&PagePath::new("content/a.md"), Span::default()), Element::page(page), "…")
    }

    #[test]
    fn the_file_has_an_id_a_line_sorted_and_is_read_back() {
        let mut waived = finding("c");
        waived.waived = Some(Waiver { reason: "…".into(), by: "ops".into(), until: None });
        let baseline = Baseline::of(&[finding("b"), waived, finding("a\"\n")].into_iter().collect());
        assert_eq!(baseline.text(), "{\n  \"version\": 1,\n  \"findings\": [\n    \"no-steps@a\\\"\\n\",\n    \"no-steps@b\"\n  ]\n}\n");
        assert_eq!(Baseline::read(&format!("\u{feff}{}", baseline.text().replace('\n', "\r\n"))).unwrap(), baseline);
        assert_eq!(baseline.gone(&[finding("b")].into_iter().collect()), ["no-steps@a\"\n"]);
    }

    #[test]
    fn what_is_no_baseline_is_not_taken_for_an_empty_one() {
        for text in [
            "",
            "{}",
            "[]",
            "null",
            "{\"version\": 1}",
            "{\"version\": 1, \"findings\": [1]}",
            "{\"version\": 1, \"findings\": [], \"x\": 1}",
        ] {
            assert!(Baseline::read(text).is_err(), "{text}");
        }
        let error = Baseline::read("{\"version\": 2, \"findings\": []}").unwrap_err().to_string();
        assert_eq!(error, "it is of version 2, and this forewarn reads version 1");
    }
}
