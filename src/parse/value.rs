//! The values that declarations hold: durations, rates, hours, dates, references, prose, and the fixed sets of words.

use std::fmt;

use jiff::civil::{Date, Time};
use num_bigint::BigInt;
use num_rational::BigRational;
use toml::de::DeValue;

use crate::source::{Located, Span};

use super::declaration::{Declared, EachProse, Node, Reader};
use super::nearest::guess;

/// Inline Markdown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Markdown(pub String);

/// Inline Markdown that an author wrote in a declaration.
pub type Prose = Located<Markdown>;

impl Prose {
    /// The Markdown, unless it says nothing: blank, `TBD` and `TODO` count as absent.
    pub fn said(&self) -> Option<&str> {
        Some(self.value.0.as_str()).filter(|text| says_something(text))
    }
}

/// The Markdown of an optional text, unless it says nothing.
pub fn said(prose: &Option<Prose>) -> Option<&str> {
    prose.as_ref().and_then(Prose::said)
}

/// Whether a text says anything: blank, `TBD` and `TODO` count as absent.
pub fn says_something(text: &str) -> bool {
    let bare = text.trim().trim_end_matches(['.', '…', '?', '!', ':']).trim();
    !(bare.is_empty() || bare.eq_ignore_ascii_case("tbd") || bare.eq_ignore_ascii_case("todo"))
}

impl Declared for Located<String> {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        match node.get_ref() {
            DeValue::String(text) => Some(Located::new(text.clone().into_owned(), reader.span(node.span()))),
            _ => {
                reader.wrong_type(node, "text");
                None
            }
        }
    }
}

impl Declared for Prose {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        Some(Located::<String>::read(node, reader)?.map(Markdown))
    }
}

impl Declared for Located<bool> {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        match node.get_ref() {
            DeValue::Boolean(value) => Some(Located::new(*value, reader.span(node.span()))),
            _ => {
                reader.wrong_type(node, "true or false");
                None
            }
        }
    }
}

impl Declared for Located<i64> {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let value = match node.get_ref() {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        if value.is_none() {
            let key = reader.key_name();
            let got = match node.get_ref() {
                DeValue::Float(number) => number.as_str().to_owned(),
                other => super::declaration::kind_of(other).to_owned(),
            };
            reader.fault("invalid-value", node.span(), format!("`{key}` wants a whole number, got {got}"));
        }
        value.map(|value| Located::new(value, reader.span(node.span())))
    }
}

/// A count: a whole number that is not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Count(pub u64);

impl Declared for Located<Count> {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let number = Located::<i64>::read(node, reader)?;
        match u64::try_from(number.value) {
            Ok(count) => Some(Located::new(Count(count), number.span)),
            Err(_) => {
                let key = reader.key_name();
                reader.fault("invalid-value", node.span(), format!("`{key}` cannot be negative")).help = Some("write 0 or more".to_owned());
                None
            }
        }
    }
}

/// A number that is not negative, whole or not: the decimal that its author wrote, never the binary fraction nearest to it. Sums over
/// amounts are exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Amount {
    /// All digits that count, without zeros at the end.
    digits: u128,
    /// The power of ten that they are multiplied by.
    power: i16,
}

