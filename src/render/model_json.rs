//! The model as JSON: `model.json` on the site, and `export model`. Its shape is a promise: version 1, ids only in references, every array
//! in page order, a key that has no value is `null`.

use serde_json::{Map, Value, json};

use crate::check::coverage::{Coverage, Report, Tally};
use crate::check::priority::priority;
use crate::model::{Dependency, Handbook, Kind, ModeView, Page, PageIx, StepView, Target};
use crate::parse::value::{Expiry, PageKind, Reversible, said};
use crate::settings::Audience;
use crate::source::Sources;

/// The version of the shape.
pub const VERSION: u32 = 1;

/// The model. What tells of people is left out where the site is for everybody.
pub fn model(handbook: &Handbook, sources: &Sources, coverage: &Report) -> Value {
    let exporter = Exporter { handbook, sources, coverage, public: handbook.settings.audience == Audience::Public };
    let each = |kind: PageKind, export: &dyn Fn(PageIx) -> Value| handbook.of_kind(kind).map(export).collect::<Vec<_>>();
    json!({
        "version": VERSION,
        "title": handbook.settings.title,
        "processes": each(PageKind::Process, &|page| exporter.process(page)),
        "systems": each(PageKind::System, &|page| exporter.system(page)),
        "roles": each(PageKind::Role, &|page| exporter.role(page)),
        "incidents": each(PageKind::Incident, &|page| exporter.incident(page)),
        "premortems": each(PageKind::Premortem, &|page| exporter.record(page)),
    })
}

struct Exporter<'a> {
    handbook: &'a Handbook,
    sources: &'a Sources,
    coverage: &'a Report,
    public: bool,
}

