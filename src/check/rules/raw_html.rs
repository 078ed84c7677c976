//! Raw HTML is outside the allow-list.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::Level;

/// Found while pages are read and resolved.
pub const RULE: Rule = Rule {
    name: "raw-html",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::No,
    summary: "Raw HTML is outside the allow-list.",
    look: Look::Earlier,
};
