//! A process does not say what it is for, or what is at stake.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, PageIx};
use crate::parse::front_matter::ProcessContext;
use crate::parse::value::{Prose, said, says_something};

/// One finding per process.
pub const RULE: Rule = Rule {
    name: "missing-context",
    group: Group::Governance,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A process does not say what it is for, or says nothing of risk, cost of failure or regulation.",
    look: Look::Process(look),
};

fn look(handbook: &Handbook, process: PageIx) -> Vec<Finding> {
    let page = &handbook.pages[process];
    let Some(keys) = page.process_keys() else { return Vec::new() };
    let context = keys.context.as_ref();
    let unreadable = context.is_none() && keys.has("context");
    let (purpose, stake) = context.map_or((false, false), |context| (has_purpose(context), has_stake(context)));
    if unreadable || (purpose && stake) {
        return Vec::new();
    }
    let title = page.title();
    let intent = "`intent = \"…\"`";
    let stakes = "one of `risk`, `cost_of_failure` and `regulation`";
    let (message, lines) = match (purpose, stake) {
        (false, false) => (format!("`{title}` says neither what it is for nor what is at stake"), format!("{intent}, and {stakes}")),
        (false, true) => (format!("`{title}` does not say what it is for"), intent.to_owned()),
        (true, _) => {
            let message = format!("`{title}` does not say what is at stake: no risk, no cost of failure, no regulation");
            (message, format!("{stakes}, such as `risk = \"…\"`"))
        }
    };
    let place = Place::new(page.path(), context.map_or_else(|| page.title_place(), |context| context.span));
    let under = if context.is_some() { "add under `[context]`" } else { "add `[context]` to the front matter, and under it" };
    vec![
        Finding::new(RULE.name, place, Element::page(&page.id), message)
            .note("whoever must choose at 3 AM between going on and stopping weighs what it is for against what it can cost")
            .help(format!("{under}: {lines}")),
    ]
}

fn has_purpose(context: &ProcessContext) -> bool {
    is_given(context, "intent", &context.intent)
}

fn has_stake(context: &ProcessContext) -> bool {
    let regulated = match &context.regulation {
        Some(rules) => rules.iter().any(|rule| says_something(&rule.value)),
        None => context.has("regulation"),
    };
    regulated || is_given(context, "risk", &context.risk) || is_given(context, "cost_of_failure", &context.cost_of_failure)
}

/// Whether a text says something, or was given in a way that has its own fault.
fn is_given(context: &ProcessContext, key: &str, text: &Option<Prose>) -> bool {
    said(text).is_some() || (text.is_none() && context.has(key))
}
