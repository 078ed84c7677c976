//! Texts in memory and places in them.
//!
//! A [`Source`] holds a file's text as everything downstream sees it: without BOM, with `\n` line ends, with U+FFFD for NUL. So a byte
//! offset, a line and a column mean the same in every stage. Absent here: reading files, and any idea of what a text means.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

/// A path relative to the root of the handbook, with `/` between its parts: `content/deploy.md`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PagePath(Arc<str>);

impl PagePath {
    /// A path from text that is already relative and `/`-separated.
    pub fn new(path: impl AsRef<str>) -> Self {
        Self(Arc::from(path.as_ref()))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Paths are found by their text.
impl std::borrow::Borrow<str> for PagePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PagePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl fmt::Display for PagePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A range of bytes in a source's text; `start <= end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The span from `start` up to and without `end`. What lies beyond 4 GiB has its place there.
    pub fn new(start: usize, end: usize) -> Self {
        let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: short(start), end: short(end.max(start)) }
    }

    /// First byte.
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// One past the last byte.
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// Whether `inner` lies within this span.
    pub fn contains(&self, inner: Span) -> bool {
        self.start <= inner.start && inner.end <= self.end
    }

    /// Whether the byte at `offset` lies within this span.
    pub fn holds(&self, offset: usize) -> bool {
        self.start() <= offset && offset < self.end()
    }
}

/// A span goes to the hasher as one signed number of 128 bits, as nothing else in this program does, so that a hasher can tell places from what
/// stands there.
impl Hash for Span {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_i128(i128::from(self.start) << 64 | i128::from(self.end));
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// A value with the place where it was written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Located<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub span: Span,
}

impl<T> Located<T> {
    /// A value at a place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// The same place with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Located<U> {
        Located { value: f(self.value), span: self.span }
    }
}

/// A line and a column, both counted from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// One text file of the handbook.
#[derive(Debug)]
pub struct Source {
    /// Where it lies.
    pub path: PagePath,
    /// Its text: no BOM, `\n` line ends, no NUL.
    pub text: Arc<str>,
    /// Whether the file was no text, or too large: what is here is not what its author wrote.
    pub damaged: bool,
    index: OnceLock<Index>,
}

impl Source {
    /// A source from a path and its text, brought into the form that all stages read: see [`normal_text`].
    pub fn new(path: PagePath, text: &str) -> Self {
        Self { path, text: normal_text(text).into(), damaged: false, index: OnceLock::new() }
    }

    /// A source in the place of a file that could not be read as text.
    pub fn damaged(path: PagePath) -> Self {
        Self { damaged: true, ..Self::new(path, "") }
    }

    /// The position of a byte offset; offsets past the end are the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = floor_char_boundary(&self.text, offset);
        let index = self.index.get_or_init(|| Index::of(&self.text));
        let line = index.lines.partition_point(|&start| start as usize <= offset);
        let start = index.lines.get(line - 1).map_or(0, |start| *start as usize);
        let before = match self.text.get(start..offset) {
            Some(near) if near.len() <= BLOCK => near.chars().count(),
            _ => index.characters_before(&self.text, offset) - index.characters_before(&self.text, start),
        };
        Position { line, column: before + 1 }
    }
}

/// The text without its BOM, with `\n` for CRLF, a space for a CR that ends no line, and U+FFFD for NUL; characters keep their columns.
pub fn normal_text(text: &str) -> std::borrow::Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.contains(['\r', '\0']) {
        return text.into();
    }
    text.replace("\r\n", "\n").replace('\r', " ").replace('\0', "\u{fffd}").into()
}

/// Where lines begin, and how many characters precede each block of bytes: places are found without counting a long line again.
#[derive(Debug)]
struct Index {
    /// Up to 4 GiB, as far as a [`Span`] reaches.
    lines: Vec<u32>,
    characters: Vec<usize>,
}

/// Bytes between two counts of characters.
const BLOCK: usize = 4096;

impl Index {
    fn of(text: &str) -> Self {
        let begins = text.match_indices('\n').map_while(|(at, _)| u32::try_from(at + 1).ok());
        let mut lines: Vec<u32> = std::iter::once(0).chain(begins).collect();
        lines.shrink_to_fit();
        let mut sum = 0;
        let blocks = text.as_bytes().chunks(BLOCK).map(|block| {
            let before = sum;
            sum += first_bytes(block);
            before
        });
        Self { lines, characters: blocks.collect() }
    }

    fn characters_before(&self, text: &str, offset: usize) -> usize {
        let block = (offset / BLOCK).min(self.characters.len().saturating_sub(1));
        self.characters.get(block).copied().unwrap_or(0) + first_bytes(&text.as_bytes()[block * BLOCK..offset])
    }
}

/// How many characters begin in these bytes.
fn first_bytes(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Every text of a handbook, in memory.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// `forewarn.toml`, where there is one.
    pub settings: Option<Arc<Source>>,
    /// The pages, in path order.
    pub pages: Vec<Arc<Source>>,
    /// The theme's files, in path order.
    pub theme: Vec<ThemeFile>,
    /// Files that are copied as they are, in path order.
    pub assets: Vec<PagePath>,
}

/// A file of a theme in the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeFile {
    /// Relative to the theme's folder: `templates/process.html`.
    pub path: String,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

impl Sources {
    /// The text of a file, if it is one of those in memory.
    pub fn get(&self, path: &PagePath) -> Option<&Source> {
        let settings = self.settings.as_deref().filter(|settings| settings.path == *path);
        settings.or_else(|| self.pages.binary_search_by(|source| source.path.cmp(path)).ok().map(|index| &*self.pages[index]))
    }

    /// The position of a byte offset in a file; a file without a text has only its first character.
    pub fn position(&self, path: &PagePath, offset: usize) -> Position {
        self.get(path).map_or(Position { line: 1, column: 1 }, |source| source.position(offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_at_any_distance() {
        let text = format!("é\n{}x", "ü".repeat(10_000));
        let source = Source::new(PagePath::new("content/a.md"), &text);
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position(text.len() - 1), Position { line: 2, column: 10_001 });
        assert_eq!(source.position(text.len() + 9), Position { line: 2, column: 10_002 });
        assert_eq!(Source::new(PagePath::new("a"), "").position(0), Position { line: 1, column: 1 });
    }
}
