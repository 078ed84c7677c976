//! A failure mode declares no severity, or no likelihood.

use crate::check::phrasing::listed;
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, ModeView};

/// One finding per failure mode, whichever of the two is missing.
pub const RULE: Rule = Rule {
    name: "unrated-failure-mode",
    group: Group::Hardness,
    level: DefaultLevel::Each("info, warning if serious"),
    waivable: Waivable::Yes,
    summary: "A failure mode declares no severity, or no likelihood.",
    look: Look::Mode(look),
};

fn look(_: &Handbook, mode: &ModeView<'_>) -> Vec<Finding> {
    let missing: Vec<&str> = ["severity", "likelihood"].into_iter().filter(|key| !mode.facts().has(key)).collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let lacks: Vec<String> = missing.iter().map(|key| format!("no {key}")).collect();
    let note = match missing.as_slice() {
        ["likelihood"] => "it counts as unlikely until somebody says how often it is expected",
        _ => "without a severity it never counts as serious: nobody is asked who decides, how to verify, and when it was drilled",
    };
    let lines = missing.iter().map(|key| match *key {
        "severity" => "`severity = \"…\"` (minor, moderate, major or critical)",
        _ => "`likelihood = \"…\"` (rare, unlikely, likely or frequent)",
    });
    let level = if mode.page.is_serious() { Level::Warning } else { Level::Info };
    let place = Place::new(mode.page.path(), mode.written.place);
    let message = format!("failure mode `{}` has {}", mode.written.title, listed(&lacks));
    vec![
        Finding::new(RULE.name, place, Element::thing(&mode.page.id, &mode.written.id), message)
            .level(level)
            .note(note)
            .help(format!("add {}", listed(&lines.collect::<Vec<_>>()))),
    ]
}
