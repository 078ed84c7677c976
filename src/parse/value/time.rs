//! How long, how often, at which hours, until which day.

use jiff::civil::{Date, Time};
use num_rational::BigRational;
use toml::de::DeValue;

use crate::parse::declaration::{Declared, Node, Reader};
use crate::source::Located;

use super::{Amount, FromText, says_something};

/// A length of time: calendar months and seconds beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub struct Duration {
    /// Calendar months.
    pub months: i32,
    /// Seconds beside the months.
    pub seconds: i64,
}

impl Duration {
    /// The length in seconds; a month is a twelfth of a year of 365 days.
    pub fn total_seconds(self) -> i64 {
        i64::from(self.months) * (365 * 86_400 / 12) + self.seconds
    }

    /// The day that is this long after `date`.
    pub fn after(self, date: Date) -> Date {
        let days = self.seconds.div_euclid(86_400);
        date.saturating_add(jiff::Span::new().months(self.months)).saturating_add(jiff::Span::new().days(days))
    }
}

impl FromText for Duration {
    const WANTED: &'static str = "a duration such as 30s, 5m, 2h, 90d, 2w or 6 months";

    fn from_text(text: &str) -> Option<Self> {
        let mut total = Duration::default();
        let mut rest = text.trim();
        if rest.is_empty() {
            return None;
        }
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let number: i64 = rest[..digits].parse().ok().filter(|number| *number <= 1_000_000_000)?;
            rest = rest[digits..].trim_start();
            let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
            let (unit, after) = rest.split_at(letters);
            rest = after.trim_start();
            let seconds = match unit {
                "s" | "sec" | "second" | "seconds" => 1,
                "m" | "min" | "minute" | "minutes" => 60,
                "h" | "hour" | "hours" => 3_600,
                "d" | "day" | "days" => 86_400,
                "w" | "week" | "weeks" => 7 * 86_400,
                "month" | "months" => {
                    total.months = total.months.checked_add(i32::try_from(number).ok().filter(|months| *months <= 120_000)?)?;
                    continue;
                }
                "y" | "year" | "years" => {
                    total.months = total.months.checked_add(i32::try_from(number).ok().filter(|years| *years <= 10_000)? * 12)?;
                    continue;
                }
                _ => return None,
            };
            total.seconds = total.seconds.checked_add(number.checked_mul(seconds)?)?;
        }
        Some(total)
    }
}

/// How often: a count in a period. A week has 7 days, a year 365, a month a twelfth of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rate {
    /// How many in one period.
    pub count: Amount,
    /// The period.
    pub period: Period,
}

/// The period of a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Period {
    /// 3 600 seconds.
    Hour,
    /// 24 hours.
    Day,
    /// 7 days.
    Week,
    /// A twelfth of a year.
    Month,
    /// 365 days.
    Year,
}

impl Period {
    /// The word: `week`.
    pub fn name(self) -> &'static str {
        match self {
            Period::Hour => "hour",
            Period::Day => "day",
            Period::Week => "week",
            Period::Month => "month",
            Period::Year => "year",
        }
    }

    /// In each of them: `a week`, `an hour`.
    pub fn each(self) -> &'static str {
        match self {
            Period::Hour => "an hour",
            Period::Day => "a day",
            Period::Week => "a week",
            Period::Month => "a month",
            Period::Year => "a year",
        }
    }

    /// Its length in seconds.
    pub fn seconds(self) -> i64 {
        match self {
            Period::Hour => 3_600,
            Period::Day => 86_400,
            Period::Week => 7 * 86_400,
            Period::Month => 365 * 86_400 / 12,
            Period::Year => 365 * 86_400,
        }
    }
}

impl Rate {
    /// The same rate as exact times per `period`.
    pub fn per(self, period: Period) -> BigRational {
        self.count.exact() * BigRational::new(period.seconds().into(), self.period.seconds().into())
    }
}

impl FromText for Rate {
    const WANTED: &'static str = "a rate such as 30/hour, 2/week or 1/year";

    fn from_text(text: &str) -> Option<Self> {
        let (count, period) = text.split_once('/')?;
        let count = Amount::from_decimal(&count.trim().replace('_', ""))?;
        let periods = [Period::Hour, Period::Day, Period::Week, Period::Month, Period::Year];
        Some(Rate { count, period: periods.into_iter().find(|known| known.name() == period.trim())? })
    }
}

/// When somebody or something is there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Hours {
    /// At every hour: `24x7`, `any time`.
    Always,
    /// In these windows.
    Windows(Vec<Window>),
}

/// Hours of some days in a zone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// Monday first.
    pub days: [bool; 7],
    /// The first minute.
    pub from: Time,
    /// The first minute after; earlier than or equal to `from`: on the next day.
    pub to: Time,
    /// An IANA zone.
    pub zone: String,
}

impl FromText for Hours {
    const WANTED: &'static str = "hours such as 24x7, any time, or Mon-Fri 09:00-17:00 Africa/Lagos (several joined by `;`)";

