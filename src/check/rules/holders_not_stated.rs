//! A role in the recovery of a serious failure mode does not say how many people hold it.

use std::collections::BTreeMap;

use crate::check::people;
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, PageIx};
use crate::parse::value::Status;

/// One finding per role, the recoveries marked.
pub const RULE: Rule = Rule {
    name: "holders-not-stated",
    group: Group::People,
    level: DefaultLevel::Always(Level::Info),
    waivable: Waivable::Yes,
    summary: "A role in the recovery of a serious failure mode does not say how many people hold it.",
    look: Look::Handbook(look),
};

fn look(handbook: &Handbook) -> Vec<Finding> {
    let unstated = |role: PageIx| handbook.pages[role].role_keys().is_some_and(|keys| !keys.has("holders"));
    let mut roles: BTreeMap<PageIx, Finding> = BTreeMap::new();
    for mode in people::serious_modes(handbook) {
        for hand in people::of_recovery(handbook, &mode).into_iter().filter(|hand| unstated(hand.role)) {
            let proposed = mode.page.status() == Status::Proposed;
            let finding = roles.remove(&hand.role).unwrap_or_else(|| finding(handbook, hand.role, &mode.written.title).for_proposed(proposed));
            let only_proposed = finding.for_proposed && proposed;
            let finding = finding.for_proposed(only_proposed);
            roles.insert(hand.role, finding.mark(people::called(handbook, &mode, hand), format!("recovers `{}`", mode.written.title)));
        }
    }
    roles.into_values().collect()
}

fn finding(handbook: &Handbook, role: PageIx, first: &str) -> Finding {
    let role = &handbook.pages[role];
    let place = Place::new(role.path(), role.title_place());
    let message = format!("`{}` recovers `{first}`, and does not say how many people can do it", role.title());
    Finding::new(RULE.name, place, Element::page(&role.id), message)
        .note("if it is one person, this recovery waits while they sleep")
        .help("count who has the access and has done it, and add `holders = 2` (or what the count is) to the role")
}
