//! A step is cut off inside its track: nothing leads to it.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use std::collections::HashSet;

use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, PageIx, StepIx, flow};

/// One finding per track, at the first such step.
pub const RULE: Rule = Rule {
    name: "unreachable-step",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::Yes,
    summary: "A step is cut off inside its track: nothing leads to it.",
    look: Look::AnyProcess(look),
};

fn look(handbook: &Handbook, process: PageIx) -> Vec<Finding> {
    let page = &handbook.pages[process];
    let reached = reached(handbook, process);
    let cut_off = |track: usize| handbook.steps(process).find(|step| step.at.track == track && !reached.contains(&step.at));
    let finding = |step: crate::model::StepView<'_>| {
        let before = StepIx { step: step.at.step.saturating_sub(1), ..step.at };
        let before = handbook.step(before);
        Finding::new(
            RULE.name,
            Place::new(page.path(), step.written.place),
            Element::thing(&page.id, &step.written.id),
            format!("nothing leads to the step `{}`", step.written.title),
        )
        .mark(Place::new(page.path(), before.written.place), "the step before leads elsewhere")
        .note("no step goes on to it, no branch, timeout, takeover or recovery leads to it, and nothing refers to it")
        .help(format!("lead to it with `next`, a branch or a recovery: `#{}`; or delete it", step.written.id))
    };
    (0..page.document.tracks.len()).filter_map(cut_off).map(finding).collect()
}

/// The steps that some way leads to: from the first step of each track, and from every step that anything refers to.
fn reached(handbook: &Handbook, process: PageIx) -> HashSet<StepIx> {
    let first = handbook.steps(process).filter(|step| step.at.step == 0).map(|step| step.at);
    let mut open: Vec<StepIx> = first.chain(handbook.referred_steps(process)).collect();
    let mut reached: HashSet<StepIx> = open.iter().copied().collect();
    while let Some(step) = open.pop() {
        let next = flow::after(handbook, step).into_iter().filter_map(|(_, target)| flow::entry(handbook, target));
        let lost = flow::leads_astray(handbook, step);
        let all = lost.then(|| handbook.steps(process).filter(|other| other.at.track == step.track).map(|other| other.at));
        let anywhere = all.into_iter().flatten();
        let next: Vec<StepIx> = next.chain(anywhere).collect();
        open.extend(next.into_iter().filter(|next| next.page == process && reached.insert(*next)));
    }
    reached
}
