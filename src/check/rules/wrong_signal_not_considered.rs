//! Automation acts on a signal, and nothing says what happens when the signal is wrong.

use std::collections::HashSet;

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::users::is_serious_and_active;
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Dependency, Handbook, ModeView, PageIx, StepView, flow};
use crate::parse::value::{State, Status};

/// One finding per step.
pub const RULE: Rule = Rule {
    name: "wrong-signal-not-considered",
    group: Group::OutageQuestions,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "An automated step of a serious process acts on a system's signal, and no failure mode says what if that signal is wrong.",
    look: Look::Handbook(look),
};

fn look(handbook: &Handbook) -> Vec<Finding> {
    let in_force = (0..handbook.pages.len()).filter(|page| handbook.pages[*page].status() != Status::Retired);
    let considered: HashSet<PageIx> =
        in_force.flat_map(|page| handbook.modes(page)).filter(may_be_wrong).filter_map(|mode| mode.resolved.of).collect();
    let serious = handbook.processes().filter(|process| is_serious_and_active(handbook, *process) && !is_unclear(handbook, *process));
    serious.flat_map(|process| handbook.steps(process)).filter_map(|step| trusting(handbook, &step, &considered)).collect()
}

/// Whether the state is `wrong`, or was given and cannot be read.
fn may_be_wrong(mode: &ModeView<'_>) -> bool {
    mode.state().map_or_else(|| mode.facts().has("state"), |state| state == State::Wrong)
}

/// Whether a failure mode of the process names a system that is not there: it may be the one that is missing.
fn is_unclear(handbook: &Handbook, process: PageIx) -> bool {
    handbook.modes(process).any(|mode| may_be_wrong(&mode) && mode.facts().has("of") && mode.resolved.of.is_none())
}

fn trusting(handbook: &Handbook, step: &StepView<'_>, considered: &HashSet<PageIx>) -> Option<Finding> {
    let open: Vec<&Dependency> = step.resolved.acts_on.iter().filter(|system| !considered.contains(&system.page)).collect();
    let first = open.first().filter(|_| step.is_automated())?;
    if flow::hitting(handbook, step.at).iter().any(may_be_wrong) {
        return None;
    }
    let titles: Vec<String> = open.iter().map(|system| format!("`{}`", handbook.pages[system.page].title())).collect();
    let titles = titles.join(" and ");
    let (title, id) = (&step.written.title, &handbook.pages[first.page].id);
    let message = format!("`{title}` acts on the signal of {titles}, and nothing says what if that signal is wrong");
    let finding = Finding::new(RULE.name, Place::new(step.page.path(), first.span), Element::thing(&step.page.id, &step.written.id), message)
        .note("a person who reads zero where there were thousands stops and asks; automation goes on")
        .help(format!("add a `failure` block with `state = \"wrong\"` to the page of `{id}`, or one to this step with `of = \"{id}\"`, and say how a wrong signal is told from a right one"));
    Some(finding.mark(Place::new(step.page.path(), step.written.place), "this step trusts it"))
}
