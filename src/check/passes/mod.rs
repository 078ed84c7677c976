//! What lies behind whoever reaches a step: a forward analysis over the steps of a process, for guards and requirements.
//!
//! Paths follow page order, `next`, branches and `on_timeout`; a decision goes to its branches only. The process begins with its first
//! track. A track that is referred to is entered from each step that names it (`takeover`, `abort`, `undo`, `next` …) and from each step that a
//! failure mode can hit whose recovery or second path names it; that step lies behind then, and so does what the recovery does before.
//! Any other track begins anew: one that nothing names, or only a failure mode of the whole process, or another page.
//!
//! A name for the first step of a track stands for the track where nothing else does: nobody who refers to it means that it begins with
//! nothing behind it. Where a reference on the page names nothing, it may have meant any track that seems to begin anew, so such tracks
//! are left alone; the reference has its own fault.
//!
//! Enters: the handbook and a process. Leaves: for each step the facts that hold on every way to it, or the shortest way on which one
//! does not. Absent: what the facts are; a rule says so with a function from the facts before a step to those after it.

pub mod turns;

use std::collections::{HashMap, HashSet, VecDeque};

use crate::model::{Handbook, ModeView, PageIx, StepIx, StepView, Target, flow};
use crate::parse::value::{Reference, ReferenceOrText};
use crate::source::Located;

/// Up to 64 facts at once, a bit each.
pub type Facts = u64;

/// Every way through a process, as a graph.
#[derive(Debug, Default)]
pub struct Ways {
    /// The steps of the process in page order; then, for each recovery that leads into a track, the steps which it does before.
    nodes: Vec<StepIx>,
    /// How many of them are the process's own.
    own: usize,
    /// Where each leads.
    onward: Vec<Vec<usize>>,
    /// Where a way can begin.
    starts: Vec<usize>,
}

/// How a reference names a track.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Names {
    /// The track itself.
    Track,
    /// Its first step.
    FirstStep,
}

/// Somewhere from which a track is entered.
#[derive(Debug)]
struct Entrance {
    /// The track.
    track: usize,
    names: Names,
    /// The step that refers to it, or is hit.
    from: usize,
    /// What a recovery does between.
    before: Before,
    /// Whether the reference stands on the page of the process.
    stands: Stands,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    Here,
    Elsewhere,
}

/// What lies between a step and the track into which it leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    /// Nothing, and the way is there already: `next`, a branch, `on_timeout`.
    Flow,
    /// Nothing.
    Nothing,
    /// Other steps of a recovery: from the first to the last of these nodes.
    Steps(usize, usize),
}

impl Ways {
    /// The ways through a process.
    pub fn of(handbook: &Handbook, process: PageIx) -> Self {
        let nodes: Vec<StepIx> = handbook.steps(process).map(|step| step.at).collect();
        let mut builder = Builder {
            handbook,
            process,
            node: nodes.iter().enumerate().map(|(node, step)| (*step, node)).collect(),
            ways: Ways { own: nodes.len(), onward: vec![Vec::new(); nodes.len()], nodes, starts: Vec::new() },
            entrances: Vec::new(),
            unknown: Vec::new(),
        };
        builder.flow();
        builder.recoveries();
        builder.enter();
        builder.ways
    }

    /// The facts that hold on every way to each step of the process that any way reaches. `pass` gives the facts after a step from those
    /// before it; nothing holds where a way begins.
    pub fn always(&self, pass: impl Fn(StepIx, Facts) -> Facts) -> HashMap<StepIx, Facts> {
        let mut facts: Vec<Option<Facts>> = vec![None; self.nodes.len()];
        let mut open: VecDeque<usize> = self.starts.iter().copied().collect();
        self.starts.iter().for_each(|start| facts[*start] = Some(0));
        // Facts are only ever taken away, so each step is looked at again at most 64 times.
        while let Some(node) = open.pop_front() {
            let Some(before) = facts[node] else { continue };
            let after = pass(self.nodes[node], before);
            for next in &self.onward[node] {
                let joined = facts[*next].map_or(after, |known| known & after);
                if facts[*next] != Some(joined) {
                    facts[*next] = Some(joined);
                    open.push_back(*next);
                }
            }
        }
        let own = self.nodes.iter().zip(facts).take(self.own);
        own.filter_map(|(step, facts)| Some((*step, facts?))).collect()
    }

