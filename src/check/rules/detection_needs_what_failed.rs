//! The signal of a failure is carried by nothing but what fails.

use std::collections::HashSet;

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::{chain, reach};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Dependency, Handbook, ModeView, PageIx};

/// One finding per failure mode, at the first system of `via`.
pub const RULE: Rule = Rule {
    name: "detection-needs-what-failed",
    group: Group::SharedFate,
    level: DefaultLevel::Each("error, or warning where it is slow or partial"),
    waivable: Waivable::Yes,
    summary: "Every system that carries the signal of a failure mode is what fails, or hangs on it.",
    look: Look::Mode(look),
};

fn look(handbook: &Handbook, mode: &ModeView<'_>) -> Vec<Finding> {
    let Some(failed) = reach::failed(mode).filter(|_| reach::alert_needs_what_failed(handbook, mode)) else { return Vec::new() };
    let [first, others @ ..] = mode.resolved.via.as_slice() else { return Vec::new() };
    let what = &handbook.pages[failed.page];
    let mut seen = HashSet::new();
    let systems = mode.resolved.via.iter().map(|via| via.page).filter(|via| seen.insert(*via));
    let chains: Vec<_> = systems.map(|via| chain::of_systems(handbook, via, failed.page)).collect();
    let ways: Vec<String> = chains.iter().map(|chain| chain::words(handbook, chain)).collect();
    let message = match chains.as_slice() {
        [_] if first.page == failed.page => {
            format!("the signal of `{}` comes through {} itself", mode.written.title, what.title())
        }
        _ => format!("the signal of `{}` comes only through {}: {}", mode.written.title, what.title(), ways.join("; ")),
    };
    let place = |via: &Dependency| Place::new(mode.page.path(), via.span);
    let mut finding = Finding::new(RULE.name, place(first), Element::thing(&mode.page.id, &mode.written.id), message)
        .level(failed.level)
        .mark(place(first), words(first.page, failed.page))
        .mark(reach::place_of_failed(mode), "this is what fails");
    for via in others {
        finding = finding.mark(place(via), words(via.page, failed.page));
    }
    finding = chains.iter().fold(finding, |finding, chain| chain::mark_links(handbook, finding, chain));
    let note = match failed.level {
        Level::Error => "when it fails the alarm goes with it, and the silence looks like health",
        _ => "the signal is as late or as incomplete as what it watches",
    };
    let help = format!("add a system that stands outside to `via`, such as a probe at another provider that does without `{}`", what.id);
    vec![finding.note(note).help(help)]
}

fn words(via: PageIx, failed: PageIx) -> &'static str {
    if via == failed { "the signal comes through it" } else { "this hangs on it" }
}
