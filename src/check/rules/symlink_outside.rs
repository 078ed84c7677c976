//! A symbolic link leads out of the project, or nowhere.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::Level;

/// Found while pages are read and resolved.
pub const RULE: Rule = Rule {
    name: "symlink-outside",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::No,
    summary: "A symbolic link leads out of the project, or nowhere.",
    look: Look::Earlier,
};
