//! A serious failure mode has a recovery that does not say how one knows that normal is back.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, ModeView, flow};

/// One finding per failure mode.
pub const RULE: Rule = Rule {
    name: "unverified-recovery",
    group: Group::Coverage,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A serious failure mode has a recovery that does not say how one knows that normal is back.",
    look: Look::Mode(look),
};

fn look(handbook: &Handbook, mode: &ModeView<'_>) -> Vec<Finding> {
    let checked = || flow::steps_on(handbook, &mode.resolved.path).into_iter().any(|step| handbook.step(step).verifies());
    if !mode.is_serious() || !mode.has_recovery() || mode.verify().is_some() || mode.recovery_has_unreadable("verify") || checked() {
        return Vec::new();
    }
    let place = Place::new(mode.page.path(), mode.written.place);
    vec![
        Finding::new(
            RULE.name,
            place,
            Element::thing(&mode.page.id, &mode.written.id),
            format!("the recovery of `{}` does not say when normal is back", mode.written.title),
        )
        .note("without it the recovery ends when somebody is tired")
        .help("add `verify = \"…\"` under `[recover]`, or `verifies = true` to a step on its path"),
    ]
}
