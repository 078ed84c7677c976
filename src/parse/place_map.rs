//! From a declaration's own text back to the page it stands on.
//!
//! A fenced block in a list item or a quote has its indentation removed before TOML is read; a [`PlaceMap`] remembers which piece of the
//! block came from which place of the page.

use std::ops::Range;

use crate::source::Span;

/// The range that stands for the declaration as a whole: its opening line, which lies before its text.
pub const OPENING: Range<usize> = usize::MAX..usize::MAX;

/// Pieces of a declaration's text, in order, with the place of each in the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceMap {
    opening: Span,
    pieces: Vec<(usize, usize)>,
    end: usize,
}

impl PlaceMap {
    /// A text that stands in the page in one piece, opened by the text at `opening`.
    pub fn whole(opening: Span, start: usize, length: usize) -> Self {
        Self { opening, pieces: vec![(0, start)], end: start + length }
    }

    /// A text whose pieces follow, opened by the text at `opening`.
    pub fn opened_by(opening: Span) -> Self {
        Self { opening, pieces: Vec::new(), end: opening.end() }
    }

    /// Adds a piece: the text from `at` on comes from `source`. What goes on where the piece before ended is one with it.
    pub fn push(&mut self, at: usize, source: Range<usize>) {
        if self.pieces.last().is_none_or(|(before, place)| place + (at - before) != source.start) {
            self.pieces.push((at, source.start));
        }
        self.end = source.end;
    }

    /// The place in the page of a range of the text.
    pub fn span(&self, range: Range<usize>) -> Span {
        if range == OPENING {
            return self.opening;
        }
        let start = self.offset(range.start);
        let end = if range.is_empty() { start } else { self.offset(range.end - 1) + 1 };
        Span::new(start, end)
    }

    fn offset(&self, at: usize) -> usize {
        let index = self.pieces.partition_point(|(start, _)| *start <= at);
        match index.checked_sub(1).and_then(|index| self.pieces.get(index)) {
            Some((start, source)) => (source + at - start).min(self.end),
            None => self.end,
        }
    }
}
