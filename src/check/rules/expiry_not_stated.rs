//! An identity or certificate that serious processes use does not say when it ends.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::serious_use::{InUse, ask};
use crate::finding::{Finding, Level};
use crate::model::Handbook;
use crate::parse::value::SystemType;

/// One finding per system.
pub const RULE: Rule = Rule {
    name: "expiry-not-stated",
    group: Group::OutageQuestions,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "An identity or certificate that a serious process uses hard states no `expires`.",
    look: Look::Handbook(look),
};

fn look(handbook: &Handbook) -> Vec<Finding> {
    ask(handbook, |system: &InUse<'_>| {
        let kind = system.keys.system_type.as_ref()?.value;
        if !matches!(kind, SystemType::Identity | SystemType::Certificate) || system.keys.has("expires") {
            return None;
        }
        let finding = system.finding(RULE.name, format!("`{}` does not say when it expires", system.page.title()));
        let line = system.line("expires = 2027-03-01");
        Some(
            finding
                .note("on that day everything behind it stops at once, mostly at night, and nothing has changed that one could undo")
                .help(format!("add {line} with its last day, and `renewed_by = \"…\"`; or `expires = \"never because …\"`")),
        )
    })
}
