//! A step that cannot be undone is reached without a guard.

use crate::check::passes::{Facts, Ways, turns};
use crate::check::phrasing::chain;
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, PageIx, StepIx, StepView, Target};
use crate::parse::value::Reversible;

/// One finding per step, with the shortest way on which nothing guards it.
pub const RULE: Rule = Rule {
    name: "irreversible-without-guard",
    group: Group::Hardness,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::Yes,
    summary: "A step that cannot be undone has no guard, and some way leads there without a guarded step since the last irreversible one.",
    look: Look::Process(look),
};

/// A guarded step lies behind, and no irreversible one since.
const GUARDED: Facts = 1;

fn look(handbook: &Handbook, process: PageIx) -> Vec<Finding> {
    let bare: Vec<StepView<'_>> = handbook.steps(process).filter(|step| is_irreversible(step) && !is_guarded(step)).collect();
    if bare.is_empty() {
        return Vec::new();
    }
    let ways = Ways::of(handbook, process);
    let pass = |step: StepIx, facts: Facts| after(&handbook.step(step), facts);
    let always = ways.always(pass);
    let shortest = ways.without(GUARDED, pass);
    let open = bare.iter().filter(|step| always.get(&step.at).is_some_and(|facts| facts & GUARDED == 0));
    open.map(|step| finding(handbook, step, &shortest.to(step.at).unwrap_or_default())).collect()
}

/// Each step without a way back needs a guard of its own: one that lies before another such step was meant for that one.
fn after(step: &StepView<'_>, facts: Facts) -> Facts {
    match () {
        () if is_irreversible(step) => facts & !GUARDED,
        () if is_guarded(step) => facts | GUARDED,
        () => facts,
    }
}

fn is_irreversible(step: &StepView<'_>) -> bool {
    step.facts().and_then(|facts| facts.reversible.as_ref()).is_some_and(|reversible| reversible.value == Reversible::No)
}

/// Whether a step has a guard. One that cannot be read has its own fault.
fn is_guarded(step: &StepView<'_>) -> bool {
    step.facts().is_some_and(|facts| facts.has("guard"))
}

/// The finding at a step, with the way there; none where it is too long to be told.
fn finding(handbook: &Handbook, step: &StepView<'_>, way: &[StepIx]) -> Finding {
    let title = &step.written.title;
    let titles: Vec<&str> = way.iter().map(|step| handbook.title_of(Target::Step(*step))).collect();
    let before = &way[..way.len().saturating_sub(1)];
    let spent = before.iter().rposition(|step| is_irreversible(&handbook.step(*step)));
    // The last irreversible step before this one, where the guards on the way were for that.
    let spent = spent.filter(|last| before[..=*last].iter().any(|step| is_guarded(&handbook.step(*step)))).map(|last| before[last]);
    let message = match (titles.as_slice(), spent) {
        ([], _) => format!("`{title}` cannot be undone, and a long way leads there unguarded"),
        ([_], _) => format!("`{title}` cannot be undone, and nothing guards it"),
        (titles, None) => format!("`{title}` cannot be undone, and a way leads there unguarded: {}", chain(titles)),
        (titles, Some(spent)) if spent == step.at => {
            format!("`{title}` cannot be undone, and the guard on the way was for its first round: {}", chain(titles))
        }
        (titles, Some(spent)) => {
            let spent = handbook.title_of(Target::Step(spent));
            format!("`{title}` cannot be undone, and the guard on the way there was for `{spent}`: {}", chain(titles))
        }
    };
    let path = step.page.path();
    let place = Place::new(path, step.written.place);
    let note = "one wrong target or one tired look is final here; a guard is the last moment at which it costs nothing";
    let note = match turns::begins_anew(handbook, way) {
        Some(track) => format!("{note}. `{track}` begins anew: no step outside leads into it, so no guard outside counts"),
        None => note.to_owned(),
    };
    let help = "add `guard = \"…\"` to the step, or to one that each way passes before it: peer, dry-run, approval, backup, scoped-target or staged";
    let mut finding = Finding::new(RULE.name, place, Element::thing(&step.page.id, &step.written.id), message).note(note).help(help);
    if let Some(reversible) = step.facts().and_then(|facts| facts.reversible.as_ref()) {
        finding = finding.mark(Place::new(path, reversible.span), "there is no way back");
    }
    if let Some(last) = spent.map(|last| handbook.step(last)) {
        let place = Place::new(last.page.path(), last.written.place);
        finding = finding.mark(place, if last.at == step.at { "the first round uses up the guard" } else { "this one cannot be undone either, and uses up the guard" });
    }
    turns::explained(handbook, finding, way)
}
