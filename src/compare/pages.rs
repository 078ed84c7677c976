//! Pages and steps that came and went, and processes that were put in or out of force.

use std::collections::HashSet;

use serde::Serialize;

use crate::model::PageIx;
use crate::parse::value::PageKind;

use super::names::{Names, Renamed};
use super::{Change, Ids, Spot, Version};

/// Pages of one kind that came and went.
#[derive(Debug, Serialize)]
pub struct Pages<'a> {
    /// What was not there before, in page order.
    pub added: Vec<NamedPage<'a>>,
    /// What is no longer there, in page order.
    pub removed: Vec<NamedPage<'a>>,
    /// What has another id, since its file has another name; its text is as it was.
    pub renamed: Vec<Renamed>,
}

/// Processes that came, went, or count otherwise.
#[derive(Debug, Serialize)]
pub struct Processes<'a> {
    /// What came and went.
    #[serde(flatten)]
    pub pages: Pages<'a>,
    /// What has another status or criticality.
    pub changed: Vec<ChangedProcess<'a>>,
}

/// A page.
#[derive(Debug, Serialize)]
pub struct NamedPage<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Where its title stands.
    #[serde(flatten)]
    pub spot: Spot<'a>,
    /// How many steps it has.
    #[serde(skip)]
    pub steps: usize,
    /// How many failure modes it has.
    #[serde(skip)]
    pub failures: usize,
}

/// A process that counts otherwise than before.
#[derive(Debug, Serialize)]
pub struct ChangedProcess<'a> {
    /// Its id.
    pub id: &'a str,
    /// Whether it is in force, where that changed: `proposed`, `active`, `retired`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Change<&'static str>>,
    /// How much hangs on it, where that changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub criticality: Option<Change<&'static str>>,
}

/// The pages of a kind that came and went.
pub fn changes<'a>(before: &Version<'a>, after: &Version<'a>, names: &Names<'a>, kind: PageKind) -> Pages<'a> {
    let of_kind = |version: &Version<'a>| {
        let handbook = version.handbook();
        version.pages().filter(|page| handbook.pages[*page].page_kind() == kind).collect::<Vec<PageIx>>()
    };
    let (old, new) = (of_kind(before), of_kind(after));
    let was: HashSet<&str> = old.iter().map(|page| names.page_after(before.id(*page))).collect();
    let is: HashSet<&str> = new.iter().map(|page| after.id(*page)).collect();
    let renamed = names.pages.iter().filter(|(_, new)| is.contains(new));
    Pages {
        added: new.iter().filter(|page| !was.contains(after.id(**page))).map(|page| named(after, *page)).collect(),
        removed: old.iter().filter(|page| !is.contains(names.page_after(before.id(**page)))).map(|page| named(before, *page)).collect(),
        renamed: renamed.map(|(old, new)| Renamed { before: (*old).to_owned(), after: (*new).to_owned() }).collect(),
    }
}

fn named<'a>(version: &Version<'a>, page: PageIx) -> NamedPage<'a> {
    let handbook = version.handbook();
    let at = &handbook.pages[page];
    NamedPage {
        id: &at.id,
        title: at.title(),
        spot: version.spot(at.path(), at.title_place()),
        steps: handbook.steps(page).count(),
        failures: at.modes.len(),
    }
}

/// The processes that came, went, or count otherwise.
pub fn processes<'a>(before: &Version<'a>, after: &Version<'a>, names: &Names<'a>) -> Processes<'a> {
    let handbook = after.handbook();
    let changed = after.pages().filter_map(|page| {
        let now = &handbook.pages[page];
        let was = before.handbook().page(names.page_before(&now.id)).filter(|was| was.process().is_some() && now.process().is_some())?;
        let status = Change::of(was.status().name(), now.status().name());
        let criticality = Change::of(was.criticality().name(), now.criticality().name());
        (status.is_some() || criticality.is_some()).then_some(ChangedProcess { id: &now.id, status, criticality })
    });
    Processes { changed: changed.collect(), pages: changes(before, after, names, PageKind::Process) }
}

/// The steps and decisions that came and went, in page order.
pub fn steps(before: &Version<'_>, after: &Version<'_>, names: &Names<'_>) -> Ids {
    let (old, new) = (all_steps(before), all_steps(after));
    let was: HashSet<String> = old.iter().map(|id| names.after(id)).collect();
    let is: HashSet<&String> = new.iter().collect();
    Ids {
        added: new.iter().filter(|id| !was.contains(*id)).cloned().collect(),
        removed: old.iter().filter(|id| !is.contains(&names.after(id))).cloned().collect(),
    }
}

fn all_steps(version: &Version<'_>) -> Vec<String> {
    let handbook = version.handbook();
    let steps = version.pages().flat_map(|page| handbook.steps(page));
    steps.map(|step| format!("{}#{}", step.page.id, step.written.id)).collect()
}
