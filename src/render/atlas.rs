//! Everything that pages ask about the rest of the handbook, looked up once for the whole site, so that no page looks over all others.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use rayon::prelude::*;

use crate::address::Address;
use crate::check::load::{self, Term};
use crate::check::people;
use crate::check::priority::{Priority, priority};
use crate::check::rule::Group;
use crate::check::rules;
use crate::finding::Finding;
use crate::model::{Dependency, Handbook, Kind, ModeIx, PageIx, StepIx, Target};
use crate::parse::value::Status;
use crate::pipeline::Analysis;
use crate::settings::Audience;

use super::links::{Files, Places};
use super::map::Map;
use super::sections::Sections;

/// A process that needs something, and the step that does; no step: the whole process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// The process.
    pub process: PageIx,
    /// The step.
    pub step: Option<StepIx>,
}

/// Where a role is named.
#[derive(Debug, Default)]
pub struct RoleUses {
    /// Steps and decisions that it does, watches or takes.
    pub steps: Vec<StepIx>,
    /// Failure modes whose recovery it does, or a step of it.
    pub recovers: Vec<ModeIx>,
    /// Failure modes in which it is called next.
    pub escalated: Vec<ModeIx>,
    /// Pages that it owns.
    pub owns: Vec<PageIx>,
    /// Failure modes that it owns.
    pub owns_modes: Vec<ModeIx>,
    /// Roles for which it steps in.
    pub backs: Vec<PageIx>,
}

/// The findings of one page, by their place in the analysis.
#[derive(Debug, Default)]
pub struct PageFindings {
    /// Those that stand.
    pub open: Vec<usize>,
    /// Those that a waiver covers.
    pub waived: Vec<usize>,
}

/// The lookups: nothing but places in the handbook. They follow from what model and check read of its pages, never from the rest of a
/// page's text; so a handbook whose pages differ in that alone shares them.
pub struct Index {
    /// The files that links name.
    files: Arc<Files>,
    /// The folders.
    pub sections: Sections,
    /// What stands on the map.
    pub map: Map,
    /// The findings of each page.
    pub findings: Vec<PageFindings>,
    /// The findings of no page: those of the settings.
    pub unplaced: PageFindings,
    /// Findings that a public site leaves out, because they tell of people.
    pub withheld: usize,
    /// Who needs a system or process.
    pub uses: HashMap<PageIx, Vec<Use>>,
    /// The systems that hard-depend on a system, directly.
    pub dependents: HashMap<PageIx, Vec<PageIx>>,
    /// The failure modes on other pages that say how a system or process fails.
    pub failing: HashMap<PageIx, Vec<ModeIx>>,
    /// The failure modes on other pages whose recovery enters a process.
    pub invoked: HashMap<PageIx, Vec<ModeIx>>,
    /// The incidents of a process, and those in which a system was down, newest first.
    pub incidents: HashMap<PageIx, Vec<PageIx>>,
    /// The incidents in which a failure mode came true.
    pub came_true: HashMap<ModeIx, Vec<PageIx>>,
    /// The processes that write a system, most critical first, at most two: one to name beside the one that asks.
    pub writers: HashMap<PageIx, Vec<PageIx>>,
    /// The first hundred roles, in page order: those that can be chosen from where any role may answer.
    pub first_roles: Vec<PageIx>,
    /// The first record of a pre-mortem, in page order.
    pub first_record: Option<PageIx>,
    /// The pre-mortem records of a process, newest first.
    pub records: HashMap<PageIx, Vec<PageIx>>,
    /// Where roles are named.
    pub roles: HashMap<PageIx, RoleUses>,
    /// What planned runs ask of each role that says what it can give.
    pub minutes: BTreeMap<PageIx, Vec<Term>>,
    /// The priority of each failure mode, by page.
    pub priorities: Vec<Vec<Priority>>,
    /// Whether the site is for everybody.
    pub public: bool,
    /// Where the site will stand, where that is known.
    pub address: Option<Address>,
}

/// A handbook, and the lookups in it.
pub struct Atlas<'a> {
    /// What the site is made of.
    pub analysis: &'a Analysis,
    /// Its handbook.
    pub handbook: &'a Handbook,
    /// Where links lead.
    pub places: Places<'a>,
    index: Arc<Index>,
}

impl std::ops::Deref for Atlas<'_> {
    type Target = Index;

    fn deref(&self) -> &Index {
        &self.index
    }
}

