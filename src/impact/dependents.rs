//! What does not work without a system or process: systems, processes and steps, and with them the answers to other failures.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::check::reach::{self, StandIn, WayAround};
use crate::model::{Dependency, Handbook, Kind, ModeIx, PageIx, StepIx, StepView, Target};
use crate::parse::value::PageKind;

use super::{Stop, counts, modes, steps};

/// What does not work without a system or process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependents {
    /// Systems that stop, the nearest first.
    pub systems: Vec<Stop>,
    /// Processes that stop, the most critical first, then the nearest.
    pub processes: Vec<Stop>,
    /// Steps that stop, in page order; of processes that go on as a whole, too.
    pub steps: Vec<Stop>,
    /// Steps that go on and miss it.
    pub hampered: Vec<Stop>,
    /// Steps that could go on and must not begin: one that they require stops.
    pub held: Vec<Stop>,
    /// Automated steps that trust a signal which is gone.
    pub misled: Vec<Stop>,
    /// Ways back from other failures that need it, the most severe first: a second failure now finds them closed.
    pub closed: Vec<Way>,
    /// Signals of other failures that are carried by what is gone, the most severe first.
    pub blind: Vec<Blind>,
    /// Roles that lose channels; those that lose all come first.
    pub cut: Vec<Cut>,
    /// The chain by which the handbook itself hangs on it; empty where it does not.
    pub handbook: Vec<Target>,
    /// Systems that stop because it no longer renews them, in their time.
    pub renews: Vec<PageIx>,
}

/// A way back that is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The failure mode.
    pub mode: ModeIx,
    /// The shortest chain by which its recovery needs what fails.
    pub chain: Vec<Target>,
    /// What its second way is worth.
    pub second: WayAround,
}

/// A signal that loses carriers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blind {
    /// The failure mode.
    pub mode: ModeIx,
    /// The systems that carried it and are gone.
    pub lost: Vec<Stop>,
    /// Those that still carry it.
    pub left: Vec<PageIx>,
}

/// A role that loses channels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The role.
    pub role: PageIx,
    /// The channels that are gone.
    pub lost: Vec<Stop>,
    /// Those that are left.
    pub left: Vec<PageIx>,
}

/// Whatever stops together with one system or process.
struct Closure<'h> {
    handbook: &'h Handbook,
    failed: PageIx,
    /// The next link on the shortest way from each to what fails.
    next: HashMap<PageIx, PageIx>,
}

/// What does not work without this system or process.
pub fn dependents(handbook: &Handbook, failed: PageIx) -> Dependents {
    let hanging = handbook.needs.ways_to(failed);
    let closure = Closure { handbook, failed, next: hanging.iter().copied().collect() };
    let of_kind = |kind: PageKind| {
        let pages = hanging.iter().map(|(page, _)| *page);
        let pages = pages.filter(move |page| handbook.pages[*page].page_kind() == kind && counts(handbook, *page));
        pages.map(|page| closure.stop(page)).collect::<Vec<_>>()
    };
    let mut processes = of_kind(PageKind::Process);
    processes.sort_by_key(|stop| (Reverse(handbook.pages[stop.what.page()].criticality()), stop.chain.len(), stop.what));
    let (mut found, mut hampered, mut misled) = (Vec::new(), Vec::new(), Vec::new());
    for step in steps(handbook) {
        match closure.step(&step, &step.resolved.uses) {
            Some(stop) => found.push(stop),
            None => hampered.extend(closure.step(&step, &step.resolved.may_use)),
        }
        misled.extend(closure.step(&step, &step.resolved.acts_on));
    }
    let held = held(handbook, &found);
    let renewed = |page: &PageIx| matches!(&handbook.pages[*page].kind, Kind::System(system) if system.renewed_by == Some(failed));
    Dependents {
        systems: of_kind(PageKind::System),
        processes,
        steps: found,
        hampered,
        held,
        misled,
        closed: closed(&closure),
        blind: blind(&closure),
        cut: cut(&closure),
        handbook: handbook.hosted_on.iter().find_map(|host| closure.chain(*host)).unwrap_or_default(),
        renews: handbook.of_kind(PageKind::System).filter(renewed).collect(),
    }
}

