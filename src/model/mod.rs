//! Documents -> [`Handbook`]: ids resolved, failure modes inherited, and the graph of steps, recoveries, systems and processes built.
//!
//! Enters: every page's [`Document`] and the settings. Leaves: the handbook and what is wrong between pages. Pure. Absent: Markdown
//! events, HTML, output paths.

mod build;
pub mod flow;
pub mod ids;
pub mod links;
mod needs;
mod process;
mod resolve;
mod views;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::parse::Document;
use crate::parse::front_matter::{IncidentKeys, KindKeys, PremortemKeys, ProcessKeys, RoleKeys, SystemKeys};
use crate::parse::value::{PageKind, Reference, Severity, Status};
use crate::settings::Settings;
use crate::shared::Shared;
use crate::source::{PagePath, Span};

pub use build::{Drafts, Parts, build, url};
pub use ids::Ids;
pub use links::{LinkTarget, ResolvedLink};
pub use needs::{Needs, Side};
pub use resolve::{Undeclared, Wanted};
pub use views::{ModeView, StepView};

/// A page, by its place in [`Handbook::pages`].
pub type PageIx = usize;

/// A step, by its page, track and place in the track.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepIx {
    /// The page.
    pub page: PageIx,
    /// The track on the page.
    pub track: usize,
    /// The step in the track.
    pub step: usize,
}

/// A failure mode, by its page and place on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModeIx {
    /// The page.
    pub page: PageIx,
    /// The mode on the page.
    pub mode: usize,
}

/// What a reference names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// A page.
    Page(PageIx),
    /// A track: page and place on the page.
    Track(PageIx, usize),
    /// A step.
    Step(StepIx),
    /// A failure mode.
    Mode(ModeIx),
}

impl Target {
    /// The page that it is, or stands on.
    pub fn page(self) -> PageIx {
        match self {
            Target::Page(page) | Target::Track(page, _) => page,
            Target::Step(step) => step.page,
            Target::Mode(mode) => mode.page,
        }
    }
}

/// The whole handbook, resolved. A copy shares everything.
#[derive(Clone, Debug)]
pub struct Handbook {
    /// The settings.
    pub settings: Arc<Settings>,
    /// Every page: those with a file in path order, then the roles and systems that stand in the settings.
    pub pages: Shared<Page>,
    /// Pages by id.
    pub ids: Arc<Ids>,
    /// The failure modes of other pages that name a step with `at`.
    pub named_from_elsewhere: Arc<HashMap<StepIx, Vec<ModeIx>>>,
    /// The steps that something refers to, by page.
    pub referred: Arc<HashMap<PageIx, Vec<StepIx>>>,
    /// What hard-depends on what.
    pub needs: Arc<Needs>,
    /// The pages that references name and nobody has declared, in page order, once for each reference.
    pub undeclared: Arc<Vec<Undeclared>>,
    /// The day of this run.
    pub today: Date,
    /// The systems of `hosted_on`.
    pub hosted_on: Vec<PageIx>,
    /// Files that are copied as they are, relative to the root.
    pub assets: Arc<Vec<PagePath>>,
}

/// One page.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its id.
    pub id: String,
    /// Its URL from the root of the site: `/deploy/`.
    pub url: String,
    /// The document behind it.
    pub document: Arc<Document>,
    /// Whether it stands in the settings and has no file.
    pub from_settings: bool,
    /// The role that owns it.
    pub owner: Option<PageIx>,
    /// What its kind adds.
    pub kind: Kind,
    /// The failure modes declared on it, in page order.
    pub modes: Vec<Mode>,
    /// Its Markdown links and images, in page order, beside the outline's.
    pub links: Vec<ResolvedLink>,
}

/// What the kind of a page adds to it.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Prose.
    Page,
    /// A process.
    Process(Process),
    /// A system.
    System(System),
    /// A role.
    Role(Role),
    /// An incident.
    Incident(Incident),
    /// A record of a pre-mortem.
    Premortem(Premortem),
}

