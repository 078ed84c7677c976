//! A system changed after the recovery that needs it was last drilled.

use std::collections::HashSet;

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::{drill, reach, users};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, ModeView, PageIx};

/// One finding per failure mode and system, at the day of the drill.
pub const RULE: Rule = Rule {
    name: "drill-predates-change",
    group: Group::OutageQuestions,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A system that a recovery needs changed after the recovery was last drilled.",
    look: Look::Handbook(look),
};

fn look(handbook: &Handbook) -> Vec<Finding> {
    let used = users::of_serious(handbook);
    let asked = |page: &PageIx| {
        users::is_serious_and_active(handbook, *page) || used.contains_key(page) && handbook.pages[*page].process().is_none()
    };
    let pages = (0..handbook.pages.len()).filter(asked);
    pages.flat_map(|page| handbook.modes(page)).flat_map(|mode| findings(handbook, &mode)).collect()
}

fn findings(handbook: &Handbook, mode: &ModeView<'_>) -> Vec<Finding> {
    if !mode.has_recovery() || mode.recovery_has_unreadable("drilled") {
        return Vec::new();
    }
    let Some(last) = drill::last(mode) else { return Vec::new() };
    let mut seen = HashSet::new();
    let needs = reach::recovery(handbook, mode).into_iter().filter(|need| seen.insert(need.page));
    let finding = |need: reach::Need| {
        let system = &handbook.pages[need.page];
        let changed = system.system_keys()?.changed.as_ref().filter(|changed| last.day < changed.value)?;
        let message = format!(
            "the recovery of `{}` was last drilled on {}, and `{}`, which it needs, changed on {}",
            mode.written.title,
            last.day,
            system.title(),
            changed.value
        );
        let place = Place::new(mode.page.path(), last.span.unwrap_or(mode.written.place));
        let element = Element::thing(&mode.page.id, &mode.written.id).part(&system.id);
        let finding = Finding::new(RULE.name, place, element, message)
            .mark(Place::new(system.path(), changed.span), "changed here, after the drill")
            .mark(need.place, format!("the recovery needs `{}` here", system.id));
        let id = format!("{}#{}", mode.page.id, mode.written.id);
        Some(
            finding
                .note("what was drilled is a way through something that no longer stands there in that form")
                .help(format!("drill it again, then `forewarn stamp drill {id}`")),
        )
    };
    needs.filter_map(finding).collect()
}
