//! A serious process does not say how often it runs, now and planned.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, PageIx};

/// One finding per process.
pub const RULE: Rule = Rule {
    name: "missing-volume",
    group: Group::Growth,
    level: DefaultLevel::Always(Level::Info),
    waivable: Waivable::Yes,
    summary: "A serious process does not say how often it runs, now and planned.",
    look: Look::Process(look),
};

fn look(handbook: &Handbook, process: PageIx) -> Vec<Finding> {
    let page = &handbook.pages[process];
    let Some(keys) = page.process_keys().filter(|_| page.is_serious()) else { return Vec::new() };
    let (missing, help, span) = match &keys.volume {
        Some(volume) => {
            let (words, line) = match (volume.has("now"), volume.has("planned")) {
                (true, true) => return Vec::new(),
                (true, false) => ("how often it is planned to run", "`planned = \"20/week\"`"),
                (false, true) => ("how often it runs now", "`now = \"2/week\"`"),
                (false, false) => ("how often it runs, now and planned", "`now = \"2/week\"` and `planned = \"20/week\"`"),
            };
            (words, format!("add {line} under `[volume]`"), volume.span)
        }
        None if keys.has("volume") => return Vec::new(), // It cannot be read: that has its own fault.
        None => {
            let line = "`volume = { now = \"2/week\", planned = \"20/week\" }`".to_owned();
            ("how often it runs, now and planned", format!("add {line} to the front matter"), page.title_place())
        }
    };
    let message = format!("`{}` does not say {missing}", page.title());
    vec![
        Finding::new(RULE.name, Place::new(page.path(), span), Element::page(&page.id), message)
            .note("without it nobody can tell whether people and systems can bear what is planned")
            .help(help),
    ]
}
