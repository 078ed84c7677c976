//! A process changes production and does not say when it may.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, PageIx};
use crate::parse::value::says_something;

/// One finding per process.
pub const RULE: Rule = Rule {
    name: "missing-change-window",
    group: Group::Hardness,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A process changes production and does not say when it may.",
    look: Look::Process(look),
};

fn look(handbook: &Handbook, process: PageIx) -> Vec<Finding> {
    let page = &handbook.pages[process];
    let Some(keys) = page.process_keys() else { return Vec::new() };
    let changes = keys.context.as_ref().and_then(|context| context.changes_production.as_ref()).filter(|changes| changes.value);
    let Some(changes) = changes else { return Vec::new() };
    let title = page.title();
    let (span, message) = match &keys.change_window {
        None if keys.has("change_window") => return Vec::new(),
        None => (changes.span, format!("`{title}` changes production and does not say when it may")),
        Some(window) if window.said().is_none() => (window.span, format!("`{title}` changes production and does not say when it may")),
        Some(window) if is_any_time_without_reason(&window.value.0) => {
            (window.span, format!("`{title}` may change production at any time, and does not say why that is safe"))
        }
        Some(_) => return Vec::new(),
    };
    let mut finding = Finding::new(RULE.name, Place::new(page.path(), span), Element::page(&page.id), message)
        .note("a change at the peak, or an hour before everybody goes home, meets the most customers and the fewest helpers")
        .help("add `change_window = \"Mon-Thu 09:00-15:00 Africa/Lagos\"`, or `change_window = \"any time because …\"` with the reason");
    if span != changes.span {
        finding = finding.mark(Place::new(page.path(), changes.span), "what it changes is in use");
    }
    vec![finding]
}

/// Whether a window is `any time`, and no reason follows: the form of the declaration asks for one.
fn is_any_time_without_reason(window: &str) -> bool {
    let lower = window.trim().to_lowercase();
    let Some(rest) = lower.strip_prefix("any time") else { return false };
    let rest = rest.trim_start_matches([',', ':', ';']).trim();
    !says_something(rest.strip_prefix("because").unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::is_any_time_without_reason;

    #[test]
    fn any_time_needs_a_reason_and_other_windows_are_free_text() {
        for bare in ["any time", " Any time. ", "any time because", "any time because …", "any time, because TBD"] {
            assert!(is_any_time_without_reason(bare), "{bare}");
        }
        for told in ["any time because each change is behind a flag", "any time but Fridays", "Mon-Thu 09:00-15:00 UTC", "any timezone"] {
            assert!(!is_any_time_without_reason(told), "{told}");
        }
    }
}
