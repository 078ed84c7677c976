//! When somebody is there, as stretches of time: hours of a week in a zone, resolved day by day over the coming year, changes of the
//! clock included.
//!
//! A window is open at the instants at which the clock of its zone shows a time in it. So an hour that the clock leaps over is missing
//! from it, and an hour that the clock shows twice is in it twice. All is exact to the second: a hole of a quarter of an hour is a hole.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

use crate::parse::value::{Hours, Window};

const DAY: i64 = 86_400;

/// How many days are looked at, today included.
const DAYS: i64 = 366;

/// A stretch of time: seconds since 1970 in UTC, `from` up to and without `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// The first second.
    pub from: i64,
    /// The first second after.
    pub to: i64,
}

impl Stretch {
    /// The 366 days that begin with a day, in UTC. Nothing where no clock reaches.
    pub fn year_from(day: Date) -> Option<Self> {
        let from = Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()?.as_second();
        Timestamp::from_second(from + DAYS * DAY).ok()?;
        Some(Self { from, to: from + DAYS * DAY })
    }

    /// How long it is, in seconds.
    pub fn seconds(self) -> i64 {
        self.to - self.from
    }

    /// It in words, by the clock of a zone: `from Sat 2026-11-21 00:00 to Mon 2026-11-23 08:00 Africa/Lagos`, and within one day
    /// `on Sat 2026-11-21 from 10:00 to 12:00 Africa/Lagos`. Where the clock changes in between, each time says which it is.
    pub fn in_words(self, zone: &str) -> Option<String> {
        let clock = |second: i64| Timestamp::from_second(second).ok()?.in_tz(zone).ok();
        let (from, to) = (clock(self.from)?, clock(self.to)?);
        let changes = from.offset() != to.offset();
        let time = |at: &Zoned| at.strftime(if changes { "%H:%M (%Z)" } else { "%H:%M" }).to_string();
        let day = |at: &Zoned| at.strftime("%a %Y-%m-%d").to_string();
        if from.date() == to.date() {
            return Some(format!("on {} from {} to {} {zone}", day(&from), time(&from), time(&to)));
        }
        Some(format!("from {} {} to {} {} {zone}", day(&from), time(&from), day(&to), time(&to)))
    }

    fn cut(self, within: Stretch) -> Option<Stretch> {
        let cut = Stretch { from: self.from.max(within.from), to: self.to.min(within.to) };
        (cut.from < cut.to).then_some(cut)
    }
}

/// Stretches in their order, none of which touches another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presence(Vec<Stretch>);

impl Presence {
    /// The hours within a stretch. Nothing where a zone is not known.
    pub fn of(hours: &Hours, within: Stretch) -> Option<Self> {
        match hours {
            Hours::Always => Some(Self(vec![within])),
            Hours::Windows(windows) => {
                let mut open = Vec::new();
                for window in windows {
                    let zone = TimeZone::get(&window.zone).ok()?;
                    steady(&zone, within).for_each(|(part, offset)| open.extend(opened(window, part, offset)));
                }
                Some(Self::joined(open))
            }
        }
    }

    /// The hours of two together.
    #[must_use]
    pub fn and(&self, other: &Presence) -> Self {
        Self::joined(self.0.iter().chain(&other.0).copied().collect())
    }

    /// The first stretch of these hours in which the others are not there.
    pub fn first_without(&self, others: &Presence) -> Option<Stretch> {
        let mut at = 0;
        self.0.iter().find_map(|run| {
            let mut from = run.from;
            while let Some(other) = others.0.get(at) {
                if other.to <= from {
                    at += 1;
                } else if other.from <= from && other.to >= run.to {
                    return None;
                } else if other.from <= from {
                    from = other.to;
                } else {
                    return Some(Stretch { from, to: other.from.min(run.to) });
                }
            }
            Some(Stretch { from, to: run.to })
        })
    }

    /// When somebody is there again, from an instant on.
    pub fn next(&self, instant: i64) -> Option<i64> {
        let at = self.0.partition_point(|stretch| stretch.to <= instant);
        self.0.get(at).map(|stretch| stretch.from.max(instant))
    }

    fn joined(mut stretches: Vec<Stretch>) -> Self {
        stretches.sort_unstable();
        let mut joined: Vec<Stretch> = Vec::with_capacity(stretches.len());
        for stretch in stretches {
            match joined.last_mut() {
                Some(last) if stretch.from <= last.to => last.to = last.to.max(stretch.to),
                _ => joined.push(stretch),
            }
        }
        Self(joined)
    }
}

