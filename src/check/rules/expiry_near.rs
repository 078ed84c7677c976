//! Something that serious processes need expires within 30 days, or has expired.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::users::is_serious_and_active;
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, Kind, Page, PageIx};
use crate::parse::value::{Expiry, PageKind};
use crate::source::Span;

/// How many days ahead it is said.
const AHEAD: i64 = 30;

/// One finding per system.
pub const RULE: Rule = Rule {
    name: "expiry-near",
    group: Group::OutageQuestions,
    level: DefaultLevel::Each("warning, error where it is past"),
    waivable: Waivable::Yes,
    summary: "Something that a serious process needs expires within 30 days, or has expired.",
    look: Look::Handbook(look),
};

fn look(handbook: &Handbook) -> Vec<Finding> {
    let near: HashMap<PageIx, (Date, Span)> =
        handbook.of_kind(PageKind::System).filter_map(|system| Some((system, near(handbook, system)?))).collect();
    if near.is_empty() {
        return Vec::new();
    }
    let mut users: BTreeMap<PageIx, Vec<(Place, String)>> = BTreeMap::new();
    for process in handbook.processes().filter(|process| is_serious_and_active(handbook, *process)) {
        let mut known: Vec<PageIx> = Vec::new();
        for direct in handbook.dependencies(process) {
            for system in handbook.needs.below(direct.page).filter(|page| near.contains_key(page)) {
                if !known.contains(&system) {
                    known.push(system);
                    let place = Place::new(handbook.pages[process].path(), direct.span);
                    users.entry(system).or_default().push((place, words(handbook, process, direct.page, system)));
                }
            }
        }
    }
    users.into_iter().filter_map(|(system, users)| Some(finding(handbook, system, *near.get(&system)?, users))).collect()
}

/// The last day of a system and its place, where that is within 30 days or past.
fn near(handbook: &Handbook, system: PageIx) -> Option<(Date, Span)> {
    let expires = handbook.pages[system].system_keys()?.expires.as_ref()?;
    match expires.value {
        Expiry::On(day) if days_until(handbook, day) <= AHEAD => Some((day, expires.span)),
        _ => None,
    }
}

fn days_until(handbook: &Handbook, day: Date) -> i64 {
    i64::from((day - handbook.today).get_days())
}

/// How a process needs the system: `Deploy → Load balancer → Edge certificate`.
fn words(handbook: &Handbook, process: PageIx, direct: PageIx, system: PageIx) -> String {
    let title = |page: PageIx| handbook.pages[page].title();
    if direct == system {
        return format!("`{}` needs it", title(process));
    }
    let chain = handbook.needs.chain(direct, system).unwrap_or_default();
    let titles: Vec<&str> = std::iter::once(process).chain(chain).map(title).collect();
    titles.join(" → ")
}

fn finding(handbook: &Handbook, system: PageIx, (day, span): (Date, Span), users: Vec<(Place, String)>) -> Finding {
    let page = &handbook.pages[system];
    let title = page.title();
    let (level, message) = match days_until(handbook, day) {
        0 => (Level::Warning, format!("`{title}` expires today, {day}")),
        1 => (Level::Warning, format!("`{title}` expires tomorrow, {day}")),
        -1 => (Level::Error, format!("`{title}` expired yesterday, on {day}")),
        days @ ..0 => (Level::Error, format!("`{title}` expired on {day}, {} days ago", -days)),
        days => (Level::Warning, format!("`{title}` expires on {day}, in {days} days")),
    };
    let finding = Finding::new(RULE.name, Place::new(page.path(), span), Element::page(&page.id), message)
        .level(level)
        .note("what needs it stops on that day, all of it at once")
        .help(help(handbook, page));
    users.into_iter().fold(finding, |finding, (place, words)| finding.mark(place, words))
}

fn help(handbook: &Handbook, page: &Page) -> String {
    let by = match &page.kind {
        Kind::System(system) => system.renewed_by,
        _ => None,
    };
    let given = page.system_keys().is_some_and(|keys| keys.has("renewed_by"));
    match by.map(|process| &handbook.pages[process]) {
        Some(process) => format!("renew it by `{}` (`{}`), then write the new day as `expires`", process.title(), process.id),
        None if given => "renew it, then write the new day as `expires`".to_owned(),
        None => "renew it, then write the new day as `expires`; and name the process that renews it: `renewed_by = \"…\"`".to_owned(),
    }
}
