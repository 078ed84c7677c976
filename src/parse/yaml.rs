//! YAML front matter of other tools: the keys that we share with them, read into ours; the rest belongs to the other tool.

use serde::Deserialize;

use crate::source::{Located, Span};

use super::front_matter::PageKeys;
use super::value::{Markdown, Reference};

/// A front matter as other tools write it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Shared {
    title: Option<Text>,
    description: Option<Text>,
    order: Option<f64>,
    weight: Option<f64>,
    nav_order: Option<f64>,
    tags: Option<Texts>,
    aliases: Option<Texts>,
    owner: Option<Text>,
}

/// What other tools accept as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Words(String),
    Flag(bool),
    Number(f64),
}

/// One text or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Texts {
    One(Text),
    Several(Vec<Text>),
}

impl Text {
    fn text(self) -> String {
        match self {
            Text::Words(text) => text,
            Text::Flag(flag) => flag.to_string(),
            Text::Number(number) => number.to_string(),
        }
    }
}

impl Texts {
    fn texts(self) -> Vec<String> {
        match self {
            Texts::One(text) => text.text().split([',', ' ']).filter(|word| !word.is_empty()).map(str::to_owned).collect(),
            Texts::Several(texts) => texts.into_iter().map(Text::text).collect(),
        }
    }
}

/// The shared keys; `span` is the whole front matter. An error has its line in the YAML, from 1, and its words.
pub fn read(text: &str, span: Span) -> Result<PageKeys, (Option<usize>, String)> {
    if text.trim().is_empty() {
        return Ok(PageKeys { span, ..PageKeys::default() });
    }
    let shared: Shared = serde_saphyr::from_str(text).map_err(|error| {
        let line = error.location().map(|location| location.line() as usize);
        let words = error.to_string().lines().next().unwrap_or("it cannot be read").to_owned();
        (line, words)
    })?;
    let located = |text: Text| Located::new(text.text(), span);
    let several = |texts: Option<Texts>| texts.map(Texts::texts).unwrap_or_default();
    let order = shared.order.or(shared.weight).or(shared.nav_order);
    Ok(PageKeys {
        title: shared.title.map(located),
        description: shared.description.map(|text| Located::new(Markdown(text.text()), span)),
        order: order.map(|order| Located::new(order as i64, span)),
        tags: several(shared.tags).into_iter().map(|tag| Located::new(tag, span)).collect(),
        aliases: several(shared.aliases).into_iter().map(|alias| Located::new(alias, span)).collect(),
        owner: shared.owner.map(|owner| Located::new(Reference(owner.text()), span)),
        span,
        ..PageKeys::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_keys_are_read_and_others_left_alone() {
        let yaml = "title: 12\nnav_order: 3\ntags: [a, b]\nlayout: page\nparent: {x: [1]}\n";
        let keys = read(yaml, Span::default()).unwrap();
        assert_eq!(keys.title.unwrap().value, "12");
        assert_eq!(keys.order.unwrap().value, 3);
        assert_eq!(keys.tags.len(), 2);
        assert!(read("title: [unclosed\n", Span::default()).is_err());
    }
}
