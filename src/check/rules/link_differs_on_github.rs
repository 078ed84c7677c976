//! A link works on the site and not on GitHub, or the other way round.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::Level;

/// Found while pages are read and resolved.
pub const RULE: Rule = Rule {
    name: "link-differs-on-github",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Info),
    waivable: Waivable::No,
    summary: "A link works on the site and not on GitHub, or the other way round.",
    look: Look::Earlier,
};
