//! Handbook + Theme -> [`Site`]: the plan of every output, as a path and a pure function that gives its bytes.
//!
//! [`paths`] says which files there will be, [`atlas`] looks up once what pages ask about each other, [`html`] turns Markdown into pieces
//! that may stand on the site, [`views`] is the contract with themes, [`theme`] the templates. Nothing is rendered before a function of the
//! plan is called; the functions are pure, share nothing that changes, and may run in parallel. Absent: reading and writing files.

pub mod atlas;
mod broken;
mod budget;
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
pub mod offline;
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
mod sums;
mod telephone;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::PageIx;
use crate::pipeline::Analysis;
use crate::source::PagePath;

pub use broken::Broken;
pub use paths::outputs;
pub use print::Article;
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
    /// The output that holds others, where there is one: the offline copy.
    pub pack: Option<Pack>,
    /// Outputs that are made of others; each is taken from by one at most.
    pub gatherings: Vec<Gathering<'h>>,
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

/// An output whose bytes are those of other outputs, in an archive. A sink that has them may pack them itself with [`offline::pack`], which
/// gives the bytes that the output would give, and spares rendering everything twice and keeping it in memory at once.
pub struct Pack {
    /// Its path.
    pub path: String,
    /// The paths of the outputs that it holds, sorted.
    pub holds: Vec<String>,
}

/// An output that is made of others: a print page, of its pages. A sink that has their bytes may give them to it, which spares rendering
/// them twice; it makes the bytes that the output would give.
pub struct Gathering<'h> {
    /// Its place in the list of outputs.
    pub output: usize,
    /// The places of the others, in order.
    pub of: Vec<usize>,
    part: usize,
    maker: Arc<Maker<'h>>,
}

impl Gathering<'_> {
    /// What it takes of the bytes of one of the others.
    pub fn take(bytes: &[u8]) -> Article {
        Article::of_page(bytes)
    }

    /// Its bytes, of what was taken of the others, in order. An error is the machine's or the theme's.
    pub fn make(&self, taken: Vec<Article>) -> anyhow::Result<Vec<u8>> {
        self.maker.gathered(self.part, taken)
    }
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

/// An output as it is planned: its bytes may also be asked for by one that packs others.
struct Planned<'a> {
    source: Option<PagePath>,
    bytes: Bytes<'a>,
    packed: Packed,
}

/// Whether the offline copy holds an output.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Packed {
    Within,
    Without,
}

type Bytes<'a> = Arc<dyn Fn() -> anyhow::Result<Vec<u8>> + Send + Sync + 'a>;

/// The plan of a site. Where two outputs claim one path, pages win over generated files, and earlier ones over later ones.
pub fn plan(parts: Parts<'_>) -> Site<'_> {
    plan_with(parts, None)
}

/// The same, with what was looked up for another handbook that says the same to model and check, where there is one.
pub fn plan_with<'a>(parts: Parts<'a>, lookups: Option<&Lookups>) -> Site<'a> {
    let maker = Arc::new(Maker::new(parts, lookups));
    let mut planned: BTreeMap<String, Planned<'_>> = BTreeMap::new();
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
        also(&mut planned, file_of(&maker.gap_parts.urls[part]), Arc::new(move || maker.gaps(part)));
    }
    for part in 1..maker.premortem_parts.urls.len() {
        let maker = Arc::clone(&maker);
        also(&mut planned, file_of(&maker.premortem_parts.urls[part]), Arc::new(move || maker.premortems(part)));
    }
    for part in 1..maker.map_parts() {
        let maker = Arc::clone(&maker);
        also(&mut planned, file_of(maker.map_url(part)), Arc::new(move || maker.map(part)));
    }
    if maker.map_parts() > 1 {
        let maker = Arc::clone(&maker);
        also(&mut planned, map::NAMES.trim_start_matches('/').to_owned(), Arc::new(move || maker.map_names()));
    }
    for (name, bytes) in parts.theme.statics() {
        also(&mut planned, format!("{THEME}{name}"), Arc::new(move || Ok(bytes.to_vec())));
    }
    let pack = parts.analysis.handbook.settings.offline_copy.then(|| add_pack(&mut planned)).flatten();
    let notes = maker.search.note(&parts.analysis.handbook).into_iter().collect();
    let outputs =
        planned.into_iter().map(|(path, Planned { source, bytes, .. })| Output { path, source, bytes: Box::new(move || bytes()) });
    let outputs: Vec<Output<'_>> = outputs.collect();
    let gatherings = gatherings(&maker, &outputs);
    Site { outputs, pack, gatherings, notes, lookups: Some(maker.lookups()) }
}

