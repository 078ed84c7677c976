//! The folders of the handbook as sections: what the navigation shows, and what comes before and after a page.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use crate::model::{Handbook, PageIx};
use crate::parse::value::PageKind;

use super::paths::PREMORTEMS;

/// A section, by its place in [`Sections`].
pub type SectionIx = usize;

/// A folder with its pages.
#[derive(Debug)]
pub struct Section {
    /// Its URL from the root of the site: `/processes/`.
    pub url: String,
    /// Its name: the title of its index page, else the folder's.
    pub title: String,
    /// Its index page.
    pub index: Option<PageIx>,
    /// The section that it stands in.
    pub parent: Option<SectionIx>,
    /// Its pages and sections in order: by `order`, then by title.
    pub entries: Vec<Entry>,
    order: i64,
}

/// What stands in a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A page.
    Page(PageIx),
    /// A section.
    Section(SectionIx),
}

/// All sections; the first is the root.
#[derive(Debug)]
pub struct Sections {
    /// The sections.
    pub all: Vec<Section>,
    /// The section of each page; an index page is in the section that it opens.
    pub of: Vec<SectionIx>,
    /// The place of each page among the entries of its section.
    pub place: Vec<usize>,
}

impl Sections {
    /// The sections of a handbook.
    pub fn new(handbook: &Handbook) -> Self {
        let mut sections = Self { all: Vec::new(), of: vec![0; handbook.pages.len()], place: vec![0; handbook.pages.len()] };
        let mut by_url: BTreeMap<String, SectionIx> = BTreeMap::new();
        sections.open("/", &mut by_url);
        for (index, page) in handbook.pages.iter().enumerate().filter(|(_, page)| !page.from_settings) {
            let is_index = matches!(page.path().as_str().rsplit('/').next(), Some("index.md" | "README.md"));
            let folder = if is_index { page.url.as_str() } else { parent(&page.url) };
            let section = sections.open(folder, &mut by_url);
            sections.of[index] = section;
            if is_index {
                sections.all[section].index = Some(index);
                sections.all[section].title = page.title().to_owned();
                sections.all[section].order = order(handbook, index);
            } else {
                sections.all[section].entries.push(Entry::Page(index));
            }
        }
        sections.adopt(handbook);
        sections.sort(handbook);
        sections
    }

    fn open(&mut self, url: &str, by_url: &mut BTreeMap<String, SectionIx>) -> SectionIx {
        if let Some(section) = by_url.get(url) {
            return *section;
        }
        let parent = (url != "/").then(|| self.open(parent(url), by_url));
        let name = url.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let section = self.all.len();
        self.all.push(Section {
            url: url.to_owned(),
            title: if url == PREMORTEMS { "Pre-mortems".to_owned() } else { words(name) },
            index: None,
            parent,
            entries: Vec::new(),
            order: i64::MAX,
        });
        by_url.insert(url.to_owned(), section);
        if let Some(parent) = parent {
            self.all[parent].entries.push(Entry::Section(section));
        }
        section
    }

    /// Puts the roles and systems of the settings where most pages of their kind are.
    fn adopt(&mut self, handbook: &Handbook) {
        for kind in [PageKind::System, PageKind::Role] {
            let mut count: HashMap<SectionIx, usize> = HashMap::new();
            for page in handbook.of_kind(kind).filter(|page| !handbook.pages[*page].from_settings) {
                *count.entry(self.of[page]).or_default() += 1;
            }
            let most = count.into_iter().max_by_key(|(section, count)| (*count, std::cmp::Reverse(*section)));
            let section = most.map_or(0, |(section, _)| section);
            for page in handbook.of_kind(kind).filter(|page| handbook.pages[*page].from_settings) {
                self.of[page] = section;
                self.all[section].entries.push(Entry::Page(page));
            }
        }
    }

    fn sort(&mut self, handbook: &Handbook) {
        let key: Vec<(i64, String)> = self.all.iter().map(|section| (section.order, section.title.to_lowercase())).collect();
        let page_key: Vec<(i64, String)> =
            (0..handbook.pages.len()).map(|page| (order(handbook, page), handbook.pages[page].title().to_lowercase())).collect();
        let rank = |entry: &Entry| match entry {
            Entry::Page(page) => &page_key[*page],
            Entry::Section(section) => &key[*section],
        };
        let path = |entry: &Entry| match entry {
            Entry::Page(page) => *page,
            Entry::Section(section) => *section,
        };
        for section in &mut self.all {
            section.entries.sort_by(|a, b| rank(a).cmp(rank(b)).then_with(|| path(a).cmp(&path(b))).then(Ordering::Equal));
            for (place, entry) in section.entries.iter().enumerate() {
                if let Entry::Page(page) = entry {
                    self.place[*page] = place;
                }
            }
        }
    }

    /// The sections from the root to the one of a page.
    pub fn chain(&self, page: PageIx) -> Vec<SectionIx> {
        self.chain_of(self.of[page])
    }

    /// The sections from the root to one.
    pub fn chain_of(&self, section: SectionIx) -> Vec<SectionIx> {
        let mut chain = vec![section];
        while let Some(parent) = self.all[chain[chain.len() - 1]].parent {
            chain.push(parent);
        }
        chain.reverse();
        chain
    }

    /// Whether a page opens its section.
    pub fn is_index(&self, page: PageIx) -> bool {
        self.all[self.of[page]].index == Some(page)
    }

    /// The pages before and after one in its section; before the first comes the section's own page.
    pub fn neighbours(&self, page: PageIx) -> (Option<PageIx>, Option<PageIx>) {
        let section = &self.all[self.of[page]];
        let pages = |entry: &Entry| match entry {
            Entry::Page(page) => Some(*page),
            Entry::Section(section) => self.all[*section].index,
        };
        if self.is_index(page) {
            return (None, section.entries.iter().find_map(pages));
        }
        let place = self.place[page];
        let before = section.entries[..place].iter().rev().find_map(pages).or(section.index);
        let after = section.entries[place + 1..].iter().find_map(pages);
        (before, after)
    }
}

fn order(handbook: &Handbook, page: PageIx) -> i64 {
    handbook.pages[page].document.front.page.order.as_ref().map_or(i64::MAX, |order| order.value)
}

fn parent(url: &str) -> &str {
    let bare = url.strip_suffix('/').unwrap_or(url);
    &bare[..bare.rfind('/').map_or(0, |at| at + 1).max(usize::from(bare.is_empty()))]
}

/// A folder's name as a title: `change-management` is `Change management`.
fn words(name: &str) -> String {
    let spaced = name.replace(['-', '_'], " ");
    let mut chars = spaced.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_of_urls() {
        assert_eq!(parent("/a/b/"), "/a/");
        assert_eq!(parent("/a/"), "/");
    }

    #[test]
    fn folders_get_a_readable_name() {
        assert_eq!(words("change-management"), "Change management");
    }
}
