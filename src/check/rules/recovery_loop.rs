//! Following recoveries leads from a failure mode, through the recovery of another, back to a step that the first can hit.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;

use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, ModeView, PageIx, StepView, flow};

/// One finding per circle, at the first of its modes in page order.
pub const RULE: Rule = Rule {
    name: "recovery-loop",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::Yes,
    summary: "Following recoveries leads from a failure mode, through the recovery of another, back to a step that the first can hit.",
    look: Look::AnyProcess(look),
};

fn look(handbook: &Handbook, process: PageIx) -> Vec<Finding> {
    let modes: Vec<ModeView<'_>> = handbook.applying(process).collect();
    let mut graph: DiGraph<usize, ()> = DiGraph::new();
    let nodes: Vec<_> = (0..modes.len()).map(|mode| graph.add_node(mode)).collect();
    for (from, mode) in modes.iter().enumerate() {
        let held = flow::steps_on(handbook, &mode.resolved.path).into_iter().filter(|step| step.page == process);
        for step in held.map(|step| handbook.step(step)).filter(|step| !lets_out(step)) {
            let next = modes.iter().enumerate().filter(|(to, other)| *to != from && flow::can_hit(other, &step));
            next.for_each(|(to, _)| {
                graph.update_edge(nodes[from], nodes[to], ());
            });
        }
    }
    let circles = tarjan_scc(&graph).into_iter().filter(|circle| circle.len() > 1);
    circles.map(|circle| finding(&modes, circle.into_iter().map(|node| graph[node]).collect())).collect()
}

/// Whether a circle ends at this step: it is a decision, the process ends here, or it is tried only so often.
fn lets_out(step: &StepView<'_>) -> bool {
    step.decision().is_some() || step.ends() || step.facts().is_some_and(|facts| facts.retry.is_some())
}

fn finding(modes: &[ModeView<'_>], mut circle: Vec<usize>) -> Finding {
    circle.sort_unstable();
    let first = &modes[circle[0]];
    let titles: Vec<String> = circle.iter().map(|mode| format!("`{}`", modes[*mode].written.title)).collect();
    let mut finding = Finding::new(
        RULE.name,
        Place::new(first.page.path(), first.written.place),
        Element::thing(&first.page.id, &first.written.id),
        format!("the recoveries of {} lead into each other", titles.join(" and ")),
    )
    .note("whoever follows them goes round in a circle while the outage goes on")
    .help("let a decision, `end = true` or `retry` on a step of the circle lead out of it, or recover by another way");
    for mode in circle.iter().skip(1).map(|mode| &modes[*mode]) {
        finding = finding.mark(Place::new(mode.page.path(), mode.written.place), "its recovery leads back");
    }
    finding
}
