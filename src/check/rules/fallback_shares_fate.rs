//! A system and what should stand in for it hang on the same thing.

use crate::check::chain;
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Dependency, Handbook, Kind, PageIx};

/// One finding per fallback, where it is named.
pub const RULE: Rule = Rule {
    name: "fallback-shares-fate",
    group: Group::SharedFate,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A system and its fallback do not work without the same thing, or one does not work without the other.",
    look: Look::System(look),
};

fn look(handbook: &Handbook, system: PageIx) -> Vec<Finding> {
    let Kind::System(resolved) = &handbook.pages[system].kind else { return Vec::new() };
    resolved.fallback.iter().filter_map(|fallback| finding(handbook, system, *fallback)).collect()
}

fn finding(handbook: &Handbook, system: PageIx, fallback: Dependency) -> Option<Finding> {
    let shared = handbook.needs.nearest_shared(system, fallback.page)?;
    let (page, other, both) = (&handbook.pages[system], &handbook.pages[fallback.page], &handbook.pages[shared]);
    let own = chain::of_systems(handbook, system, shared);
    let others = chain::of_systems(handbook, fallback.page, shared);
    let (here, there) = (chain::words(handbook, &own), chain::words(handbook, &others));
    let message = match (system == shared, fallback.page == shared) {
        (true, true) => format!("`{}` names itself as its fallback", page.title()),
        (true, false) => format!("the fallback `{}` of `{}` needs it: {there}", other.title(), page.title()),
        (false, true) => format!("`{}` needs its own fallback `{}`: {here}", page.title(), other.title()),
        (false, false) => format!("`{}` and its fallback `{}` both need `{}`: {here}; {there}", page.title(), other.title(), both.title()),
    };
    let place = Place::new(page.path(), fallback.span);
    let finding = Finding::new(RULE.name, place, Element::page(&page.id).part(&other.id), message);
    let finding = chain::mark_links(handbook, chain::mark_links(handbook, finding, &own), &others);
    let note = format!("when `{}` fails, both are gone at once", both.title());
    let help = match system == shared {
        true => format!("name something that works without `{}`, or take `{}` out of `fallback`", page.id, other.id),
        false => format!("let `{}` do without `{}`, or name a fallback that does", other.id, both.id),
    };
    Some(finding.note(note).help(help))
}
