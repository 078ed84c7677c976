//! A place as machine formats say it: lines and columns from 1, columns in characters, the end after the last character.

use crate::finding::Place;
use crate::source::Sources;

/// Where a place begins and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// The line on which it begins.
    pub line: usize,
    /// The column of its first character.
    pub column: usize,
    /// The line on which it ends.
    pub end_line: usize,
    /// The column after its last character.
    pub end_column: usize,
}

impl Region {
    /// That of a place; the first character where the file has no text in memory.
    pub fn of(place: &Place, sources: &Sources) -> Self {
        let start = sources.position(&place.path, place.span.start());
        let end = sources.position(&place.path, place.span.end());
        Self { line: start.line, column: start.column, end_line: end.line, end_column: end.column }
    }
}
