//! TOML -> typed declarations: the reader that every block, every front matter and the settings go through.
//!
//! Enters: the text of one declaration and the way back to its source. Leaves: a typed value and every fault in it, each at the key or
//! value itself. Reading never stops at the first fault and never fails. Absent: which keys exist (`blocks`, `front_matter`, `settings`
//! say so with the `declaration!` macro) and what references mean (`model`).

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::source::Span;

use super::nearest::guess;
use super::place_map::PlaceMap;

/// A value in the parsed TOML, with its place in the declaration's text.
pub type Node<'i> = Spanned<DeValue<'i>>;

/// Something wrong in a declaration, before it is known on which element it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The rule: `unknown-key`, `invalid-value` …
    pub rule: &'static str,
    /// Where, in the source.
    pub span: Span,
    /// The key path, array tables by index: `recover.verified`, `metric.0.kind`.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// A second place and what stands there.
    pub mark: Option<(Span, String)>,
    /// What to write at `span` instead, where that is certain.
    pub replacement: Option<String>,
}

/// What a declaration is read with: the classes that exist beside the four, and the depth that tables may have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Context {
    /// Names of further classes from `[classes.…]`.
    pub classes: Vec<String>,
    /// How deep arrays and tables may nest.
    pub toml_nesting: usize,
}

impl Default for Context {
    fn default() -> Self {
        Self { classes: Vec::new(), toml_nesting: 60 }
    }
}

/// Collects the faults of one declaration while its values are read.
pub struct Reader<'r> {
    /// What is known from outside the declaration.
    pub context: &'r Context,
    places: &'r PlaceMap,
    path: Vec<String>,
    faults: Vec<Fault>,
    meant: Vec<String>,
    torn: bool,
}

impl<'r> Reader<'r> {
    /// The place in the source of a range of the declaration's text.
    pub fn span(&self, range: std::ops::Range<usize>) -> Span {
        self.places.span(range)
    }

    /// Notes a fault at a range of the declaration's text.
    pub fn fault(&mut self, rule: &'static str, range: std::ops::Range<usize>, message: impl Into<String>) -> &mut Fault {
        let fault = Fault {
            rule,
            span: self.places.span(range),
            key: self.path.join("."),
            message: message.into(),
            help: None,
            mark: None,
            replacement: None,
        };
        self.faults.push(fault);
        let last = self.faults.len() - 1;
        &mut self.faults[last]
    }

    /// Notes that a value has the wrong type.
    pub fn wrong_type(&mut self, node: &Node<'_>, wanted: &str) {
        let key = self.key_name();
        self.fault("invalid-value", node.span(), format!("`{key}` wants {wanted}, got {}", kind_of(node.get_ref())));
    }

    /// The key being read, for messages: `within`, `metric.0.kind`.
    pub fn key_name(&self) -> String {
        self.path.join(".")
    }

    /// Whether an unknown key was probably meant to be this one, so that it is not missing as well.
    pub fn was_meant(&self, key: &str) -> bool {
        self.meant.contains(&self.below(key))
    }

    /// Whether a key was given, was meant by a misspelt one, or may have been lost in a text that is no TOML.
    pub fn is_given(&self, table: &DeTable<'_>, key: &str) -> bool {
        self.torn || table.contains_key(key) || self.was_meant(key)
    }

    fn below(&self, key: &str) -> String {
        self.path.iter().map(String::as_str).chain([key]).collect::<Vec<_>>().join(".")
    }

    /// Reads something one level further down.
    pub fn at<T>(&mut self, key: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(key.to_owned());
        let value = read(self);
        self.path.pop();
        value
    }

    /// Looks at a value that is read again later: its faults are not noted now.
    pub fn quietly<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.faults.len();
        let value = read(self);
        self.faults.truncate(before);
        value
    }

    /// Notes each key of `table` that is not among `known`, with the nearest known one.
    pub fn unknown_keys(&mut self, table: &DeTable<'_>, known: &[&str], what: &str) {
        for (key, value) in table.iter() {
            let name: &Cow<'_, str> = key.get_ref();
            if known.contains(&name.as_ref()) {
                continue;
            }
            let near = guess(name, known);
            let mut meant = None;
            let span = key.span();
            let certain = near.filter(|near| near.is_certain && !table.contains_key(near.name) && is_written_once(&span, value));
            self.at(name, |reader| {
                let fault = reader.fault("unknown-key", span.clone(), format!("unknown key `{name}` in {what}"));
                match near {
                    Some(near) => {
                        meant = Some(near.name.to_owned());
                        fault.help = Some(format!("did you mean `{}`?", near.name));
                        fault.replacement = certain.map(|near| near.name.to_owned());
                    }
                    None => fault.help = Some(format!("known keys: {}", known.join(", "))),
                }
            });
            self.meant.extend(meant.map(|meant| self.below(&meant)));
        }
    }
}

