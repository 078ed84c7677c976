//! Foresight: which incidents a page had foreseen, and whether the way back that it declared held.
//!
//! An incident names the failure mode that came true in `failure`. Without it nobody foresaw it, and it stays so when the failure mode is
//! written afterwards (`learned`). A control that nobody says held did not hold: where an incident is silent about `recovery_worked`, or the
//! failure mode had no way back, it was foreseen without control. What is dated after the day of the run has not happened; a `failure` that
//! cannot be read says nothing, and the fault has its own finding.

use jiff::civil::Date;

use crate::model::{Handbook, Incident, Kind, ModeIx, PageIx};
use crate::parse::front_matter::IncidentKeys;
use crate::parse::value::PageKind;

/// How well an incident was foreseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Foreseen {
    /// The page had it, and its way back worked.
    Controlled,
    /// The page had it, and its way back did not work.
    ControlFailed,
    /// The page had it, and no way back that is known to have worked or failed.
    WithoutControl,
    /// No page had it.
    Unforeseen,
}

impl Foreseen {
    /// All, the best first.
    pub const ALL: [Foreseen; 4] = [Foreseen::Controlled, Foreseen::ControlFailed, Foreseen::WithoutControl, Foreseen::Unforeseen];

    /// Whether a page had it.
    pub fn was_on_the_page(self) -> bool {
        self != Foreseen::Unforeseen
    }
}

/// What became of one incident.
#[derive(Clone, Debug)]
pub struct Outcome<'h> {
    /// The incident.
    pub page: PageIx,
    /// Its day, where it can be read.
    pub day: Option<Date>,
    /// Its class, or that of the failure mode that it names.
    pub class: Option<&'h str>,
    /// How well it was foreseen.
    pub foreseen: Foreseen,
    /// Whether the failure mode that came true declares a way back.
    pub had_recovery: bool,
}

/// All incidents up to the day of the run, newest first.
pub fn outcomes(handbook: &Handbook) -> Vec<Outcome<'_>> {
    let mut outcomes: Vec<Outcome<'_>> = handbook.of_kind(PageKind::Incident).filter_map(|page| outcome(handbook, page)).collect();
    outcomes.sort_by_key(|outcome| (std::cmp::Reverse(outcome.day), outcome.page));
    outcomes
}

fn outcome(handbook: &Handbook, index: PageIx) -> Option<Outcome<'_>> {
    let page = &handbook.pages[index];
    let (Kind::Incident(resolved), Some(keys)) = (&page.kind, page.incident_keys()) else { return None };
    let day = keys.date.as_ref().map(|date| date.value);
    let unreadable = keys.has("failure") && resolved.failure.is_none();
    if unreadable || day.is_some_and(|day| day > handbook.today) {
        return None;
    }
    let had_recovery = resolved.failure.is_some_and(|mode| handbook.mode(mode).has_recovery());
    Some(Outcome { page: index, day, class: class(handbook, resolved, keys), foreseen: foreseen(resolved, keys), had_recovery })
}

fn foreseen(resolved: &Incident, keys: &IncidentKeys) -> Foreseen {
    match (resolved.failure, keys.recovery_worked.as_ref().map(|worked| worked.value)) {
        (None, _) => Foreseen::Unforeseen,
        (Some(_), Some(true)) => Foreseen::Controlled,
        (Some(_), Some(false)) => Foreseen::ControlFailed,
        (Some(_), None) => Foreseen::WithoutControl,
    }
}

fn class<'h>(handbook: &'h Handbook, resolved: &Incident, keys: &'h IncidentKeys) -> Option<&'h str> {
    let of_mode = |mode: Option<ModeIx>| mode.and_then(|mode| handbook.mode(mode).class());
    keys.class.as_ref().map(|class| class.value.0.as_str()).or_else(|| of_mode(resolved.failure)).or_else(|| of_mode(resolved.learned))
}
