//! The values that declarations hold.
//!
//! Here: what TOML has itself (text, whole numbers, dates) and prose. [`amount`] numbers that stay the decimals that were written, [`time`]
//! lengths, rates, hours and last days, [`reference`] ids and what points to them, [`table`] keys with a value each, [`words`] the fixed sets
//! of words, and the schemas of all of them.

mod amount;
mod reference;
mod schema;
mod table;
mod time;
mod words;

use jiff::civil::Date;
use toml::de::DeValue;

use crate::source::Located;

use super::declaration::{Declared, EachProse, Node, Reader, kind_of};

pub use amount::Amount;
pub use reference::{Id, Reference, ReferenceOrText, Reversible, refused_id};
pub use table::{Anything, ById, Entries};
pub use time::{Duration, Expiry, Hours, Period, Rate, Window};
pub(crate) use words::words;
pub use words::{
    Actor, CLASSES, Class, Detector, Guard, Likelihood, MetricKind, Outcome, PageKind, Reach, Severity, State, Status, SystemType,
    not_among,
};

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
                other => kind_of(other).to_owned(),
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
        value => kind_of(value).to_owned(),
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

impl EachProse for Prose {
    fn each_prose(&self, see: &mut dyn FnMut(&Prose)) {
        see(self);
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
