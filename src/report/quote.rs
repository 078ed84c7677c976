//! Pieces of a source's text for the renderer: the lines that matter, with their numbers, cut around the marks and escaped. The renderer
//! gets as much as a screen can show, never a whole page of ten megabytes.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::source::{Source, Span};

use super::escape;

/// A line longer than this, in bytes, is shown only around its marks.
const LONG_LINE: usize = 130;
/// Bytes of a long line shown before and after its marks, together.
const AROUND: usize = 100;
/// Bytes shown before a mark, and after it, at least.
const LITTLE: usize = 16;
/// Bytes of a long mark that are shown.
const LONG_MARK: usize = 80;
/// Bytes of a long line that are shown at most; what is marked beyond them is named by its place alone.
const SHOWN: usize = 150;
/// Bytes of a text that may be replaced, or be its replacement, to be shown as a patch.
const LONG_PATCH: usize = 1_000;

/// Lines of a source with marks in them.
#[derive(Debug, PartialEq, Eq)]
pub struct Quote {
    /// The lines, joined; lines between them that do not matter are empty, so that the numbers stay true.
    pub text: String,
    /// The number of the first line.
    pub first_line: usize,
    /// Where each mark stands in the text, in the order asked for; none where it lies too far from the others on a very long line.
    pub marks: Vec<Option<Range<usize>>>,
}

/// A change of a source's text.
#[derive(Debug, PartialEq, Eq)]
pub struct Edit {
    /// The lines that are touched, joined.
    pub text: String,
    /// The number of the first line.
    pub first_line: usize,
    /// What is replaced in them.
    pub range: Range<usize>,
    /// What stands there afterwards.
    pub replacement: String,
}

/// Quotes the lines on which the spans begin. A span of several lines is marked to the end of its first; the first spans asked for are the
/// last to be given up on a very long line.
pub fn quote(source: &Source, spans: &[Span]) -> Quote {
    let text = &*source.text;
    let mut lines: BTreeMap<usize, Vec<Numbered>> = BTreeMap::new();
    for (index, span) in spans.iter().enumerate() {
        let range = in_bounds(text, *span);
        let line = line_at(text, range.start);
        lines.entry(line.start).or_default().push((index, range.start - line.start..range.end.min(line.end) - line.start));
    }
    let mut quote = Quote { text: String::new(), first_line: 1, marks: vec![None; spans.len()] };
    let mut last: Option<(usize, usize)> = None;
    for (start, marks) in lines {
        let number = source.position(start).line;
        match last {
            None => quote.first_line = number,
            // The renderer shows a single line between two others rather than dots.
            Some((before, end)) if number == before + 2 => {
                quote.text.push('\n');
                let between = line_at(text, end + 1);
                show(&text[between], &[], &mut quote);
                quote.text.push('\n');
            }
            Some((before, _)) => quote.text.extend(std::iter::repeat_n('\n', number - before)),
        }
        let line = line_at(text, start);
        last = Some((number, line.end));
        show(&text[line], &marks, &mut quote);
    }
    quote
}

/// The lines that a change touches, with the change; none where it is too long to be read.
pub fn edit(source: &Source, span: Span, replacement: &str) -> Option<Edit> {
    let text = &*source.text;
    let range = in_bounds(text, span);
    if range.len() > LONG_PATCH || replacement.len() > LONG_PATCH {
        return None;
    }
    let first = line_at(text, range.start);
    let last = line_at(text, range.end);
    let before = &text[first.start..range.start];
    let after = &text[range.end..last.end];
    let mut edit = Edit {
        text: String::new(),
        first_line: source.position(range.start).line,
        range: 0..0,
        replacement: escape::lines(replacement).into_owned(),
    };
    let from = if before.len() > LONG_LINE { ceil(before, before.len() - AROUND / 2) } else { 0 };
    if from > 0 {
        edit.text.push('…');
    }
    before[from..].chars().for_each(|c| escape::push(c, &mut edit.text));
    edit.range.start = edit.text.len();
    edit.text.push_str(&escape::lines(&text[range]));
    edit.range.end = edit.text.len();
    let to = if after.len() > LONG_LINE { floor(after, AROUND / 2) } else { after.len() };
    after[..to].chars().for_each(|c| escape::push(c, &mut edit.text));
    if to < after.len() {
        edit.text.push('…');
    }
    Some(edit)
}