/// Whether a key stands in one place of the text, so that one edit renames it: `[[action]]` may come several times, `recover` in
/// `[recover]` and in `[recover.escalate]`, or before the dot of several lines.
fn is_written_once(key: &std::ops::Range<usize>, value: &Node<'_>) -> bool {
    let is_flat = |table: &DeTable<'_>| table.values().all(|value| !holds_tables(value.get_ref()));
    match value.get_ref() {
        // A header begins with its bracket, before the key; what is written after it, in one place, begins behind it.
        DeValue::Table(table) => value.span().start > key.end || (value.span().start < key.start && is_flat(table)),
        DeValue::Array(items) if holds_tables(value.get_ref()) => {
            items.len() == 1 && items.iter().all(|item| item.get_ref().as_table().is_some_and(is_flat))
        }
        _ => true,
    }
}

fn holds_tables(value: &DeValue<'_>) -> bool {
    match value {
        DeValue::Table(_) => true,
        DeValue::Array(items) => items.iter().any(|item| holds_tables(item.get_ref())),
        _ => false,
    }
}

/// A type that one TOML value can be read as.
pub trait Declared: Sized {
    /// The value, or nothing and at least one fault.
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self>;
}

/// Whatever can hold prose: shows each piece, in the order of the keys.
pub trait EachProse {
    /// Calls `see` with each piece.
    fn each_prose(&self, see: &mut dyn FnMut(&super::value::Prose));
}

impl<T: EachProse> EachProse for Option<T> {
    fn each_prose(&self, see: &mut dyn FnMut(&super::value::Prose)) {
        if let Some(value) = self {
            value.each_prose(see);
        }
    }
}

impl<T: EachProse> EachProse for Vec<T> {
    fn each_prose(&self, see: &mut dyn FnMut(&super::value::Prose)) {
        self.iter().for_each(|value| value.each_prose(see));
    }
}

/// A type that a key's value, present or not, can be read as.
pub trait Field: Sized + Default {
    /// The value under `key`, or the default.
    fn field(table: &DeTable<'_>, key: &'static str, reader: &mut Reader<'_>) -> Self;
}

impl<T: Declared> Field for Option<T> {
    fn field(table: &DeTable<'_>, key: &'static str, reader: &mut Reader<'_>) -> Self {
        table.get(key).and_then(|node| reader.at(key, |reader| T::read(node, reader)))
    }
}

impl<T: Declared> Field for Vec<T> {
    fn field(table: &DeTable<'_>, key: &'static str, reader: &mut Reader<'_>) -> Self {
        <Option<Vec<T>> as Field>::field(table, key, reader).unwrap_or_default()
    }
}

impl<T: Declared> Declared for Vec<T> {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(items) = node.get_ref().as_array() else {
            reader.wrong_type(node, "a list");
            return None;
        };
        let items = items.iter().enumerate();
        Some(items.filter_map(|(index, item)| reader.at(&index.to_string(), |reader| T::read(item, reader))).collect())
    }
}

