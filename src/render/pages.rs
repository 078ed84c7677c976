//! One function per kind of output: looks up its view, and renders it.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Context as _;
use rayon::prelude::*;
use serde::Serialize;

use crate::check::due::{Due, due};
use crate::check::foresight::{Outcome, outcomes};
use crate::model::{Kind, ModeIx, Page, PageIx};

use super::atlas::Atlas;
use super::broken::{Broken, guarded};
use super::feeds;
use super::html::{self, Body};
use super::links::Holds;
use super::paths::{Beside, Generated, PREMORTEMS, SourceName, for_search, opening};
use super::print::{Article, Sheet, sheets};
use super::register::{GapParts, PremortemParts, foresight_urls, review_urls, risk_urls};
use super::relative::{encoded_path, relative};
use super::search::Search;
use super::theme::Values;
use super::views::{
    Here, checklist, foresight, frame, gaps, growth, home, incident, map, nav, premortems, print, process, record, reviews, risks, role,
    system, workbook,
};
use super::{Parts, csp, model_json};

/// Makes every output of one site.
pub struct Maker<'a> {
    parts: Parts<'a>,
    atlas: Atlas<'a>,
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
    navs: RwLock<HashMap<nav::Key, Arc<nav::Rendered>>>,
}

/// A page of prose.
#[derive(Serialize)]
struct ProseView {
    parts: Vec<process::PartView>,
    footnotes_html: String,
}

