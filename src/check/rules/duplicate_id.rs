//! Two pages, or two things on one page, share an id.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::Level;

/// Found while pages are read and resolved.
pub const RULE: Rule = Rule {
    name: "duplicate-id",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::No,
    summary: "Two pages, or two things on one page, share an id.",
    look: Look::Earlier,
};