/// Defines a declaration: a struct, its keys, and how it is read. `= required` after a type makes a missing key a fault.
macro_rules! declaration {
    ($(#[$meta:meta])* $name:ident, $what:literal {
        $( $(#[$field_meta:meta])* $field:ident $key:literal : $ty:ty $(= $required:ident)? ),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, Hash, schemars::JsonSchema)]
        #[schemars(deny_unknown_fields)]
        pub struct $name {
            $(
                $(#[$field_meta])*
                #[schemars(rename = $key, default)]
                $( #[schemars(extend("x-required" = stringify!($required)))] )?
                pub $field: $ty,
            )*
            /// Where the declaration stands.
            #[schemars(skip)]
            pub span: $crate::source::Span,
            /// Which of [`Self::KEYS`] were given, read or not, as bits.
            #[schemars(skip)]
            pub given: u64,
        }

        impl $name {
            /// The keys that may stand here.
            pub const KEYS: &'static [&'static str] = &[$($key),*];

            /// Whether a key was given, even with a value that cannot be read: what is unreadable is not absent.
            pub fn has(&self, key: &str) -> bool {
                Self::KEYS.iter().position(|known| *known == key).is_some_and(|bit| self.given & (1 << bit) != 0)
            }

            /// Reads the keys of a table; unknown and missing ones are faults.
            pub fn read_table(
                table: &toml::de::DeTable<'_>,
                range: std::ops::Range<usize>,
                reader: &mut $crate::parse::declaration::Reader<'_>,
            ) -> Self {
                reader.unknown_keys(table, Self::KEYS, $what);
                Self::read_known(table, range, reader)
            }

            /// Reads the keys of a table that may hold others as well.
            pub fn read_known(
                table: &toml::de::DeTable<'_>,
                range: std::ops::Range<usize>,
                reader: &mut $crate::parse::declaration::Reader<'_>,
            ) -> Self {
                let span = reader.span(range.clone());
                $( let $field: $ty = $crate::parse::declaration::Field::field(table, $key, reader); )*
                $( $( declaration!(@$required $key, $what, table, range, reader); )? )*
                let given = Self::KEYS.iter().enumerate().filter(|(_, key)| reader.is_given(table, key)).fold(0, |bits, (bit, _)| bits | 1 << bit);
                Self { $($field,)* span, given }
            }
        }

        impl $crate::parse::declaration::EachProse for $name {
            fn each_prose(&self, see: &mut dyn FnMut(&$crate::parse::value::Prose)) {
                $( $crate::parse::declaration::EachProse::each_prose(&self.$field, see); )*
            }
        }

        impl $crate::parse::declaration::TopTable for $name {
            fn read_top(table: &toml::de::DeTable<'_>, reader: &mut $crate::parse::declaration::Reader<'_>) -> Self {
                Self::read_table(table, $crate::parse::place_map::OPENING, reader)
            }
        }

        impl $crate::parse::declaration::Declared for $name {
            fn read(
                node: &$crate::parse::declaration::Node<'_>,
                reader: &mut $crate::parse::declaration::Reader<'_>,
            ) -> Option<Self> {
                match node.get_ref() {
                    toml::de::DeValue::Table(table) => Some(Self::read_table(table, node.span(), reader)),
                    _ => { reader.wrong_type(node, "a table"); None }
                }
            }
        }
    };
    (@required $key:literal, $what:literal, $table:ident, $range:ident, $reader:ident) => {
        if !$reader.is_given($table, $key) {
            $reader.at($key, |reader| {
                reader.fault("missing-key", $range.clone(), concat!("`", $key, "` is missing in ", $what))
                    .help = Some(concat!("add `", $key, " = …`").to_owned());
            });
        }
    };
}
pub(crate) use declaration;

/// A declaration that is a text of its own: a block, a front matter, the settings.
pub trait TopTable: Default {
    /// Reads its keys. A missing one is reported at [`super::place_map::OPENING`].
    fn read_top(table: &DeTable<'_>, reader: &mut Reader<'_>) -> Self;
}

/// Reads the text of one declaration.
pub fn read<T: TopTable>(text: &str, places: &PlaceMap, context: &Context) -> (T, Vec<Fault>) {
    let mut reader = Reader { context, places, path: Vec::new(), faults: Vec::new(), meant: Vec::new(), torn: false };
    if let Some(range) = super::toml_depth::first_too_deep(text, context.toml_nesting) {
        let limit = context.toml_nesting;
        let fault = reader.fault("nesting-too-deep", range, format!("tables or lists nest deeper than {limit} here"));
        fault.help = Some("split the declaration, or raise `toml_nesting` under `[limits]`".to_owned());
        return (T::default(), reader.faults);
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    let table = table.into_inner();
    let mut unread: Vec<std::ops::Range<usize>> = Vec::new();
    for error in errors {
        let range = error.span().unwrap_or(0..0);
        unread.push(line_of(text, range.start));
        let message = error.message().trim_end().replace('\n', ", ");
        let first = (message.contains("duplicate key")).then(|| earlier_key(&table, text.get(range.clone())?, range.start)).flatten();
        let fault = reader.fault("invalid-toml", range, String::new());
        fault.message = format!("this is not TOML: {message}");
        fault.help = Some(hint(&message).to_owned());
        if let Some(first) = first {
            fault.mark = Some((places.span(first), "first given here".to_owned()));
        }
    }
    reader.torn = !reader.faults.is_empty();
    let syntax = reader.faults.len();
    let value = T::read_top(&table, &mut reader);
    // What stands on a line that is no TOML was guessed by the parser: more words about it would only confuse.
    let lines: Vec<Span> = unread.into_iter().map(|line| places.span(line)).collect();
    let (syntax, mut values) = (reader.faults[..syntax].to_vec(), reader.faults.split_off(syntax));
    values.retain(|fault| !lines.iter().any(|line| line.start() <= fault.span.start() && fault.span.start() <= line.end()));
    (value, syntax.into_iter().chain(values).collect())
}

/// The line of a text around an offset.
fn line_of(text: &str, at: usize) -> std::ops::Range<usize> {
    let at = at.min(text.len());
    let start = text.as_bytes()[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |before| before + 1);
    let end = text.as_bytes()[at..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |after| at + after);
    start..end
}

fn hint(message: &str) -> &'static str {
    if message.contains("duplicate key") {
        "keep one of the two"
    } else if message.contains("date") || message.contains("month") {
        "write a day as year-month-day: 2026-12-31"
    } else if ["boolean", "string", "quote"].iter().any(|word| message.contains(word)) {
        "put text between double quotes: key = \"text\""
    } else {
        "write `key = value`; text stands between double quotes, lists between [ and ]"
    }
}

/// The range of the last key of that name which begins before `before`.
fn earlier_key(table: &DeTable<'_>, name: &str, before: usize) -> Option<std::ops::Range<usize>> {
    let name = name.trim_matches(['"', '\'']);
    let mut best: Option<std::ops::Range<usize>> = None;
    let mut open = vec![table];
    while let Some(table) = open.pop() {
        for (key, value) in table {
            let range = key.span();
            if key.get_ref() == name && range.start < before && best.as_ref().is_none_or(|best| best.start < range.start) {
                best = Some(range);
            }
            match value.get_ref() {
                DeValue::Table(table) => open.push(table),
                DeValue::Array(items) => open.extend(items.iter().filter_map(|item| item.get_ref().as_table())),
                _ => {}
            }
        }
    }
    best
}

/// The word for a TOML value's type in messages.
pub fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
