//! A fence, a comment or a tag is left open.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::Level;

/// Found while pages are read and resolved.
pub const RULE: Rule = Rule {
    name: "unclosed-markup",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::No,
    summary: "A fence, a comment or a tag is left open.",
    look: Look::Earlier,
};
