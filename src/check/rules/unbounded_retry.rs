//! Something is tried again without an end, or though it is not safe to repeat.

use std::collections::{HashMap, HashSet};

use petgraph::algo::{astar, tarjan_scc};
use petgraph::graphmap::DiGraphMap;

use crate::check::phrasing::chain;
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::flow::Way;
use crate::model::{Handbook, ModeView, PageIx, StepIx, StepView, Target, flow};
use crate::parse::value::Status;
use crate::source::Span;

/// One finding per failure mode whose recovery repeats its step, per circle of steps, and per step that is repeated unsafely.
pub const RULE: Rule = Rule {
    name: "unbounded-retry",
    group: Group::Hardness,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "Something is tried again without an end, or though it is not safe to repeat.",
    look: Look::Handbook(look),
};

fn look(handbook: &Handbook) -> Vec<Finding> {
    let in_force = (0..handbook.pages.len()).filter(|page| handbook.pages[*page].status() != Status::Retired);
    let at = |page: PageIx| {
        let recoveries = handbook.modes(page).filter_map(|mode| straight_back(handbook, &mode));
        let unsafely = handbook.steps(page).filter_map(|step| unsafely(&step));
        recoveries.chain(circles(handbook, page)).chain(unsafely).collect::<Vec<_>>()
    };
    in_force.flat_map(at).collect()
}

fn has_retry(step: &StepView<'_>) -> bool {
    step.facts().is_some_and(|facts| facts.has("retry"))
}

/// A recovery that begins with the very step that its failure mode hits. A decision may decide otherwise the second time.
fn straight_back(handbook: &Handbook, mode: &ModeView<'_>) -> Option<Finding> {
    let first = *mode.resolved.path.first()?;
    let written = mode.recover().and_then(|table| table.path.first());
    // A reference before it that names nothing may lead elsewhere first.
    if written.is_some_and(|written| mode.page.whole_id(&written.value) != handbook.id_of(first)) {
        return None;
    }
    let step = handbook.step(flow::entry(handbook, first)?);
    if !flow::can_hit(mode, &step) || step.decision().is_some() || has_retry(&step) || step.page.status() == Status::Retired {
        return None;
    }
    let (title, again) = (&mode.written.title, &step.written.title);
    let page = if step.at.page == mode.at.page { "" } else { &step.page.id };
    let path = mode.page.path();
    let span = written.map_or(mode.written.place, |written| written.span);
    let message = format!("the recovery of `{title}` leads straight back to `{again}`, and nothing says how often");
    let finding = Finding::new(RULE.name, Place::new(path, span), Element::thing(&mode.page.id, &mode.written.id), message)
        .note("what failed once mostly fails again for the same reason, and each try takes the time in which somebody could be called")
        .help(format!("add `retry = 2` to the step `{page}#{}`, or let the recovery do something else first", step.written.id))
        .mark(Place::new(step.page.path(), step.written.place), "here again, without a `retry`");
    Some(finding)
}

/// A step that is tried again though it says that twice is not as good as once.
fn unsafely(step: &StepView<'_>) -> Option<Finding> {
    let facts = step.facts()?;
    let retry = facts.retry.as_ref().filter(|retry| retry.value.0 > 0)?;
    let idempotent = facts.idempotent.as_ref().filter(|idempotent| !idempotent.value)?;
    let path = step.page.path();
    let message = format!("`{}` is tried again, and is not safe to repeat", step.written.title);
    let finding = Finding::new(RULE.name, Place::new(path, retry.span), Element::thing(&step.page.id, &step.written.id), message)
        .note("a try that seems to have failed may have worked: the second one then does it twice")
        .help("take `retry` away, or make the step safe to repeat and say `idempotent = true`")
        .mark(Place::new(path, idempotent.span), "twice is not as good as once");
    Some(finding)
}

/// A way from a step to one that is not behind it, where the reference stands.
struct Back {
    from: StepIx,
    to: StepIx,
    span: Span,
}

