//! A serious failure mode has a recovery that nobody has really done within the review period.

use crate::check::drill;
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, ModeView};

/// One finding per failure mode.
pub const RULE: Rule = Rule {
    name: "untested-recovery",
    group: Group::Coverage,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A serious failure mode has a recovery that nobody has really done within the review period.",
    look: Look::Mode(look),
};

fn look(handbook: &Handbook, mode: &ModeView<'_>) -> Vec<Finding> {
    if !mode.is_serious() || !mode.has_recovery() || mode.recovery_has_unreadable("drilled") {
        return Vec::new();
    }
    let period = drill::review_period(handbook, mode.page);
    let last = drill::last(mode);
    let message = match last {
        Some(last) if period.after(last.day) >= handbook.today => return Vec::new(),
        Some(last) => format!("the recovery of `{}` was last drilled on {}", mode.written.title, last.day),
        None => format!("the recovery of `{}` was never drilled", mode.written.title),
    };
    let place = Place::new(mode.page.path(), mode.written.place);
    let mut finding = Finding::new(RULE.name, place, Element::thing(&mode.page.id, &mode.written.id), message)
        .note("a recovery that nobody has done is a guess")
        .help(format!("do it for real, then `forewarn stamp drill {}#{}`", mode.page.id, mode.written.id));
    if let Some(span) = last.and_then(|last| last.span) {
        finding = finding.mark(Place::new(mode.page.path(), span), "the last drill, longer ago than the review period");
    }
    vec![finding]
}
