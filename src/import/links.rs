//! Links of a source -> links of a handbook.
//!
//! In: every page with its new path and the shape of its new text, and the URL rules of its tool. Out: edits at the places of links, and
//! the links that lead nowhere. A link is followed as its tool would follow it, and then as a reader would have meant it: by URL, by
//! file, without ending, in other letter case. Absent: anything but the destinations; a link that needs no change keeps every byte.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use crate::model::links::{joined, relative};
use crate::parse::slug::{Anchors as Numbered, slug};
use crate::parse::{Document, url};
use crate::portable::folded;

use super::names;
use super::source::{Anchors, Layout, Tool, Urls};

/// A page as links see it.
#[derive(Debug)]
pub struct Linked {
    /// Its path from the root of the source.
    pub source: String,
    /// Its path in the handbook, with `content/`.
    pub new: String,
    /// The path of its URL at the other tool: `/a/b/`, `/a/b.html`; of its file where there are no URLs.
    pub url: String,
    /// Ids of its headings that have another form now.
    pub renamed: HashMap<String, String>,
    /// The shape of its new text.
    pub document: Document,
    /// Its anchors at the other tool, by each rule that it may have: the heading of each.
    anchors: Vec<HashMap<String, usize>>,
    /// Its anchors in the handbook.
    ours: HashSet<String>,
}

impl Linked {
    /// A page with its anchors.
    pub fn new(source: String, new: String, url: String, renamed: HashMap<String, String>, document: Document, rule: Anchors) -> Self {
        let anchors = anchors(&document, rule);
        let ours = ours(&document);
        Self { source, new, url, renamed, document, anchors, ours }
    }
}

/// What a path of the source is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    Page(usize),
    File(usize),
    /// It exists and is no part of the handbook.
    Apart,
}

/// Why a link leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Broken {
    /// There is no such page or file.
    Target,
    /// There is no such place on the page.
    Anchor,
    /// The file is there and was left out of the handbook.
    LeftOut,
}

/// What became of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It leads out, or is right as it is.
    Same,
    /// It has another destination now.
    Changed(String),
    /// It leads nowhere.
    Broken {
        /// Why.
        why: Broken,
        /// The target as far as it is known, from the root of the source.
        target: String,
        /// What leads to the right page at least, where that is written otherwise now.
        new: Option<String>,
    },
}

/// Everything that a link can lead to.
pub struct Places<'p> {
    layout: &'p Layout,
    pages: &'p [Linked],
    files: &'p [(String, String)],
    by_source: HashMap<String, Item>,
    by_source_folded: HashMap<String, Item>,
    by_stem: HashMap<String, usize>,
    by_url: HashMap<String, Item>,
    by_name: HashMap<String, Option<usize>>,
    folders: HashMap<String, String>,
}

impl<'p> Places<'p> {
    /// The places of a source: its pages, the files that are copied (source, new path), and paths that exist and are left out.
    pub fn new(layout: &'p Layout, pages: &'p [Linked], files: &'p [(String, String)], apart: impl Iterator<Item = String>) -> Self {
        let mut places = Self {
            layout,
            pages,
            files,
            by_source: apart.map(|path| (path, Item::Apart)).collect(),
            by_source_folded: HashMap::new(),
            by_stem: HashMap::new(),
            by_url: HashMap::new(),
            by_name: HashMap::new(),
            folders: HashMap::new(),
        };
        for (index, (source, _)) in files.iter().enumerate() {
            places.by_source.insert(source.clone(), Item::File(index));
            let served = layout.statics.iter().find_map(|folder| source.strip_prefix(folder)).or_else(|| source.strip_prefix(&layout.docs));
            if let Some(served) = served {
                places.by_url.insert(key(served), Item::File(index));
            }
        }
        for (index, page) in pages.iter().enumerate() {
            places.by_source.insert(page.source.clone(), Item::Page(index));
            if let Some(stem) = names::stem(&page.source) {
                if names::is_index(stem) {
                    let folder = stem.rsplit_once('/').map_or("", |(folder, _)| folder);
                    places.by_stem.entry(folder.to_owned()).or_insert(index);
                }
                places.by_stem.insert(stem.to_owned(), index);
                let name = stem.rsplit('/').next().unwrap_or(stem).to_owned();
                places.by_name.entry(name).and_modify(|known| *known = None).or_insert(Some(index));
            }
            places.by_url.insert(places.key(&page.url), Item::Page(index));
            let (mut old, mut new) = (page.source.as_str(), page.new.as_str());
            while let (Some((above, _)), Some((new_above, _))) = (old.rsplit_once('/'), new.rsplit_once('/')) {
                places.folders.entry(above.to_owned()).or_insert_with(|| new_above.to_owned());
                (old, new) = (above, new_above);
            }
        }
        let folded_items: HashMap<String, Item> = places.by_source.iter().map(|(path, item)| (folded(path), *item)).collect();
        places.by_source_folded = folded_items;
        places
    }

