//! A role has to operate a system in a recovery or takeover, and says that it may not.

use std::collections::{BTreeMap, HashSet};

use crate::check::people;
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Dependency, Handbook, Kind, ModeIx, ModeView, PageIx, StepIx, StepView, Target, flow};
use crate::parse::value::{PageKind, Status};

/// One finding per step or failure mode and system.
pub const RULE: Rule = Rule {
    name: "role-without-access",
    group: Group::People,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::Yes,
    summary: "A role has to operate a system in a recovery or takeover, and says that it may not.",
    look: Look::Handbook(look),
};

/// Where somebody has to be named who has access: the step that names its role, or the recovery that names it for a step that does not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Spot {
    Step(StepIx),
    Mode(ModeIx),
}

/// A role that lacks access to a system, at a spot; with the finding as far as it is known.
type Gaps = BTreeMap<(Spot, PageIx, PageIx), Finding>;

fn look(handbook: &Handbook) -> Vec<Finding> {
    let mut gaps = Gaps::new();
    for page in (0..handbook.pages.len()).filter(|page| handbook.pages[*page].status() != Status::Retired) {
        handbook.modes(page).for_each(|mode| recovery(handbook, &mode, &mut gaps));
        let automated = handbook.steps(page).filter(StepView::is_automated);
        automated.for_each(|step| takeover(handbook, &step, &mut gaps));
    }
    gaps.into_values().collect()
}

/// The systems that a recovery uses are for its `by`, and so are those of the steps on its path that name nobody. A step that names
/// its role is for that role, whoever recovers.
fn recovery(handbook: &Handbook, mode: &ModeView<'_>, gaps: &mut Gaps) {
    let title = &mode.written.title;
    let by = mode.recover().and_then(|table| table.by.as_ref()).zip(mode.resolved.by);
    let place = |used: &Dependency| Place::new(mode.page.path(), used.span);
    if let Some((written, by)) = by {
        for used in lacking(handbook, by, &mode.resolved.uses) {
            let gap = Gap { spot: Spot::Mode(mode.at), role: by, system: used.page, place: Place::new(mode.page.path(), written.span) };
            let finding = gap.finding(handbook, &format!("has to recover from `{title}`"));
            gaps.entry(gap.key()).or_insert_with(|| finding.mark(place(used), "the recovery needs it"));
        }
    }
    for step in operated(handbook, &mode.resolved.path) {
        let own = step.resolved.role;
        let Some(role) = own.or(mode.resolved.by.filter(|_| !people::is_unreadable(&step))) else { continue };
        for used in lacking(handbook, role, &step.resolved.uses) {
            let at = Place::new(step.page.path(), used.span);
            let leads = Place::new(mode.page.path(), mode.written.place);
            if own.is_some() && speaks_for(handbook, mode.at.page, step.at.page) {
                let gap = Gap::of_step(&step, role, used.page);
                let finding = gaps.remove(&gap.key()).unwrap_or_else(|| gap.finding(handbook, &does(&step)).mark(at, "used here"));
                gaps.insert(gap.key(), finding.mark(leads, format!("the way back from `{title}` passes this step")));
            } else {
                let place = people::called(handbook, mode, people::Hand { role, step: own.map(|_| step.at) });
                let gap = Gap { spot: Spot::Mode(mode.at), role, system: used.page, place };
                let finding = gap.finding(handbook, &format!("has to {} to recover from `{title}`", act(&step)));
                gaps.entry(gap.key()).or_insert_with(|| finding.mark(at, "used here"));
            }
        }
    }
}

/// The steps of a takeover are for the roles that they name, else for the role that watches the automation.
fn takeover(handbook: &Handbook, automated: &StepView<'_>, gaps: &mut Gaps) {
    let Some(target) = automated.resolved.takeover else { return };
    let span = automated.facts().and_then(|facts| facts.takeover.as_ref()).map_or(automated.written.place, |takeover| takeover.span);
    let leads = Place::new(automated.page.path(), span);
    for step in operated(handbook, &[target]) {
        let own = step.resolved.role;
        let Some(role) = own.or(automated.resolved.role.filter(|_| !people::is_unreadable(&step))) else { continue };
        for used in lacking(handbook, role, &step.resolved.uses) {
            let at = Place::new(step.page.path(), used.span);
            if own.is_some() && speaks_for(handbook, automated.at.page, step.at.page) {
                let gap = Gap::of_step(&step, role, used.page);
                let finding = gaps.remove(&gap.key()).unwrap_or_else(|| gap.finding(handbook, &does(&step)).mark(at, "used here"));
                gaps.insert(gap.key(), finding.mark(leads.clone(), "a person takes over this way"));
            } else {
                let gap = Gap::of_step(automated, role, used.page);
                let words = format!("has to {} to take over `{}`", act(&step), automated.written.title);
                let finding = gap.finding(handbook, &words);
                gaps.entry(gap.key()).or_insert_with(|| finding.mark(at, "used here").mark(leads.clone(), "a person takes over this way"));
            }
        }
    }
}

