//! What is full first when processes run more often: the sums, and the chart of the ten nearest.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};
use serde::Serialize;

use crate::check::growth::{self, Demand, Stock};
use crate::check::sums;
use crate::model::PageIx;
use crate::parse::value::{PageKind, said};

use super::super::register::ROWS;
use super::{Here, Link, anchor};

/// What fills up.
#[derive(Clone, Debug, Serialize)]
pub struct GrowthView {
    /// What is full first and at which factor, in one sentence; none where nothing planned asks for anything.
    pub first_html: Option<String>,
    /// What of a system is nearest to running out, in one sentence.
    pub stock_html: Option<String>,
    /// Roles and systems that are asked for something, what is full first before the others.
    pub demands: Vec<DemandView>,
    /// How many more there are, which are further from full.
    pub more: usize,
    /// Roles and systems that could give, and of which nothing planned asks anything.
    pub idle: Vec<Link>,
    /// What runs out.
    pub stocks: Vec<StockView>,
    /// How many more run out later.
    pub more_stocks: usize,
    /// The ten nearest, as a drawing; none where there is nothing to draw.
    pub chart: Option<GrowthChart>,
    /// Whether roles are left out, because the site is for everybody.
    pub without_people: bool,
}

/// What is asked of a role or a system.
#[derive(Clone, Debug, Serialize)]
pub struct DemandView {
    /// The role or system.
    pub link: Link,
    /// `role` or `system`.
    pub kind: &'static str,
    /// `min` or `calls`.
    pub unit: &'static str,
    /// `week`.
    pub period: &'static str,
    /// What is asked now; a number in words.
    pub now: String,
    /// How many of the processes do not say how often they run now.
    pub now_not_stated: usize,
    /// What is asked as planned.
    pub planned: String,
    /// The same, as exact as it must be beside what can be given.
    pub planned_exact: String,
    /// What is asked at ten times that.
    pub tenfold: String,
    /// What it can give.
    pub given: String,
    /// How that comes about: `2 holders × 600 min`; none where it is declared as it is.
    pub given_sum: Option<String>,
    /// How many times the planned volume fits.
    pub full_at: Option<String>,
    /// Whether what is planned does not fit.
    pub exceeded: bool,
    /// The sum, process by process.
    pub terms: Vec<TermView>,
}

/// What one process asks.
#[derive(Clone, Debug, Serialize)]
pub struct TermView {
    /// The process.
    pub process: Link,
    /// What one run asks.
    pub per_run: String,
    /// How often it runs now, as written.
    pub now: Option<String>,
    /// How often it is planned to run, as written.
    pub planned: String,
    /// What its planned runs ask in the period.
    pub total: String,
}

/// Something of a system that runs out.
#[derive(Clone, Debug, Serialize)]
pub struct StockView {
    /// The system.
    pub link: Link,
    /// What runs out.
    pub what_html: Option<String>,
    /// How much is used.
    pub now: String,
    /// How much there is.
    pub max: String,
    /// Where an alert fires.
    pub alert_at: Option<String>,
    /// How many times what is used now fits.
    pub full_at: Option<String>,
    /// Whether more is used than there is.
    pub exceeded: bool,
}

/// The chart: three bars for each role or system, as long as the part that they are of what it can give. In units of the drawing.
#[derive(Clone, Debug, Serialize)]
pub struct GrowthChart {
    /// The width of the drawing.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// Where bars begin.
    pub start: u32,
    /// Where a bar ends that is all there is.
    pub full: u32,
    /// Where a bar ends at most.
    pub end: u32,
    /// A group for each role or system.
    pub groups: Vec<BarGroup>,
}

/// The bars of one role or system.
#[derive(Clone, Debug, Serialize)]
pub struct BarGroup {
    /// Its name, cut to the width.
    pub title: String,
    /// Where the name stands.
    pub y: u32,
    /// The bars: now, planned, ten times.
    pub bars: Vec<Bar>,
}

/// One bar.
#[derive(Clone, Debug, Serialize)]
pub struct Bar {
    /// `now`, `planned`, `10 ×`.
    pub name: &'static str,
    /// Where it stands.
    pub y: u32,
    /// How long it is up to all there is.
    pub within: u32,
    /// How long it is beyond that.
    pub beyond: u32,
    /// Whether it is longer than the drawing is wide.
    pub cut: bool,
    /// The number.
    pub value: String,
}

/// Bars are drawn for so many at most.
const DRAWN: usize = 10;
/// The terms of a sum that are shown at most.
const TERMS: usize = 30;