    /// A URL's key, as the tool forms its URLs.
    fn key(&self, url: &str) -> String {
        let key = key(url);
        if self.layout.tool == Tool::Hugo { key.to_lowercase().replace(' ', "-") } else { key }
    }

    /// Follows a link of a page. A folder without a page of its own that is linked to is noted in `wanted`, by its new path.
    pub fn follow(&self, from: usize, target: &str, wanted: &mut BTreeSet<String>) -> Fate {
        let page = &self.pages[from];
        if target.is_empty() || url::is_external(target) || target.contains(['{', '}']) {
            return Fate::Same;
        }
        let (path, fragment) = target.split_once('#').map_or((target, None), |(path, fragment)| (path, Some(fragment)));
        let bare = path.split('?').next().unwrap_or_default();
        let decoded = url::percent_decoded(bare);
        if bare.is_empty() {
            return self.anchored(from, target, String::new(), fragment);
        }
        let found = self.find(page, &decoded);
        let here = page.new.rsplit_once('/').map_or("", |(folder, _)| folder);
        let leads_there = |new: &str| {
            let joined = joined(here, &decoded);
            let index = new.strip_suffix("/index.md").or_else(|| new.strip_suffix("/README.md"));
            !decoded.starts_with('/') && bare == path && (joined.as_deref() == Some(new) || joined.as_deref() == index && index.is_some())
        };
        let path_to = |new: &str| if leads_there(new) { path.to_owned() } else { encoded(&relative(&page.new, new)) };
        match found {
            Found::Item(Item::Page(to)) if to == from && fragment.is_some() => self.anchored(to, target, String::new(), fragment),
            Found::Item(Item::Page(to)) => self.anchored(to, target, path_to(&self.pages[to].new), fragment),
            Found::Item(Item::File(file)) => {
                let new =
                    format!("{}{}", path_to(&self.files[file].1), fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default());
                if new == target { Fate::Same } else { Fate::Changed(new) }
            }
            Found::Folder(folder) => {
                wanted.insert(folder.clone());
                let new = path_to(&format!("{folder}/index.md"));
                if new == target { Fate::Same } else { Fate::Changed(new) }
            }
            Found::Item(Item::Apart) => Fate::Broken { why: Broken::LeftOut, target: self.shown(page, &decoded), new: None },
            Found::Nothing => Fate::Broken { why: Broken::Target, target: self.shown(page, &decoded), new: None },
        }
    }

    /// A path as the report shows it: from the root of the source where it can be.
    fn shown(&self, page: &Linked, path: &str) -> String {
        if path.starts_with('/') {
            return path.to_owned();
        }
        let folder = page.source.rsplit_once('/').map_or("", |(folder, _)| folder);
        joined(folder, path).filter(|path| !path.is_empty()).unwrap_or_else(|| path.to_owned())
    }

