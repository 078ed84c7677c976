//! Tags of other tools in a text: `{{< name args >}}`, `{{% name args %}}`, `{% name args %}`, `{{ expression }}`, `<Name args>`.
//!
//! In: one line. Out: the first tag at or after a place, with its name and arguments. Absent: what a tag does (`blocks`, `inline`).

use std::ops::Range;

/// Which tool writes tags so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Manner {
    /// Hugo's shortcodes.
    Shortcode,
    /// Liquid's `{% … %}`: Jekyll, GitBook.
    Liquid,
    /// Components in MDX.
    Component,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Where it stands in the line.
    pub range: Range<usize>,
    /// What it is called, without `/` or `end`.
    pub name: String,
    /// Its arguments: with a name, or by place.
    pub arguments: Vec<(Option<String>, String)>,
    /// Whether it closes.
    pub closes: bool,
    /// Whether it closes itself.
    pub whole: bool,
}

impl Tag {
    /// The argument of that name.
    pub fn named(&self, name: &str) -> Option<&str> {
        self.arguments.iter().find(|(key, _)| key.as_deref() == Some(name)).map(|(_, value)| value.as_str())
    }

    /// The first argument without a name after `skip` others.
    pub fn placed(&self, skip: usize) -> Option<&str> {
        self.arguments.iter().filter(|(key, _)| key.is_none()).nth(skip).map(|(_, value)| value.as_str())
    }
}

/// The first tag in `line[from..]`.
pub fn find(line: &str, from: usize, manner: Manner) -> Option<Tag> {
    match manner {
        Manner::Shortcode => shortcode(line, from),
        Manner::Liquid => liquid(line, from),
        Manner::Component => component(line, from),
    }
}

fn shortcode(line: &str, mut from: usize) -> Option<Tag> {
    loop {
        let at = line[from..].match_indices("{{").map(|(at, _)| at + from).find(|at| line[at + 2..].starts_with(['<', '%']))?;
        let end_mark = if line[at..].starts_with("{{<") { ">}}" } else { "%}}" };
        let end = at + 3 + line[at + 3..].find(end_mark)?;
        let inner = line[at + 3..end].trim();
        if !inner.starts_with("/*") {
            return Some(tag(inner, at..end + 3));
        }
        from = end + 3;
    }
}

fn liquid(line: &str, mut from: usize) -> Option<Tag> {
    loop {
        let at = from + line[from..].find("{%")?;
        if line[..at].ends_with('{') {
            from = at + 2;
            continue;
        }
        let end = at + 2 + line[at + 2..].find("%}")?;
        let inner = line[at + 2..end].trim().trim_matches('-').trim();
        let mut found = tag(inner, at..end + 2);
        if let Some(name) = found.name.strip_prefix("end").filter(|name| !name.is_empty()).map(str::to_owned) {
            found.name = name;
            found.closes = true;
        }
        return Some(found);
    }
}

fn component(line: &str, from: usize) -> Option<Tag> {
    let begins = |at: &usize| {
        let rest = &line[at + 1..];
        rest.strip_prefix('/').unwrap_or(rest).starts_with(|c: char| c.is_ascii_uppercase())
    };
    let at = line[from..].match_indices('<').map(|(at, _)| at + from).find(begins)?;
    let end = at + line[at..].find('>')?;
    Some(tag(&line[at + 1..end], at..end + 1))
}

/// The tag that a line is, if it is nothing else.
pub fn alone(line: &str, manner: Manner) -> Option<Tag> {
    let trimmed = line.trim();
    let found = find(trimmed, 0, manner)?;
    (found.range == (0..trimmed.len())).then_some(found)
}

fn tag(inner: &str, range: Range<usize>) -> Tag {
    let (inner, whole) = inner.strip_suffix('/').map_or((inner, false), |inner| (inner, true));
    let (inner, closes) = inner.trim().strip_prefix('/').map_or((inner.trim(), false), |inner| (inner.trim(), true));
    let end = inner.find(|c: char| c.is_whitespace()).unwrap_or(inner.len());
    Tag { range, name: inner[..end].to_owned(), arguments: arguments(&inner[end..]), closes, whole }
}

/// Words and `key=value` pairs, with quotes around what holds spaces.
fn arguments(text: &str) -> Vec<(Option<String>, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let key_end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '.'))).unwrap_or(rest.len());
        let after = rest[key_end..].trim_start();
        let key = after.strip_prefix('=').filter(|_| key_end > 0).map(|value| (rest[..key_end].to_owned(), value.trim_start()));
        let (key, value) = key.map_or((None, rest), |(key, value)| (Some(key), value));
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`' | '{'));
        let (word, left) = match quote {
            Some(quote) => {
                let closing = if quote == '{' { '}' } else { quote };
                let end = value[1..].find(closing).map_or(value.len(), |end| end + 1);
                (&value[1..end], value.get(end + 1..).unwrap_or_default())
            }
            None => {
                let end = value.find(char::is_whitespace).unwrap_or(value.len());
                (&value[..end], &value[end..])
            }
        };
        found.push((key, word.trim_matches(['"', '\'', '{', '}']).to_owned()));
        rest = left.trim_start();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_manner_is_read() {
        let tag = find("see {{< ref \"a b.md#c\" >}} now", 0, Manner::Shortcode).unwrap();
        assert_eq!((tag.name.as_str(), tag.placed(0), tag.range.clone()), ("ref", Some("a b.md#c"), 4..26));
        let tag = alone("{{% notice style=\"warning\" title='Mind it' %}}", Manner::Shortcode).unwrap();
        assert_eq!((tag.named("style"), tag.named("title")), (Some("warning"), Some("Mind it")));
        assert!(alone("{{% /notice %}}", Manner::Shortcode).unwrap().closes);
        let tag = alone("{%- endhint -%}", Manner::Liquid).unwrap();
        assert_eq!((tag.name.as_str(), tag.closes), ("hint", true));
        let tag = alone("<TabItem value=\"a\" label={\"B\"}>", Manner::Component).unwrap();
        assert_eq!((tag.name.as_str(), tag.named("value"), tag.named("label")), ("TabItem", Some("a"), Some("B")));
        assert_eq!(find("{{</* ref \"x\" */>}} {{ y }} <b>", 0, Manner::Shortcode), None);
        assert_eq!(find("a < b <b>", 0, Manner::Component), None);
    }
}