impl Amount {
    /// A decimal without sign, such as `12`, `0.5` or `1e3`, of at most 38 digits.
    pub fn from_decimal(text: &str) -> Option<Self> {
        let (mantissa, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let written = format!("{whole}{part}");
        if written.is_empty() || !written.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits = written.trim_end_matches('0');
        let zeros = i32::try_from(written.len() - digits.len()).ok()?;
        let power = power.parse::<i32>().ok()?.checked_sub(i32::try_from(part.len()).ok()?)?.checked_add(zeros)?;
        if digits.is_empty() {
            return Some(Self { digits: 0, power: 0 });
        }
        let power = i16::try_from(power).ok().filter(|power| (-400..=400).contains(power))?;
        Some(Self { digits: digits.parse().ok()?, power }).filter(|amount| amount.number().is_finite())
    }

    /// The exact value.
    pub fn exact(self) -> BigRational {
        let power = BigInt::from(10).pow(u32::from(self.power.unsigned_abs()));
        let digits = BigInt::from(self.digits);
        if self.power < 0 { BigRational::new(digits, power) } else { BigRational::from(digits * power) }
    }

    /// The nearest binary number, for other tools and for what is shown.
    pub fn number(self) -> f64 {
        format!("{}e{}", self.digits, self.power).parse().unwrap_or_default()
    }
}

impl Declared for Located<Amount> {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let (written, amount) = match node.get_ref() {
            DeValue::Integer(number) => {
                let digits = u128::from_str_radix(number.as_str().trim_start_matches(['+', '-']), number.radix()).ok();
                (number.as_str(), digits.and_then(|digits| Amount::from_decimal(&digits.to_string())))
            }
            DeValue::Float(number) => (number.as_str(), Amount::from_decimal(number.as_str().trim_start_matches(['+', '-']))),
            _ => {
                reader.wrong_type(node, "a number");
                return None;
            }
        };
        let key = reader.key_name();
        let Some(amount) = amount else {
            let (start, rest) = written.split_at_checked(40).unwrap_or((written, ""));
            let more = if rest.is_empty() { "" } else { "…" };
            reader.fault("invalid-value", node.span(), format!("`{key}` wants a number of at most 38 digits, got `{start}{more}`"));
            return None;
        };
        if written.starts_with('-') && amount.digits > 0 {
            reader.fault("invalid-value", node.span(), format!("`{key}` cannot be negative")).help = Some("write 0 or more".to_owned());
            return None;
        }
        Some(Located::new(amount, reader.span(node.span())))
    }
}

impl Declared for Located<Date> {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let date = match node.get_ref() {
            DeValue::Datetime(stamp) => stamp
                .date
                .filter(|_| stamp.time.is_none())
                .and_then(|date| Date::new(date.year as i16, date.month as i8, date.day as i8).ok()),
            _ => None,
        };
        if date.is_none() {
            let key = reader.key_name();
            let got = kind_in_words(node);
            reader.fault("invalid-value", node.span(), format!("`{key}` wants a date, got {got}")).help =
                Some("write the day without quotes: 2026-11-02".to_owned());
        }
        date.map(|date| Located::new(date, reader.span(node.span())))
    }
}

fn kind_in_words(node: &Node<'_>) -> String {
    match node.get_ref() {
        DeValue::Datetime(stamp) if stamp.time.is_some() => "a date with a time".to_owned(),
        value => super::declaration::kind_of(value).to_owned(),
    }
}

/// Text that a parser of ours reads; what it wants is part of the message when it cannot.
pub trait FromText: Sized {
    /// What is wanted, with examples: `a duration such as 30s, 5m, 2h`.
    const WANTED: &'static str;
    /// The value, if the text is one.
    fn from_text(text: &str) -> Option<Self>;
}

impl<T: FromText> Declared for Located<Parsed<T>> {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = Located::<String>::read(node, reader)?;
        let Some(value) = T::from_text(text.value.trim()) else {
            let key = reader.key_name();
            reader.fault("invalid-value", node.span(), format!("`{key}` wants {}, got `{}`", T::WANTED, text.value));
            return None;
        };
        Some(text.map(|text| Parsed { value, text }))
    }
}

/// A parsed value beside the words that the author chose for it.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Parsed<T> {
    /// What it means.
    pub value: T,
    /// As written.
    pub text: String,
}

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

/// An id as explicit ids must be: `[a-z0-9][a-z0-9-]*`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub String);

impl Id {
    /// Whether a text has the form of an explicit id.
    pub fn is_well_formed(text: &str) -> bool {
        text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    }
}

impl Declared for Located<Id> {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = Located::<String>::read(node, reader)?;
        if let Some(rule) = refused_id(&text.value) {
            let key = reader.key_name();
            let fault = reader.fault(rule, node.span(), format!("`{key}` cannot be `{}`", text.value));
            fault.help = Some("an id begins with a small letter or a digit and goes on with those and `-`: payments-db".to_owned());
            let slug = super::slug::slug(&text.value);
            if Id::is_well_formed(&slug) && crate::portable::unportable(&slug).is_none() {
                fault.replacement = Some(format!("{slug:?}"));
            }
            return None;
        }
        Some(text.map(Id))
    }
}

