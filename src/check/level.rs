//! The level of each finding: the rule's own, then preset, group and rule from the settings, then the status of the process.

use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, Kind, Page};
use crate::parse::nearest::guess;
use crate::parse::value::{Severity, Status};
use crate::settings::{Preset, Setting, Settings};

use super::rule::{DefaultLevel, Group, Rule};
use super::rules::{RULES, find};

/// The rules of coverage that keep their level under the preset `first-steps`.
const FIRST_STEPS: [&str; 3] = ["class-not-considered", "missing-detection", "missing-recovery"];

/// The level of a finding, or nothing where its rule is off.
pub fn level(handbook: &Handbook, finding: &Finding) -> Option<Level> {
    let Some(rule) = find(finding.rule) else { return Some(Level::Error) };
    let page = handbook.page(&finding.element.page);
    let own = match rule.level {
        DefaultLevel::Always(level) => level,
        DefaultLevel::Each(_) => finding.level,
        DefaultLevel::ByCriticality if page.is_some_and(|page| page.criticality() >= Severity::Major) => Level::Error,
        DefaultLevel::ByCriticality => Level::Warning,
    };
    let settings = &handbook.settings;
    let set = |name: &str| settings.levels.iter().find(|(key, _)| key.value == name).map(|(_, setting)| *setting);
    let level = match set(rule.name).or_else(|| set(rule.group.name())) {
        Some(setting) => setting.level()?,
        None => preset(settings.preset, rule, own),
    };
    let on_proposed = finding.for_proposed || page.is_some_and(|page| status(handbook, page) == Status::Proposed);
    let proposed = on_proposed && rule.group != Group::Structure;
    Some(if proposed { Level::Info } else { level })
}

/// Whether the settings turn a rule off.
pub fn is_off(settings: &Settings, rule: &Rule) -> bool {
    let set = |name: &str| settings.levels.iter().find(|(key, _)| key.value == name).map(|(_, setting)| *setting);
    set(rule.name).or_else(|| set(rule.group.name())).is_some_and(|setting| setting.level().is_none())
}

/// Whether what a page is about is in force: a process, or the process that an incident hit.
fn status(handbook: &Handbook, page: &Page) -> Status {
    match &page.kind {
        Kind::Incident(incident) => incident.process.map_or(Status::Active, |process| handbook.pages[process].status()),
        _ => page.status(),
    }
}

fn preset(preset: Preset, rule: &Rule, own: Level) -> Level {
    let first = matches!(rule.group, Group::Structure | Group::SharedFate) || FIRST_STEPS.contains(&rule.name);
    match preset {
        Preset::Standard => own,
        Preset::FirstSteps if first => own,
        Preset::FirstSteps => Level::Info,
        Preset::Strict if rule.group == Group::Coverage => Level::Error,
        Preset::Strict => own.max(Level::Warning),
    }
}

/// The names under `[rules]` that are neither a rule nor a group.
pub fn unknown_names(settings: &Settings) -> Vec<Finding> {
    let known: Vec<&str> = RULES.iter().map(|rule| rule.name).chain(Group::ALL.map(Group::name)).collect();
    let unknown = settings.levels.iter().filter(|(name, _)| !known.contains(&name.value.as_str()));
    let finding = |(name, _): &(crate::source::Located<String>, Setting)| {
        let place = Place::new(&crate::settings::path(), name.span);
        let element = Element::page(crate::settings::FILE).part(format!("rules.{}", name.value));
        let finding = Finding::new("unknown-key", place.clone(), element, format!("no rule or group is called `{}`", name.value));
        let is_set = |name: &str| settings.levels.iter().any(|(set, _)| set.value == name);
        match guess(&name.value, &known) {
            Some(near) if near.is_certain && !is_set(near.name) => {
                let key = if near.name.contains(' ') { format!("{:?}", near.name) } else { near.name.to_owned() };
                finding.help(format!("did you mean `{}`?", near.name)).patch(place, key)
            }
            Some(near) => finding.help(format!("did you mean `{}`?", near.name)),
            None => finding.help("`forewarn explain --list` shows all rules and groups"),
        }
    };
    unknown.map(finding).collect()
}
