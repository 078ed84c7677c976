//! Headings inside quotes and boxes, which have no anchor on the site -> the same headings, each below an anchor that links to it name.
//!
//! In: the lines of a page, and every fragment that some page of the source names. Out: the same lines, with `<a id="…"></a>` before those
//! headings that are linked to. Absent: headings that stand by themselves; a page to whose boxes nothing links keeps every byte.

use std::collections::HashSet;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::parse::markdown;
use crate::parse::slug::slug;
use crate::parse::url::percent_decoded;

use super::lines::{Line, joined, line_starts};
use super::links::python_slug;
use super::source::Anchors;

/// Every fragment that a text may name: what stands behind a `#`.
pub(super) fn fragments(lines: &[Line]) -> impl Iterator<Item = String> {
    fn ends(c: char) -> bool {
        c.is_whitespace() || matches!(c, ')' | '>' | '"' | '\'' | ']' | '}')
    }
    let behind = lines.iter().flat_map(|line| line.text.split('#').skip(1));
    behind.map(|rest| percent_decoded(rest.split(ends).next().unwrap_or_default()).to_string()).filter(|fragment| !fragment.is_empty())
}

/// The lines with the anchors.
pub(super) fn anchored(lines: Vec<Line>, named: &HashSet<String>, rule: Anchors) -> Vec<Line> {
    if !lines.iter().any(|line| line.text.contains('>') && line.text.contains('#')) {
        return lines;
    }
    let text = joined(&lines);
    let headings = headings(&text, rule);
    let mut taken: HashSet<&str> = headings.iter().filter(|heading| !heading.quoted).map(|heading| heading.id.as_str()).collect();
    let starts = line_starts(&text);
    let mut before: Vec<(usize, String)> = Vec::new();
    for heading in headings.iter().filter(|heading| heading.quoted && named.contains(&heading.id)) {
        if taken.insert(&heading.id) {
            let line = starts.partition_point(|start| *start <= heading.at).saturating_sub(1);
            let prefix = &text[starts[line]..heading.at];
            before.push((line, format!("{prefix}<a id=\"{}\"></a>", crate::render::html::escape(&heading.id))));
            before.push((line, prefix.trim_end().to_owned()));
        }
    }
    let mut out = Vec::with_capacity(lines.len() + before.len());
    let mut before = before.into_iter().peekable();
    for (at, line) in lines.into_iter().enumerate() {
        while let Some((_, text)) = before.next_if(|(place, _)| *place == at) {
            out.push(Line::new(text, line.origin));
        }
        out.push(line);
    }
    out
}

/// A heading of a page.
struct Heading {
    at: usize,
    quoted: bool,
    id: String,
}

fn headings(text: &str, rule: Anchors) -> Vec<Heading> {
    let mut found: Vec<Heading> = Vec::new();
    let (mut quotes, mut words) = (0_usize, None::<String>);
    for (event, range) in markdown::events(text) {
        match event {
            Event::Start(Tag::BlockQuote(_)) => quotes += 1,
            Event::End(TagEnd::BlockQuote(_)) => quotes = quotes.saturating_sub(1),
            Event::Start(Tag::Heading { id, .. }) => {
                found.push(Heading { at: range.start, quoted: quotes > 0, id: id.map(|id| id.to_string()).unwrap_or_default() });
                words = Some(String::new());
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(words) = &mut words {
                    words.push_str(&text);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                if let (Some(words), Some(heading)) = (words.take(), found.last_mut().filter(|heading| heading.id.is_empty())) {
                    heading.id = match rule {
                        Anchors::Github => slug(&words),
                        Anchors::Python => python_slug(&words),
                    };
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::lines::lines;
    use super::*;

    fn with(text: &str, rule: Anchors) -> String {
        let lines = lines(text, 1);
        let named = fragments(&lines).collect();
        joined(&anchored(lines, &named, rule))
    }

    #[test]
    fn a_heading_in_a_box_that_is_linked_to_gets_an_anchor() {
        assert_eq!(
            with("> [!NOTE]\n> ## In the box\n> x\n\n[a](#in-the-box)\n", Anchors::Github),
            "> [!NOTE]\n> <a id=\"in-the-box\"></a>\n>\n> ## In the box\n> x\n\n[a](#in-the-box)\n"
        );
        assert_eq!(with("> ## Größe\n\n[a](b.md#groe)\n", Anchors::Python), "> <a id=\"groe\"></a>\n>\n> ## Größe\n\n[a](b.md#groe)\n");
    }

    #[test]
    fn everything_else_keeps_every_byte() {
        for text in [
            "> ## In the box\n",
            "## Free\n\n[a](#free)\n",
            "## Same\n\n> ## Same\n\n[a](#same)\n",
            "```\n> ## In code\n```\n\n[a](#in-code)\n",
        ] {
            assert_eq!(with(text, Anchors::Github), text);
        }
    }
}
