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
    /// Its page. Begins with the mark of the way up.
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
    /// Where it is; none for a folder without a page. Begins with the mark of the way up.
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
    /// Whether a way leads up to the folder: from every page but the first.
    up: bool,
    section: SectionIx,
    window: usize,
}

/// Stands in front of a link: the way up from a page to the folder that the link counts from.
const UP: char = '\u{e002}';

/// Around the number of a page. A title that holds them, or [`UP`], gets the words of the mark as text, no more.
const PAGE: [char; 2] = ['\u{e000}', '\u{e001}'];

/// The folder of a page's URL: pages in one folder, and what stands beside each of them, link to others in the same way but for the way up.
fn folder(url: &str) -> &str {
    let bare = url.strip_suffix('/').unwrap_or(url);
    &url[..bare.rfind('/').map_or(url.len(), |at| at + 1)]
}

/// Which navigation a page has.
pub fn key(here: &Here<'_>) -> Key {
    let sections = &here.atlas.sections;
    let section = here.about.map_or(0, |page| sections.of[page]);
    let at = here.about.filter(|page| !sections.is_index(*page)).map_or(0, |page| sections.place[page]);
    let base = base(here);
    let folder = folder(base);
    Key { folder: folder.to_owned(), up: base != folder, section, window: window(sections.all[section].entries.len(), at) }
}

/// The URL of the page that this is, or stands beside.
fn base<'h>(here: &Here<'h>) -> &'h str {
    let page = here.about.map(|page| here.atlas.handbook.pages[page].url.as_str());
    page.filter(|url| here.at.url.starts_with(url)).unwrap_or(here.at.url)
}

/// The way up from a page to the folder that its links count from.
pub fn way_up(here: &Here<'_>) -> String {
    "../".repeat(here.at.url[folder(base(here)).len()..].matches('/').count())
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
        level(here, key, *section, open, start)
    });
    NavView { levels: levels.collect() }
}

fn level(here: &Here<'_>, key: &Key, section: SectionIx, open: Option<SectionIx>, start: usize) -> NavLevel {
    let atlas = here.atlas;
    let section = &atlas.sections.all[section];
    let count = section.entries.len();
    let end = (start + WINDOW).min(count);
    let entries = section.entries[start..end].iter().map(|entry| match entry {
        Entry::Page(page) => NavEntry {
            title: atlas.handbook.pages[*page].title().to_owned(),
            href: Some(href(here, key, *page)),
            mark: mark(*page),
            open: false,
            section: false,
        },
        Entry::Section(inner) => {
            let view = &atlas.sections.all[*inner];
            let page = view.index.or_else(|| first_page(here, view));
            NavEntry {
                title: view.title.clone(),
                href: list(view).map(|url| to(key, url)).or(page.map(|page| href(here, key, page))),
                mark: view.index.map(mark).unwrap_or_default(),
                open: open == Some(*inner),
                section: true,
            }
        }
    });
    let home = section.parent.is_none();
    NavLevel {
        title: if home { atlas.handbook.settings.title.clone() } else { section.title.clone() },
        href: if home { Some(to(key, "/")) } else { section.index.map(|page| href(here, key, page)) },
        entries: entries.collect(),
        before: start,
        after: count - end,
    }
}

/// The URL of a page from every page of the same folder, itself included.
fn href(here: &Here<'_>, key: &Key, page: PageIx) -> String {
    to(key, &here.atlas.handbook.pages[page].url)
}

/// The generated page that a folder without a page of its own opens with.
fn list(section: &Section) -> Option<&str> {
    (section.index.is_none() && section.url == PREMORTEMS).then_some(PREMORTEMS)
}

fn to(key: &Key, url: &str) -> String {
    let url = relative(&key.folder, url);
    if key.up { format!("{UP}{}", url.strip_prefix("./").unwrap_or(&url)) } else { url }
}

/// A folder without a page of its own opens with its first page.
fn first_page(here: &Here<'_>, section: &Section) -> Option<PageIx> {
    section.entries.iter().find_map(|entry| match entry {
        Entry::Page(page) => Some(*page),
        Entry::Section(inner) => here.atlas.sections.all[*inner].index,
    })
}

fn mark(page: PageIx) -> String {
    let [open, close] = PAGE;
    format!("{open}{page}{close}")
}

/// Navigation that was rendered once, ready to be given to each page that shares it.
#[derive(Debug, Default)]
pub struct Rendered {
    html: String,
    /// What stood where in the HTML, in its order.
    marks: Vec<(usize, Mark)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Up,
    Page(PageIx),
}

impl Rendered {
    /// Takes the marks out, and keeps where they stood.
    pub fn new(html: &str) -> Self {
        let mut rendered = Self::default();
        let mut rest = html;
        while let Some(at) = rest.find([UP, PAGE[0]]) {
            rendered.html.push_str(&rest[..at]);
            let place = rendered.html.len();
            let found = &rest[at..];
            rest = match found.strip_prefix(UP) {
                Some(after) => {
                    rendered.marks.push((place, Mark::Up));
                    after
                }
                None => {
                    let after = found.strip_prefix(PAGE[0]).unwrap_or(found);
                    let (number, after) = after.split_once(PAGE[1]).unwrap_or(("", after));
                    rendered.marks.extend(number.parse().ok().map(|page| (place, Mark::Page(page))));
                    after
                }
            };
        }
        rendered.html.push_str(rest);
        rendered.html.shrink_to_fit();
        rendered.marks.shrink_to_fit();
        rendered
    }

    /// The navigation of one page, from which `up` leads to the folder that the links count from.
    pub fn for_page(&self, page: Option<PageIx>, up: &str) -> String {
        let mut html = String::with_capacity(self.html.len() + self.marks.len() * up.len() + 32);
        let mut current = page;
        let mut from = 0;
        for (at, mark) in &self.marks {
            html.push_str(&self.html[from..*at]);
            from = *at;
            match mark {
                Mark::Up => html.push_str(up),
                Mark::Page(page) if current == Some(*page) => {
                    html.push_str(" aria-current=\"page\"");
                    current = None;
                }
                Mark::Page(_) => {}
            }
        }
        html.push_str(&self.html[from..]);
        html
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_current_page_is_marked_and_no_other() {
        let html = format!("<a href=\"{UP}a/\"{}>A</a><a href=\"{UP}b/\"{}>B</a>", mark(1), mark(12));
        let nav = Rendered::new(&html);
        assert_eq!(nav.for_page(Some(12), "../"), "<a href=\"../a/\">A</a><a href=\"../b/\" aria-current=\"page\">B</a>");
        assert_eq!(nav.for_page(None, "../../"), "<a href=\"../../a/\">A</a><a href=\"../../b/\">B</a>");
    }

    #[test]
    fn pages_of_one_folder_share_their_links() {
        assert_eq!((folder("/a/b/"), folder("/a/"), folder("/")), ("/a/", "/", "/"));
        assert_eq!(window(10, 9), 0);
        assert_eq!((window(200, 0), window(200, 29), window(200, 100), window(200, 199)), (0, 0, 75, 140));
    }
}
