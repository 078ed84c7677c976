//! The impact as JSON. Its shape is a promise: version 1, ids alone in references, a list for whatever there can be several of.
//!
//! Every impact has `version`, `id`, `kind` (`system`, `role`, `process`, `track`, `step`, `failure`) and `title`. A chain is a list of ids
//! from what stops to what fails, both included.

use serde_json::{Map, Value, json};

use crate::check::drill;
use crate::check::reach::WayAround;
use crate::impact::{Impact, Stop, WayBack};
use crate::model::{Handbook, Kind, ModeIx, PageIx, StepIx, Target};
use crate::parse::value::{Duration, Parsed, Severity, said};
use crate::source::Located;

use super::words::{abort_text, ids};

/// The version of the shape.
const VERSION: u32 = 1;

/// The impact as JSON, ended by a line break.
pub fn json(handbook: &Handbook, impact: &Impact) -> String {
    let what = impact.what;
    let id = |target: Target| handbook.id_of(target);
    let modes = |modes: &[ModeIx]| modes.iter().map(|mode| id(Target::Mode(*mode))).collect::<Vec<_>>();
    let steps = |steps: &[StepIx]| steps.iter().map(|step| id(Target::Step(*step))).collect::<Vec<_>>();
    let pages = |pages: &[PageIx]| pages.iter().map(|page| id(Target::Page(*page))).collect::<Vec<_>>();
    let chain = |chain: &[Target]| chain.iter().map(|target| id(*target)).collect::<Vec<_>>();
    let stops = |stops: &[Stop]| stops.iter().map(|stop| json!({ "id": id(stop.what), "chain": chain(&stop.chain) })).collect::<Vec<_>>();
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| drop(out.insert(key.to_owned(), value));
    put("version", json!(VERSION));
    put("id", json!(id(what)));
    put("kind", json!(kind(handbook, what)));
    put("title", json!(handbook.title_of(what)));
    if let Some(dependents) = &impact.dependents {
        put(
            "stops",
            json!({
                "systems": stops(&dependents.systems),
                "processes": stops(&dependents.processes),
                "steps": stops(&dependents.steps),
            }),
        );
        put("hampered", json!(stops(&dependents.hampered)));
        put("held", json!(stops(&dependents.held)));
        put("misled", json!(stops(&dependents.misled)));
        let closed = dependents.closed.iter();
        let closed = closed.map(
            |way| json!({ "failure": id(Target::Mode(way.mode)), "chain": chain(&way.chain), "alternative": second_word(way.second) }),
        );
        put("closed", closed.collect());
        let blind = dependents.blind.iter();
        let blind =
            blind.map(|blind| json!({ "failure": id(Target::Mode(blind.mode)), "lost": stops(&blind.lost), "left": pages(&blind.left) }));
        put("blind", blind.collect());
        let cut = dependents.cut.iter();
        let cut = cut.map(|cut| json!({ "role": id(Target::Page(cut.role)), "lost": stops(&cut.lost), "left": pages(&cut.left) }));
        put("people", cut.collect());
        put(
            "handbook",
            match dependents.handbook.is_empty() {
                true => Value::Null,
                false => json!({ "chain": chain(&dependents.handbook), "offline_copy": handbook.settings.offline_copy }),
            },
        );
        put("renews", json!(pages(&dependents.renews)));
    }
    if let Some(passage) = &impact.passage {
        put("behind", json!(steps(&passage.behind)));
        put("required_by", json!(steps(&passage.required_by)));
        let entries = passage.entered_from.iter();
        put("entered_from", entries.map(|entry| json!({ "step": id(Target::Step(entry.from)), "as": entry.as_.name() })).collect());
        put("recoveries", json!(modes(&passage.ways_back)));
        put("alternatives", json!(modes(&passage.second_ways)));
    }
    if let Some(absence) = &impact.absence {
        put("steps", json!(steps(&absence.steps)));
        put("recoveries", json!(modes(&absence.recoveries)));
        put("helps", json!(modes(&absence.helps)));
        put("escalations", json!(modes(&absence.escalations)));
        put("backs_up", json!(pages(&absence.backs_up)));
        put("owns", json!(pages(&absence.owns)));
        put("backup", json!(absence.backup.map(|backup| id(Target::Page(backup)))));
    }
    if let Some(strike) = &impact.strike {
        put("steps", json!(steps(&strike.steps)));
        put("of", json!(strike.of.map(|of| id(Target::Page(of)))));
        put("incidents", json!(pages(&strike.incidents)));
    }
    if let Target::Step(step) = what {
        let step = handbook.step(step);
        let named = |target: Option<Target>| json!(target.map(id));
        put("takeover", named(step.resolved.takeover));
        put(
            "abort",
            match step.resolved.abort {
                Some(target) => json!(id(target)),
                None => json!(step.facts().and_then(abort_text)),
            },
        );
        put("undo", named(step.resolved.undo.map(Target::Step)));
        put("on_timeout", named(step.resolved.on_timeout));
    }
    if impact.absence.is_none() {
        put("ways_back", impact.ways_back.iter().map(|way| way_back_json(handbook, way)).collect());
    }
    if let Kind::System(system) = &handbook.pages[what.page()].kind
        && matches!(what, Target::Page(_))
    {
        let keys = handbook.pages[what.page()].system_keys();
        put("contact", json!(keys.and_then(|keys| said(&keys.contact))));
        put("status_page", json!(keys.and_then(|keys| keys.status_page.as_ref()).map(|url| &url.value)));
        let hangs = |fallback: PageIx| handbook.needs.hangs_on(fallback, what.page());
        let fallback = system.fallback.iter().map(|to| json!({ "id": id(Target::Page(to.page)), "stands": !hangs(to.page) }));
        put("fallback", fallback.collect());
    }
    if let Target::Page(page) = what
        && impact.dependents.is_some()
    {
        put("owner", json!(handbook.pages[page].owner.map(|owner| id(Target::Page(owner)))));
    }
    format!("{:#}\n", Value::Object(out))
}

