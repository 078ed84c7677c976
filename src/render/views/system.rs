//! The page of a system: what to do at 03:00 when it fails, then what it is.

use std::cmp::Reverse;

use serde::Serialize;

use crate::model::{Kind, ModeIx, PageIx, Target};
use crate::parse::value::{Expiry, State, said};

use super::super::atlas::Use;
use super::super::html::Body;
use super::super::words;
use super::process::{DatedLink, PartView, UseView, dated, host, parts, used_by};
use super::{Fact, Here, Link, ModeLink};

/// A system.
#[derive(Clone, Debug, Serialize)]
pub struct SystemView {
    /// `datastore`, `service` …
    pub system_type: Option<&'static str>,
    /// Whether another organisation runs it.
    pub external: bool,
    /// The role that owns it.
    pub owner: Option<Link>,
    /// How one notices that it fails, by failure mode; what takes it away whole comes first.
    pub notice: Vec<NoticeLine>,
    /// How to reach its people, as written; none on a public site.
    pub contact_html: Option<String>,
    /// Where another organisation shows its state.
    pub status_page: Option<Link>,
    /// Whom to call.
    pub call: Vec<CallView>,
    /// The ways back; that from what takes it away whole comes first.
    pub recoveries: Vec<RecoveryLine>,
    /// What can stand in for it.
    pub fallback: Vec<Link>,
    /// Systems that fail with it, nearest first.
    pub avoid: Vec<Link>,
    /// The processes that stop, with their steps.
    pub stops: Vec<UseView>,
    /// The processes that stop because a system between fails.
    pub stops_through: Vec<ThroughView>,
    /// How many processes stop, directly and through others.
    pub stopped_processes: usize,
    /// How many steps stop, directly and through others.
    pub stopped_steps: usize,
    /// What it does not work without; none where that is not stated.
    pub depends_on: Option<Vec<Link>>,
    /// What else is declared.
    pub facts: Vec<Fact>,
    /// What runs out.
    pub limits: Vec<LimitView>,
    /// What stands on the page, in order.
    pub parts: Vec<PartView>,
    /// Footnotes of the text.
    pub footnotes_html: String,
    /// Ways in which it fails that are described on other pages.
    pub failing: Vec<ModeLink>,
    /// Incidents in which it was down, newest first.
    pub incidents: Vec<DatedLink>,
}

/// How one notices one failure mode.
#[derive(Clone, Debug, Serialize)]
pub struct NoticeLine {
    /// The signal; none where nothing says so.
    pub signal_html: Option<String>,
    /// The failure mode.
    pub mode: ModeLink,
}

/// Whom to call.
#[derive(Clone, Debug, Serialize)]
pub struct CallView {
    /// The role.
    pub role: Link,
    /// `owns it`, `does the recovery` …
    pub why: &'static str,
    /// How the role is reached; empty where not stated, or not for everybody.
    pub channels: Vec<ChannelView>,
    /// When it is reachable; none where not stated, or not for everybody.
    pub hours: Option<String>,
    /// The role that steps in.
    pub backup: Option<Link>,
}

/// A way of reaching a role.
#[derive(Clone, Debug, Serialize)]
pub struct ChannelView {
    /// The system.
    pub link: Link,
    /// Whether it fails together with this one: do not wait there.
    pub fails: bool,
}

/// The way back from one failure mode.
#[derive(Clone, Debug, Serialize)]
pub struct RecoveryLine {
    /// The failure mode.
    pub mode: ModeLink,
    /// Steps, tracks and processes.
    pub path: Vec<Link>,
    /// The way back in words.
    pub html: Option<String>,
    /// Who goes it.
    pub by: Option<Link>,
    /// How long it takes.
    pub within: Option<String>,
    /// When somebody really went it.
    pub drilled: Option<String>,
    /// Whether the failure mode is described on this page.
    pub here: bool,
}

/// A system between, and what stops through it.
#[derive(Clone, Debug, Serialize)]
pub struct ThroughView {
    /// The system between.
    pub system: Link,
    /// The processes and steps.
    pub uses: Vec<UseView>,
}

/// Something of which there is only so much.
#[derive(Clone, Debug, Serialize)]
pub struct LimitView {
    /// What.
    pub what_html: String,
    /// How much is used.
    pub now: Option<String>,
    /// How much there is.
    pub max: Option<String>,
    /// Where an alert fires.
    pub alert_at: Option<String>,
    /// Used of what there is, in whole percent.
    pub percent: Option<u64>,
}