const WIDTH: u32 = 340;
const START: u32 = 54;
const FULL: u32 = 186;
const END: u32 = 252;
const LINE: u32 = 15;
const GROUP: u32 = 74;

/// The page.
pub fn growth(here: &Here<'_>) -> GrowthView {
    let handbook = here.atlas.handbook;
    let shown = |demand: &Demand| !here.atlas.public || handbook.pages[demand.whom].page_kind() != PageKind::Role;
    let (asked, idle): (Vec<Demand>, Vec<Demand>) =
        growth::demands(handbook).into_iter().filter(shown).partition(|demand| !demand.planned.is_zero());
    let stocks = growth::stocks(handbook);
    GrowthView {
        first_html: asked.first().and_then(|demand| first(here, demand)),
        stock_html: stocks.first().and_then(|stock| nearest(here, stock)),
        more: asked.len().saturating_sub(ROWS),
        demands: asked.iter().take(ROWS).map(|demand| demand_view(here, demand)).collect(),
        idle: idle.iter().take(ROWS).map(|demand| here.page(demand.whom)).collect(),
        more_stocks: stocks.len().saturating_sub(ROWS),
        stocks: stocks.iter().take(ROWS).map(|stock| stock_view(here, stock)).collect(),
        chart: chart(here, &asked),
        without_people: here.atlas.public,
    }
}

/// What is full first, and at which factor of what is planned.
fn first(here: &Here<'_>, demand: &Demand) -> Option<String> {
    let factor = demand.full_at()?;
    let whom = anchor(&here.page(demand.whom));
    let one = BigRational::from(BigInt::from(1));
    Some(if factor.is_zero() {
        format!("What is planned asks something of {whom}, which can give nothing.")
    } else if factor < one {
        format!("What is planned does not fit: {whom} is full at {} times it.", sums::times(&factor))
    } else if factor == one {
        format!("{whom} is full with exactly what is planned.")
    } else {
        format!("{whom} is full at {} times what is planned.", sums::times(&factor))
    })
}

/// What of a system is nearest to running out.
fn nearest(here: &Here<'_>, stock: &Stock<'_>) -> Option<String> {
    let factor = stock.full_at()?;
    let system = anchor(&here.page(stock.system));
    let what = said(&stock.limit.what).map(|what| here.prose(stock.system, what));
    let of = what.map_or_else(|| format!("a limit of {system}"), |what| format!("“{what}” of {system}"));
    Some(format!("Of what runs out, nearest is {of}: used up at {} times what is used now.", sums::times(&factor)))
}

fn demand_view(here: &Here<'_>, demand: &Demand) -> DemandView {
    let handbook = here.atlas.handbook;
    let keys = handbook.pages[demand.whom].role_keys();
    let unit = unit(demand, here);
    let in_words = |amount: &BigRational| format!("{} {unit}", sums::number(amount));
    let term = |term: &crate::check::load::Term| {
        let volume = handbook.pages[term.process].process_keys().and_then(|keys| keys.volume.as_ref());
        TermView {
            process: here.page(term.process),
            per_run: in_words(&term.per_run),
            now: volume.and_then(|volume| volume.now.as_ref()).map(|now| now.value.text.trim().to_owned()),
            planned: term.planned.value.text.trim().to_owned(),
            total: in_words(&term.per(demand.period)),
        }
    };
    let given_sum = keys.and_then(|keys| keys.holders.as_ref().zip(keys.minutes_per_week.as_ref())).map(|(holders, minutes)| {
        let count = BigRational::from(BigInt::from(holders.value.0));
        format!("{} × {}", sums::counted(&count, "holder", "holders"), in_words(&minutes.value.exact()))
    });
    DemandView {
        link: here.page(demand.whom),
        kind: handbook.pages[demand.whom].page_kind().name(),
        unit,
        period: demand.period.name(),
        now: sums::short(&demand.now),
        now_not_stated: demand.now_not_stated,
        planned: sums::short(&demand.planned),
        planned_exact: sums::number_beside(&demand.planned, &demand.given),
        tenfold: sums::short(&demand.tenfold()),
        given: sums::number_beside(&demand.given, &demand.planned),
        given_sum,
        full_at: demand.full_at().map(|factor| sums::times(&factor)),
        exceeded: demand.planned > demand.given,
        terms: demand.terms.iter().take(TERMS).map(term).collect(),
    }
}

