//! A system or process that is needed has no failure mode: none here with `of` it, none on its own page.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Place};
use crate::model::{Handbook, PageIx};

/// One finding per dependency of a process, where it is first named.
pub const RULE: Rule = Rule {
    name: "dependency-without-failure-mode",
    group: Group::Coverage,
    level: DefaultLevel::ByCriticality,
    waivable: Waivable::Yes,
    summary: "A system or process that is needed has no failure mode: none here with `of` it, none on its own page.",
    look: Look::Process(look),
};

fn look(handbook: &Handbook, process: PageIx) -> Vec<Finding> {
    let page = &handbook.pages[process];
    let answered =
        |needed: PageIx| !handbook.pages[needed].modes.is_empty() || handbook.modes(process).any(|mode| mode.resolved.of == Some(needed));
    if handbook.modes(process).any(|mode| mode.facts().has("of") && mode.resolved.of.is_none()) {
        return Vec::new(); // It may be the one that is missing: its own fault says so, and one cause is one finding.
    }
    let open = handbook.dependencies(process).into_iter().filter(|dependency| !answered(dependency.page));
    let finding = |dependency: crate::model::Dependency| {
        let needed = &handbook.pages[dependency.page];
        let place = Place::new(page.path(), dependency.span);
        Finding::new(
            RULE.name,
            place,
            Element::page(&page.id).part(&needed.id),
            format!("`{}` needs `{}`, and nothing says what happens if it fails", page.title(), needed.title()),
        )
        .note("it will be down, slow or wrong one day, and whoever runs this process must know what then")
        .help(format!("add a `failure` block to the page of `{0}`, or one here with `of = \"{0}\"`", needed.id))
    };
    open.map(finding).collect()
}
