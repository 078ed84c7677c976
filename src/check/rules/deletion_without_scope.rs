//! A step deletes, and nothing limits what.

use std::collections::HashSet;

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::users::is_serious_and_active;
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, PageIx, StepView};
use crate::parse::value::{Guard, Status};

/// How many of what depends on the deleted are named.
const NAMED: usize = 4;

/// One finding per step.
pub const RULE: Rule = Rule {
    name: "deletion-without-scope",
    group: Group::OutageQuestions,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::Yes,
    summary: "A step of a serious process deletes, and neither a scoped target nor an approval guards it.",
    look: Look::Step(look),
};

fn look(handbook: &Handbook, step: &StepView<'_>) -> Vec<Finding> {
    let (Some(facts), Some(first)) = (step.facts(), step.resolved.destroys.first()) else { return Vec::new() };
    let guard = facts.guard.as_ref();
    let guarded = guard.map_or(facts.has("guard"), |guard| matches!(guard.value, Guard::ScopedTarget | Guard::Approval));
    if guarded || !is_serious_and_active(handbook, step.at.page) {
        return Vec::new();
    }
    let deleted: Vec<PageIx> = step.resolved.destroys.iter().map(|deleted| deleted.page).collect();
    let titles: Vec<String> = deleted.iter().map(|deleted| title(handbook, *deleted)).collect();
    let (title, path) = (&step.written.title, step.page.path());
    let depending = depending(handbook, &deleted, step.at.page);
    let message = format!("`{title}` deletes {}, and nothing limits what: {depending}", titles.join(" and "));
    let mut finding = Finding::new(RULE.name, Place::new(path, first.span), Element::thing(&step.page.id, &step.written.id), message)
        .note("a wrong id or an empty variable deletes more than was meant, and runs to its end before anybody looks")
        .mark(Place::new(path, step.written.place), "this step");
    if let Some(guard) = guard {
        finding = finding.mark(Place::new(path, guard.span), "this does not limit what is deleted");
    }
    let set = if guard.is_some() { "set" } else { "add" };
    vec![finding.help(format!(
        "let the command refuse what it was not meant for, and {set} `guard = \"scoped-target\"`; or let a second person see the list of targets first: `guard = \"approval\"`"
    ))]
}

/// What depends on the deleted, the nearest first: `Reporting`, `Settlement` and 12 more depend on it.
fn depending(handbook: &Handbook, deleted: &[PageIx], process: PageIx) -> String {
    let it = if deleted.len() == 1 { "it" } else { "them" };
    let mut seen: HashSet<PageIx> = deleted.iter().copied().chain([process]).collect();
    let all = deleted.iter().flat_map(|deleted| handbook.needs.dependents(*deleted));
    let in_force = all.filter(|page| handbook.pages[*page].status() != Status::Retired);
    let all: Vec<PageIx> = in_force.filter(|page| seen.insert(*page)).collect();
    let names: Vec<String> = all.iter().take(NAMED).map(|page| title(handbook, *page)).collect();
    match (all.len().saturating_sub(NAMED), names.as_slice()) {
        (0, []) => format!("nothing else is declared to depend on {it}"),
        (0, [only]) => format!("{only} depends on {it}"),
        (0, [most @ .., last]) => format!("{} and {last} depend on {it}", most.join(", ")),
        (more, names) => format!("{} and {more} more depend on {it}", names.join(", ")),
    }
}

fn title(handbook: &Handbook, page: PageIx) -> String {
    format!("`{}`", handbook.pages[page].title())
}
