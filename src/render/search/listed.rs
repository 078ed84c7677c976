//! What stands on a page and can be found beside the page itself: headings, tracks, steps and failure modes, in page order.

use std::collections::{HashMap, HashSet};

use crate::model::PageIx;
use crate::parse::document::StepShape;

use super::super::views::Here;

/// A thing on a page, by its place in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Thing {
    /// A heading, by its index in the outline.
    Heading(usize),
    /// A track.
    Track(usize),
    /// A step, by track and place.
    Step(usize, usize),
    /// A failure mode.
    Mode(usize),
}

/// The things of a page.
#[derive(Debug, Default)]
pub struct Listed {
    /// In page order.
    pub things: Vec<Thing>,
    places: HashMap<Thing, usize>,
}

impl Listed {
    /// The things of a page. A heading that opens a track, a step or a failure mode is that, and no heading.
    pub fn new(here: &Here<'_>, page: PageIx) -> Self {
        let document = &here.atlas.handbook.pages[page].document;
        let mut opening: HashSet<usize> = document.title_heading.into_iter().collect();
        let mut found: Vec<(usize, usize, Thing)> = Vec::new();
        for (t, track) in document.tracks.iter().enumerate() {
            opening.insert(track.heading);
            found.push((track.place.start(), 0, Thing::Track(t)));
            for (s, step) in track.steps.iter().enumerate() {
                if let StepShape::Section(heading) = step.shape {
                    opening.insert(heading);
                }
                found.push((step.place.start(), 1, Thing::Step(t, s)));
            }
        }
        for (m, failure) in document.failures.iter().enumerate() {
            opening.extend(failure.heading);
            let start = failure.heading.map_or(failure.place.start(), |heading| document.outline.headings[heading].span.start());
            found.push((start, 2, Thing::Mode(m)));
        }
        for (h, heading) in document.outline.headings.iter().enumerate() {
            if !opening.contains(&h) && h < document.anchors.len() && !heading.text.is_empty() {
                found.push((heading.span.start(), 3, Thing::Heading(h)));
            }
        }
        found.sort_by_key(|(start, rank, _)| (*start, *rank));
        let things: Vec<Thing> = found.into_iter().map(|(_, _, thing)| thing).collect();
        let places = things.iter().enumerate().map(|(place, thing)| (*thing, place)).collect();
        Self { things, places }
    }

    /// The place of a thing among them.
    pub fn place(&self, thing: Thing) -> Option<usize> {
        self.places.get(&thing).copied()
    }
}