/// The rule that forbids an explicit id, if any.
pub fn refused_id(text: &str) -> Option<&'static str> {
    if !Id::is_well_formed(text) { Some("invalid-value") } else { crate::portable::unportable(text).map(|_| "unsafe-name") }
}

/// A reference as written: `payments-db`, `#migrate`, `deploy#migrate`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(pub String);

impl Reference {
    /// The page and the thing on it; an empty page is the page where the reference stands.
    pub fn parts(&self) -> (&str, Option<&str>) {
        match self.0.split_once('#') {
            Some((page, thing)) => (page, Some(thing)),
            None => (&self.0, None),
        }
    }
}

impl Declared for Located<Reference> {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = Located::<String>::read(node, reader)?;
        if text.value.trim().is_empty() || text.value == "#" {
            let key = reader.key_name();
            reader.fault("invalid-value", node.span(), format!("`{key}` wants an id, got nothing")).help =
                Some("write the id of a page, `#id` of a thing on this page, or `page#id`; or leave the key out".to_owned());
            return None;
        }
        Some(text.map(Reference))
    }
}

/// A reference where it can be one, else prose: `#stop-the-pipeline`, or `Press the red button`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ReferenceOrText {
    /// A reference.
    Reference(Reference),
    /// Prose.
    Text(String),
}

impl Declared for Located<ReferenceOrText> {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = Located::<String>::read(node, reader)?;
        Some(text.map(|text| {
            let is_reference = text.contains('#') && !text.contains(char::is_whitespace);
            if is_reference { ReferenceOrText::Reference(Reference(text)) } else { ReferenceOrText::Text(text) }
        }))
    }
}

/// `true`, `false`, or `until #step`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reversible {
    /// It can be undone.
    Yes,
    /// It cannot be undone.
    No,
    /// It can be undone until a step is done.
    Until(Reference),
}

impl Declared for Located<Reversible> {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let span = reader.span(node.span());
        match node.get_ref() {
            DeValue::Boolean(true) => return Some(Located::new(Reversible::Yes, span)),
            DeValue::Boolean(false) => return Some(Located::new(Reversible::No, span)),
            DeValue::String(text) => {
                if let Some(step) = text.trim().strip_prefix("until ").map(str::trim).filter(|step| step.contains('#')) {
                    return Some(Located::new(Reversible::Until(Reference(step.to_owned())), span));
                }
            }
            _ => {}
        }
        let key = reader.key_name();
        reader.fault("invalid-value", node.span(), format!("`{key}` wants true, false or \"until #step\"")).help =
            Some("write `reversible = \"until #switch-traffic\"` for a step that can be undone up to another".to_owned());
        None
    }
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

/// Keys with a value each, in the order of the page, each with the place of its key.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Entries<T>(pub Vec<(Located<String>, T)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Entries<T> {
    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&T> {
        self.0.iter().find(|(name, _)| name.value == key).map(|(_, value)| value)
    }
}

impl<T: Declared> super::declaration::Field for Entries<T> {
    fn field(table: &toml::de::DeTable<'_>, key: &'static str, reader: &mut Reader<'_>) -> Self {
        let Some(node) = table.get(key) else { return Self::default() };
        reader.at(key, |reader| {
            let DeValue::Table(table) = node.get_ref() else {
                reader.wrong_type(node, "a table");
                return Self::default();
            };
            let read = |(name, value): (&toml::Spanned<_>, &Node<'_>)| {
                let name: &std::borrow::Cow<'_, str> = {
                    let name: &toml::Spanned<std::borrow::Cow<'_, str>> = name;
                    name.get_ref()
                };
                let value = reader.at(name, |reader| T::read(value, reader))?;
                Some((name.clone().into_owned(), value))
            };
            let entries: Vec<_> = table.iter().map(read).collect();
            let spans: Vec<Span> = table.keys().map(|key| reader.span(key.span())).collect();
            let named = entries.into_iter().zip(spans).filter_map(|(entry, span)| {
                let (name, value) = entry?;
                Some((Located::new(name, span), value))
            });
            Self(named.collect())
        })
    }
}

/// Entries whose keys are ids.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct ById<T>(pub Vec<(Located<String>, T)>);

