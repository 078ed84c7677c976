//! Levels of rules in the settings: what is reported otherwise though nothing else changed.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Version;

/// A rule, a group or the preset, with another level than before.
#[derive(Debug, Serialize)]
pub struct ChangedLevel<'a> {
    /// The rule or group, or `preset`.
    pub name: &'a str,
    /// The level before; nothing where the settings did not say.
    pub before: Option<&'static str>,
    /// The level after.
    pub after: Option<&'static str>,
}

/// The levels that changed: what was turned off first, then by name.
pub fn changes<'a>(before: &Version<'a>, after: &Version<'a>) -> Vec<ChangedLevel<'a>> {
    let (was, is) = (levels(before), levels(after));
    let names: std::collections::BTreeSet<&str> = was.keys().chain(is.keys()).copied().collect();
    let change = |name: &'a str| ChangedLevel { name, before: was.get(name).copied(), after: is.get(name).copied() };
    let mut changed: Vec<ChangedLevel<'a>> = names.into_iter().map(change).filter(|change| change.before != change.after).collect();
    changed.sort_by_key(|change| change.after != Some("off"));
    changed
}

fn levels<'a>(version: &Version<'a>) -> BTreeMap<&'a str, &'static str> {
    let settings = &version.handbook().settings;
    let levels = settings.levels.iter().map(|(name, level)| (name.value.as_str(), level.name()));
    levels.chain([("preset", settings.preset.name())]).collect()
}
