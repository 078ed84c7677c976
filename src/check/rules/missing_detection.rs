//! A failure mode says nothing about how it is noticed.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, ModeView};

/// One finding per failure mode.
pub const RULE: Rule = Rule {
    name: "missing-detection",
    group: Group::Coverage,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::Yes,
    summary: "A failure mode says nothing about how it is noticed.",
    look: Look::Mode(look),
};

fn look(_: &Handbook, mode: &ModeView<'_>) -> Vec<Finding> {
    if mode.has_detection() {
        return Vec::new();
    }
    let place = Place::new(mode.page.path(), mode.written.place);
    vec![
        Finding::new(
            RULE.name,
            place,
            Element::thing(&mode.page.id, &mode.written.id),
            format!("failure mode `{}` has no detection", mode.written.title),
        )
        .note("until somebody notices, nobody recovers")
        .help("say what shows it: `detect = \"…\"`, or a `[detect]` table with `signal` and `by`"),
    ]
}
