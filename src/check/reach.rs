//! What hangs on what: `closure(x)` is x and everything that hard-depends on x, transitively. Systems depend through `depends_on`; a
//! process through its own `depends_on` and the `uses` of its first track.

use std::collections::{HashSet, VecDeque};

use crate::model::{Dependency, Handbook, Kind, ModeView, PageIx};

/// What a page needs directly and hard.
pub fn needs(handbook: &Handbook, page: PageIx) -> Vec<Dependency> {
    match &handbook.pages[page].kind {
        Kind::System(system) => system.depends_on.clone(),
        Kind::Process(process) => {
            let first = process.tracks.first().map_or(&[][..], |track| &track.steps);
            process.depends_on.iter().chain(first.iter().flat_map(|step| step.uses.iter())).copied().collect()
        }
        _ => Vec::new(),
    }
}

/// Whether `page` is `failed`, or hard-depends on it, transitively.
pub fn hangs_on(handbook: &Handbook, page: PageIx, failed: PageIx) -> bool {
    let mut seen = HashSet::from([page]);
    let mut open = VecDeque::from([page]);
    while let Some(page) = open.pop_front() {
        if page == failed {
            return true;
        }
        open.extend(needs(handbook, page).into_iter().map(|need| need.page).filter(|need| seen.insert(*need)));
    }
    false
}

/// Whether every system that carries a failure mode's signal hangs on what fails.
pub fn alert_needs_what_failed(handbook: &Handbook, mode: &ModeView<'_>) -> bool {
    let Some(failed) = mode.resolved.of else { return false };
    !mode.resolved.via.is_empty() && mode.resolved.via.iter().all(|via| hangs_on(handbook, via.page, failed))
}
