//! `forewarn stamp`: one date becomes today, in one line of one file.
//!
//! Enters: the handbook, what was drilled or reviewed, and the file as it lies on disk. Leaves: the file with that line changed or
//! added; BOM, line ends and indentation stay byte for byte. Absent: reading and writing.

mod date;
mod find;
mod line;

use anyhow::{Context, bail};
use jiff::civil::Date;

use crate::pipeline::Analysis;
use crate::source::{PagePath, normal_text};

/// What was done today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamp<'a> {
    /// A way back was tried for real: `process#track` or `page#failure`.
    Drill(&'a str),
    /// A process was read again as a whole.
    Review(&'a str),
}

/// A file with its one changed line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamped {
    /// The file.
    pub path: PagePath,
    /// The line, from 1.
    pub line: usize,
    /// The whole file. The text that came in, where the date was today's already.
    pub text: String,
    /// What was done, on one line: ``drill of `deploy#steps-to-roll-back` set to 2026-11-20 in content/deploy.md:41``.
    pub said: String,
}

/// Sets the date of a drill or review to the day of the run. `read` gives the file as it lies on disk; it is asked once.
///
/// Fails where the name names nothing (with the nearest name), where the failure mode has no place for a date, and where the file is
/// not the one that was analyzed. To stamp drafts, hand in an analysis that holds them.
pub fn stamp(analysis: &Analysis, stamp: Stamp<'_>, read: impl FnOnce(&PagePath) -> anyhow::Result<String>) -> anyhow::Result<Stamped> {
    let handbook = &analysis.handbook;
    let spot = match stamp {
        Stamp::Drill(name) => find::drill(handbook, name)?,
        Stamp::Review(name) => find::review(handbook, name)?,
    };
    let path = spot.page.path().clone();
    let source = analysis.sources.get(&path).with_context(|| format!("{path} is not in memory"))?;
    let declaration = spot.declaration(source)?;
    let raw = read(&path)?;
    if normal_text(&raw) != *source.text {
        bail!("{path} changed while it was read; run again");
    }
    let today = handbook.today;
    let edited = date::set(&declaration.text, spot.table, &spot.key, today).with_context(|| by_hand(&spot, &path))?;
    let what = &spot.what;
    let Some(change) = line::change(&declaration.text, &edited).with_context(|| by_hand(&spot, &path))? else {
        let other = date::set(&declaration.text, spot.table, &spot.key, today.yesterday().unwrap_or(Date::MAX))?;
        let line = declaration.first + line::change(&declaration.text, &other)?.map_or(0, |change| change.line());
        return Ok(Stamped { said: format!("{what} is {today} already, in {path}:{line}"), path, line, text: raw });
    };
    let (text, line) = line::splice(&raw, &declaration, &change).with_context(|| by_hand(&spot, &path))?;
    Ok(Stamped { said: format!("{what} set to {today} in {path}:{line}"), path, line, text })
}

fn by_hand(spot: &find::Spot<'_>, path: &PagePath) -> String {
    format!("cannot set `{}` under `{}` in {path} without touching other lines; write the date there by hand", spot.key, spot.table)
}

#[cfg(test)]
mod tests;
