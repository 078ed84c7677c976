//! Obligations met and unmet, as numbers and as cells of the heat map.

use serde::Serialize;

use crate::check::coverage::{Coverage, Tally};
use crate::parse::value::CLASSES;

use super::{ClassView, Here};

/// Coverage of a page, a section or the handbook.
#[derive(Clone, Debug, Serialize)]
pub struct CoverageView {
    /// Met of those that are owed, in whole percent; none where nothing is owed.
    pub percent: Option<usize>,
    /// Answered.
    pub met: usize,
    /// Gaps.
    pub unmet: usize,
    /// Gaps that a waiver covers.
    pub waived: usize,
    /// Considered, and not applicable.
    pub not_applicable: usize,
    /// The four classes, in their order.
    pub classes: Vec<ClassCoverage>,
}

/// Coverage of one class.
#[derive(Clone, Debug, Serialize)]
pub struct ClassCoverage {
    /// The class.
    pub class: ClassView,
    /// Answered.
    pub met: usize,
    /// Gaps.
    pub unmet: usize,
    /// Gaps that a waiver covers.
    pub waived: usize,
    /// `met`, `partial`, `gap`, `waived`, `not-applicable` or `nothing`.
    pub state: &'static str,
    /// The state in words: `7 of 9 answered`.
    pub words: String,
}

/// The coverage of something, from its tallies.
pub fn coverage(here: &Here<'_>, coverage: &Coverage) -> CoverageView {
    let classes = CLASSES.into_iter().map(|class| class_coverage(here.class(class), coverage.class(class)));
    let Tally { met, unmet, waived, not_applicable } = coverage.total;
    CoverageView { percent: coverage.total.percent(), met, unmet, waived, not_applicable, classes: classes.collect() }
}

fn class_coverage(class: ClassView, tally: Tally) -> ClassCoverage {
    let owed = tally.met + tally.unmet;
    let (state, words) = match (tally.met, tally.unmet) {
        (0, 0) if tally.waived > 0 => ("waived", format!("{} waived", tally.waived)),
        (0, 0) if tally.not_applicable > 0 => ("not-applicable", "considered, does not apply".to_owned()),
        (0, 0) => ("nothing", "nothing is owed".to_owned()),
        (_, 0) => ("met", format!("all {owed} answered")),
        (0, _) => ("gap", format!("none of {owed} answered")),
        (met, _) => ("partial", format!("{met} of {owed} answered")),
    };
    ClassCoverage { class, met: tally.met, unmet: tally.unmet, waived: tally.waived, state, words }
}