impl Exporter<'_> {
    fn id(&self, page: PageIx) -> &str {
        &self.handbook.pages[page].id
    }

    fn maybe(&self, page: Option<PageIx>) -> Value {
        page.map_or(Value::Null, |page| self.id(page).into())
    }

    fn ids(&self, pages: &[Dependency]) -> Vec<&str> {
        pages.iter().map(|page| self.id(page.page)).collect()
    }

    fn target(&self, target: Option<Target>) -> Value {
        target.map_or(Value::Null, |target| self.handbook.id_of(target).into())
    }

    fn targets(&self, targets: &[Target]) -> Vec<String> {
        targets.iter().map(|target| self.handbook.id_of(*target)).collect()
    }

    fn line(&self, page: &Page, offset: usize) -> usize {
        self.sources.position(page.path(), offset).line
    }

    fn base(&self, index: PageIx) -> Map<String, Value> {
        let page = &self.handbook.pages[index];
        let mut map = Map::new();
        map.insert("id".to_owned(), page.id.as_str().into());
        map.insert("title".to_owned(), page.title().into());
        map.insert("path".to_owned(), page.path().as_str().into());
        map.insert("url".to_owned(), page.url.as_str().into());
        map.insert("owner".to_owned(), self.maybe(page.owner));
        map
    }

    fn process(&self, index: PageIx) -> Value {
        let page = &self.handbook.pages[index];
        let mut map = self.base(index);
        let tracks = page.document.tracks.iter().enumerate().map(|(at, track)| {
            let steps =
                (0..track.steps.len()).map(|step| self.step(&self.handbook.step(crate::model::StepIx { page: index, track: at, step })));
            json!({ "id": track.id, "title": track.title, "steps": steps.collect::<Vec<_>>() })
        });
        map.insert("criticality".to_owned(), page.criticality().name().into());
        map.insert("tracks".to_owned(), tracks.collect());
        map.insert("failures".to_owned(), self.failures(index));
        map.insert("depends_on".to_owned(), self.ids(page.process().map_or(&[][..], |process| &process.depends_on)).into());
        map.insert("coverage".to_owned(), self.coverage(index));
        map.insert("status".to_owned(), page.status().name().into());
        map.into()
    }

    fn step(&self, step: &StepView<'_>) -> Value {
        let reversible: Value = match step.facts().and_then(|facts| facts.reversible.as_ref()).map(|reversible| &reversible.value) {
            None | Some(Reversible::Yes) => true.into(),
            Some(Reversible::No) => false.into(),
            Some(Reversible::Until(written)) => {
                let until = step.resolved.reversible_until.map(|until| self.handbook.id_of(Target::Step(until)));
                format!("until {}", until.unwrap_or_else(|| written.0.clone())).into()
            }
        };
        json!({
            "id": step.written.id,
            "title": step.written.title,
            "actor": step.actor().name(),
            "role": self.maybe(step.resolved.role),
            "uses": self.ids(&step.resolved.uses),
            "takeover": self.target(step.resolved.takeover),
            "reversible": reversible,
            "line": self.line(step.page, step.written.place.start),
            "decision": step.decision().is_some(),
        })
    }

    fn failures(&self, index: PageIx) -> Value {
        self.handbook.modes(index).map(|mode| self.failure(&mode)).collect()
    }

    fn failure(&self, mode: &ModeView<'_>) -> Value {
        json!({
            "id": mode.written.id,
            "title": mode.written.title,
            "class": mode.class(),
            "severity": mode.severity().map(|severity| severity.name()),
            "likelihood": mode.likelihood().map(|likelihood| likelihood.name()),
            "priority": priority(self.handbook, mode).name(),
            "of": self.maybe(mode.resolved.of),
            "at": self.target(mode.resolved.steps.first().map(|step| Target::Step(*step))),
            "detect": self.detect(mode),
            "recover": self.recover(mode),
            "line": self.line(mode.page, mode.written.place.start),
            "state": mode.state().map(|state| state.name()),
            "owner": self.maybe(mode.resolved.owner),
        })
    }

    fn detect(&self, mode: &ModeView<'_>) -> Value {
        if !mode.has_detection() {
            return Value::Null;
        }
        json!({
            "signal": mode.signal(),
            "by": mode.detector().map(|by| by.name()),
            "via": self.ids(&mode.resolved.via),
            "within": mode.detect().and_then(|detect| detect.within.as_ref()).map(|within| within.value.text.as_str()),
        })
    }

    fn recover(&self, mode: &ModeView<'_>) -> Value {
        if !mode.has_recovery() {
            return Value::Null;
        }
        let table = mode.recover();
        let escalate = table.and_then(|table| table.escalate.as_ref()).map(|escalate| {
            json!({ "after": escalate.after.as_ref().map(|after| after.value.text.as_str()), "to": self.maybe(mode.resolved.escalate_to) })
        });
        json!({
            "path": self.targets(&mode.resolved.path),
            "text": mode.recovery_text(),
            "section": mode.written.prose.is_some(),
            "by": self.maybe(mode.resolved.by),
            "uses": self.ids(&mode.resolved.uses),
            "decide": mode.decide(),
            "verify": mode.verify(),
            "within": table.and_then(|table| table.within.as_ref()).map(|within| within.value.text.as_str()),
            "drilled": table.and_then(|table| table.drilled.as_ref()).map(|drilled| drilled.value.to_string()),
            "data": table.and_then(|table| said(&table.data)),
            "escalate": escalate,
            "alternative": self.targets(&mode.resolved.alternative),
            "alternative_uses": self.ids(&mode.resolved.alternative_uses),
        })
    }

    fn coverage(&self, index: PageIx) -> Value {
        self.coverage.pages.get(&index).map_or(Value::Null, coverage_json)
    }

    fn system(&self, index: PageIx) -> Value {
        let page = &self.handbook.pages[index];
        let keys = page.system_keys();
        let Kind::System(system) = &page.kind else { return Value::Null };
        let mut map = self.base(index);
        let stated = keys.is_some_and(|keys| keys.depends_on.is_some());
        map.insert("type".to_owned(), keys.and_then(|keys| keys.system_type.as_ref()).map(|kind| kind.value.name()).into());
        map.insert("external".to_owned(), keys.and_then(|keys| keys.external.as_ref()).is_some_and(|external| external.value).into());
        map.insert("depends_on".to_owned(), if stated { self.ids(&system.depends_on).into() } else { Value::Null });
        map.insert("fallback".to_owned(), self.ids(&system.fallback).into());
        map.insert("renewed_by".to_owned(), self.maybe(system.renewed_by));
        let expires = keys.and_then(|keys| keys.expires.as_ref()).and_then(|expires| match &expires.value {
            Expiry::On(day) => Some(day.to_string()),
            Expiry::Never(_) => None,
        });
        map.insert("expires".to_owned(), expires.into());
        map.insert("status_page".to_owned(), keys.and_then(|keys| keys.status_page.as_ref()).map(|url| url.value.as_str()).into());
        if !self.public {
            map.insert("contact".to_owned(), keys.and_then(|keys| said(&keys.contact)).into());
        }
        map.insert("failures".to_owned(), self.failures(index));
        map.insert("coverage".to_owned(), self.coverage(index));
        map.into()
    }

    fn role(&self, index: PageIx) -> Value {
        let page = &self.handbook.pages[index];
        let keys = page.role_keys();
        let Kind::Role(role) = &page.kind else { return Value::Null };
        let mut map = self.base(index);
        map.insert("backup".to_owned(), self.maybe(role.backup));
        map.insert("access".to_owned(), role.access.as_ref().map(|access| self.ids(access)).into());
        if !self.public {
            map.insert("holders".to_owned(), keys.and_then(|keys| keys.holders.as_ref()).map(|holders| holders.value.0).into());
            map.insert("hours".to_owned(), keys.and_then(|keys| keys.hours.as_ref()).map(|hours| hours.value.text.as_str()).into());
            map.insert("channels".to_owned(), self.ids(&role.channels).into());
        }
        map.insert(
            "minutes_per_week".to_owned(),
            keys.and_then(|keys| keys.minutes_per_week.as_ref()).map(|minutes| minutes.value.0).into(),
        );
        map.into()
    }

    fn incident(&self, index: PageIx) -> Value {
        let page = &self.handbook.pages[index];
        let (Kind::Incident(incident), Some(keys)) = (&page.kind, page.incident_keys()) else { return Value::Null };
        let mut map = self.base(index);
        let actions = keys.action.iter().enumerate().map(|(at, action)| {
            json!({
                "what": said(&action.what),
                "owner": self.maybe(incident.action_owners.get(at).copied().flatten()),
                "due": action.due.as_ref().map(|due| due.value.to_string()),
                "done": action.done.as_ref().map(|done| done.value.to_string()),
            })
        });
        map.insert("date".to_owned(), keys.date.as_ref().map(|date| date.value.to_string()).into());
        map.insert("process".to_owned(), self.maybe(incident.process));
        map.insert("severity".to_owned(), keys.severity.as_ref().map(|severity| severity.value.name()).into());
        map.insert("class".to_owned(), keys.class.as_ref().map(|class| class.value.0.as_str()).into());
        map.insert("failure".to_owned(), self.target(incident.failure.map(Target::Mode)));
        map.insert("learned".to_owned(), self.target(incident.learned.map(Target::Mode)));
        map.insert("detected_by".to_owned(), keys.detected_by.as_ref().map(|by| by.value.name()).into());
        map.insert("minutes_to_detect".to_owned(), keys.minutes_to_detect.as_ref().map(|minutes| minutes.value.0).into());
        map.insert("minutes_to_recover".to_owned(), keys.minutes_to_recover.as_ref().map(|minutes| minutes.value.0).into());
        map.insert("recovery_worked".to_owned(), keys.recovery_worked.as_ref().map(|worked| worked.value).into());
        map.insert("needed".to_owned(), self.ids(&incident.needed).into());
        map.insert("actions".to_owned(), actions.collect());
        map.into()
    }

    fn record(&self, index: PageIx) -> Value {
        let page = &self.handbook.pages[index];
        let (Kind::Premortem(record), Some(keys)) = (&page.kind, page.premortem_keys()) else { return Value::Null };
        let mut map = self.base(index);
        let items = keys.item.iter().enumerate().map(|(at, item)| {
            json!({
                "text": said(&item.text),
                "class": item.class.as_ref().map(|class| class.value.0.as_str()),
                "outcome": item.outcome.as_ref().map(|outcome| outcome.value.name()),
                "failure": self.target(record.failures.get(at).copied().flatten().map(Target::Mode)),
                "because": said(&item.because),
            })
        });
        map.insert("date".to_owned(), keys.date.as_ref().map(|date| date.value.to_string()).into());
        map.insert("process".to_owned(), self.maybe(record.process));
        map.insert("horizon".to_owned(), keys.horizon.as_ref().map(|horizon| horizon.value.text.as_str()).into());
        map.insert("roles".to_owned(), record.roles.iter().map(|role| self.id(*role)).collect::<Vec<_>>().into());
        map.insert("items".to_owned(), items.collect());
        map.into()
    }
}

/// Coverage as in the report: the sums, then each class.
pub fn coverage_json(coverage: &Coverage) -> Value {
    let tally =
        |tally: Tally| json!({ "met": tally.met, "unmet": tally.unmet, "waived": tally.waived, "not_applicable": tally.not_applicable });
    let mut json = tally(coverage.total);
    let classes: Map<String, Value> = coverage.by_class.iter().map(|(class, sum)| (class.clone(), tally(*sum))).collect();
    if let Some(map) = json.as_object_mut() {
        map.insert("by_class".to_owned(), classes.into());
    }
    json
}
