//! Two analyses of one handbook -> what changed between them.
//!
//! Enters: a version before and a version after, both looked at on the same day. Leaves: [`Changes`], which is also the JSON of `diff`.
//! It is arithmetic on sets of ids (`rules.md`, "Obligations and coverage"), so its cost grows with the size of the two versions alone.
//! Pure. Absent: git, words for people (`report`), and any verdict.

mod answers;
mod blast;
mod names;
mod pages;
mod pairs;
mod ratings;
mod recoveries;
mod settings;
mod waivers;

use std::collections::HashSet;

use jiff::civil::Date;
use serde::Serialize;

use crate::finding::Findings;
use crate::model::{Handbook, PageIx};
use crate::parse::value::PageKind;
use crate::pipeline::Analysis;
use crate::source::{PagePath, Span};

pub use answers::{ClosedFinding, ClosedGap, CoverageChange, Found, Gap, NewFinding, NewGap, PageCoverage};
pub use blast::Blast;
pub use names::Renamed;
pub use pages::{ChangedProcess, NamedPage, Pages, Processes};
pub use pairs::{Failure, Failures};
pub use ratings::Rated;
pub use recoveries::{ChangedRecovery, Field, FieldChange, Recoveries, RemovedRecovery};
pub use settings::ChangedLevel;
pub use waivers::{ChangedWaiver, SignedWaiver, Terms, Waivers};

use pairs::Pairs;

/// One of the two versions.
#[derive(Clone, Copy)]
pub struct Version<'a> {
    /// Everything that is known of it.
    pub analysis: &'a Analysis,
    /// The day on which it was the newest: a waiver that held then may have expired since.
    pub day: Date,
}

impl<'a> Version<'a> {
    fn handbook(&self) -> &'a Handbook {
        &self.analysis.handbook
    }

    /// The pages that an id names, in their order.
    fn pages(&self) -> impl Iterator<Item = PageIx> + 'a {
        let handbook = self.handbook();
        (0..handbook.pages.len()).filter(|page| handbook.ids.get(&handbook.pages[*page].id) == Some(*page))
    }

    /// The id of a page.
    fn id(&self, page: PageIx) -> &'a str {
        &self.handbook().pages[page].id
    }

    /// The text of a page's file, where it has one of its own.
    fn text(&self, page: PageIx) -> Option<&'a str> {
        let page = &self.handbook().pages[page];
        if page.from_settings { None } else { self.analysis.sources.get(page.path()).map(|source| &*source.text) }
    }

    fn spot(&self, path: &'a PagePath, span: Span) -> Spot<'a> {
        Spot { path: path.as_str(), line: self.analysis.sources.position(path, span.start()).line }
    }
}

/// A line of a file, in the version in which the thing stands: after, or before for what was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Spot<'a> {
    /// The file, relative to the root.
    pub path: &'a str,
    /// The line, from 1.
    pub line: usize,
}

/// Something before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Change<T> {
    /// Before.
    pub before: T,
    /// After.
    pub after: T,
}

impl<T: PartialEq> Change<T> {
    /// The change, where the two differ.
    fn of(before: T, after: T) -> Option<Self> {
        (before != after).then_some(Self { before, after })
    }
}

/// What came and what went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Both<N, C> {
    /// What was not there before.
    pub new: Vec<N>,
    /// What is no longer there.
    pub closed: Vec<C>,
}

/// What came and what went, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ids {
    /// What was not there before.
    pub added: Vec<String>,
    /// What is no longer there.
    pub removed: Vec<String>,
}

/// Everything that changed. Each list begins with what matters most; what is equal in that stands in page order.
#[derive(Debug, Serialize)]
pub struct Changes<'a> {
    /// How much is answered.
    pub coverage: CoverageChange<'a>,
    /// The ways back of failure modes that both versions have.
    pub recoveries: Recoveries<'a>,
    /// Failure modes.
    pub failures: Failures<'a>,
    /// Obligations without an answer.
    pub gaps: Both<NewGap<'a>, ClosedGap<'a>>,
    /// Findings of the rules that are not about obligations.
    pub findings: Both<NewFinding<'a>, ClosedFinding<'a>>,
    /// Failure modes whose priority changed.
    pub priorities: Vec<Rated>,
    /// Failure modes of which severity, likelihood or detection changed, and the priority did not.
    pub ratings: Vec<Rated>,
    /// Accepted findings.
    pub waivers: Waivers<'a>,
    /// What fails with a system or process.
    pub blast_radius: Vec<Blast<'a>>,
    /// Processes.
    pub processes: Processes<'a>,
    /// Steps and decisions.
    pub steps: Ids,
    /// Systems.
    pub systems: Pages<'a>,
    /// Roles.
    pub roles: Pages<'a>,
    /// Incidents.
    pub incidents: Pages<'a>,
    /// Records of pre-mortems.
    pub premortems: Pages<'a>,
    /// Levels of rules in the settings.
    pub levels: Vec<ChangedLevel<'a>>,
}

/// Everything that changed from `before` to `after`.
pub fn compare<'a>(before: &Version<'a>, after: &Version<'a>) -> Changes<'a> {
    let pairs = Pairs::of(before, after);
    let names = &pairs.names;
    let (priorities, ratings) = ratings::changes(before, after, &pairs);
    let pages = |kind| pages::changes(before, after, names, kind);
    Changes {
        coverage: answers::coverage(before, after, names),
        recoveries: recoveries::changes(before, after, &pairs),
        gaps: answers::gaps(before, after, names),
        findings: answers::findings(before, after, names),
        priorities,
        ratings,
        waivers: waivers::changes(before, after, names),
        blast_radius: blast::changes(before, after, names),
        processes: pages::processes(before, after, names),
        steps: pages::steps(before, after, names),
        systems: pages(PageKind::System),
        roles: pages(PageKind::Role),
        incidents: pages(PageKind::Incident),
        premortems: pages(PageKind::Premortem),
        levels: settings::changes(before, after),
        failures: pairs.failures(before, after),
    }
}

/// The ids of the findings that are nothing new: those that were there before. What was accepted before and no longer is, is new.
pub fn known(before: &Findings, after: &Findings) -> HashSet<String> {
    let open: HashSet<&str> = after.iter().filter(|finding| finding.waived.is_none()).map(|finding| finding.id.as_str()).collect();
    let known = before.iter().filter(|finding| finding.waived.is_none() || !open.contains(finding.id.as_str()));
    known.map(|finding| finding.id.clone()).collect()
}
