//! A system that serious processes use does not say what can run out.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::serious_use::{InUse, ask};
use crate::finding::{Finding, Level};
use crate::model::Handbook;
use crate::parse::front_matter::Limit;
use crate::parse::value::{SystemType, said};

/// One finding per system.
pub const RULE: Rule = Rule {
    name: "limit-not-stated",
    group: Group::OutageQuestions,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A datastore, service, platform or network that a serious process uses hard states no `[[limit]]`.",
    look: Look::Handbook(look),
};

fn look(handbook: &Handbook) -> Vec<Finding> {
    ask(handbook, |system: &InUse<'_>| {
        let kind = system.keys.system_type.as_ref()?.value;
        let runs_out = matches!(kind, SystemType::Datastore | SystemType::Service | SystemType::Platform | SystemType::Network);
        let unreadable = system.keys.limit.is_empty() && system.keys.has("limit");
        if !runs_out || unreadable || system.keys.limit.iter().any(says_something) {
            return None;
        }
        let finding = system.finding(RULE.name, format!("`{}` does not say what can run out", system.page.title()));
        let table = system.table("limit");
        Some(
            finding
                .note(example(kind))
                .help(format!("add `{table}` with `what = \"…\"`, `now = …`, `max = …` and `alert_at = …` for what would run out first")),
        )
    })
}

/// Whether a limit names anything: what runs out, or a number.
fn says_something(limit: &Limit) -> bool {
    said(&limit.what).is_some() || (limit.what.is_none() && limit.has("what")) || limit.has("now") || limit.has("max")
}

fn example(kind: SystemType) -> &'static str {
    match kind {
        SystemType::Datastore => {
            "disk, connections, transaction ids, the numbers of a key: one of them is used up first, and on that day writing stops"
        }
        SystemType::Service => "threads, connections, file handles, memory: one of them is used up first, and on that day answers stop",
        SystemType::Network => "addresses, routes, table entries, bandwidth: one of them is used up first, and on that day traffic stops",
        _ => "nodes, quotas, addresses, storage: one of them is used up first, and on that day nothing new starts",
    }
}
