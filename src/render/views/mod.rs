//! The contract with themes: what every template gets, as plain data.
//!
//! Each page is rendered with four values: `site` (the same for all pages but for its links), `page` (title, breadcrumbs, contents,
//! findings), `nav` (the navigation, as HTML of the template `nav.html`) and one named after its kind (`process`, `system`, `role`, `incident`, `record`, `home`, `workbook`, `checklist`, `gaps`,
//! `risks`, `growth`, `map`, `foresight`, `premortems`, `reviews`, `print`). Every `href` is ready: relative to the page that it stands on, percent-encoded. Fields whose name ends in `html` hold HTML
//! that is safe as it is (`| safe`); every other text is plain and is escaped. An absent value is `none`, never an absent key, so that a
//! misspelt name is an error.
//!
//! [`VERSION`] grows when a field changes its meaning or goes; new fields do not change it.

pub mod checklist;
pub mod coverage;
pub mod finding;
pub mod foresight;
pub mod frame;
pub mod gaps;
pub mod growth;
pub mod home;
pub mod incident;
pub mod map;
pub mod mode;
pub mod nav;
pub mod premortems;
pub mod print;
pub mod process;
pub mod prompts;
pub mod record;
pub mod reviews;
pub mod risks;
pub mod role;
pub mod session;
pub mod step;
pub mod system;
pub mod workbook;

use serde::Serialize;

use crate::model::{ModeIx, PageIx, Target};
use crate::parse::value::CLASSES;

use super::atlas::Atlas;
use super::html::{self, Context};
use super::links::{Holds, Standing};
use super::relative::{fragment, relative};

/// The version of the view data, as `site.views`.
pub const VERSION: u32 = 1;

/// A page, step, track or failure mode to go to.
#[derive(Clone, Debug, Serialize)]
pub struct Link {
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub href: String,
}

/// A failure class: never told by colour alone.
#[derive(Clone, Debug, Serialize)]
pub struct ClassView {
    /// `technical`, `human`, `scale`, `dependency`, or one that the settings add.
    pub id: String,
    /// `T`, `H`, `S`, `D`, or the first letter of another.
    pub letter: String,
    /// `Technical`.
    pub title: String,
    /// The name of its icon: the id of one of the four classes, else `other`.
    pub icon: &'static str,
}

/// A failure mode in a list.
#[derive(Clone, Debug, Serialize)]
pub struct ModeLink {
    /// Its class; none where it could not be read.
    pub class: Option<ClassView>,
    /// What happens.
    pub title: String,
    /// Where it is described.
    pub href: String,
    /// The page on which it is described.
    pub page: Link,
}

/// A name and what it says: a fact of a step, a system, a role.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    /// `Uses`, `If it takes longer` …
    pub name: String,
    /// What it says.
    pub html: String,
}

/// A page of the site under construction: what it may ask, and where it stands.
#[derive(Clone, Copy)]
pub struct Here<'a> {
    /// The lookups.
    pub atlas: &'a Atlas<'a>,
    /// Where the page stands.
    pub at: Standing<'a>,
    /// The page of the handbook that it is about: its things are named without it.
    pub about: Option<PageIx>,
}

impl<'a> Here<'a> {
    /// On the page of the handbook itself.
    pub fn on(atlas: &'a Atlas<'a>, page: PageIx) -> Self {
        let at = Standing { url: &atlas.handbook.pages[page].url, page: Some(page), holds: Holds::All };
        Self { atlas, at, about: Some(page) }
    }

    /// On a generated page that belongs to none of the handbook.
    pub fn generated(atlas: &'a Atlas<'a>, url: &'a str) -> Self {
        Self { atlas, at: Standing { url, page: None, holds: Holds::All }, about: None }
    }

