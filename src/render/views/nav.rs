//! The navigation: the section's pages and its ancestors, never the whole tree.

use serde::Serialize;

use crate::model::PageIx;

use super::super::paths::PREMORTEMS;
use super::super::relative::relative;
use super::super::sections::{Entry, Section, SectionIx};
use super::Here;

/// The sections from the root to the current one; the last holds the current page.
#[derive(Clone, Debug, Serialize)]
pub struct NavView {
    /// The sections.
    pub levels: Vec<NavLevel>,
}

/// The entries of one section.
#[derive(Clone, Debug, Serialize)]
pub struct NavLevel {
    /// The section.
    pub title: String,
    /// Its page.
    pub href: Option<String>,
    /// Its entries, or those around the current one.
    pub entries: Vec<NavEntry>,
    /// How many entries before these are left out.
    pub before: usize,
    /// How many entries after these are left out.
    pub after: usize,
}

/// An entry of the navigation.
#[derive(Clone, Debug, Serialize)]
pub struct NavEntry {
    /// The page or section.
    pub title: String,
    /// Where it is; none for a folder without a page.
    pub href: Option<String>,
    /// Stands inside its tag, where `aria-current` goes on the page that it is.
    pub mark: String,
    /// Whether it is the section that holds the current page.
    pub open: bool,
    /// Whether it is a section.
    pub section: bool,
}

/// Entries of one section that the navigation shows at most.
const WINDOW: usize = 60;

/// What two pages must share to have the same navigation but for which entry is the current one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    folder: String,
    depth: usize,
    section: SectionIx,
    window: usize,
}

/// The folder of a page's URL: pages in one folder link to others in the same way.
fn folder(url: &str) -> &str {
    let bare = url.strip_suffix('/').unwrap_or(url);
    &url[..bare.rfind('/').map_or(url.len(), |at| at + 1)]
}

/// Which navigation a page has.
pub fn key(here: &Here<'_>) -> Key {
    let sections = &here.atlas.sections;
    let section = here.about.map_or(0, |page| sections.of[page]);
    let at = here.about.filter(|page| !sections.is_index(*page)).map_or(0, |page| sections.place[page]);
    let depth = here.at.url.matches('/').count();
    Key { folder: folder(here.at.url).to_owned(), depth, section, window: window(sections.all[section].entries.len(), at) }
}

/// The first entry that is shown, in steps of half a window.
fn window(count: usize, at: usize) -> usize {
    if count <= WINDOW { 0 } else { (at / (WINDOW / 2) * (WINDOW / 2)).saturating_sub(WINDOW / 4).min(count - WINDOW) }
}

/// The navigation of a page and of all that share its key.
pub fn nav(here: &Here<'_>, key: &Key) -> NavView {
    let sections = &here.atlas.sections;
    let chain = sections.chain_of(key.section);
    let levels = chain.iter().enumerate().map(|(depth, section)| {
        let open = chain.get(depth + 1).copied();
        let entries = &sections.all[*section].entries;
        let place = open.and_then(|open| entries.iter().position(|entry| *entry == Entry::Section(open))).unwrap_or(0);
        let start = if open.is_none() { key.window } else { window(entries.len(), place) };
        level(here, *section, open, start)
    });
    NavView { levels: levels.collect() }
}

