//! A file, a path or the number of pages is over its limit.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::Level;

/// Found while pages are read and resolved.
pub const RULE: Rule = Rule {
    name: "limit-exceeded-input",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::No,
    summary: "A file, a path or the number of pages is over its limit.",
    look: Look::Earlier,
};
