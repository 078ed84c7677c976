//! Some way reaches a step without passing one that it requires.

use std::collections::{BTreeMap, HashSet};

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

/// Required steps of a process for which the ways that leave them out are searched. Who leaves out more has other worries, and hostile
/// pages have no end.
const TOLD: usize = 100;

/// A step and one that it requires, with the place where it says so.
type Requirement<'h> = (StepView<'h>, StepIx, Span);

fn look(handbook: &Handbook, process: PageIx) -> Vec<Finding> {
    if !is_serious_and_active(handbook, process) {
        return Vec::new();
    }
    let mut by_required: BTreeMap<StepIx, Vec<Requirement<'_>>> = BTreeMap::new();
    for step in handbook.steps(process) {
        let mut seen = HashSet::new();
        for (required, span) in step.resolved.requires.iter().filter(|(required, _)| seen.insert(*required)) {
            by_required.entry(*required).or_default().push((step, *required, *span));
        }
    }
    by_required.retain(|required, _| !is_needed_whole(handbook, process, *required));
    if by_required.is_empty() {
        return Vec::new();
    }
    let ways = Ways::of(handbook, process);
    let required: Vec<StepIx> = by_required.keys().copied().collect();
    let (mut findings, mut told) = (Vec::new(), 0);
    for some in required.chunks(Facts::BITS as usize) {
        let pass = passed(handbook, process, some);
        let always = ways.always(&pass);
        for (bit, required) in some.iter().enumerate() {
            let lacks = |step: &StepView<'_>| always.get(&step.at).is_some_and(|facts| facts & (1 << bit) == 0);
            let open: Vec<&Requirement<'_>> = by_required[required].iter().filter(|(step, ..)| lacks(step)).collect();
            if open.is_empty() {
                continue;
            }
            told += 1;
            let shortest = (told <= TOLD).then(|| ways.without(1 << bit, &pass));
            let way = |step: StepIx| shortest.as_ref().and_then(|shortest| shortest.to(step)).unwrap_or_default();
            findings.extend(open.into_iter().map(|open| finding(handbook, open, &way(open.0.at))));
        }
    }
    findings
}

/// Which of some required steps have been done, a bit each: one is done by itself, or by a step that uses the process in whose first
/// track it stands.
fn passed<'h>(handbook: &'h Handbook, process: PageIx, some: &'h [StepIx]) -> impl Fn(StepIx, Facts) -> Facts + 'h {
    let elsewhere = some.iter().copied().enumerate().filter(move |(_, required)| required.page != process && required.track == 0);
    let elsewhere: Vec<(usize, PageIx)> = elsewhere.map(|(bit, required)| (bit, required.page)).collect();
    move |step, facts| {
        let itself = some.binary_search(&step).map_or(0, |bit| 1 << bit);
        let uses = |page: PageIx| handbook.step(step).resolved.uses.iter().any(|used| used.page == page);
        elsewhere.iter().filter(|(_, page)| uses(*page)).fold(facts | itself, |facts, (bit, _)| facts | 1 << bit)
    }
}

/// Whether the required step stands in the first track of another process that this one needs as a whole.
fn is_needed_whole(handbook: &Handbook, process: PageIx, required: StepIx) -> bool {
    let depends_on = handbook.pages[process].process().map_or(&[][..], |process| &process.depends_on);
    required.page != process && required.track == 0 && depends_on.iter().any(|needed| needed.page == required.page)
}

/// The finding at a step, with the way that leaves the required one out; none where that was not searched, or is too long to be told.
fn finding(handbook: &Handbook, (step, required, span): &Requirement<'_>, way: &[StepIx]) -> Finding {
    let wanted = handbook.step(*required);
    let (title, before) = (&step.written.title, &wanted.written.title);
    let titles: Vec<&str> = way.iter().map(|step| handbook.title_of(Target::Step(*step))).collect();
    let how = match titles.as_slice() {
        [] => String::new(),
        [_] => format!(": `{}` begins with `{title}`", handbook.title_of(Target::Track(step.at.page, step.at.track))),
        titles => format!(": {}", chain(titles)),
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
    let message = format!("`{title}` is reached without `{before}`, which it requires{how}");
    let finding = Finding::new(RULE.name, place, element, message)
        .mark(Place::new(wanted.page.path(), wanted.written.place), "this must have been done before")
        .note(note)
        .help(format!("{pass}, or take it out of `requires` if it is not needed here"));
    turns::explained(handbook, finding, way)
}
