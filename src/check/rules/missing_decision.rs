//! A serious failure mode has a recovery, and nobody is named who decides to begin it.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, ModeView};

/// One finding per failure mode.
pub const RULE: Rule = Rule {
    name: "missing-decision",
    group: Group::Coverage,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A serious failure mode has a recovery, and nobody is named who decides to begin it.",
    look: Look::Mode(look),
};

fn look(_: &Handbook, mode: &ModeView<'_>) -> Vec<Finding> {
    if !mode.is_serious() || !mode.has_recovery() || mode.decide().is_some() || mode.recovery_has_unreadable("decide") {
        return Vec::new();
    }
    let place = Place::new(mode.page.path(), mode.written.place);
    vec![
        Finding::new(
            RULE.name,
            place,
            Element::thing(&mode.page.id, &mode.written.id),
            format!("nobody decides to recover from `{}`", mode.written.title),
        )
        .note("a recovery that waits for permission begins too late")
        .help("name who decides, and on what sign: `decide = \"The release captain, as soon as …\"` under `[recover]`"),
    ]
}
