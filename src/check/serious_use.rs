//! The systems that serious active processes use, for the questions that each of them is asked. One finding per system, on its page, with
//! those who use it as further places.

use crate::finding::{Element, Finding, Place};
use crate::model::{Handbook, Page, PageIx};
use crate::parse::front_matter::SystemKeys;

use super::users;

/// A system that serious active processes use directly and hard.
pub struct InUse<'h> {
    /// The system.
    pub index: PageIx,
    /// Its page, or its table in the settings.
    pub page: &'h Page,
    /// What it states.
    pub keys: &'h SystemKeys,
    /// The processes, each with the place where it first names the system.
    pub users: Vec<(PageIx, Place)>,
}

/// Asks each such system, in page order, and marks in each finding who uses it.
pub fn ask(handbook: &Handbook, question: impl Fn(&InUse<'_>) -> Option<Finding>) -> Vec<Finding> {
    let systems = users::of_serious(handbook).into_iter().filter_map(|(index, users)| {
        let page = &handbook.pages[index];
        Some(InUse { index, page, keys: page.system_keys()?, users })
    });
    let marked = |system: InUse<'_>| {
        let finding = question(&system)?;
        let user =
            |finding: Finding, (user, place): (PageIx, Place)| finding.mark(place, format!("`{}` needs it", handbook.pages[user].title()));
        Some(system.users.into_iter().fold(finding, user))
    };
    systems.filter_map(marked).collect()
}

impl InUse<'_> {
    /// A finding about the system as a whole, at its title.
    pub fn finding(&self, rule: &'static str, message: String) -> Finding {
        Finding::new(rule, Place::new(self.page.path(), self.page.title_place()), Element::page(&self.page.id), message)
    }

    /// A line to add to what the system states, with where it belongs if that is a table of the settings.
    pub fn line(&self, line: &str) -> String {
        if self.page.from_settings { format!("`{line}` under `[systems.{}]`", self.page.id) } else { format!("`{line}`") }
    }

    /// The heading of a table to add to what the system states.
    pub fn table(&self, name: &str) -> String {
        if self.page.from_settings { format!("[[systems.{}.{name}]]", self.page.id) } else { format!("[[{name}]]") }
    }
}
