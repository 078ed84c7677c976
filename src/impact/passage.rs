//! What is not reached without a step, track or process: the steps behind it, those that demand it, what leads into it, and the ways
//! back over it.

use std::collections::HashSet;

use crate::model::flow::{self, Way};
use crate::model::{Handbook, ModeIx, StepIx, Target};

use super::{modes, steps};

/// What is not reached without a step, track or process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// For a step: the steps of its page that no other way from the beginning of its track reaches, the nearest first.
    pub behind: Vec<StepIx>,
    /// Steps that demand one of its steps.
    pub required_by: Vec<StepIx>,
    /// Steps that lead into it when something goes wrong, or at a branch.
    pub entered_from: Vec<Entry>,
    /// Failure modes whose way back leads over it; for a process, over one of its steps or tracks, where the process as a whole is not part
    /// of the way.
    pub ways_back: Vec<ModeIx>,
    /// Failure modes whose second way leads over it.
    pub second_ways: Vec<ModeIx>,
}

/// A step that leads into something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The step.
    pub from: StepIx,
    /// Why it leads there.
    pub as_: Entrance,
}

/// Why a step leads somewhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entrance {
    /// A human takes over there.
    Takeover,
    /// The time ran out.
    Timeout,
    /// A branch of a decision.
    Branch,
    /// It goes on there, out of page order.
    Next,
    /// It is stopped there once begun.
    Abort,
    /// Its temporary state is undone there.
    Undo,
}

impl Entrance {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Entrance::Takeover => "takeover",
            Entrance::Timeout => "on_timeout",
            Entrance::Branch => "branch",
            Entrance::Next => "next",
            Entrance::Abort => "abort",
            Entrance::Undo => "undo",
        }
    }
}

/// What is not reached without this step, track or process.
pub fn passage(handbook: &Handbook, what: Target) -> Passage {
    let inside = |target: Target| match (what, target) {
        (Target::Page(page), other) => other.page() == page,
        (Target::Track(page, track), Target::Step(step)) => (step.page, step.track) == (page, track),
        (Target::Step(step), Target::Track(page, track)) => (step.page, step.track) == (page, track),
        (Target::Step(StepIx { page, track: 0, .. }) | Target::Track(page, 0), Target::Page(process)) => page == process,
        (one, other) => one == other,
    };
    let leads = |target: Target| match what {
        // Whoever enters the track begins with its first step, and comes by the others.
        Target::Step(step) => target == what || (step.step == 0 && inside(target)),
        _ => inside(target),
    };
    let from_outside = |from: StepIx| !matches!(what, Target::Page(page) if page == from.page);
    let mut passage = Passage::default();
    for step in steps(handbook).filter(|step| from_outside(step.at) && Target::Step(step.at) != what) {
        let resolved = step.resolved;
        let branches = resolved.branches.iter().filter_map(|branch| branch.to).map(|to| (Entrance::Branch, to));
        let ways = [
            (Entrance::Takeover, resolved.takeover),
            (Entrance::Timeout, resolved.on_timeout),
            (Entrance::Next, resolved.next),
            (Entrance::Abort, resolved.abort),
            (Entrance::Undo, resolved.undo.map(Target::Step)),
        ];
        let ways = ways.into_iter().filter_map(|(why, target)| Some((why, target?))).chain(branches);
        let entries = ways.filter(|(_, target)| leads(*target)).map(|(as_, _)| Entry { from: step.at, as_ });
        passage.entered_from.extend(entries);
        let demands = resolved.requires.iter().any(|(required, _)| inside(Target::Step(*required)));
        passage.required_by.extend(demands.then_some(step.at));
    }
    for mode in modes(handbook) {
        let foreign = !matches!(what, Target::Page(page) if page == mode.at.page);
        let over = |path: &[Target]| foreign && path.iter().any(|target| inside(*target));
        passage.ways_back.extend(over(&mode.resolved.path).then_some(mode.at));
        passage.second_ways.extend(over(&mode.resolved.alternative).then_some(mode.at));
    }
    if let Target::Step(step) = what {
        passage.behind = behind(handbook, step);
    }
    passage
}

/// The steps of the page that are reached from the beginning of the track only through this step, the nearest first.
fn behind(handbook: &Handbook, step: StepIx) -> Vec<StepIx> {
    let first = StepIx { step: 0, ..step };
    let around: HashSet<StepIx> = reached(handbook, first, Some(step)).into_iter().collect();
    reached(handbook, step, None).into_iter().filter(|after| *after != step && !around.contains(after)).collect()
}

/// The steps of a page that are reached from one of them when all goes well, the nearest first, without passing `closed`.
fn reached(handbook: &Handbook, from: StepIx, closed: Option<StepIx>) -> Vec<StepIx> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut open = std::collections::VecDeque::from([from]);
    while let Some(step) = open.pop_front() {
        if Some(step) == closed || !seen.insert(step) {
            continue;
        }
        found.push(step);
        let ways = flow::after(handbook, step).into_iter().filter(|(way, _)| *way != Way::Timeout);
        open.extend(ways.filter_map(|(_, target)| flow::entry(handbook, target)).filter(|next| next.page == from.page));
    }
    found
}