fn level(here: &Here<'_>, section: SectionIx, open: Option<SectionIx>, start: usize) -> NavLevel {
    let atlas = here.atlas;
    let section = &atlas.sections.all[section];
    let count = section.entries.len();
    let end = (start + WINDOW).min(count);
    let entries = section.entries[start..end].iter().map(|entry| match entry {
        Entry::Page(page) => NavEntry {
            title: atlas.handbook.pages[*page].title().to_owned(),
            href: Some(href(here, *page)),
            mark: mark(*page),
            open: false,
            section: false,
        },
        Entry::Section(inner) => {
            let view = &atlas.sections.all[*inner];
            let page = view.index.or_else(|| first_page(here, view));
            NavEntry {
                title: view.title.clone(),
                href: list(view).map(|url| to(here, url)).or(page.map(|page| href(here, page))),
                mark: view.index.map(mark).unwrap_or_default(),
                open: open == Some(*inner),
                section: true,
            }
        }
    });
    let home = section.parent.is_none();
    NavLevel {
        title: if home { atlas.handbook.settings.title.clone() } else { section.title.clone() },
        href: if home { Some(relative(here.at.url, "/")) } else { section.index.map(|page| href(here, page)) },
        entries: entries.collect(),
        before: start,
        after: count - end,
    }
}

/// The URL of a page from every page of the same folder, itself included.
fn href(here: &Here<'_>, page: PageIx) -> String {
    to(here, &here.atlas.handbook.pages[page].url)
}

/// The generated page that a folder without a page of its own opens with.
fn list(section: &Section) -> Option<&str> {
    (section.index.is_none() && section.url == PREMORTEMS).then_some(PREMORTEMS)
}

fn to(here: &Here<'_>, url: &str) -> String {
    let folder = folder(here.at.url);
    let url = relative(folder, url);
    let up = here.at.url.len() > folder.len();
    match (up, url.strip_prefix("./")) {
        (false, _) => url,
        (true, Some(rest)) => format!("../{rest}"),
        (true, None) => format!("../{url}"),
    }
}

/// A folder without a page of its own opens with its first page.
fn first_page(here: &Here<'_>, section: &Section) -> Option<PageIx> {
    section.entries.iter().find_map(|entry| match entry {
        Entry::Page(page) => Some(*page),
        Entry::Section(inner) => here.atlas.sections.all[*inner].index,
    })
}

/// The number of a page between two characters for private use. A title that holds them gets the words of the mark as text, no more.
fn mark(page: PageIx) -> String {
    format!("\u{e000}{page}\u{e001}")
}

/// Navigation that was rendered once, ready to be given to each page that shares it.
#[derive(Debug, Default)]
pub struct Rendered {
    html: String,
    places: Vec<(PageIx, usize)>,
}

impl Rendered {
    /// Takes the marks out, and keeps where they stood.
    pub fn new(html: &str) -> Self {
        let mut rendered = Self::default();
        let mut rest = html;
        while let Some((before, after)) = rest.split_once('\u{e000}') {
            rendered.html.push_str(before);
            let (number, after) = after.split_once('\u{e001}').unwrap_or(("", after));
            if let Ok(page) = number.parse() {
                rendered.places.push((page, rendered.html.len()));
            }
            rest = after;
        }
        rendered.html.push_str(rest);
        rendered
    }

    /// The navigation of one page.
    pub fn for_page(&self, page: Option<PageIx>) -> String {
        let place = page.and_then(|page| self.places.iter().find(|(known, _)| *known == page));
        match place {
            Some((_, at)) => format!("{} aria-current=\"page\"{}", &self.html[..*at], &self.html[*at..]),
            None => self.html.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_current_page_is_marked_and_no_other() {
        let html = format!("<a href=\"../a/\"{}>A</a><a href=\"../b/\"{}>B</a>", mark(1), mark(12));
        let nav = Rendered::new(&html);
        assert_eq!(nav.for_page(Some(12)), "<a href=\"../a/\">A</a><a href=\"../b/\" aria-current=\"page\">B</a>");
        assert_eq!(nav.for_page(None), "<a href=\"../a/\">A</a><a href=\"../b/\">B</a>");
    }

    #[test]
    fn pages_of_one_folder_share_their_links() {
        assert_eq!((folder("/a/b/"), folder("/a/"), folder("/")), ("/a/", "/", "/"));
        assert_eq!(window(10, 9), 0);
        assert_eq!((window(200, 0), window(200, 29), window(200, 100), window(200, 199)), (0, 0, 75, 140));
    }
}