    /// The shortest ways to all steps on which a fact does not hold there.
    pub fn without(&self, fact: Facts, pass: impl Fn(StepIx, Facts) -> Facts) -> Shortest<'_> {
        // A state is a step and whether the fact holds there: twice the node, and one more where it holds.
        let mut from: HashMap<usize, Reached> = self.starts.iter().map(|start| (2 * start, Reached { state: None, steps: 1 })).collect();
        let mut open: VecDeque<usize> = self.starts.iter().map(|start| 2 * start).collect();
        while let Some(state) = open.pop_front() {
            let (node, holds) = (state / 2, state % 2 == 1);
            let steps = from.get(&state).map_or(1, |from| from.steps + 1);
            let after = pass(self.nodes[node], if holds { fact } else { 0 }) & fact != 0;
            for next in &self.onward[node] {
                let next = 2 * next + usize::from(after);
                from.entry(next).or_insert_with(|| {
                    open.push_back(next);
                    Reached { state: Some(state), steps }
                });
            }
        }
        Shortest { ways: self, from }
    }
}

/// The longest way that is told step by step. Nobody reads a longer one, and hostile pages have no end.
const TOLD: usize = 1_000;

/// Where the shortest way to a state comes from, and how many steps it has.
#[derive(Clone, Copy, Debug)]
struct Reached {
    state: Option<usize>,
    steps: usize,
}

/// The shortest ways on which a fact does not hold at their ends.
#[derive(Debug)]
pub struct Shortest<'w> {
    ways: &'w Ways,
    from: HashMap<usize, Reached>,
}

impl Shortest<'_> {
    /// The way to a step of the process, from where it begins to the step itself; nothing where there is none, or it is very long.
    pub fn to(&self, step: StepIx) -> Option<Vec<StepIx>> {
        let node = self.ways.nodes[..self.ways.own].binary_search(&step).ok()?;
        let end = 2 * node;
        self.from.get(&end).filter(|from| from.steps <= TOLD)?;
        let back = std::iter::successors(Some(end), |state| self.from.get(state)?.state);
        let mut way: Vec<StepIx> = back.map(|state| self.ways.nodes[state / 2]).collect();
        way.reverse();
        Some(way)
    }
}

/// Collects the ways of one process.
struct Builder<'h> {
    handbook: &'h Handbook,
    process: PageIx,
    node: HashMap<StepIx, usize>,
    ways: Ways,
    entrances: Vec<Entrance>,
    /// The tracks into which some reference leads from nobody knows where.
    unknown: Vec<usize>,
}

