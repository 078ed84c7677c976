//! The page of a role: what it does, what it brings back, what it owns.

use serde::Serialize;

use crate::check::people::{self, Backup};
use crate::model::{Kind, ModeIx, PageIx, Target};

use super::super::html::Body;
use super::super::words;
use super::growth;
use super::process::{LIST, PartView, UseView, parts};
use super::{Here, Link, ModeLink};

/// A role.
#[derive(Clone, Debug, Serialize)]
pub struct RoleView {
    /// How many people can do it; none where not stated, or not for everybody.
    pub holders: Option<u64>,
    /// Whether one person holds it, or nobody, and nobody steps in; never on a public site.
    pub alone: bool,
    /// What waits for that one person.
    pub waiting: Waiting,
    /// What is planned against what it can give, in one line; none where not stated, or not for everybody.
    pub growth: Option<String>,
    /// The role that steps in.
    pub backup: Option<Link>,
    /// When it is reachable; none where not stated, or not for everybody.
    pub hours: Option<String>,
    /// How it is reached; empty where not stated, or not for everybody.
    pub channels: Vec<Link>,
    /// What it may operate; none where not stated.
    pub access: Option<Vec<Link>>,
    /// What it can give to processes in a week.
    pub minutes_per_week: Option<String>,
    /// Steps that it does, by process.
    pub does: Vec<UseView>,
    /// Ways back that it goes.
    pub recovers: Vec<ModeLink>,
    /// Failures in which it is called next.
    pub escalated: Vec<ModeLink>,
    /// Processes that it owns.
    pub owns_processes: Vec<Link>,
    /// Systems that it owns.
    pub owns_systems: Vec<Link>,
    /// Other pages that it owns.
    pub owns_pages: Vec<Link>,
    /// Failure modes that it owns.
    pub owns_modes: Vec<ModeLink>,
    /// Roles for which it steps in.
    pub backs: Vec<Link>,
    /// What stands on the page, in order.
    pub parts: Vec<PartView>,
    /// Footnotes of the text.
    pub footnotes_html: String,
}

/// What waits for the only holder of a role, in processes that are not retired.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Waiting {
    /// Steps and decisions.
    pub steps: usize,
    /// Ways back.
    pub recoveries: usize,
}

/// A role page.
pub fn role(here: &Here<'_>, index: PageIx, body: &Body) -> RoleView {
    let atlas = here.atlas;
    let handbook = atlas.handbook;
    let page = &handbook.pages[index];
    let keys = page.role_keys();
    let shown = keys.filter(|_| !atlas.public);
    let model = match &page.kind {
        Kind::Role(role) => Some(role),
        _ => None,
    };
    let holders = shown.and_then(|keys| keys.holders.as_ref()).map(|holders| holders.value.0);
    let alone = holders.is_some_and(|holders| holders <= 1) && people::backup(handbook, index) == Backup::Nobody;
    let backup = model.and_then(|role| role.backup);
    let uses = atlas.roles.get(&index);
    let modes = |modes: Option<&Vec<ModeIx>>| modes.into_iter().flatten().take(LIST).map(|mode| here.mode(*mode)).collect::<Vec<_>>();
    let owned = |wanted: fn(&Kind) -> bool| {
        let pages = uses.into_iter().flat_map(|uses| &uses.owns).filter(|page| wanted(&handbook.pages[**page].kind));
        pages.take(LIST).map(|page| here.page(*page)).collect::<Vec<_>>()
    };
    RoleView {
        holders,
        alone,
        waiting: if alone { waiting(here, index) } else { Waiting::default() },
        growth: growth::line_of_role(here, index).filter(|_| !atlas.public),
        backup: backup.map(|backup| here.page(backup)),
        hours: shown.and_then(|keys| keys.hours.as_ref()).map(|hours| hours.value.text.clone()),
        channels: model
            .filter(|_| !atlas.public)
            .into_iter()
            .flat_map(|role| &role.channels)
            .map(|channel| here.page(channel.page))
            .collect(),
        access: model.and_then(|role| role.access.as_ref()).map(|access| access.iter().map(|system| here.page(system.page)).collect()),
        minutes_per_week: keys.and_then(|keys| keys.minutes_per_week.as_ref()).map(|minutes| words::minutes(minutes.value.number())),
        does: does(here, index),
        recovers: modes(uses.map(|uses| &uses.recovers)),
        escalated: modes(uses.map(|uses| &uses.escalated)),
        owns_processes: owned(|kind| matches!(kind, Kind::Process(_))),
        owns_systems: owned(|kind| matches!(kind, Kind::System(_))),
        owns_pages: owned(|kind| !matches!(kind, Kind::Process(_) | Kind::System(_))),
        owns_modes: modes(uses.map(|uses| &uses.owns_modes)),
        backs: uses.into_iter().flat_map(|uses| &uses.backs).map(|role| here.page(*role)).collect(),
        parts: parts(here, index, body, &body.parts),
        footnotes_html: body.footnotes.clone(),
    }
}

fn waiting(here: &Here<'_>, role: PageIx) -> Waiting {
    let atlas = here.atlas;
    atlas.roles.get(&role).map_or_else(Waiting::default, |uses| Waiting {
        steps: uses.steps.iter().filter(|step| atlas.counts(step.page)).count(),
        recoveries: uses.recovers.iter().filter(|mode| atlas.counts(mode.page)).count(),
    })
}

fn does(here: &Here<'_>, role: PageIx) -> Vec<UseView> {
    let handbook = here.atlas.handbook;
    let mut list: Vec<(PageIx, UseView)> = Vec::new();
    for step in here.atlas.roles.get(&role).into_iter().flat_map(|uses| &uses.steps).filter(|step| here.atlas.counts(step.page)) {
        let link = here.short(Target::Step(*step));
        match list.last_mut().filter(|(page, _)| *page == step.page) {
            Some((_, known)) => known.steps.push(link),
            None => {
                let criticality = handbook.pages[step.page].criticality().name();
                list.push((step.page, UseView { process: here.page(step.page), criticality, whole: false, steps: vec![link] }));
            }
        }
    }
    list.into_iter().take(LIST).map(|(_, view)| view).collect()
}
