//! Quotes, lists or tables nest deeper than the limit.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::Level;

/// Found while pages are read and resolved.
pub const RULE: Rule = Rule {
    name: "nesting-too-deep",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::No,
    summary: "Quotes, lists or tables nest deeper than the limit.",
    look: Look::Earlier,
};
