//! The list of all outputs: every path of the site with what it comes from. The one place that knows which files there will be; the
//! check for collisions and the plan both go by it.

use std::fmt;

use crate::check::due::due;
use crate::model::{Handbook, Page, PageIx};
use crate::parse::value::PageKind;
use crate::source::PagePath;

use super::feeds::{ADDRESSES, sitemap_part};
use super::links::asset_url;
use super::map::MAP;
use super::offline;
use super::print::sheet_urls;
use super::register::{foresight_urls, review_urls, risk_urls};
use super::search::text_urls;

/// The folder of the theme's files. Names that begin with `_` are not content, so no page or file can collide with it.
pub const THEME: &str = "_theme/";

/// Names at the top of a site whose pages forewarn makes itself, with all below them: site.md, "Pages".
pub const MADE: [&str; 8] = ["foresight", "gaps", "growth", "map", "premortems", "print", "reviews", "risks"];

/// What an output comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceName {
    /// A page of the handbook.
    Page {
        /// The page.
        page: PageIx,
        /// Its file, or the settings.
        file: PagePath,
    },
    /// A page that is made of a process.
    Beside {
        /// The process.
        page: PageIx,
        /// Its file.
        file: PagePath,
        /// Which.
        what: Beside,
    },
    /// An old URL of a page.
    Alias {
        /// The page.
        page: PageIx,
        /// Its file.
        file: PagePath,
        /// Which of its aliases, from 0.
        alias: usize,
    },
    /// A file that is copied.
    Asset {
        /// Its place among the handbook's assets.
        asset: usize,
        /// The file.
        file: PagePath,
    },
    /// A page or file about the whole handbook.
    Generated(Generated),
}

/// A page that is made of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// The run sheet.
    Checklist,
    /// The pre-mortem workbook.
    Workbook,
}

/// A page or file about the whole handbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generated {
    /// The home page, where none is written.
    Home,
    /// A part of the register of failure modes, from 0.
    Risks(usize),
    /// The list of findings; its further parts take paths that nothing else has.
    Gaps,
    /// Processes and systems, and what needs what; its further parts take paths that nothing else has.
    Map,
    /// What is full first.
    Growth,
    /// A part of the incidents against what pages had said, from 0.
    Foresight(usize),
    /// The workbooks and the records of sessions; its further parts take paths that nothing else has.
    Premortems,
    /// A part of what comes due, from 0.
    Reviews(usize),
    /// What comes due, for calendars.
    ReviewsIcs,
    /// The page for URLs that do not exist.
    NotFound,
    /// The model.
    Model,
    /// The register as CSV.
    RisksCsv,
    /// The register as JSON.
    RisksJson,
    /// What search engines may do.
    Robots,
    /// Titles, ids and declared facts for the search.
    Search,
    /// The texts of a section for the search, from 0. Not written where there is too much of it.
    SearchText(usize),
    /// A print page, from 0.
    Print(usize),
    /// The addresses for search engines: all of them, or the list of the parts; from 1, a part.
    Sitemap(usize),
    /// What has changed, for readers of news.
    Feed,
    /// The site in one file, for the day when its host is down.
    OfflineCopy,
    /// An empty file that keeps GitHub Pages from leaving out the folder of the theme.
    NoJekyll,
}

impl SourceName {
    /// The file, where there is one.
    pub fn file(&self) -> Option<&PagePath> {
        match self {
            SourceName::Page { file, .. }
            | SourceName::Beside { file, .. }
            | SourceName::Alias { file, .. }
            | SourceName::Asset { file, .. } => Some(file),
            SourceName::Generated(_) => None,
        }
    }

    /// The page that it belongs to, where it belongs to one.
    pub fn page(&self) -> Option<PageIx> {
        match self {
            SourceName::Page { page, .. } | SourceName::Beside { page, .. } | SourceName::Alias { page, .. } => Some(*page),
            SourceName::Asset { .. } | SourceName::Generated(_) => None,
        }
    }
}

impl fmt::Display for SourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SourceName::Page { file, .. } | SourceName::Asset { file, .. } => write!(f, "`{file}`"),
            SourceName::Beside { file, what: Beside::Checklist, .. } => write!(f, "the run sheet of `{file}`"),
            SourceName::Beside { file, what: Beside::Workbook, .. } => write!(f, "the pre-mortem workbook of `{file}`"),
            SourceName::Alias { file, .. } => write!(f, "an alias of `{file}`"),
            SourceName::Generated(generated) => f.write_str(match generated {
                Generated::Home => "the home page",
                Generated::Risks(_) => "the register of failure modes",
                Generated::Gaps => "the list of gaps",
                Generated::Map => "the map",
                Generated::Growth => "the page on growth",
                Generated::Foresight(_) => "the page on foresight",
                Generated::Premortems => "the list of pre-mortems",
                Generated::Reviews(_) => "the list of what comes due",
                Generated::ReviewsIcs => "the calendar of what comes due",
                Generated::NotFound => "the page for URLs that do not exist",
                Generated::Model => "the model export",
                Generated::RisksCsv => "the register as CSV",
                Generated::RisksJson => "the register as JSON",
                Generated::Robots => "the rules for search engines",
                Generated::Search => "the search data",
                Generated::SearchText(_) => "the texts for the search",
                Generated::Print(_) => "the print page",
                Generated::Sitemap(_) => "the sitemap",
                Generated::Feed => "the feed",
                Generated::OfflineCopy => "the offline copy",
                Generated::NoJekyll => "the mark for GitHub Pages",
            }),
        }
    }
}

