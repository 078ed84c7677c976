//! Reading or rendering one page failed inside forewarn.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::Level;

/// Found while pages are read and resolved.
pub const RULE: Rule = Rule {
    name: "internal-error",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::No,
    summary: "Reading or rendering one page failed inside forewarn.",
    look: Look::Earlier,
};
