//! Everybody whom a recovery calls is reached through nothing but what fails.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::{chain, reach};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, Kind, ModeView, PageIx, flow};

/// One finding per failure mode, where its recovery names whom it calls.
pub const RULE: Rule = Rule {
    name: "escalation-needs-what-failed",
    group: Group::SharedFate,
    level: DefaultLevel::Each("error, or warning where it is slow or partial"),
    waivable: Waivable::Yes,
    summary: "Every stated channel of every role in a recovery, backups included, is what fails or hangs on it.",
    look: Look::Mode(look),
};

/// A role and the system through which it is reached.
struct Channel {
    role: PageIx,
    system: PageIx,
    place: Place,
}

fn look(handbook: &Handbook, mode: &ModeView<'_>) -> Vec<Finding> {
    let Some(failed) = reach::failed(mode) else { return Vec::new() };
    let Some(channels) = called(handbook, mode).and_then(|roles| channels(handbook, &roles)) else { return Vec::new() };
    if channels.is_empty() || channels.iter().any(|channel| !handbook.needs.hangs_on(channel.system, failed.page)) {
        return Vec::new();
    }
    let what = &handbook.pages[failed.page];
    let mut systems: Vec<PageIx> = Vec::new();
    channels.iter().for_each(|channel| {
        if !systems.contains(&channel.system) {
            systems.push(channel.system)
        }
    });
    let chains: Vec<_> = systems.iter().map(|system| chain::of_systems(handbook, *system, failed.page)).collect();
    let ways: Vec<String> = chains.iter().map(|chain| chain::words(handbook, chain)).collect();
    let title = &mode.written.title;
    let message = match systems.as_slice() {
        [only] if *only == failed.page => format!("everybody in the recovery of `{title}` is reached only through {} itself", what.title()),
        _ => format!("everybody in the recovery of `{title}` is reached only through {}: {}", what.title(), ways.join("; ")),
    };
    let mut finding = Finding::new(RULE.name, place(mode), Element::thing(&mode.page.id, &mode.written.id), message)
        .level(failed.level)
        .mark(place(mode), "who is called here is not reached")
        .mark(reach::place_of_failed(mode), "this is what fails");
    for channel in &channels {
        let (role, system) = (&handbook.pages[channel.role], &handbook.pages[channel.system]);
        finding = finding.mark(channel.place.clone(), format!("`{}` is reached by `{}`", role.id, system.id));
    }
    finding = chains.iter().fold(finding, |finding, chain| chain::mark_links(handbook, finding, chain));
    let note = match failed.level {
        Level::Error => "the one who notices is alone with it: no call and no message gets through",
        _ => "calls and messages arrive late or not at all while it lasts",
    };
    let role = &handbook.pages[channels[0].role];
    let help =
        format!("give one of them a way that does without `{}`, such as a telephone list: `channels = [\"…\"]` on `{}`", what.id, role.id);
    vec![finding.note(note).help(help)]
}

/// The smallest text that names whom the recovery calls.
fn place(mode: &ModeView<'_>) -> Place {
    let table = mode.recover();
    let by = table.and_then(|table| table.by.as_ref());
    let to = table.and_then(|table| table.escalate.as_ref()).and_then(|escalate| escalate.to.as_ref());
    Place::new(mode.page.path(), by.or(to).map_or(mode.written.place, |role| role.span))
}

/// The roles in the recovery, each once: who does it, who does the steps on its path, whom it calls next; then their backups. Nothing
/// where one of them is given and not known: that has its own fault.
fn called(handbook: &Handbook, mode: &ModeView<'_>) -> Option<Vec<PageIx>> {
    let known = |given: bool, role: Option<PageIx>| if given && role.is_none() { None } else { Some(role) };
    let table = mode.recover();
    let escalate = table.and_then(|table| table.escalate.as_ref());
    let by = known(table.is_some_and(|table| table.has("by")), mode.resolved.by)?;
    let to = known(escalate.is_some_and(|escalate| escalate.has("to")), mode.resolved.escalate_to)?;
    let mut roles: Vec<PageIx> = by.into_iter().chain(to).collect();
    for step in flow::steps_on(handbook, &mode.resolved.path).into_iter().map(|step| handbook.step(step)) {
        let given = step.facts().is_some_and(|facts| facts.has("role")) || step.decision().is_some_and(|facts| facts.has("by"));
        roles.extend(known(given, step.resolved.role)?);
    }
    for role in roles.clone() {
        let page = &handbook.pages[role];
        let Kind::Role(resolved) = &page.kind else { continue };
        roles.extend(known(page.role_keys().is_some_and(|keys| keys.has("backup")), resolved.backup)?);
    }
    let mut seen = std::collections::HashSet::new();
    roles.retain(|role| seen.insert(*role));
    Some(roles)
}

/// Every channel of the roles. Nothing where one of the roles states none, and so counts as reachable, or states one that is not known.
fn channels(handbook: &Handbook, roles: &[PageIx]) -> Option<Vec<Channel>> {
    let mut channels = Vec::new();
    for role in roles {
        let page = &handbook.pages[*role];
        let Kind::Role(resolved) = &page.kind else { continue };
        let written = page.role_keys().map_or(0, |keys| keys.channels.len());
        if resolved.channels.is_empty() || resolved.channels.len() < written {
            return None;
        }
        let places = resolved.channels.iter();
        channels.extend(places.map(|to| Channel { role: *role, system: to.page, place: Place::new(page.path(), to.span) }));
    }
    Some(channels)
}
