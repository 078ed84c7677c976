//! How a process goes on from each step: page order, `next`, branches, timeouts, takeovers, and the recoveries of what can hit it.

use super::{Handbook, ModeView, PageIx, StepIx, Target};

/// Why one step follows another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// Page order or `next`.
    Next,
    /// A branch of a decision.
    Branch,
    /// The time ran out.
    Timeout,
    /// A human takes over.
    Takeover,
    /// A failure mode's recovery.
    Recovery,
    /// A failure mode's second path.
    Alternative,
}

/// The targets that a step leads to by itself: page order, `next`, branches, `on_timeout`.
pub fn after(handbook: &Handbook, at: StepIx) -> Vec<(Way, Target)> {
    let step = handbook.step(at);
    let mut ways: Vec<(Way, Target)> = Vec::new();
    if let Some(decision) = step.decision() {
        ways.extend(step.resolved.branches.iter().filter_map(|branch| Some((Way::Branch, branch.to?))));
        // A decision without any branch is incomplete, and page order is the best guess at what its author meant.
        if decision.branch.is_empty() && decision.otherwise.is_none() {
            ways.extend(following(handbook, at).map(|next| (Way::Next, Target::Step(next))));
        }
    } else if let Some(next) = step.resolved.next {
        ways.push((Way::Next, next));
    } else if !step.ends() && step.facts().is_none_or(|facts| facts.next.is_none()) {
        ways.extend(following(handbook, at).map(|next| (Way::Next, Target::Step(next))));
    }
    ways.extend(step.resolved.on_timeout.map(|target| (Way::Timeout, target)));
    ways
}

/// Whether a step declares a way out that names nothing: nobody can say where it leads.
pub fn leads_astray(handbook: &Handbook, at: StepIx) -> bool {
    let step = handbook.step(at);
    let lost = |declared: bool, resolved: Option<Target>| declared && resolved.is_none();
    if let Some(decision) = step.decision() {
        let to = decision.branch.iter().filter(|branch| branch.has("to")).count() + usize::from(decision.has("otherwise"));
        let resolved = step.resolved.branches.iter().filter(|branch| branch.to.is_some()).count();
        return resolved < to || lost(decision.has("on_timeout"), step.resolved.on_timeout);
    }
    step.facts().is_some_and(|facts| lost(facts.has("next"), step.resolved.next) || lost(facts.has("on_timeout"), step.resolved.on_timeout))
}

/// The step after one in its track.
pub fn following(handbook: &Handbook, at: StepIx) -> Option<StepIx> {
    let steps = &handbook.pages[at.page].document.tracks[at.track].steps;
    (at.step + 1 < steps.len()).then_some(StepIx { step: at.step + 1, ..at })
}

/// The first step that a target means: a step itself, the first of a track, the first of a process.
pub fn entry(handbook: &Handbook, target: Target) -> Option<StepIx> {
    let first = |page: PageIx, track: usize| {
        let steps = &handbook.pages[page].document.tracks.get(track)?.steps;
        (!steps.is_empty()).then_some(StepIx { page, track, step: 0 })
    };
    match target {
        Target::Step(step) => Some(step),
        Target::Track(page, track) => first(page, track),
        Target::Page(page) => first(page, 0),
        Target::Mode(_) => None,
    }
}

/// Whether a failure mode can hit a step: it stands in it, names it, or is declared on the page of a system that the step uses.
pub fn can_hit(mode: &ModeView<'_>, step: &super::StepView<'_>) -> bool {
    mode.resolved.steps.contains(&step.at) || step.resolved.uses.iter().any(|used| used.page == mode.at.page)
}

/// The failure modes that can hit a step.
pub fn hitting<'h>(handbook: &'h Handbook, at: StepIx) -> Vec<ModeView<'h>> {
    let step = handbook.step(at);
    let elsewhere = handbook.named_from_elsewhere.get(&at).into_iter().flatten().map(|mode| handbook.mode(*mode));
    let here: Vec<ModeView<'h>> = handbook.applying(at.page).filter(|mode| can_hit(mode, &step)).collect();
    let elsewhere = elsewhere.filter(|mode| !here.iter().any(|known| known.at == mode.at)).collect::<Vec<_>>();
    here.into_iter().chain(elsewhere).collect()
}

/// The steps on a path: a step is itself; a track, its steps; a process, the steps of its first track.
pub fn steps_on(handbook: &Handbook, path: &[Target]) -> Vec<StepIx> {
    let whole = |page: PageIx, track: usize| {
        let steps = handbook.pages[page].document.tracks.get(track).map_or(0, |track| track.steps.len());
        (0..steps).map(move |step| StepIx { page, track, step })
    };
    let mut steps = Vec::new();
    for target in path {
        match *target {
            Target::Step(step) => steps.push(step),
            Target::Track(page, track) => steps.extend(whole(page, track)),
            Target::Page(page) => steps.extend(whole(page, 0)),
            Target::Mode(_) => {}
        }
    }
    steps
}
