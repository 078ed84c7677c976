//! A process has no failure mode of one of the four classes, and no reason why the class does not apply.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, PageIx};
use crate::parse::value::CLASSES;

/// One finding per class.
pub const RULE: Rule = Rule {
    name: "class-not-considered",
    group: Group::Coverage,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A process has no failure mode of one of the four classes, and no reason why the class does not apply.",
    look: Look::Process(look),
};

fn look(handbook: &Handbook, process: PageIx) -> Vec<Finding> {
    let page = &handbook.pages[process];
    let reasons = page.process_keys().map(|keys| &keys.not_applicable);
    if handbook.modes(process).any(|mode| mode.class().is_none()) {
        return Vec::new(); // One of them may be of any class: its own fault says so, and one cause is one finding.
    }
    let missing = CLASSES.into_iter().filter(|class| {
        let reason = reasons.and_then(|reasons| reasons.get(class)).and_then(|reason| reason.said());
        reason.is_none() && !handbook.applying(process).any(|mode| mode.class() == Some(class))
    });
    let finding = |class: &str| {
        let place = Place::new(page.path(), page.title_place());
        Finding::new(
            RULE.name,
            place,
            Element::page(&page.id).part(class),
            format!("no failure mode of class {class} in `{}`", page.title()),
        )
        .note(question(class))
        .help(format!("add a `failure` block with `class = \"{class}\"`, or say why none applies: `not_applicable.{class} = \"…\"`"))
    };
    missing.map(finding).collect()
}

fn question(class: &str) -> &'static str {
    match class {
        "technical" => "automation breaks, or stops halfway: what then?",
        "human" => "the one who knows is asleep, or picks the wrong target: what then?",
        "scale" => "ten times as many arrive: what breaks first?",
        _ => "a system that this needs is down, slow or wrong: what then?",
    }
}
