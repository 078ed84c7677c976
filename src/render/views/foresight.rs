//! Incidents against what pages had said before: counts, over time, and one by one.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::check::foresight::{Foreseen, Outcome};
use crate::model::Kind;
use crate::parse::value::CLASSES;

use super::super::register::ROWS;
use super::super::sums::Sums;
use super::super::words;
use super::risks::{Pager, pager};
use super::{ClassView, Here, Link, ModeLink};

/// One part of the page: the counts, and some of the incidents.
#[derive(Clone, Debug, Serialize)]
pub struct ForesightView {
    /// How many incidents there are.
    pub total: usize,
    /// How many of them were on a page before.
    pub foreseen: usize,
    /// The part of them in whole percent; none under ten incidents.
    pub percent: Option<usize>,
    /// How many there are of each kind, the best first.
    pub states: Vec<StateCount>,
    /// The counts by class.
    pub classes: Vec<ClassRow>,
    /// The counts by quarter, in order; quarters without an incident are left out.
    pub quarters: Vec<QuarterRow>,
    /// The last twelve quarters, as a drawing; none where no incident has a day.
    pub chart: Option<ForesightChart>,
    /// The incidents of this part, newest first.
    pub incidents: Vec<IncidentRow>,
    /// The other parts.
    pub pager: Pager,
}

/// How well an incident was foreseen.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct StateView {
    /// `controlled`, `control-failed`, `without-control` or `unforeseen`.
    pub id: &'static str,
    /// The letter in the chart: C, F, W, U.
    pub letter: &'static str,
    /// In words.
    pub title: &'static str,
}

/// How often.
#[derive(Clone, Debug, Serialize)]
pub struct StateCount {
    /// How well they were foreseen.
    pub state: StateView,
    /// How many.
    pub count: usize,
}

/// The incidents of one class.
#[derive(Clone, Debug, Serialize)]
pub struct ClassRow {
    /// The class; none where neither the incident nor its failure mode says it.
    pub class: Option<ClassView>,
    /// How many of each kind, in the order of the kinds.
    pub counts: Vec<usize>,
    /// All together.
    pub total: usize,
}

/// The incidents of one quarter.
#[derive(Clone, Debug, Serialize)]
pub struct QuarterRow {
    /// `Jul to Sep 2026`; none for incidents whose day cannot be read.
    pub quarter: Option<String>,
    /// How many of each kind, in the order of the kinds.
    pub counts: Vec<usize>,
    /// All together.
    pub total: usize,
}

/// An incident in the list.
#[derive(Clone, Debug, Serialize)]
pub struct IncidentRow {
    /// The day.
    pub date: Option<String>,
    /// The incident.
    pub link: Link,
    /// The process that it hit.
    pub process: Option<Link>,
    /// Its class.
    pub class: Option<ClassView>,
    /// How well it was foreseen.
    pub state: StateView,
    /// The same in a few words.
    pub words: &'static str,
    /// The failure mode that came true.
    pub failure: Option<ModeLink>,
    /// The failure mode that was written afterwards.
    pub learned: Option<ModeLink>,
    /// What was done about it.
    pub done: usize,
    /// What is still to be done.
    pub open: usize,
}

/// The chart: a bar for each quarter, in units of the drawing.
#[derive(Clone, Debug, Serialize)]
pub struct ForesightChart {
    /// The width of the drawing.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// A bar for each quarter, those without an incident too.
    pub bars: Vec<QuarterBar>,
}

/// The bar of a quarter.
#[derive(Clone, Debug, Serialize)]
pub struct QuarterBar {
    /// `Q3 2026`.
    pub name: String,
    /// Where it stands.
    pub y: u32,
    /// Its parts, the best first.
    pub parts: Vec<BarPart>,
    /// Where it ends.
    pub end: u32,
    /// How many incidents there were.
    pub total: usize,
}

/// A part of a bar.
#[derive(Clone, Debug, Serialize)]
pub struct BarPart {
    /// How well these were foreseen.
    pub state: StateView,
    /// How many there are.
    pub count: usize,
    /// Where it begins.
    pub x: u32,
    /// How long it is.
    pub width: u32,
    /// Whether there is room for its letter.
    pub lettered: bool,
}

/// Quarters in the drawing at most.
const DRAWN: i32 = 12;

const WIDTH: u32 = 340;
const START: u32 = 66;
const ROOM: u32 = 240;
/// The length of one incident, where there are few.
const ONE: u32 = 24;
const LINE: u32 = 24;
/// From this length on a part of a bar has room for its letter and number.
const LETTERED: u32 = 22;

