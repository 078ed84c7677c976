//! Settings and front matter of other tools, in whatever language, as one kind of value.
//!
//! In: YAML, TOML or JSON. Out: TOML values, or why they cannot be read. Absent: what a key means. What TOML cannot say is left out
//! (nothing for a key) or written as text (numbers beyond 64 bits, what nests deeper than forewarn reads).

use serde_json::Value as Json;
use toml::{Table, Value};

use crate::parse::toml_depth::first_too_deep;

/// How deep a value may nest; what is deeper is written as JSON text.
const DEPTH: usize = 24;

/// A table in YAML. Tags such as `!!python/name:` and `!ENV` are read through; of two equal keys the last one counts, as other tools have it.
pub fn yaml(text: &str) -> Result<Table, String> {
    if text.trim().is_empty() {
        return Ok(Table::new());
    }
    let options = serde_saphyr::options! { duplicate_keys: serde_saphyr::options::DuplicateKeyPolicy::LastWins };
    let value: Json = serde_saphyr::from_str_with_options(text, options)
        .map_err(|error| error.to_string().lines().next().unwrap_or("it cannot be read").trim_start_matches("error: ").to_owned())?;
    table(value)
}

/// A table in TOML.
pub fn toml(text: &str) -> Result<Table, String> {
    // Deeper than that, the new page would be over forewarn's own limit, with `extra` around it.
    if first_too_deep(text, 2 * DEPTH).is_some() {
        return Err(format!("it nests deeper than {}", 2 * DEPTH));
    }
    toml::from_str(text).map_err(|error: toml::de::Error| error.message().to_owned())
}

/// A table in JSON.
pub fn json(text: &str) -> Result<Table, String> {
    table(serde_json::from_str(text).map_err(|error| error.to_string())?)
}

/// A file of settings, by its ending.
pub fn by_ending(path: &str, text: &str) -> Result<Table, String> {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("toml") => toml(text),
        Some("json") => json(text),
        _ => yaml(text),
    }
}

fn table(value: Json) -> Result<Table, String> {
    match from_json(value, DEPTH) {
        Some(Value::Table(table)) => Ok(table),
        None => Ok(Table::new()),
        Some(_) => Err("it is no list of keys".to_owned()),
    }
}

/// A value; nothing for nothing.
pub fn from_json(value: Json, depth: usize) -> Option<Value> {
    let Some(deeper) = depth.checked_sub(1) else { return Some(Value::String(value.to_string())) };
    Some(match value {
        Json::Null => return None,
        Json::Bool(flag) => Value::Boolean(flag),
        Json::String(text) => Value::String(text),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::Integer(whole),
            (None, Some(float)) if number.is_f64() => Value::Float(float),
            _ => Value::String(number.to_string()),
        },
        Json::Array(items) => Value::Array(items.into_iter().filter_map(|item| from_json(item, deeper)).collect()),
        Json::Object(keys) => Value::Table(keys.into_iter().filter_map(|(key, value)| Some((key, from_json(value, deeper)?))).collect()),
    })
}

/// What other tools accept as text.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Boolean(flag) => Some(flag.to_string()),
        Value::Datetime(date) => Some(date.to_string()),
        Value::Array(_) | Value::Table(_) => None,
    }
}

/// One text or several; words between commas or spaces are several.
pub fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(items) => items.iter().map(text).collect(),
        Value::String(text) if text.contains(',') => {
            Some(text.split(',').map(|word| word.trim().to_owned()).filter(|w| !w.is_empty()).collect())
        }
        Value::String(text) => Some(text.split_whitespace().map(str::to_owned).collect()),
        other => text(other).map(|text| vec![text]),
    }
}

/// The value at a path of keys: `site.title`.
pub fn at<'t>(table: &'t Table, path: &str) -> Option<&'t Value> {
    let mut keys = path.split('.');
    let mut value = table.get(keys.next()?)?;
    for key in keys {
        value = value.as_table()?.get(key)?;
    }
    Some(value)
}

/// The text at a path of keys, if it says anything.
pub fn text_at(table: &Table, path: &str) -> Option<String> {
    at(table, path).and_then(text).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_duplicates_and_nothing_are_read() {
        let table = yaml("a: !!python/name:x.y\nb: !ENV [X, z]\nc: 1\nc: 2\nd: 2024-01-02\n").unwrap();
        assert!(!table.contains_key("a"));
        assert_eq!((text_at(&table, "c"), text_at(&table, "d")), (Some("2".into()), Some("2024-01-02".into())));
        assert!(yaml("a: [").is_err() && yaml("- a\n").is_err() && json("{").is_err() && toml("a = ").is_err());
        assert_eq!(yaml("").unwrap(), Table::new());
    }
}
