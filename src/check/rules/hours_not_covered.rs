//! A recovery needs a role at an hour at which the process runs and neither the role nor its backup is there.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::check::hours::{Presence, Stretch};
use crate::check::people::{self, Backup, Hand};
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::{sums, users};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, ModeView, PageIx};
use crate::parse::value::{Hours, Parsed, Status};
use crate::source::Located;

/// One finding per failure mode, at the role whose first hole is the earliest.
pub const RULE: Rule = Rule {
    name: "hours-not-covered",
    group: Group::People,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::Yes,
    summary: "A recovery needs a role at an hour at which the process runs and neither the role nor its backup is there.",
    look: Look::Handbook(look),
};

/// Hours as their author wrote them.
type Written<'h> = &'h Located<Parsed<Hours>>;

/// A failure mode whose recovery needs roles, and the processes that it can hit, one for each of their hours.
struct Case<'h> {
    mode: ModeView<'h>,
    hands: Vec<Hand>,
    runs: Vec<(PageIx, Written<'h>)>,
}

fn look(handbook: &Handbook) -> Vec<Finding> {
    let Some(year) = Stretch::year_from(handbook.today) else { return Vec::new() };
    let cases = cases(handbook);
    let holes = Holes::of(handbook, year, &cases);
    cases.iter().filter_map(|case| finding(handbook, case, &holes)).collect()
}

fn cases(handbook: &Handbook) -> Vec<Case<'_>> {
    let in_force = (0..handbook.pages.len()).filter(|page| handbook.pages[*page].status() != Status::Retired);
    let modes = in_force.flat_map(|page| handbook.modes(page));
    let needing: Vec<(ModeView<'_>, Vec<Hand>)> = modes
        .filter_map(|mode| {
            let mut hands = people::of_recovery(handbook, &mode);
            hands.retain(|hand| shift(handbook, hand.role).is_some());
            (!hands.is_empty()).then_some((mode, hands))
        })
        .collect();
    let on_system = needing.iter().any(|(mode, _)| mode.page.process().is_none());
    let users = if on_system { users::of_active(handbook) } else { users::Users::new() };
    let runs: HashMap<PageIx, Vec<(PageIx, Written<'_>)>> = users.iter().map(|(used, users)| (*used, distinct(handbook, users))).collect();
    let of = |mode: &ModeView<'_>| match mode.page.process() {
        Some(_) => runs_of(handbook, mode.at.page).map(|runs| (mode.at.page, runs)).into_iter().collect(),
        None => runs.get(&mode.at.page).cloned().unwrap_or_default(),
    };
    needing.into_iter().map(|(mode, hands)| Case { runs: of(&mode), mode, hands }).filter(|case| !case.runs.is_empty()).collect()
}

fn runs_of(handbook: &Handbook, process: PageIx) -> Option<Written<'_>> {
    handbook.pages[process].process_keys()?.runs.as_ref()
}

/// The first process of each hours, in page order.
fn distinct<'h>(handbook: &'h Handbook, users: &[(PageIx, Place)]) -> Vec<(PageIx, Written<'h>)> {
    let mut seen = BTreeSet::new();
    let runs = users.iter().filter_map(|(process, _)| Some((*process, runs_of(handbook, *process)?)));
    runs.filter(|(_, runs)| seen.insert(text(runs))).collect()
}

fn text<'h>(hours: Written<'h>) -> &'h str {
    hours.value.text.trim()
}

/// The hours of a role and of its backup, as far as both are stated; nothing where nobody can say when somebody is there.
fn shift(handbook: &Handbook, role: PageIx) -> Option<(Written<'_>, Option<Written<'_>>)> {
    let hours = |role: PageIx| handbook.pages[role].role_keys().and_then(|keys| keys.hours.as_ref());
    match people::backup(handbook, role) {
        Backup::Nobody => Some((hours(role)?, None)),
        Backup::Unreadable => None,
        Backup::Role(backup) => Some((hours(role)?, Some(hours(backup)?))),
    }
}

/// A stretch in which nobody is there, and when somebody is again.
#[derive(Clone, Copy)]
struct Hole {
    stretch: Stretch,
    back: Option<i64>,
}

/// The first hole of each role in each hours that it is needed for; every pair is looked at once.
struct Holes<'h>(HashMap<(&'h str, PageIx), Hole>);