/// A system page.
pub fn system(here: &Here<'_>, index: PageIx, body: &Body) -> SystemView {
    let atlas = here.atlas;
    let handbook = atlas.handbook;
    let page = &handbook.pages[index];
    let keys = page.system_keys();
    let model = match &page.kind {
        Kind::System(system) => Some(system),
        _ => None,
    };
    let elsewhere = atlas.failing.get(&index).map_or(&[][..], Vec::as_slice);
    let elsewhere: Vec<ModeIx> = elsewhere.iter().copied().filter(|mode| atlas.counts(mode.page)).take(super::process::LIST).collect();
    let own: Vec<ModeIx> = (0..page.modes.len()).map(|mode| ModeIx { page: index, mode }).collect();
    let ways = worst_first(here, own.iter().chain(&elsewhere).copied().collect());
    let avoid = atlas.falls_with(index);
    let uses = |system: PageIx| atlas.uses.get(&system).map_or(&[][..], Vec::as_slice);
    let counted = |used: &&Use| atlas.counts(used.process);
    let all: Vec<Use> =
        std::iter::once(index).chain(avoid.iter().copied()).flat_map(|system| uses(system).iter().filter(counted)).copied().collect();
    let processes: std::collections::HashSet<PageIx> = all.iter().map(|used| used.process).collect();
    let steps: std::collections::HashSet<_> = all.iter().filter_map(|used| used.step).collect();
    let mut room = super::process::LIST;
    let through = avoid.iter().map_while(|system| {
        let uses = used_by(here, uses(*system));
        room = room.checked_sub(uses.len())?;
        Some(ThroughView { system: here.page(*system), uses })
    });
    SystemView {
        system_type: keys.and_then(|keys| keys.system_type.as_ref()).map(|kind| kind.value.name()),
        external: keys.and_then(|keys| keys.external.as_ref()).is_some_and(|external| external.value),
        owner: page.owner.map(|owner| here.page(owner)),
        notice: ways.iter().map(|mode| notice(here, *mode)).filter(|line| line.signal_html.is_some()).collect(),
        contact_html: keys.filter(|_| !atlas.public).and_then(|keys| said(&keys.contact)).map(|contact| here.prose(index, contact)),
        status_page: keys.and_then(|keys| keys.status_page.as_ref()).and_then(|url| web(&url.value)),
        call: call(here, index, &own),
        recoveries: ways.iter().filter_map(|mode| recovery(here, index, *mode)).collect(),
        fallback: model.into_iter().flat_map(|system| &system.fallback).map(|fallback| here.page(fallback.page)).collect(),
        avoid: avoid.iter().take(super::process::LIST).map(|system| here.page(*system)).collect(),
        stops: used_by(here, uses(index)),
        stops_through: through.filter(|through| !through.uses.is_empty()).collect(),
        stopped_processes: processes.len(),
        stopped_steps: steps.len(),
        depends_on: keys
            .and_then(|keys| keys.depends_on.as_ref())
            .map(|_| model.into_iter().flat_map(|system| &system.depends_on).map(|needed| here.page(needed.page)).collect()),
        facts: facts(here, index),
        limits: keys.into_iter().flat_map(|keys| &keys.limit).map(|limit| limit_view(here, index, limit)).collect(),
        parts: parts(here, index, body, &body.parts),
        footnotes_html: body.footnotes.clone(),
        failing: elsewhere.iter().map(|mode| here.mode(*mode)).collect(),
        incidents: atlas.incidents.get(&index).into_iter().flatten().map(|page| dated(here, *page)).collect(),
    }
}

/// A failure mode that takes the whole system away comes first, then the more severe one; of equals, the one that is written first.
fn worst_first(here: &Here<'_>, mut modes: Vec<ModeIx>) -> Vec<ModeIx> {
    modes.sort_by_key(|mode| {
        let mode = here.atlas.handbook.mode(*mode);
        let gone = matches!(mode.state(), Some(State::Down | State::AccessLost));
        (Reverse(gone), Reverse(mode.severity()))
    });
    modes
}

fn notice(here: &Here<'_>, mode: ModeIx) -> NoticeLine {
    let model = here.atlas.handbook.mode(mode);
    NoticeLine { signal_html: model.signal().map(|signal| here.prose(mode.page, signal)), mode: here.mode(mode) }
}

/// A link to a page of the web, called by its host; nothing where it has another scheme.
pub fn web(url: &str) -> Option<Link> {
    let safe = url.starts_with("https://") || url.starts_with("http://");
    safe.then(|| Link { title: host(url).to_owned(), href: url.to_owned() })
}

