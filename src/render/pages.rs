//! One function per kind of output about the whole handbook: looks up its view, and renders it. What is made of one page is in [`super::of_page`].

use std::sync::{Arc, OnceLock};

use anyhow::Context as _;
use rayon::prelude::*;

use crate::check::due::{Due, due};
use crate::check::foresight::{Outcome, outcomes};
use crate::model::{ModeIx, PageIx};

use super::atlas::{Atlas, Index};
use super::broken::Broken;
use super::feeds;
use super::html::Body;
use super::of_page::{Navs, PageMaker};
use super::paths::{Generated, PREMORTEMS, SourceName, for_search, opening};
use super::print::{Article, Sheet, Together, sheets};
use super::register::{GapParts, PremortemParts, foresight_urls, review_urls, risk_urls};
use super::relative::encoded_path;
use super::search::Search;
use super::sums::Sums;
use super::theme::Values;
use super::views::{Here, foresight, frame, gaps, growth, home, map, premortems, print, reviews, risks};
use super::{Lookups, Parts, csp, model_json};

/// Makes every output of one site.
pub struct Maker<'a> {
    /// What is made of single pages.
    pub pages: PageMaker<'a>,
    /// The list of findings in its parts.
    pub gap_parts: GapParts,
    /// The list of pre-mortems in its parts.
    pub premortem_parts: PremortemParts,
    /// What the search finds.
    pub search: Search,
    /// The page whose text opens that list.
    premortems_opening: Option<PageIx>,
    risk_urls: Vec<String>,
    risks: Vec<ModeIx>,
    foresight_urls: Vec<String>,
    outcomes: Vec<Outcome<'a>>,
    due: Vec<Due<'a>>,
    review_urls: Vec<String>,
    /// The print pages.
    sheets: Vec<Sheet>,
    sums: OnceLock<Sums>,
}

impl<'a> Maker<'a> {
    /// Looks up everything that pages will ask for.
    pub fn new(parts: Parts<'a>, known: Option<&Lookups>) -> Self {
        let handbook = &parts.analysis.handbook;
        let index = known.map_or_else(|| Arc::new(Index::new(parts.analysis)), |known| Arc::clone(&known.index));
        let atlas = Atlas::new(parts.analysis, index);
        let navs = known.map_or_else(Navs::default, |known| Arc::clone(&known.navs));
        let urls: std::collections::HashSet<&str> = handbook.pages.iter().map(|page| page.url.as_str()).collect();
        let gap_parts = GapParts::new(&atlas, |url| urls.contains(url));
        let premortem_parts = PremortemParts::new(&atlas, |url| urls.contains(url));
        let due = due(handbook);
        Self {
            gap_parts,
            premortem_parts,
            premortems_opening: opening(handbook, PREMORTEMS),
            risk_urls: risk_urls(handbook),
            risks: super::risks::sorted(handbook),
            foresight_urls: foresight_urls(handbook),
            outcomes: outcomes(handbook),
            review_urls: review_urls(&due),
            search: Search::new(&Here::generated(&atlas, "/"), &parts.analysis.sources),
            due,
            sheets: sheets(handbook, &atlas.sections),
            sums: OnceLock::new(),
            pages: PageMaker::new(parts, atlas, navs),
        }
    }

    /// What is counted over the whole handbook, when the first page asks.
    fn sums(&self) -> &Sums {
        self.sums.get_or_init(|| Sums::new(&self.pages.atlas, &self.risks, &self.due, &self.outcomes, &self.premortem_parts))
    }

    /// A page of the handbook. One that opens a page about the whole handbook has that page's view.
    pub fn page(&self, index: PageIx) -> anyhow::Result<Vec<u8>> {
        if !self.opens(index) {
            return self.pages.page(index);
        }
        let opens_home = self.pages.model_of(index).url == "/";
        self.pages.guarded(index, || {
            let here = Here::on(&self.pages.atlas, index);
            let page = frame::page(&here, index);
            let body = self.pages.body(&here, index);
            if opens_home {
                return self.render_home(&here, Some(index), page, &body);
            }
            let page = frame::PageView { kind: "premortems", ..page };
            let view = premortems::premortems(&here, self.sums(), Some((index, &body)), &self.premortem_parts, 0);
            self.pages.render(&here, "premortems.html", &page, "premortems", &view, self.pages.model_of(index).path().as_str())
        })
    }

    /// A print page: the pages of the handbook that it holds, in one.
    pub fn print(&self, part: usize) -> anyhow::Result<Vec<u8>> {
        let articles = self.sheets[part].pages.par_iter().map(|page| self.article(*page)).collect::<anyhow::Result<_>>()?;
        self.print_of(part, articles)
    }

