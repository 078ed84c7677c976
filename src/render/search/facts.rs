//! What `search.js` says of each page and of each thing on it: what it is, what it is called, where it is, and what is declared of it.
//!
//! A page is named by its place in the list wherever another names it, as owner or as system, so that its title stands there once.

use serde::Serialize;

use crate::model::{Handbook, Kind, ModeIx, Page, PageIx, StepIx};
use crate::parse::markdown::plain;
use crate::parse::value::{PageKind, Status, said};

use super::super::paths::{PREMORTEMS, opening};
use super::super::relative::encoded_path;
use super::super::reviews::line;
use super::super::views::Here;
use super::super::words;
use super::listed::{Listed, Thing};

/// Characters of the line that stands below a title.
const LINE: usize = 150;

/// A page.
#[derive(Debug, Serialize)]
pub struct PageFacts<'a> {
    /// `process`, `system`, `role`, `incident`, `premortem`, `page`; `list` for the lists over the whole handbook.
    kind: &'static str,
    /// From the root of the site, without `/` before it.
    url: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    id: &'a str,
    title: &'a str,
    /// The role that owns it.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<PageIx>,
    /// What it is about, in one line.
    #[serde(skip_serializing_if = "String::is_empty")]
    line: String,
    /// Further words to find it by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    words: Vec<&'a str>,
    /// The class of an incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<&'a str>,
    /// How much hangs on a process, 0 to 3.
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<u8>,
    /// `proposed` or `retired`.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    /// How many steps and processes cannot do without a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    uses: Option<usize>,
}

/// A thing on a page: a list that begins with its kind, its anchor and its title.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum ThingFacts<'a> {
    /// `h`: a heading, or a track.
    Heading(&'static str, &'a str, &'a str),
    /// `s` a step, `d` a decision: its number, who does it, whether a machine does (1), what it cannot do without.
    Step(&'static str, &'a str, &'a str, usize, Option<PageIx>, u8, Vec<PageIx>),
    /// `m`: its class, its owner where that is not the page's, how one notices, what fails, how that shows.
    Mode(&'static str, &'a str, String, Option<&'a str>, Option<PageIx>, String, Option<PageIx>, Option<&'static str>),
}

/// A class: its id, its title, its icon, and its letter.
#[derive(Debug, Serialize)]
pub struct ClassFacts(String, String, &'static str, String);

/// The classes that failure modes and incidents have, in their order.
pub fn classes(here: &Here<'_>) -> Vec<ClassFacts> {
    let further = here.atlas.handbook.settings.classes.iter().map(|(id, _)| id.as_str());
    let all = crate::parse::value::CLASSES.into_iter().chain(further).map(|id| here.class(id));
    all.map(|class| ClassFacts(class.id, class.title, class.icon, class.letter)).collect()
}

/// What is said of a page.
pub fn page<'a>(here: &Here<'a>, index: PageIx) -> PageFacts<'a> {
    let handbook = here.atlas.handbook;
    let page = &handbook.pages[index];
    let keys = &page.document.front.page;
    let mut words: Vec<&str> = keys.tags.iter().map(|tag| tag.value.as_str()).collect();
    words.extend(page.system_keys().and_then(|keys| keys.system_type.as_ref()).map(|kind| kind.value.name()));
    PageFacts {
        kind: page.page_kind().name(),
        url: address(&page.url),
        id: &page.id,
        title: page.title(),
        owner: page.owner,
        line: about(handbook, page),
        words,
        class: page.incident_keys().and_then(|keys| keys.class.as_ref()).map(|class| class.value.0.as_str()),
        weight: page.process().map(|_| page.criticality() as u8),
        status: match page.status() {
            Status::Active => None,
            status => Some(status.name()),
        },
        uses: here.atlas.uses.get(&index).filter(|_| page.page_kind() == PageKind::System).map(Vec::len),
    }
}

