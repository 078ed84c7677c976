//! The model as JSON: `model.json` on the site, and `export model`. Its shape is a promise: version 1, ids only in references, every array
//! in page order, a key that has no value is `null`.

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use crate::check::coverage::{self, Report, Tally};
use crate::check::priority::priority;
use crate::model::{Dependency, Handbook, Kind, ModeView, Page, PageIx, StepIx, StepView, Target};
use crate::parse::value::{Expiry, PageKind, Reversible, said};
use crate::settings::Audience;
use crate::source::Sources;

/// The version of the shape.
pub const VERSION: u32 = 1;

/// The model. What tells of people is left out where the site is for everybody.
pub fn model<'a>(handbook: &'a Handbook, sources: &'a Sources, coverage: &'a Report) -> Model<'a> {
    let exporter = Exporter { handbook, sources, coverage, public: handbook.settings.audience == Audience::Public };
    Model {
        version: VERSION,
        title: &handbook.settings.title,
        processes: Each { exporter, kind: PageKind::Process },
        systems: Each { exporter, kind: PageKind::System },
        roles: Each { exporter, kind: PageKind::Role },
        incidents: Each { exporter, kind: PageKind::Incident },
        premortems: Each { exporter, kind: PageKind::Premortem },
    }
}

/// The model, written page by page as it is serialized.
#[derive(Serialize)]
pub struct Model<'a> {
    version: u32,
    title: &'a str,
    processes: Each<'a>,
    systems: Each<'a>,
    roles: Each<'a>,
    incidents: Each<'a>,
    premortems: Each<'a>,
}

/// All pages of one kind.
struct Each<'a> {
    exporter: Exporter<'a>,
    kind: PageKind,
}

impl Serialize for Each<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.exporter.handbook.of_kind(self.kind).map(|page| self.exporter.entry(page)))
    }
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    title: &'a str,
    path: &'a str,
    url: &'a str,
    owner: Option<&'a str>,
    #[serde(flatten)]
    kind: Option<KindEntry<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum KindEntry<'a> {
    Process(Process<'a>),
    System(Box<System<'a>>),
    Role(Role<'a>),
    Incident(Box<Incident<'a>>),
    Premortem(Premortem<'a>),
}

#[derive(Serialize)]
struct Process<'a> {
    criticality: &'static str,
    tracks: Vec<Track<'a>>,
    failures: Vec<Failure<'a>>,
    depends_on: Vec<&'a str>,
    coverage: Option<Coverage<'a>>,
    status: &'static str,
}

#[derive(Serialize)]
struct Track<'a> {
    id: &'a str,
    title: &'a str,
    steps: Vec<Step<'a>>,
}

#[derive(Serialize)]
struct Step<'a> {
    id: &'a str,
    title: &'a str,
    actor: &'static str,
    role: Option<&'a str>,
    uses: Vec<&'a str>,
    takeover: Option<String>,
    reversible: CanBeUndone,
    line: usize,
    decision: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum CanBeUndone {
    Always(bool),
    Until(String),
}

#[derive(Serialize)]
struct Failure<'a> {
    id: &'a str,
    title: &'a str,
    class: Option<&'a str>,
    severity: Option<&'static str>,
    likelihood: Option<&'static str>,
    priority: &'static str,
    of: Option<&'a str>,
    at: Option<String>,
    detect: Option<Detect<'a>>,
    recover: Option<Recover<'a>>,
    line: usize,
    state: Option<&'static str>,
    owner: Option<&'a str>,
}

#[derive(Serialize)]
struct Detect<'a> {
    signal: Option<&'a str>,
    by: Option<&'static str>,
    via: Vec<&'a str>,
    within: Option<&'a str>,
}

#[derive(Serialize)]
struct Recover<'a> {
    path: Vec<String>,
    text: Option<&'a str>,
    section: bool,
    by: Option<&'a str>,
    uses: Vec<&'a str>,
    decide: Option<&'a str>,
    verify: Option<&'a str>,
    within: Option<&'a str>,
    drilled: Option<String>,
    data: Option<&'a str>,
    escalate: Option<Escalate<'a>>,
    alternative: Vec<String>,
    alternative_uses: Vec<&'a str>,
}

#[derive(Serialize)]
struct Escalate<'a> {
    after: Option<&'a str>,
    to: Option<&'a str>,
}

