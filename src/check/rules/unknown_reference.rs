//! An id in a reference names nothing, or the wrong kind of thing.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::Level;

/// Found while pages are read and resolved.
pub const RULE: Rule = Rule {
    name: "unknown-reference",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::No,
    summary: "An id in a reference names nothing, or the wrong kind of thing.",
    look: Look::Earlier,
};