/// A part of the page.
pub fn foresight(here: &Here<'_>, sums: &Sums, outcomes: &[Outcome<'_>], urls: &[String], part: usize) -> ForesightView {
    let count = |wanted: Foreseen| outcomes.iter().filter(|outcome| outcome.foreseen == wanted).count();
    let shown = outcomes.iter().skip(part * ROWS).take(ROWS);
    ForesightView {
        total: sums.incidents,
        foreseen: sums.foreseen,
        percent: (sums.incidents >= 10).then(|| sums.foreseen * 100 / sums.incidents),
        states: Foreseen::ALL.into_iter().map(|state| StateCount { state: state_view(state), count: count(state) }).collect(),
        classes: classes(here, outcomes),
        quarters: quarters(outcomes),
        chart: chart(outcomes),
        incidents: shown.map(|outcome| row(here, outcome)).collect(),
        pager: pager(here, urls, part),
    }
}

fn state_view(state: Foreseen) -> StateView {
    let (id, letter, title) = match state {
        Foreseen::Controlled => ("controlled", "C", "foreseen and controlled"),
        Foreseen::ControlFailed => ("control-failed", "F", "foreseen, the way back failed"),
        Foreseen::WithoutControl => ("without-control", "W", "foreseen, without a way back that held"),
        Foreseen::Unforeseen => ("unforeseen", "U", "not foreseen"),
    };
    StateView { id, letter, title }
}

fn tally<'o, 'h: 'o>(outcomes: impl Iterator<Item = &'o Outcome<'h>>) -> Tally {
    let mut counts = vec![0; Foreseen::ALL.len()];
    let mut total = 0;
    for outcome in outcomes {
        counts[outcome.foreseen as usize] += 1;
        total += 1;
    }
    (counts, total)
}

/// The four classes always, others where there was an incident of them.
fn classes(here: &Here<'_>, outcomes: &[Outcome<'_>]) -> Vec<ClassRow> {
    let mut others: Vec<&str> = outcomes.iter().filter_map(|outcome| outcome.class).filter(|class| !CLASSES.contains(class)).collect();
    others.sort_unstable();
    others.dedup();
    let known = CLASSES.into_iter().chain(others).map(Some);
    let row = |class: Option<&str>| {
        let (counts, total) = tally(outcomes.iter().filter(|outcome| outcome.class == class));
        ClassRow { class: class.map(|class| here.class(class)), counts, total }
    };
    known.chain([None]).map(row).filter(|row| row.class.is_some() || row.total > 0).collect()
}

/// The quarter of a day, counted from the year 0.
fn quarter(day: Date) -> i32 {
    i32::from(day.year()) * 4 + (i32::from(day.month()) - 1) / 3
}

/// How many incidents of each state, in the order of [`Foreseen::ALL`], and all together.
type Tally = (Vec<usize>, usize);

