//! An image lies on another host.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::Level;

/// Found while pages are read and resolved.
pub const RULE: Rule = Rule {
    name: "external-image",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::No,
    summary: "An image lies on another host.",
    look: Look::Earlier,
};