impl<'a> Maker<'a> {
    /// Looks up everything that pages will ask for.
    pub fn new(parts: Parts<'a>) -> Self {
        let handbook = &parts.analysis.handbook;
        let atlas = Atlas::new(parts.analysis);
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
            atlas,
            parts,
            navs: RwLock::default(),
        }
    }

    fn model_of(&self, page: PageIx) -> &'a Page {
        &self.parts.analysis.handbook.pages[page]
    }

    fn body(&self, here: &Here<'_>, page: PageIx) -> Body {
        let model = self.model_of(page);
        let text = if model.from_settings { "" } else { self.parts.analysis.sources.get(model.path()).map_or("", |source| &*source.text) };
        html::body(&here.context(page), model, text)
    }

    fn guarded(&self, page: PageIx, render: impl FnOnce() -> anyhow::Result<Vec<u8>>) -> anyhow::Result<Vec<u8>> {
        let model = self.model_of(page);
        guarded(model.path(), &model.id, model.title(), || {
            #[allow(clippy::panic)]
            if self.parts.poison == Some(model.id.as_str()) {
                panic!("a page was poisoned for a test");
            }
            render()
        })
    }

    fn render<T: Serialize>(
        &self,
        here: &Here<'_>,
        template: &str,
        page: &frame::PageView,
        name: &'static str,
        view: &T,
        of: &str,
    ) -> anyhow::Result<Vec<u8>> {
        // On paper nothing leads around.
        let nav = if here.printed { String::new() } else { self.nav(here)? };
        let values = Values::default().with("site", &frame::site(here))?.with("page", page)?.with("nav", &nav)?.with(name, view)?;
        self.parts.theme.render(template, &values, of)
    }

    /// The navigation of a page: rendered once for all that share it.
    fn nav(&self, here: &Here<'_>) -> anyhow::Result<String> {
        let key = nav::key(here);
        let known = self.navs.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let rendered = match known {
            Some(rendered) => rendered,
            None => {
                let values = Values::default().with("nav", &nav::nav(here, &key))?;
                let html = self.parts.theme.render("nav.html", &values, here.at.url)?;
                let rendered = Arc::new(nav::Rendered::new(&String::from_utf8_lossy(&html)));
                self.navs.write().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&rendered));
                rendered
            }
        };
        Ok(rendered.for_page(here.about))
    }

    /// A page of the handbook.
    pub fn page(&self, index: PageIx) -> anyhow::Result<Vec<u8>> {
        self.guarded(index, || {
            let model = self.model_of(index);
            let of = model.path().as_str();
            let here = Here::on(&self.atlas, index);
            let page = frame::page(&here, index);
            if model.url == "/" {
                return self.render_home(&here, Some(index), page, &self.body(&here, index));
            }
            if self.premortems_opening == Some(index) {
                let page = frame::PageView { kind: "premortems", ..page };
                let view = premortems::premortems(&here, Some((index, &self.body(&here, index))), &self.premortem_parts, 0);
                return self.render(&here, "premortems.html", &page, "premortems", &view, of);
            }
            self.by_kind(&here, index, page)
        })
    }

    /// A page of the handbook by its own template.
    fn by_kind(&self, here: &Here<'_>, index: PageIx, mut page: frame::PageView) -> anyhow::Result<Vec<u8>> {
        let model = self.model_of(index);
        let of = model.path().as_str();
        let body = self.body(here, index);
        // On paper the contents of the whole lead to pages.
        let listed = !here.printed;
        match &model.kind {
            Kind::Page => {
                let prose = ProseView { parts: process::parts(here, index, &body, &body.parts), footnotes_html: body.footnotes };
                self.render(here, "page.html", &page, "prose", &prose, of)
            }
            Kind::Process(_) => {
                let view = process::process(here, index, &body);
                frame::also(
                    &mut page,
                    listed && (!view.symptoms.is_empty() || !view.symptoms_of_systems.is_empty()),
                    "If it fails",
                    "Fw-fails",
                );
                frame::also(&mut page, listed && !view.people.is_empty(), "Whom to call", "Fw-call");
                frame::also(&mut page, listed && view.has_reasons(), "Why it is as it is", "Fw-why");
                frame::also(&mut page, listed && view.has_surroundings(), "Around it", "Fw-around");
                self.render(here, "process.html", &page, "process", &view, of)
            }
            Kind::System(_) => {
                let view = system::system(here, index, &body);
                frame::also(&mut page, listed && (!view.failing.is_empty() || !view.incidents.is_empty()), "Around it", "Fw-around");
                self.render(here, "system.html", &page, "system", &view, of)
            }
            Kind::Role(_) => self.render(here, "role.html", &page, "role", &role::role(here, index, &body), of),
            Kind::Incident(_) => self.render(here, "incident.html", &page, "incident", &incident::incident(here, index, &body), of),
            Kind::Premortem(_) => self.render(here, "record.html", &page, "record", &record::record(here, index, &body), of),
        }
    }

    /// A print page: the pages of the handbook that it holds, in one.
    pub fn print(&self, part: usize) -> anyhow::Result<Vec<u8>> {
        let sheet = &self.sheets[part];
        let handbook = self.atlas.handbook;
        let articles: Vec<Article> = sheet.pages.par_iter().map(|page| self.article(&sheet.url, *page)).collect::<anyhow::Result<_>>()?;
        let led = sheet.pages.iter().enumerate();
        let places = led.map(|(place, page)| (relative(&sheet.url, &handbook.pages[*page].url), place)).collect();
        let written = (0..articles.len()).into_par_iter().map(|place| articles[place].html(place, &places, &articles)).collect();
        let here = Here::generated(&self.atlas, &sheet.url);
        let view = print::print(&here, &self.sheets, sheet, written);
        let title = sheet.section.map_or_else(|| "For print".to_owned(), |_| format!("For print: {}", print::title(&here, sheet)));
        let page = frame::generated(&here, "print", &title, "The handbook on one page, for paper.");
        self.render(&here, "print.html", &page, "print", &view, "the print page")
    }

    /// A page as an article of a print page. One that cannot be rendered is told of where it would stand; it ends the build where that shall end.
    fn article(&self, at: &str, index: PageIx) -> anyhow::Result<Article> {
        let made = self.guarded(index, || {
            let here = Here::printed(&self.atlas, at, index);
            let page = frame::PageView { contents: Vec::new(), previous: None, next: None, ..frame::page(&here, index) };
            self.by_kind(&here, index, page)
        });
        match made {
            Ok(html) => Ok(Article::of(&String::from_utf8_lossy(&html))),
            Err(error) if error.is::<Broken>() => {
                let title = html::escape(self.model_of(index).title());
                Ok(Article::plain(format!("<h1>{title}</h1><p>This page could not be rendered.</p>")))
            }
            Err(error) => Err(error),
        }
    }

    /// Whether an output of the list is made: what must be absolute is not where the address of the site is not known.
    pub fn makes(&self, source: &SourceName) -> bool {
        match source {
            SourceName::Generated(Generated::Sitemap(_)) => self.atlas.public && self.atlas.address.is_some(),
            SourceName::Generated(Generated::Feed) => self.atlas.address.is_some(),
            _ => true,
        }
    }

    /// The addresses for search engines; nothing where that of the site is not known.
    pub fn sitemap(&self, part: usize) -> anyhow::Result<Vec<u8>> {
        let Some(address) = &self.atlas.address else { return Ok(Vec::new()) };
        let pages = for_search(self.atlas.handbook);
        let parts = pages.len().div_ceil(feeds::ADDRESSES);
        if part == 0 && parts > 1 {
            return feeds::sitemap_index(address, parts);
        }
        let of_part = pages.into_iter().skip(part.saturating_sub(1) * feeds::ADDRESSES).take(feeds::ADDRESSES);
        let changed = |page: PageIx| self.atlas.analysis.changed.get(self.model_of(page).path()).copied();
        let listed: Vec<_> = of_part.map(|(url, page)| feeds::Listed { url, changed: page.and_then(changed) }).collect();
        feeds::sitemap(address, &listed)
    }

    /// What has changed; nothing where the address of the site is not known.
    pub fn feed(&self) -> anyhow::Result<Vec<u8>> {
        self.atlas.address.as_ref().map_or_else(|| Ok(Vec::new()), |address| feeds::feed(&self.atlas, address))
    }

    fn render_home(&self, here: &Here<'_>, index: Option<PageIx>, page: frame::PageView, body: &Body) -> anyhow::Result<Vec<u8>> {
        let view = home::home(here, index, body, &self.gap_parts, &self.risks, &self.outcomes, &self.due);
        let mut page = frame::PageView { kind: "home", ..page };
        frame::also(&mut page, !view.new, "State of the handbook", "Fw-state");
        frame::also(&mut page, !view.new && !view.top.is_empty(), "What presses most", "Fw-top");
        self.render(here, "home.html", &page, "home", &view, "index.html")
    }

    /// The home page, where none is written.
    pub fn home(&self) -> anyhow::Result<Vec<u8>> {
        let here = Here::generated(&self.atlas, "/");
        let settings = &self.atlas.handbook.settings;
        let mut page = frame::generated(&here, "home", &settings.title, settings.description.as_deref().unwrap_or_default());
        page.breadcrumbs.pop();
        self.render_home(&here, None, page, &Body::default())
    }

    /// The run sheet or workbook of a process.
    pub fn beside(&self, process: PageIx, what: Beside) -> anyhow::Result<Vec<u8>> {
        self.guarded(process, || {
            let model = self.model_of(process);
            let of = model.path().as_str();
            match what {
                Beside::Checklist => {
                    let url = format!("{}checklist/", model.url);
                    let here = Here::beside(&self.atlas, &url, process, Some(Holds::Things));
                    let page = frame::beside(&here, process, "checklist", "Run sheet");
                    let body = self.body(&here, process);
                    self.render(&here, "checklist.html", &page, "checklist", &checklist::checklist(&here, process, &body), of)
                }
                Beside::Workbook => {
                    let url = format!("{}premortem/", model.url);
                    let here = Here::beside(&self.atlas, &url, process, None);
                    let page = frame::beside(&here, process, "workbook", "Pre-mortem");
                    self.render(&here, "workbook.html", &page, "workbook", &workbook::workbook(&here, process)?, of)
                }
            }
        })
    }

    /// The page at an old URL, which leads to the new one.
    pub fn alias(&self, page: PageIx, alias: usize) -> anyhow::Result<Vec<u8>> {
        let model = self.model_of(page);
        let url = model.document.front.page.aliases.get(alias).map_or("/", |alias| alias.value.as_str());
        let folder = &url[..url.rfind('/').map_or(0, |at| at + 1)];
        let here = Here::generated(&self.atlas, folder);
        let target = relative(folder, &model.url);
        let site = frame::SiteView { canonical: frame::canonical(&here, &model.url), ..frame::site(&here) };
        let values = Values::default().with("site", &site)?.with("title", &model.title())?.with("target", &target)?;
        self.parts.theme.render("alias.html", &values, model.path().as_str())
    }

    /// A file that is copied.
    pub fn asset(&self, asset: usize) -> anyhow::Result<Vec<u8>> {
        let path = &self.parts.analysis.handbook.assets[asset];
        (self.parts.read_asset)(path).with_context(|| format!("reading `{path}`"))
    }

    /// A part of the register of failure modes.
    pub fn risks(&self, part: usize) -> anyhow::Result<Vec<u8>> {
        let url = &self.risk_urls[part];
        let here = Here::generated(&self.atlas, url);
        let page = frame::generated(&here, "risks", "Risks", "Every failure mode of the handbook, what presses most first.");
        let view = risks::risks(&here, &self.risks, &self.risk_urls, part);
        self.render(&here, "risks.html", &page, "risks", &view, "the register of failure modes")
    }

    /// A part of the list of findings.
    pub fn gaps(&self, part: usize) -> anyhow::Result<Vec<u8>> {
        let url = &self.gap_parts.urls[part];
        let here = Here::generated(&self.atlas, url);
        let page = frame::generated(
            &here,
            "gaps",
            "Gaps",
            "Where the handbook does not say yet what happens next, and what else its check has found.",
        );
        let view = gaps::gaps(&here, &self.gap_parts, part);
        self.render(&here, "gaps.html", &page, "gaps", &view, "the list of gaps")
    }

    /// How many parts the map has.
    pub fn map_parts(&self) -> usize {
        self.atlas.map.urls.len()
    }

    /// The URL of a part of the map.
    pub fn map_url(&self, part: usize) -> &str {
        &self.atlas.map.urls[part]
    }

    /// A part of the map.
    pub fn map(&self, part: usize) -> anyhow::Result<Vec<u8>> {
        let here = Here::generated(&self.atlas, self.map_url(part));
        let page = frame::generated(&here, "map", "Map", "Processes and systems: what each needs, and what breaks with it.");
        self.render(&here, "map.html", &page, "map", &map::map(&here, part), "the map")
    }

    /// The names of what all parts of the map list.
    pub fn map_names(&self) -> anyhow::Result<Vec<u8>> {
        map::names(&Here::generated(&self.atlas, "/map/"))
    }

    /// What is full first when processes run more often.
    pub fn growth(&self) -> anyhow::Result<Vec<u8>> {
        let here = Here::generated(&self.atlas, "/growth/");
        let lead = "What is full first when processes run more often: minutes of roles, calls that systems allow, and what runs out.";
        let page = frame::generated(&here, "growth", "Growth", lead);
        self.render(&here, "growth.html", &page, "growth", &growth::growth(&here), "the page on growth")
    }

    /// A part of the incidents against what pages had said before.
    pub fn foresight(&self, part: usize) -> anyhow::Result<Vec<u8>> {
        let here = Here::generated(&self.atlas, &self.foresight_urls[part]);
        let lead = "Which incidents a page had foreseen, and whether the way back that it declared held.";
        let page = frame::generated(&here, "foresight", "Foresight", lead);
        let view = foresight::foresight(&here, &self.outcomes, &self.foresight_urls, part);
        self.render(&here, "foresight.html", &page, "foresight", &view, "the page on foresight")
    }

    /// A part of the list of pre-mortems, where no page opens it.
    pub fn premortems(&self, part: usize) -> anyhow::Result<Vec<u8>> {
        let url = &self.premortem_parts.urls[part];
        let here = Here::generated(&self.atlas, url);
        let page = frame::generated(&here, "premortems", "Pre-mortems", premortems::DESCRIPTION);
        let view = premortems::premortems(&here, None, &self.premortem_parts, part);
        self.render(&here, "premortems.html", &page, "premortems", &view, "the list of pre-mortems")
    }

    /// A part of what comes due.
    pub fn reviews(&self, part: usize) -> anyhow::Result<Vec<u8>> {
        let here = Here::generated(&self.atlas, &self.review_urls[part]);
        let lead = "What is to be read again, drilled, imagined, done or renewed, and by which day.";
        let page = frame::generated(&here, "reviews", "Reviews", lead);
        let view = reviews::reviews(&here, &self.due, &self.review_urls, part);
        self.render(&here, "reviews.html", &page, "reviews", &view, "the list of what comes due")
    }

    /// What comes due, for calendars.
    pub fn reviews_ics(&self) -> Vec<u8> {
        let handbook = self.atlas.handbook;
        super::reviews::ics(handbook, self.parts.base_url.or(handbook.settings.base_url.as_deref())).into_bytes()
    }

    /// The page for URLs that do not exist: it works at any depth and needs no other file.
    pub fn not_found(&self) -> anyhow::Result<Vec<u8>> {
        let settings = &self.atlas.handbook.settings;
        let base = self.parts.base_url.or(settings.base_url.as_deref()).and_then(base_path).unwrap_or_else(|| "/".to_owned());
        let base = self.parts.home.unwrap_or(&base);
        let style =
            self.parts.theme.statics().find(|(name, _)| *name == "404.css").map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
        let style = style.unwrap_or_default();
        let values = Values::default()
            .with("title", &settings.title)?
            .with("language", &settings.language)?
            .with("base", &base)?
            .with("csp", &csp::alone(&style))?
            .with("style", &style)?;
        self.parts.theme.render("404.html", &values, "404.html")
    }

    /// The model.
    pub fn model(&self) -> anyhow::Result<Vec<u8>> {
        let analysis = self.parts.analysis;
        let model = model_json::model(&analysis.handbook, &analysis.sources, &analysis.coverage);
        let mut bytes = serde_json::to_vec(&model).context("writing the model")?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    fn rows(&self) -> Vec<super::risks::Row> {
        super::risks::rows(&self.parts.analysis.handbook, &self.parts.analysis.sources, &self.risks)
    }

    /// The register as CSV.
    pub fn risks_csv(&self) -> anyhow::Result<Vec<u8>> {
        super::risks::csv(&self.rows())
    }

    /// The register as JSON.
    pub fn risks_json(&self) -> anyhow::Result<Vec<u8>> {
        super::risks::json(&self.rows())
    }

    /// Titles, ids and declared facts for the search.
    pub fn search_facts(&self) -> anyhow::Result<Vec<u8>> {
        self.search.facts(&Here::generated(&self.atlas, "/"))
    }

    /// The texts of a section for the search.
    pub fn search_texts(&self, section: usize) -> anyhow::Result<Vec<u8>> {
        self.search.texts(&Here::generated(&self.atlas, "/"), &self.parts.analysis.sources, section)
    }

    /// What search engines may do.
    pub fn robots(&self) -> anyhow::Result<Vec<u8>> {
        let rule = if self.atlas.public { "Allow: /" } else { "Disallow: /" };
        let sitemap = self.atlas.address.as_ref().filter(|_| self.atlas.public);
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
