//! What has another id than before, though it is certain that it is the same: pages and failure modes.

use std::collections::HashMap;

use serde::Serialize;

use crate::model::PageIx;

use super::Version;

/// Something that has another id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Renamed {
    /// The id before.
    pub before: String,
    /// The id after.
    pub after: String,
}

/// The ids of two versions, as far as they differ.
#[derive(Debug, Default)]
pub struct Names<'a> {
    /// Pages, in the order of the version after.
    pub pages: Vec<(&'a str, &'a str)>,
    new_pages: HashMap<&'a str, &'a str>,
    old_pages: HashMap<&'a str, &'a str>,
    new_modes: HashMap<String, String>,
    old_modes: HashMap<String, String>,
}

impl<'a> Names<'a> {
    /// The pages that have another id and the same text: their files were renamed. One went, one came, and nothing else has that text.
    pub fn of(before: &Version<'a>, after: &Version<'a>) -> Self {
        let mut texts: HashMap<&str, (Vec<&'a str>, Vec<&'a str>)> = HashMap::new();
        for page in only(before, after) {
            if let Some(text) = before.text(page) {
                texts.entry(text).or_default().0.push(before.id(page));
            }
        }
        let mut pages: Vec<(&'a str, &'a str)> = Vec::new();
        for page in only(after, before) {
            if let Some((_, came)) = after.text(page).and_then(|text| texts.get_mut(text)) {
                came.push(after.id(page));
            }
        }
        for page in only(after, before) {
            if let Some(([went], [came])) = after.text(page).and_then(|text| texts.get(text)).map(|(went, came)| (&went[..], &came[..])) {
                pages.push((went, came));
            }
        }
        Self {
            new_pages: pages.iter().copied().collect(),
            old_pages: pages.iter().map(|(old, new)| (*new, *old)).collect(),
            pages,
            ..Self::default()
        }
    }

    /// With failure modes that have another id: before and after.
    pub fn with_modes(mut self, renamed: impl Iterator<Item = (String, String)>) -> Self {
        for (old, new) in renamed {
            self.old_modes.insert(new.clone(), old.clone());
            self.new_modes.insert(old, new);
        }
        self
    }

    /// What a page of the version before is called after.
    pub fn page_after(&self, id: &'a str) -> &'a str {
        self.new_pages.get(id).unwrap_or(&id)
    }

    /// What a page of the version after was called before.
    pub fn page_before<'i>(&self, id: &'i str) -> &'i str
    where
        'a: 'i,
    {
        self.old_pages.get(id).copied().unwrap_or(id)
    }

    /// What `page` or `page#thing` of the version before is called after.
    pub fn after(&self, name: &str) -> String {
        renamed(name, &self.new_pages, &self.new_modes)
    }

    /// What `rule@page#thing/part` of the version before is called after.
    pub fn id_after(&self, id: &str) -> String {
        translated(id, &self.new_pages, &self.new_modes)
    }

    /// What `rule@page#thing/part` of the version after was called before.
    pub fn id_before(&self, id: &str) -> String {
        translated(id, &self.old_pages, &self.old_modes)
    }
}

/// The pages of a version whose ids the other does not know.
fn only<'a>(version: &Version<'a>, other: &Version<'a>) -> impl Iterator<Item = PageIx> {
    let (handbook, other) = (version.handbook(), other.handbook());
    version.pages().filter(|page| other.ids.get(&handbook.pages[*page].id).is_none())
}

fn renamed(name: &str, pages: &HashMap<&str, &str>, modes: &HashMap<String, String>) -> String {
    if let Some(mode) = modes.get(name) {
        return mode.clone();
    }
    let (page, thing) = name.split_at(name.find('#').unwrap_or(name.len()));
    pages.get(page).map_or_else(|| name.to_owned(), |page| format!("{page}{thing}"))
}

fn translated(id: &str, pages: &HashMap<&str, &str>, modes: &HashMap<String, String>) -> String {
    let Some((rule, element)) = id.split_once('@').filter(|_| !pages.is_empty() || !modes.is_empty()) else { return id.to_owned() };
    match element.split_once('/') {
        Some((name, part)) => format!("{rule}@{}/{}", renamed(name, pages, modes), pages.get(part).unwrap_or(&part)),
        None => format!("{rule}@{}", renamed(element, pages, modes)),
    }
}
