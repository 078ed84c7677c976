//! A role that one person holds, and for which nobody steps in, is needed by a step or by the recovery of a serious failure mode.

use std::collections::BTreeMap;

use crate::check::people::{self, Backup};
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, Page, PageIx};
use crate::parse::value::Status;

/// One finding per role, everything that needs it marked.
pub const RULE: Rule = Rule {
    name: "single-holder",
    group: Group::People,
    level: DefaultLevel::Each("warning, error where the recovery of a serious failure mode needs the role"),
    waivable: Waivable::Yes,
    summary: "A role that one person holds, and for which nobody steps in, is needed by a step or by the recovery of a serious failure mode.",
    look: Look::Handbook(look),
};

/// What needs a role.
struct Use<'h> {
    /// Whether it is in force, not only proposed, and how heavy it weighs that nobody can do it.
    weight: (bool, Level),
    title: &'h str,
    place: Place,
    label: String,
}

fn look(handbook: &Handbook) -> Vec<Finding> {
    let mut uses: BTreeMap<PageIx, Vec<Use<'_>>> = BTreeMap::new();
    for mode in people::serious_modes(handbook) {
        for hand in people::of_recovery(handbook, &mode).into_iter().filter(|hand| holders(handbook, hand.role).is_some()) {
            let label = format!("recovers `{}`", mode.written.title);
            let place = people::called(handbook, &mode, hand);
            let weight = (is_in_force(mode.page), Level::Error);
            uses.entry(hand.role).or_default().push(Use { weight, title: &mode.written.title, place, label });
        }
    }
    for process in handbook.processes().filter(|process| handbook.pages[*process].status() != Status::Retired) {
        for step in handbook.steps(process) {
            let Some(role) = step.resolved.role.filter(|role| holders(handbook, *role).is_some()) else { continue };
            let label = if step.decision().is_some() { "decides here" } else { "needed for this step" }.to_owned();
            let place = Place::new(step.page.path(), people::named(&step));
            let weight = (is_in_force(step.page), Level::Warning);
            uses.entry(role).or_default().push(Use { weight, title: &step.written.title, place, label });
        }
    }
    uses.into_iter().filter_map(|(role, uses)| finding(handbook, role, uses)).collect()
}

fn is_in_force(page: &Page) -> bool {
    page.status() != Status::Proposed
}

/// How many hold a role that one person or nobody holds, and for which nobody steps in; and where that is said.
fn holders(handbook: &Handbook, role: PageIx) -> Option<(u64, Place)> {
    let page = &handbook.pages[role];
    let holders = page.role_keys()?.holders.as_ref().filter(|holders| holders.value.0 <= 1)?;
    (people::backup(handbook, role) == Backup::Nobody).then(|| (holders.value.0, Place::new(page.path(), holders.span)))
}

fn finding(handbook: &Handbook, role: PageIx, uses: Vec<Use<'_>>) -> Option<Finding> {
    let (count, place) = holders(handbook, role)?;
    let role = &handbook.pages[role];
    let weight = uses.iter().map(|used| used.weight).max()?;
    let needed = uses.iter().find(|used| used.weight == weight)?;
    let (in_force, level) = weight;
    let who = if count == 0 { "nobody holds" } else { "only one person holds" };
    let what = if needed.label.starts_with("recovers") { "the recovery of" } else { "the step" };
    let others = match uses.len() - 1 {
        0 => String::new(),
        1 => ", as does 1 other place".to_owned(),
        more => format!(", as do {more} other places"),
    };
    let message = format!("{who} `{}`, nobody steps in, and {what} `{}` needs the role{others}", role.title(), needed.title);
    let finding = Finding::new(RULE.name, place, Element::page(&role.id), message)
        .level(level)
        .for_proposed(!in_force)
        .note(if count == 0 {
            "whoever is called finds that there is nobody"
        } else {
            "asleep, ill or on a plane: then it waits until they are back"
        })
        .help("name the role that steps in, `backup = \"…\"`, or let a second person do it once and write `holders = 2`");
    Some(uses.into_iter().fold(finding, |finding, used| finding.mark(used.place, used.label)))
}