    /// On a generated page about a page of the handbook; `holds` says whether it shows its tracks, steps and failure modes.
    pub fn beside(atlas: &'a Atlas<'a>, url: &'a str, page: PageIx, holds: Option<Holds>) -> Self {
        let at = Standing { url, page: holds.map(|_| page), holds: holds.unwrap_or(Holds::All) };
        Self { atlas, at, about: Some(page) }
    }

    /// A link to a page.
    pub fn page(&self, page: PageIx) -> Link {
        Link { title: self.atlas.handbook.pages[page].title().to_owned(), href: self.atlas.places.page(self.at, page) }
    }

    /// Where a page stands on the map; none where it does not.
    pub fn map(&self, page: PageIx) -> Option<String> {
        let url = relative(self.at.url, self.atlas.map.url_of(page)?);
        let anchor = fragment(&self.atlas.handbook.pages[page].id);
        Some(if url == "./" { anchor } else { format!("{url}{anchor}") })
    }

    /// A link to a page, track, step or failure mode; a track or step of another page is named with that page.
    pub fn target(&self, target: Target) -> Link {
        let elsewhere = matches!(target, Target::Step(_) | Target::Track(..)) && Some(target.page()) != self.about;
        let short = self.short(target);
        if elsewhere {
            Link { title: format!("{}: {}", self.atlas.handbook.pages[target.page()].title(), short.title), ..short }
        } else {
            short
        }
    }

    /// A link to a page, track, step or failure mode, named by its own title alone.
    pub fn short(&self, target: Target) -> Link {
        let title = match target {
            Target::Mode(mode) => self.mode_title(mode),
            _ => self.atlas.handbook.title_of(target).to_owned(),
        };
        Link { title, href: self.atlas.places.target(self.at, target) }
    }

    /// A link to a failure mode.
    pub fn mode(&self, mode: ModeIx) -> ModeLink {
        let view = self.atlas.handbook.mode(mode);
        ModeLink {
            class: view.class().map(|class| self.class(class)),
            title: self.mode_title(mode),
            href: self.atlas.places.target(self.at, Target::Mode(mode)),
            page: self.page(mode.page),
        }
    }

    /// What a failure mode is called; never nothing.
    pub fn mode_title(&self, mode: ModeIx) -> String {
        let view = self.atlas.handbook.mode(mode);
        let written = view.facts().title.as_ref().map(|title| title.value.0.trim()).filter(|title| !title.is_empty());
        let title = Some(view.written.title.trim()).filter(|title| !title.is_empty()).or(written);
        title.unwrap_or(&view.written.id).to_owned()
    }

    /// A class.
    pub fn class(&self, id: &str) -> ClassView {
        let own = CLASSES.into_iter().find(|class| *class == id);
        let declared = || self.atlas.handbook.settings.classes.iter().find(|(known, _)| known == id).map(|(_, title)| title.clone());
        let title = own.map(super::words::capital).or_else(declared).unwrap_or_else(|| id.to_owned());
        let letter = title.chars().next().unwrap_or('?').to_uppercase().collect();
        ClassView { id: id.to_owned(), letter, title, icon: own.unwrap_or("other") }
    }

    /// Inline Markdown that was written in a declaration on a page.
    pub fn prose(&self, on: PageIx, markdown: &str) -> String {
        html::prose(&self.context(on), markdown)
    }

    /// What writing HTML needs to know.
    pub fn context(&self, on: PageIx) -> Context<'_> {
        Context { places: &self.atlas.places, at: self.at, on, raw_html: self.atlas.handbook.settings.raw_html }
    }

    /// Links as HTML, one after another.
    pub fn links_html(&self, targets: impl IntoIterator<Item = Target>) -> String {
        let links = targets.into_iter().map(|target| anchor(&self.target(target)));
        links.collect::<Vec<_>>().join(", ")
    }
}

/// A link as HTML.
pub fn anchor(link: &Link) -> String {
    format!("<a href=\"{}\">{}</a>", html::escape(&link.href), html::escape(&link.title))
}
