//! A link leads to a page, and to no heading or id on it.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::Level;

/// Found while pages are read and resolved.
pub const RULE: Rule = Rule {
    name: "broken-anchor",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::No,
    summary: "A link leads to a page, and to no heading or id on it.",
    look: Look::Earlier,
};
