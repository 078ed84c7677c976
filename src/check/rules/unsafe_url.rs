//! A URL has a scheme outside http, https, mailto and tel.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::Level;

/// Found while pages are read and resolved.
pub const RULE: Rule = Rule {
    name: "unsafe-url",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::No,
    summary: "A URL has a scheme outside http, https, mailto and tel.",
    look: Look::Earlier,
};
