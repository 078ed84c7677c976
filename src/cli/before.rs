//! The version that a command compares with: the handbook as it stood in a git revision, looked at on the same day.

use std::path::Path;

use jiff::civil::Date;

use crate::discover::{self, Discovered, Revision};
use crate::pipeline::{self, Analysis, Run};

use super::{Global, print};

/// A version before, and everything that is known of it.
pub(super) struct Before {
    /// The revision, as it was named.
    pub name: String,
    /// The id of its commit.
    pub commit: String,
    /// The day of its commit.
    pub day: Date,
    /// Everything that is known of the handbook in it.
    pub analysis: Analysis,
}

/// Reads a revision, and says what it does not hold.
pub(super) fn read(global: &Global, root: &Path, name: &str) -> anyhow::Result<Revision> {
    let revision = discover::revision(root, name)?;
    revision.notes.iter().for_each(|note| print::say(global, &format!("note: {note}")));
    Ok(revision)
}

/// Analyses the handbook and a revision of it, both on the same day.
pub(super) fn analyze(discovered: Discovered, revision: Revision, run: &Run) -> (Analysis, Before) {
    let Revision { name, commit, day, discovered: then, .. } = revision;
    let (now, then) = pipeline::analyze_both(discovered, then, run);
    (now, Before { name, commit, day, analysis: then })
}
