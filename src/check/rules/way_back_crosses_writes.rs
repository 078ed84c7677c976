//! A recovery does not say what becomes of what was written meanwhile.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::users::is_serious_and_active;
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, ModeView, StepIx, StepView};

/// One finding per failure mode.
pub const RULE: Rule = Rule {
    name: "way-back-crosses-writes",
    group: Group::OutageQuestions,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A recovery does not say what becomes of what was written meanwhile.",
    look: Look::Mode(look),
};

fn look(handbook: &Handbook, mode: &ModeView<'_>) -> Vec<Finding> {
    let answered = mode.recover().is_some_and(|table| match &table.data {
        Some(data) => data.said().is_some(),
        None => table.has("data"),
    });
    if !is_serious_and_active(handbook, mode.at.page) || !mode.is_serious() || !mode.has_recovery() || answered {
        return Vec::new();
    }
    // What cannot be read may say it.
    if mode.facts().recover.is_none() && mode.facts().has("recover") {
        return Vec::new();
    }
    let Some((hit, writing)) = mode.resolved.steps.iter().find_map(|hit| Some((*hit, written_before(handbook, *hit)?))) else {
        return Vec::new();
    };
    vec![finding(handbook, mode, handbook.step(hit), &writing)]
}

/// The steps of a track up to and including one that write something, if any.
fn written_before(handbook: &Handbook, hit: StepIx) -> Option<Vec<StepView<'_>>> {
    let steps = (0..=hit.step).map(|step| handbook.step(StepIx { step, ..hit }));
    let writing: Vec<StepView<'_>> = steps.filter(|step| !step.resolved.writes.is_empty()).collect();
    (!writing.is_empty()).then_some(writing)
}

fn finding(handbook: &Handbook, mode: &ModeView<'_>, hit: StepView<'_>, writing: &[StepView<'_>]) -> Finding {
    let last = writing.last().copied().unwrap_or(hit);
    let system = |step: &StepView<'_>| step.resolved.writes.first().map_or("", |writes| handbook.pages[writes.page].title()).to_owned();
    let when = if last.at == hit.at { format!("`{}` writes", last.written.title) } else { format!("`{}` has written", last.written.title) };
    let message = format!("the recovery of `{}` does not say what becomes of what {when} to `{}`", mode.written.title, system(&last));
    let line = "`data = \"Rows written since the switch are replayed from the queue\"`";
    let help = match mode.recover() {
        Some(_) => format!("say under `[recover]` what happens to it: {line}, or why nothing is lost"),
        None => format!(
            "make the recovery a table, `[recover]` with `text` or `path`, and say in it what happens: {line}, or why nothing is lost"
        ),
    };
    let place = Place::new(mode.page.path(), mode.written.place);
    let finding = Finding::new(RULE.name, place, Element::thing(&mode.page.id, &mode.written.id), message)
        .note("a way back that forgets what was written meanwhile loses it, or waits while people argue about it")
        .help(help);
    let places = writing.iter().flat_map(|step| step.resolved.writes.iter().map(move |writes| (step, writes)));
    places.fold(finding, |finding, (step, writes)| {
        finding.mark(Place::new(step.page.path(), writes.span), format!("written by `{}`", step.written.title))
    })
}