#[derive(Serialize)]
struct System<'a> {
    #[serde(rename = "type")]
    system_type: Option<&'static str>,
    external: bool,
    depends_on: Option<Vec<&'a str>>,
    fallback: Vec<&'a str>,
    renewed_by: Option<&'a str>,
    expires: Option<String>,
    status_page: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<Option<&'a str>>,
    failures: Vec<Failure<'a>>,
    coverage: Option<Coverage<'a>>,
}

#[derive(Serialize)]
struct Role<'a> {
    backup: Option<&'a str>,
    access: Option<Vec<&'a str>>,
    #[serde(flatten)]
    people: Option<People<'a>>,
    minutes_per_week: Option<f64>,
}

/// What a public site leaves out.
#[derive(Serialize)]
struct People<'a> {
    holders: Option<u64>,
    hours: Option<&'a str>,
    channels: Vec<&'a str>,
}

#[derive(Serialize)]
struct Incident<'a> {
    date: Option<String>,
    process: Option<&'a str>,
    severity: Option<&'static str>,
    class: Option<&'a str>,
    failure: Option<String>,
    learned: Option<String>,
    detected_by: Option<&'static str>,
    minutes_to_detect: Option<f64>,
    minutes_to_recover: Option<f64>,
    recovery_worked: Option<bool>,
    needed: Vec<&'a str>,
    actions: Vec<Action<'a>>,
}

#[derive(Serialize)]
struct Action<'a> {
    what: Option<&'a str>,
    owner: Option<&'a str>,
    due: Option<String>,
    done: Option<String>,
}

#[derive(Serialize)]
struct Premortem<'a> {
    date: Option<String>,
    process: Option<&'a str>,
    horizon: Option<&'a str>,
    roles: Vec<&'a str>,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    text: Option<&'a str>,
    class: Option<&'a str>,
    outcome: Option<&'static str>,
    failure: Option<String>,
    because: Option<&'a str>,
}

/// Coverage as in the report: the sums, then each class.
#[derive(Serialize)]
struct Coverage<'a> {
    #[serde(flatten)]
    total: Sum,
    by_class: Classes<'a>,
}

#[derive(Serialize)]
struct Sum {
    met: usize,
    unmet: usize,
    waived: usize,
    not_applicable: usize,
}

struct Classes<'a>(&'a [(String, Tally)]);

impl Serialize for Classes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(class, tally)| (class, sum(*tally))))
    }
}

fn sum(tally: Tally) -> Sum {
    Sum { met: tally.met, unmet: tally.unmet, waived: tally.waived, not_applicable: tally.not_applicable }
}

fn day(date: &crate::source::Located<Date>) -> String {
    date.value.to_string()
}

#[derive(Clone, Copy)]
struct Exporter<'a> {
    handbook: &'a Handbook,
    sources: &'a Sources,
    coverage: &'a Report,
    public: bool,
}

