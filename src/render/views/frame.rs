//! What every page has around its content: the site, the navigation, the contents, the findings.

use serde::Serialize;

use crate::model::PageIx;
use crate::parse::document::StepShape;
use crate::parse::markdown;
use crate::parse::value::{PageKind, said};

use super::super::atlas::{is_fault, is_gap};
use super::super::csp;
use super::super::edit;
use super::super::feeds::absolute;
use super::super::map::MAP;
use super::super::paths::PREMORTEMS;
use super::super::print::PRINT;
use super::super::relative::{fragment, relative};
use super::super::words;
use super::finding::{FindingView, finding, heaviest_first};
use super::{Here, Link, VERSION};

/// The site, as seen from one page.
#[derive(Clone, Debug, Serialize)]
pub struct SiteView {
    /// The version of the view data.
    pub views: u32,
    /// The handbook's name.
    pub title: String,
    /// One sentence about it.
    pub description: Option<String>,
    /// The language of its text: `en`.
    pub language: String,
    /// `ltr` or `rtl`.
    pub direction: &'static str,
    /// Whether search engines are asked to stay away.
    pub internal: bool,
    /// The Content-Security-Policy of the pages.
    pub csp: String,
    /// The one inline script: restores the chosen colour scheme before anything is painted.
    pub restorer: &'static str,
    /// The folder of the theme's files, with `/` at its end.
    pub theme: String,
    /// The root of the site.
    pub root: String,
    /// The home page.
    pub home: String,
    /// The page of all findings.
    pub gaps: String,
    /// The register of failure modes.
    pub risks: String,
    /// What is full first when processes run more often.
    pub growth: String,
    /// Processes and systems, and what needs what.
    pub map: String,
    /// Incidents against what pages had said before.
    pub foresight: String,
    /// The list of workbooks and records of pre-mortems.
    pub premortems: String,
    /// What comes due.
    pub reviews: String,
    /// The repository of the source, where it is known.
    pub repository: Option<String>,
    /// The print page.
    pub print: String,
    /// The feed; none where the address of the site is not known.
    pub feed: Option<String>,
    /// The absolute address of this page; none where that of the site is not known, and on a site that is not for everybody.
    pub canonical: Option<String>,
}

/// A page, beside what its kind adds.
#[derive(Clone, Debug, Serialize)]
pub struct PageView {
    /// `page`, `process`, `system`, `role`, `incident`, `premortem`; for generated pages `home`, `checklist`, `workbook`, `gaps`, `risks`,
    /// `premortems`, `print`.
    pub kind: &'static str,
    /// Its id; empty for generated pages.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The anchors of the heading that gave the title; empty where none did.
    pub anchors: Vec<String>,
    /// One sentence about it.
    pub description_html: Option<String>,
    /// The same without marks.
    pub description: Option<String>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// The way from home; the last is the page itself and has no link.
    pub breadcrumbs: Vec<Crumb>,
    /// The contents of the page, in order.
    pub contents: Vec<ContentsEntry>,
    /// The page before it in its section.
    pub previous: Option<Link>,
    /// The page after it in its section.
    pub next: Option<Link>,
    /// The file that it comes from.
    pub source: Option<String>,
    /// Where the file can be edited.
    pub edit: Option<String>,
    /// Where the file's history is shown.
    pub history: Option<String>,
    /// Where a process or system stands on the map.
    pub map: Option<String>,
    /// The day of the file's last change: `14 Sep 2026`; none where that is not known.
    pub changed: Option<String>,
    /// Gaps and faults of the page as a whole.
    pub gaps: Vec<FindingView>,
    /// Findings that stand at no card.
    pub notes: Vec<FindingView>,
    /// Findings that are accepted.
    pub waived: Vec<FindingView>,
    /// How many gaps there are on the whole page.
    pub gap_count: usize,
    /// How many faults there are on the whole page.
    pub fault_count: usize,
    /// `[extra]` of the front matter.
    pub extra: serde_json::Value,
}

/// A step on the way from home.
#[derive(Clone, Debug, Serialize)]
pub struct Crumb {
    /// The page or folder.
    pub title: String,
    /// Where it is; none for the page itself, and for folders without a page.
    pub href: Option<String>,
}

/// A line of the contents.
#[derive(Clone, Debug, Serialize)]
pub struct ContentsEntry {
    /// The heading, track, step or failure mode.
    pub title: String,
    /// Its place on the page.
    pub href: String,
    /// 1 for the highest, 2 below it.
    pub level: usize,
    /// `heading`, `track`, `step`, `decision` or `mode`.
    pub kind: &'static str,
    /// The number of a step.
    pub number: Option<usize>,
    /// Whether something is missing there.
    pub gap: bool,
}

