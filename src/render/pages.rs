//! One function per kind of output: looks up its view, and renders it.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Context as _;
use serde::Serialize;

use crate::check::due::{Due, due};
use crate::check::foresight::{Outcome, outcomes};
use crate::model::{Kind, ModeIx, Page, PageIx};

use super::atlas::Atlas;
use super::broken::guarded;
use super::html::{self, Body};
use super::links::Holds;
use super::paths::{Beside, PREMORTEMS, opening};
use super::register::{GapParts, PremortemParts, foresight_urls, review_urls, risk_urls};
use super::relative::{encoded_path, relative};
use super::search::Search;
use super::theme::Values;
use super::views::{
    Here, checklist, foresight, frame, gaps, growth, home, incident, map, nav, premortems, process, record, reviews, risks, role, system,
    workbook,
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
        let nav = self.nav(here)?;
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
            let body = self.body(&here, index);
            let mut page = frame::page(&here, index);
            match &model.kind {
                _ if model.url == "/" => self.render_home(&here, Some(index), page, &body),
                Kind::Page if self.premortems_opening == Some(index) => {
                    let page = frame::PageView { kind: "premortems", ..page };
                    let view = premortems::premortems(&here, Some((index, &body)), &self.premortem_parts, 0);
                    self.render(&here, "premortems.html", &page, "premortems", &view, of)
                }
                Kind::Page => {
                    let prose = ProseView { parts: process::parts(&here, index, &body, &body.parts), footnotes_html: body.footnotes };
                    self.render(&here, "page.html", &page, "prose", &prose, of)
                }
                Kind::Process(_) => {
                    let view = process::process(&here, index, &body);
                    frame::also(&mut page, !view.symptoms.is_empty() || !view.symptoms_of_systems.is_empty(), "If it fails", "Fw-fails");
                    frame::also(&mut page, !view.people.is_empty(), "Whom to call", "Fw-call");
                    frame::also(&mut page, view.has_reasons(), "Why it is as it is", "Fw-why");
                    frame::also(&mut page, view.has_surroundings(), "Around it", "Fw-around");
                    self.render(&here, "process.html", &page, "process", &view, of)
                }
                Kind::System(_) => {
                    let view = system::system(&here, index, &body);
                    frame::also(&mut page, !view.failing.is_empty() || !view.incidents.is_empty(), "Around it", "Fw-around");
                    self.render(&here, "system.html", &page, "system", &view, of)
                }
                Kind::Role(_) => self.render(&here, "role.html", &page, "role", &role::role(&here, index, &body), of),
                Kind::Incident(_) => self.render(&here, "incident.html", &page, "incident", &incident::incident(&here, index, &body), of),
                Kind::Premortem(_) => self.render(&here, "record.html", &page, "record", &record::record(&here, index, &body), of),
            }
        })
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
        let values = Values::default().with("site", &frame::site(&here))?.with("title", &model.title())?.with("target", &target)?;
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
        Ok(format!("User-agent: *\n{rule}\n").into_bytes())
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