    /// A page as an article of a print page. One that cannot be rendered is told of where it would stand.
    fn article(&self, index: PageIx) -> anyhow::Result<Article> {
        let html = self.pages.page(index).or_else(|error| error.downcast::<Broken>().map(|broken| broken.page))?;
        Ok(Article::of_page(&html))
    }

    /// A print page whose articles are known.
    fn print_of(&self, part: usize, articles: Vec<Article>) -> anyhow::Result<Vec<u8>> {
        let sheet = &self.sheets[part];
        let pages = sheet.pages.iter().map(|page| self.pages.model_of(*page).url.as_str()).collect();
        let written = Together { url: &sheet.url, pages, articles }.written();
        let here = Here::generated(&self.pages.atlas, &sheet.url);
        let view = print::print(&here, &self.sheets, sheet, written);
        let title = sheet.section.map_or_else(|| "For print".to_owned(), |_| format!("For print: {}", print::title(&here, sheet)));
        let page = frame::generated(&here, "print", &title, "The handbook on one page, for paper.");
        self.pages.render(&here, "print.html", &page, "print", &view, "the print page")
    }

    /// Which print pages can be made of pages as they stand on the site: the URL of each, and the pages of the handbook that it takes.
    pub fn gathering(&self) -> impl Iterator<Item = (usize, &str, Vec<PageIx>)> {
        self.sheets
            .iter()
            .enumerate()
            .filter(|(_, sheet)| !sheet.pages.is_empty())
            .map(|(part, sheet)| (part, sheet.url.as_str(), sheet.pages.iter().copied().filter(|page| !self.opens(*page)).collect()))
    }

    /// A print page, made of pages as they stand on the site, in the order in which it takes them.
    pub fn gathered(&self, part: usize, taken: Vec<Article>) -> anyhow::Result<Vec<u8>> {
        let mut taken = taken.into_iter();
        let article = |page: &PageIx| if self.opens(*page) { None } else { taken.next() }.map_or_else(|| self.article(*page), Ok);
        let articles = self.sheets[part].pages.iter().map(article).collect::<anyhow::Result<_>>()?;
        self.print_of(part, articles)
    }

    /// Whether a page opens one about the whole handbook.
    fn opens(&self, index: PageIx) -> bool {
        self.pages.model_of(index).url == "/" || self.premortems_opening == Some(index)
    }

    /// Whether an output of the list is made: what must be absolute is not where the address of the site is not known.
    pub fn makes(&self, source: &SourceName) -> bool {
        match source {
            SourceName::Generated(Generated::Sitemap(_)) => self.pages.atlas.public && self.pages.atlas.address.is_some(),
            SourceName::Generated(Generated::Feed) => self.pages.atlas.address.is_some(),
            _ => true,
        }
    }

    /// The addresses for search engines; nothing where that of the site is not known.
    pub fn sitemap(&self, part: usize) -> anyhow::Result<Vec<u8>> {
        let Some(address) = &self.pages.atlas.address else { return Ok(Vec::new()) };
        let pages = for_search(self.pages.atlas.handbook);
        let parts = pages.len().div_ceil(feeds::ADDRESSES);
        if part == 0 && parts > 1 {
            return feeds::sitemap_index(address, parts);
        }
        let of_part = pages.into_iter().skip(part.saturating_sub(1) * feeds::ADDRESSES).take(feeds::ADDRESSES);
        let changed = |page: PageIx| self.pages.atlas.analysis.changed.get(self.pages.model_of(page).path()).copied();
        let listed: Vec<_> = of_part.map(|(url, page)| feeds::Listed { url, changed: page.and_then(changed) }).collect();
        feeds::sitemap(address, &listed)
    }

    /// What has changed; nothing where the address of the site is not known.
    pub fn feed(&self) -> anyhow::Result<Vec<u8>> {
        self.pages.atlas.address.as_ref().map_or_else(|| Ok(Vec::new()), |address| feeds::feed(&self.pages.atlas, address))
    }

    /// What was looked up.
    pub fn lookups(&self) -> Lookups {
        let navs = Arc::clone(self.pages.navs());
        Lookups { index: Arc::clone(self.pages.atlas.index()), navs, premortems_opening: self.premortems_opening }
    }

    fn render_home(&self, here: &Here<'_>, index: Option<PageIx>, page: frame::PageView, body: &Body) -> anyhow::Result<Vec<u8>> {
        let view = home::home(here, index, body, self.sums(), &self.gap_parts, &self.risks, &self.due);
        let mut page = frame::PageView { kind: "home", ..page };
        frame::also(&mut page, !view.new, "State of the handbook", "Fw-state");
        frame::also(&mut page, !view.new && !view.top.is_empty(), "What presses most", "Fw-top");
        self.pages.render(here, "home.html", &page, "home", &view, "index.html")
    }