/// What is said of each thing on a page, in page order.
pub fn things<'a>(here: &Here<'a>, index: PageIx, listed: &Listed) -> Vec<ThingFacts<'a>> {
    listed.things.iter().map(|at| thing(here, index, *at)).collect()
}

/// The lists over the whole handbook.
pub fn registers<'a>(handbook: &Handbook) -> impl Iterator<Item = PageFacts<'a>> + use<'a> {
    let authored = opening(handbook, PREMORTEMS).is_some();
    let all = [
        ("/gaps/", "Gaps", "Where the handbook does not say yet what happens next"),
        ("/risks/", "Risks", "Every failure mode of the handbook, what presses most first"),
        ("/reviews/", "Reviews", "What is to be read again, drilled, imagined, done or renewed, and by which day"),
        ("/foresight/", "Foresight", "Which incidents a page had foreseen"),
        ("/growth/", "Growth", "What is full first when processes run more often"),
        (PREMORTEMS, "Pre-mortems", "Workbooks and records of sessions"),
    ];
    all.into_iter().filter(move |(url, ..)| !authored || *url != PREMORTEMS).map(|(url, title, line)| PageFacts {
        kind: "list",
        url: address(url),
        id: "",
        title,
        owner: None,
        line: line.to_owned(),
        words: Vec::new(),
        class: None,
        weight: None,
        status: None,
        uses: None,
    })
}

fn address(url: &str) -> String {
    encoded_path(url.trim_start_matches('/'))
}

fn about(handbook: &Handbook, page: &Page) -> String {
    let keys = &page.document.front.page;
    let intent = page.process_keys().and_then(|keys| said(&keys.context.as_ref()?.intent));
    let written = intent.or_else(|| said(&keys.description)).map(plain).unwrap_or_default();
    let title = |page: Option<PageIx>| page.map(|page| handbook.pages[page].title());
    let (date, about) = match &page.kind {
        Kind::Incident(incident) => (page.incident_keys().and_then(|keys| keys.date.as_ref()), title(incident.process)),
        Kind::Premortem(record) => (page.premortem_keys().and_then(|keys| keys.date.as_ref()), title(record.process)),
        _ => return line(&written, LINE),
    };
    let said = [date.map(|date| words::day(date.value)), about.map(str::to_owned), Some(written).filter(|text| !text.is_empty())];
    line(&said.into_iter().flatten().collect::<Vec<_>>().join(" · "), LINE)
}

fn thing<'a>(here: &Here<'a>, page: PageIx, thing: Thing) -> ThingFacts<'a> {
    let handbook = here.atlas.handbook;
    let document = &handbook.pages[page].document;
    match thing {
        Thing::Heading(at) => ThingFacts::Heading("h", &document.anchors[at].id, &document.outline.headings[at].text),
        Thing::Track(at) => ThingFacts::Heading("h", &document.tracks[at].id, &document.tracks[at].title),
        Thing::Step(track, at) => {
            let step = handbook.step(StepIx { page, track, step: at });
            let kind = if step.decision().is_some() { "d" } else { "s" };
            let uses = step.resolved.uses.iter().map(|used| used.page).collect();
            ThingFacts::Step(kind, &step.written.id, &step.written.title, at + 1, step.resolved.role, u8::from(step.is_automated()), uses)
        }
        Thing::Mode(at) => {
            let at = ModeIx { page, mode: at };
            let mode = handbook.mode(at);
            let owner = mode.resolved.owner.filter(|owner| Some(*owner) != handbook.pages[page].owner);
            let own = matches!(handbook.pages[page].page_kind(), PageKind::System);
            let of = mode.resolved.of.filter(|of| !own || *of != page);
            let signal = mode.signal().map(|signal| line(&plain(signal), LINE)).unwrap_or_default();
            ThingFacts::Mode(
                "m",
                &mode.written.id,
                here.mode_title(at),
                mode.class(),
                owner,
                signal,
                of,
                mode.state().map(|state| state.name()),
            )
        }
    }
}
