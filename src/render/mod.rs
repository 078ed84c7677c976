//! Handbook + Theme -> [`Site`]: the plan of every output, as a path and a pure function that gives its bytes.
//!
//! [`paths`] says which files there will be, [`atlas`] looks up once what pages ask about each other, [`html`] turns Markdown into pieces
//! that may stand on the site, [`views`] is the contract with themes, [`theme`] the templates. Nothing is rendered before a function of the
//! plan is called; the functions are pure, share nothing that changes, and may run in parallel. Absent: reading and writing files.

pub mod atlas;
mod broken;
mod calendar;
pub mod csp;
pub mod diagram;
mod edit;
mod feeds;
pub mod highlight;
pub mod html;
pub mod links;
pub mod model_json;
pub mod map;
mod of_page;
mod pages;
pub mod paths;
mod print;
mod register;
pub mod relative;
pub mod reviews;
pub mod risks;
pub mod search;
pub mod sections;
pub mod theme;
pub mod views;
#[cfg(test)]
mod tests;
mod telephone;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::PageIx;
use crate::pipeline::Analysis;
use crate::source::PagePath;

pub use broken::Broken;
pub use paths::outputs;
pub use theme::Theme;

use atlas::{Atlas, Index};
use of_page::{Navs, PageMaker};
use pages::Maker;
use paths::{Generated, SourceName, THEME, file_of};

/// One file of the site: where it goes, what it was made from, and how its bytes come about.
pub struct Output<'h> {
    /// Relative to the output folder, `/` between parts: `deploy/index.html`.
    pub path: String,
    /// The file that it comes from, where there is one.
    pub source: Option<PagePath>,
    /// Gives the bytes; called at most once per build. An error that is a [`Broken`] carries a page that stands in for the one that
    /// could not be rendered; every other error is the machine's or the theme's.
    pub bytes: Box<dyn Fn() -> anyhow::Result<Vec<u8>> + Send + Sync + 'h>,
}

/// The plan of the whole output.
#[derive(Default)]
pub struct Site<'h> {
    /// Every file, sorted by path, no two equal.
    pub outputs: Vec<Output<'h>>,
    /// What whoever builds it should know.
    pub notes: Vec<String>,
    /// What was looked up for it.
    pub lookups: Option<Lookups>,
}

/// What is looked up once for all pages of a site.
#[derive(Clone)]
pub struct Lookups {
    index: Arc<Index>,
    navs: Navs,
    premortems_opening: Option<PageIx>,
}

/// Gives the bytes of a file that is copied.
pub type ReadAsset<'a> = &'a (dyn Fn(&PagePath) -> anyhow::Result<Vec<u8>> + Send + Sync);

/// What a site is made of.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    /// The handbook with everything that is known of it.
    pub analysis: &'a Analysis,
    /// The theme.
    pub theme: &'a Theme,
    /// Gives the bytes of a file that is copied.
    pub read_asset: ReadAsset<'a>,
    /// Where the site will stand, where that is known: only for what must be absolute.
    pub base_url: Option<&'a str>,
    /// The path of its home page on the server, where `base_url` does not say it: `/repo/`.
    pub home: Option<&'a str>,
    /// For tests of the panic boundary: rendering the page of this id panics.
    pub poison: Option<&'a str>,
}

/// The plan of a site. Where two outputs claim one path, pages win over generated files, and earlier ones over later ones.
pub fn plan(parts: Parts<'_>) -> Site<'_> {
    plan_with(parts, None)
}

/// The same, with what was looked up for another handbook that says the same to model and check, where there is one.
pub fn plan_with<'a>(parts: Parts<'a>, lookups: Option<&Lookups>) -> Site<'a> {
    let maker = Arc::new(Maker::new(parts, lookups));
    let mut planned: BTreeMap<String, Output<'_>> = BTreeMap::new();
    let listed = paths::outputs(&parts.analysis.handbook);
    let (of_pages, others): (Vec<_>, Vec<_>) = listed.into_iter().partition(|(_, source)| matches!(source, SourceName::Page { .. }));
    for (path, source) in of_pages.into_iter().chain(others) {
        let is_text = matches!(source, SourceName::Generated(Generated::SearchText(_)));
        if is_text && maker.search.texts == search::Texts::LeftOut {
            continue;
        }
        add(&mut planned, &maker, path, source);
    }
    for part in 1..maker.gap_parts.urls.len() {
        let maker = Arc::clone(&maker);
        let path = file_of(&maker.gap_parts.urls[part]);
        let bytes: Bytes<'_> = Box::new(move || maker.gaps(part));
        planned.entry(path.clone()).or_insert(Output { path, source: None, bytes });
    }
    for part in 1..maker.premortem_parts.urls.len() {
        let maker = Arc::clone(&maker);
        let path = file_of(&maker.premortem_parts.urls[part]);
        let bytes: Bytes<'_> = Box::new(move || maker.premortems(part));
        planned.entry(path.clone()).or_insert(Output { path, source: None, bytes });
    }
    for part in 1..maker.map_parts() {
        let maker = Arc::clone(&maker);
        let path = file_of(maker.map_url(part));
        let bytes: Bytes<'_> = Box::new(move || maker.map(part));
        planned.entry(path.clone()).or_insert(Output { path, source: None, bytes });
    }
    if maker.map_parts() > 1 {
        let maker = Arc::clone(&maker);
        let path = map::NAMES.trim_start_matches('/').to_owned();
        let bytes: Bytes<'_> = Box::new(move || maker.map_names());
        planned.entry(path.clone()).or_insert(Output { path, source: None, bytes });
    }
    for (name, bytes) in parts.theme.statics() {
        let path = format!("{THEME}{name}");
        planned.entry(path.clone()).or_insert(Output { path, source: None, bytes: Box::new(move || Ok(bytes.to_vec())) });
    }
    let notes = maker.search.note(&parts.analysis.handbook).into_iter().collect();
    Site { outputs: planned.into_values().collect(), notes, lookups: Some(maker.lookups()) }
}

