//! The one currency of complaints: what parse, model and check say about a handbook, and what the reports print.
//!
//! A finding always has one primary place. Absent here: colours, layout, exit codes (`report` and `main` know those), and the table of
//! rules (`check::rules`); a finding only names its rule.

use crate::shared::Shared;
use crate::source::{PagePath, Span};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing; hidden in the human report unless asked for.
    Info,
    /// Should be mended.
    Warning,
    /// Must be mended.
    Error,
}

impl Level {
    /// The level's name in reports: `info`, `warning`, `error`.
    pub fn name(self) -> &'static str {
        match self {
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// A span in a file. A file that has no text in memory (a picture, a link) is marked at its first character.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub path: PagePath,
    /// The bytes marked.
    pub span: Span,
}

impl Place {
    /// A span in a file.
    pub fn new(path: &PagePath, span: Span) -> Self {
        Self { path: path.clone(), span }
    }
}

/// A second place that a finding marks, with a few words that say what stands there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    /// Where.
    pub place: Place,
    /// What stands there: `can hit this step`.
    pub label: String,
}

/// A change of the text that mends the finding.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Patch {
    /// What is replaced (an empty span inserts).
    pub place: Place,
    /// The new text.
    pub replacement: String,
}

/// What a finding is about: `page`, `page#thing`, and a part where one thing can have several findings of a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Element {
    /// The page's id, or `forewarn.toml`.
    pub page: String,
    /// A step, track or failure mode on it.
    pub thing: Option<String>,
    /// The class, system, key path … that tells findings of one rule on one thing apart.
    pub part: Option<String>,
}

impl Element {
    /// The page itself.
    pub fn page(page: impl Into<String>) -> Self {
        Self { page: page.into(), thing: None, part: None }
    }

    /// A step, track or failure mode on a page.
    pub fn thing(page: impl Into<String>, thing: impl Into<String>) -> Self {
        Self { page: page.into(), thing: Some(thing.into()), part: None }
    }

    /// A step, track or failure mode, or the page where there is none.
    pub fn of(page: &str, thing: Option<&str>) -> Self {
        Self { page: page.into(), thing: thing.map(Into::into), part: None }
    }

    /// The same element with a part.
    #[must_use]
    pub fn part(mut self, part: impl Into<String>) -> Self {
        self.part = Some(part.into());
        self
    }

    /// `page` or `page#thing`, without the part.
    pub fn name(&self) -> String {
        match &self.thing {
            Some(thing) => format!("{}#{thing}", self.page),
            None => self.page.clone(),
        }
    }
}

impl std::fmt::Display for Element {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name())?;
        self.part.as_ref().map_or(Ok(()), |part| write!(f, "/{part}"))
    }
}

/// The waiver that covers a finding.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Waiver {
    /// Why it is accepted.
    pub reason: String,
    /// Who signed.
    pub by: String,
    /// The last day on which it holds.
    pub until: Option<jiff::civil::Date>,
}

/// One complaint.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Finding {
    /// The rule's name: `missing-recovery`.
    pub rule: &'static str,
    /// How much it matters. Set from the table, the settings and the process once all findings are known.
    pub level: Level,
    /// The first line, in lower case, with names in backticks.
    pub message: String,
    /// The smallest text that must change.
    pub place: Place,
    /// Whether only what is proposed asks for it: an info then, whatever the settings say.
    pub for_proposed: bool,
    /// Other places that explain it.
    pub places: Vec<Mark>,
    /// Why it matters here.
    pub note: Option<String>,
    /// What can be done now.
    pub help: Option<String>,
    /// The help as an edit, where the edit is certain.
    pub patch: Option<Patch>,
    /// What it is about.
    pub element: Element,
    /// `rule@element`, unique within a run.
    pub id: String,
    /// Set when a valid waiver covers it.
    pub waived: Option<Waiver>,
}

/// The findings of a run, in their order.
pub type Findings = Shared<Finding>;

impl Finding {
    /// A finding with what none can lack.
    pub fn new(rule: &'static str, place: Place, element: Element, message: impl Into<String>) -> Self {
        let id = format!("{rule}@{element}");
        Self {
            rule,
            level: Level::Error,
            message: message.into(),
            place,
            for_proposed: false,
            places: Vec::new(),
            note: None,
            help: None,
            patch: None,
            element,
            id,
            waived: None,
        }
    }

    /// With a level of its own, for rules whose findings differ in level.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// As one that only what is proposed asks for, or not.
    #[must_use]
    pub fn for_proposed(mut self, only: bool) -> Self {
        self.for_proposed = only;
        self
    }

    /// With why it matters here.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// With what can be done now.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The files in which it marks anything, its own first.
    pub fn files(&self) -> impl Iterator<Item = &PagePath> {
        let others = self.places.iter().map(|mark| &mark.place).chain(self.patch.iter().map(|patch| &patch.place));
        std::iter::once(&self.place).chain(others).map(|place| &place.path)
    }

    /// The same finding after the places of a file have moved; nothing where one of them cannot be said.
    pub fn moved(&self, path: &PagePath, to: impl Fn(Span) -> Option<Span>) -> Option<Self> {
        let place = |place: &Place| match place.path == *path {
            true => Some(Place { path: place.path.clone(), span: to(place.span)? }),
            false => Some(place.clone()),
        };
        let mark = |mark: &Mark| Some(Mark { place: place(&mark.place)?, label: mark.label.clone() });
        let patch = |patch: &Patch| Some(Patch { place: place(&patch.place)?, replacement: patch.replacement.clone() });
        let patch = match &self.patch {
            Some(known) => Some(patch(known)?),
            None => None,
        };
        Some(Self { place: place(&self.place)?, places: self.places.iter().map(mark).collect::<Option<_>>()?, patch, ..self.clone() })
    }

    /// With a second place.
    #[must_use]
    pub fn mark(mut self, place: Place, label: impl Into<String>) -> Self {
        self.places.push(Mark { place, label: label.into() });
        self
    }

    /// With the edit that mends it.
    #[must_use]
    pub fn patch(mut self, place: Place, replacement: impl Into<String>) -> Self {
        self.patch = Some(Patch { place, replacement: replacement.into() });
        self
    }
}