/// The path of the file behind a URL: `/deploy/` is `deploy/index.html`.
pub fn file_of(url: &str) -> String {
    let bare = url.trim_start_matches('/');
    if bare.is_empty() || bare.ends_with('/') { format!("{bare}index.html") } else { bare.to_owned() }
}

/// The URL of the list of pre-mortems.
pub const PREMORTEMS: &str = "/premortems/";

/// The page of prose that an author has written for the URL of a generated page: its text opens that page, and it is no collision. A page
/// of any other kind has its own view, and collides.
pub fn opening(handbook: &Handbook, url: &str) -> Option<PageIx> {
    handbook.pages.iter().position(|page| page.url == url && page.page_kind() == PageKind::Page)
}

/// Every output that is made of one page: its path, and what it comes from.
pub fn of_page(page: PageIx, model: &Page) -> Vec<(String, SourceName)> {
    let file = model.path();
    let mut outputs = vec![(file_of(&model.url), SourceName::Page { page, file: file.clone() })];
    if model.process().is_some() {
        for (name, what) in [("checklist", Beside::Checklist), ("premortem", Beside::Workbook)] {
            outputs.push((file_of(&format!("{}{name}/", model.url)), SourceName::Beside { page, file: file.clone(), what }));
        }
    }
    for (alias, url) in model.document.front.page.aliases.iter().enumerate() {
        outputs.push((file_of(&url.value), SourceName::Alias { page, file: file.clone(), alias }));
    }
    outputs
}

/// Every output of a handbook but the theme's own files, which stand apart: its path, and what it comes from. Two entries may share a
/// path; that is a fault of the handbook.
pub fn outputs(handbook: &Handbook) -> Vec<(String, SourceName)> {
    let mut outputs = Vec::with_capacity(handbook.pages.len() * 2 + 16);
    outputs.extend(handbook.pages.iter().enumerate().flat_map(|(page, model)| of_page(page, model)));
    let mut add = |url: &str, source: SourceName| outputs.push((file_of(url), source));
    for (asset, file) in handbook.assets.iter().enumerate() {
        add(&asset_url(file), SourceName::Asset { asset, file: file.clone() });
    }
    if !handbook.pages.iter().any(|page| page.url == "/") {
        add("/", SourceName::Generated(Generated::Home));
    }
    for (part, url) in risk_urls(handbook).iter().enumerate() {
        add(url, SourceName::Generated(Generated::Risks(part)));
    }
    add("/gaps/", SourceName::Generated(Generated::Gaps));
    add(MAP, SourceName::Generated(Generated::Map));
    add("/growth/", SourceName::Generated(Generated::Growth));
    for (part, url) in foresight_urls(handbook).iter().enumerate() {
        add(url, SourceName::Generated(Generated::Foresight(part)));
    }
    if opening(handbook, PREMORTEMS).is_none() {
        add(PREMORTEMS, SourceName::Generated(Generated::Premortems));
    }
    for (part, url) in review_urls(&due(handbook)).iter().enumerate() {
        add(url, SourceName::Generated(Generated::Reviews(part)));
    }
    add("/reviews.ics", SourceName::Generated(Generated::ReviewsIcs));
    add("/404.html", SourceName::Generated(Generated::NotFound));
    add("/model.json", SourceName::Generated(Generated::Model));
    add("/risks.csv", SourceName::Generated(Generated::RisksCsv));
    add("/risks.json", SourceName::Generated(Generated::RisksJson));
    add("/robots.txt", SourceName::Generated(Generated::Robots));
    add("/search.js", SourceName::Generated(Generated::Search));
    for (section, url) in text_urls(handbook).iter().enumerate() {
        add(url, SourceName::Generated(Generated::SearchText(section)));
    }
    for (part, url) in sheet_urls(handbook).iter().enumerate() {
        add(url, SourceName::Generated(Generated::Print(part)));
    }
    add("/feed.xml", SourceName::Generated(Generated::Feed));
    add("/.nojekyll", SourceName::Generated(Generated::NoJekyll));
    if handbook.settings.offline_copy {
        add(&format!("/{}", offline::FILE), SourceName::Generated(Generated::OfflineCopy));
    }
    add("/sitemap.xml", SourceName::Generated(Generated::Sitemap(0)));
    let addresses = outputs.iter().filter(|(path, source)| is_for_search(path, source)).count();
    if addresses > ADDRESSES {
        let parts =
            (1..=addresses.div_ceil(ADDRESSES)).map(|part| (file_of(&sitemap_part(part)), SourceName::Generated(Generated::Sitemap(part))));
        outputs.extend(parts);
    }
    outputs
}

/// Whether search engines are told of an output: of pages, and not of what only repeats them.
fn is_for_search(path: &str, source: &SourceName) -> bool {
    let repeats = matches!(source, SourceName::Alias { .. } | SourceName::Asset { .. } | SourceName::Generated(Generated::Print(_)));
    !repeats && (path == "index.html" || path.ends_with("/index.html"))
}

/// The pages that search engines are told of: the URL of each, and the page of the handbook that it is, where it is one.
pub fn for_search(handbook: &Handbook) -> Vec<(String, Option<PageIx>)> {
    let listed = outputs(handbook).into_iter().filter(|(path, source)| is_for_search(path, source));
    let page = |source: &SourceName| if let SourceName::Page { page, .. } = source { Some(*page) } else { None };
    listed.map(|(path, source)| (format!("/{}", path.strip_suffix("index.html").unwrap_or(&path)), page(&source))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_become_files() {
        assert_eq!(file_of("/"), "index.html");
        assert_eq!(file_of("/a/b/"), "a/b/index.html");
        assert_eq!(file_of("/old/deploy.html"), "old/deploy.html");
    }
}