impl Closure<'_> {
    fn holds(&self, page: PageIx) -> bool {
        page == self.failed || self.next.contains_key(&page)
    }

    /// The shortest way from a page that stops to what fails.
    fn chain(&self, page: PageIx) -> Option<Vec<Target>> {
        let links = std::iter::successors(Some(page), |page| self.next.get(page).copied());
        self.holds(page).then(|| links.map(Target::Page).collect())
    }

    fn stop(&self, page: PageIx) -> Stop {
        Stop { what: Target::Page(page), chain: self.chain(page).unwrap_or_default() }
    }

    /// A step that stops for want of one of these, through the nearest.
    fn step(&self, step: &StepView<'_>, needed: &[Dependency]) -> Option<Stop> {
        let ways = needed.iter().filter_map(|needed| self.chain(needed.page));
        let way = ways.min_by_key(Vec::len)?;
        let what = Target::Step(step.at);
        Some(Stop { what, chain: std::iter::once(what).chain(way).collect() })
    }

    /// Which of these systems are gone, and which are left.
    fn parted(&self, systems: &[Dependency]) -> (Vec<Stop>, Vec<PageIx>) {
        let (lost, left): (Vec<PageIx>, Vec<PageIx>) = systems.iter().map(|system| system.page).partition(|page| self.holds(*page));
        (lost.into_iter().map(|page| self.stop(page)).collect(), left)
    }
}

/// The steps that require one of those that stop.
fn held(handbook: &Handbook, stopped: &[Stop]) -> Vec<Stop> {
    let chains: HashMap<Target, &[Target]> = stopped.iter().map(|stop| (stop.what, stop.chain.as_slice())).collect();
    let going = steps(handbook).filter(|step| !chains.contains_key(&Target::Step(step.at)));
    let held = going.filter_map(|step| {
        let required = step.resolved.requires.iter().find_map(|(required, _)| chains.get(&Target::Step(*required)))?;
        let what = Target::Step(step.at);
        Some(Stop { what, chain: std::iter::once(what).chain(required.iter().copied()).collect() })
    });
    held.collect()
}

fn closed(closure: &Closure<'_>) -> Vec<Way> {
    let (handbook, failed) = (closure.handbook, closure.failed);
    let others = modes(handbook).filter(|mode| mode.resolved.of != Some(failed));
    let mut closed: Vec<Way> = others
        .filter_map(|mode| {
            let mut needs = reach::recovery(handbook, &mode);
            needs.retain(|need| closure.holds(need.page));
            let (_, chain) = reach::nearest_gone(handbook, &needs, failed)?;
            Some(Way { mode: mode.at, chain, second: reach::way_around(handbook, &mode, failed) })
        })
        .collect();
    closed.sort_by_key(|way| (way.second == WayAround::Open, Reverse(handbook.mode(way.mode).severity()), way.mode));
    closed
}

fn blind(closure: &Closure<'_>) -> Vec<Blind> {
    let (handbook, failed) = (closure.handbook, closure.failed);
    let others = modes(handbook).filter(|mode| mode.resolved.of != Some(failed));
    let parted = others.map(|mode| {
        let (lost, left) = closure.parted(&mode.resolved.via);
        Blind { mode: mode.at, lost, left }
    });
    let mut blind: Vec<Blind> = parted.filter(|blind| !blind.lost.is_empty()).collect();
    blind.sort_by_key(|blind| (!blind.left.is_empty(), Reverse(handbook.mode(blind.mode).severity()), blind.mode));
    blind
}

fn cut(closure: &Closure<'_>) -> Vec<Cut> {
    let handbook = closure.handbook;
    let roles = handbook.of_kind(PageKind::Role).filter_map(|role| {
        let Kind::Role(resolved) = &handbook.pages[role].kind else { return None };
        let (lost, left) = closure.parted(&resolved.channels);
        (!lost.is_empty()).then_some(Cut { role, lost, left })
    });
    let mut cut: Vec<Cut> = roles.collect();
    cut.sort_by_key(|cut| (!cut.left.is_empty(), cut.role));
    cut
}

impl Dependents {
    /// What stands in for a system that stops when `failed` fails.
    pub fn instead(handbook: &Handbook, stop: &Stop, failed: PageIx) -> Option<PageIx> {
        match reach::standing_in(handbook, stop.what.page(), failed) {
            Some(StandIn::System(system)) => Some(system),
            _ => None,
        }
    }

    /// The steps of a process that stop.
    pub fn steps_of(&self, process: PageIx) -> impl Iterator<Item = StepIx> + '_ {
        self.steps.iter().filter_map(move |stop| match stop.what {
            Target::Step(step) if step.page == process => Some(step),
            _ => None,
        })
    }
}
