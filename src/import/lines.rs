//! A page as lines that remember where in the source file they came from.
//!
//! In: the text below a front matter. Out: lines to be changed one by one, and which of them are code, so that no change touches it.
//! Absent: any idea of what a line means.

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use crate::parse::markdown;

/// One line, without its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// The line of the source file that it came from, from 1.
    pub origin: usize,
}

impl Line {
    /// A line that came from there.
    pub fn new(text: impl Into<String>, origin: usize) -> Self {
        Self { text: text.into(), origin }
    }

    /// Whether it shows nothing.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// How far it is indented, a tab up to the next multiple of four.
    pub fn indent(&self) -> usize {
        let mut columns = 0;
        for c in self.text.chars() {
            match c {
                ' ' => columns += 1,
                '\t' => columns += 4 - columns % 4,
                _ => break,
            }
        }
        columns
    }

    /// The same with that many columns less in front, or as many as it has.
    #[must_use]
    pub fn dedented(&self, columns: usize) -> Self {
        let mut left = columns;
        let mut at = 0;
        let mut kept = 0;
        for c in self.text.chars() {
            let width = match c {
                ' ' => 1,
                '\t' => 4,
                _ => break,
            };
            if left == 0 {
                break;
            }
            kept = width - width.min(left);
            left -= width.min(left);
            at += 1;
        }
        Self::new(format!("{}{}", " ".repeat(kept), &self.text[at..]), self.origin)
    }
}

/// The lines of a text whose first is that line of the source.
pub fn lines(text: &str, first: usize) -> Vec<Line> {
    text.lines().enumerate().map(|(at, line)| Line::new(line, first + at)).collect()
}

/// The lines as one text.
pub fn joined(lines: &[Line]) -> String {
    let mut text = String::with_capacity(lines.iter().map(|line| line.text.len() + 1).sum());
    for line in lines {
        text.push_str(&line.text);
        text.push('\n');
    }
    text
}

/// Which lines are fenced code, or its fences.
pub fn fenced(lines: &[Line]) -> Vec<bool> {
    let text = joined(lines);
    let mut is_fenced = vec![false; lines.len()];
    if !text.contains("```") && !text.contains("~~~") {
        return is_fenced;
    }
    let starts = line_starts(&text);
    for (event, range) in markdown::events(&text) {
        if let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) = event {
            let first = starts.partition_point(|start| *start <= range.start).saturating_sub(1);
            let last = starts.partition_point(|start| *start < range.end);
            is_fenced.iter_mut().take(last).skip(first).for_each(|line| *line = true);
        }
    }
    is_fenced
}

/// The ranges of a text that are code: fenced, indented or between backticks.
pub fn code(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let mut block = None;
    for (event, range) in markdown::events(text) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => {
                // The spaces before the first line of indented code are part of it.
                let line = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
                let start = if text[line..range.start].trim().is_empty() { line } else { range.start };
                block = Some(start..range.end);
            }
            Event::End(TagEnd::CodeBlock) => ranges.extend(block.take()),
            Event::Code(_) => ranges.push(range),
            _ => {}
        }
    }
    ranges.sort_by_key(|range| range.start);
    ranges
}

/// Where each line of a text begins.
pub fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_are_known_wherever_they_stand() {
        let text = "a\n\n```sh\n!!! x\n```\n\n1. b\n\n   ~~~\n   c\n   ~~~\nd\n";
        let is_fenced = fenced(&lines(text, 1));
        let said: Vec<usize> = is_fenced.iter().enumerate().filter(|(_, fenced)| **fenced).map(|(at, _)| at + 1).collect();
        assert_eq!(said, [3, 4, 5, 9, 10, 11]);
    }

    #[test]
    fn a_tab_counts_as_four_columns() {
        assert_eq!(Line::new("\tx", 1).indent(), 4);
        assert_eq!(Line::new("\tx", 1).dedented(4).text, "x");
        assert_eq!(Line::new("\tx", 1).dedented(2).text, "  x");
        assert_eq!(Line::new("  x", 1).dedented(4).text, "x");
    }
}
