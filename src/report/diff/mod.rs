//! A comparison -> text for people, Markdown for a pull request, and JSON for machines.
//!
//! Enters: [`Changes`] and which two versions they are of. Leaves: a text. Pure. What removes a way back comes first in every form.

mod human;
mod json;
mod markdown;
mod sections;
mod verdict;

use jiff::civil::Date;

use crate::check::coverage::Tally;
use crate::compare::{Change, Changes};
use crate::finding::Findings;

/// A comparison of a revision with the work tree.
pub struct Comparison<'a> {
    /// What changed.
    pub changes: Changes<'a>,
    /// The revision, as it was named.
    pub name: &'a str,
    /// The id of its commit.
    pub commit: &'a str,
    /// The day of its commit.
    pub day: Date,
    /// The day on which both were looked at.
    pub today: Date,
    /// How many faults each version has: what cannot be read cannot be compared.
    pub faults: Change<usize>,
}

/// How a comparison is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Human {
        /// Whether it carries colours, as ANSI escapes.
        coloured: bool,
    },
    /// For a comment on a pull request.
    Markdown,
    /// For machines.
    Json,
}

/// Whether everything is said, infos and long lists included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// What matters.
    Short,
    /// Everything.
    Full,
}

/// The comparison as text, which ends with a line break.
pub fn diff(comparison: &Comparison<'_>, form: Form, detail: Detail) -> String {
    match form {
        Form::Human { coloured } => human::text(comparison, coloured, detail),
        Form::Markdown => markdown::text(comparison, detail),
        Form::Json => json::text(comparison),
    }
}

/// How many of the findings are faults.
pub fn faults(findings: &Findings) -> usize {
    findings.iter().filter(|finding| super::is_fault(finding)).count()
}

/// A tally in words: `83 % (105 of 126), 2 waived`; `nothing owed` where there is no obligation.
fn tally(tally: Tally) -> String {
    let Tally { met, unmet, waived, .. } = tally;
    let waived = if waived == 0 { String::new() } else { format!(", {waived} waived") };
    match tally.percent() {
        Some(percent) => format!("{percent} % ({met} of {}){waived}", met + unmet),
        None => format!("nothing owed{waived}"),
    }
}

/// What a row of the coverage table is about.
enum Of {
    /// The whole handbook.
    All,
    /// A class.
    Class(String),
    /// A page.
    Page(String),
}

/// The rows of the coverage table: everything, then the classes and pages that differ. A page without obligations owes nothing.
fn coverage(changes: &Changes<'_>) -> Vec<(Of, Change<String>)> {
    let (before, after) = (changes.coverage.before, changes.coverage.after);
    let words = |before: Tally, after: Tally| Change { before: tally(before), after: tally(after) };
    let classes = super::group::distinct(before.by_class.iter().chain(&after.by_class).map(|(class, _)| class));
    let classes = classes.into_iter().filter(|class| before.class(class) != after.class(class));
    let classes = classes.map(|class| (Of::Class(class.clone()), words(before.class(class), after.class(class))));
    let pages = changes.coverage.pages.iter();
    let pages = pages.map(|page| (Of::Page(page.id.to_owned()), words(page.before.unwrap_or_default(), page.after.unwrap_or_default())));
    let differ = classes.chain(pages).filter(|(_, row)| row.before != row.after);
    [(Of::All, words(before.total, after.total))].into_iter().chain(differ).collect()
}

/// The revision in words: `main` and `3f2a9c1 of 2026-11-18`.
fn commit(comparison: &Comparison<'_>) -> String {
    format!("{} of {}", comparison.commit.get(..7).unwrap_or(comparison.commit), comparison.day)
}

/// What to say of faults, where there are some.
fn warning(comparison: &Comparison<'_>) -> Option<String> {
    let of = |number: usize, what: &str| (number > 0).then(|| format!("{} in {what}", super::summary::counted(number, "fault")));
    let sides = [of(comparison.faults.before, "the revision"), of(comparison.faults.after, "the work tree")];
    let sides: Vec<String> = sides.into_iter().flatten().collect();
    (!sides.is_empty()).then(|| format!("{}: what cannot be read there is not compared", sides.join(" and ")))
}