/// Rules whose findings tell how people are reached, how many there are, or when they are there.
const ABOUT_PEOPLE: [&str; 5] =
    ["single-holder", "holders-not-stated", "hours-not-covered", "escalation-needs-what-failed", "capacity-exceeded"];

impl Index {
    /// Looks everything up.
    pub fn new(analysis: &Analysis) -> Self {
        let handbook = &analysis.handbook;
        let public = handbook.settings.audience == Audience::Public;
        let mut index = Self {
            files: Arc::new(Files::new(handbook)),
            sections: Sections::new(handbook),
            map: Map::new(handbook),
            findings: (0..handbook.pages.len()).map(|_| PageFindings::default()).collect(),
            unplaced: PageFindings::default(),
            withheld: 0,
            uses: HashMap::new(),
            dependents: HashMap::new(),
            failing: HashMap::new(),
            invoked: HashMap::new(),
            incidents: HashMap::new(),
            came_true: HashMap::new(),
            writers: HashMap::new(),
            first_roles: Vec::new(),
            first_record: None,
            records: HashMap::new(),
            roles: HashMap::new(),
            minutes: load::of_roles(handbook),
            priorities: (0..handbook.pages.len())
                .into_par_iter()
                .map(|page| handbook.modes(page).map(|mode| priority(handbook, &mode)).collect())
                .collect(),
            public,
            address: handbook.settings.base_url.as_deref().and_then(Address::read),
        };
        index.place_findings(analysis);
        for page in 0..handbook.pages.len() {
            index.page(handbook, page);
        }
        index.newest_first(handbook);
        index
    }

    fn place_findings(&mut self, analysis: &Analysis) {
        let handbook = &analysis.handbook;
        let by_path: HashMap<&str, PageIx> = handbook
            .pages
            .iter()
            .enumerate()
            .filter(|(_, page)| !page.from_settings)
            .map(|(index, page)| (page.path().as_str(), index))
            .collect();
        for (index, finding) in analysis.findings.iter().enumerate() {
            if self.public && ABOUT_PEOPLE.contains(&finding.rule) {
                self.withheld += 1;
                continue;
            }
            let named = handbook.ids.get(&finding.element.page).filter(|page| handbook.pages[*page].from_settings);
            let page = by_path.get(finding.place.path.as_str()).copied().or(named);
            let list = page.map_or(&mut self.unplaced, |page| &mut self.findings[page]);
            if finding.waived.is_some() { list.waived.push(index) } else { list.open.push(index) }
        }
    }

    fn page(&mut self, handbook: &Handbook, index: PageIx) {
        let page = &handbook.pages[index];
        if let Some(owner) = page.owner {
            self.roles.entry(owner).or_default().owns.push(index);
        }
        match &page.kind {
            Kind::Process(process) => {
                self.depends(index, &process.depends_on, None);
                for step in handbook.steps(index) {
                    self.depends(index, &step.resolved.uses, Some(step.at));
                    if let Some(role) = step.resolved.role {
                        self.roles.entry(role).or_default().steps.push(step.at);
                    }
                    for written in &step.resolved.writes {
                        self.writes(handbook, index, written.page);
                    }
                }
            }
            Kind::System(system) => {
                for needed in &system.depends_on {
                    self.dependents.entry(needed.page).or_default().push(index);
                }
            }
            Kind::Role(role) => {
                if self.first_roles.len() < 100 {
                    self.first_roles.push(index);
                }
                if let Some(backup) = role.backup {
                    self.roles.entry(backup).or_default().backs.push(index);
                }
            }
            Kind::Incident(incident) => {
                let systems = incident.needed.iter().map(|needed| needed.page);
                let about: HashSet<PageIx> = incident.process.into_iter().chain(systems).collect();
                for about in about {
                    self.incidents.entry(about).or_default().push(index);
                }
                let modes: HashSet<ModeIx> = incident.failure.into_iter().chain(incident.learned).collect();
                for mode in modes {
                    self.came_true.entry(mode).or_default().push(index);
                }
            }
            Kind::Premortem(record) => {
                self.first_record = self.first_record.or(Some(index));
                if let Some(process) = record.process {
                    self.records.entry(process).or_default().push(index);
                }
            }
            Kind::Page => {}
        }
        for mode in handbook.modes(index) {
            let resolved = mode.resolved;
            if let Some(of) = resolved.of.filter(|of| *of != index) {
                self.failing.entry(of).or_default().push(mode.at);
            }
            for hand in people::of_recovery(handbook, &mode) {
                self.roles.entry(hand.role).or_default().recovers.push(mode.at);
            }
            if let Some(next) = resolved.escalate_to {
                self.roles.entry(next).or_default().escalated.push(mode.at);
            }
            if let Some(owner) = resolved.owner {
                self.roles.entry(owner).or_default().owns_modes.push(mode.at);
            }
            let entered: HashSet<PageIx> =
                resolved.path.iter().chain(&resolved.alternative).map(|target| target.page()).filter(|page| *page != index).collect();
            for page in entered {
                self.invoked.entry(page).or_default().push(mode.at);
            }
        }
    }