/// The parts of a stretch between two changes of a zone's clock, each with how far the clock is ahead of UTC, in seconds.
fn steady(zone: &TimeZone, within: Stretch) -> impl Iterator<Item = (Stretch, i64)> {
    let start = Timestamp::from_second(within.from).unwrap_or(Timestamp::MIN);
    let changes = zone.following(start).map(|change| (change.timestamp().as_second(), i64::from(change.offset().seconds())));
    let changes: Vec<(i64, i64)> = changes.take_while(|(at, _)| *at < within.to).collect();
    let first = (within.from, i64::from(zone.to_offset(start).seconds()));
    let begins: Vec<(i64, i64)> = std::iter::once(first).chain(changes).collect();
    let ends: Vec<i64> = begins.iter().skip(1).map(|(at, _)| *at).chain([within.to]).collect();
    begins.into_iter().zip(ends).map(|((from, offset), to)| (Stretch { from, to }, offset))
}

/// When a window is open while the clock runs steadily. The day before the first is looked at as well: its window may reach in.
fn opened(window: &Window, part: Stretch, offset: i64) -> impl Iterator<Item = Stretch> {
    let seconds = |time: jiff::civil::Time| i64::from(time.hour()) * 3_600 + i64::from(time.minute()) * 60;
    let (from, to) = (seconds(window.from), seconds(window.to));
    let to = if to <= from { to + DAY } else { to };
    let days = (part.from + offset).div_euclid(DAY) - 1..=(part.to + offset).div_euclid(DAY);
    let wanted = window.days;
    // Day 0, 1 January 1970, was a Thursday; the week begins with Monday.
    let is_wanted = move |day: &i64| usize::try_from((day + 3).rem_euclid(7)).is_ok_and(|weekday| wanted[weekday]);
    let open = move |day: i64| Stretch { from: day * DAY + from - offset, to: day * DAY + to - offset };
    days.filter(is_wanted).filter_map(move |day| open(day).cut(part))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::parse::value::FromText;

    const TODAY: Date = Date::constant(2026, 11, 20);

    fn presence(hours: &str, from: Date) -> Presence {
        Presence::of(&Hours::from_text(hours).unwrap(), Stretch::year_from(from).unwrap()).unwrap()
    }

    fn hole(runs: &str, role: &str, from: Date, zone: &str) -> Option<String> {
        presence(runs, from).first_without(&presence(role, from)).map(|hole| hole.in_words(zone).unwrap())
    }

    /// The days of a year on which the hours last as long as said, by the clock of a zone; most days of the week left out.
    fn odd_days(hours: &str, from: Date, zone: &str, usual: i64) -> Vec<String> {
        let all = presence(hours, from).0;
        let inner = &all[1..all.len() - 1];
        let odd = inner.iter().filter(|stretch| stretch.seconds() != usual * 60);
        odd.map(|stretch| stretch.in_words(zone).unwrap()).collect()
    }

    #[test]
    fn the_first_hole_is_a_weekend() {
        assert_eq!(
            hole("any time", "Mon-Fri 00:00-24:00 Africa/Lagos", TODAY, "Africa/Lagos").as_deref(),
            Some("from Sat 2026-11-21 00:00 to Mon 2026-11-23 00:00 Africa/Lagos")
        );
        assert_eq!(
            hole("Sat 10:00-12:00 Africa/Lagos", "Mon-Fri 08:00-18:00 Africa/Lagos", TODAY, "Africa/Lagos").as_deref(),
            Some("on Sat 2026-11-21 from 10:00 to 12:00 Africa/Lagos")
        );
    }

    #[test]
    fn the_same_hours_cover_each_other() {
        for hours in [
            "24x7",
            "any time",
            "Mon-Fri 09:00-17:00 Europe/Berlin",
            "Fri-Mon 22:00-06:00 America/New_York",
            "Sat-Thu 00:00-24:00 Africa/Cairo; Fri 09:00-10:30 Asia/Kolkata",
            "Sun 01:30-03:30 Europe/Berlin",
            "Mon-Sun 02:30-02:30 America/Santiago",
        ] {
            assert_eq!(hole(hours, hours, TODAY, "UTC"), None, "{hours}");
            assert_eq!(hole(hours, "24x7", TODAY, "UTC"), None, "{hours}");
        }
    }

    #[test]
    fn all_days_joined_are_always() {
        for zone in ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Africa/Cairo", "America/Santiago", "Australia/Lord_Howe"]
        {
            for hours in ["Mon-Sun 00:00-24:00", "Mon-Sun 09:00-09:00", "Thu-Wed 22:00-22:00"] {
                assert_eq!(presence(&format!("{hours} {zone}"), TODAY), presence("24x7", TODAY), "{hours} {zone}");
            }
            let halves = format!("Mon-Sun 06:00-18:00 {zone}; Sun-Sat 18:00-06:00 {zone}");
            assert_eq!(presence(&halves, TODAY), presence("24x7", TODAY), "{halves}");
        }
    }

    #[test]
    fn the_window_of_yesterday_reaches_into_the_first_day() {
        // 20 November 2026 is a Friday: at its midnight in UTC the shift of Thursday still runs.
        assert_eq!(
            hole("any time", "Thu 22:00-06:00 UTC", TODAY, "UTC").as_deref(),
            Some("from Fri 2026-11-20 06:00 to Thu 2026-11-26 22:00 UTC")
        );
        // In Auckland, 13 hours ahead, the day before began 37 hours ago.
        assert_eq!(
            hole("any time", "Fri 00:00-24:00 Pacific/Auckland", TODAY, "Pacific/Auckland").as_deref(),
            Some("from Sat 2026-11-21 00:00 to Fri 2026-11-27 00:00 Pacific/Auckland")
        );
    }

    #[test]
    fn days_may_wrap_around_the_week() {
        assert_eq!(
            hole("any time", "Sat-Thu 00:00-24:00 Africa/Cairo", TODAY, "Africa/Cairo").as_deref(),
            Some("from Fri 2026-11-20 02:00 to Sat 2026-11-21 00:00 Africa/Cairo")
        );
    }

    #[test]
    fn a_quarter_of_an_hour_is_a_hole() {
        assert_eq!(
            hole("Mon-Fri 09:00-17:00 UTC", "Mon-Fri 09:00-16:45 UTC", TODAY, "UTC").as_deref(),
            Some("on Fri 2026-11-20 from 16:45 to 17:00 UTC")
        );
        assert_eq!(
            hole("Mon-Fri 03:30-11:30 UTC", "Mon-Fri 09:15-17:00 Asia/Kolkata", TODAY, "Asia/Kolkata").as_deref(),
            Some("on Fri 2026-11-20 from 09:00 to 09:15 Asia/Kolkata")
        );
        assert_eq!(hole("Mon-Fri 03:30-11:30 UTC", "Mon-Fri 09:00-17:00 Asia/Kolkata", TODAY, "UTC"), None);
    }

    #[test]
    fn a_change_of_the_clock_opens_a_hole_that_no_winter_day_shows() {
        // Lagos keeps its clock; Berlin is an hour ahead of it from 28 March 2027, so its people leave an hour earlier.
        assert_eq!(
            hole("Mon-Fri 09:00-17:00 Africa/Lagos", "Mon-Fri 09:00-17:00 Europe/Berlin", TODAY, "Europe/Berlin").as_deref(),
            Some("on Mon 2027-03-29 from 17:00 to 18:00 Europe/Berlin")
        );
        // New York changes two weeks before Berlin: its people come an hour earlier by Berlin's clock, and leave an hour earlier.
        assert_eq!(
            hole("Mon-Fri 15:00-23:00 Europe/Berlin", "Mon-Fri 09:00-17:00 America/New_York", TODAY, "America/New_York").as_deref(),
            Some("on Mon 2027-03-15 from 17:00 to 18:00 America/New_York")
        );
        // In autumn Berlin is the first.
        assert_eq!(
            hole("Mon-Fri 15:00-23:00 Europe/Berlin", "Mon-Fri 09:00-17:00 America/New_York", date(2027, 6, 1), "America/New_York")
                .as_deref(),
            Some("on Mon 2027-11-01 from 17:00 to 18:00 America/New_York")
        );
    }

    #[test]
    fn an_hour_that_the_clock_leaps_over_is_nobodys() {
        assert_eq!(
            odd_days("Sun 01:00-04:00 Europe/Berlin", TODAY, "Europe/Berlin", 180),
            [
                "on Sun 2027-03-28 from 01:00 (CET) to 04:00 (CEST) Europe/Berlin",
                "on Sun 2027-10-31 from 01:00 (CEST) to 04:00 (CET) Europe/Berlin"
            ]
        );
        // A window inside the gap does not open at all, one that begins in it opens when the clock has leapt.
        assert_eq!(
            hole("Sun 02:00-03:00 Europe/Berlin", "Mon 09:00-10:00 UTC", date(2027, 3, 27), "Europe/Berlin").as_deref(),
            Some("on Sun 2027-04-04 from 02:00 to 03:00 Europe/Berlin")
        );
        assert_eq!(
            hole("Sun 02:30-06:00 Europe/Berlin", "Mon 09:00-10:00 UTC", date(2027, 3, 27), "Europe/Berlin").as_deref(),
            Some("on Sun 2027-03-28 from 03:00 to 06:00 Europe/Berlin")
        );
    }

    #[test]
    fn a_day_whose_midnight_is_leapt_over_begins_an_hour_later() {
        // Cairo leaps from Friday 30 April 2027 00:00 to 01:00, Santiago from Sunday 5 September 2027 00:00 to 01:00.
        assert_eq!(
            hole("Fri 00:00-24:00 Africa/Cairo", "Mon 09:00-10:00 UTC", date(2027, 4, 29), "Africa/Cairo").as_deref(),
            Some("from Fri 2027-04-30 01:00 to Sat 2027-05-01 00:00 Africa/Cairo")
        );
        assert_eq!(
            hole("Sun 00:00-08:00 America/Santiago", "Mon 09:00-10:00 UTC", date(2027, 9, 4), "America/Santiago").as_deref(),
            Some("on Sun 2027-09-05 from 01:00 to 08:00 America/Santiago")
        );
        assert_eq!(hole("Thu 22:00-02:00 Africa/Cairo", "Thu-Fri 00:00-24:00 Africa/Cairo", TODAY, "UTC"), None);
    }

    #[test]
    fn a_year_with_a_leap_day_is_looked_at_to_its_end() {
        let within = Stretch::year_from(date(2028, 2, 28)).unwrap();
        assert_eq!(within.seconds(), 366 * DAY);
        assert_eq!(within.in_words("UTC").unwrap(), "from Mon 2028-02-28 00:00 to Wed 2029-02-28 00:00 UTC");
        assert_eq!(
            hole("Tue 09:00-10:00 UTC", "Mon 09:00-10:00 UTC", date(2028, 2, 28), "UTC").as_deref(),
            Some("on Tue 2028-02-29 from 09:00 to 10:00 UTC")
        );
    }

    #[test]
    fn an_hour_that_the_clock_shows_twice_is_told_apart() {
        // In Berlin, on 31 October 2027, 02:30 comes at 00:30 and at 01:30 by UTC.
        assert_eq!(
            hole("Sun 00:30-01:30 UTC", "Mon 09:00-10:00 UTC", date(2027, 10, 31), "Europe/Berlin").as_deref(),
            Some("on Sun 2027-10-31 from 02:30 (CEST) to 02:30 (CET) Europe/Berlin")
        );
    }

    #[test]
    fn what_lies_beyond_the_year_is_not_looked_at() {
        // The first Tuesday after 366 days.
        let runs = presence("any time", TODAY);
        let (first, last) = (runs.0[0].from, runs.0[0].to);
        assert_eq!((last - first) / DAY, 366);
        assert_eq!(runs.first_without(&runs), None);
    }

    #[test]
    fn a_failure_waits_until_somebody_is_there_again() {
        let role = presence("Mon-Fri 08:00-18:00 UTC", TODAY);
        let hole = presence("Sat 10:00-12:00 UTC", TODAY).first_without(&role).unwrap();
        assert_eq!(role.next(hole.from).map(|back| (back - hole.from) / 3_600), Some(46));
        assert_eq!(presence("24x7", TODAY).next(hole.from), Some(hole.from));
        assert_eq!(Presence::default().next(hole.from), None);
    }

    #[test]
    fn days_that_no_clock_reaches_have_no_year() {
        assert_eq!(Stretch::year_from(Date::MAX), None);
        assert!(Stretch::year_from(Date::MIN).is_none_or(|within| within.seconds() == 366 * DAY));
    }

    proptest::proptest! {
        #[test]
        fn every_instant_is_judged_as_by_looking_at_the_clock(minute in 0_i64..366 * 24 * 60) {
            let hours = "Mon-Fri 08:15-17:45 Europe/Berlin; Sat-Sun 22:00-02:30 America/New_York; Wed-Mon 23:30-01:00 Australia/Lord_Howe";
            let within = Stretch::year_from(TODAY).unwrap();
            let at = within.from + minute * 60;
            let found = presence(hours, TODAY).0.iter().any(|stretch| stretch.from <= at && at < stretch.to);
            let Some(Hours::Windows(windows)) = Hours::from_text(hours) else { panic!() };
            let shown = windows.iter().any(|window| {
                let local = Timestamp::from_second(at).unwrap().in_tz(&window.zone).unwrap().datetime();
                let open = |date: Date| window.days[usize::try_from(date.weekday().to_monday_zero_offset()).unwrap()];
                let (today, yesterday) = (open(local.date()), open(local.date().yesterday().unwrap()));
                let time = local.time();
                if window.to > window.from {
                    today && window.from <= time && time < window.to
                } else {
                    today && window.from <= time || yesterday && time < window.to
                }
            });
            proptest::prop_assert_eq!(found, shown);
        }
    }
}
