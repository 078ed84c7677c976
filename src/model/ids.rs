//! Which page an id names, and which ids are given twice.

use std::collections::{BTreeMap, HashMap};

use crate::finding::{Element, Finding, Place};
use crate::parse::nearest::{Guess, guess};
use crate::parse::value::PageKind;

use super::{Page, PageIx};

/// Pages by id. An id that several plain pages derive from their file names belongs to none of them.
#[derive(Debug, Default)]
pub struct Ids {
    pages: HashMap<String, PageIx>,
    shared: HashMap<String, Vec<PageIx>>,
    drafts: HashMap<String, String>,
    twice: std::collections::HashSet<String>,
}

impl Ids {
    /// The index of `pages`, the drafts that are left out (id and path), and the ids that are given twice.
    pub fn new(pages: &[Page], drafts: HashMap<String, String>) -> (Self, Vec<Finding>) {
        let mut claims: BTreeMap<&str, Vec<PageIx>> = BTreeMap::new();
        for (index, page) in pages.iter().enumerate() {
            claims.entry(&page.id).or_default().push(index);
        }
        let mut ids = Self { drafts, ..Self::default() };
        let mut findings = Vec::new();
        for (id, claims) in claims {
            let firm = |index: &PageIx| is_firm(&pages[*index]);
            let firm: Vec<PageIx> = claims.iter().copied().filter(firm).collect();
            if firm.len() > 1 {
                ids.twice.insert(id.to_owned());
            }
            for later in firm.iter().skip(1) {
                findings.push(duplicate(&pages[firm[0]], &pages[*later]));
            }
            match (firm.first(), claims.as_slice()) {
                (Some(first), _) => drop(ids.pages.insert(id.to_owned(), *first)),
                (None, [only]) => drop(ids.pages.insert(id.to_owned(), *only)),
                (None, several) => drop(ids.shared.insert(id.to_owned(), several.to_vec())),
            }
        }
        (ids, findings)
    }

    /// The page that an id names.
    pub fn get(&self, id: &str) -> Option<PageIx> {
        self.pages.get(id).copied()
    }

    /// Whether two pages were given this id, which is a fault of its own.
    pub fn is_given_twice(&self, id: &str) -> bool {
        self.twice.contains(id)
    }

    /// The plain pages that share a derived id.
    pub fn shared(&self, id: &str) -> Option<&[PageIx]> {
        self.shared.get(id).map(Vec::as_slice)
    }

    /// The path of the draft that has an id, where drafts are left out.
    pub fn draft(&self, id: &str) -> Option<&str> {
        self.drafts.get(id).map(String::as_str)
    }

    /// The nearest id to one that names nothing, among pages that are `wanted`.
    pub fn nearest<'i>(&'i self, id: &str, wanted: impl Fn(PageIx) -> bool) -> Option<Guess<'i>> {
        let mut known: Vec<&str> = self.pages.iter().filter(|(_, page)| wanted(**page)).map(|(id, _)| id.as_str()).collect();
        known.sort_unstable();
        guess(id, &known)
    }
}

/// Whether a page's id may not be shared: it was written, or the page is no plain page.
fn is_firm(page: &Page) -> bool {
    page.document.explicit_id || page.page_kind() != PageKind::Page
}

fn duplicate(first: &Page, second: &Page) -> Finding {
    let span = |page: &Page| if page.document.explicit_id { page.document.id.span } else { page.title_place() };
    let place = |page: &Page| Place::new(page.path(), span(page));
    let name = |page: &Page| match page.from_settings {
        true => format!("`[{}s.{}]` in `{}`", page.page_kind(), page.id, page.path()),
        false => format!("`{}`", page.path()),
    };
    let message = format!("the id `{}` is given to two pages: {} and {}", second.id, name(first), name(second));
    Finding::new("duplicate-id", place(second), Element::page(&second.id), message)
        .mark(place(first), "the other page")
        .note("a reference to it could mean either")
        .help("give one of them another id")
}
