//! Front matter of other tools -> ours.
//!
//! In: a page's text. Out: the keys that forewarn shares, everything else as a table for `[extra]`, and where the Markdown begins. Absent:
//! what has to be known of other pages (its place in a navigation, whether an alias is free).

use toml::{Table, Value};

use crate::parse::opening::{Opening, opening};

use super::values;

/// What the front matter of a page says.
#[derive(Clone, Debug, Default)]
pub struct Front {
    /// The title.
    pub title: Option<String>,
    /// One sentence.
    pub description: Option<String>,
    /// Its place among its neighbours, as other tools count: with fractions.
    pub order: Option<f64>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Old URLs, as written.
    pub aliases: Vec<String>,
    /// Whether it is not published yet.
    pub draft: bool,
    /// The URL that the other tool gives it: `permalink`, `url`; or its last part: `slug`.
    pub url: Option<String>,
    /// The last part of the URL that the other tool gives it.
    pub slug: Option<String>,
    /// Everything else, as it was.
    pub extra: Table,
    /// The language it was in, where there was any: `YAML`.
    pub language: Option<&'static str>,
    /// Why it could not be read; then it stands whole in `extra`.
    pub fault: Option<String>,
}

/// The front matter of a text, where the Markdown begins, and on which line.
pub fn read(text: &str) -> (Front, usize, usize) {
    let line_of = |at: usize| text[..at].matches('\n').count() + 1;
    match opening(text) {
        Opening::Yaml(fenced) => (from(values::yaml(fenced.text), fenced.text, "YAML"), fenced.body, line_of(fenced.body)),
        Opening::Toml(fenced) => (from(values::toml(fenced.text), fenced.text, "TOML"), fenced.body, line_of(fenced.body)),
        Opening::Unclosed(_) | Opening::None => match json(text) {
            Some((front, body)) => (front, body, line_of(body)),
            None => (Front::default(), 0, 1),
        },
    }
}

/// Hugo's third language: an object at the very top, ended by a line of its own.
fn json(text: &str) -> Option<(Front, usize)> {
    if !text.starts_with("{\n") {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
    let value = values.next()?.ok()?;
    let end = values.byte_offset();
    let body = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
    let Some(Value::Table(table)) = values::from_json(value, 24) else { return None };
    Some((from(Ok(table), "", "JSON"), body))
}

fn from(read: Result<Table, String>, text: &str, language: &'static str) -> Front {
    let mut table = match read {
        Ok(table) => table,
        Err(fault) => {
            let extra = Table::from_iter([("front_matter".to_owned(), Value::String(text.to_owned()))]);
            return Front { extra, language: Some(language), fault: Some(fault), ..Front::default() };
        }
    };
    let mut front = Front { language: Some(language), ..Front::default() };
    let text = |table: &mut Table, keys: &[&str]| {
        let key = keys.iter().find(|key| table.get(**key).and_then(values::text).is_some_and(|text| !text.trim().is_empty()))?;
        table.remove(*key).as_ref().and_then(values::text).map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    front.title = text(&mut table, &["title"]);
    front.description = text(&mut table, &["description", "summary"]);
    front.url = text(&mut table, &["permalink", "url"]);
    front.slug = text(&mut table, &["slug"]);
    for key in ["order", "weight", "nav_order", "sidebar_position", "position"] {
        let number = table.get(key).and_then(|value| match value {
            Value::Integer(number) => Some(*number as f64),
            Value::Float(number) => Some(*number),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        });
        if front.order.is_none() && number.is_some_and(f64::is_finite) {
            front.order = number;
            table.remove(key);
        }
    }
    // Starlight keeps its place a level below.
    if let (None, Some(Value::Table(sidebar))) = (front.order, table.get_mut("sidebar")) {
        let number = sidebar.get("order").and_then(|order| order.as_float().or_else(|| order.as_integer().map(|order| order as f64)));
        if number.is_some() {
            front.order = number;
            sidebar.remove("order");
        }
        if sidebar.is_empty() {
            table.remove("sidebar");
        }
    }
    if let Some(tags) = table.get("tags").and_then(values::texts) {
        front.tags = tags;
        table.remove("tags");
    }
    for key in ["aliases", "redirect_from", "redirects"] {
        if let Some(aliases) = table.get(key).and_then(values::texts) {
            front.aliases.extend(aliases);
            table.remove(key);
        }
    }
    if let Some(draft) = table.get("draft").and_then(Value::as_bool) {
        front.draft = draft;
        table.remove("draft");
    }
    if table.get("published").and_then(Value::as_bool) == Some(false) {
        front.draft = true;
        table.remove("published");
    }
    front.extra = table;
    front
}

/// The block that opens a page; nothing where it would say nothing.
pub fn block(keys: Table) -> Option<String> {
    if keys.is_empty() {
        return None;
    }
    // Keys before tables: what follows a table's name belongs to it.
    let (tables, plain): (Vec<_>, Vec<_>) = keys.into_iter().partition(|(_, value)| value.is_table());
    let toml = toml::to_string(&Table::from_iter(plain.into_iter().chain(tables))).ok()?;
    let longest = toml.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    Some(format!("{fence}page\n{toml}{fence}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_keys_are_ours_and_the_rest_is_kept() {
        let text = "---\ntitle: A\nnav_order: 2\ntags: [x, z]\nparent: P\nredirect_from: /old/\npublished: false\n---\nbody\n";
        let (front, body, line) = read(text);
        assert_eq!((front.title.as_deref(), front.order, &text[body..], line), (Some("A"), Some(2.0), "body\n", 9));
        assert_eq!((front.tags, front.aliases, front.draft), (vec!["x".to_owned(), "z".into()], vec!["/old/".to_owned()], true));
        assert_eq!(front.extra.keys().collect::<Vec<_>>(), ["parent"]);
    }

    #[test]
    fn every_language_and_none_is_read() {
        for text in ["+++\ntitle = \"A\"\n+++\nx\n", "---\ntitle: A\n---\nx\n", "{\n\"title\": \"A\"\n}\nx\n"] {
            let (front, body, _) = read(text);
            assert_eq!((front.title.as_deref(), &text[body..]), (Some("A"), "x\n"));
        }
        let (front, body, _) = read("---\ntitle: [\n---\nx\n");
        assert!(front.fault.is_some() && front.extra.contains_key("front_matter") && body == 17, "{body}");
        assert!(read("---\n\nNote: a rule\n").0.language.is_none());
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        let keys = Table::from_iter([("title".to_owned(), Value::String("a ```` b".to_owned()))]);
        assert!(block(keys).unwrap().starts_with("`````page\n"));
        assert_eq!(block(Table::new()), None);
    }
}