impl Builder<'_> {
    /// Page order, `next`, branches, `on_timeout`; and who takes over, stops it, or undoes it.
    fn flow(&mut self) {
        for from in 0..self.ways.own {
            let at = self.ways.nodes[from];
            for (_, target) in flow::after(self.handbook, at) {
                let entry = flow::entry(self.handbook, target).and_then(|step| self.node.get(&step));
                self.ways.onward[from].extend(entry);
                self.refer(from, target, Before::Flow, Stands::Here);
            }
            let step = self.handbook.step(at);
            let undo = step.resolved.undo.map(Target::Step);
            for target in [step.resolved.takeover, step.resolved.abort, undo].into_iter().flatten() {
                self.refer(from, target, Before::Nothing, Stands::Here);
            }
        }
    }

    /// The recoveries and second paths of what can hit a step of the process.
    fn recoveries(&mut self) {
        let handbook = self.handbook;
        let named = (0..self.ways.own).filter_map(|node| handbook.named_from_elsewhere.get(&self.ways.nodes[node])).flatten();
        let mut modes: Vec<ModeView<'_>> = handbook.applying(self.process).collect();
        for mode in named {
            if !modes.iter().any(|known| known.at == *mode) {
                modes.push(handbook.mode(*mode));
            }
        }
        for mode in modes {
            for path in [&mode.resolved.path, &mode.resolved.alternative] {
                self.recovery(&mode, path);
            }
        }
    }

    fn recovery(&mut self, mode: &ModeView<'_>, path: &[Target]) {
        let mut seen = HashSet::new();
        let path: Vec<Target> = path.iter().filter(|target| seen.insert(**target)).copied().collect();
        let Some(last) = path.iter().rposition(|target| self.opens(*target).is_some()) else { return };
        if mode.facts().has("at") && mode.resolved.steps.is_empty() {
            let tracks: Vec<usize> = path.iter().filter_map(|target| Some(self.opens(*target)?.0)).collect();
            self.unknown.extend(tracks);
            return;
        }
        let hit = |node: &usize| flow::can_hit(mode, &self.handbook.step(self.ways.nodes[*node]));
        let hit: Vec<usize> = (0..self.ways.own).filter(hit).collect();
        let stands = if mode.at.page == self.process { Stands::Here } else { Stands::Elsewhere };
        let mut before = Before::Nothing;
        for target in path.iter().take(last + 1).filter(|_| !hit.is_empty()) {
            hit.iter().for_each(|from| self.refer(*from, *target, before, stands));
            before = self.does(before, *target);
        }
    }

    /// Adds the steps of a target to what a recovery does on its way. They are steps of their own: what the process does after them is
    /// no part of the recovery.
    fn does(&mut self, before: Before, target: Target) -> Before {
        let mut before = before;
        for step in flow::steps_on(self.handbook, &[target]) {
            let node = self.ways.nodes.len();
            self.ways.nodes.push(step);
            self.ways.onward.push(Vec::new());
            before = match before {
                Before::Steps(first, last) => {
                    self.ways.onward[last].push(node);
                    Before::Steps(first, node)
                }
                _ => Before::Steps(node, node),
            };
        }
        before
    }

    fn refer(&mut self, from: usize, target: Target, before: Before, stands: Stands) {
        if let Some((track, names)) = self.opens(target) {
            self.entrances.push(Entrance { track, names, from, before, stands });
        }
    }

    /// The track that a target on this page opens. The first track is where the process begins anyway.
    fn opens(&self, target: Target) -> Option<(usize, Names)> {
        let (track, names) = match target {
            Target::Track(page, track) if page == self.process => (track, Names::Track),
            Target::Step(step) if step.page == self.process && step.step == 0 => (step.track, Names::FirstStep),
            _ => return None,
        };
        let first = StepIx { page: self.process, track, step: 0 };
        (track > 0 && self.node.contains_key(&first)).then_some((track, names))
    }

    /// Leads into each track from where it is referred to, or lets it begin anew.
    fn enter(&mut self) {
        let tracks = self.handbook.pages[self.process].document.tracks.len();
        let mut of_track: Vec<Vec<Entrance>> = (0..tracks).map(|_| Vec::new()).collect();
        for entrance in std::mem::take(&mut self.entrances) {
            of_track[entrance.track].push(entrance);
        }
        let names_nothing = names_nothing(self.handbook, self.process);
        let mut anew: Vec<usize> = Vec::new();
        let mut entered: Vec<(usize, Vec<usize>)> = Vec::new();
        for (track, entrances) in of_track.into_iter().enumerate() {
            let Some(first) = self.first(track) else { continue };
            let names = entrances.iter().filter(|entrance| entrance.stands == Stands::Here).map(|entrance| entrance.names).min();
            match names {
                _ if track == 0 => anew.push(first),
                Some(names) => {
                    let leads = |entrance: &Entrance| entrance.names == names || entrance.before == Before::Flow;
                    let through: Vec<Entrance> = entrances.into_iter().filter(leads).collect();
                    through.iter().for_each(|entrance| self.lead(entrance, first));
                    entered.push((track, through.iter().map(|entrance| entrance.from).collect()));
                }
                None if names_nothing || self.unknown.contains(&track) => {}
                None => anew.push(first),
            }
        }
        self.ways.starts = anew;
        if !names_nothing && self.unknown.is_empty() {
            self.begin_closed(&entered);
        }
    }

    fn first(&self, track: usize) -> Option<usize> {
        self.node.get(&StepIx { page: self.process, track, step: 0 }).copied()
    }

    fn lead(&mut self, entrance: &Entrance, first: usize) {
        let (into, last) = match entrance.before {
            Before::Flow => return,
            Before::Nothing => (first, None),
            Before::Steps(into, last) => (into, Some(last)),
        };
        let mut lead = |from: usize, to: usize| {
            if !self.ways.onward[from].contains(&to) {
                self.ways.onward[from].push(to);
            }
        };
        lead(entrance.from, into);
        if let Some(last) = last {
            lead(last, first);
        }
    }

    /// Tracks that are entered only from themselves, or from each other, begin anew as well: nobody else says where they do. One that is
    /// entered from a step that nothing leads to waits for that step.
    fn begin_closed(&mut self, entered: &[(usize, Vec<usize>)]) {
        let mut reached = vec![false; self.ways.nodes.len()];
        self.spread(self.ways.starts.clone(), &mut reached);
        for (track, from) in entered {
            let begun = |node: &usize| self.first(self.ways.nodes[*node].track).is_some_and(|first| reached[first]);
            let Some(first) = self.first(*track).filter(|first| !reached[*first] && !from.iter().any(begun)) else { continue };
            self.ways.starts.push(first);
            self.spread(vec![first], &mut reached);
        }
    }

    fn spread(&self, mut open: Vec<usize>, reached: &mut [bool]) {
        open.iter().for_each(|node| reached[*node] = true);
        while let Some(node) = open.pop() {
            for next in &self.ways.onward[node] {
                if !std::mem::replace(&mut reached[*next], true) {
                    open.push(*next);
                }
            }
        }
    }
}