/// A process, resolved.
#[derive(Clone, Debug, Default)]
pub struct Process {
    /// Systems and processes that the whole process needs.
    pub depends_on: Vec<Dependency>,
    /// The tracks beside the document's.
    pub tracks: Vec<Track>,
    /// Failure modes of the systems it uses directly, in page order.
    pub inherited: Vec<ModeIx>,
    /// The day of the last drill of paths: a track of this page or another process, each with its day.
    pub drills: Vec<(Target, Date)>,
}

/// A reference to a system or process that something needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The system or process.
    pub page: PageIx,
    /// Where it is named.
    pub span: Span,
}

/// A track, resolved.
#[derive(Clone, Debug, Default)]
pub struct Track {
    /// The steps beside the document's.
    pub steps: Vec<Step>,
}

/// A step or decision, resolved. A reference that names nothing is left out.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// The role that does, watches or decides it.
    pub role: Option<PageIx>,
    /// What it cannot complete without.
    pub uses: Vec<Dependency>,
    /// What helps.
    pub may_use: Vec<Dependency>,
    /// What it changes.
    pub writes: Vec<Dependency>,
    /// What nobody else can use meanwhile.
    pub locks: Vec<Dependency>,
    /// What it deletes, or deletes from.
    pub destroys: Vec<Dependency>,
    /// Whose signal it trusts.
    pub acts_on: Vec<Dependency>,
    /// How a human takes over.
    pub takeover: Option<Target>,
    /// Steps that must have been done before.
    pub requires: Vec<(StepIx, Span)>,
    /// How to stop it, where that is a step, track or process.
    pub abort: Option<Target>,
    /// The step that undoes it.
    pub undo: Option<StepIx>,
    /// Where it goes on timeout.
    pub on_timeout: Option<Target>,
    /// Where it goes, when not to the next on the page.
    pub next: Option<Target>,
    /// The step until which it can be undone.
    pub reversible_until: Option<StepIx>,
    /// The ways out of a decision, the one that is always open last.
    pub branches: Vec<Branch>,
}

/// A way out of a decision.
#[derive(Clone, Debug)]
pub struct Branch {
    /// The condition, as Markdown; none for the way that is always open.
    pub when: Option<String>,
    /// Where it leads.
    pub to: Option<Target>,
}

/// A failure mode, resolved. A reference that names nothing is left out.
#[derive(Clone, Debug, Default)]
pub struct Mode {
    /// The steps it stands in or names.
    pub steps: Vec<StepIx>,
    /// The system or process that fails.
    pub of: Option<PageIx>,
    /// The role that owns it.
    pub owner: Option<PageIx>,
    /// The systems that carry the signal.
    pub via: Vec<Dependency>,
    /// The way back: steps, tracks and processes, in order, by reference and by link.
    pub path: Vec<Target>,
    /// Where each part of the path is named, in its order.
    pub path_spans: Vec<Span>,
    /// The role that does it.
    pub by: Option<PageIx>,
    /// Systems that it needs beside.
    pub uses: Vec<Dependency>,
    /// The role to call next.
    pub escalate_to: Option<PageIx>,
    /// The second path.
    pub alternative: Vec<Target>,
    /// Systems that the second path needs.
    pub alternative_uses: Vec<Dependency>,
    /// The owners of its actions, in order.
    pub action_owners: Vec<Option<PageIx>>,
}

/// A system, resolved.
#[derive(Clone, Debug, Default)]
pub struct System {
    /// What it does not work without.
    pub depends_on: Vec<Dependency>,
    /// What can stand in for it.
    pub fallback: Vec<Dependency>,
    /// The process that renews it.
    pub renewed_by: Option<PageIx>,
}

/// A role, resolved.
#[derive(Clone, Debug, Default)]
pub struct Role {
    /// The role that steps in.
    pub backup: Option<PageIx>,
    /// How it is reached.
    pub channels: Vec<Dependency>,
    /// What it may operate, where stated.
    pub access: Option<Vec<Dependency>>,
}

