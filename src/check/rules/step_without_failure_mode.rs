//! To come.
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::Level;
/// To come.
pub const RULE: Rule = Rule { name: "step-without-failure-mode", group: Group::Coverage, level: DefaultLevel::Always(Level::Warning), waivable: Waivable::Yes, summary: "", look: Look::Earlier };