fn kind(handbook: &Handbook, what: Target) -> &'static str {
    match what {
        Target::Page(page) => handbook.pages[page].page_kind().name(),
        Target::Track(..) => "track",
        Target::Step(_) => "step",
        Target::Mode(_) => "failure",
    }
}

fn second_word(second: WayAround) -> &'static str {
    match second {
        WayAround::None => "none",
        WayAround::Open => "open",
        WayAround::Closed => "closed",
    }
}

fn way_back_json(handbook: &Handbook, way: &WayBack) -> Value {
    let mode = handbook.mode(way.mode);
    let id = |target: &Target| handbook.id_of(*target);
    let page = |page: Option<PageIx>| page.map(|page| handbook.pages[page].id.clone());
    let table = mode.recover();
    let path = |path: &[Target]| path.iter().map(id).collect::<Vec<_>>();
    let within = |duration: Option<&Located<Parsed<Duration>>>| duration.map(|duration| duration.value.text.clone());
    let escalate = table.and_then(|table| table.escalate.as_ref());
    json!({
        "failure": id(&Target::Mode(way.mode)),
        "severity": mode.severity().map(Severity::name),
        "state": mode.state().map(|state| state.name()),
        "detect": {
            "signal": mode.signal(),
            "by": mode.detector().map(|by| by.name()),
            "via": ids(handbook, &mode.resolved.via),
            "within": within(mode.detect().and_then(|table| table.within.as_ref())),
        },
        "decide": mode.decide(),
        "path": path(&mode.resolved.path),
        "text": mode.recovery_text(),
        "uses": ids(handbook, &mode.resolved.uses),
        "by": page(mode.resolved.by),
        "within": within(table.and_then(|table| table.within.as_ref())),
        "verify": mode.verify(),
        "data": table.and_then(|table| said(&table.data)),
        "escalate": {
            "after": within(escalate.and_then(|escalate| escalate.after.as_ref())),
            "to": page(mode.resolved.escalate_to),
        },
        "drilled": drill::last(&mode).map(|last| last.day.to_string()),
        "needs_what_failed": way.closed.iter().map(id).collect::<Vec<_>>(),
        "alternative": path(&mode.resolved.alternative),
        "alternative_uses": ids(handbook, &mode.resolved.alternative_uses),
    })
}
