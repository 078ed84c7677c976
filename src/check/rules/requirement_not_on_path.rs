//! Some way reaches a step without passing one that it requires.

use std::collections::HashSet;

use crate::check::passes::{Facts, Ways, turns};
use crate::check::phrasing::chain;
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::users::is_serious_and_active;
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, PageIx, StepIx, StepView, Target};
use crate::source::Span;

/// One finding per step and required step, with the shortest way that leaves it out.
pub const RULE: Rule = Rule {
    name: "requirement-not-on-path",
    group: Group::OutageQuestions,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::Yes,
    summary: "Some way reaches a step without passing one that it requires.",
    look: Look::Process(look),
};

/// A step and one that it requires, with the place where it says so.
type Requirement<'h> = (StepView<'h>, StepIx, Span);

fn look(handbook: &Handbook, process: PageIx) -> Vec<Finding> {
    if !is_serious_and_active(handbook, process) {
        return Vec::new();
    }
    let mut seen = HashSet::new();
    let requirements = handbook.steps(process).flat_map(|step| step.resolved.requires.iter().map(move |(required, span)| (step, *required, *span)));
    let requirements: Vec<Requirement<'_>> =
        requirements.filter(|(step, required, _)| seen.insert((step.at, *required)) && !is_needed_whole(handbook, process, *required)).collect();
    if requirements.is_empty() {
        return Vec::new();
    }
    let mut required: Vec<StepIx> = requirements.iter().map(|(_, required, _)| *required).collect();
    required.sort_unstable();
    required.dedup();
    let ways = Ways::of(handbook, process);
    let mut findings = Vec::new();
    for some in required.chunks(Facts::BITS as usize) {
        let pass = |step: StepIx, facts: Facts| some.iter().enumerate().fold(facts, |facts, (bit, required)| if passes(handbook, step, *required) { facts | 1 << bit } else { facts });
        let always = ways.always(pass);
        for requirement in &requirements {
            let (step, required, _) = requirement;
            let Ok(bit) = some.binary_search(required) else { continue };
            if always.get(&step.at).is_some_and(|facts| facts & (1 << bit) == 0) {
                let way = ways.shortest_without(1 << bit, step.at, pass);
                findings.extend(way.map(|way| finding(handbook, requirement, &way)));
            }
        }
    }
    findings
}

/// Whether who does a step has done the required one: it is that one, or uses the process in whose first track that one stands.
fn passes(handbook: &Handbook, step: StepIx, required: StepIx) -> bool {
    let uses_its_process = || handbook.step(step).resolved.uses.iter().any(|used| used.page == required.page);
    step == required || (step.page != required.page && required.track == 0 && uses_its_process())
}

/// Whether the required step stands in the first track of another process that this one needs as a whole.
fn is_needed_whole(handbook: &Handbook, process: PageIx, required: StepIx) -> bool {
    let depends_on = handbook.pages[process].process().map_or(&[][..], |process| &process.depends_on);
    required.page != process && required.track == 0 && depends_on.iter().any(|needed| needed.page == required.page)
}

fn finding(handbook: &Handbook, (step, required, span): &Requirement<'_>, way: &[StepIx]) -> Finding {
    let wanted = handbook.step(*required);
    let (title, before) = (&step.written.title, &wanted.written.title);
    let titles: Vec<&str> = way.iter().map(|step| handbook.title_of(Target::Step(*step))).collect();
    let how = match titles.as_slice() {
        [_] => format!("`{}` begins with `{title}`", handbook.title_of(Target::Track(step.at.page, step.at.track))),
        titles => chain(titles),
    };
    let here = required.page == step.at.page;
    let part = if here { wanted.written.id.clone() } else { handbook.id_of(Target::Step(*required)) };
    let pass = match turns::begins_anew(handbook, way) {
        _ if !here => format!("let a step before it say `uses = [\"{}\"]`", wanted.page.id),
        Some(track) => format!("let `{track}` do it too, or let a step behind `#{part}` lead into that track"),
        None => format!("let this way pass `#{part}` as well"),
    };
    let note = match turns::begins_anew(handbook, way) {
        Some(track) => format!("`{track}` begins anew: no step outside leads into it, so nobody knows what was done before"),
        None => "whoever is led this way at 3 AM believes that it was done".to_owned(),
    };
    let place = Place::new(step.page.path(), *span);
    let element = Element::thing(&step.page.id, &step.written.id).part(part);
    let message = format!("`{title}` is reached without `{before}`, which it requires: {how}");
    let finding = Finding::new(RULE.name, place, element, message)
        .mark(Place::new(wanted.page.path(), wanted.written.place), "this must have been done before")
        .note(note)
        .help(format!("{pass}, or take it out of `requires` if it is not needed here"));
    turns::explained(handbook, finding, way)
}
