//! Following recoveries leads from a failure mode, through the recovery of another, back to a step that the first can hit.

use std::collections::BTreeSet;

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, ModeIx, ModeView, PageIx, StepView, flow};

/// One finding per circle, at the first of its modes in page order.
pub const RULE: Rule = Rule {
    name: "recovery-loop",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::Yes,
    summary: "Following recoveries leads from a failure mode, through the recovery of another, back to a step that the first can hit.",
    look: Look::Handbook(look),
};

fn look(handbook: &Handbook) -> Vec<Finding> {
    // Modes of a system lead round in the same circle from every process that uses it: a circle counts once.
    let circles: BTreeSet<Vec<ModeIx>> = handbook.processes().flat_map(|process| circles(handbook, process)).collect();
    circles.iter().map(|circle| finding(handbook, circle)).collect()
}

/// The circles among the failure modes that apply to a process, each in page order.
fn circles(handbook: &Handbook, process: PageIx) -> Vec<Vec<ModeIx>> {
    let mut graph: DiGraphMap<ModeIx, ()> = DiGraphMap::new();
    for mode in handbook.applying(process) {
        let held = flow::steps_on(handbook, &mode.resolved.path).into_iter().filter(|step| step.page == process);
        for step in held.map(|step| handbook.step(step)).filter(|step| !lets_out(step) && !flow::can_hit(&mode, step)) {
            for next in flow::hitting(handbook, step.at) {
                graph.add_edge(mode.at, next.at, ());
            }
        }
    }
    let circles = tarjan_scc(&graph).into_iter().filter(|circle| circle.len() > 1);
    let in_order = |mut circle: Vec<ModeIx>| {
        circle.sort_unstable();
        circle
    };
    circles.map(in_order).collect()
}

/// Whether a circle ends at this step: it is a decision, the process ends here, or it is tried only so often. A recovery that leads
/// straight back to the step that its own mode hits is no circle of several; `unbounded-retry` looks at it.
fn lets_out(step: &StepView<'_>) -> bool {
    step.decision().is_some() || step.ends() || step.facts().is_some_and(|facts| facts.has("retry"))
}

fn finding(handbook: &Handbook, circle: &[ModeIx]) -> Finding {
    let modes: Vec<ModeView<'_>> = circle.iter().map(|mode| handbook.mode(*mode)).collect();
    let first = modes[0];
    let titles: Vec<String> = modes.iter().map(|mode| format!("`{}`", mode.written.title)).collect();
    let mut finding = Finding::new(
        RULE.name,
        Place::new(first.page.path(), first.written.place),
        Element::thing(&first.page.id, &first.written.id),
        format!("the recoveries of {} lead into each other", titles.join(" and ")),
    )
    .note("whoever follows them goes round in a circle while the outage goes on")
    .help("let a decision, `end = true` or `retry` on a step of the circle lead out of it, or recover by another way");
    for mode in modes.iter().skip(1) {
        finding = finding.mark(Place::new(mode.page.path(), mode.written.place), "its recovery leads back");
    }
    finding
}