/// The circles of steps that nothing leads out of: each at the first step that leads back, unless a `retry` at one of its two ends bounds it.
fn circles(handbook: &Handbook, process: PageIx) -> Vec<Finding> {
    let backs: Vec<Back> = handbook.steps(process).flat_map(|step| backs(handbook, &step)).collect();
    if backs.is_empty() {
        return Vec::new();
    }
    let mut graph: DiGraphMap<StepIx, ()> = DiGraphMap::new();
    let mut leaves: HashSet<StepIx> = HashSet::new();
    for step in handbook.steps(process) {
        graph.add_node(step.at);
        for (_, target) in flow::after(handbook, step.at) {
            match flow::entry(handbook, target).filter(|to| to.page == process) {
                Some(to) => drop(graph.add_edge(step.at, to, ())),
                None => drop(leaves.insert(step.at)),
            }
        }
        // A way that names nothing may lead out, and so does an end, or a branch that does not say where.
        let open = step.decision().is_some_and(|decision| decision.branch.iter().any(|branch| branch.to.is_none()));
        if step.ends() || open || flow::leads_astray(handbook, step.at) {
            leaves.insert(step.at);
        }
    }
    let circles = tarjan_scc(&graph);
    let numbered = circles.iter().enumerate().flat_map(|(circle, steps)| steps.iter().map(move |step| (*step, circle)));
    let circle: HashMap<StepIx, usize> = numbered.collect();
    let leads_out = |step: &StepIx| leaves.contains(step) || graph.neighbors(*step).any(|next| circle[&next] != circle[step]);
    let open: Vec<bool> = circles.iter().map(|steps| steps.iter().any(leads_out)).collect();
    let mut told = HashSet::new();
    let is_endless = |back: &&Back| {
        let bounded = [back.from, back.to].iter().any(|step| has_retry(&handbook.step(*step)));
        circle[&back.from] == circle[&back.to] && !open[circle[&back.from]] && !bounded && told.insert(circle[&back.from])
    };
    backs.iter().filter(is_endless).filter_map(|back| endless(handbook, &graph, back)).collect()
}

/// The ways of a step, by `next` or a branch, to one that is not behind it.
fn backs(handbook: &Handbook, step: &StepView<'_>) -> Vec<Back> {
    let written: Vec<Option<Span>> = match step.decision() {
        None => vec![step.facts().and_then(|facts| facts.next.as_ref()).map(|next| next.span)],
        // In the order of the resolved branches: those for everything else last.
        Some(decision) => {
            let otherwise =
                |branch: &&crate::parse::blocks::Branch| branch.when.as_ref().is_none_or(|when| when.value.0.trim() == "otherwise");
            let (last, first): (Vec<_>, Vec<_>) = decision.branch.iter().partition(otherwise);
            let to = first.into_iter().chain(last).map(|branch| branch.to.as_ref().map(|to| to.span));
            to.chain(decision.otherwise.as_ref().map(|to| Some(to.span))).collect()
        }
    };
    let targets: Vec<Option<Target>> = match step.decision() {
        None => flow::after(handbook, step.at).into_iter().filter(|(way, _)| *way == Way::Next).map(|(_, target)| Some(target)).collect(),
        Some(_) => step.resolved.branches.iter().map(|branch| branch.to).collect(),
    };
    let entries = targets.into_iter().map(|target| target.and_then(|target| flow::entry(handbook, target)));
    let back = |(to, span): (Option<StepIx>, Option<Span>)| Some(Back { from: step.at, to: to?, span: span? });
    entries.zip(written).filter_map(back).filter(|back| back.to.page == step.at.page && back.to <= back.from).collect()
}

fn endless(handbook: &Handbook, graph: &DiGraphMap<StepIx, ()>, back: &Back) -> Option<Finding> {
    let (from, to) = (handbook.step(back.from), handbook.step(back.to));
    let (_, way) = astar(graph, back.to, |step| step == back.from, |_| 1_usize, |_| 0)?;
    let titles: Vec<&str> = way.iter().chain([&back.to]).map(|step| handbook.title_of(Target::Step(*step))).collect();
    let path = from.page.path();
    let help = match to.decision() {
        Some(_) => "add a branch that leads out, such as to somebody who decides what now".to_owned(),
        None => format!("add `retry = 3` to the step `#{}`, or a decision with a branch that leads out", to.written.id),
    };
    let message = format!("`{}` leads back to `{}`, and nothing leads out: {}", from.written.title, to.written.title, chain(&titles));
    let finding = Finding::new(RULE.name, Place::new(path, back.span), Element::thing(&from.page.id, &from.written.id), message)
        .note("whoever goes round in it at 3 AM stops when they are tired, not when it is time to call somebody")
        .help(help)
        .mark(Place::new(path, to.written.place), "here it begins again");
    Some(finding)
}
