//! A value has the wrong type, or is none of those that may stand there.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::Level;

/// Found while pages are read and resolved.
pub const RULE: Rule = Rule {
    name: "invalid-value",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::No,
    summary: "A value has the wrong type, or is none of those that may stand there.",
    look: Look::Earlier,
};