/// What is made of one page, by path: the page, its run sheet and workbook, the pages at its old URLs. A page that opens one about the
/// whole handbook is not among them.
pub fn plan_page<'a>(parts: Parts<'a>, lookups: &Lookups, page: PageIx) -> Site<'a> {
    let atlas = Atlas::new(parts.analysis, Arc::clone(&lookups.index));
    let maker = Arc::new(PageMaker::new(parts, atlas, Arc::clone(&lookups.navs)));
    let mut outputs = Vec::new();
    for (path, source) in paths::of_page(page, maker.model_of(page)) {
        let maker = Arc::clone(&maker);
        let file = source.file().cloned();
        let bytes: Bytes<'a> = match source {
            SourceName::Page { .. } if path == file_of("/") || lookups.premortems_opening == Some(page) => continue,
            SourceName::Page { .. } => Box::new(move || maker.page(page)),
            SourceName::Beside { what, .. } => Box::new(move || maker.beside(page, what)),
            SourceName::Alias { alias, .. } => Box::new(move || maker.alias(page, alias)),
            SourceName::Asset { .. } | SourceName::Generated(_) => continue,
        };
        outputs.push(Output { path, source: file, bytes });
    }
    outputs.sort_by(|one, other| one.path.cmp(&other.path));
    Site { outputs, notes: Vec::new(), lookups: Some(lookups.clone()) }
}

type Bytes<'a> = Box<dyn Fn() -> anyhow::Result<Vec<u8>> + Send + Sync + 'a>;

fn add<'a>(planned: &mut BTreeMap<String, Output<'a>>, maker: &Arc<Maker<'a>>, path: String, source: SourceName) {
    if !maker.makes(&source) {
        return;
    }
    let maker = Arc::clone(maker);
    let file = source.file().cloned();
    let bytes: Bytes<'a> = match source {
        SourceName::Page { page, .. } => Box::new(move || maker.page(page)),
        SourceName::Beside { page, what, .. } => Box::new(move || maker.pages.beside(page, what)),
        SourceName::Alias { page, alias, .. } => Box::new(move || maker.pages.alias(page, alias)),
        SourceName::Asset { asset, .. } => Box::new(move || maker.asset(asset)),
        SourceName::Generated(Generated::Home) => Box::new(move || maker.home()),
        SourceName::Generated(Generated::Risks(part)) => Box::new(move || maker.risks(part)),
        SourceName::Generated(Generated::Gaps) => Box::new(move || maker.gaps(0)),
        SourceName::Generated(Generated::Map) => Box::new(move || maker.map(0)),
        SourceName::Generated(Generated::Growth) => Box::new(move || maker.growth()),
        SourceName::Generated(Generated::Foresight(part)) => Box::new(move || maker.foresight(part)),
        SourceName::Generated(Generated::Premortems) => Box::new(move || maker.premortems(0)),
        SourceName::Generated(Generated::Reviews(part)) => Box::new(move || maker.reviews(part)),
        SourceName::Generated(Generated::ReviewsIcs) => Box::new(move || Ok(maker.reviews_ics())),
        SourceName::Generated(Generated::NotFound) => Box::new(move || maker.not_found()),
        SourceName::Generated(Generated::Model) => Box::new(move || maker.model()),
        SourceName::Generated(Generated::RisksCsv) => Box::new(move || maker.risks_csv()),
        SourceName::Generated(Generated::RisksJson) => Box::new(move || maker.risks_json()),
        SourceName::Generated(Generated::Robots) => Box::new(move || maker.robots()),
        SourceName::Generated(Generated::Search) => Box::new(move || maker.search_facts()),
        SourceName::Generated(Generated::SearchText(section)) => Box::new(move || maker.search_texts(section)),
        SourceName::Generated(Generated::Print(part)) => Box::new(move || maker.print(part)),
        SourceName::Generated(Generated::Sitemap(part)) => Box::new(move || maker.sitemap(part)),
        SourceName::Generated(Generated::Feed) => Box::new(move || maker.feed()),
    };
    planned.entry(path.clone()).or_insert(Output { path, source: file, bytes });
}