fn unit(demand: &Demand, here: &Here<'_>) -> &'static str {
    if here.atlas.handbook.pages[demand.whom].page_kind() == PageKind::Role { "min" } else { "calls" }
}

fn stock_view(here: &Here<'_>, stock: &Stock<'_>) -> StockView {
    StockView {
        link: here.page(stock.system),
        what_html: said(&stock.limit.what).map(|what| here.prose(stock.system, what)),
        now: sums::number(&stock.now),
        max: sums::number(&stock.max),
        alert_at: stock.limit.alert_at.as_ref().map(|alert| sums::number(&alert.value.exact())),
        full_at: stock.full_at().map(|factor| sums::times(&factor)),
        exceeded: stock.now > stock.max,
    }
}

fn chart(here: &Here<'_>, demands: &[Demand]) -> Option<GrowthChart> {
    let groups: Vec<BarGroup> = demands.iter().take(DRAWN).enumerate().map(|(at, demand)| group(here, demand, at as u32 * GROUP)).collect();
    let height = groups.len() as u32 * GROUP + LINE;
    (!groups.is_empty()).then_some(GrowthChart { width: WIDTH, height, start: START, full: FULL, end: END, groups })
}

fn group(here: &Here<'_>, demand: &Demand, top: u32) -> BarGroup {
    let unit = unit(demand, here);
    let named = [("now", demand.now.clone()), ("planned", demand.planned.clone()), ("10 ×", demand.tenfold())];
    let bars = named.into_iter().zip(0..).map(|((name, amount), line)| {
        let (length, cut) = length(&amount, &demand.given);
        Bar {
            name,
            y: top + 21 + LINE * line,
            within: length.min(FULL - START),
            beyond: length.saturating_sub(FULL - START),
            cut,
            value: format!("{} {unit}", sums::short(&amount)),
        }
    });
    BarGroup { title: short(here.atlas.handbook.pages[demand.whom].title()), y: top + 12, bars: bars.collect() }
}

/// How long a bar is: as the amount is to what there is; and whether it ends only because the drawing does.
fn length(amount: &BigRational, given: &BigRational) -> (u32, bool) {
    let most = END - START;
    if amount.is_zero() {
        return (0, false);
    }
    if given.is_zero() {
        return (most, true);
    }
    let units = (amount / given * BigRational::from(BigInt::from(FULL - START))).round().to_integer().to_u32().unwrap_or(u32::MAX);
    // What is asked at all is seen.
    (units.clamp(1, most), units > most)
}

/// A name that fits into a line of the drawing.
fn short(title: &str) -> String {
    let wide = |c: char| if c.is_ascii() { 1 } else { 2 };
    let mut left: usize = 46;
    let mut cut = String::new();
    for c in title.chars() {
        if left < wide(c) + 1 {
            cut.push('…');
            return cut;
        }
        left -= wide(c);
        cut.push(c);
    }
    cut
}

/// The line of growth on the page of a role: what is planned against what it can give.
pub fn line_of_role(here: &Here<'_>, role: PageIx) -> Option<String> {
    let demand = growth::of_role(here.atlas.handbook, &here.atlas.minutes, role)?;
    let given = sums::short(&demand.given);
    Some(match demand.full_at() {
        None => format!("nothing asks for its {given} min a week"),
        Some(factor) => format!("{} of {given} min a week; full at {} times that", sums::short(&demand.planned), sums::times(&factor)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(number: i64) -> BigRational {
        BigRational::from(BigInt::from(number))
    }

    #[test]
    fn bars_are_as_long_as_their_part_of_what_there_is() {
        assert_eq!(length(&whole(0), &whole(10)), (0, false));
        assert_eq!(length(&whole(5), &whole(10)), (66, false));
        assert_eq!(length(&whole(10), &whole(10)), (132, false));
        assert_eq!(length(&whole(1), &whole(100_000)), (1, false));
        assert_eq!(length(&whole(15), &whole(10)), (198, false));
        assert_eq!(length(&whole(16), &whole(10)), (198, true));
        assert_eq!(length(&whole(i64::MAX), &whole(1)), (198, true));
        assert_eq!(length(&whole(1), &whole(0)), (198, true));
    }

    #[test]
    fn long_names_are_cut_and_short_ones_are_not() {
        assert_eq!(short("Database administrator"), "Database administrator");
        assert_eq!(short(&"a".repeat(140)).chars().count(), 46);
        assert_eq!(short(&"日".repeat(140)).chars().count(), 23);
    }
}
