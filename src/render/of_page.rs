//! What is made of one page of the handbook: the page itself, its run sheet and workbook, the pages at its old URLs.
//!
//! Enters: the handbook with its lookups, the theme. Leaves: bytes. What is made of a page depends on its own text, on what model and check
//! read of the others, and on nothing else. Absent: pages about the whole handbook.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use serde::Serialize;

use crate::model::{Kind, Page, PageIx};

use super::Parts;
use super::atlas::Atlas;
use super::broken::guarded;
use super::html::{self, Body};
use super::links::Holds;
use super::paths::Beside;
use super::relative::relative;
use super::theme::Values;
use super::views::{Here, checklist, frame, incident, nav, process, record, role, system, workbook};

/// The navigations that were rendered, each for all pages that share it.
pub type Navs = Arc<RwLock<HashMap<nav::Key, Arc<nav::Rendered>>>>;

/// Makes what is made of single pages.
pub struct PageMaker<'a> {
    /// What the site is made of.
    pub parts: Parts<'a>,
    /// The lookups.
    pub atlas: Atlas<'a>,
    navs: Navs,
}

/// A page of prose.
#[derive(Serialize)]
struct ProseView {
    parts: Vec<process::PartView>,
    footnotes_html: String,
}

impl<'a> PageMaker<'a> {
    /// For the pages of a site.
    pub fn new(parts: Parts<'a>, atlas: Atlas<'a>, navs: Navs) -> Self {
        Self { parts, atlas, navs }
    }

    /// The navigations so far, for another version of the handbook that has the same ones.
    pub fn navs(&self) -> &Navs {
        &self.navs
    }

    /// A page as the model has it.
    pub fn model_of(&self, page: PageIx) -> &'a Page {
        &self.parts.analysis.handbook.pages[page]
    }

    /// Its Markdown, in pieces.
    pub fn body(&self, here: &Here<'_>, page: PageIx) -> Body {
        let model = self.model_of(page);
        let text = if model.from_settings { "" } else { self.parts.analysis.sources.get(model.path()).map_or("", |source| &*source.text) };
        html::body(&here.context(page), model, text)
    }

    /// Renders something of a page: a panic becomes a finding of that page.
    pub fn guarded(&self, page: PageIx, render: impl FnOnce() -> anyhow::Result<Vec<u8>>) -> anyhow::Result<Vec<u8>> {
        let model = self.model_of(page);
        guarded(model.path(), &model.id, model.title(), || {
            #[allow(clippy::panic)]
            if self.parts.poison == Some(model.id.as_str()) {
                panic!("a page was poisoned for a test");
            }
            render()
        })
    }

    /// Renders a view with the frame around it.
    pub fn render<T: Serialize>(
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
        Ok(rendered.for_page(here.about, &nav::way_up(here)))
    }

    /// A page of the handbook as its kind has it.
    pub fn page(&self, index: PageIx) -> anyhow::Result<Vec<u8>> {
        self.guarded(index, || {
            let here = Here::on(&self.atlas, index);
            self.by_kind(&here, index, frame::page(&here, index))
        })
    }

    /// A page of the handbook by its own template.
    pub fn by_kind(&self, here: &Here<'_>, index: PageIx, mut page: frame::PageView) -> anyhow::Result<Vec<u8>> {
        let model = self.model_of(index);
        let of = model.path().as_str();
        let body = self.body(here, index);
        match &model.kind {
            Kind::Page => {
                let prose = ProseView { parts: process::parts(here, index, &body, &body.parts), footnotes_html: body.footnotes };
                self.render(here, "page.html", &page, "prose", &prose, of)
            }
            Kind::Process(_) => {
                let view = process::process(here, index, &body);
                frame::also(&mut page, !view.symptoms.is_empty() || !view.symptoms_of_systems.is_empty(), "If it fails", "Fw-fails");
                frame::also(&mut page, !view.people.is_empty(), "Whom to call", "Fw-call");
                frame::also(&mut page, view.has_reasons(), "Why it is as it is", "Fw-why");
                frame::also(&mut page, view.has_surroundings(), "Around it", "Fw-around");
                self.render(here, "process.html", &page, "process", &view, of)
            }
            Kind::System(_) => {
                let view = system::system(here, index, &body);
                frame::also(&mut page, !view.failing.is_empty() || !view.incidents.is_empty(), "Around it", "Fw-around");
                self.render(here, "system.html", &page, "system", &view, of)
            }
            Kind::Role(_) => self.render(here, "role.html", &page, "role", &role::role(here, index, &body), of),
            Kind::Incident(_) => self.render(here, "incident.html", &page, "incident", &incident::incident(here, index, &body), of),
            Kind::Premortem(_) => self.render(here, "record.html", &page, "record", &record::record(here, index, &body), of),
        }
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
}
