//! A key is not one of those that may stand where it stands.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::Level;

/// Found while pages are read and resolved.
pub const RULE: Rule = Rule {
    name: "unknown-key",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::No,
    summary: "A key is not one of those that may stand where it stands.",
    look: Look::Earlier,
};