impl<'a> Exporter<'a> {
    fn id(&self, page: PageIx) -> &'a str {
        &self.handbook.pages[page].id
    }

    fn ids(&self, pages: &[Dependency]) -> Vec<&'a str> {
        pages.iter().map(|page| self.id(page.page)).collect()
    }

    fn target(&self, target: Target) -> String {
        self.handbook.id_of(target)
    }

    fn targets(&self, targets: &[Target]) -> Vec<String> {
        targets.iter().map(|target| self.target(*target)).collect()
    }

    fn line(&self, page: &Page, offset: usize) -> usize {
        self.sources.position(page.path(), offset).line
    }

    fn entry(&self, index: PageIx) -> Entry<'a> {
        let page = &self.handbook.pages[index];
        let kind = match &page.kind {
            Kind::Process(_) => Some(KindEntry::Process(self.process(index))),
            Kind::System(system) => Some(KindEntry::System(Box::new(self.system(index, system)))),
            Kind::Role(role) => Some(KindEntry::Role(self.role(page, role))),
            Kind::Incident(incident) => self.incident(page, incident).map(|incident| KindEntry::Incident(Box::new(incident))),
            Kind::Premortem(record) => self.record(page, record).map(KindEntry::Premortem),
            Kind::Page => None,
        };
        Entry {
            id: &page.id,
            title: page.title(),
            path: page.path().as_str(),
            url: &page.url,
            owner: page.owner.map(|owner| self.id(owner)),
            kind,
        }
    }

    fn process(&self, index: PageIx) -> Process<'a> {
        let page = &self.handbook.pages[index];
        let tracks = page.document.tracks.iter().enumerate().map(|(at, track)| Track {
            id: &track.id,
            title: &track.title,
            steps: (0..track.steps.len()).map(|step| self.step(&self.handbook.step(StepIx { page: index, track: at, step }))).collect(),
        });
        Process {
            criticality: page.criticality().name(),
            tracks: tracks.collect(),
            failures: self.failures(index),
            depends_on: self.ids(page.process().map_or(&[][..], |process| &process.depends_on)),
            coverage: self.coverage(index),
            status: page.status().name(),
        }
    }

    fn step(&self, step: &StepView<'a>) -> Step<'a> {
        let reversible = match step.facts().and_then(|facts| facts.reversible.as_ref()).map(|reversible| &reversible.value) {
            None | Some(Reversible::Yes) => CanBeUndone::Always(true),
            Some(Reversible::No) => CanBeUndone::Always(false),
            Some(Reversible::Until(written)) => {
                let until = step.resolved.reversible_until.map(|until| self.target(Target::Step(until)));
                CanBeUndone::Until(format!("until {}", until.unwrap_or_else(|| written.0.clone())))
            }
        };
        Step {
            id: &step.written.id,
            title: &step.written.title,
            actor: step.actor().name(),
            role: step.resolved.role.map(|role| self.id(role)),
            uses: self.ids(&step.resolved.uses),
            takeover: step.resolved.takeover.map(|takeover| self.target(takeover)),
            reversible,
            line: self.line(step.page, step.written.place.start()),
            decision: step.decision().is_some(),
        }
    }

    fn failures(&self, index: PageIx) -> Vec<Failure<'a>> {
        self.handbook.modes(index).map(|mode| self.failure(&mode)).collect()
    }

    fn failure(&self, mode: &ModeView<'a>) -> Failure<'a> {
        Failure {
            id: &mode.written.id,
            title: &mode.written.title,
            class: mode.class(),
            severity: mode.severity().map(|severity| severity.name()),
            likelihood: mode.likelihood().map(|likelihood| likelihood.name()),
            priority: priority(self.handbook, mode).name(),
            of: mode.resolved.of.map(|of| self.id(of)),
            at: mode.resolved.steps.first().map(|step| self.target(Target::Step(*step))),
            detect: mode.has_detection().then(|| Detect {
                signal: mode.signal(),
                by: mode.detector().map(|by| by.name()),
                via: self.ids(&mode.resolved.via),
                within: mode.detect().and_then(|detect| detect.within.as_ref()).map(|within| within.value.text.as_str()),
            }),
            recover: mode.has_recovery().then(|| self.recover(mode)),
            line: self.line(mode.page, mode.written.place.start()),
            state: mode.state().map(|state| state.name()),
            owner: mode.resolved.owner.map(|owner| self.id(owner)),
        }
    }

    fn recover(&self, mode: &ModeView<'a>) -> Recover<'a> {
        let table = mode.recover();
        Recover {
            path: self.targets(&mode.resolved.path),
            text: mode.recovery_text(),
            section: mode.written.prose.is_some(),
            by: mode.resolved.by.map(|by| self.id(by)),
            uses: self.ids(&mode.resolved.uses),
            decide: mode.decide(),
            verify: mode.verify(),
            within: table.and_then(|table| table.within.as_ref()).map(|within| within.value.text.as_str()),
            drilled: table.and_then(|table| table.drilled.as_ref()).map(day),
            data: table.and_then(|table| said(&table.data)),
            escalate: table.and_then(|table| table.escalate.as_ref()).map(|escalate| Escalate {
                after: escalate.after.as_ref().map(|after| after.value.text.as_str()),
                to: mode.resolved.escalate_to.map(|to| self.id(to)),
            }),
            alternative: self.targets(&mode.resolved.alternative),
            alternative_uses: self.ids(&mode.resolved.alternative_uses),
        }
    }

    fn coverage(&self, index: PageIx) -> Option<Coverage<'a>> {
        let of_page: &'a coverage::Coverage = self.coverage.pages.get(&index)?;
        Some(Coverage { total: sum(of_page.total), by_class: Classes(&of_page.by_class) })
    }

    fn system(&self, index: PageIx, system: &'a crate::model::System) -> System<'a> {
        let keys = self.handbook.pages[index].system_keys();
        let stated = keys.is_some_and(|keys| keys.depends_on.is_some());
        System {
            system_type: keys.and_then(|keys| keys.system_type.as_ref()).map(|kind| kind.value.name()),
            external: keys.and_then(|keys| keys.external.as_ref()).is_some_and(|external| external.value),
            depends_on: stated.then(|| self.ids(&system.depends_on)),
            fallback: self.ids(&system.fallback),
            renewed_by: system.renewed_by.map(|process| self.id(process)),
            expires: keys.and_then(|keys| keys.expires.as_ref()).and_then(|expires| match &expires.value {
                Expiry::On(day) => Some(day.to_string()),
                Expiry::Never(_) => None,
            }),
            status_page: keys.and_then(|keys| keys.status_page.as_ref()).map(|url| url.value.as_str()),
            contact: (!self.public).then(|| keys.and_then(|keys| said(&keys.contact))),
            failures: self.failures(index),
            coverage: self.coverage(index),
        }
    }

    fn role(&self, page: &'a Page, role: &'a crate::model::Role) -> Role<'a> {
        let keys = page.role_keys();
        let people = || People {
            holders: keys.and_then(|keys| keys.holders.as_ref()).map(|holders| holders.value.0),
            hours: keys.and_then(|keys| keys.hours.as_ref()).map(|hours| hours.value.text.as_str()),
            channels: self.ids(&role.channels),
        };
        Role {
            backup: role.backup.map(|backup| self.id(backup)),
            access: role.access.as_ref().map(|access| self.ids(access)),
            people: (!self.public).then(people),
            minutes_per_week: keys.and_then(|keys| keys.minutes_per_week.as_ref()).map(|minutes| minutes.value.number()),
        }
    }

    fn incident(&self, page: &'a Page, incident: &'a crate::model::Incident) -> Option<Incident<'a>> {
        let keys = page.incident_keys()?;
        let actions = keys.action.iter().enumerate().map(|(at, action)| Action {
            what: said(&action.what),
            owner: incident.action_owners.get(at).copied().flatten().map(|owner| self.id(owner)),
            due: action.due.as_ref().map(day),
            done: action.done.as_ref().map(day),
        });
        Some(Incident {
            date: keys.date.as_ref().map(day),
            process: incident.process.map(|process| self.id(process)),
            severity: keys.severity.as_ref().map(|severity| severity.value.name()),
            class: keys.class.as_ref().map(|class| class.value.0.as_str()),
            failure: incident.failure.map(|mode| self.target(Target::Mode(mode))),
            learned: incident.learned.map(|mode| self.target(Target::Mode(mode))),
            detected_by: keys.detected_by.as_ref().map(|by| by.value.name()),
            minutes_to_detect: keys.minutes_to_detect.as_ref().map(|minutes| minutes.value.number()),
            minutes_to_recover: keys.minutes_to_recover.as_ref().map(|minutes| minutes.value.number()),
            recovery_worked: keys.recovery_worked.as_ref().map(|worked| worked.value),
            needed: self.ids(&incident.needed),
            actions: actions.collect(),
        })
    }

    fn record(&self, page: &'a Page, record: &'a crate::model::Premortem) -> Option<Premortem<'a>> {
        let keys = page.premortem_keys()?;
        let items = keys.item.iter().enumerate().map(|(at, item)| Item {
            text: said(&item.text),
            class: item.class.as_ref().map(|class| class.value.0.as_str()),
            outcome: item.outcome.as_ref().map(|outcome| outcome.value.name()),
            failure: record.failures.get(at).copied().flatten().map(|mode| self.target(Target::Mode(mode))),
            because: said(&item.because),
        });
        Some(Premortem {
            date: keys.date.as_ref().map(day),
            process: record.process.map(|process| self.id(process)),
            horizon: keys.horizon.as_ref().map(|horizon| horizon.value.text.as_str()),
            roles: record.roles.iter().map(|role| self.id(*role)).collect(),
            items: items.collect(),
        })
    }
}
