//! What a recovery, an alternative or a signal needs, and whether that hangs on what fails.

use crate::model::{Handbook, ModeView, PageIx, StepIx, Target, flow};

/// A system or process that a way back needs, and through which of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The system or process.
    pub page: PageIx,
    /// The way there from the recovery: the track and step, or the process and step, that need it. Empty where the recovery names it
    /// itself.
    pub through: Vec<Target>,
}

/// What the recovery of a failure mode needs: its `uses`, then what its path needs, in the order of the path.
pub fn recovery(handbook: &Handbook, mode: &ModeView<'_>) -> Vec<Need> {
    let own = mode.resolved.uses.iter().map(|used| Need { page: used.page, through: Vec::new() });
    own.chain(path(handbook, &mode.resolved.path)).collect()
}

/// What the second path of a failure mode needs: its `alternative_uses`, then what the path needs.
pub fn alternative(handbook: &Handbook, mode: &ModeView<'_>) -> Vec<Need> {
    let own = mode.resolved.alternative_uses.iter().map(|used| Need { page: used.page, through: Vec::new() });
    own.chain(path(handbook, &mode.resolved.alternative)).collect()
}

/// What a path needs: a step, what it uses; a track, what its steps use; a process, itself, its `depends_on` and what the steps of its
/// first track use. What a step only writes is no need.
fn path(handbook: &Handbook, path: &[Target]) -> Vec<Need> {
    let uses = |step: StepIx, above: Option<Target>| {
        let through: Vec<Target> = above.into_iter().chain([Target::Step(step)]).collect();
        let used = handbook.step(step).resolved.uses.iter();
        used.map(|used| Need { page: used.page, through: through.clone() }).collect::<Vec<_>>()
    };
    let mut needs = Vec::new();
    for target in path {
        let above = (!matches!(target, Target::Step(_))).then_some(*target);
        if let Target::Page(page) = *target {
            needs.push(Need { page, through: Vec::new() });
            let whole = handbook.pages[page].process().map_or(&[][..], |process| &process.depends_on);
            needs.extend(whole.iter().map(|need| Need { page: need.page, through: vec![*target] }));
        }
        needs.extend(flow::steps_on(handbook, &[*target]).into_iter().flat_map(|step| uses(step, above)));
    }
    needs
}

/// Whether every system that carries a failure mode's signal hangs on what fails.
pub fn alert_needs_what_failed(handbook: &Handbook, mode: &ModeView<'_>) -> bool {
    let Some(failed) = mode.resolved.of else { return false };
    let via = &mode.resolved.via;
    !via.is_empty() && via.iter().all(|via| handbook.needs.hangs_on(via.page, failed))
}