/// An incident, resolved.
#[derive(Clone, Debug, Default)]
pub struct Incident {
    /// The process it hit.
    pub process: Option<PageIx>,
    /// The failure mode that came true.
    pub failure: Option<ModeIx>,
    /// The failure mode that was written afterwards.
    pub learned: Option<ModeIx>,
    /// Systems that were down.
    pub needed: Vec<Dependency>,
    /// The owners of its actions, in order.
    pub action_owners: Vec<Option<PageIx>>,
}

/// A record of a pre-mortem, resolved.
#[derive(Clone, Debug, Default)]
pub struct Premortem {
    /// The process.
    pub process: Option<PageIx>,
    /// Who took part.
    pub roles: Vec<PageIx>,
    /// The failure mode of each item, in order.
    pub failures: Vec<Option<ModeIx>>,
}

impl Page {
    /// The file, or the settings.
    pub fn path(&self) -> &PagePath {
        &self.document.path
    }

    /// The title, as plain text.
    pub fn title(&self) -> &str {
        &self.document.title.value
    }

    /// What it is.
    pub fn page_kind(&self) -> PageKind {
        self.document.kind()
    }

    /// The process, if it is one.
    pub fn process(&self) -> Option<&Process> {
        match &self.kind {
            Kind::Process(process) => Some(process),
            _ => None,
        }
    }

    /// The facts of a process, as written.
    pub fn process_keys(&self) -> Option<&ProcessKeys> {
        match &self.document.front.kind {
            KindKeys::Process(keys) => Some(keys),
            _ => None,
        }
    }

    /// The facts of a system, as written.
    pub fn system_keys(&self) -> Option<&SystemKeys> {
        match &self.document.front.kind {
            KindKeys::System(keys) => Some(keys),
            _ => None,
        }
    }

    /// The facts of a role, as written.
    pub fn role_keys(&self) -> Option<&RoleKeys> {
        match &self.document.front.kind {
            KindKeys::Role(keys) => Some(keys),
            _ => None,
        }
    }

    /// The facts of an incident, as written.
    pub fn incident_keys(&self) -> Option<&IncidentKeys> {
        match &self.document.front.kind {
            KindKeys::Incident(keys) => Some(keys),
            _ => None,
        }
    }

    /// The facts of a pre-mortem record, as written.
    pub fn premortem_keys(&self) -> Option<&PremortemKeys> {
        match &self.document.front.kind {
            KindKeys::Premortem(keys) => Some(keys),
            _ => None,
        }
    }

    /// How much hangs on a process; moderate where it is not said, and for every other page.
    pub fn criticality(&self) -> Severity {
        self.process_keys().and_then(|keys| keys.criticality.as_ref()).map_or(Severity::Moderate, |level| level.value)
    }

    /// Whether a process is in force; active where it is not said, and for every other page.
    pub fn status(&self) -> Status {
        self.process_keys().and_then(|keys| keys.status.as_ref()).map_or(Status::Active, |status| status.value)
    }

    /// Whether it is a process of criticality major or critical.
    pub fn is_serious(&self) -> bool {
        self.process().is_some() && self.criticality() >= Severity::Major
    }

    /// Whether it is a process that changes what customers use.
    pub fn changes_production(&self) -> bool {
        let context = self.process_keys().and_then(|keys| keys.context.as_ref());
        context.and_then(|context| context.changes_production.as_ref()).is_some_and(|changes| changes.value)
    }

    /// A reference that stands on this page, with the page where it leaves it out: `deploy#migrate` for `#migrate`.
    pub fn whole_id(&self, reference: &Reference) -> String {
        match reference.parts() {
            ("", Some(thing)) => format!("{}#{thing}", self.id),
            _ => reference.0.clone(),
        }
    }

    /// The place to mark when the page as a whole is meant: its title.
    pub fn title_place(&self) -> Span {
        let title = self.document.title.span;
        if title == Span::default() { Span::new(self.document.front.span.start(), self.document.front.span.start() + 3) } else { title }
    }
}

impl Handbook {
    /// The page that an id names.
    pub fn page(&self, id: &str) -> Option<&Page> {
        self.ids.get(id).map(|page| &self.pages[page])
    }

