//! The pre-mortem workbook: a session on paper or on a screen, and what must be true before the next run.

use serde::Serialize;

use crate::model::{PageIx, StepIx, Target};
use crate::parse::value::{Severity, said};

use super::super::diagram::{DiagramView, diagram};
use super::finding::{FindingView, finding};
use super::process::{DatedLink, dated};
use super::prompts::{PromptView, prompts};
use super::{Here, Link, ModeLink};

/// A workbook.
#[derive(Clone, Debug, Serialize)]
pub struct WorkbookView {
    /// The process.
    pub process: Link,
    /// Its criticality.
    pub criticality: &'static str,
    /// What it is for.
    pub intent_html: Option<String>,
    /// The worst declared effect.
    pub worst: Option<WorstView>,
    /// How often it runs now and soon.
    pub volume: Option<String>,
    /// The role that speaks first.
    pub owner: Option<Link>,
    /// The diagram; none where a list of one or two steps says it all.
    pub diagram: Option<DiagramView>,
    /// Steps in short.
    pub tracks: Vec<TrackInShort>,
    /// What is accepted.
    pub waived: Vec<FindingView>,
    /// Questions, for the second half.
    pub prompts: Vec<PromptView>,
    /// What must be true before the next run.
    pub ready: ReadyView,
    /// Earlier sessions, newest first.
    pub records: Vec<DatedLink>,
}

/// The worst that is declared.
#[derive(Clone, Debug, Serialize)]
pub struct WorstView {
    /// The effect.
    pub effect_html: String,
    /// The failure mode.
    pub mode: ModeLink,
}

/// A track in short.
#[derive(Clone, Debug, Serialize)]
pub struct TrackInShort {
    /// Its heading.
    pub title: String,
    /// The titles of its steps.
    pub steps: Vec<Link>,
}

/// What must be true before the next run.
#[derive(Clone, Debug, Serialize)]
pub struct ReadyView {
    /// Signals that must be in place.
    pub detections: Vec<ReadyLine>,
    /// Ways back that must have been tried.
    pub recoveries: Vec<ReadyLine>,
    /// Roles that must be reachable.
    pub people: Vec<Link>,
    /// Systems whose state must be known.
    pub systems: Vec<Link>,
}

/// One thing that must be true.
#[derive(Clone, Debug, Serialize)]
pub struct ReadyLine {
    /// The failure mode.
    pub mode: ModeLink,
    /// The signal, or the day of the last drill; none where there is none.
    pub html: Option<String>,
}

/// The workbook of a process.
pub fn workbook(here: &Here<'_>, process: PageIx) -> WorkbookView {
    let atlas = here.atlas;
    let handbook = atlas.handbook;
    let page = &handbook.pages[process];
    let keys = page.process_keys();
    let context = keys.and_then(|keys| keys.context.as_ref());
    let volume = keys.and_then(|keys| keys.volume.as_ref()).map(|volume| {
        let now = volume.now.as_ref().map(|now| format!("{} now", now.value.text));
        let planned = volume.planned.as_ref().map(|planned| format!("{} planned", planned.value.text));
        [now, planned].into_iter().flatten().collect::<Vec<_>>().join(", ")
    });
    let track = |(at, track): (usize, &crate::parse::document::Track)| TrackInShort {
        title: track.title.clone(),
        steps: (0..track.steps.len()).map(|step| here.short(Target::Step(StepIx { page: process, track: at, step }))).collect(),
    };
    WorkbookView {
        process: here.page(process),
        criticality: page.criticality().name(),
        intent_html: context.and_then(|context| said(&context.intent)).map(|text| here.prose(process, text)),
        worst: worst(here, process),
        volume: volume.filter(|volume| !volume.is_empty()),
        owner: page.owner.map(|owner| here.page(owner)),
        diagram: diagram(here, process),
        tracks: page.document.tracks.iter().enumerate().map(track).collect(),
        waived: atlas.findings[process].waived.iter().map(|at| finding(here, Some(process), &atlas.analysis.findings[*at])).collect(),
        prompts: prompts(here, process),
        ready: ready(here, process),
        records: atlas.records.get(&process).into_iter().flatten().map(|page| dated(here, *page)).collect(),
    }
}

fn worst(here: &Here<'_>, process: PageIx) -> Option<WorstView> {
    let handbook = here.atlas.handbook;
    let with_effect = handbook.applying(process).filter(|mode| mode.said(&mode.facts().effect).is_some());
    // Own failure modes win over inherited ones of the same weight, earlier over later.
    let worst =
        with_effect.min_by_key(|mode| (std::cmp::Reverse(mode.severity().unwrap_or(Severity::Minor)), mode.at.page != process, mode.at))?;
    let effect = worst.said(&worst.facts().effect)?;
    Some(WorstView { effect_html: here.prose(worst.at.page, effect), mode: here.mode(worst.at) })
}

fn ready(here: &Here<'_>, process: PageIx) -> ReadyView {
    let handbook = here.atlas.handbook;
    let modes: Vec<_> = handbook.modes(process).collect();
    let detection = |mode: &crate::model::ModeView<'_>| ReadyLine {
        mode: here.mode(mode.at),
        html: mode.signal().map(|signal| here.prose(mode.at.page, signal)),
    };
    let drilled = |mode: &crate::model::ModeView<'_>| ReadyLine {
        mode: here.mode(mode.at),
        html: super::mode::mode(here, mode.at, None).back.drilled,
    };
    let mut people: Vec<PageIx> = Vec::new();
    for role in handbook
        .steps(process)
        .filter(|step| step.is_automated())
        .filter_map(|step| step.resolved.role)
        .chain(modes.iter().filter_map(|mode| mode.resolved.by))
    {
        if !people.contains(&role) {
            people.push(role);
        }
    }
    ReadyView {
        detections: modes.iter().map(detection).collect(),
        recoveries: modes.iter().filter(|mode| mode.has_recovery()).map(drilled).collect(),
        people: people.into_iter().map(|role| here.page(role)).collect(),
        systems: handbook.dependencies(process).iter().map(|needed| here.page(needed.page)).collect(),
    }
}