/// A mark on a line: its number among those asked for, and its bytes.
type Numbered = (usize, Range<usize>);

/// Adds a line to the quote, whole or around its marks.
fn show(line: &str, marks: &[Numbered], quote: &mut Quote) {
    let (windows, marks) =
        if line.len() <= LONG_LINE { (std::iter::once(0..line.len()).collect(), marks.to_vec()) } else { windows(line, marks) };
    let mut end = 0;
    for window in windows {
        if window.start > end {
            quote.text.push('…');
        }
        end = window.end;
        let mut starts: Vec<(usize, usize)> = Vec::new();
        let inside = |at: usize| window.start <= at && at <= window.end;
        for (at, c) in line[window.clone()].char_indices().map(|(at, c)| (window.start + at, c)).chain([(window.end, '\0')]) {
            for (index, range) in marks.iter().filter(|(_, range)| inside(range.start)) {
                if range.start == at {
                    starts.push((*index, quote.text.len()));
                }
                if range.end == at
                    && let Some((_, start)) = starts.iter().find(|(begun, _)| begun == index)
                {
                    quote.marks[*index] = Some(*start..quote.text.len());
                }
            }
            if at < window.end {
                escape::push(c, &mut quote.text);
            }
        }
    }
    if end < line.len() {
        quote.text.push('…');
    }
}

/// The parts of a long line that are shown, in order, and the marks in them.
fn windows(line: &str, marks: &[Numbered]) -> (Vec<Range<usize>>, Vec<Numbered>) {
    if marks.is_empty() {
        return (std::iter::once(0..floor(line, LONG_LINE)).collect(), Vec::new());
    }
    let around = (AROUND / 2 / marks.len()).max(LITTLE);
    let mut left = SHOWN;
    let mut shown: Vec<Range<usize>> = Vec::new();
    let mut kept = Vec::new();
    for (index, range) in marks {
        let range = range.start..floor(line, range.end.min(range.start + LONG_MARK));
        let window = floor(line, range.start.saturating_sub(around))..ceil(line, range.end + around);
        let seen = shown.iter().any(|shown| shown.start <= window.start && window.end <= shown.end);
        if !seen {
            if window.len() > left && !shown.is_empty() {
                continue;
            }
            left = left.saturating_sub(window.len());
            shown.push(window);
        }
        kept.push((*index, range));
    }
    shown.sort_by_key(|window| window.start);
    let mut merged: Vec<Range<usize>> = Vec::new();
    for window in shown {
        match merged.last_mut() {
            Some(last) if window.start <= last.end => last.end = last.end.max(window.end),
            _ => merged.push(window),
        }
    }
    (merged, kept)
}

/// The line that holds a byte, without its line break.
fn line_at(text: &str, offset: usize) -> Range<usize> {
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let end = text[offset..].find('\n').map_or(text.len(), |at| offset + at);
    start..end
}

fn in_bounds(text: &str, span: Span) -> Range<usize> {
    let start = floor(text, span.start());
    start..ceil(text, span.end()).max(start)
}

