//! Tables whose keys are their author's.

use toml::de::DeValue;

use crate::parse::declaration::{Declared, EachProse, Field, Node, Reader};
use crate::source::{Located, Span};

use super::{Prose, refused_id};

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

impl<T: Declared> Field for Entries<T> {
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

impl<T: Declared> Field for ById<T> {
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
        let mut entries = <Entries<T> as Field>::field(table, key, reader).0;
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

impl<T: EachProse> EachProse for Entries<T> {
    fn each_prose(&self, see: &mut dyn FnMut(&Prose)) {
        self.0.iter().for_each(|(_, value)| value.each_prose(see));
    }
}
