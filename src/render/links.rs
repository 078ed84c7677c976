//! Where links lead, as URLs of the site: relative to the page on which they stand.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{Handbook, LinkTarget, PageIx, Target};
use crate::parse::url;
use crate::source::PagePath;

use super::relative::{fragment, relative};

/// The page of the site on which HTML will stand.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// Its URL from the root of the site.
    pub url: &'a str,
    /// The page of the handbook whose anchors it holds.
    pub page: Option<PageIx>,
    /// Which of them.
    pub holds: Holds,
}

/// Which anchors of a page another page holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// All: it is the page itself.
    All,
    /// Those of tracks, steps and failure modes.
    Things,
}

/// Files of the handbook by their paths.
pub struct Files {
    pages: HashMap<PagePath, PageIx>,
    /// The page that stands for a folder.
    folders: HashMap<String, PageIx>,
    assets: HashMap<PagePath, usize>,
}

impl Files {
    /// The files of a handbook.
    pub fn new(handbook: &Handbook) -> Self {
        let files = || handbook.pages.iter().enumerate().filter(|(_, page)| !page.from_settings);
        let folders = files().filter_map(|(index, page)| {
            let (folder, file) = page.path().as_str().rsplit_once('/')?;
            matches!(file, "index.md" | "README.md").then(|| (folder.to_owned(), index))
        });
        Self {
            pages: files().map(|(index, page)| (page.path().clone(), index)).collect(),
            folders: folders.collect(),
            assets: handbook.assets.iter().enumerate().map(|(index, path)| (path.clone(), index)).collect(),
        }
    }
}

/// Everything on the site that a link can lead to.
pub struct Places<'a> {
    handbook: &'a Handbook,
    files: Arc<Files>,
}

/// Where a link that was written somewhere leads.
#[derive(Debug, PartialEq, Eq)]
pub enum Led {
    /// To a URL.
    To(String),
    /// Out of the site.
    Out(String),
    /// Nowhere, or where no link may lead.
    Nowhere,
}

impl<'a> Places<'a> {
    /// The places of a handbook with these files.
    pub fn new(handbook: &'a Handbook, files: Arc<Files>) -> Self {
        Self { handbook, files }
    }

    /// The relative URL of a page.
    pub fn page(&self, at: Standing<'_>, page: PageIx) -> String {
        relative(at.url, &self.handbook.pages[page].url)
    }

    /// The relative URL of an anchor of a page.
    pub fn anchor(&self, at: Standing<'_>, page: PageIx, id: &str) -> String {
        let here = at.page == Some(page) && (at.holds == Holds::All || is_thing(self.handbook, page, id));
        if here { fragment(id) } else { self.page(at, page) + &fragment(id) }
    }

    /// The relative URL of a page, track, step or failure mode.
    pub fn target(&self, at: Standing<'_>, target: Target) -> String {
        match self.handbook.thing_of(target) {
            None => self.page(at, target.page()),
            Some(thing) if at.page == Some(target.page()) => fragment(thing),
            Some(thing) => self.page(at, target.page()) + &fragment(thing),
        }
    }

    /// The relative URL of a file that is copied.
    pub fn asset(&self, at: Standing<'_>, asset: usize) -> String {
        relative(at.url, &asset_url(&self.handbook.assets[asset]))
    }

    /// Where a Markdown link of a page leads. `written` is its destination as the parser gives it.
    pub fn led(&self, at: Standing<'_>, target: &LinkTarget, written: &str) -> Led {
        match target {
            LinkTarget::External if url::unsafe_scheme(written).is_none() => Led::Out(written.to_owned()),
            LinkTarget::External | LinkTarget::Unsafe | LinkTarget::Broken => Led::Nowhere,
            LinkTarget::Page(page, None) | LinkTarget::Process(page) => Led::To(self.page(at, *page)),
            LinkTarget::Page(page, Some(id)) => Led::To(self.anchor(at, *page, id)),
            LinkTarget::Thing(target) => Led::To(self.target(at, *target)),
            LinkTarget::Asset(asset) => Led::To(self.asset(at, *asset)),
        }
    }

    /// Where a link leads that stands in a declaration or in raw HTML on the page `on`.
    pub fn follow(&self, at: Standing<'_>, on: PageIx, written: &str) -> Led {
        let written = written.trim();
        if url::unsafe_scheme(written).is_some() {
            return Led::Nowhere;
        }
        if url::is_external(written) {
            return Led::Out(written.to_owned());
        }
        let (path, anchor) = match written.split_once('#') {
            Some((path, anchor)) => (path, Some(url::percent_decoded(anchor)).filter(|anchor| !anchor.is_empty())),
            None => (written, None),
        };
        let path = url::percent_decoded(path.split('?').next().unwrap_or(path));
        if path.is_empty() {
            return self.on_page(at, on, anchor);
        }
        let Some(full) = full_path(self.handbook.pages[on].path().as_str(), &path) else { return Led::Nowhere };
        let bare = full.strip_suffix(".html").unwrap_or(&full);
        let page = self.files.pages.get(full.as_str()).or_else(|| self.files.folders.get(full.as_str())).copied();
        if let Some(page) = page {
            return self.on_page(at, page, anchor);
        }
        if let Some(asset) = self.files.assets.get(full.as_str()) {
            return Led::To(self.asset(at, *asset));
        }
        match self.files.pages.get(format!("{bare}.md").as_str()) {
            Some(page) => self.on_page(at, *page, anchor),
            None => Led::Nowhere,
        }
    }

    fn on_page(&self, at: Standing<'_>, page: PageIx, anchor: Option<String>) -> Led {
        let Some(anchor) = anchor else { return Led::To(self.page(at, page)) };
        let document = &self.handbook.pages[page].document;
        let known = |heading: &&crate::parse::document::HeadingAnchor| heading.id == anchor || heading.also.as_deref() == Some(&anchor);
        let things = document.tracks.iter().flat_map(|track| std::iter::once(&track.id).chain(track.steps.iter().map(|step| &step.id)));
        let mut things = things.chain(document.failures.iter().map(|failure| &failure.id));
        if things.any(|id| *id == anchor) || document.anchors.iter().any(|heading| known(&heading)) {
            return Led::To(self.anchor(at, page, &anchor));
        }
        if let Some(heading) = document.anchors.iter().find(|heading| heading.github == anchor) {
            return Led::To(self.anchor(at, page, &heading.id));
        }
        if document.raw_ids.contains(&anchor) {
            return Led::To(self.anchor(at, page, &format!("user-{anchor}")));
        }
        Led::To(self.page(at, page))
    }
}

/// Whether an id is that of a track, step or failure mode of a page.
fn is_thing(handbook: &Handbook, page: PageIx, id: &str) -> bool {
    let document = &handbook.pages[page].document;
    let in_track = |track: &crate::parse::document::Track| track.id == id || track.steps.iter().any(|step| step.id == id);
    document.tracks.iter().any(in_track) || document.failures.iter().any(|failure| failure.id == id)
}

/// The URL of a file that is copied, from the root of the site.
pub fn asset_url(path: &crate::source::PagePath) -> String {
    let path = path.as_str();
    format!("/{}", path.strip_prefix("content/").unwrap_or(path))
}

/// The path from the root of the project that a link on a page means, unless it leads out of `content/`.
fn full_path(from: &str, path: &str) -> Option<String> {
    let base = if path.starts_with('/') { "content" } else { from.rsplit_once('/').map_or("content", |(folder, _)| folder) };
    let mut parts: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    let full = parts.join("/");
    (full == "content" || full.starts_with("content/")).then_some(full)
}