    /// The home page, where none is written.
    pub fn home(&self) -> anyhow::Result<Vec<u8>> {
        let here = Here::generated(&self.pages.atlas, "/");
        let settings = &self.pages.atlas.handbook.settings;
        let mut page = frame::generated(&here, "home", &settings.title, settings.description.as_deref().unwrap_or_default());
        page.breadcrumbs.pop();
        self.render_home(&here, None, page, &Body::default())
    }

    /// A file that is copied.
    pub fn asset(&self, asset: usize) -> anyhow::Result<Vec<u8>> {
        let path = &self.pages.parts.analysis.handbook.assets[asset];
        (self.pages.parts.read_asset)(path).with_context(|| format!("reading `{path}`"))
    }

    /// A part of the register of failure modes.
    pub fn risks(&self, part: usize) -> anyhow::Result<Vec<u8>> {
        let url = &self.risk_urls[part];
        let here = Here::generated(&self.pages.atlas, url);
        let page = frame::generated(&here, "risks", "Risks", "Every failure mode of the handbook, what presses most first.");
        let view = risks::risks(&here, self.sums(), &self.risks, &self.risk_urls, part);
        self.pages.render(&here, "risks.html", &page, "risks", &view, "the register of failure modes")
    }

    /// A part of the list of findings.
    pub fn gaps(&self, part: usize) -> anyhow::Result<Vec<u8>> {
        let url = &self.gap_parts.urls[part];
        let here = Here::generated(&self.pages.atlas, url);
        let page = frame::generated(
            &here,
            "gaps",
            "Gaps",
            "Where the handbook does not say yet what happens next, and what else its check has found.",
        );
        let view = gaps::gaps(&here, self.sums(), &self.gap_parts, part);
        self.pages.render(&here, "gaps.html", &page, "gaps", &view, "the list of gaps")
    }

    /// How many parts the map has.
    pub fn map_parts(&self) -> usize {
        self.pages.atlas.map.urls.len()
    }

    /// The URL of a part of the map.
    pub fn map_url(&self, part: usize) -> &str {
        &self.pages.atlas.map.urls[part]
    }

    /// A part of the map.
    pub fn map(&self, part: usize) -> anyhow::Result<Vec<u8>> {
        let here = Here::generated(&self.pages.atlas, self.map_url(part));
        let page = frame::generated(&here, "map", "Map", "Processes and systems: what each needs, and what breaks with it.");
        self.pages.render(&here, "map.html", &page, "map", &map::map(&here, part), "the map")
    }

    /// The names of what all parts of the map list.
    pub fn map_names(&self) -> anyhow::Result<Vec<u8>> {
        map::names(&Here::generated(&self.pages.atlas, "/map/"))
    }

    /// What is full first when processes run more often.
    pub fn growth(&self) -> anyhow::Result<Vec<u8>> {
        let here = Here::generated(&self.pages.atlas, "/growth/");
        let lead = "What is full first when processes run more often: minutes of roles, calls that systems allow, and what runs out.";
        let page = frame::generated(&here, "growth", "Growth", lead);
        self.pages.render(&here, "growth.html", &page, "growth", &growth::growth(&here), "the page on growth")
    }

    /// A part of the incidents against what pages had said before.
    pub fn foresight(&self, part: usize) -> anyhow::Result<Vec<u8>> {
        let here = Here::generated(&self.pages.atlas, &self.foresight_urls[part]);
        let lead = "Which incidents a page had foreseen, and whether the way back that it declared held.";
        let page = frame::generated(&here, "foresight", "Foresight", lead);
        let view = foresight::foresight(&here, self.sums(), &self.outcomes, &self.foresight_urls, part);
        self.pages.render(&here, "foresight.html", &page, "foresight", &view, "the page on foresight")
    }

    /// A part of the list of pre-mortems, where no page opens it.
    pub fn premortems(&self, part: usize) -> anyhow::Result<Vec<u8>> {
        let url = &self.premortem_parts.urls[part];
        let here = Here::generated(&self.pages.atlas, url);
        let page = frame::generated(&here, "premortems", "Pre-mortems", premortems::DESCRIPTION);
        let view = premortems::premortems(&here, self.sums(), None, &self.premortem_parts, part);
        self.pages.render(&here, "premortems.html", &page, "premortems", &view, "the list of pre-mortems")
    }

