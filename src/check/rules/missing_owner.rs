//! A process or system has no owner.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, PageIx};
use crate::parse::value::{PageKind, Status};

/// One finding per process or system.
pub const RULE: Rule = Rule {
    name: "missing-owner",
    group: Group::People,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A process or system has no owner.",
    look: Look::Handbook(look),
};

fn look(handbook: &Handbook) -> Vec<Finding> {
    let owned = |page: PageIx| handbook.pages[page].status() != Status::Retired;
    let pages = handbook.of_kind(PageKind::Process).filter(|page| owned(*page)).chain(handbook.of_kind(PageKind::System));
    pages.filter_map(|page| finding(handbook, page)).collect()
}

fn finding(handbook: &Handbook, page: PageIx) -> Option<Finding> {
    let page = &handbook.pages[page];
    let keys = &page.document.front.page;
    // An owner that cannot be read, or that names nobody, has its own fault.
    if page.owner.is_some() || keys.owner.is_some() || keys.has("owner") {
        return None;
    }
    let (note, help) = match page.page_kind() {
        PageKind::System => (
            "when it fails or changes, nobody knows who decides; for a system that others run, that is whoever of yours talks to them",
            "add `owner = \"…\"` with the role that answers for this system",
        ),
        _ => (
            "nobody keeps it true: its steps, its drills and its waivers age",
            "add `owner = \"…\"` with the role that answers for this process",
        ),
    };
    let message = format!("nobody owns the {} `{}`", page.page_kind(), page.title());
    Some(Finding::new(RULE.name, Place::new(page.path(), page.title_place()), Element::page(&page.id), message).note(note).help(help))
}
