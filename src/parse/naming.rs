//! What the things of a page are called: the id and the anchor of every track, step, failure mode and heading, and ids that are given twice.

use std::collections::HashMap;

use crate::finding::{Finding, Place};
use crate::source::Span;

use super::document::{Document, HeadingAnchor, StepShape};
use super::slug::{Anchors, slug};
use super::steps;

/// Gives every track, step, failure mode and heading its final id and anchor, and finds the ids that are given twice.
pub(super) fn name_things(document: &mut Document, text: &str) {
    let mut anchors = Anchors::default();
    let mut explicit: HashMap<String, Span> = HashMap::new();
    let mut findings = Vec::new();
    let tracks = document.tracks.iter().filter(|track| track.explicit_id).map(|track| (track.id.clone(), track.place));
    let steps = document.tracks.iter().flat_map(|track| &track.steps);
    let steps = steps.filter_map(|step| Some((step.id.clone(), step.explicit_id?)));
    let failures = document.failures.iter().filter_map(|failure| Some((failure.id.clone(), failure.explicit_id?)));
    let opened = opened_headings(document);
    let headings = document.outline.headings.iter().enumerate().filter(|(index, _)| !opened.contains_key(index));
    let headings = headings.filter_map(|(_, heading)| Some((heading.id.clone()?, steps::first_line(text, heading.span))));
    let mut all: Vec<(String, Span)> = tracks.chain(steps).chain(failures).chain(headings).collect();
    all.sort_by_key(|(_, span)| span.start());
    for (id, span) in all {
        if let Some(first) = explicit.get(&id) {
            findings.push(duplicate(document, &id, *first, span));
        } else {
            anchors.reserve(&id);
            explicit.insert(id, span);
        }
    }
    give_ids(document, &mut anchors, &mut findings);
    document.findings.extend(findings);
    give_anchors(document, anchors);
}

fn duplicate(document: &Document, id: &str, first: Span, second: Span) -> Finding {
    document
        .finding("duplicate-id", second, Some(id), format!("the id `{id}` is given twice on this page"))
        .mark(Place::new(&document.path, first), "first given here")
        .note("a reference to it could mean either")
        .help("give one of the two another `id`")
}

/// The derived ids, in page order, each with its number where it was given before. Two failure modes must differ by themselves.
fn give_ids(document: &mut Document, anchors: &mut Anchors, findings: &mut Vec<Finding>) {
    enum Thing {
        Track(usize),
        Step(usize, usize),
        Failure(usize),
    }
    let mut things: Vec<(usize, Thing)> = Vec::new();
    for (index, track) in document.tracks.iter().enumerate() {
        things.push((track.place.start(), Thing::Track(index)));
        things.extend(track.steps.iter().enumerate().map(|(step, at)| (at.place.start(), Thing::Step(index, step))));
    }
    things.extend(document.failures.iter().enumerate().map(|(index, failure)| {
        let start = failure.heading.map_or(failure.place.start(), |heading| document.outline.headings[heading].span.start());
        (start, Thing::Failure(index))
    }));
    things.sort_by_key(|(start, _)| *start);
    let mut failures: HashMap<String, (Span, bool)> = HashMap::new();
    for (_, thing) in things {
        match thing {
            Thing::Track(track) if !document.tracks[track].explicit_id => {
                let slug = non_empty(&document.tracks[track].id, "steps");
                document.tracks[track].id = anchors.give(&slug);
            }
            Thing::Step(track, step) if document.tracks[track].steps[step].explicit_id.is_none() => {
                let slug = non_empty(&document.tracks[track].steps[step].id, "step");
                document.tracks[track].steps[step].id = anchors.give(&slug);
            }
            Thing::Failure(index) => {
                let failure = &document.failures[index];
                let first = failures.get(&failure.id).copied();
                if let Some((first, explicit)) = first
                    && !(explicit && failure.explicit_id.is_some())
                {
                    findings.push(duplicate(document, &failure.id, first, failure.place));
                }
                failures.entry(failure.id.clone()).or_insert((failure.place, failure.explicit_id.is_some()));
                if failure.explicit_id.is_none() {
                    let slug = failure.id.clone();
                    document.failures[index].id = anchors.give(&slug);
                }
            }
            _ => {}
        }
    }
}

fn non_empty(slug: &str, otherwise: &str) -> String {
    if slug.is_empty() { otherwise.to_owned() } else { slug.to_owned() }
}

/// The headings that open a track, step or failure mode, with its id.
fn opened_headings(document: &Document) -> HashMap<usize, String> {
    let mut opened = HashMap::new();
    for track in &document.tracks {
        opened.insert(track.heading, track.id.clone());
        for step in &track.steps {
            if let StepShape::Section(heading) = step.shape {
                opened.insert(heading, step.id.clone());
            }
        }
    }
    for failure in &document.failures {
        if let Some(heading) = failure.heading {
            opened.insert(heading, failure.id.clone());
        }
    }
    opened
}

fn give_anchors(document: &mut Document, mut anchors: Anchors) {
    let opened = opened_headings(document);
    let (mut github, mut site) = (Anchors::default(), Anchors::default());
    let mut all: Vec<HeadingAnchor> = Vec::with_capacity(document.outline.headings.len());
    for (index, heading) in document.outline.headings.iter().enumerate() {
        let written = match &heading.id {
            Some(id) => format!("{} {{#{id}}}", heading.text),
            None => heading.text.clone(),
        };
        let text = non_empty(&slug(&heading.text), "section");
        let slug_here = site.give(&text);
        let id = match (opened.get(&index), &heading.id) {
            (Some(id), _) => id.clone(),
            (None, Some(id)) => id.clone(),
            (None, None) if anchors.has(&slug_here) => anchors.give(&slug_here),
            (None, None) => {
                anchors.reserve(&slug_here);
                slug_here.clone()
            }
        };
        let also = (id != slug_here && !anchors.has(&slug_here)).then_some(slug_here);
        if let Some(also) = &also {
            anchors.reserve(also);
        }
        all.push(HeadingAnchor { id, also, github: github.give(&slug(&written)) });
    }
    document.anchors = all;
}