    fn anchored(&self, to: usize, target: &str, path: String, fragment: Option<&str>) -> Fate {
        let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty()) else {
            let new = if path.is_empty() { target.to_owned() } else { path };
            return if new == target { Fate::Same } else { Fate::Changed(new) };
        };
        let page = &self.pages[to];
        let decoded = url::percent_decoded(fragment);
        let Some(anchor) = self.anchor(page, &decoded) else {
            // The page is right, so the link leads there at least.
            let new = Some(format!("{path}#{fragment}")).filter(|new| new != target);
            return Fate::Broken { why: Broken::Anchor, target: format!("{}#{decoded}", page.source), new };
        };
        let anchor = if anchor == decoded { fragment.to_owned() } else { anchor };
        let new = format!("{path}#{anchor}");
        if new == target { Fate::Same } else { Fate::Changed(new) }
    }

    /// The anchor on our page that the tool's one means.
    fn anchor(&self, page: &Linked, fragment: &str) -> Option<String> {
        let document = &page.document;
        if let Some(new) = page.renamed.get(fragment) {
            return Some(new.clone());
        }
        if let Some(heading) = page.anchors.iter().find_map(|names| names.get(fragment).copied()) {
            return document.anchors.get(heading).map(|anchor| anchor.id.clone());
        }
        if page.ours.contains(fragment) {
            return Some(fragment.to_owned());
        }
        let lower = fragment.to_lowercase();
        let user = lower.strip_prefix("user-content-").unwrap_or(&lower);
        page.ours.contains(user).then(|| user.to_owned())
    }

    fn find(&self, page: &Linked, path: &str) -> Found {
        let sources = self.source_paths(page, path);
        let urls = self.url_paths(page, path);
        let by_source = || sources.iter().find_map(|path| self.at_source(path));
        let by_url = || urls.iter().find_map(|path| self.by_url.get(&self.key(path)).copied()).map(Found::Item);
        let first = if names::stem(path).is_some() || self.layout.urls == Urls::Sources {
            by_source().or_else(by_url)
        } else {
            by_url().or_else(by_source)
        };
        first.or_else(|| self.by_folded(&sources)).or_else(|| self.by_name(path)).unwrap_or(Found::Nothing)
    }

    /// Files that a path could mean, from the root of the source.
    fn source_paths(&self, page: &Linked, path: &str) -> Vec<String> {
        let layout = self.layout;
        let Some(rest) = path.strip_prefix('/') else {
            let folder = page.source.rsplit_once('/').map_or("", |(folder, _)| folder);
            return joined(folder, path).into_iter().collect();
        };
        let without_base = path.strip_prefix(&layout.base_path);
        let bases = [layout.docs.as_str(), ""].into_iter().chain(layout.statics.iter().map(String::as_str));
        bases.flat_map(|base| [Some(rest), without_base].into_iter().flatten().filter_map(move |rest| joined(base, rest))).collect()
    }

    /// URLs that a path could mean.
    fn url_paths(&self, page: &Linked, path: &str) -> Vec<String> {
        if path.starts_with('/') {
            return path.strip_prefix(&self.layout.base_path).into_iter().chain([path]).map(str::to_owned).collect();
        }
        let base = page.url.rsplit_once('/').map_or("", |(folder, _)| folder);
        joined(base, path).into_iter().collect()
    }

    fn at_source(&self, path: &str) -> Option<Found> {
        if let Some(item) = self.by_source.get(path) {
            return Some(Found::Item(*item));
        }
        let bare = path.strip_suffix(".html").or_else(|| path.strip_suffix(".htm")).or_else(|| names::stem(path)).unwrap_or(path);
        if let Some(page) = self.by_stem.get(bare) {
            return Some(Found::Item(Item::Page(*page)));
        }
        self.folders.get(path).filter(|folder| *folder != "content").map(|folder| Found::Folder(folder.clone()))
    }

    fn by_folded(&self, sources: &[String]) -> Option<Found> {
        sources.iter().find_map(|path| self.by_source_folded.get(&folded(path)).copied()).map(Found::Item)
    }

    /// Hugo finds a page by its name alone, where only one has it, and Jekyll a post.
    fn by_name(&self, path: &str) -> Option<Found> {
        let stem = names::stem(path).unwrap_or(path);
        let is_name = matches!(self.layout.tool, Tool::Hugo | Tool::Jekyll) && !stem.contains('/');
        is_name.then(|| self.by_name.get(stem).copied().flatten()).flatten().map(|page| Found::Item(Item::Page(page)))
    }
}

enum Found {
    Item(Item),
    /// A folder that has pages and none of its own, by its new path.
    Folder(String),
    Nothing,
}

/// A URL without what makes no difference: slashes at its ends, `.html`, `index.html`.
fn key(url: &str) -> String {
    let bare = url.trim_matches('/');
    let bare = bare.strip_suffix(".html").unwrap_or(bare);
    let bare = if bare == "index" { "" } else { bare.strip_suffix("/index").unwrap_or(bare) };
    bare.to_owned()
}

