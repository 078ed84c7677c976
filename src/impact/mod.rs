//! What breaks when something fails, and the way back. Handbook -> [`Impact`].
//!
//! Enters: the resolved handbook and the thing that fails: a system, process, role, track, step or failure mode. Leaves: what stops with
//! it, each with the shortest chain that says why; which ways back, signals and people are gone at the same time; and the declared ways
//! back. Pure. Absent: words and layout (`report::impact`), and what any of it costs.

mod absence;
mod dependents;
mod find;
mod passage;

use std::cmp::Reverse;

use crate::check::reach::{self, WayAround};
use crate::check::record;
use crate::finding::Level;
use crate::model::{Handbook, ModeIx, ModeView, PageIx, StepIx, Target, flow};
use crate::parse::value::{PageKind, Severity, Status};

pub use absence::Absence;
pub use dependents::{Blind, Cut, Dependents, Way};
pub use find::find;
pub use passage::{Entrance, Entry, Passage};

/// What breaks when one thing fails, and the way back.
#[derive(Clone, Debug)]
pub struct Impact {
    /// What fails.
    pub what: Target,
    /// What does not work without it, where it is a system or process.
    pub dependents: Option<Dependents>,
    /// What is not reached without it, where it is a process, track or step.
    pub passage: Option<Passage>,
    /// What waits, where it is a role that nobody fills.
    pub absence: Option<Absence>,
    /// What it hits, where it is a failure mode.
    pub strike: Option<Strike>,
    /// The declared ways back: those of what fails, of what can hit the step or track, or of the failure mode.
    pub ways_back: Vec<WayBack>,
}

/// Something that stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// A system, process or step.
    pub what: Target,
    /// The shortest way from it to what fails, both included.
    pub chain: Vec<Target>,
}

/// What a failure mode hits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strike {
    /// The steps that it can hit.
    pub steps: Vec<StepIx>,
    /// The system or process that fails.
    pub of: Option<PageIx>,
    /// The incidents in which it came true, oldest first.
    pub incidents: Vec<PageIx>,
}

/// A declared way back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayBack {
    /// The failure mode.
    pub mode: ModeIx,
    /// The chain by which its recovery needs what its failure mode takes away; empty where it does not.
    pub closed: Vec<Target>,
    /// What its second way is worth then.
    pub second: WayAround,
}

/// What breaks when this fails. Pages that are neither system, process nor role have no impact; [`find`] gives none of them.
pub fn impact(handbook: &Handbook, what: Target) -> Impact {
    let mut impact = Impact { what, dependents: None, passage: None, absence: None, strike: None, ways_back: Vec::new() };
    let modes: Vec<ModeIx> = match what {
        Target::Page(page) => match handbook.pages[page].page_kind() {
            PageKind::Role => {
                impact.absence = Some(absence::absence(handbook, page));
                Vec::new()
            }
            kind => {
                let dependents = dependents::dependents(handbook, page);
                if kind == PageKind::Process {
                    let mut passage = passage::passage(handbook, what);
                    passage.ways_back.retain(|mode| dependents.closed.iter().all(|way| way.mode != *mode));
                    impact.passage = Some(passage);
                }
                impact.dependents = Some(dependents);
                modes_of(handbook, page)
            }
        },
        Target::Track(..) | Target::Step(_) => {
            impact.passage = Some(passage::passage(handbook, what));
            let mut seen = std::collections::HashSet::new();
            let steps = flow::steps_on(handbook, &[what]).into_iter();
            steps.flat_map(|step| flow::hitting(handbook, step)).map(|mode| mode.at).filter(|mode| seen.insert(*mode)).collect()
        }
        Target::Mode(mode) => {
            impact.strike = Some(strike(handbook, mode));
            vec![mode]
        }
    };
    impact.ways_back = modes.into_iter().map(|mode| way_back(handbook, mode)).collect();
    impact.ways_back.sort_by_key(|way| weight(&handbook.mode(way.mode)));
    impact
}

/// The order of failure modes for somebody who is in a hurry: what is gone before what is slow and what is wrong, then the most severe.
fn weight(mode: &ModeView<'_>) -> (u8, Reverse<Option<Severity>>) {
    let state = match reach::failed(mode).map(|failed| failed.level) {
        Some(Level::Error) => 0,
        Some(_) => 1,
        None if mode.resolved.of.is_some() => 2,
        None => 0,
    };
    (state, Reverse(mode.severity()))
}

/// Every failure mode that counts: not those of retired processes.
fn modes(handbook: &Handbook) -> impl Iterator<Item = ModeView<'_>> {
    let pages = (0..handbook.pages.len()).filter(|page| counts(handbook, *page));
    pages.flat_map(|page| handbook.modes(page))
}

/// Whether a page is in force or proposed.
fn counts(handbook: &Handbook, page: PageIx) -> bool {
    handbook.pages[page].status() != Status::Retired
}

/// Every step of a process that counts.
fn steps(handbook: &Handbook) -> impl Iterator<Item = crate::model::StepView<'_>> {
    handbook.processes().filter(|process| counts(handbook, *process)).flat_map(|process| handbook.steps(process))
}

/// The failure modes of a system or process: on its own page, then those that say so elsewhere.
fn modes_of(handbook: &Handbook, page: PageIx) -> Vec<ModeIx> {
    let process = handbook.pages[page].process().is_some();
    let own = handbook.modes(page).filter(|mode| process || mode.resolved.of == Some(page));
    let elsewhere = modes(handbook).filter(|mode| mode.at.page != page && mode.resolved.of == Some(page));
    own.chain(elsewhere).map(|mode| mode.at).collect()
}

/// A way back, and whether it is closed by what its failure mode says fails.
fn way_back(handbook: &Handbook, mode: ModeIx) -> WayBack {
    let view = handbook.mode(mode);
    let Some(failed) = reach::failed(&view) else { return WayBack { mode, closed: Vec::new(), second: WayAround::None } };
    let needs = reach::recovery(handbook, &view);
    let closed = reach::nearest_gone(handbook, &needs, failed.page).map(|(_, chain)| chain).unwrap_or_default();
    WayBack { mode, closed, second: reach::way_around(handbook, &view, failed.page) }
}

fn strike(handbook: &Handbook, mode: ModeIx) -> Strike {
    let view = handbook.mode(mode);
    let hit = steps(handbook).filter(|step| flow::can_hit(&view, step));
    let record = record::of_modes(handbook);
    let incidents = record.get(&mode).into_iter().flatten().filter_map(|incident| handbook.ids.get(&incident.page.id));
    Strike { steps: hit.map(|step| step.at).collect(), of: view.resolved.of, incidents: incidents.collect() }
}
