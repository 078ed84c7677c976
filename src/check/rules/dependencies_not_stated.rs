//! A system that serious processes use does not say what it depends on.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::serious_use::{InUse, ask};
use crate::finding::{Finding, Level};
use crate::model::Handbook;

/// One finding per system.
pub const RULE: Rule = Rule {
    name: "dependencies-not-stated",
    group: Group::OutageQuestions,
    level: DefaultLevel::Always(Level::Info),
    waivable: Waivable::Yes,
    summary: "A system that a serious process uses hard states no `depends_on`; an empty list is a statement.",
    look: Look::Handbook(look),
};

fn look(handbook: &Handbook) -> Vec<Finding> {
    ask(handbook, |system: &InUse<'_>| {
        let stated = system.keys.has("depends_on");
        let message = format!("`{}` does not say what it depends on", system.page.title());
        let finding = system
            .finding(RULE.name, message)
            .note("whether a way back survives an outage is worked out along these edges; where one is unknown, nothing can be said");
        let none = "`depends_on = []` if it needs nothing";
        (!stated).then(|| finding.help(format!("add {} with what it does not work without; {none}", system.line("depends_on = [\"…\"]"))))
    })
}
