//! The planned runs of all processes call a system more often than its rate limit allows.

use num_rational::BigRational;

use crate::check::load::{self, Sum, Term};
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::sums;
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, PageIx};
use crate::parse::value::Rate;

/// One finding per system, the processes marked.
pub const RULE: Rule = Rule {
    name: "rate-limit-exceeded",
    group: Group::Growth,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "The planned runs of all processes call a system more often than its rate limit allows.",
    look: Look::Handbook(look),
};

fn look(handbook: &Handbook) -> Vec<Finding> {
    load::of_systems(handbook).into_iter().filter_map(|(system, terms)| finding(handbook, system, terms)).collect()
}

fn finding(handbook: &Handbook, system: PageIx, terms: Vec<Term>) -> Option<Finding> {
    let page = &handbook.pages[system];
    let limit = load::rate_limit(handbook, system)?;
    let Rate { count, period } = limit.value.value;
    let allowed = count.exact();
    let sum = Sum::over(period, terms);
    if sum.total <= allowed {
        return None;
    }
    let total = sums::number_beside(&sum.total, &allowed);
    let unit = |calls: &BigRational| sums::counted(calls, "call", "calls");
    let message = format!(
        "the planned runs call `{}` {total} times {}, and its limit is {}: {} = {total} calls",
        page.title(),
        period.each(),
        limit.value.text.trim(),
        sum.in_words(handbook, unit),
    );
    let finding = Finding::new(RULE.name, Place::new(page.path(), limit.span), Element::page(&page.id), message)
        .note("above the limit it refuses whoever comes next, and that may be the recovery")
        .help("call it less often (`calls`), plan fewer runs (`planned`), or have the limit raised and write it down: `rate_limit`");
    Some(sum.mark(handbook, finding, unit))
}