    /// A part of what comes due.
    pub fn reviews(&self, part: usize) -> anyhow::Result<Vec<u8>> {
        let here = Here::generated(&self.pages.atlas, &self.review_urls[part]);
        let lead = "What is to be read again, drilled, imagined, done or renewed, and by which day.";
        let page = frame::generated(&here, "reviews", "Reviews", lead);
        let view = reviews::reviews(&here, self.sums(), &self.due, &self.review_urls, part);
        self.pages.render(&here, "reviews.html", &page, "reviews", &view, "the list of what comes due")
    }

    /// What comes due, for calendars.
    pub fn reviews_ics(&self) -> Vec<u8> {
        let handbook = self.pages.atlas.handbook;
        super::reviews::ics(handbook, self.pages.parts.base_url.or(handbook.settings.base_url.as_deref())).into_bytes()
    }

    /// The page for URLs that do not exist: it works at any depth and needs no other file.
    pub fn not_found(&self) -> anyhow::Result<Vec<u8>> {
        let settings = &self.pages.atlas.handbook.settings;
        let base = self.pages.parts.base_url.or(settings.base_url.as_deref()).and_then(base_path).unwrap_or_else(|| "/".to_owned());
        let base = self.pages.parts.home.unwrap_or(&base);
        let style = self
            .pages
            .parts
            .theme
            .statics()
            .find(|(name, _)| *name == "404.css")
            .map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
        let style = style.unwrap_or_default();
        let values = Values::default()
            .with("title", &settings.title)?
            .with("language", &settings.language)?
            .with("base", &base)?
            .with("csp", &csp::alone(&style))?
            .with("style", &style)?;
        self.pages.parts.theme.render("404.html", &values, "404.html")
    }

    /// The model.
    pub fn model(&self) -> anyhow::Result<Vec<u8>> {
        let analysis = self.pages.parts.analysis;
        let model = model_json::model(&analysis.handbook, &analysis.sources, &analysis.coverage);
        // Room for all of it at once, about, instead of a copy each time that it grows.
        let mut bytes = Vec::with_capacity(analysis.sources.pages.iter().map(|page| page.text.len()).sum());
        serde_json::to_writer(&mut bytes, &model).context("writing the model")?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    fn rows(&self) -> impl ExactSizeIterator<Item = super::risks::Row> + Clone {
        super::risks::rows(&self.pages.parts.analysis.handbook, &self.pages.parts.analysis.sources, &self.risks)
    }

    /// The register as CSV.
    pub fn risks_csv(&self) -> anyhow::Result<Vec<u8>> {
        super::risks::csv(self.rows())
    }

    /// The register as JSON.
    pub fn risks_json(&self) -> anyhow::Result<Vec<u8>> {
        super::risks::json(self.rows())
    }

    /// Titles, ids and declared facts for the search.
    pub fn search_facts(&self) -> anyhow::Result<Vec<u8>> {
        self.search.facts(&Here::generated(&self.pages.atlas, "/"))
    }

    /// The texts of a section for the search.
    pub fn search_texts(&self, section: usize) -> anyhow::Result<Vec<u8>> {
        self.search.texts(&Here::generated(&self.pages.atlas, "/"), &self.pages.parts.analysis.sources, section)
    }

    /// What search engines may do.
    pub fn robots(&self) -> anyhow::Result<Vec<u8>> {
        let rule = if self.pages.atlas.public { "Allow: /" } else { "Disallow: /" };
        let sitemap = self.pages.atlas.address.as_ref().filter(|_| self.pages.atlas.public);
        let sitemap = sitemap.map(|address| format!("Sitemap: {}\n", feeds::absolute(address, "/sitemap.xml"))).unwrap_or_default();
        Ok(format!("User-agent: *\n{rule}\n{sitemap}").into_bytes())
    }
}

/// The path of a URL, with `/` at both ends; nothing where it has no http scheme.
fn base_path(url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let path = rest.split_once('/').map_or("", |(_, path)| path).trim_matches('/');
    let path = encoded_path(&crate::parse::url::percent_decoded(path));
    Some(if path.is_empty() { "/".to_owned() } else { format!("/{path}/") })
}

#[cfg(test)]
mod tests {
    use super::base_path;

    #[test]
    fn the_base_is_the_path_of_the_url() {
        assert_eq!(base_path("https://acme.github.io/handbook").as_deref(), Some("/handbook/"));
        assert_eq!(base_path("https://acme.example").as_deref(), Some("/"));
        assert_eq!(base_path("javascript:x"), None);
        assert_eq!(base_path("https://a.example/x\"y/").as_deref(), Some("/x%22y/"));
    }
}
