//! Which failure mode of one version is which of the other: by id, and by what is written where only the title changed.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::check::priority::{self, Priority};
use crate::model::{ModeIx, ModeView};

use super::names::{Names, Renamed};
use super::{Spot, Version};

/// The failure modes of two versions, side by side.
pub struct Pairs<'a> {
    /// Those that both versions have, in the order of the version after; renamed ones among them.
    pub both: Vec<(ModeView<'a>, ModeView<'a>)>,
    removed: Vec<ModeView<'a>>,
    added: Vec<ModeView<'a>>,
    renamed: Vec<Renamed>,
    /// What has another id, these failure modes included.
    pub names: Names<'a>,
}

/// Failure modes that came, went, or have another id.
#[derive(Debug, Serialize)]
pub struct Failures<'a> {
    /// What was not there before.
    pub added: Vec<Failure<'a>>,
    /// What is no longer there.
    pub removed: Vec<Failure<'a>>,
    /// What has another title, and with it another id; all else in its block is as it was.
    pub renamed: Vec<Renamed>,
}

/// A failure mode that came or went.
#[derive(Debug, Serialize)]
pub struct Failure<'a> {
    /// `page#failure`.
    pub id: String,
    /// The page.
    pub page: &'a str,
    /// What happens.
    pub title: &'a str,
    /// Its class, where it could be read.
    pub class: Option<&'a str>,
    /// Its priority: `low`, `medium`, `high`.
    pub priority: &'static str,
    /// Whether it has a way back.
    pub recovery: bool,
    /// Where it stands.
    #[serde(flatten)]
    pub spot: Spot<'a>,
}

/// `page#failure`.
pub fn id(mode: &ModeView<'_>) -> String {
    format!("{}#{}", mode.page.id, mode.written.id)
}

impl<'a> Pairs<'a> {
    /// Pairs the failure modes of two versions.
    pub fn of(before: &Version<'a>, after: &Version<'a>) -> Self {
        let names = Names::of(before, after);
        let (old, new) = (modes(before), modes(after));
        let old_ids: HashMap<String, ModeView<'a>> = old.iter().rev().map(|mode| (names.after(&id(mode)), *mode)).collect();
        let new_ids: HashSet<String> = new.iter().map(id).collect();
        let removed: Vec<ModeView<'a>> = old.iter().copied().filter(|mode| !new_ids.contains(&names.after(&id(mode)))).collect();
        let added: Vec<ModeView<'a>> = new.iter().copied().filter(|mode| !old_ids.contains_key(&id(mode))).collect();
        let alike = alike(before, after, &names, &removed, &added);
        let twins: HashMap<ModeIx, ModeView<'a>> = alike.iter().map(|(old, new)| (new.at, *old)).collect();
        let gone: HashSet<ModeIx> = alike.iter().map(|(old, _)| old.at).collect();
        let pair = |mode: &ModeView<'a>| Some((*old_ids.get(&id(mode)).or_else(|| twins.get(&mode.at))?, *mode));
        Self {
            both: new.iter().filter_map(pair).collect(),
            removed: removed.into_iter().filter(|mode| !gone.contains(&mode.at)).collect(),
            added: added.into_iter().filter(|mode| !twins.contains_key(&mode.at)).collect(),
            renamed: alike.iter().map(|(old, new)| Renamed { before: id(old), after: id(new) }).collect(),
            names: names.with_modes(alike.iter().map(|(old, new)| (id(old), id(new)))),
        }
    }

    /// What came, what went, and what has another name; the most pressing first.
    pub fn failures(self, before: &Version<'a>, after: &Version<'a>) -> Failures<'a> {
        let list = |version: &Version<'a>, modes: &[ModeView<'a>]| {
            let mut modes: Vec<(Priority, &ModeView<'a>)> =
                modes.iter().map(|mode| (priority::priority(version.handbook(), mode), mode)).collect();
            modes.sort_by_key(|(priority, mode)| (std::cmp::Reverse((*priority, mode.has_recovery())), mode.at));
            modes.into_iter().map(|(priority, mode)| failure(version, mode, priority)).collect()
        };
        Failures { added: list(after, &self.added), removed: list(before, &self.removed), renamed: self.renamed }
    }
}

fn failure<'a>(version: &Version<'a>, mode: &ModeView<'a>, priority: Priority) -> Failure<'a> {
    Failure {
        id: id(mode),
        page: &mode.page.id,
        title: &mode.written.title,
        class: mode.class(),
        priority: priority.name(),
        recovery: mode.has_recovery(),
        spot: version.spot(mode.page.path(), mode.written.place),
    }
}

fn modes<'a>(version: &Version<'a>) -> Vec<ModeView<'a>> {
    let handbook = version.handbook();
    version.pages().flat_map(|page| handbook.modes(page)).collect()
}

/// Failure modes that went and that came.
type WentAndCame<'a> = (Vec<ModeView<'a>>, Vec<ModeView<'a>>);

/// What went and what came on one page with the same words but for its title: one went, one came, and the words say something.
fn alike<'a>(
    before: &Version<'a>,
    after: &Version<'a>,
    names: &Names<'a>,
    removed: &[ModeView<'a>],
    added: &[ModeView<'a>],
) -> Vec<(ModeView<'a>, ModeView<'a>)> {
    let mut alike: HashMap<(&str, String), WentAndCame<'a>> = HashMap::new();
    for mode in removed {
        if let Some(words) = words(before, mode) {
            alike.entry((names.page_after(&mode.page.id), words)).or_default().0.push(*mode);
        }
    }
    for mode in added {
        if let Some(words) = words(after, mode) {
            alike.entry((&mode.page.id, words)).or_default().1.push(*mode);
        }
    }
    let mut renamed: Vec<_> = alike.into_values().filter_map(|(old, new)| Some((*only(&old)?, *only(&new)?))).collect();
    renamed.sort_by_key(|(_, new)| new.at);
    renamed
}

fn only<T>(list: &[T]) -> Option<&T> {
    if let [only] = list { Some(only) } else { None }
}

/// What stands in a failure mode's block and under its own heading, but for title and id; nothing where it is too little to know it by.
fn words(version: &Version<'_>, mode: &ModeView<'_>) -> Option<String> {
    /// Characters of a text by which it is known again.
    const ENOUGH: usize = 20;
    let page = &*version.analysis.sources.get(mode.page.path())?.text;
    let block = mode.page.document.outline.fences.get(mode.written.fence)?.text(page);
    let names = |line: &&str| {
        ["title", "id"].iter().any(|key| line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')))
    };
    let lines: Vec<&str> = block.lines().filter(|line| !names(line)).collect();
    let prose = mode.written.prose.and_then(|prose| page.get(prose.start()..prose.end()));
    let told = |text: &str| text.split(['"', '\'']).any(|part| part.trim().chars().count() >= ENOUGH);
    let known = lines.iter().any(|line| line.contains('=') && told(line.split_once('=').map_or("", |(_, value)| value)))
        || prose.is_some_and(|prose| prose.trim().chars().count() >= ENOUGH);
    known.then(|| format!("{}\n{}", lines.join("\n"), prose.unwrap_or_default()))
}