    /// The indexes of all processes, in path order.
    pub fn processes(&self) -> impl Iterator<Item = PageIx> + '_ {
        self.of_kind(PageKind::Process)
    }

    /// The indexes of all pages of a kind, in path order.
    pub fn of_kind(&self, kind: PageKind) -> impl Iterator<Item = PageIx> + '_ {
        self.pages.iter().enumerate().filter(move |(_, page)| page.page_kind() == kind).map(|(index, _)| index)
    }

    /// A step with all that is known of it.
    pub fn step(&self, at: StepIx) -> StepView<'_> {
        let page = &self.pages[at.page];
        let written = &page.document.tracks[at.track].steps[at.step];
        static NONE: std::sync::LazyLock<Step> = std::sync::LazyLock::new(Step::default);
        let resolved = page.process().and_then(|process| process.tracks.get(at.track)?.steps.get(at.step)).unwrap_or(&NONE);
        StepView { at, page, written, resolved }
    }

    /// All steps of a page, track by track.
    pub fn steps(&self, page: PageIx) -> impl Iterator<Item = StepView<'_>> + '_ {
        let tracks = self.pages[page].document.tracks.iter().enumerate();
        tracks.flat_map(move |(track, written)| (0..written.steps.len()).map(move |step| self.step(StepIx { page, track, step })))
    }

    /// The steps of a page that anything in the handbook refers to.
    pub fn referred_steps(&self, page: PageIx) -> impl Iterator<Item = StepIx> + '_ {
        self.referred.get(&page).into_iter().flatten().copied()
    }

    /// A failure mode with all that is known of it.
    pub fn mode(&self, at: ModeIx) -> ModeView<'_> {
        let page = &self.pages[at.page];
        ModeView { at, page, written: &page.document.failures[at.mode], resolved: &page.modes[at.mode] }
    }

    /// The failure modes declared on a page.
    pub fn modes(&self, page: PageIx) -> impl Iterator<Item = ModeView<'_>> + '_ {
        (0..self.pages[page].modes.len()).map(move |mode| self.mode(ModeIx { page, mode }))
    }

    /// The failure modes that apply to a process: declared on its page, or inherited from a system that it uses.
    pub fn applying(&self, process: PageIx) -> impl Iterator<Item = ModeView<'_>> + '_ {
        let inherited = self.pages[process].process().map_or(&[][..], |process| &process.inherited);
        self.modes(process).chain(inherited.iter().map(|mode| self.mode(*mode)))
    }

    /// The systems and processes that a process needs directly: its `depends_on`, then its steps' `uses`; each once, where first named.
    pub fn dependencies(&self, process: PageIx) -> Vec<Dependency> {
        let own = self.pages[process].process().map_or(&[][..], |process| &process.depends_on).iter();
        let mut seen = std::collections::HashSet::new();
        let used = self.steps(process).flat_map(|step| step.resolved.uses.iter());
        own.chain(used).filter(|dependency| seen.insert(dependency.page)).copied().collect()
    }

    /// What a target is called in messages: the title of the page, track, step or failure mode.
    pub fn title_of(&self, target: Target) -> &str {
        match target {
            Target::Page(page) => self.pages[page].title(),
            Target::Track(page, track) => &self.pages[page].document.tracks[track].title,
            Target::Step(step) => &self.step(step).written.title,
            Target::Mode(mode) => &self.mode(mode).written.title,
        }
    }

    /// The id by which a target is referred to from anywhere: `deploy`, `deploy#migrate`.
    pub fn id_of(&self, target: Target) -> String {
        let page = &self.pages[target.page()];
        match self.thing_of(target) {
            Some(thing) => format!("{}#{thing}", page.id),
            None => page.id.clone(),
        }
    }

    /// The id of a target on its page, where it is no page.
    pub fn thing_of(&self, target: Target) -> Option<&str> {
        match target {
            Target::Page(_) => None,
            Target::Track(page, track) => Some(&self.pages[page].document.tracks[track].id),
            Target::Step(step) => Some(&self.step(step).written.id),
            Target::Mode(mode) => Some(&self.mode(mode).written.id),
        }
    }
}