impl<'h> Holes<'h> {
    fn of(handbook: &'h Handbook, year: Stretch, cases: &[Case<'h>]) -> Self {
        let mut wanted: BTreeMap<&'h str, (Written<'h>, BTreeSet<PageIx>)> = BTreeMap::new();
        for case in cases {
            for (_, runs) in &case.runs {
                let (_, roles) = wanted.entry(text(runs)).or_insert_with(|| (runs, BTreeSet::new()));
                roles.extend(case.hands.iter().map(|hand| hand.role));
            }
        }
        let mut shifts: HashMap<PageIx, Option<Presence>> = HashMap::new();
        let mut holes = HashMap::new();
        for (text, (runs, roles)) in wanted {
            let Some(runs) = Presence::of(&runs.value.value, year) else { continue };
            for role in roles {
                let there = shifts.entry(role).or_insert_with(|| {
                    let (own, backup) = shift(handbook, role)?;
                    let own = Presence::of(&own.value.value, year)?;
                    Some(match backup {
                        Some(backup) => own.and(&Presence::of(&backup.value.value, year)?),
                        None => own,
                    })
                });
                let hole = there.as_ref().and_then(|there| {
                    let stretch = runs.first_without(there)?;
                    Some(Hole { stretch, back: there.next(stretch.from) })
                });
                holes.extend(hole.map(|hole| ((text, role), hole)));
            }
        }
        Self(holes)
    }

    /// The earliest hole of a role in one of several hours, with the process.
    fn earliest(&self, role: PageIx, runs: &[(PageIx, Written<'h>)]) -> Option<(Hole, PageIx, Written<'h>)> {
        let found = runs.iter().filter_map(|(process, runs)| Some((*self.0.get(&(text(runs), role))?, *process, *runs)));
        found.min_by_key(|(hole, _, _)| hole.stretch.from)
    }
}

/// The zone by whose clock a role lives.
fn zone(hours: &Hours) -> &str {
    match hours {
        Hours::Always => "UTC",
        Hours::Windows(windows) => windows.first().map_or("UTC", |window| &window.zone),
    }
}

fn finding(handbook: &Handbook, case: &Case<'_>, holes: &Holes<'_>) -> Option<Finding> {
    let mode = &case.mode;
    let mut found: Vec<(Hand, Hole, PageIx, Written<'_>)> = case
        .hands
        .iter()
        .filter_map(|hand| {
            let (hole, process, runs) = holes.earliest(hand.role, &case.runs)?;
            Some((*hand, hole, process, runs))
        })
        .collect();
    found.sort_by_key(|(_, hole, _, _)| hole.stretch.from);
    let (hand, hole, process, runs) = *found.first()?;
    let (own, backup) = shift(handbook, hand.role)?;
    let (role, title) = (&handbook.pages[hand.role], &mode.written.title);
    let (who, there) = match people::backup(handbook, hand.role) {
        Backup::Role(backup) => (format!("`{}` or its backup `{}`", role.title(), handbook.pages[backup].title()), "neither is there"),
        _ => (format!("`{}`", role.title()), "nobody is there"),
    };
    let when = hole.stretch.in_words(zone(&own.value.value))?;
    let whose = match mode.page.process() {
        Some(_) => String::new(),
        None => format!(", when `{}` may run", handbook.pages[process].title()),
    };
    let element = Element::thing(&mode.page.id, &mode.written.id);
    let message = format!("the recovery of `{title}` needs {who}, and {there} {when}{whose}");
    let mut finding = Finding::new(RULE.name, people::called(handbook, mode, hand), element, message)
        .mark(Place::new(handbook.pages[process].path(), runs.span), "it may fail at any of these hours")
        .mark(Place::new(role.path(), own.span), format!("when `{}` is there", role.title()));
    if let (Backup::Role(backup), Some(hours)) = (people::backup(handbook, hand.role), backup) {
        let backup = &handbook.pages[backup];
        finding = finding.mark(Place::new(backup.path(), hours.span), format!("when `{}` is there", backup.title()));
    }
    for (other, hole, _, _) in found.iter().skip(1) {
        let (hours, _) = shift(handbook, other.role)?;
        let words = format!("nor is `{}` {}", handbook.pages[other.role].title(), hole.stretch.in_words(zone(&hours.value.value))?);
        finding = finding.mark(people::called(handbook, mode, *other), words);
    }
    let waits = hole.back.map_or_else(
        || "what fails then is not recovered by anybody within a year".to_owned(),
        |back| {
            format!("what fails at the beginning of it waits {} for somebody who can help", sums::length((back - hole.stretch.from).into()))
        },
    );
    Some(finding.note(waits).help(format!(
        "name who is there then: `backup = \"…\"` for `{}`, or another `by`; or let the process run only while somebody is: `runs = \"…\"`",
        role.id
    )))
}
