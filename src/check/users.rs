//! Who uses a system or process hard, where that matters most: the active processes of criticality major or critical.

use std::collections::BTreeMap;

use crate::finding::Place;
use crate::model::{Handbook, PageIx};
use crate::parse::value::Status;

/// Whether a page is an active process of criticality major or critical.
pub fn is_serious_and_active(handbook: &Handbook, page: PageIx) -> bool {
    let page = &handbook.pages[page];
    page.is_serious() && page.status() == Status::Active
}

/// Each system or process that serious active processes need directly (`depends_on`, and `uses` of their steps), with the processes and
/// the place where each first names it, both in page order.
pub fn of_serious(handbook: &Handbook) -> BTreeMap<PageIx, Vec<(PageIx, Place)>> {
    of(handbook, |process| is_serious_and_active(handbook, process))
}

/// The same for the processes that count.
pub fn of(handbook: &Handbook, counts: impl Fn(PageIx) -> bool) -> BTreeMap<PageIx, Vec<(PageIx, Place)>> {
    let mut users: BTreeMap<PageIx, Vec<(PageIx, Place)>> = BTreeMap::new();
    for process in handbook.processes().filter(|process| counts(*process)) {
        for used in handbook.dependencies(process) {
            users.entry(used.page).or_default().push((process, Place::new(handbook.pages[process].path(), used.span)));
        }
    }
    users
}
