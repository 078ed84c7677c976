//! What is to be told of one page while it is converted: what was changed, and what stays as it was.
//!
//! In: notes of the stages, each with a line of the source. Out: the same, for the report. Absent: the whole handbook (`report`).

/// How many letters are told of one thing.
const LONGEST: usize = 120;

/// A kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Front matter in another language, now TOML.
    FrontMatter,
    /// A box, now an alert.
    Box,
    /// Tabs and wrappers, now plain.
    Tabs,
    /// A tag inside a line, now Markdown.
    Tag,
    /// A link that leads to the same place in other words.
    Link,
    /// An id of a heading, now in a form that forewarn takes.
    Id,
    /// Styling that has no meaning here, left out.
    Styling,
    /// Attributes of raw HTML outside the allow-list, left out.
    Html,
}

impl Change {
    /// What the report calls it.
    pub fn name(self) -> &'static str {
        match self {
            Change::FrontMatter => "front matter written as TOML",
            Change::Box => "boxes written as alerts",
            Change::Tabs => "tabs and wrappers written as plain Markdown",
            Change::Tag => "tags written as Markdown",
            Change::Link => "links written as relative paths",
            Change::Id => "ids of headings brought into form",
            Change::Styling => "styling left out",
            Change::Html => "attributes of raw HTML left out",
        }
    }
}

/// What is told of one page.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Changes: the kind, the line of the source, what it was.
    pub changes: Vec<(Change, usize, String)>,
    /// What stays as it was, because nobody here knows what it means: the line of the source, what it is.
    pub kept: Vec<(usize, String)>,
    /// What whoever goes on should know: the line of the source, in words.
    pub notes: Vec<(usize, String)>,
}

impl Told {
    /// Notes a change.
    pub fn changed(&mut self, change: Change, line: usize, what: &str) {
        self.changes.push((change, line, clipped(what)));
    }

    /// Notes what stays.
    pub fn kept(&mut self, line: usize, what: &str) {
        self.kept.push((line, clipped(what)));
    }

    /// Notes something to know.
    pub fn note(&mut self, line: usize, words: impl Into<String>) {
        self.notes.push((line, words.into()));
    }
}

/// So much of a text that one knows it again.
fn clipped(what: &str) -> String {
    match what.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &what[..end]),
        None => what.to_owned(),
    }
}
