//! What a recovery, an alternative or a signal needs, and whether that is gone with what fails.

use std::collections::{HashSet, VecDeque};

use crate::finding::{Level, Place};
use crate::model::{Handbook, Kind, ModeView, PageIx, Target, flow};
use crate::parse::value::State;
use crate::source::Span;

/// A system or process that a way back needs, and through which of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The system or process.
    pub page: PageIx,
    /// The way there from the recovery: the track and step, or the process and step, that need it. Empty where the recovery names it
    /// itself.
    pub through: Vec<Target>,
    /// Where the recovery names what leads there: the entry of its `path` or `uses`, on the page of the failure mode.
    pub part: Span,
    /// Where the need itself is named: on the recovery, the step or the process.
    pub place: Place,
}

/// What the recovery of a failure mode needs: its `uses`, then what its path needs, in the order of the path; what processes need that
/// it runs comes after.
pub fn recovery(handbook: &Handbook, mode: &ModeView<'_>) -> Vec<Need> {
    let own = mode.resolved.uses.iter().map(|used| Need::own(mode, used.page, used.span));
    let path = mode.resolved.path.iter().copied().zip(mode.resolved.path_spans.iter().copied());
    whole(handbook, own.chain(path.flat_map(|(target, span)| of_part(handbook, mode, target, span))).collect())
}

/// What the second path of a failure mode needs: its `alternative_uses`, then what the path needs.
pub fn alternative(handbook: &Handbook, mode: &ModeView<'_>) -> Vec<Need> {
    let own = mode.resolved.alternative_uses.iter().map(|used| Need::own(mode, used.page, used.span));
    let path = mode.resolved.alternative.iter().flat_map(|target| of_part(handbook, mode, *target, mode.written.place));
    whole(handbook, own.chain(path).collect())
}

impl Need {
    fn own(mode: &ModeView<'_>, page: PageIx, span: Span) -> Self {
        Self { page, through: Vec::new(), part: span, place: Place::new(mode.page.path(), span) }
    }

    /// Something that a part of the way needs, which is needed itself.
    fn below(&self, through: &[Target], page: PageIx, place: Place) -> Self {
        Self { page, through: self.through.iter().chain(through).copied().collect(), part: self.part, place }
    }
}

/// What one part of a path needs: a step, what it uses; a track, what its steps use; a process, itself. What a step only writes is no
/// need.
fn of_part(handbook: &Handbook, mode: &ModeView<'_>, target: Target, span: Span) -> Vec<Need> {
    let named = Need::own(mode, target.page(), span);
    match target {
        Target::Page(_) => vec![named],
        Target::Step(_) => of_steps(handbook, &named, &[], target),
        Target::Track(..) | Target::Mode(_) => of_steps(handbook, &named, &[target], target),
    }
}

/// What the steps of a step, track or process use.
fn of_steps(handbook: &Handbook, named: &Need, above: &[Target], target: Target) -> Vec<Need> {
    let steps = flow::steps_on(handbook, &[target]).into_iter();
    let uses = steps.flat_map(|at| {
        let through: Vec<Target> = above.iter().copied().chain([Target::Step(at)]).collect();
        let step = handbook.step(at);
        step.resolved.uses.iter().map(move |used| named.below(&through, used.page, Place::new(step.page.path(), used.span)))
    });
    uses.collect()
}

/// The needs, and those of the processes among them: a process needs its `depends_on` and what the steps of its first track use. Each
/// process is entered once, where it is nearest.
fn whole(handbook: &Handbook, needs: Vec<Need>) -> Vec<Need> {
    let mut entered = HashSet::new();
    let mut open: VecDeque<Need> = needs.into();
    let mut all = Vec::with_capacity(open.len());
    while let Some(need) = open.pop_front() {
        let page = &handbook.pages[need.page];
        if let Some(process) = page.process().filter(|_| entered.insert(need.page)) {
            let above = [Target::Page(need.page)];
            open.extend(process.depends_on.iter().map(|needed| need.below(&above, needed.page, Place::new(page.path(), needed.span))));
            open.extend(of_steps(handbook, &need, &above, above[0]));
        }
        all.push(need);
    }
    all
}

/// What a failure mode takes away, and how heavy it weighs that an answer needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The system or process that fails.
    pub page: PageIx,
    /// Error where it is gone: down, nobody gets in, or no state is said. Warning where it is slow, or half there.
    pub level: Level,
}

