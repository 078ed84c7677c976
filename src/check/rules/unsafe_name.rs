//! A name or an id is reserved, or cannot be used on every system.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::Level;

/// Found while pages are read and resolved.
pub const RULE: Rule = Rule {
    name: "unsafe-name",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::No,
    summary: "A name or an id is reserved, or cannot be used on every system.",
    look: Look::Earlier,
};
