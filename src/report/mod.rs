//! Findings -> text for people, and the formats of machines: JSON, SARIF, annotations of GitHub's workflows, JUnit.
//!
//! Enters: an [`Analysis`] and [`Options`], the seconds it took among them. Leaves: a text. Pure. Absent: printing, the clock, the
//! terminal; `cli` knows those. [`select`] says what is reported and [`fails`] what that means for the exit, so that every format and the
//! exit code speak of the same findings.

pub mod baseline;
mod built;
pub mod diff;
mod draw;
mod escape;
pub mod explain;
pub mod external;
mod github;
mod group;
mod human;
pub mod impact;
mod json;
mod junit;
mod order;
mod plain;
mod published;
mod quote;
mod region;
mod rule_help;
#[cfg(test)]
mod sample;
mod sarif;
pub mod select;
mod start_here;
pub mod summary;
mod wording;

use crate::check::rules;
use crate::finding::{Finding, Level};
use crate::pipeline::Analysis;

pub use built::built;
pub use published::{Detail, published};
pub use select::select;

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people, in rustc's manner.
    #[default]
    Human,
    /// For machines: the JSON of the manual.
    Json,
    /// For code scanning and editors: SARIF 2.1.0.
    Sarif,
    /// For a job on GitHub: annotations of the files.
    Github,
    /// For what shows the results of tests: JUnit's XML.
    Junit,
}

/// How a report is made.
#[derive(Clone, Debug)]
pub struct Options {
    /// The format.
    pub format: Format,
    /// Whether the human report carries colours, as ANSI escapes.
    pub coloured: bool,
    /// Whether the human report shows infos; else they are counted.
    pub verbose: bool,
    /// Whether the human report keeps to the findings: no counts, no advice, nothing where nothing is wrong.
    pub quiet: bool,
    /// How many blocks the human report shows at most; 0 shows all.
    pub max: usize,
    /// How long the run took, in seconds.
    pub seconds: f64,
    /// From which level on the run fails.
    pub fail_on: FailOn,
    /// The files and folders whose findings are reported, as [`select`] got them; empty: all.
    pub paths: Vec<String>,
    /// What was set aside beside the findings reported, in words for the last line: `12 known from the baseline`.
    pub set_aside: Vec<String>,
    /// What stands before the paths in formats whose reader begins elsewhere: where the handbook lies, seen from where the tool runs, with a
    /// closing `/`; empty where that is the same place.
    pub base: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: Format::Human,
            coloured: false,
            verbose: false,
            quiet: false,
            max: 20,
            seconds: 0.0,
            fail_on: FailOn::Error,
            paths: Vec::new(),
            set_aside: Vec::new(),
            base: String::new(),
        }
    }
}

/// From which level on findings make a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// Only what keeps the handbook from being read as it was meant.
    Fault,
    /// Any error.
    Error,
    /// Any error or warning.
    Warning,
    /// Nothing.
    Never,
}

/// The report on findings, mostly those of [`select`], ready to be printed; it ends with a line break unless it is empty.
pub fn report(analysis: &Analysis, findings: &[&Finding], options: &Options) -> String {
    match options.format {
        Format::Human => human::text(analysis, findings, options),
        Format::Json => json::text(analysis, findings),
        Format::Sarif => sarif::text(analysis, findings, options),
        Format::Github => github::text(analysis, findings, options),
        Format::Junit => junit::text(analysis, findings, options),
    }
}

/// Whether findings make a run fail. Waived ones never do.
pub fn fails(findings: &[&Finding], fail_on: FailOn) -> bool {
    findings.iter().any(|finding| counts(finding, fail_on))
}

/// The findings that make a run fail.
pub fn reasons<'a>(findings: &[&'a Finding], fail_on: FailOn) -> Vec<&'a Finding> {
    findings.iter().copied().filter(|finding| counts(finding, fail_on)).collect()
}

fn counts(finding: &Finding, fail_on: FailOn) -> bool {
    let high = match fail_on {
        FailOn::Fault => is_fault(finding),
        FailOn::Error => finding.level >= Level::Error,
        FailOn::Warning => finding.level >= Level::Warning,
        FailOn::Never => false,
    };
    high && finding.waived.is_none()
}

/// Whether a finding is a fault: the handbook cannot be read as it was meant.
fn is_fault(finding: &Finding) -> bool {
    rules::find(finding.rule).is_some_and(|rule| rule.is_fault(finding.level))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Element, Place, Waiver};
    use crate::source::{PagePath, Span};

    fn finding(rule: &'static str, level: Level) -> Finding {
        let mut finding = Finding::new(rule, Place::new(&PagePath::new("content/a.md"), Span::new(0, 1)), Element::page("a"), "…");
        finding.level = level;
        finding
    }

    #[test]
    fn a_run_fails_from_the_level_that_was_asked_for() {
        let fault = finding("unknown-key", Level::Error);
        let error = finding("missing-recovery", Level::Error);
        let warning = finding("missing-takeover", Level::Warning);
        let info = finding("missing-takeover", Level::Info);
        let answers =
            |finding: &Finding| [FailOn::Fault, FailOn::Error, FailOn::Warning, FailOn::Never].map(|fail_on| fails(&[finding], fail_on));
        assert_eq!(answers(&fault), [true, true, true, false]);
        assert_eq!(answers(&error), [false, true, true, false]);
        assert_eq!(answers(&warning), [false, false, true, false]);
        assert_eq!(answers(&info), [false, false, false, false]);
    }

    #[test]
    fn what_is_waived_never_makes_a_run_fail() {
        let mut error = finding("missing-recovery", Level::Error);
        error.waived = Some(Waiver { reason: "the vendor restores it within the hour".into(), by: "sre".into(), until: None });
        assert!(!fails(&[&error], FailOn::Warning));
    }

    #[test]
    fn an_expired_waiver_is_an_error_and_no_fault() {
        let expired = finding("invalid-waiver", Level::Error);
        assert!(!fails(&[&expired], FailOn::Fault));
        assert!(fails(&[&expired], FailOn::Error));
    }
}
