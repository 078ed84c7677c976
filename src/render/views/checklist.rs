//! The run sheet: the steps as a check list, with the way back of each failure mode one tap away.

use serde::Serialize;

use crate::model::{ModeIx, PageIx, StepIx};

use super::super::html::Body;
use super::mode::{ModeView, mode};
use super::process::{PersonView, people};
use super::step::{StepView, step};
use super::{Here, Link};

/// A run sheet.
#[derive(Clone, Debug, Serialize)]
pub struct ChecklistView {
    /// The process.
    pub process: Link,
    /// What it is for.
    pub intent_html: Option<String>,
    /// The lists of steps.
    pub tracks: Vec<ListView>,
    /// Failure modes of the process as a whole.
    pub modes: Vec<ModeView>,
    /// Whom one may have to call.
    pub people: Vec<PersonView>,
    /// How many steps there are.
    pub steps: usize,
}

/// A list of steps.
#[derive(Clone, Debug, Serialize)]
pub struct ListView {
    /// Its anchor.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Whether the process starts here.
    pub first: bool,
    /// Its steps.
    pub steps: Vec<StepView>,
}

/// The run sheet of a process.
pub fn checklist(here: &Here<'_>, process: PageIx, body: &Body) -> ChecklistView {
    let page = &here.atlas.handbook.pages[process];
    let list = |(at, track): (usize, &crate::parse::document::Track)| ListView {
        id: track.id.clone(),
        title: track.title.clone(),
        first: at == 0,
        steps: (0..track.steps.len()).map(|index| step(here, StepIx { page: process, track: at, step: index }, body)).collect(),
    };
    let tracks: Vec<ListView> = page.document.tracks.iter().enumerate().map(list).collect();
    let whole = (0..page.modes.len()).filter(|index| page.document.failures[*index].step.is_none());
    let context = page.process_keys().and_then(|keys| keys.context.as_ref());
    ChecklistView {
        process: here.page(process),
        intent_html: context.and_then(|context| crate::parse::value::said(&context.intent)).map(|text| here.prose(process, text)),
        steps: tracks.iter().map(|track| track.steps.len()).sum(),
        tracks,
        modes: whole.map(|index| mode(here, ModeIx { page: process, mode: index }, body.modes.get(index))).collect(),
        people: people(here, process),
    }
}