/// The site as seen from where `here` stands.
pub fn site(here: &Here<'_>) -> SiteView {
    let settings = &here.atlas.handbook.settings;
    let to = |url: &str| relative(here.at.url, url);
    SiteView {
        views: VERSION,
        title: settings.title.clone(),
        description: settings.description.as_deref().map(markdown::plain),
        language: settings.language.clone(),
        direction: direction(&settings.language),
        internal: !here.atlas.public,
        csp: csp::policy(),
        restorer: csp::RESTORER,
        theme: to("/_theme/"),
        root: to("/"),
        home: to("/"),
        gaps: to("/gaps/"),
        risks: to("/risks/"),
        reviews: to("/reviews/"),
        growth: to("/growth/"),
        map: to(MAP),
        foresight: to("/foresight/"),
        premortems: to(PREMORTEMS),
        repository: settings.repository.clone().filter(|url| url.starts_with("http")),
        print: to(PRINT),
        feed: here.atlas.address.as_ref().map(|_| to("/feed.xml")),
        canonical: canonical(here, here.at.url),
    }
}

/// The absolute address of a page, where a site for everybody stands at a known address.
pub fn canonical(here: &Here<'_>, url: &str) -> Option<String> {
    here.atlas.address.as_ref().filter(|_| here.atlas.public).map(|address| absolute(address, url))
}

fn direction(language: &str) -> &'static str {
    let primary = language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let rtl = ["ar", "arc", "ckb", "dv", "fa", "ha", "he", "khw", "ks", "ps", "sd", "ug", "ur", "yi"];
    if rtl.contains(&primary.as_str()) { "rtl" } else { "ltr" }
}

/// A generated page that belongs to none of the handbook, such as the register.
pub fn generated(here: &Here<'_>, kind: &'static str, title: &str, description: &str) -> PageView {
    PageView {
        kind,
        id: String::new(),
        title: title.to_owned(),
        anchors: Vec::new(),
        description_html: Some(super::html::escape(description)),
        description: Some(description.to_owned()),
        tags: Vec::new(),
        breadcrumbs: vec![
            Crumb { title: here.atlas.handbook.settings.title.clone(), href: Some(relative(here.at.url, "/")) },
            Crumb { title: title.to_owned(), href: None },
        ],
        contents: Vec::new(),
        previous: None,
        next: None,
        source: None,
        edit: None,
        history: None,
        map: None,
        changed: None,
        gaps: Vec::new(),
        notes: Vec::new(),
        waived: Vec::new(),
        gap_count: 0,
        fault_count: 0,
        extra: serde_json::Value::Null,
    }
}

/// A generated page about one page of the handbook: its run sheet, its workbook.
pub fn beside(here: &Here<'_>, page: PageIx, kind: &'static str, title: &str) -> PageView {
    let about = here.page(page);
    let mut breadcrumbs = crumbs(here, page);
    if let Some(last) = breadcrumbs.last_mut() {
        last.href = Some(about.href);
    }
    breadcrumbs.push(Crumb { title: title.to_owned(), href: None });
    PageView { breadcrumbs, id: here.atlas.handbook.pages[page].id.clone(), ..generated(here, kind, title, "") }
}

/// A page of the handbook.
pub fn page(here: &Here<'_>, index: PageIx) -> PageView {
    let atlas = here.atlas;
    let page = &atlas.handbook.pages[index];
    let keys = &page.document.front.page;
    let (previous, next) = atlas.sections.neighbours(index);
    let found = &atlas.findings[index];
    let open = || found.open.iter().map(|at| &atlas.analysis.findings[*at]);
    let carded = |found: &&crate::finding::Finding| is_gap(found) || is_fault(found);
    let at_thing = |found: &&crate::finding::Finding| atlas.subject(index, found).is_some();
    let view = |found: &crate::finding::Finding| finding(here, Some(index), found);
    // Inside tracks there is no place for a card of the track itself, so it stands with those of the page.
    let on_track = |found: &&crate::finding::Finding| matches!(atlas.subject(index, found), Some(crate::model::Target::Track(..)));
    let mut gaps: Vec<FindingView> = open().filter(carded).filter(|found| !at_thing(found) || on_track(found)).map(view).collect();
    let mut notes: Vec<FindingView> = open().filter(|found| !carded(found)).map(view).collect();
    heaviest_first(&mut gaps);
    heaviest_first(&mut notes);
    let description = said(&keys.description);
    let heading = page.document.title_heading.and_then(|heading| page.document.anchors.get(heading));
    PageView {
        kind: page.page_kind().name(),
        id: page.id.clone(),
        title: page.title().to_owned(),
        anchors: heading.map(|anchor| std::iter::once(&anchor.id).chain(&anchor.also).cloned().collect()).unwrap_or_default(),
        description_html: description.map(|text| here.prose(index, text)),
        description: description.map(markdown::plain),
        tags: keys.tags.iter().map(|tag| tag.value.clone()).collect(),
        breadcrumbs: crumbs(here, index),
        contents: contents(here, index),
        previous: previous.map(|page| here.page(page)),
        next: next.map(|page| here.page(page)),
        source: Some(page.path().to_string()),
        edit: edit::file(&atlas.handbook.settings, page.path()),
        history: edit::history(&atlas.handbook.settings, page.path()),
        map: here.map(index),
        changed: atlas.analysis.changed.get(page.path()).filter(|_| !page.from_settings).map(|day| words::day(*day)),
        gap_count: open().filter(|found| is_gap(found)).count(),
        fault_count: open().filter(|found| is_fault(found)).count(),
        gaps,
        notes,
        waived: found.waived.iter().map(|at| view(&atlas.analysis.findings[*at])).collect(),
        extra: keys.extra.as_ref().map_or(serde_json::Value::Null, |extra| extra.0.clone()),
    }
}

