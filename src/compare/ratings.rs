//! Priorities that changed, and why: severity, likelihood or detection.

use std::cmp::Reverse;

use serde::Serialize;

use crate::check::priority::{Detection, Priority, Rating};
use crate::model::ModeView;

use super::pairs::{Pairs, id};
use super::{Change, Version};

/// A failure mode that is rated otherwise than before.
#[derive(Debug, Serialize)]
pub struct Rated {
    /// `page#failure`.
    pub id: String,
    /// What happens.
    pub title: String,
    /// The priority before: `low`, `medium`, `high`.
    pub before: &'static str,
    /// The priority after.
    pub after: &'static str,
    /// The severity, where it changed; where none is declared, the one that counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Change<&'static str>>,
    /// The likelihood, where it changed; where none is declared, the one that counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likelihood: Option<Change<&'static str>>,
    /// Who notices, where it changed: `none`, `human`, `automatic`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detection: Option<Change<&'static str>>,
}

/// Failure modes whose priority changed (those that rose first, then by the priority after), and those of which something changed that
/// leaves the priority as it was.
pub fn changes(before: &Version<'_>, after: &Version<'_>, pairs: &Pairs<'_>) -> (Vec<Rated>, Vec<Rated>) {
    let mut changed: Vec<(Priority, Priority, Rated)> = Vec::new();
    for (old, new) in &pairs.both {
        let (was, is) = (rating(before, old), rating(after, new));
        if was == is {
            continue;
        }
        let rated = Rated {
            id: id(new),
            title: new.written.title.clone(),
            before: was.priority().name(),
            after: is.priority().name(),
            severity: Change::of(was.severity.name(), is.severity.name()),
            likelihood: Change::of(was.likelihood.name(), is.likelihood.name()),
            detection: Change::of(name(was.detection), name(is.detection)),
        };
        changed.push((was.priority(), is.priority(), rated));
    }
    changed.sort_by_key(|(was, is, _)| (Reverse(is > was), Reverse(*is)));
    let (same, other): (Vec<_>, Vec<_>) = changed.into_iter().partition(|(was, is, _)| was == is);
    let rated = |list: Vec<(Priority, Priority, Rated)>| list.into_iter().map(|(_, _, rated)| rated).collect();
    (rated(other), rated(same))
}

fn rating(version: &Version<'_>, mode: &ModeView<'_>) -> Rating {
    Rating::of(version.handbook(), mode)
}

fn name(detection: Detection) -> &'static str {
    match detection {
        Detection::None => "none",
        Detection::Human => "human",
        Detection::Automatic => "automatic",
    }
}