/// What fails, for the rules of shared fate; nothing where the mode says of nothing, or its state leaves the system usable.
pub fn failed(mode: &ModeView<'_>) -> Option<Failed> {
    let facts = mode.facts();
    // What is given and cannot be read has its own fault, and says nothing here.
    let unreadable = |key: &str, read: bool| facts.has(key) && !read;
    if unreadable("of", facts.of.is_some()) || unreadable("state", facts.state.is_some()) {
        return None;
    }
    let level = match mode.state() {
        None | Some(State::Down | State::AccessLost) => Level::Error,
        Some(State::Slow | State::Partial) => Level::Warning,
        Some(State::Wrong | State::Late | State::Repeated | State::Throttled) => return None,
    };
    Some(Failed { page: mode.resolved.of?, level })
}

/// Where what fails is named: in `of`, or by the title of the system's own page.
pub fn place_of_failed(mode: &ModeView<'_>) -> Place {
    let span = mode.facts().of.as_ref().map_or_else(|| mode.page.title_place(), |of| of.span);
    Place::new(mode.page.path(), span)
}

/// Whether a need is gone when `failed` fails: it is `failed` or hangs on it, and no fallback of its own stands outside. A process is
/// gone where it is what fails; what it needs are needs of their own.
pub fn is_gone(handbook: &Handbook, page: PageIx, failed: PageIx) -> bool {
    match &handbook.pages[page].kind {
        Kind::Process(_) => page == failed,
        _ => handbook.needs.hangs_on(page, failed) && standing_in(handbook, page, failed).is_none(),
    }
}

/// What stands in for a system when `failed` fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandIn {
    /// A fallback that does not hang on what fails.
    System(PageIx),
    /// A fallback is given that cannot be resolved: that has its own fault, and nobody can say that it hangs on what fails.
    Unknown,
}

/// What stands in for a system when `failed` fails: the first of its fallbacks that does not hang on it.
pub fn standing_in(handbook: &Handbook, page: PageIx, failed: PageIx) -> Option<StandIn> {
    let page = &handbook.pages[page];
    let Kind::System(system) = &page.kind else { return None };
    let outside = system.fallback.iter().map(|fallback| fallback.page).find(|fallback| !handbook.needs.hangs_on(*fallback, failed));
    let written = page.system_keys().map_or(0, |keys| keys.fallback.len());
    outside.map(StandIn::System).or_else(|| (written > system.fallback.len()).then_some(StandIn::Unknown))
}

/// The shortest way from a recovery to what fails, through a need that is gone with it; nothing where no need is gone.
pub fn nearest_gone<'n>(handbook: &Handbook, needs: &'n [Need], failed: PageIx) -> Option<(&'n Need, Vec<Target>)> {
    let gone = needs.iter().filter(|need| is_gone(handbook, need.page, failed));
    gone.filter_map(|need| Some((need, chain(handbook, need, failed)?))).min_by_key(|(_, chain)| chain.len())
}

/// The way from a recovery through one of its needs to what fails, which is its last link.
fn chain(handbook: &Handbook, need: &Need, failed: PageIx) -> Option<Vec<Target>> {
    let systems = handbook.needs.chain(need.page, failed)?;
    Some(need.through.iter().copied().chain(systems.into_iter().map(Target::Page)).collect())
}

/// What a failure mode's second path is worth when `failed` fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayAround {
    /// None is given.
    None,
    /// It does without what fails, or cannot be read whole, which is a fault of its own.
    Open,
    /// It needs what fails, too.
    Closed,
}

/// Whether a failure mode's second path does without what fails.
pub fn way_around(handbook: &Handbook, mode: &ModeView<'_>, failed: PageIx) -> WayAround {
    let Some(table) = mode.recover().filter(|table| !table.alternative.is_empty() || !table.alternative_uses.is_empty()) else {
        return WayAround::None;
    };
    let resolved = mode.resolved;
    let whole = table.alternative.len() == resolved.alternative.len() && table.alternative_uses.len() == resolved.alternative_uses.len();
    let closed = whole && alternative(handbook, mode).iter().any(|need| is_gone(handbook, need.page, failed));
    if closed { WayAround::Closed } else { WayAround::Open }
}

/// Whether every system that carries a failure mode's signal hangs on what fails: exactly where `detection-needs-what-failed` speaks.
pub fn alert_needs_what_failed(handbook: &Handbook, mode: &ModeView<'_>) -> bool {
    let Some(failed) = failed(mode) else { return false };
    let via = &mode.resolved.via;
    let whole = mode.detect().is_some_and(|table| table.via.len() == via.len());
    whole && !via.is_empty() && via.iter().all(|via| handbook.needs.hangs_on(via.page, failed.page))
}
