//! The handbook on paper: a title page, the contents, the pages.

use serde::Serialize;

use crate::parse::markdown;

use super::super::print::{Sheet, anchor};
use super::super::relative::{fragment, relative};
use super::super::words;
use super::{Here, Link};

/// A print page.
#[derive(Clone, Debug, Serialize)]
pub struct PrintView {
    /// The handbook's name.
    pub title: String,
    /// What the handbook is, in one sentence.
    pub description: Option<String>,
    /// The section that the page holds; none for the whole handbook.
    pub section: Option<String>,
    /// How many pages of the handbook stand here.
    pub pages: usize,
    /// The day of the last change of any of them; none where that is not known.
    pub changed: Option<String>,
    /// What stands here, in order: sections and pages.
    pub contents: Vec<PrintEntry>,
    /// The pages.
    pub articles: Vec<ArticleView>,
    /// The print pages of the sections, where one page would be too long for all.
    pub sheets: Vec<SheetLink>,
}

/// A line of the contents.
#[derive(Clone, Debug, Serialize)]
pub struct PrintEntry {
    /// The section or page.
    pub title: String,
    /// Its place; none for a section that no page opens.
    pub href: Option<String>,
    /// How deep it lies, from 1.
    pub level: usize,
    /// Whether it is a section.
    pub section: bool,
}

/// A page.
#[derive(Clone, Debug, Serialize)]
pub struct ArticleView {
    /// Its anchor.
    pub anchor: String,
    /// `page`, `process` …
    pub kind: &'static str,
    /// Whether it begins on a new sheet of paper: whoever needs it takes it along.
    pub apart: bool,
    /// What stands on it.
    pub html: String,
}

/// A print page of a section.
#[derive(Clone, Debug, Serialize)]
pub struct SheetLink {
    /// The section, and where it lies.
    pub link: Link,
    /// How many pages of the handbook stand on it.
    pub pages: usize,
}

/// A print page; `articles` are the pages on it, in order.
pub fn print(here: &Here<'_>, sheets: &[Sheet], sheet: &Sheet, articles: Vec<String>) -> PrintView {
    let atlas = here.atlas;
    let settings = &atlas.handbook.settings;
    let section = sheet.section.map(|_| title(here, sheet));
    let changed = sheet.pages.iter().filter_map(|page| atlas.analysis.changed.get(atlas.handbook.pages[*page].path())).max();
    let others = sheets.iter().filter(|other| sheet.pages.is_empty() && other.section.is_some());
    let article = |(place, html): (usize, String)| {
        let page = sheet.pages[place];
        let kind = atlas.handbook.pages[page].page_kind().name();
        ArticleView { anchor: anchor(place), kind, apart: matches!(kind, "process" | "system") || atlas.sections.is_index(page), html }
    };
    PrintView {
        title: settings.title.clone(),
        description: settings.description.as_deref().map(markdown::plain),
        section,
        pages: if sheet.pages.is_empty() { atlas.handbook.pages.len() } else { sheet.pages.len() },
        changed: changed.map(|day| words::day(*day)),
        contents: contents(here, sheet),
        articles: articles.into_iter().enumerate().map(article).collect(),
        sheets: others
            .map(|other| SheetLink {
                link: Link { title: title(here, other), href: relative(here.at.url, &other.url) },
                pages: other.pages.len(),
            })
            .collect(),
    }
}

/// The section of a print page, with those that it stands in.
pub fn title(here: &Here<'_>, sheet: &Sheet) -> String {
    let sections = &here.atlas.sections;
    let chain = sheet.section.map(|section| sections.chain_of(section)).unwrap_or_default();
    let names: Vec<&str> = chain.iter().skip(1).map(|section| sections.all[*section].title.as_str()).collect();
    let name = if names.is_empty() { "Pages of no section".to_owned() } else { names.join(" / ") };
    if sheet.part.1 > 1 { format!("{name}, part {} of {}", sheet.part.0, sheet.part.1) } else { name }
}

fn contents(here: &Here<'_>, sheet: &Sheet) -> Vec<PrintEntry> {
    let sections = &here.atlas.sections;
    let mut entries = Vec::new();
    let mut open = None;
    for (place, page) in sheet.pages.iter().copied().enumerate() {
        let section = sections.of[page];
        let depth = sections.chain_of(section).len();
        let opens = sections.is_index(page);
        // A section that no page opens has a line all the same.
        if open != Some(section) && !opens && depth > 1 {
            entries.push(PrintEntry { title: sections.all[section].title.clone(), href: None, level: depth - 1, section: true });
        }
        open = Some(section);
        entries.push(PrintEntry {
            title: here.atlas.handbook.pages[page].title().to_owned(),
            href: Some(fragment(&anchor(place))),
            level: if opens { depth.saturating_sub(1).max(1) } else { depth },
            section: opens && depth > 1,
        });
    }
    entries
}