/// Whether a reference on the page that could lead into a track names nothing.
fn names_nothing(handbook: &Handbook, process: PageIx) -> bool {
    handbook.steps(process).any(|step| step_names_nothing(handbook, &step))
        || handbook.modes(process).any(|mode| mode_names_nothing(handbook, &mode))
}

fn step_names_nothing(handbook: &Handbook, step: &StepView<'_>) -> bool {
    let facts = step.facts();
    let takeover = facts.is_some_and(|facts| facts.has("takeover") && step.resolved.takeover.is_none());
    let is_reference = |abort: &Located<ReferenceOrText>| matches!(abort.value, ReferenceOrText::Reference(_));
    let abort = facts.and_then(|facts| facts.abort.as_ref()).is_some_and(is_reference) && step.resolved.abort.is_none();
    let undo = facts.is_some_and(|facts| facts.has("undo") && step.resolved.undo.is_none());
    takeover || abort || undo || flow::leads_astray(handbook, step.at)
}

fn mode_names_nothing(handbook: &Handbook, mode: &ModeView<'_>) -> bool {
    let lost = |references: &[Located<Reference>], found: &[Target]| {
        let ids: Vec<String> = found.iter().map(|target| handbook.id_of(*target)).collect();
        references.iter().any(|reference| !ids.contains(&mode.page.whole_id(&reference.value)))
    };
    let table = mode.recover();
    let path = table.is_some_and(|table| lost(&table.path, &mode.resolved.path) || lost(&table.alternative, &mode.resolved.alternative));
    path || mode.written.recovery_links.iter().any(|link| is_broken(mode, &link.value))
}

/// Whether a link in the words of a recovery leads to an anchor of its own page that is not there.
fn is_broken(mode: &ModeView<'_>, link: &str) -> bool {
    let Some(anchor) = link.strip_prefix('#') else { return false };
    let document = &mode.page.document;
    let heading = |name: &str| document.anchors.iter().any(|anchor| anchor.id == name || anchor.github == name);
    let step = |name: &str| document.tracks.iter().flat_map(|track| &track.steps).any(|step| step.id == name);
    let failure = |name: &str| document.failures.iter().any(|failure| failure.id == name);
    !anchor.is_empty() && !heading(anchor) && !step(anchor) && !failure(anchor)
}

#[cfg(test)]
mod tests;
