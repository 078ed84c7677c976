//! The planned runs of all processes call a system more often than its rate limit allows.

use std::collections::HashSet;

use num_bigint::BigInt;
use num_rational::BigRational;

use crate::check::load::{self, Sum, Term};
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::sums;
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, PageIx, StepView};
use crate::parse::value::{Parsed, Rate};
use crate::source::Located;

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
    let loads = load::loads(handbook, |step| asks(handbook, step));
    loads.into_iter().filter_map(|(system, terms)| finding(handbook, system, terms)).collect()
}

fn limit(handbook: &Handbook, system: PageIx) -> Option<&Located<Parsed<Rate>>> {
    handbook.pages[system].system_keys()?.rate_limit.as_ref()
}

/// A step's calls go to each system that it uses and that has a rate limit, once, however often it is named.
fn asks(handbook: &Handbook, step: &StepView<'_>) -> Vec<(PageIx, BigRational)> {
    let Some(calls) = step.facts().and_then(|facts| facts.calls.as_ref()) else { return Vec::new() };
    let used: HashSet<PageIx> = step.resolved.uses.iter().map(|used| used.page).collect();
    let limited = used.into_iter().filter(|system| limit(handbook, *system).is_some());
    limited.map(|system| (system, BigRational::from(BigInt::from(calls.value.0)))).collect()
}

fn finding(handbook: &Handbook, system: PageIx, terms: Vec<Term<'_>>) -> Option<Finding> {
    let page = &handbook.pages[system];
    let limit = limit(handbook, system)?;
    let Rate { count, period } = limit.value.value;
    let allowed = count.exact();
    let sum = Sum::over(period, terms);
    if sum.total <= allowed {
        return None;
    }
    let unit = |calls: &BigRational| sums::counted(calls, "call", "calls");
    let article = if period.name().starts_with('h') { "an" } else { "a" };
    let message = format!(
        "the planned runs call `{}` more often than it allows: {} calls {article} {}; its limit is {}",
        page.title(),
        sum.in_words(handbook, unit, &allowed),
        period.name(),
        limit.value.text.trim(),
    );
    let finding = Finding::new(RULE.name, Place::new(page.path(), limit.span), Element::page(&page.id), message)
        .note("above the limit it refuses whoever comes next, and that may be the recovery")
        .help("call it less often (`calls`), plan fewer runs (`planned`), or have the limit raised and write it down: `rate_limit`");
    Some(sum.mark(handbook, finding, unit))
}