/// The print pages, as outputs that are made of others. One of which a part has no output of its own is not among them.
fn gatherings<'a>(maker: &Arc<Maker<'a>>, outputs: &[Output<'_>]) -> Vec<Gathering<'a>> {
    let place = |url: &str, source: Option<&PagePath>| {
        let at = outputs.binary_search_by(|output| output.path.as_str().cmp(&file_of(url))).ok()?;
        (outputs[at].source.as_ref() == source).then_some(at)
    };
    let page = |page: &PageIx| {
        let page = maker.pages.model_of(*page);
        place(&page.url, Some(page.path()))
    };
    let gathering = |(part, url, pages): (usize, &str, Vec<PageIx>)| {
        Some(Gathering { output: place(url, None)?, of: pages.iter().map(page).collect::<Option<_>>()?, part, maker: Arc::clone(maker) })
    };
    maker.gathering().filter_map(gathering).collect()
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
        let bytes: Box<dyn Fn() -> anyhow::Result<Vec<u8>> + Send + Sync + 'a> = match source {
            SourceName::Page { .. } if path == file_of("/") || lookups.premortems_opening == Some(page) => continue,
            SourceName::Page { .. } => Box::new(move || maker.page(page)),
            SourceName::Beside { what, .. } => Box::new(move || maker.beside(page, what)),
            SourceName::Alias { alias, .. } => Box::new(move || maker.alias(page, alias)),
            SourceName::Asset { .. } | SourceName::Generated(_) => continue,
        };
        outputs.push(Output { path, source: file, bytes });
    }
    outputs.sort_by(|one, other| one.path.cmp(&other.path));
    Site { outputs, lookups: Some(lookups.clone()), ..Site::default() }
}

/// Plans a file of the site that comes from no one file of the handbook.
fn also<'a>(planned: &mut BTreeMap<String, Planned<'a>>, path: String, bytes: Bytes<'a>) {
    planned.entry(path).or_insert(Planned { source: None, bytes, packed: Packed::Within });
}

/// Plans the offline copy, unless something of the handbook has its place.
fn add_pack(planned: &mut BTreeMap<String, Planned<'_>>) -> Option<Pack> {
    if planned.contains_key(offline::FILE) {
        return None;
    }
    let within: Vec<(String, Bytes<'_>)> = planned
        .iter()
        .filter(|(_, planned)| planned.packed == Packed::Within)
        .map(|(path, planned)| (path.clone(), Arc::clone(&planned.bytes)))
        .collect();
    let holds = within.iter().map(|(path, _)| path.clone()).collect();
    let bytes: Bytes<'_> = Arc::new(move || {
        let mut next = within.iter();
        // What stands in for a page that cannot be rendered stands in here as well; whether that may be is decided where the page is asked for.
        let stand_in = |error: anyhow::Error| error.downcast::<Broken>().map(|broken| broken.page);
        let paths = within.iter().map(|(path, _)| path.as_str());
        let packed = offline::pack(std::io::Cursor::new(Vec::new()), paths, |_| {
            next.next().map_or_else(|| Ok(Vec::new()), |(_, bytes)| bytes().or_else(stand_in))
        });
        packed.map(std::io::Cursor::into_inner)
    });
    planned.insert(offline::FILE.to_owned(), Planned { source: None, bytes, packed: Packed::Without });
    Some(Pack { path: offline::FILE.to_owned(), holds })
}

fn add<'a>(planned: &mut BTreeMap<String, Planned<'a>>, maker: &Arc<Maker<'a>>, path: String, source: SourceName) {
    if !maker.makes(&source) {
        return;
    }
    let maker = Arc::clone(maker);
    let file = source.file().cloned();
    let packed = if offline::holds(&source) { Packed::Within } else { Packed::Without };
    let bytes: Bytes<'a> = match source {
        SourceName::Page { page, .. } => Arc::new(move || maker.page(page)),
        SourceName::Beside { page, what, .. } => Arc::new(move || maker.pages.beside(page, what)),
        SourceName::Alias { page, alias, .. } => Arc::new(move || maker.pages.alias(page, alias)),
        SourceName::Asset { asset, .. } => Arc::new(move || maker.asset(asset)),
        SourceName::Generated(Generated::Home) => Arc::new(move || maker.home()),
        SourceName::Generated(Generated::Risks(part)) => Arc::new(move || maker.risks(part)),
        SourceName::Generated(Generated::Gaps) => Arc::new(move || maker.gaps(0)),
        SourceName::Generated(Generated::Map) => Arc::new(move || maker.map(0)),
        SourceName::Generated(Generated::Growth) => Arc::new(move || maker.growth()),
        SourceName::Generated(Generated::Foresight(part)) => Arc::new(move || maker.foresight(part)),
        SourceName::Generated(Generated::Premortems) => Arc::new(move || maker.premortems(0)),
        SourceName::Generated(Generated::Reviews(part)) => Arc::new(move || maker.reviews(part)),
        SourceName::Generated(Generated::ReviewsIcs) => Arc::new(move || Ok(maker.reviews_ics())),
        SourceName::Generated(Generated::NotFound) => Arc::new(move || maker.not_found()),
        SourceName::Generated(Generated::Model) => Arc::new(move || maker.model()),
        SourceName::Generated(Generated::RisksCsv) => Arc::new(move || maker.risks_csv()),
        SourceName::Generated(Generated::RisksJson) => Arc::new(move || maker.risks_json()),
        SourceName::Generated(Generated::Robots) => Arc::new(move || maker.robots()),
        SourceName::Generated(Generated::Search) => Arc::new(move || maker.search_facts()),
        SourceName::Generated(Generated::SearchText(section)) => Arc::new(move || maker.search_texts(section)),
        SourceName::Generated(Generated::Print(part)) => Arc::new(move || maker.print(part)),
        SourceName::Generated(Generated::Sitemap(part)) => Arc::new(move || maker.sitemap(part)),
        SourceName::Generated(Generated::Feed) => Arc::new(move || maker.feed()),
        SourceName::Generated(Generated::NoJekyll) => Arc::new(|| Ok(Vec::new())),
        // Planned when everything that it holds is.
        SourceName::Generated(Generated::OfflineCopy) => return,
    };
    planned.entry(path).or_insert(Planned { source: file, bytes, packed });
}