/// The last beginning of a character at or before an offset.
fn floor(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The first beginning of a character at or after an offset.
fn ceil(text: &str, offset: usize) -> usize {
    (offset.min(text.len())..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::PagePath;

    fn source(text: &str) -> Source {
        Source::new(PagePath::new("content/a.md"), text)
    }

    fn marked(text: &str, spans: &[(usize, usize)]) -> (Quote, Vec<Option<String>>) {
        let spans: Vec<Span> = spans.iter().map(|(start, end)| Span::new(*start, *end)).collect();
        let quote = quote(&source(text), &spans);
        let marked = quote.marks.iter().map(|range| range.clone().map(|range| quote.text[range].to_owned())).collect();
        (quote, marked)
    }

    #[test]
    fn lines_between_the_marks_are_empty_and_keep_their_numbers() {
        let (quote, marked) = marked("one\ntwo\nthree\nfour\nfive\n", &[(19, 23), (4, 7)]);
        assert_eq!(quote.text, "two\n\n\nfive");
        assert_eq!(quote.first_line, 2);
        assert_eq!(marked, [Some("five".to_owned()), Some("two".to_owned())]);
    }

    #[test]
    fn a_single_line_between_two_marks_is_shown() {
        let (quote, _) = marked("one\ntwo\nthree\n", &[(0, 3), (8, 13)]);
        assert_eq!(quote.text, "one\ntwo\nthree");
    }

    #[test]
    fn a_mark_over_several_lines_ends_with_its_first() {
        let (quote, marked) = marked("<p>\nx\n</p>\n", &[(0, 10)]);
        assert_eq!((quote.text.as_str(), marked), ("<p>", vec![Some("<p>".to_owned())]));
    }

    #[test]
    fn invisible_characters_are_shown_and_the_mark_stays_on_its_word() {
        let (quote, marked) = marked("a\u{202e}b word", &[("a\u{202e}b ".len(), "a\u{202e}b word".len())]);
        assert_eq!((quote.text.as_str(), marked), ("a\\u{202e}b word", vec![Some("word".to_owned())]));
    }

    #[test]
    fn a_line_of_megabytes_is_cut_around_its_mark() {
        let text = format!("{} here {}", "ä".repeat(5_000_000), "ö".repeat(5_000_000));
        let at = text.find("here").unwrap();
        let (quote, words) = marked(&text, &[(at, at + 4), (2, 4)]);
        assert!(quote.text.len() < 500, "{}", quote.text.len());
        assert_eq!(words, [Some("here".to_owned()), Some("ä".to_owned())]);
        let (quote, words) = marked(&text, &[(at - 40, text.len())]);
        assert!(quote.text.len() < 500, "{}", quote.text.len());
        assert!(words[0].as_ref().is_some_and(|marked| marked.contains("here") && marked.len() < 200));
        let (_, words) = marked(&text, &[(text.len(), text.len())]);
        assert_eq!(words, [Some(String::new())]);
    }

    #[test]
    fn marks_all_over_a_very_long_line_are_given_up_from_the_last() {
        let text = "word ".repeat(100_000);
        let spans: Vec<(usize, usize)> = (0..100).map(|word| (word * 5_000, word * 5_000 + 4)).collect();
        let (quote, marked) = marked(&text, &spans);
        assert!(quote.text.len() < 1_000);
        assert_eq!(marked[0].as_deref(), Some("word"));
        assert!(marked[99].is_none());
    }

    #[test]
    fn spans_past_the_end_and_inside_characters_do_no_harm() {
        let (quote, marked) = marked("ä", &[(1, 1), (7, 9)]);
        assert_eq!((quote.text.as_str(), marked), ("ä", vec![Some("ä".to_owned()), Some(String::new())]));
        assert_eq!(super::quote(&source(""), &[Span::new(0, 1)]), Quote { text: String::new(), first_line: 1, marks: vec![Some(0..0)] });
    }

    #[test]
    fn a_patch_is_quoted_with_its_lines() {
        let source = source("one\ncriticalty = 1 # x\nthree\n");
        let edit = edit(&source, Span::new(4, 14), "criticality").unwrap();
        assert_eq!((edit.text.as_str(), edit.first_line, edit.range), ("criticalty = 1 # x", 2, 0..10));
        assert_eq!(super::edit(&source, Span::new(4, 14), &"x".repeat(2_000)), None);
    }
}