    fn depends(&mut self, process: PageIx, on: &[Dependency], step: Option<StepIx>) {
        for dependency in on {
            self.uses.entry(dependency.page).or_default().push(Use { process, step });
        }
    }

    fn writes(&mut self, handbook: &Handbook, process: PageIx, system: PageIx) {
        let pages = &handbook.pages;
        let writers = self.writers.entry(system).or_default();
        if pages[process].status() != Status::Retired && !writers.contains(&process) {
            writers.push(process);
            writers.sort_by_key(|writer| (std::cmp::Reverse(pages[*writer].criticality()), *writer));
            writers.truncate(2);
        }
    }

    fn newest_first(&mut self, handbook: &Handbook) {
        let day = |page: &PageIx| {
            let page = &handbook.pages[*page];
            let incident = page.incident_keys().and_then(|keys| keys.date.as_ref());
            let record = page.premortem_keys().and_then(|keys| keys.date.as_ref());
            std::cmp::Reverse(incident.or(record).map(|date| date.value))
        };
        for pages in self.incidents.values_mut().chain(self.came_true.values_mut()).chain(self.records.values_mut()) {
            pages.sort_by_key(|page| (day(page), *page));
        }
    }
}

impl<'a> Atlas<'a> {
    /// A handbook with the lookups that were made of it, or of another that gives the same ones.
    pub fn new(analysis: &'a Analysis, index: Arc<Index>) -> Self {
        let handbook = &analysis.handbook;
        Self { analysis, handbook, places: Places::new(handbook, Arc::clone(&index.files)), index }
    }

    /// The lookups.
    pub fn index(&self) -> &Arc<Index> {
        &self.index
    }

    /// The priority of a failure mode.
    pub fn priority(&self, mode: ModeIx) -> Priority {
        self.priorities[mode.page][mode.mode]
    }

    /// The findings of a page that stand on one thing of it, or on the page itself.
    pub fn open_on(&self, page: PageIx, thing: Option<&str>) -> impl Iterator<Item = &'a Finding> {
        let findings = &self.analysis.findings;
        self.findings[page].open.iter().map(|index| &findings[*index]).filter(move |finding| finding.element.thing.as_deref() == thing)
    }

    /// The systems that stop when a system does: those that hard-depend on it, transitively, nearest first.
    pub fn falls_with(&self, system: PageIx) -> Vec<PageIx> {
        let mut seen = HashSet::from([system]);
        let mut found = Vec::new();
        let mut open = VecDeque::from([system]);
        while let Some(at) = open.pop_front() {
            for next in self.dependents.get(&at).into_iter().flatten().copied() {
                if seen.insert(next) {
                    found.push(next);
                    open.push_back(next);
                }
            }
        }
        found
    }

    /// Whether a process is in force or proposed.
    pub fn counts(&self, page: PageIx) -> bool {
        self.handbook.pages[page].status() != Status::Retired
    }

    /// The page, track, step or failure mode that a finding is about.
    pub fn subject(&self, page: PageIx, finding: &Finding) -> Option<Target> {
        let thing = finding.element.thing.as_deref()?;
        let document = &self.handbook.pages[page].document;
        for (t, track) in document.tracks.iter().enumerate() {
            if track.id == thing {
                return Some(Target::Track(page, t));
            }
            if let Some(s) = track.steps.iter().position(|step| step.id == thing) {
                return Some(Target::Step(StepIx { page, track: t, step: s }));
            }
        }
        let mode = document.failures.iter().position(|failure| failure.id == thing)?;
        Some(Target::Mode(ModeIx { page, mode }))
    }
}

/// Whether a finding is an unmet obligation.
pub fn is_gap(finding: &Finding) -> bool {
    rules::find(finding.rule).is_some_and(|rule| rule.group == Group::Coverage)
}

/// Whether a finding says that the page cannot be read as it was meant.
pub fn is_fault(finding: &Finding) -> bool {
    finding.rule == "internal-error" || rules::find(finding.rule).is_some_and(|rule| rule.is_fault(finding.level))
}
