//! Markdown events with their places: the one configuration of the parser, for reading pages and for rendering them.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd};

/// GitHub's Markdown with heading attributes. Definition lists stay off: together with heading attributes they make the parser panic.
pub fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
}

/// The events of a text, each with its range in bytes.
///
/// Braces at the end of a heading that hold neither an id nor a class are words of the heading: `### Restart {service}`.
pub fn events(text: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    let mut words: Option<(CowStr<'_>, Range<usize>)> = None;
    Parser::new_ext(text, options()).into_offset_iter().flat_map(move |(event, range)| {
        match &event {
            Event::Start(Tag::Heading { id: None, classes, attrs, .. }) if classes.is_empty() && !attrs.is_empty() => {
                words = last_braces(text, &range);
            }
            Event::End(TagEnd::Heading(_)) => {
                return [words.take().map(|(words, range)| (Event::Text(words), range)), Some((event, range))].into_iter().flatten();
            }
            _ => {}
        }
        [None, Some((event, range))].into_iter().flatten()
    })
}

/// The braces that end a heading, with the space before them where there is one.
fn last_braces<'t>(text: &'t str, heading: &Range<usize>) -> Option<(CowStr<'t>, Range<usize>)> {
    let source = text.get(heading.clone())?;
    let (open, close) = (source.rfind('{')?, source.rfind('}')?);
    let words = source.get(open..=close)?;
    let gap = if source[..open].ends_with(char::is_whitespace) { " " } else { "" };
    Some((format!("{gap}{words}").into(), heading.start + open..heading.start + close + 1))
}

/// The destinations of a text's reference definitions, by label in lower case.
pub fn definitions(text: &str) -> std::collections::HashMap<String, Range<usize>> {
    if !text.contains("]:") {
        return std::collections::HashMap::new();
    }
    let parser = Parser::new_ext(text, options());
    let mut places = std::collections::HashMap::new();
    for (label, definition) in parser.reference_definitions().iter() {
        let source = text.get(definition.span.clone()).unwrap_or_default();
        let after = source.find("]:").map_or(0, |at| at + 2);
        if let Some(at) = source[after..].find(definition.dest.as_ref()) {
            let start = definition.span.start + after + at;
            places.insert(label.to_lowercase(), start..start + definition.dest.len());
        }
    }
    places
}

/// What a piece of inline Markdown says without its marks.
pub fn plain(text: &str) -> String {
    let mut plain = String::new();
    for (event, _) in events(text) {
        push_plain(&event, &mut plain);
    }
    plain.trim().to_owned()
}

/// Adds what an event shows of text.
pub fn push_plain(event: &Event<'_>, plain: &mut String) {
    match event {
        Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => plain.push_str(text),
        Event::SoftBreak | Event::HardBreak => plain.push(' '),
        _ => {}
    }
}
