//! A process has no measured outcome, or nothing that measures its errors, cycle time or cost.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, PageIx};
use crate::parse::front_matter::Metric;
use crate::parse::value::{MetricKind, Prose, said};

/// One finding per process.
pub const RULE: Rule = Rule {
    name: "missing-metric",
    group: Group::Governance,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A process has no outcome metric, or none of errors, cycle time or cost, with target and source.",
    look: Look::Process(look),
};

fn look(handbook: &Handbook, process: PageIx) -> Vec<Finding> {
    let page = &handbook.pages[process];
    let Some(keys) = page.process_keys() else { return Vec::new() };
    let unreadable = keys.metric.is_none() && keys.has("metric");
    let metrics = keys.metric.as_deref().unwrap_or_default();
    // A metric of an unknown kind may be the one that is missing: its own fault says so.
    if unreadable || metrics.iter().any(|metric| metric.kind.is_none()) {
        return Vec::new();
    }
    let measured = |wanted: fn(MetricKind) -> bool| metrics.iter().any(|metric| is(metric, wanted) && lack(metric).is_none());
    let (outcome, price) = (measured(is_outcome), measured(is_price));
    let title = page.title();
    let (message, wanted): (String, fn(MetricKind) -> bool) = match (outcome, price) {
        (true, true) => return Vec::new(),
        (false, true) => (format!("`{title}` has no outcome metric with target and source"), is_outcome),
        (true, false) => (format!("`{title}` has no metric of errors, cycle time or cost with target and source"), is_price),
        (false, false) => {
            let message = format!("`{title}` has neither an outcome metric nor one of errors, cycle time or cost, with target and source");
            (message, |_| true)
        }
    };
    let halves: Vec<(&Metric, &str)> =
        metrics.iter().filter(|metric| is(metric, wanted)).filter_map(|metric| Some((metric, lack(metric)?))).collect();
    let span = halves.first().map_or_else(|| page.title_place(), |(metric, _)| metric.span);
    let mut finding = Finding::new(RULE.name, Place::new(page.path(), span), Element::page(&page.id), message)
        .note("without a number that somebody reads, a process gets worse unseen; an outcome alone hides its price, and a price alone its purpose")
        .help(help(outcome, price, &halves));
    for (metric, lack) in &halves {
        finding = finding.mark(Place::new(page.path(), metric.span), format!("it has no {lack}"));
    }
    vec![finding]
}

fn help(outcome: bool, price: bool, halves: &[(&Metric, &str)]) -> String {
    if !halves.is_empty() {
        return "add what is missing: `target = \"…\"` is the value to reach, `source = \"…\"` is where it is read".to_owned();
    }
    let kinds = match (outcome, price) {
        (false, true) => "a `[[metric]]` with `kind = \"outcome\"`",
        (true, false) => "a `[[metric]]` with `kind = \"errors\"` (or `cycle-time`, `cost`)",
        _ => "two `[[metric]]` tables, one with `kind = \"outcome\"`, one with `kind = \"errors\"` (or `cycle-time`, `cost`)",
    };
    format!("add {kinds}, `name = \"…\"`, `target = \"…\"` and `source = \"…\"`")
}

fn is(metric: &Metric, wanted: fn(MetricKind) -> bool) -> bool {
    metric.kind.as_ref().is_some_and(|kind| wanted(kind.value))
}

fn is_outcome(kind: MetricKind) -> bool {
    kind == MetricKind::Outcome
}

fn is_price(kind: MetricKind) -> bool {
    matches!(kind, MetricKind::Errors | MetricKind::CycleTime | MetricKind::Cost)
}

/// What a metric lacks, if anything. A value that cannot be read has its own fault and is not missing.
fn lack(metric: &Metric) -> Option<&'static str> {
    let lacks = |key: &str, text: &Option<Prose>| said(text).is_none() && (text.is_some() || !metric.has(key));
    match (lacks("target", &metric.target), lacks("source", &metric.source)) {
        (false, false) => None,
        (true, false) => Some("target"),
        (false, true) => Some("source"),
        (true, true) => Some("target and no source"),
    }
}
