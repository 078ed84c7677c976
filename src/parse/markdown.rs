//! Markdown events with their places: the one configuration of the parser, for reading pages and for rendering them.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser};

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
pub fn events(text: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    Parser::new_ext(text, options()).into_offset_iter()
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
