//! What can be found, and the data files in which a browser finds it: `search.js` and `search-text-<section>.js`.
//!
//! Enters: the handbook, and the texts of its pages. Leaves: classic scripts that call a function, since a page that was opened from a folder
//! may fetch nothing. `search.js` holds what is declared ([`facts`]): a browser has indexed it before its reader has typed a word. The texts
//! ([`texts`]) follow, section by section, and are left out where all of it together would be too much for a telephone. Never in any of them:
//! channels, holders and hours of roles, contacts of systems, and drafts. Absent: the index, which the browser makes, and the dialog.

mod facts;
mod listed;
pub mod script;
mod texts;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Handbook, Page, PageIx};
use crate::portable::folded;
use crate::source::Sources;

use super::views::Here;
use facts::{ClassFacts, PageFacts};
use listed::Listed;
use script::Call;

/// The version of the data, which the script of the theme asks for.
const VERSION: u32 = 1;

/// The name of the section of pages that stand in no folder.
const ROOT: &str = "index";

/// Which data files a site has.
#[derive(Debug)]
pub struct Search {
    /// The pages of each section, in page order; sections by name.
    sections: BTreeMap<String, Vec<PageIx>>,
    /// Whether the texts are part of it.
    pub texts: Texts,
}

/// Whether the texts of pages are part of the search data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// They are.
    Within,
    /// With them it would have more bytes than the settings allow.
    LeftOut,
}

#[derive(Serialize)]
struct Data<'a> {
    version: u32,
    /// The sections whose texts can be read.
    sections: Vec<&'a str>,
    left_out: bool,
    classes: Vec<ClassFacts>,
    pages: Vec<PageFacts<'a>>,
}

impl Search {
    /// Looks at as many pages as it takes to know whether their texts may be part of the data.
    pub fn new(here: &Here<'_>, sources: &Sources) -> Self {
        let handbook = here.atlas.handbook;
        let mut left = handbook.settings.search_bytes;
        let mut texts = Texts::Within;
        for page in 0..handbook.pages.len() {
            let listed = Listed::new(here, page);
            let facts = script::length(&facts::page(here, page)) + script::length(&facts::things(here, page, &listed));
            let text = texts::of_page(&handbook.pages[page], text_of(sources, &handbook.pages[page]), &listed);
            let bytes = facts + text.iter().map(|(_, text)| text.len() as u64 + 8).sum::<u64>();
            match left.checked_sub(bytes) {
                Some(rest) => left = rest,
                None => {
                    texts = Texts::LeftOut;
                    break;
                }
            }
        }
        Self { sections: by_section(handbook), texts }
    }

    /// Titles, ids and declared facts of everything that can be found.
    pub fn facts(&self, here: &Here<'_>) -> anyhow::Result<Vec<u8>> {
        let handbook = here.atlas.handbook;
        let left_out = self.texts == Texts::LeftOut;
        let all = 0..handbook.pages.len();
        let data = Data {
            version: VERSION,
            sections: if left_out { Vec::new() } else { self.sections.keys().map(String::as_str).collect() },
            left_out,
            classes: facts::classes(here),
            pages: all.clone().map(|page| facts::page(here, page)).chain(facts::registers(handbook)).collect(),
        };
        let things = all.map(|page| facts::things(here, page, &Listed::new(here, page)));
        Ok(Call::new("searchFacts", &data)?.folded(things)?.finish())
    }

    /// The texts of a section, by its place among the [`sections`]: for each page and each thing on it its text.
    pub fn texts(&self, here: &Here<'_>, sources: &Sources, section: usize) -> anyhow::Result<Vec<u8>> {
        let handbook = here.atlas.handbook;
        let pages = self.sections.values().nth(section).map_or(&[][..], Vec::as_slice);
        let texts = pages.iter().flat_map(|page| {
            let model = &handbook.pages[*page];
            let texts = texts::of_page(model, text_of(sources, model), &Listed::new(here, *page));
            texts.into_iter().map(|(thing, text)| (*page, thing.map_or(-1, |thing| i64::try_from(thing).unwrap_or(-1)), text))
        });
        Ok(Call::new("searchTexts", &texts.collect::<Vec<_>>())?.finish())
    }

    /// What the builder of the site should know.
    pub fn note(&self, handbook: &Handbook) -> Option<String> {
        (self.texts == Texts::LeftOut).then(|| {
            format!(
                "the texts of pages are left out of the search data, which would have more than {} bytes (`search.bytes`): titles and declared \
                 facts are found; for the texts, run Pagefind over the output",
                handbook.settings.search_bytes
            )
        })
    }
}

/// The URLs of the files with texts, one for each section, in their order.
pub fn text_urls(handbook: &Handbook) -> Vec<String> {
    by_section(handbook).keys().map(|name| format!("/search-text-{name}.js")).collect()
}

/// Pages by their first folder. Folders that some system takes for one are one section.
fn by_section(handbook: &Handbook) -> BTreeMap<String, Vec<PageIx>> {
    let mut sections: BTreeMap<String, Vec<PageIx>> = BTreeMap::new();
    for (index, page) in handbook.pages.iter().enumerate().filter(|(_, page)| !page.from_settings) {
        let path = page.path().as_str();
        let folder = path.strip_prefix("content/").unwrap_or(path).split_once('/').map(|(folder, _)| folded(folder));
        sections.entry(folder.unwrap_or_else(|| ROOT.to_owned())).or_default().push(index);
    }
    sections
}

fn text_of<'s>(sources: &'s Sources, page: &Page) -> &'s str {
    if page.from_settings { "" } else { sources.get(page.path()).map_or("", |source| &*source.text) }
}