impl<T> Default for ById<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Declared> super::declaration::Field for ById<T> {
    fn field(table: &toml::de::DeTable<'_>, key: &'static str, reader: &mut Reader<'_>) -> Self {
        let keys = table.get(key).and_then(|node| node.get_ref().as_table()).into_iter().flat_map(|table| table.keys());
        let mut refused = Vec::new();
        reader.at(key, |reader| {
            for key in keys {
                let name = key.get_ref().as_ref();
                if let Some(rule) = refused_id(name).or_else(|| (name.len() > 177).then_some("limit-exceeded-input")) {
                    refused.push(name.to_owned());
                    reader.at(name, |reader| {
                        reader.fault(rule, key.span(), format!("`{name}` cannot be an id")).help =
                            Some("an id begins with a small letter or a digit and goes on with those and `-`: payments-db".to_owned());
                    });
                }
            }
        });
        let mut entries = <Entries<T> as super::declaration::Field>::field(table, key, reader).0;
        entries.retain(|(name, _)| !refused.contains(&name.value));
        Self(entries)
    }
}

impl<T: EachProse> EachProse for ById<T> {
    fn each_prose(&self, see: &mut dyn FnMut(&Prose)) {
        self.0.iter().for_each(|(_, value)| value.each_prose(see));
    }
}

/// Anything at all, handed to themes as it is.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct Anything(pub serde_json::Value);

impl Declared for Anything {
    fn read(node: &Node<'_>, _: &mut Reader<'_>) -> Option<Self> {
        Some(Self(json(node.get_ref())))
    }
}

fn json(value: &DeValue<'_>) -> serde_json::Value {
    use serde_json::Value;
    match value {
        DeValue::String(text) => Value::String(text.clone().into_owned()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).map_or(Value::Null, Value::from),
        DeValue::Float(number) => number.as_str().parse::<f64>().map_or(Value::Null, Value::from),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(stamp) => Value::String(stamp.to_string()),
        DeValue::Array(items) => items.iter().map(|item| json(item.get_ref())).collect(),
        DeValue::Table(table) => table.iter().map(|(key, value)| (key.get_ref().clone().into_owned(), json(value.get_ref()))).collect(),
    }
}

/// Defines one of the fixed sets of words.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $( $(#[$variant_meta:meta])* $variant:ident $text:literal ),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $( $(#[$variant_meta])* $variant ),* }

        impl $name {
            /// Every word of the set, in its order.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The word.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl Declared for Located<$name> {
            fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
                let text = Located::<String>::read(node, reader)?;
                let known = $name::ALL.iter().find(|word| word.name() == text.value);
                if known.is_none() {
                    let names: Vec<_> = $name::ALL.iter().map(|word| word.name()).collect();
                    not_among(node, &text.value, &names, reader);
                }
                known.map(|word| Located::new(*word, text.span))
            }
        }

        impl $crate::parse::declaration::EachProse for Located<$name> {
            fn each_prose(&self, _: &mut dyn FnMut(&$crate::parse::value::Prose)) {}
        }

        impl schemars::JsonSchema for Located<$name> {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": [$($text),*] })
            }
        }
    };
}

pub(crate) use words;

/// Notes that a text is none of the words that may stand here.
pub fn not_among(node: &Node<'_>, text: &str, names: &[&str], reader: &mut Reader<'_>) {
    let key = reader.key_name();
    let near = guess(text, names);
    let fault = reader.fault("invalid-value", node.span(), format!("`{key}` cannot be `{text}`; it is one of {}", names.join(", ")));
    if let Some(near) = near {
        fault.help = Some(format!("did you mean `{}`?", near.name));
        fault.replacement = near.is_certain.then(|| format!("{:?}", near.name));
    }
}

