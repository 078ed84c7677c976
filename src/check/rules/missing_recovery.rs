//! A failure mode says nothing about the way back: no path, no text, no link, no prose under its heading.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, ModeView};

/// One finding per failure mode.
pub const RULE: Rule = Rule {
    name: "missing-recovery",
    group: Group::Coverage,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::Yes,
    summary: "A failure mode says nothing about the way back: no path, no text, no link, no prose under its heading.",
    look: Look::Mode(look),
};

fn look(handbook: &Handbook, mode: &ModeView<'_>) -> Vec<Finding> {
    if mode.has_recovery() {
        return Vec::new();
    }
    let place = Place::new(mode.page.path(), mode.written.place);
    let mut finding = Finding::new(
        RULE.name,
        place,
        Element::thing(&mode.page.id, &mode.written.id),
        format!("failure mode `{}` has no recovery", mode.written.title),
    )
    .note("whoever meets it at 3 AM has to invent the way back")
    .help("say the way back: `recover = \"…\"`, or a `[recover]` table with a `path` of steps, tracks or processes");
    for step in mode.resolved.steps.iter().map(|step| handbook.step(*step)) {
        finding = finding.mark(Place::new(step.page.path(), step.written.place), "it can hit this step");
    }
    vec![finding]
}
