//! Who uses a system or process hard: the active processes, and among them those of criticality major or critical.

use std::collections::BTreeMap;

use crate::finding::Place;
use crate::model::{Handbook, PageIx};
use crate::parse::value::Status;

/// Whether a page is an active process of criticality major or critical.
pub fn is_serious_and_active(handbook: &Handbook, page: PageIx) -> bool {
    let page = &handbook.pages[page];
    page.is_serious() && page.status() == Status::Active
}

/// The users of each system or process, with the place where each first names it.
pub type Users = BTreeMap<PageIx, Vec<(PageIx, Place)>>;

/// Each system or process that serious active processes need directly (`depends_on`, and `uses` of their steps), with the processes and
/// the place where each first names it, both in page order.
pub fn of_serious(handbook: &Handbook) -> Users {
    users(handbook, |process| is_serious_and_active(handbook, process))
}

/// The same for all active processes.
pub fn of_active(handbook: &Handbook) -> Users {
    users(handbook, |process| handbook.pages[process].status() == Status::Active)
}

fn users(handbook: &Handbook, counts: impl Fn(PageIx) -> bool) -> Users {
    let mut users = Users::new();
    for process in handbook.processes().filter(|process| counts(*process)) {
        for used in handbook.dependencies(process) {
            users.entry(used.page).or_default().push((process, Place::new(handbook.pages[process].path(), used.span)));
        }
    }
    users
}

/// The same for all processes of criticality major or critical that are in force or proposed.
pub fn of_serious_or_to_be(handbook: &Handbook) -> Users {
    users(handbook, |process| handbook.pages[process].is_serious() && handbook.pages[process].status() != Status::Retired)
}
