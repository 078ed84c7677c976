//! Obligations and coverage: what each page owes an answer to, and how much of it has one. The list is that of `rules.md`, "Obligations
//! and coverage": four classes per process; one per exposed step; one per hard dependency; one takeover per automated step; per failure
//! mode detection and recovery, and for a serious one with a recovery also decision, verification and drill.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::finding::Finding;
use crate::model::{Handbook, PageIx};
use crate::parse::value::{CLASSES, Status};

use super::rule::Group;

/// How many obligations are met, unmet, waived, and not applicable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Answered.
    pub met: usize,
    /// Gaps.
    pub unmet: usize,
    /// Gaps that a waiver covers.
    pub waived: usize,
    /// Considered, and not applicable.
    pub not_applicable: usize,
}

impl Tally {
    /// `met / (met + unmet)` in whole percent, rounded down; nothing where there is no obligation.
    pub fn percent(self) -> Option<usize> {
        (self.met * 100).checked_div(self.met + self.unmet)
    }

    /// The sum of two tallies.
    #[must_use]
    pub fn plus(self, other: Tally) -> Tally {
        Tally {
            met: self.met + other.met,
            unmet: self.unmet + other.unmet,
            waived: self.waived + other.waived,
            not_applicable: self.not_applicable + other.not_applicable,
        }
    }
}

/// What became of an obligation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It was answered.
    Met,
    /// It is a gap.
    Unmet,
    /// It is a gap that a waiver covers.
    Waived,
    /// It was considered, and does not apply.
    NotApplicable,
}

impl Answer {
    /// The word in reports: that of the tally.
    pub fn name(self) -> &'static str {
        match self {
            Answer::Met => "met",
            Answer::Unmet => "unmet",
            Answer::Waived => "waived",
            Answer::NotApplicable => "not_applicable",
        }
    }
}

/// The tallies of a page, or of the handbook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// All obligations.
    #[serde(flatten)]
    pub total: Tally,
    /// By class, the four first in their order, then further ones by name.
    #[serde(serialize_with = "as_object")]
    pub by_class: Vec<(String, Tally)>,
}

fn as_object<S: Serializer>(classes: &[(String, Tally)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(classes.iter().map(|(class, tally)| (class, tally)))
}

impl Coverage {
    /// The tally of a class.
    pub fn class(&self, class: &str) -> Tally {
        self.by_class.iter().find(|(name, _)| name == class).map_or_else(Tally::default, |(_, tally)| *tally)
    }

    fn add(&mut self, class: &str, tally: Tally) {
        self.total = self.total.plus(tally);
        match self.by_class.iter_mut().find(|(name, _)| name == class) {
            Some((_, sum)) => *sum = sum.plus(tally),
            None => self.by_class.push((class.to_owned(), tally)),
        }
    }
}

/// Coverage of every page that has obligations, and of the handbook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// By page.
    pub pages: HashMap<PageIx, Coverage>,
    /// All pages together.
    pub handbook: Coverage,
    /// The gaps, by the id of the obligation; true where a waiver covers it. Settings that hide a finding do not close its gap.
    pub gaps: HashMap<String, bool>,
}

impl Report {
    /// What became of an obligation of this handbook.
    pub fn answer(&self, obligation: &Obligation) -> Answer {
        match self.gaps.get(obligation.id.as_str()) {
            Some(true) => Answer::Waived,
            Some(false) => Answer::Unmet,
            None if obligation.not_applicable => Answer::NotApplicable,
            None => Answer::Met,
        }
    }
}

/// Something that needs an answer, by the id of the finding that is raised when it has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligation {
    /// `rule@element`.
    pub id: String,
    /// The class it counts for.
    pub class: String,
    /// Whether it was considered and does not apply.
    pub not_applicable: bool,
}

/// The obligations of one page, in page order. A retired process has none.
pub fn obligations(handbook: &Handbook, page: PageIx) -> Vec<Obligation> {
    let at = &handbook.pages[page];
    if at.status() == Status::Retired {
        return Vec::new();
    }
    let mut list = Vec::new();
    let mut owe = |rule: &str, element: String, class: &str| {
        list.push(Obligation { id: format!("{rule}@{element}"), class: class.to_owned(), not_applicable: false });
    };
    let id = &at.id;
    if at.process().is_some() {
        for class in CLASSES {
            owe("class-not-considered", format!("{id}/{class}"), class);
        }
        for step in handbook.steps(page) {
            if step.is_exposed() {
                owe("step-without-failure-mode", format!("{id}#{}", step.written.id), "technical");
            }
            if step.is_automated() {
                owe("missing-takeover", format!("{id}#{}", step.written.id), "human");
            }
        }
        for dependency in handbook.dependencies(page) {
            owe("dependency-without-failure-mode", format!("{id}/{}", handbook.pages[dependency.page].id), "dependency");
        }
    }
    for mode in handbook.modes(page) {
        let class = mode.class().unwrap_or("technical");
        let element = || format!("{id}#{}", mode.written.id);
        owe("missing-detection", element(), class);
        owe("missing-recovery", element(), class);
        if mode.is_serious() && mode.has_recovery() {
            owe("missing-decision", element(), class);
            owe("unverified-recovery", element(), class);
            owe("untested-recovery", element(), class);
        }
    }
    if let Some(keys) = at.process_keys() {
        for obligation in list.iter_mut().filter(|obligation| obligation.id.starts_with("class-not-considered@")) {
            let reason = keys.not_applicable.get(&obligation.class).and_then(|reason| reason.said());
            let applies = handbook.applying(page).any(|mode| mode.class() == Some(obligation.class.as_str()));
            obligation.not_applicable = reason.is_some() && !applies;
        }
    }
    list
}

/// Counts every obligation against the findings of the coverage group.
pub fn report(handbook: &Handbook, findings: &[Arc<Finding>]) -> Report {
    let gaps = findings
        .iter()
        .filter(|finding| super::rules::find(finding.rule).is_some_and(|rule| rule.group == Group::Coverage))
        .map(|finding| (finding.id.clone(), finding.waived.is_some()));
    let mut report = Report { gaps: gaps.collect(), ..Report::default() };
    let mut classes: BTreeMap<usize, String> = CLASSES.into_iter().map(str::to_owned).enumerate().collect();
    classes.extend(handbook.settings.classes.iter().enumerate().map(|(index, (id, _))| (index + CLASSES.len(), id.clone())));
    let empty =
        || Coverage { total: Tally::default(), by_class: classes.values().map(|class| (class.clone(), Tally::default())).collect() };
    report.handbook = empty();
    for page in 0..handbook.pages.len() {
        let owed = obligations(handbook, page);
        if owed.is_empty() {
            continue;
        }
        let mut coverage = empty();
        for obligation in owed {
            let mut tally = Tally::default();
            match report.answer(&obligation) {
                Answer::Waived => tally.waived = 1,
                Answer::Unmet => tally.unmet = 1,
                Answer::NotApplicable => tally.not_applicable = 1,
                Answer::Met => tally.met = 1,
            }
            coverage.add(&obligation.class, tally);
            report.handbook.add(&obligation.class, tally);
        }
        report.pages.insert(page, coverage);
    }
    report
}
