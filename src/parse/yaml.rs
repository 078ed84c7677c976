//! YAML front matter of other tools: the keys that we share with them, read into ours; the rest, and what has another shape there, belongs
//! to the other tool.

use serde_json::Value;

use crate::source::{Located, Span};

use super::front_matter::PageKeys;
use super::value::{Markdown, Reference};

/// The shared keys; `span` is the whole front matter. An error has its line in the YAML, from 1, and its words.
pub fn read(text: &str, span: Span) -> Result<PageKeys, (Option<usize>, String)> {
    let mut keys = PageKeys { span, ..PageKeys::default() };
    if text.trim().is_empty() {
        return Ok(keys);
    }
    let all: Value = serde_saphyr::from_str(text).map_err(|error| {
        let line = error.location().map(|location| location.line() as usize);
        let words = error.to_string().lines().next().unwrap_or("it cannot be read").to_owned();
        (line, words)
    })?;
    let value = |key: &str| all.get(key);
    let said = |key: &str| value(key).and_then(text_of).map(|text| Located::new(text, span));
    let several = |key: &str| value(key).map(texts_of).unwrap_or_default().into_iter().map(|text| Located::new(text, span)).collect();
    let order = ["order", "weight", "nav_order"].into_iter().find_map(|key| value(key)?.as_f64());
    keys.title = said("title");
    keys.description = said("description").map(|text| text.map(Markdown));
    keys.order = order.map(|order| Located::new(order as i64, span));
    keys.tags = several("tags");
    keys.aliases = several("aliases");
    keys.owner = said("owner").map(|owner| owner.map(Reference));
    Ok(keys)
}

/// What other tools accept as text.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// One text or several.
fn texts_of(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(text_of).collect(),
        Value::String(text) => text.split([',', ' ']).filter(|word| !word.is_empty()).map(str::to_owned).collect(),
        other => text_of(other).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_keys_are_read_and_others_left_alone() {
        let yaml = "title: 12\nnav_order: 3\ntags: [a, b]\nlayout: page\nparent: {x: [1]}\nowner: [a, b]\ndescription: {a: b}\n";
        let keys = read(yaml, Span::default()).unwrap();
        assert_eq!(keys.title.unwrap().value, "12");
        assert_eq!(keys.order.unwrap().value, 3);
        assert_eq!(keys.tags.len(), 2);
        assert!(keys.owner.is_none() && keys.description.is_none());
        assert!(read("title: [unclosed\n", Span::default()).is_err());
    }
}