    fn from_text(text: &str) -> Option<Self> {
        if text == "24x7" || text.eq_ignore_ascii_case("any time") {
            return Some(Hours::Always);
        }
        text.split(';').map(|part| window(part.trim())).collect::<Option<Vec<_>>>().map(Hours::Windows)
    }
}

fn window(text: &str) -> Option<Window> {
    let mut words = text.split_whitespace();
    let (days, times, zone) = (words.next()?, words.next()?, words.next()?);
    if words.next().is_some() || jiff::tz::TimeZone::get(zone).is_err() {
        return None;
    }
    let (from, to) = times.split_once('-')?;
    // Nothing begins at 24:00: that would be the next day, which has a name of its own.
    let from = time_of_day(from).filter(|_| from != "24:00")?;
    Some(Window { days: days_of_week(days)?, from, to: time_of_day(to)?, zone: zone.to_owned() })
}

fn time_of_day(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    if hour.len() != 2 || minute.len() != 2 {
        return None;
    }
    match (hour.parse().ok()?, minute.parse().ok()?) {
        (24, 0) => Some(Time::midnight()),
        (hour, minute) => Time::new(hour, minute, 0, 0).ok(),
    }
}

fn days_of_week(text: &str) -> Option<[bool; 7]> {
    const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let day = |name: &str| NAMES.iter().position(|known| name.eq_ignore_ascii_case(known));
    let mut days = [false; 7];
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (mut at, last) = (day(first.trim())?, day(last.trim())?);
        loop {
            days[at] = true;
            if at == last {
                break;
            }
            at = (at + 1) % 7;
        }
    }
    Some(days)
}

/// A day, or why there is none: `never because …`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expiry {
    /// The last day.
    On(Date),
    /// It does not expire, and why.
    Never(String),
}

impl Declared for Located<Expiry> {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        if let DeValue::String(text) = node.get_ref() {
            let reason = text.trim().strip_prefix("never because").map(str::trim).filter(|reason| says_something(reason));
            if let Some(reason) = reason {
                return Some(Located::new(Expiry::Never(reason.to_owned()), reader.span(node.span())));
            }
            let key = reader.key_name();
            reader.fault("invalid-value", node.span(), format!("`{key}` wants a date, or \"never because …\" with the reason"));
            return None;
        }
        Located::<Date>::read(node, reader).map(|date| date.map(Expiry::On))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_in_all_their_units() {
        let seconds = |text| Duration::from_text(text).map(Duration::total_seconds);
        assert_eq!(seconds("30s"), Some(30));
        assert_eq!(seconds("5m"), Some(300));
        assert_eq!(seconds("1h 30m"), Some(5_400));
        assert_eq!(seconds("2w"), Some(14 * 86_400));
        assert_eq!(Duration::from_text("6 months"), Some(Duration { months: 6, seconds: 0 }));
        for wrong in ["", "5", "m", "5 fortnights", "-5m", "99999999999999999999s", "soon"] {
            assert_eq!(Duration::from_text(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn rates_are_compared_over_any_period() {
        let per = |text: &str, period: Period| Rate::from_text(text).map(|rate| rate.per(period).to_string());
        assert_eq!(per("30/hour", Period::Week), Some("5040".to_owned()));
        assert_eq!(per("1/week", Period::Hour), Some("1/168".to_owned()));
        assert_eq!(per("12 / month", Period::Year), Some("144".to_owned()));
        assert_eq!(per("1_000.5/day", Period::Week), Some("14007/2".to_owned()));
        for wrong in ["", "30", "/week", "x/week", "-1/week", "3/fortnight", "inf/day"] {
            assert_eq!(per(wrong, Period::Week), None, "{wrong}");
        }
    }

    #[test]
    fn months_are_calendar_months() {
        let from = Date::constant(2026, 8, 31);
        assert_eq!(Duration::from_text("6 months").unwrap().after(from), Date::constant(2027, 2, 28));
        assert_eq!(Duration::from_text("90d").unwrap().after(from), Date::constant(2026, 11, 29));
    }

    #[test]
    fn hours_may_wrap_over_days_and_midnight() {
        let Some(Hours::Windows(windows)) = Hours::from_text("Sat-Thu 22:00-06:00 Africa/Cairo; Fri 09:00-24:00 UTC") else {
            panic!("not read")
        };
        assert_eq!(windows[0].days, [true, true, true, true, false, true, true]);
        assert_eq!(windows[1].to, Time::midnight());
        assert_eq!(Hours::from_text("24x7"), Some(Hours::Always));
        for wrong in
            ["Mon-Fri", "Mon-Fri 9-17 UTC", "Mon-Fri 09:00-17:00 Lagos", "Mon 25:00-26:00 UTC", "Mo 09:00-10:00 UTC", "Mon 24:00-06:00 UTC"]
        {
            assert_eq!(Hours::from_text(wrong), None, "{wrong}");
        }
    }
}
