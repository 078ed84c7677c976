//! A process has no step.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, PageIx};

/// One finding per process.
pub const RULE: Rule = Rule {
    name: "no-steps",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A process has no step.",
    look: Look::AnyProcess(look),
};

fn look(handbook: &Handbook, process: PageIx) -> Vec<Finding> {
    let page = &handbook.pages[process];
    if handbook.steps(process).next().is_some() {
        return Vec::new();
    }
    let words = handbook.settings.steps_headings.join("` or `");
    vec![
        Finding::new(
            RULE.name,
            Place::new(page.path(), page.title_place()),
            Element::page(&page.id),
            format!("the process `{}` has no step", page.title()),
        )
        .note(format!("steps are the items of a list, or the sub-headings, under a heading that begins with `{words}`"))
        .help("write `## Steps` and a numbered list under it"),
    ]
}
