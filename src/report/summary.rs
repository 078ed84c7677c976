//! The numbers under a report, shared by all formats.

use crate::check::coverage::Tally;
use crate::finding::{Finding, Level};
use crate::pipeline::Analysis;

/// How many findings of each kind are reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Errors that no waiver covers.
    pub errors: usize,
    /// Warnings that no waiver covers.
    pub warnings: usize,
    /// Infos that no waiver covers.
    pub infos: usize,
    /// Findings that a waiver covers, of any level.
    pub waived: usize,
}

impl Counts {
    /// Counts findings.
    pub fn of(findings: &[&Finding]) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            match (&finding.waived, finding.level) {
                (Some(_), _) => counts.waived += 1,
                (None, Level::Error) => counts.errors += 1,
                (None, Level::Warning) => counts.warnings += 1,
                (None, Level::Info) => counts.infos += 1,
            }
        }
        counts
    }

    /// The findings in words, with what was set aside: `3 errors, 12 warnings, 2 waived, 4 known from the baseline`. Infos are named where
    /// there are some.
    pub fn words(&self, set_aside: &[String]) -> String {
        let infos = if self.infos == 0 { String::new() } else { format!(", {}", counted(self.infos, "info")) };
        let aside: String = set_aside.iter().map(|words| format!(", {words}")).collect();
        format!("{}, {}{infos}, {} waived{aside}", counted(self.errors, "error"), counted(self.warnings, "warning"), self.waived)
    }
}

/// What a run came to: findings as reported, coverage and pages of the whole handbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The findings reported.
    pub counts: Counts,
    /// Pages with a file.
    pub pages: usize,
    /// Processes.
    pub processes: usize,
    /// Obligations.
    pub coverage: Tally,
}

impl Summary {
    /// The summary of an analysis of which `findings` are reported.
    pub fn of(analysis: &Analysis, findings: &[&Finding]) -> Self {
        Self {
            counts: Counts::of(findings),
            pages: analysis.handbook.pages.iter().filter(|page| !page.from_settings).count(),
            processes: analysis.handbook.processes().count(),
            coverage: analysis.coverage.handbook.total,
        }
    }

    /// The last line of a report for people: `3 errors, 12 warnings, 2 waived · coverage 83 % (105 of 126) · 41 processes in 0.08 s`.
    /// What was set aside is named after what is waived; coverage where there are obligations.
    pub fn line(&self, set_aside: &[String], seconds: f64) -> String {
        let findings = self.counts.words(set_aside);
        let Tally { met, unmet, .. } = self.coverage;
        let coverage =
            self.coverage.percent().map_or_else(String::new, |percent| format!(" · coverage {percent} % ({met} of {})", met + unmet));
        let processes = if self.processes == 1 { "1 process".to_owned() } else { format!("{} processes", self.processes) };
        format!("{findings}{coverage} · {processes} in {seconds:.2} s")
    }
}

/// A number with its noun: `1 error`, `0 errors`.
pub(super) fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(counts: Counts, coverage: Tally, processes: usize) -> String {
        Summary { counts, pages: 50, processes, coverage }.line(&[], 0.0812)
    }

    #[test]
    fn the_last_line_is_that_of_the_manual() {
        let counts = Counts { errors: 3, warnings: 12, infos: 0, waived: 2 };
        let coverage = Tally { met: 105, unmet: 21, waived: 2, not_applicable: 3 };
        assert_eq!(line(counts, coverage, 41), "3 errors, 12 warnings, 2 waived · coverage 83 % (105 of 126) · 41 processes in 0.08 s");
    }

    #[test]
    fn one_is_singular_and_infos_and_coverage_are_named_where_there_are_some() {
        let counts = Counts { errors: 1, warnings: 1, infos: 4, waived: 0 };
        assert_eq!(line(counts, Tally::default(), 1), "1 error, 1 warning, 4 infos, 0 waived · 1 process in 0.08 s");
        assert_eq!(line(Counts::default(), Tally::default(), 0), "0 errors, 0 warnings, 0 waived · 0 processes in 0.08 s");
    }

    #[test]
    fn what_is_set_aside_is_named_after_what_is_waived() {
        let counts = Counts { errors: 0, warnings: 2, infos: 0, waived: 1 };
        let aside = ["12 known from the baseline".to_owned()];
        assert_eq!(counts.words(&aside), "0 errors, 2 warnings, 1 waived, 12 known from the baseline");
    }
}
