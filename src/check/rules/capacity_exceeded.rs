//! The planned runs of all processes need more minutes of a role than its holders can give.

use num_bigint::BigInt;
use num_rational::BigRational;

use crate::check::load::{self, Sum, Term};
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::sums;
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, PageIx, StepView};
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
    let loads = load::loads(handbook, |step| asks(handbook, step));
    loads.into_iter().filter_map(|(role, terms)| finding(handbook, role, terms)).collect()
}

/// A step's minutes go to its role, a decision's to whoever decides; nothing is asked of a role that does not say what it can give.
fn asks(handbook: &Handbook, step: &StepView<'_>) -> Vec<(PageIx, BigRational)> {
    let minutes = step.facts().and_then(|facts| facts.minutes.as_ref());
    let minutes = minutes.or(step.decision().and_then(|decision| decision.minutes.as_ref()));
    let role = step
        .resolved
        .role
        .filter(|role| handbook.pages[*role].role_keys().is_some_and(|keys| keys.holders.is_some() && keys.minutes_per_week.is_some()));
    role.zip(minutes).map(|(role, minutes)| (role, minutes.value.exact())).into_iter().collect()
}

fn finding(handbook: &Handbook, role: PageIx, terms: Vec<Term<'_>>) -> Option<Finding> {
    let page = &handbook.pages[role];
    let keys = page.role_keys()?;
    let (holders, minutes) = (keys.holders.as_ref()?, keys.minutes_per_week.as_ref()?);
    let count = BigRational::from(BigInt::from(holders.value.0));
    let each = minutes.value.exact();
    let given = &count * &each;
    let sum = Sum::over(Period::Week, terms);
    if sum.total <= given {
        return None;
    }
    let unit = |minutes: &BigRational| format!("{} min", sums::number(minutes));
    let message = format!(
        "the planned runs ask more of `{}` than it can give: {} min a week; {} × {} = {} min",
        page.title(),
        sum.in_words(handbook, unit, &given),
        sums::counted(&count, "holder", "holders"),
        unit(&each),
        sums::number_beside(&given, &sum.total),
    );
    let finding = Finding::new(RULE.name, Place::new(page.path(), minutes.span), Element::page(&page.id), message)
        .mark(Place::new(page.path(), holders.span), "so many share the work")
        .note("what does not fit is done in a hurry, or by nobody: checks and drills go first")
        .help("shorten or automate a step, train another holder, or plan fewer runs; then write the new number down: `minutes`, `holders` or `planned`");
    Some(sum.mark(handbook, finding, unit))
}
