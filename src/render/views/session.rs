//! What the workbook's script needs to know of the model to lead a session: what reasons can be attached to, who can own an answer, which
//! failure modes are declared, and the published table of priorities. It stands in the page as JSON, in an attribute.

use anyhow::Context as _;
use serde::Serialize;

use crate::check::level::is_off;
use crate::check::priority::{Detection, lookup};
use crate::check::rules::high_priority_unanswered;
use crate::model::{PageIx, Target};
use crate::parse::value::{CLASSES, Likelihood, Severity};

use super::process::roles_of;
use super::prompts::PromptView;
use super::{ClassView, Here};

/// Roles, systems and failure modes that can be chosen, at most: a list that nobody reads to its end helps nobody.
const CHOICES: usize = 100;

/// What a session knows.
#[derive(Debug, Serialize)]
struct Session<'a> {
    /// The process.
    process: Named<'a>,
    /// Its file: where new failure blocks go.
    file: &'a str,
    /// The folder in which records of sessions lie.
    records: String,
    /// The role that speaks first.
    owner: Option<&'a str>,
    /// Every id and anchor of the process's page: a new failure mode may have none of them.
    taken: Vec<&'a str>,
    classes: Vec<ClassView>,
    /// The steps, with the heading of their track.
    steps: Vec<Step<'a>>,
    /// What it needs directly, then what that needs.
    systems: Vec<Named<'a>>,
    /// The roles of the process, then others.
    roles: Vec<Named<'a>>,
    /// The declared failure modes: its own, then those of its systems.
    modes: Vec<Declared<'a>>,
    prompts: Vec<Prompt<'a>>,
    severities: Vec<&'static str>,
    likelihoods: Vec<&'static str>,
    detections: [&'static str; 3],
    /// By severity, likelihood, detection.
    priorities: Vec<Vec<Vec<&'static str>>>,
    /// Whether accepting a failure mode of high priority can be signed with a waiver.
    waives: bool,
}

#[derive(Debug, Serialize)]
struct Named<'a> {
    id: &'a str,
    title: &'a str,
}

#[derive(Debug, Serialize)]
struct Step<'a> {
    id: &'a str,
    title: &'a str,
    track: &'a str,
}

#[derive(Debug, Serialize)]
struct Declared<'a> {
    /// `deploy#the-migration-stops-halfway`.
    id: String,
    title: String,
    class: Option<&'a str>,
    page: &'a str,
}

#[derive(Debug, Serialize)]
struct Prompt<'a> {
    key: &'a str,
    reason: &'a str,
    class: &'a str,
    /// The step that it is about.
    step: Option<&'a str>,
    /// The system that it is about.
    system: Option<&'a str>,
}

/// What a session about a process knows, as JSON.
pub fn session(here: &Here<'_>, process: PageIx, prompts: &[PromptView]) -> anyhow::Result<String> {
    let handbook = here.atlas.handbook;
    let page = &handbook.pages[process];
    let named = |page: PageIx| Named { id: &handbook.pages[page].id, title: handbook.pages[page].title() };
    let document = &page.document;
    let headings = document.anchors.iter().flat_map(|anchor| std::iter::once(&anchor.id).chain(&anchor.also));
    let things = document.tracks.iter().flat_map(|track| std::iter::once(&track.id).chain(track.steps.iter().map(|step| &step.id)));
    let mut taken: Vec<&str> =
        headings.chain(things).chain(document.failures.iter().map(|failure| &failure.id)).map(String::as_str).collect();
    taken.sort_unstable();
    taken.dedup();
    let steps = document
        .tracks
        .iter()
        .flat_map(|track| track.steps.iter().map(|step| Step { id: &step.id, title: &step.title, track: &track.title }));
    let known = here.atlas.handbook.settings.classes.iter().map(|(id, _)| id.as_str());
    let session = Session {
        process: named(process),
        file: page.path().as_str(),
        records: records(here),
        owner: page.owner.map(|owner| handbook.pages[owner].id.as_str()),
        taken,
        classes: CLASSES.into_iter().chain(known).map(|class| here.class(class)).collect(),
        steps: steps.collect(),
        systems: systems(here, process).into_iter().map(named).collect(),
        roles: roles(here, process).into_iter().map(named).collect(),
        modes: handbook
            .applying(process)
            .take(CHOICES)
            .map(|mode| Declared {
                id: handbook.id_of(Target::Mode(mode.at)),
                title: here.mode_title(mode.at),
                class: mode.class(),
                page: mode.page.title(),
            })
            .collect(),
        prompts: prompts.iter().map(|prompt| of_prompt(here, prompt)).collect(),
        severities: Severity::ALL.iter().map(|severity| severity.name()).collect(),
        likelihoods: Likelihood::ALL.iter().map(|likelihood| likelihood.name()).collect(),
        detections: ["none", "human", "automatic"],
        priorities: priorities(),
        waives: !is_off(&handbook.settings, &high_priority_unanswered::RULE),
    };
    serde_json::to_string(&session).context("writing what a session knows")
}

/// The published table, by severity, likelihood and detection.
fn priorities() -> Vec<Vec<Vec<&'static str>>> {
    let cell = |severity, likelihood| {
        [Detection::None, Detection::Human, Detection::Automatic].map(|detection| lookup(severity, likelihood, detection).name()).to_vec()
    };
    let row = |severity: &Severity| Likelihood::ALL.iter().map(|likelihood| cell(*severity, *likelihood)).collect();
    Severity::ALL.iter().map(row).collect()
}

fn of_prompt<'a>(here: &Here<'a>, prompt: &'a PromptView) -> Prompt<'a> {
    let handbook = here.atlas.handbook;
    let (step, system) = match prompt.target {
        Target::Step(step) => (Some(handbook.step(step).written.id.as_str()), None),
        Target::Page(page) if Some(page) != here.about => (None, Some(handbook.pages[page].id.as_str())),
        _ => (None, None),
    };
    Prompt { key: &prompt.key, reason: &prompt.reason, class: &prompt.class.id, step, system }
}

/// What a process needs or writes, then what that hangs on.
fn systems(here: &Here<'_>, process: PageIx) -> Vec<PageIx> {
    let handbook = here.atlas.handbook;
    let mut list: Vec<PageIx> = handbook.dependencies(process).iter().map(|needed| needed.page).collect();
    list.extend(handbook.steps(process).flat_map(|step| &step.resolved.writes).map(|written| written.page));
    list.extend(handbook.needs.below(process).take(CHOICES));
    let mut seen = std::collections::HashSet::from([process]);
    list.retain(|page| seen.insert(*page));
    list.truncate(CHOICES);
    list
}

/// The roles of a process, then the others of the handbook.
fn roles(here: &Here<'_>, process: PageIx) -> Vec<PageIx> {
    let mut seen = std::collections::HashSet::new();
    let own = roles_of(here.atlas.handbook, process).into_iter().map(|(role, _)| role);
    own.chain(here.atlas.first_roles.iter().copied()).filter(|role| seen.insert(*role)).take(CHOICES).collect()
}

/// The folder of the last record of the process, or of any; else the usual one.
fn records(here: &Here<'_>) -> String {
    let newest = here.about.and_then(|process| here.atlas.records.get(&process)?.first().copied());
    let last = newest.or(here.atlas.first_record).map(|page| here.atlas.handbook.pages[page].path().as_str());
    last.and_then(|path| path.rsplit_once('/')).map_or("content/premortems", |(folder, _)| folder).to_owned()
}