words! {
    /// Who does a step.
    Actor { /// A person.
        Human "human", /// A machine.
        Automation "automation" }
}
words! {
    /// How bad it is; in ascending order.
    Severity { /// Noticed, harmless.
        Minor "minor", /// Hurts.
        Moderate "moderate", /// Hurts customers.
        Major "major", /// Threatens the business.
        Critical "critical" }
}
words! {
    /// How often it is expected; in ascending order.
    Likelihood { /// Less than once in five years.
        Rare "rare", /// Less than once a year.
        Unlikely "unlikely", /// Once a year or more.
        Likely "likely", /// Once a month or more.
        Frequent "frequent" }
}
words! {
    /// Whether a process is in force.
    Status { /// Not yet: its findings are infos.
        Proposed "proposed", /// In force.
        Active "active", /// No longer: checked for structure alone.
        Retired "retired" }
}
words! {
    /// How a failure shows.
    State { /// Gone.
        Down "down", /// Late answers.
        Slow "slow", /// Wrong answers.
        Wrong "wrong", /// Half done.
        Partial "partial", /// Too late.
        Late "late", /// Done twice.
        Repeated "repeated", /// Refused for rate.
        Throttled "throttled", /// Nobody gets in.
        AccessLost "access-lost" }
}
words! {
    /// Who or what notices.
    Detector { /// A machine tells a person.
        Alert "alert", /// A check that the process runs.
        Check "check", /// Somebody sees it.
        Human "human", /// A customer tells.
        Customer "customer" }
}
words! {
    /// What makes an irreversible step safe to begin.
    Guard { /// A second person.
        Peer "peer", /// A run that changes nothing.
        DryRun "dry-run", /// Somebody's consent.
        Approval "approval", /// A copy to go back to.
        Backup "backup", /// A target that cannot be too wide.
        ScopedTarget "scoped-target", /// A part first.
        Staged "staged" }
}
words! {
    /// How much a step touches at once.
    Reach { /// One thing.
        One "one", /// Some.
        Batch "batch", /// Everything.
        All "all" }
}
words! {
    /// What a system is.
    SystemType { /// Keeps data.
        Datastore "datastore", /// Answers requests.
        Service "service", /// Carries traffic.
        Network "network", /// Says who is who.
        Identity "identity", /// Proves who is who, until a day.
        Certificate "certificate", /// Runs other systems.
        Platform "platform", /// Helps people.
        Tool "tool", /// Lets people talk.
        Comms "comms", /// Another organisation.
        Vendor "vendor", /// None of these.
        Other "other" }
}
words! {
    /// What a metric measures.
    MetricKind { /// The outcome.
        Outcome "outcome", /// Time from start to end.
        CycleTime "cycle-time", /// How often it goes wrong.
        Errors "errors", /// What it costs.
        Cost "cost" }
}
words! {
    /// What became of a pre-mortem item.
    Outcome { /// A new failure mode.
        Failure "failure", /// Part of a known one.
        Merged "merged", /// Something to do.
        Action "action", /// Not followed, with a reason.
        Rejected "rejected" }
}
words! {
    /// What a page is.
    PageKind { /// Prose.
        Page "page", /// A process.
        Process "process", /// A system.
        System "system", /// A role.
        Role "role", /// An incident.
        Incident "incident", /// A record of a pre-mortem.
        Premortem "premortem" }
}

/// The four classes that every process must consider, in the order in which they are always shown.
pub const CLASSES: [&str; 4] = ["technical", "human", "scale", "dependency"];

/// A failure class: one of [`CLASSES`], or one that the settings add.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class(pub String);

impl Declared for Located<Class> {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = Located::<String>::read(node, reader)?;
        let further = reader.context.classes.iter().map(String::as_str);
        let names: Vec<&str> = CLASSES.into_iter().chain(further).collect();
        if !names.contains(&text.value.as_str()) {
            not_among(node, &text.value, &names, reader);
            return None;
        }
        Some(text.map(Class))
    }
}

impl EachProse for Prose {
    fn each_prose(&self, see: &mut dyn FnMut(&Prose)) {
        see(self);
    }
}

impl<T: EachProse> EachProse for Entries<T> {
    fn each_prose(&self, see: &mut dyn FnMut(&Prose)) {
        self.0.iter().for_each(|(_, value)| value.each_prose(see));
    }
}

/// Values that hold no prose.
macro_rules! no_prose {
    ($($ty:ty),* $(,)?) => {$(
        impl EachProse for $ty {
            fn each_prose(&self, _: &mut dyn FnMut(&Prose)) {}
        }
    )*};
}

no_prose! {
    Located<String>, Located<bool>, Located<i64>, Located<Count>, Located<Amount>, Located<Date>, Located<Parsed<Duration>>,
    Located<Parsed<Rate>>, Located<Parsed<Hours>>, Located<Id>, Located<Reference>, Located<ReferenceOrText>, Located<Reversible>,
    Located<Expiry>, Located<Class>, Anything,
}