fn by_quarter(outcomes: &[Outcome<'_>]) -> BTreeMap<Option<i32>, Tally> {
    let mut quarters: BTreeMap<Option<i32>, Vec<&Outcome<'_>>> = BTreeMap::new();
    for outcome in outcomes {
        quarters.entry(outcome.day.map(quarter)).or_default().push(outcome);
    }
    quarters.into_iter().map(|(quarter, outcomes)| (quarter, tally(outcomes.into_iter()))).collect()
}

fn quarters(outcomes: &[Outcome<'_>]) -> Vec<QuarterRow> {
    let months = ["Jan to Mar", "Apr to Jun", "Jul to Sep", "Oct to Dec"];
    let name = |quarter: i32| format!("{} {}", months[quarter.rem_euclid(4) as usize], quarter.div_euclid(4));
    let row = |(quarter, (counts, total)): (Option<i32>, Tally)| QuarterRow { quarter: quarter.map(name), counts, total };
    by_quarter(outcomes).into_iter().map(row).collect()
}

fn chart(outcomes: &[Outcome<'_>]) -> Option<ForesightChart> {
    let quarters = by_quarter(outcomes);
    let last = quarters.keys().copied().flatten().max()?;
    let first = quarters.keys().copied().flatten().min()?.max(last - DRAWN + 1);
    let drawn = || (first..=last).map(|quarter| (quarter, quarters.get(&Some(quarter))));
    let most = drawn().filter_map(|(_, counts)| counts).map(|(_, total)| *total).max()? as u32;
    let bar = |(line, (quarter, counts)): (u32, (i32, Option<&Tally>))| {
        let mut end = START;
        let counts = counts.map_or(&[][..], |(counts, _)| counts);
        let parts = Foreseen::ALL.into_iter().zip(counts).filter(|(_, count)| **count > 0).map(|(state, count)| {
            let x = end;
            let width = length(*count as u32, most);
            end += width;
            BarPart { state: state_view(state), count: *count, x, width, lettered: width >= LETTERED }
        });
        let parts: Vec<BarPart> = parts.collect();
        QuarterBar {
            name: format!("Q{} {}", quarter.rem_euclid(4) + 1, quarter.div_euclid(4)),
            y: line * LINE,
            total: counts.iter().sum(),
            parts,
            end,
        }
    };
    let bars: Vec<QuarterBar> = (0..).zip(drawn()).map(bar).collect();
    Some(ForesightChart { width: WIDTH, height: bars.len() as u32 * LINE, bars })
}

/// How long so many incidents are, where the longest bar has `most`.
fn length(count: u32, most: u32) -> u32 {
    if most * ONE <= ROOM { count * ONE } else { (count * ROOM / most).max(1) }
}

fn row(here: &Here<'_>, outcome: &Outcome<'_>) -> IncidentRow {
    let handbook = here.atlas.handbook;
    let page = &handbook.pages[outcome.page];
    let model = match &page.kind {
        Kind::Incident(incident) => Some(incident),
        _ => None,
    };
    let actions = page.incident_keys().map_or(&[][..], |keys| &keys.action);
    let done = actions.iter().filter(|action| action.has("done")).count();
    let words = match (outcome.foreseen, outcome.had_recovery) {
        (Foreseen::Controlled, _) => "foreseen, and the way back worked",
        (Foreseen::ControlFailed, _) => "foreseen, and the way back did not work",
        (Foreseen::WithoutControl, false) => "foreseen, and the page has no way back",
        (Foreseen::WithoutControl, true) => "foreseen, and nobody says whether the way back worked",
        (Foreseen::Unforeseen, _) => "not foreseen",
    };
    IncidentRow {
        date: outcome.day.map(words::day),
        link: here.page(outcome.page),
        process: model.and_then(|incident| incident.process).map(|process| here.page(process)),
        class: outcome.class.map(|class| here.class(class)),
        state: state_view(outcome.foreseen),
        words,
        failure: model.and_then(|incident| incident.failure).map(|mode| here.mode(mode)),
        learned: model.and_then(|incident| incident.learned).map(|mode| here.mode(mode)),
        done,
        open: actions.len() - done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(day: Option<Date>, foreseen: Foreseen) -> Outcome<'static> {
        Outcome { page: 0, day, class: None, foreseen, had_recovery: true }
    }

    #[test]
    fn quarters_without_an_incident_are_drawn_and_not_listed() {
        let day = |year, month| Some(jiff::civil::date(year, month, 1));
        let outcomes = [
            outcome(day(2026, 12), Foreseen::Unforeseen),
            outcome(day(2026, 10), Foreseen::Controlled),
            outcome(day(2026, 3), Foreseen::Controlled),
            outcome(None, Foreseen::ControlFailed),
        ];
        let listed: Vec<(Option<String>, Vec<usize>)> = quarters(&outcomes).into_iter().map(|row| (row.quarter, row.counts)).collect();
        assert_eq!(
            listed,
            [
                (None, vec![0, 1, 0, 0]),
                (Some("Jan to Mar 2026".to_owned()), vec![1, 0, 0, 0]),
                (Some("Oct to Dec 2026".to_owned()), vec![1, 0, 0, 1])
            ]
        );
        let drawn: Vec<(String, usize)> = chart(&outcomes).unwrap().bars.into_iter().map(|bar| (bar.name, bar.total)).collect();
        assert_eq!(drawn, [("Q1 2026", 1), ("Q2 2026", 0), ("Q3 2026", 0), ("Q4 2026", 2)].map(|(name, total)| (name.to_owned(), total)));
    }

    #[test]
    fn a_long_past_is_cut_to_twelve_quarters() {
        let day = |year| Some(jiff::civil::date(year, 2, 1));
        let bars = chart(&[outcome(day(2026), Foreseen::Controlled), outcome(day(1999), Foreseen::Controlled)]).unwrap().bars;
        assert_eq!((bars.len(), bars[0].name.as_str(), bars[11].name.as_str()), (12, "Q2 2023", "Q1 2026"));
        assert!(chart(&[outcome(None, Foreseen::Controlled)]).is_none());
    }

    #[test]
    fn bars_fit_into_the_drawing() {
        assert_eq!((length(3, 4), length(10, 10), length(11, 11), length(1, 100_000)), (72, 240, 240, 1));
    }
}
