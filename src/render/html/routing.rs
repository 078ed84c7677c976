//! Where the pieces of a page are gathered while it is written: its prose, tracks, steps and failure modes, each in its sink.

use std::collections::HashMap;

use crate::parse::Document;
use crate::parse::document::StepShape;

use super::regions::Regions;

/// The parts of a page that is more than prose.
pub(super) struct Routing<'d> {
    pub(super) document: &'d Document,
    pub(super) regions: Regions,
    pub(super) step_lists: HashMap<usize, Vec<(usize, usize)>>,
    pub(super) parts: Vec<Placed>,
    pub(super) tracks: Vec<RoutedTrack>,
    pub(super) modes: Vec<RoutedMode>,
    pub(super) late: Vec<usize>,
}

/// Something that stands on the page.
pub(super) enum Placed {
    Prose(usize),
    Track(usize),
    Mode(usize),
}

/// The sinks of a track.
#[derive(Default)]
pub(super) struct RoutedTrack {
    pub(super) title: Option<usize>,
    pub(super) begun: bool,
    pub(super) stepped: bool,
    pub(super) intro: Option<usize>,
    pub(super) steps: Vec<(Option<usize>, Option<usize>)>,
    pub(super) rest: Vec<Placed>,
}

/// The sinks of a failure mode.
#[derive(Default)]
pub(super) struct RoutedMode {
    pub(super) title: Option<usize>,
    pub(super) html: Option<usize>,
    pub(super) placed: bool,
}

impl<'d> Routing<'d> {
    pub(super) fn new(document: &'d Document, length: usize) -> Self {
        let mut step_lists: HashMap<usize, Vec<(usize, usize)>> = HashMap::new();
        for (t, track) in document.tracks.iter().enumerate() {
            for (s, step) in track.steps.iter().enumerate() {
                if let StepShape::Item(list, _) = step.shape {
                    step_lists.entry(list).or_default().push((t, s));
                }
            }
        }
        let tracks = document.tracks.iter();
        Self {
            document,
            regions: Regions::new(document, length),
            step_lists,
            parts: Vec::new(),
            tracks: tracks.map(|track| RoutedTrack { steps: vec![(None, None); track.steps.len()], ..RoutedTrack::default() }).collect(),
            modes: document.failures.iter().map(|_| RoutedMode::default()).collect(),
            late: Vec::new(),
        }
    }
}

/// Puts a track where its heading stands.
pub(super) fn begin_track(routing: &mut Routing<'_>, track: usize) {
    if !routing.tracks[track].begun {
        routing.tracks[track].begun = true;
        routing.parts.push(Placed::Track(track));
    }
}

/// Puts a failure mode where its block stands, unless a step shows it.
pub(super) fn place_mode(routing: &mut Routing<'_>, mode: usize) {
    let failure = &routing.document.failures[mode];
    if routing.modes[mode].placed || failure.step.is_some() {
        return;
    }
    routing.modes[mode].placed = true;
    let track = routing.document.tracks.iter().position(|track| track.section.holds(failure.place.start));
    match track {
        Some(track) => {
            begin_track(routing, track);
            routing.tracks[track].rest.push(Placed::Mode(mode));
        }
        None => routing.parts.push(Placed::Mode(mode)),
    }
}
