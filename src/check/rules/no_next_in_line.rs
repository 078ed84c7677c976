//! A serious failure mode has a recovery that does not say who is next when nobody answers.

use crate::check::people::{self, Backup};
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, ModeView, flow};

/// One finding per failure mode.
pub const RULE: Rule = Rule {
    name: "no-next-in-line",
    group: Group::People,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A serious failure mode has a recovery that does not say who is next when nobody answers.",
    look: Look::Mode(look),
};

fn look(handbook: &Handbook, mode: &ModeView<'_>) -> Vec<Finding> {
    if !mode.is_serious() || !mode.has_recovery() || escalates(mode) {
        return Vec::new();
    }
    let title = &mode.written.title;
    let element = Element::thing(&mode.page.id, &mode.written.id);
    let escalate = "`escalate = { after = \"15m\", to = \"…\" }`";
    let finding = match mode.resolved.by {
        Some(by) if people::backup(handbook, by) == Backup::Nobody => {
            let role = &handbook.pages[by];
            let span = mode.recover().and_then(|table| table.by.as_ref()).map_or(mode.written.place, |by| by.span);
            let message = format!("if `{}` does not answer, nobody is next to recover from `{title}`", role.title());
            Finding::new(RULE.name, Place::new(mode.page.path(), span), element, message)
                .mark(Place::new(role.path(), role.title_place()), "no role steps in: there is no `backup`")
                .note("the first call stays unanswered some night; what then must stand here beforehand")
                .help(format!("say whom to call, and when: {escalate} under `[recover]`; or give the role `backup = \"…\"`"))
        }
        Some(_) => return Vec::new(),
        None if names_somebody(handbook, mode) => return Vec::new(),
        None => {
            let place = Place::new(mode.page.path(), mode.written.place);
            Finding::new(RULE.name, place, element, format!("the recovery of `{title}` names nobody to do it, and nobody to call next"))
                .note("at 3 AM everybody thinks that somebody else is on it")
                .help(match mode.recover() {
                    Some(_) => format!("name the role that does it, and whom to call next: `by = \"…\"` and {escalate} under `[recover]`"),
                    None => format!(
                        "write the recovery as a table: `[recover]` with `text = \"…\"` or `path = […]`, `by = \"…\"` and {escalate}"
                    ),
                })
        }
    };
    vec![finding]
}

/// Whether somebody is next, or the words that say who cannot be read.
fn escalates(mode: &ModeView<'_>) -> bool {
    match mode.recover() {
        None => mode.facts().recover.is_none() && mode.facts().has("recover"),
        Some(table) => match &table.escalate {
            Some(escalate) => escalate.has("to"),
            None => table.has("escalate"),
        },
    }
}

/// Whether the recovery names a role, or something in which a role could stand that cannot be read.
fn names_somebody(handbook: &Handbook, mode: &ModeView<'_>) -> bool {
    let unreadable = mode.recover().is_some_and(|table| {
        let lost = mode.resolved.path.len() < table.path.len() || table.path.is_empty() && table.has("path");
        table.has("by") || lost
    });
    unreadable
        || flow::steps_on(handbook, &mode.resolved.path).into_iter().any(|step| {
            let step = handbook.step(step);
            step.resolved.role.is_some() || people::is_unreadable(&step)
        })
}
