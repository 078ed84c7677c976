//! A link to a page begins with `/` and breaks under a sub-path.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::Level;

/// Found while pages are read and resolved.
pub const RULE: Rule = Rule {
    name: "absolute-link",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::No,
    summary: "A link to a page begins with `/` and breaks under a sub-path.",
    look: Look::Earlier,
};
