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
    /// What the headings open that open something, by their index in the outline.
    opened: HashMap<usize, Opened>,
    pub(super) parts: Vec<Placed>,
    pub(super) tracks: Vec<RoutedTrack>,
    pub(super) modes: Vec<RoutedMode>,
    pub(super) late: Vec<usize>,
}

/// What a heading opens.
#[derive(Clone, Copy)]
enum Opened {
    Track(usize),
    Step(usize, usize),
    Mode(usize),
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
        let modes = document.failures.iter().enumerate();
        let mut opened: HashMap<usize, Opened> = modes.filter_map(|(m, mode)| Some((mode.heading?, Opened::Mode(m)))).collect();
        for (t, track) in document.tracks.iter().enumerate() {
            for (s, step) in track.steps.iter().enumerate() {
                match step.shape {
                    StepShape::Item(list, _) => step_lists.entry(list).or_default().push((t, s)),
                    StepShape::Section(heading) => drop(opened.insert(heading, Opened::Step(t, s))),
                }
            }
            opened.insert(track.heading, Opened::Track(t));
        }
        let tracks = document.tracks.iter();
        Self {
            document,
            regions: Regions::new(document, length),
            step_lists,
            opened,
            parts: Vec::new(),
            tracks: tracks.map(|track| RoutedTrack { steps: vec![(None, None); track.steps.len()], ..RoutedTrack::default() }).collect(),
            modes: document.failures.iter().map(|_| RoutedMode::default()).collect(),
            late: Vec::new(),
        }
    }

    /// Where the sink of the title of what a heading opens is kept.
    pub(super) fn title(&mut self, heading: usize) -> Option<&mut Option<usize>> {
        Some(match *self.opened.get(&heading)? {
            Opened::Track(track) => &mut self.tracks[track].title,
            Opened::Step(track, step) => &mut self.tracks[track].steps[step].0,
            Opened::Mode(mode) => &mut self.modes[mode].title,
        })
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
    let track = routing.document.tracks.iter().position(|track| track.section.holds(failure.place.start()));
    match track {
        Some(track) => {
            begin_track(routing, track);
            routing.tracks[track].rest.push(Placed::Mode(mode));
        }
        None => routing.parts.push(Placed::Mode(mode)),
    }
}
