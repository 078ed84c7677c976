//! Another organisation runs a system, and nothing says how to reach it or where it shows its state.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, PageIx};
use crate::parse::value::{said, says_something};

/// One finding per system, at its title, or at the name of its table in the settings.
pub const RULE: Rule = Rule {
    name: "missing-contact",
    group: Group::SharedFate,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "Another organisation runs a system, and neither contact nor status page is stated.",
    look: Look::System(look),
};

fn look(handbook: &Handbook, system: PageIx) -> Vec<Finding> {
    let page = &handbook.pages[system];
    let Some(keys) = page.system_keys() else { return Vec::new() };
    let external = keys.external.as_ref().filter(|external| external.value);
    let unreadable = (keys.has("contact") && keys.contact.is_none()) || (keys.has("status_page") && keys.status_page.is_none());
    let status = keys.status_page.as_ref().is_some_and(|url| says_something(&url.value));
    let Some(external) = external.filter(|_| !unreadable && !status && said(&keys.contact).is_none()) else { return Vec::new() };
    let span = if page.from_settings { page.document.id.span } else { page.title_place() };
    let message = format!("`{}` is run by another organisation, and nothing says how to reach it", page.title());
    let finding = Finding::new(RULE.name, Place::new(page.path(), span), Element::page(&page.id), message)
        .mark(Place::new(page.path(), external.span), "another organisation runs it")
        .note("while it is down, somebody searches for a telephone number and a customer id instead of telling the others what is going on")
        .help("add `contact = \"…\"` with the number and the customer id that they ask for, or `status_page = \"https://…\"`");
    vec![finding]
}