/// Whether a finding about what a page needs can stand on a step of another. What only a proposed process needs is an info, and is said
/// there; what a process in force needs is more than an info, and is not said on one that is not.
fn speaks_for(handbook: &Handbook, from: PageIx, to: PageIx) -> bool {
    from == to || [from, to].iter().all(|page| handbook.pages[*page].status() == Status::Active)
}

/// The steps on a path that somebody has to do, each once. An automated step with a takeover is only watched: the machine has the
/// access, and what a person has to do when it fails stands in the takeover, which is looked at by itself.
fn operated<'h>(handbook: &'h Handbook, path: &[Target]) -> Vec<StepView<'h>> {
    let mut seen = HashSet::new();
    let steps = flow::steps_on(handbook, path).into_iter().filter(|step| seen.insert(*step)).map(|step| handbook.step(step));
    steps.filter(|step| !step.is_automated() || !step.facts().is_some_and(|facts| facts.has("takeover"))).collect()
}

/// The systems of a list that a role may not operate, each where it is first named. Nothing where the role does not state what it may,
/// or states what cannot be read.
fn lacking<'h>(handbook: &'h Handbook, role: PageIx, uses: &'h [Dependency]) -> Vec<&'h Dependency> {
    let page = &handbook.pages[role];
    let resolved = match &page.kind {
        Kind::Role(role) => role.access.as_ref(),
        _ => None,
    };
    let written = page.role_keys().and_then(|keys| keys.access.as_ref()).map_or(0, Vec::len);
    let Some(access) = resolved.filter(|access| access.len() == written) else { return Vec::new() };
    let mut known: HashSet<PageIx> = access.iter().map(|may| may.page).collect();
    let systems = uses.iter().filter(|used| handbook.pages[used.page].page_kind() == PageKind::System);
    systems.filter(|used| known.insert(used.page)).collect()
}

fn does(step: &StepView<'_>) -> String {
    format!("has to {}", act(step))
}

fn act(step: &StepView<'_>) -> String {
    let verb = if step.decision().is_some() { "decide" } else { "do" };
    format!("{verb} `{}`", step.written.title)
}

/// A role that may not operate a system that it needs.
struct Gap {
    spot: Spot,
    role: PageIx,
    system: PageIx,
    place: Place,
}

impl Gap {
    fn of_step(step: &StepView<'_>, role: PageIx, system: PageIx) -> Self {
        Self { spot: Spot::Step(step.at), role, system, place: Place::new(step.page.path(), people::named(step)) }
    }

    fn key(&self) -> (Spot, PageIx, PageIx) {
        (self.spot, self.role, self.system)
    }

    /// What the role has to do, in words: `has to recover from …`.
    fn finding(&self, handbook: &Handbook, has_to: &str) -> Finding {
        let (role, system) = (&handbook.pages[self.role], &handbook.pages[self.system]);
        let element = match self.spot {
            Spot::Step(step) => Element::thing(&handbook.pages[step.page].id, &handbook.step(step).written.id),
            Spot::Mode(mode) => Element::thing(&handbook.pages[mode.page].id, &handbook.mode(mode).written.id),
        };
        let message = format!("`{}` {has_to} and may not operate `{}`", role.title(), system.title());
        Finding::new(RULE.name, self.place.clone(), element.part(&system.id), message)
            .mark(Place::new(role.path(), role.title_place()), format!("its `access` does not name `{}`", system.id))
            .note("the login is refused at the moment at which it is needed; the access of a backup does not help whoever is called")
            .help(format!("grant the access and add `\"{}\"` to `access` of `{}`, or name a role that has it", system.id, role.id))
    }
}
