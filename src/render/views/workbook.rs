//! The pre-mortem workbook: a session on paper or on a screen, and what must be true before the next run.

use serde::Serialize;

use crate::check::drill;
use crate::model::{ModeView, PageIx, StepIx, StepView as ModelStep, Target, flow};
use crate::parse::value::{Severity, said};

use super::super::diagram::{DiagramView, diagram};
use super::super::register::Session;
use super::super::words;
use super::finding::{FindingView, finding};
use super::process::{DatedLink, PersonView, dated, person};
use super::prompts::{PromptView, prompts};
use super::session::session;
use super::system::web;
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
    /// The last day on which the last session counts.
    pub due: Option<String>,
    /// Whether a session is due.
    pub overdue: bool,
    /// What the script needs to know of the model, as JSON.
    pub session: String,
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
    /// Roles that take over or go a way back, and must be reachable.
    pub people: Vec<PersonView>,
    /// What it needs, whose state must be known.
    pub systems: Vec<ReadySystem>,
}

/// Something that a process needs.
#[derive(Clone, Debug, Serialize)]
pub struct ReadySystem {
    /// The system or process.
    pub link: Link,
    /// Where its provider says how it is.
    pub status_page: Option<Link>,
}

/// One thing that must be true.
#[derive(Clone, Debug, Serialize)]
pub struct ReadyLine {
    /// The failure mode.
    pub mode: ModeLink,
    /// The system on whose page it is described; none where that is the process itself.
    pub from: Option<Link>,
    /// The signal, or the day of the last drill; none where there is none.
    pub html: Option<String>,
    /// Whether that day is longer ago than a drill holds.
    pub old: bool,
}

/// The workbook of a process.
pub fn workbook(here: &Here<'_>, process: PageIx) -> anyhow::Result<WorkbookView> {
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
    let prompts = prompts(here, process);
    let last = Session::of(here.atlas, process);
    Ok(WorkbookView {
        session: session(here, process, &prompts)?,
        due: last.due.filter(|_| last.owed).map(words::day),
        overdue: last.is_due(),
        process: here.page(process),
        criticality: page.criticality().name(),
        intent_html: context.and_then(|context| said(&context.intent)).map(|text| here.prose(process, text)),
        worst: worst(here, process),
        volume: volume.filter(|volume| !volume.is_empty()),
        owner: page.owner.map(|owner| here.page(owner)),
        diagram: diagram(here, process),
        tracks: page.document.tracks.iter().enumerate().map(track).collect(),
        waived: atlas.findings[process].waived.iter().map(|at| finding(here, Some(process), &atlas.analysis.findings[*at])).collect(),
        prompts,
        ready: ready(here, process),
        records: atlas.records.get(&process).into_iter().flatten().map(|page| dated(here, *page)).collect(),
    })
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
    let line = |mode: &ModeView<'_>| ReadyLine {
        mode: here.mode(mode.at),
        from: (mode.at.page != process).then(|| here.page(mode.at.page)),
        html: None,
        old: false,
    };
    let detection = |mode: ModeView<'_>| {
        let html = mode.signal().map(|signal| here.prose(mode.at.page, signal));
        ReadyLine { html: html.or_else(|| mode.has_detection().then(|| "noticed, though nothing says by what".to_owned())), ..line(&mode) }
    };
    let drilled = |mode: ModeView<'_>| {
        let day = drill::last(&mode).map(|drill| drill.day);
        let old = day.is_some_and(|day| drill::review_period(handbook, mode.page).after(day) < handbook.today);
        ReadyLine { html: day.map(words::day), old, ..line(&mode) }
    };
    let status_page = |page: PageIx| handbook.pages[page].system_keys().and_then(|keys| keys.status_page.as_ref());
    ReadyView {
        detections: handbook.applying(process).map(detection).collect(),
        recoveries: handbook.applying(process).filter(ModeView::has_recovery).map(drilled).collect(),
        people: people(here, process),
        systems: handbook
            .dependencies(process)
            .iter()
            .map(|needed| ReadySystem {
                link: here.page(needed.page),
                status_page: status_page(needed.page).and_then(|url| web(&url.value)),
            })
            .collect(),
    }
}

/// Whoever takes over from automation, or goes a way back.
fn people(here: &Here<'_>, process: PageIx) -> Vec<PersonView> {
    let handbook = here.atlas.handbook;
    let mut roles: Vec<PageIx> = Vec::new();
    for step in handbook.steps(process).filter(ModelStep::is_automated) {
        roles.extend(step.resolved.role);
        let by_hand = flow::steps_on(handbook, step.resolved.takeover.as_slice());
        roles.extend(by_hand.into_iter().filter_map(|step| handbook.step(step).resolved.role));
    }
    roles.extend(handbook.applying(process).filter_map(|mode| mode.resolved.by));
    let mut seen = std::collections::HashSet::new();
    roles.retain(|role| seen.insert(*role));
    roles.into_iter().map(|role| person(here, role, (0, 0))).collect()
}
