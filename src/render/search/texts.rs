//! The words of a page for the search, each with the thing that it stands under: what a reader would read there, without marks.
//!
//! From Markdown: paragraphs, lists, tables and code, without forewarn blocks and raw HTML. From declarations: what failure modes say beside
//! their title and signal, and what a process says about its context.

use std::collections::{BTreeMap, HashMap, HashSet};

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::model::Page;
use crate::parse::blocks::Recover;
use crate::parse::document::Failure;
use crate::parse::markdown::{self, plain, push_plain};
use crate::parse::value::said;

use super::super::html::{Region, Regions};
use super::listed::{Listed, Thing};

/// The text of a page and of the things on it, by their place in the list; the page itself comes first. What says nothing is left out.
pub fn of_page(page: &Page, text: &str, listed: &Listed) -> Vec<(Option<usize>, String)> {
    let mut texts: BTreeMap<Option<usize>, String> = BTreeMap::new();
    declared(page, listed, &mut texts);
    if page.document.outline.too_deep.is_none() {
        read(page, text, listed, &mut texts);
    }
    let tidied = texts.into_iter().map(|(thing, text)| (thing, tidy(&text)));
    tidied.filter(|(_, text)| !text.is_empty()).collect()
}

/// A text on one line.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !tidied.is_empty() {
            tidied.push(' ');
        }
        tidied.push_str(word);
    }
    tidied
}

fn declared(page: &Page, listed: &Listed, texts: &mut BTreeMap<Option<usize>, String>) {
    let mut add = |thing: Option<usize>, text: Option<&str>| {
        if let Some(text) = text {
            let all = texts.entry(thing).or_default();
            let text = plain(text);
            all.push_str(&text);
            all.push_str(if text.ends_with(['.', '!', '?', ':', ';', '…']) { "\n" } else { ".\n" });
        }
    };
    add(None, said(&page.document.front.page.description));
    if let Some(context) = page.process_keys().and_then(|keys| keys.context.as_ref()) {
        add(None, said(&context.intent));
        add(None, said(&context.risk));
    }
    for (at, failure) in page.document.failures.iter().enumerate() {
        let thing = listed.place(Thing::Mode(at));
        told(failure).into_iter().for_each(|text| add(thing, Some(text)));
    }
}

fn told(failure: &Failure) -> Vec<&str> {
    let block = &failure.block;
    let recovery = match &block.recover {
        Some(Recover::Text(text)) => vec![text.said()],
        Some(Recover::Table(table)) => vec![said(&table.text), said(&table.verify), said(&table.decide), said(&table.data)],
        None => Vec::new(),
    };
    [said(&block.effect), said(&block.cause), said(&block.prevent)].into_iter().chain(recovery).flatten().collect()
}

fn read(page: &Page, text: &str, listed: &Listed, texts: &mut BTreeMap<Option<usize>, String>) {
    let document = &page.document;
    let ours: HashSet<usize> = document.blocks.iter().map(|at| document.outline.fences[*at].span.start()).collect();
    let headings: HashMap<usize, usize> = document.outline.headings.iter().enumerate().map(|(at, one)| (one.span.start(), at)).collect();
    let regions = Regions::new(document, text.len());
    let start = document.body.min(text.len());
    let mut reading = Reading { listed, region: Region::Prose, under: None, prose: None };
    let mut silent = 0usize;
    for (event, range) in markdown::events(&text[start..]) {
        let at = range.start + start;
        match &event {
            Event::Start(Tag::CodeBlock(_)) if ours.contains(&at) => silent += 1,
            Event::Start(Tag::Heading { .. }) if headings.contains_key(&at) => {
                reading.heading(regions.at(at), headings[&at]);
                silent += 1;
            }
            Event::End(TagEnd::CodeBlock) if ours.contains(&at) => silent = silent.saturating_sub(1),
            Event::End(TagEnd::Heading(_)) if headings.contains_key(&at) => silent = silent.saturating_sub(1),
            Event::End(tag) if silent == 0 && is_block(tag) => {
                texts.entry(reading.at(regions.at(at))).or_default().push('\n');
            }
            event if silent == 0 => push_plain(event, texts.entry(reading.at(regions.at(at))).or_default()),
            _ => {}
        }
    }
}

fn is_block(tag: &TagEnd) -> bool {
    !matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
}

/// Where reading has come to.
struct Reading<'l> {
    listed: &'l Listed,
    region: Region,
    under: Option<usize>,
    /// The last heading that stands in no track, step or failure mode.
    prose: Option<usize>,
}

impl Reading<'_> {
    /// What the text at a place of this region stands under.
    fn at(&mut self, region: Region) -> Option<usize> {
        if region != self.region {
            self.region = region;
            self.under = match region {
                Region::Prose => self.prose,
                Region::Track(track) => self.listed.place(Thing::Track(track)),
                Region::Step(track, step) => self.listed.place(Thing::Step(track, step)),
                Region::Mode(mode) => self.listed.place(Thing::Mode(mode)),
            };
        }
        self.under
    }

    fn heading(&mut self, region: Region, heading: usize) {
        self.at(region);
        let place = self.listed.place(Thing::Heading(heading));
        if region == Region::Prose {
            self.prose = place;
        }
        if place.is_some() || region == Region::Prose {
            self.under = place;
        }
    }
}
