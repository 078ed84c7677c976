//! Who does a recovery, and who steps in for whom.

use std::collections::HashSet;

use crate::finding::Place;
use crate::model::{Handbook, ModeView, PageIx, StepIx, StepView, flow};
use crate::parse::value::Status;
use crate::source::Span;

/// A role that a recovery needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hand {
    /// The role.
    pub role: PageIx,
    /// The step on the path that names it; none where the recovery does, by `by`.
    pub step: Option<StepIx>,
}

/// The roles of a failure mode's recovery: its `by`, then those of the steps on its path; each once, where first named.
pub fn of_recovery(handbook: &Handbook, mode: &ModeView<'_>) -> Vec<Hand> {
    let by = mode.resolved.by.map(|role| Hand { role, step: None });
    let steps = flow::steps_on(handbook, &mode.resolved.path);
    let on_path = steps.into_iter().filter_map(|step| Some(Hand { role: handbook.step(step).resolved.role?, step: Some(step) }));
    let mut seen = HashSet::new();
    by.into_iter().chain(on_path).filter(|hand| seen.insert(hand.role)).collect()
}

/// Where a recovery calls for a role: its `by`, or the reference of its path that leads to the step; the opening line of the failure
/// mode where that is a link.
pub fn called(handbook: &Handbook, mode: &ModeView<'_>, hand: Hand) -> Place {
    let table = mode.recover();
    let span = match hand.step {
        None => table.and_then(|table| table.by.as_ref()).map(|by| by.span),
        Some(step) => table.and_then(|table| {
            let leads = |target| flow::steps_on(handbook, &[target]).contains(&step);
            let first = mode.resolved.path.iter().position(|target| leads(*target))?;
            // Where a reference names nothing, the path and what it resolves to are no longer in step.
            table.path.get(first).filter(|_| mode.resolved.path.len() >= table.path.len()).map(|reference| reference.span)
        }),
    };
    Place::new(mode.page.path(), span.unwrap_or(mode.written.place))
}

/// Where a step names its role.
pub fn named(step: &StepView<'_>) -> Span {
    let role = step.facts().and_then(|facts| facts.role.as_ref());
    let by = step.decision().and_then(|decision| decision.by.as_ref());
    role.or(by).map_or(step.written.place, |role| role.span)
}

/// Whether a step names a role that cannot be read.
pub fn is_unreadable(step: &StepView<'_>) -> bool {
    let named = step.facts().is_some_and(|facts| facts.has("role")) || step.decision().is_some_and(|decision| decision.has("by"));
    named && step.resolved.role.is_none()
}

/// Who steps in for a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backup {
    /// Nobody: none is named, or the role itself.
    Nobody,
    /// Somebody, but the reference cannot be read.
    Unreadable,
    /// A role.
    Role(PageIx),
}

/// Who steps in for a role, one level deep.
pub fn backup(handbook: &Handbook, role: PageIx) -> Backup {
    let page = &handbook.pages[role];
    let resolved = match &page.kind {
        crate::model::Kind::Role(role) => role.backup,
        _ => None,
    };
    match resolved {
        Some(backup) if backup == role => Backup::Nobody,
        Some(backup) => Backup::Role(backup),
        None if page.role_keys().is_some_and(|keys| keys.has("backup")) => Backup::Unreadable,
        None => Backup::Nobody,
    }
}

/// The failure modes of pages that are not retired, in page order, whose severity is serious.
pub fn serious_modes(handbook: &Handbook) -> impl Iterator<Item = ModeView<'_>> {
    let pages = (0..handbook.pages.len()).filter(|page| handbook.pages[*page].status() != Status::Retired);
    pages.flat_map(|page| handbook.modes(page)).filter(ModeView::is_serious)
}