/// A path as the destination of a link.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            ' ' | '(' | ')' | '<' | '>' | '%' | '#' | '?' | '"' | '\\' | '*' | '[' | ']' | '`' => {
                out.push_str(&format!("%{:02X}", u32::from(c)))
            }
            c => out.push(c),
        }
    }
    out
}

/// Every name by which something on the page is linked to in the handbook.
fn ours(document: &Document) -> HashSet<String> {
    let headings =
        document.anchors.iter().flat_map(|anchor| [Some(anchor.id.clone()), anchor.also.clone(), Some(anchor.github.clone())]).flatten();
    let notes = document.outline.footnotes.iter().map(|note| format!("fn-{note}"));
    headings.chain(document.raw_ids.iter().cloned()).chain(notes).chain(["top".to_owned()]).collect()
}

/// For each rule by which the tool may make anchors, the heading behind every anchor; of two equal ones, the first.
fn anchors(document: &Document, rule: Anchors) -> Vec<HashMap<String, usize>> {
    let headings = || document.outline.headings.iter();
    let places = |names: Vec<String>| {
        let mut places = HashMap::new();
        for (at, name) in names.into_iter().enumerate() {
            places.entry(name).or_insert(at);
        }
        places
    };
    let github = || {
        let mut numbered = Numbered::default();
        places(headings().map(|heading| heading.id.clone().unwrap_or_else(|| numbered.give(&slug(&heading.text)))).collect())
    };
    match rule {
        Anchors::Github => vec![github()],
        Anchors::Python => {
            let mut given: HashMap<String, usize> = HashMap::new();
            let mut unique = |name: String| {
                let Some(mut next) = given.get(&name).copied() else {
                    given.insert(name.clone(), 1);
                    return name;
                };
                while given.contains_key(&format!("{name}_{next}")) {
                    next += 1;
                }
                let numbered = format!("{name}_{next}");
                given.insert(name, next + 1);
                given.insert(numbered.clone(), 1);
                numbered
            };
            let python = headings().map(|heading| unique(heading.id.clone().unwrap_or_else(|| python_slug(&heading.text))));
            vec![places(python.collect()), github()]
        }
    }
}

/// The anchor that Python-Markdown's `toc` gives a heading: ASCII alone, runs of spaces and `-` one `-`.
pub(super) fn python_slug(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let ascii: String = text.nfkd().filter(char::is_ascii).collect();
    let kept: String = ascii.chars().filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-') || c.is_whitespace()).collect();
    kept.trim().to_lowercase().split(|c: char| c.is_whitespace() || c == '-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

/// Where the destination of a link stands in a text, as it is written there: with escapes, between `<` and `>`.
pub fn destination(text: &str, span: Range<usize>, target: &str) -> Option<Range<usize>> {
    let source = text.get(span.clone())?;
    if source == target {
        return Some(span);
    }
    let open = source.rfind("](")? + 2;
    let rest = &source[open..];
    let start = open + rest.len() - rest.trim_start().len();
    let rest = &source[start..];
    let (start, end) = match rest.strip_prefix('<') {
        Some(inner) => (start + 1, start + 1 + inner.find('>')?),
        None => (start, start + rest.find([' ', '\n', '\t']).unwrap_or_else(|| rest.rfind(')').unwrap_or(rest.len()))),
    };
    Some(span.start + start..span.start + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_those_of_python_markdown() {
        assert_eq!(python_slug("Größe:  what - if?"), "groe-what-if");
        assert_eq!(python_slug("`a_b` Ünï"), "a_b-uni");
    }

    #[test]
    fn keys_leave_out_what_makes_no_difference() {
        for url in ["/a/b/", "/a/b.html", "a/b", "/a/b/index.html"] {
            assert_eq!(key(url), "a/b");
        }
        assert_eq!((key("/"), key("/index.html")), (String::new(), String::new()));
    }

    #[test]
    fn destinations_are_found_with_their_escapes() {
        let text = "x [a](b\\_c.md) y";
        assert_eq!(destination(text, 2..14, "b_c.md").map(|range| &text[range]), Some("b\\_c.md"));
        let text = "[a](<b c.md> \"t\")";
        assert_eq!(destination(text, 0..17, "b").map(|range| &text[range]), Some("b c.md"));
        assert_eq!(joined("a/b", "../../.."), None);
        assert_eq!(joined("a/b", "../c/./d.md").as_deref(), Some("a/c/d.md"));
    }
}