fn crumbs(here: &Here<'_>, page: PageIx) -> Vec<Crumb> {
    let atlas = here.atlas;
    let title = atlas.handbook.pages[page].title().to_owned();
    let mut crumbs = Vec::new();
    for section in atlas.sections.chain(page) {
        let section = &atlas.sections.all[section];
        if section.index == Some(page) {
            break;
        }
        let home = section.parent.is_none();
        let title = if home { atlas.handbook.settings.title.clone() } else { section.title.clone() };
        let listed = (section.url == PREMORTEMS).then(|| relative(here.at.url, PREMORTEMS));
        let href =
            if home { Some(relative(here.at.url, "/")) } else { section.index.map(|index| atlas.places.page(here.at, index)).or(listed) };
        crumbs.push(Crumb { title, href });
    }
    crumbs.push(Crumb { title, href: None });
    crumbs
}

/// Adds a section that the page has beside its text to the contents.
pub fn also(page: &mut PageView, shown: bool, title: &str, id: &str) {
    if shown {
        page.contents.push(ContentsEntry {
            title: title.to_owned(),
            href: fragment(id),
            level: 1,
            kind: "heading",
            number: None,
            gap: false,
        });
    }
}

/// Headings, tracks, steps and failure modes of a page, in order.
fn contents(here: &Here<'_>, index: PageIx) -> Vec<ContentsEntry> {
    let page = &here.atlas.handbook.pages[index];
    let document = &page.document;
    let missing = |thing: &str| here.atlas.open_on(index, Some(thing)).any(|found| is_gap(found) || is_fault(found));
    let mut entries: Vec<(usize, ContentsEntry)> = Vec::new();
    let mut opened = std::collections::HashSet::new();
    let entry = |title: &str, id: &str, level, kind, number, gap| ContentsEntry {
        title: title.to_owned(),
        href: fragment(id),
        level,
        kind,
        number,
        gap,
    };
    for track in &document.tracks {
        opened.insert(track.heading);
        entries.push((track.place.start(), entry(&track.title, &track.id, 1, "track", None, false)));
        for (at, step) in track.steps.iter().enumerate() {
            if let StepShape::Section(heading) = step.shape {
                opened.insert(heading);
            }
            let own = |failure: &&crate::parse::document::Failure| {
                failure.step.is_some_and(|(t, s)| std::ptr::eq(&document.tracks[t].steps[s], step))
            };
            let gap = missing(&step.id) || document.failures.iter().filter(own).any(|failure| missing(&failure.id));
            let kind = if matches!(step.facts, crate::parse::document::StepFacts::Decision(_)) { "decision" } else { "step" };
            entries.push((step.place.start(), entry(&step.title, &step.id, 2, kind, Some(at + 1), gap)));
        }
    }
    for (at, failure) in document.failures.iter().enumerate() {
        opened.extend(failure.heading);
        if failure.step.is_none() {
            let start = failure.heading.map_or(failure.place.start(), |heading| document.outline.headings[heading].span.start());
            entries.push((
                start,
                entry(&here.mode_title(crate::model::ModeIx { page: index, mode: at }), &failure.id, 2, "mode", None, missing(&failure.id)),
            ));
        }
    }
    for (at, heading) in document.outline.headings.iter().enumerate() {
        let shown = Some(at) != document.title_heading && !opened.contains(&at) && heading.level <= 3;
        if let Some(anchor) = document.anchors.get(at).filter(|_| shown) {
            let level = if heading.level <= 2 { 1 } else { 2 };
            entries.push((heading.span.start(), entry(&heading.text, &anchor.id, level, "heading", None, false)));
        }
    }
    entries.sort_by_key(|(start, _)| *start);
    entries.into_iter().map(|(_, entry)| entry).collect()
}

/// The word for a kind of page.
pub fn kind_word(kind: PageKind) -> &'static str {
    match kind {
        PageKind::Page => "Page",
        PageKind::Process => "Process",
        PageKind::System => "System",
        PageKind::Role => "Role",
        PageKind::Incident => "Incident",
        PageKind::Premortem => "Pre-mortem",
    }
}
