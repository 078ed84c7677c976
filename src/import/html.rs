//! Raw HTML of a page -> the same without attributes that forewarn leaves out.
//!
//! In: the lines of a page. Out: the same, where elements of the allow-list have only attributes of it: one with another attribute would not
//! be followed as a link. `<a name="x">` gets an `id`, so that what leads there still does. Lines stay lines. Absent: elements outside the
//! list, which stay and are told.

use std::convert::Infallible;
use std::ops::Range;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};
use pulldown_cmark::{Event, Tag};

use crate::parse::markdown;
use crate::parse::raw_html::{ATTRIBUTES, ELEMENTS};

use super::inline::replaced;
use super::lines::{Line, joined, line_starts};
use super::told::{Change, Told};

/// The lines without those attributes.
pub fn allowed(lines: Vec<Line>, told: &mut Told) -> Vec<Line> {
    if !lines.iter().any(|line| line.text.contains('<') && line.text.contains('=')) {
        return lines;
    }
    let text = joined(&lines);
    let starts = line_starts(&text);
    let mut edits = Vec::new();
    for (event, range) in markdown::events(&text) {
        if matches!(event, Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_)) {
            edits.extend(outside(&text[range.clone()]).into_iter().map(|(at, new)| (range.start + at.start..range.start + at.end, new)));
        }
    }
    if edits.is_empty() {
        return lines;
    }
    for (range, _) in &edits {
        let line = starts.partition_point(|start| *start <= range.start).saturating_sub(1);
        told.changed(Change::Html, lines.get(line).map_or(1, |line| line.origin), text[range.clone()].trim());
    }
    let new = replaced(&text, edits);
    if new.matches('\n').count() != lines.len() {
        return lines;
    }
    new.lines().zip(lines).map(|(text, line)| Line::new(text, line.origin)).collect()
}

/// An attribute of a start tag.
struct Attribute {
    name: String,
    start: usize,
}

/// The edits that take attributes outside the list from a piece of HTML.
fn outside(html: &str) -> Vec<(Range<usize>, String)> {
    let mut edits = Vec::new();
    let mut element = String::new();
    let mut attributes: Vec<Attribute> = Vec::new();
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, span: Span<usize>| -> Option<Infallible> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_lowercase();
        match event {
            CallbackEvent::OpenStartTag { name } => {
                element = text(name);
                attributes.clear();
            }
            CallbackEvent::AttributeName { name } => attributes.push(Attribute { name: text(name), start: span.start }),
            CallbackEvent::CloseStartTag { .. } if ELEMENTS.contains(&element.as_str()) => {
                edits.extend(of_tag(html, &element, &attributes, span.end));
            }
            _ => {}
        }
        None
    });
    emitter.naively_switch_states(true);
    let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
    edits
}

fn of_tag(html: &str, element: &str, attributes: &[Attribute], end: usize) -> Vec<(Range<usize>, String)> {
    let Some(head) = html.get(..end) else { return Vec::new() };
    let close = head.trim_end_matches('>').trim_end_matches('/').len();
    let has_id = attributes.iter().any(|other| other.name == "id");
    let mut edits = Vec::new();
    for (at, attribute) in attributes.iter().enumerate() {
        if ATTRIBUTES.contains(&attribute.name.as_str()) {
            continue;
        }
        let until = attributes.get(at + 1).map_or(close, |next| next.start);
        if element == "a" && attribute.name == "name" && !has_id {
            edits.push((attribute.start..attribute.start + 4, "id".to_owned()));
        } else if let Some(source) = html.get(attribute.start..until) {
            let before = html[..attribute.start].len() - html[..attribute.start].trim_end_matches(' ').len();
            let start = if at + 1 == attributes.len() { attribute.start - before } else { attribute.start };
            edits.push((start..until, "\n".repeat(source.matches('\n').count())));
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::super::lines::lines;
    use super::*;

    fn converted(text: &str) -> String {
        joined(&allowed(lines(text, 1), &mut Told::default()))
    }

    #[test]
    fn attributes_outside_the_list_go() {
        assert_eq!(converted("<img src=\"a.png\" style=\"width: 3px\">\n"), "<img src=\"a.png\">\n");
        assert_eq!(converted("x <a target=_blank href='b.md' onclick=\"y()\">z</a>\n"), "x <a href='b.md'>z</a>\n");
        assert_eq!(converted("<a name=\"more\"></a>\n"), "<a id=\"more\"></a>\n");
        assert_eq!(converted("<table style='a'\n  border=1>\n<tr><td nowrap>b</td></tr>\n</table>\n").matches('\n').count(), 4);
    }

    #[test]
    fn everything_else_stays() {
        for text in
            ["<img src=\"a\" alt=\"b = c\">\n", "<x-y style=\"a\">\n", "`<a style=\"b\">`\n", "a < b = c\n", "```\n<p style=\"a\">\n```\n"]
        {
            assert_eq!(converted(text), text);
        }
    }
}