/// JSON schemas of the values that are no plain struct.
mod schema {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    use super::*;

    macro_rules! schema {
        ($($ty:ty, $name:literal => $schema:tt;)*) => {$(
            impl JsonSchema for $ty {
                fn schema_name() -> Cow<'static, str> {
                    $name.into()
                }
                fn inline_schema() -> bool {
                    true
                }
                fn json_schema(_: &mut SchemaGenerator) -> Schema {
                    json_schema!($schema)
                }
            }
        )*};
    }

    schema! {
        Located<String>, "Text" => { "type": "string" };
        Prose, "Prose" => { "type": "string", "contentMediaType": "text/markdown" };
        Located<bool>, "Bool" => { "type": "boolean" };
        Located<i64>, "Integer" => { "type": "integer" };
        Located<Count>, "Count" => { "type": "integer", "minimum": 0 };
        Located<Amount>, "Amount" => { "type": "number", "minimum": 0 };
        Located<Date>, "Date" => { "type": "string", "format": "date" };
        Located<Parsed<Duration>>, "Duration" => { "type": "string", "examples": ["30s", "5m", "2h", "90d", "2w", "6 months"] };
        Located<Parsed<Rate>>, "Rate" => { "type": "string", "pattern": "^[0-9._]+ */ *(hour|day|week|month|year)$" };
        Located<Parsed<Hours>>, "Hours" => { "type": "string", "examples": ["24x7", "any time", "Mon-Fri 09:00-17:00 Africa/Lagos"] };
        Located<Id>, "Id" => { "type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$" };
        Located<Reference>, "Reference" => { "type": "string", "minLength": 1 };
        Located<ReferenceOrText>, "ReferenceOrText" => { "type": "string" };
        Located<Reversible>, "Reversible" => { "oneOf": [{ "type": "boolean" }, { "type": "string", "pattern": "^until .*#" }] };
        Located<Expiry>, "Expiry" => { "type": "string", "examples": ["2027-03-01", "never because …"] };
        Located<Class>, "Class" => { "type": "string", "examples": ["technical", "human", "scale", "dependency"] };
        Anything, "Anything" => true;
    }

    impl<T: JsonSchema> JsonSchema for ById<T> {
        fn schema_name() -> Cow<'static, str> {
            <Entries<T>>::schema_name()
        }
        fn inline_schema() -> bool {
            true
        }
        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            <Entries<T>>::json_schema(generator)
        }
    }

    impl<T: JsonSchema> JsonSchema for Entries<T> {
        fn schema_name() -> Cow<'static, str> {
            format!("Entries_of_{}", T::schema_name()).into()
        }
        fn inline_schema() -> bool {
            true
        }
        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            let item = generator.subschema_for::<T>();
            json_schema!({ "type": "object", "additionalProperties": item })
        }
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
    fn an_amount_is_the_decimal_that_was_written() {
        let exact = |text: &str| Amount::from_decimal(text).map(Amount::exact);
        let ratio = |above: i64, below: i64| Some(BigRational::new(above.into(), below.into()));
        assert_eq!(exact("0.1"), ratio(1, 10));
        assert_eq!(exact("1_0".replace('_', "").as_str()), ratio(10, 1));
        assert_eq!(exact("2.50"), ratio(5, 2));
        assert_eq!(exact("1.5e3"), ratio(1_500, 1));
        assert_eq!(exact(".5"), ratio(1, 2));
        assert_eq!(exact("0.000e9"), ratio(0, 1));
        assert_eq!(Amount::from_decimal("1.20"), Amount::from_decimal("12e-1"));
        assert_eq!(Amount::from_decimal("900000000").map(Amount::number), Some(900_000_000.0));
        assert_eq!(exact(&u128::MAX.to_string()).map(|exact| exact.to_string()), Some(u128::MAX.to_string()));
        let long = "1".repeat(40);
        for wrong in ["", ".", "-1", "+1", "inf", "nan", "1e400", "1e-999999999", "1e", "0x1", long.as_str()] {
            assert_eq!(Amount::from_decimal(wrong), None, "{wrong}");
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