/// The owner, then whoever goes the ways back.
fn call(here: &Here<'_>, system: PageIx, own: &[ModeIx]) -> Vec<CallView> {
    let handbook = here.atlas.handbook;
    let mut roles: Vec<(PageIx, &'static str)> = Vec::new();
    let mut add = |role: Option<PageIx>, why| {
        if let Some(role) = role.filter(|role| !roles.iter().any(|(known, _)| known == role)) {
            roles.push((role, why));
        }
    };
    for mode in own {
        add(handbook.mode(*mode).resolved.by, "does the recovery");
    }
    add(handbook.pages[system].owner, "owns it");
    for mode in own {
        add(handbook.mode(*mode).resolved.escalate_to, "is called next");
    }
    roles.into_iter().map(|(role, why)| call_role(here, system, role, why)).collect()
}

fn call_role(here: &Here<'_>, failed: PageIx, role: PageIx, why: &'static str) -> CallView {
    let handbook = here.atlas.handbook;
    let page = &handbook.pages[role];
    let model = match &page.kind {
        Kind::Role(role) => Some(role),
        _ => None,
    };
    let shown = model.filter(|_| !here.atlas.public);
    let channel = |channel: &crate::model::Dependency| ChannelView {
        link: here.page(channel.page),
        fails: handbook.needs.hangs_on(channel.page, failed),
    };
    let mut channels: Vec<ChannelView> = shown.into_iter().flat_map(|role| &role.channels).map(channel).collect();
    channels.sort_by_key(|channel| channel.fails);
    let hours = page.role_keys().filter(|_| !here.atlas.public).and_then(|keys| keys.hours.as_ref());
    CallView {
        role: here.page(role),
        why,
        channels,
        hours: hours.map(|hours| hours.value.text.clone()),
        backup: model.and_then(|role| role.backup).map(|backup| here.page(backup)),
    }
}

fn recovery(here: &Here<'_>, system: PageIx, mode: ModeIx) -> Option<RecoveryLine> {
    let model = here.atlas.handbook.mode(mode);
    if !model.has_recovery() {
        return None;
    }
    let table = model.recover();
    Some(RecoveryLine {
        mode: here.mode(mode),
        path: model.resolved.path.iter().map(|target| here.target(*target)).collect(),
        html: model.recovery_text().map(|text| here.prose(mode.page, text)),
        by: model.resolved.by.map(|by| here.page(by)),
        within: table.and_then(|table| table.within.as_ref()).map(|within| words::span(&within.value.text)),
        drilled: table.and_then(|table| table.drilled.as_ref()).map(|day| words::day(day.value)),
        here: mode.page == system,
    })
}

fn facts(here: &Here<'_>, page: PageIx) -> Vec<Fact> {
    let model = &here.atlas.handbook.pages[page];
    let Some(keys) = model.system_keys() else { return Vec::new() };
    let mut list = Vec::new();
    let mut add = |name: &str, html: Option<String>| list.extend(html.map(|html| Fact { name: name.to_owned(), html }));
    let expires = keys.expires.as_ref().map(|expires| match &expires.value {
        Expiry::On(day) => words::day(*day),
        Expiry::Never(why) => format!("never, because {}", here.prose(page, why)),
    });
    add("Expires", expires);
    let renewed_by = match &model.kind {
        Kind::System(system) => system.renewed_by,
        _ => None,
    };
    add("Renewed by", renewed_by.map(|process| here.links_html([Target::Page(process)])));
    add("Last change", keys.changed.as_ref().map(|day| words::day(day.value)));
    add("Calls allowed", keys.rate_limit.as_ref().map(|rate| super::html::escape(&rate.value.text)));
    add("When it comes back", said(&keys.comeback).map(|text| here.prose(page, text)));
    list
}

fn limit_view(here: &Here<'_>, page: PageIx, limit: &crate::parse::front_matter::Limit) -> LimitView {
    let amount = |amount: &Option<crate::source::Located<crate::parse::value::Amount>>| amount.as_ref().map(|amount| amount.value.number());
    let (now, max) = (amount(&limit.now), amount(&limit.max));
    let percent = now.zip(max).filter(|(_, max)| *max > 0.0).map(|(now, max)| (now / max * 100.0).floor().clamp(0.0, 999.0) as u64);
    LimitView {
        what_html: said(&limit.what).map(|what| here.prose(page, what)).unwrap_or_default(),
        now: now.map(words::amount),
        max: max.map(words::amount),
        alert_at: amount(&limit.alert_at).map(words::amount),
        percent,
    }
}
