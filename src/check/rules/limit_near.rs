//! Something that runs out is nearly used up, or nobody is told when it is.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::sums;
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, PageIx};
use crate::parse::front_matter::Limit;
use crate::parse::markdown::plain;
use crate::parse::slug::slug;
use crate::parse::value::said;

/// One finding per limit, even where both are the matter.
pub const RULE: Rule = Rule {
    name: "limit-near",
    group: Group::Growth,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "Something that runs out is nearly used up, or nobody is told when it is.",
    look: Look::System(look),
};

/// The part of the whole from which on a limit is near, in percent.
const NEAR: i64 = 80;

fn look(handbook: &Handbook, system: PageIx) -> Vec<Finding> {
    let limits = handbook.pages[system].system_keys().map_or(&[][..], |keys| &keys.limit);
    limits.iter().filter_map(|limit| finding(handbook, system, limit)).collect()
}

fn finding(handbook: &Handbook, system: PageIx, limit: &Limit) -> Option<Finding> {
    let page = &handbook.pages[system];
    let used = used(limit);
    let silent = !limit.has("alert_at");
    if used.is_none() && !silent {
        return None;
    }
    let what = said(&limit.what).map(plain).unwrap_or_default();
    let part = if slug(&what).is_empty() { "limit".to_owned() } else { slug(&what) };
    let of = if what.is_empty() { format!("a limit of `{}`", page.title()) } else { format!("`{what}` of `{}`", page.title()) };
    let span = limit.now.as_ref().filter(|_| used.is_some()).map_or(limit.span, |now| now.span);
    let message = match (&used, silent) {
        (Some(used), true) => format!("{of}: {used}, and no alert says when it runs out"),
        (Some(used), false) => format!("{of}: {used}"),
        (None, _) => format!("no alert says when {of} runs out"),
    };
    let mut finding = Finding::new(RULE.name, Place::new(page.path(), span), Element::page(&page.id).part(part), message);
    if let Some(max) = limit.max.as_ref().filter(|_| used.is_some()) {
        finding = finding.mark(Place::new(page.path(), max.span), "and this is all there is");
    }
    let room = "make room or have the limit raised, and then write the new number: `now = …` or `max = …`";
    let alert = "set an alert that leaves time to act, and write where it fires: `alert_at = …`";
    Some(match (used.is_some(), silent) {
        (true, true) => finding.note("what runs out stops everything that uses it, at once").help(format!("{room}; {alert}")),
        (true, false) => finding
            .note("what runs out stops everything that uses it, at once; growth that took years can take its last fifth in weeks")
            .help(room),
        (false, _) => finding.note("it grows unseen until the day on which everything that uses it stops").help(alert),
    })
}

/// How much is used, where that is too much: `900 of 1000 are used (90 %)`.
fn used(limit: &Limit) -> Option<String> {
    let (now, max) = (limit.now.as_ref()?.value.exact(), limit.max.as_ref()?.value.exact());
    let whole = |number: i64| BigRational::from(BigInt::from(number));
    // Nothing of nothing is a number that nobody has filled in.
    let near = &now * whole(100) >= &max * whole(NEAR) && !(now.is_zero() && max.is_zero());
    let share = || sums::percent(&now, &max).map_or_else(String::new, |percent| format!(" ({percent} %)"));
    near.then(|| format!("{} of {} are used{}", sums::number(&now), sums::number(&max), share()))
}
