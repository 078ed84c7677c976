//! A file is no UTF-8 text.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::Level;

/// Found while pages are read and resolved.
pub const RULE: Rule = Rule {
    name: "invalid-encoding",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::No,
    summary: "A file is no UTF-8 text.",
    look: Look::Earlier,
};
