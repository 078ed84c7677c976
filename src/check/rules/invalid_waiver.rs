//! A waiver has no reason or no signature, has expired, or covers nothing.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::Level;

/// Found in `check::waive`, which sees all findings; no rule does.
pub const RULE: Rule = Rule {
    name: "invalid-waiver",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::No,
    summary: "A waiver has no reason or no signature, has expired, or covers nothing.",
    look: Look::Earlier,
};
