//! The planned runs of all processes need more minutes of a role than its holders can give.

use num_bigint::BigInt;
use num_rational::BigRational;

use crate::check::load::{self, Sum, Term};
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::sums;
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, PageIx};
use crate::parse::value::Period;

/// One finding per role, the processes marked.
pub const RULE: Rule = Rule {
    name: "capacity-exceeded",
    group: Group::Growth,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "The planned runs of all processes need more minutes of a role than its holders can give.",
    look: Look::Handbook(look),
};

fn look(handbook: &Handbook) -> Vec<Finding> {
    load::of_roles(handbook).into_iter().filter_map(|(role, terms)| finding(handbook, role, terms)).collect()
}

fn finding(handbook: &Handbook, role: PageIx, terms: Vec<Term>) -> Option<Finding> {
    let page = &handbook.pages[role];
    let keys = page.role_keys()?;
    let (holders, minutes) = (keys.holders.as_ref()?, keys.minutes_per_week.as_ref()?);
    let count = BigRational::from(BigInt::from(holders.value.0));
    let each = minutes.value.exact();
    let given = load::given(handbook, role)?;
    let sum = Sum::over(Period::Week, terms);
    if sum.total <= given {
        return None;
    }
    let (total, there) = (sums::number_beside(&sum.total, &given), sums::number_beside(&given, &sum.total));
    let unit = |minutes: &BigRational| format!("{} min", sums::number(minutes));
    let message = format!(
        "the planned runs ask `{}` for {total} min a week, and it has {there}: {} = {total} min; {} × {} = {there} min",
        page.title(),
        sum.in_words(handbook, unit),
        sums::counted(&count, "holder", "holders"),
        unit(&each),
    );
    let finding = Finding::new(RULE.name, Place::new(page.path(), minutes.span), Element::page(&page.id), message)
        .mark(Place::new(page.path(), holders.span), "so many share the work")
        .note("what does not fit is done in a hurry, or by nobody: checks and drills go first")
        .help("shorten or automate a step, train another holder, or plan fewer runs; then write the new number down: `minutes`, `holders` or `planned`");
    Some(sum.mark(handbook, finding, unit))
}
