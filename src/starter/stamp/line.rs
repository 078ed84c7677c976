//! The one line in which two texts of a declaration differ, and that line put into the file.

use anyhow::{Context, bail};

use super::find::Declaration;

/// What happens to a line; lines of the declaration count from 0.
#[derive(Debug, PartialEq, Eq)]
pub enum Change {
    /// The line reads so now.
    Replace(usize, String),
    /// A new line stands before the one of that number.
    Insert(usize, String),
}

impl Change {
    /// The line of the declaration, from 0, as it is counted afterwards.
    pub fn line(&self) -> usize {
        match self {
            Change::Replace(line, _) | Change::Insert(line, _) => *line,
        }
    }
}

/// The change that leads from one text to the other; none where they are equal. Fails where more than one line differs.
pub fn change(old: &str, new: &str) -> anyhow::Result<Option<Change>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let at = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let text = || new.get(at).map(|line| (*line).to_owned()).context("a line is lost");
    if old == new {
        Ok(None)
    } else if old.len() == new.len() && old[at + 1..] == new[at + 1..] {
        Ok(Some(Change::Replace(at, text()?)))
    } else if old.len() + 1 == new.len() && old[at..] == new[at + 1..] {
        Ok(Some(Change::Insert(at, text()?)))
    } else {
        bail!("more than one line would change")
    }
}

/// The file with the change made, and the number of the line from 1.
pub fn splice(raw: &str, declaration: &Declaration, change: &Change) -> anyhow::Result<(String, usize)> {
    let lines: Vec<&str> = raw.split_inclusive('\n').collect();
    let old: Vec<&str> = declaration.text.lines().collect();
    let first = declaration.first - 1;
    let (at, kept, new) = match change {
        Change::Replace(at, line) => {
            let written = Line::of(lines.get(first + at).copied(), old.get(*at).copied())?;
            (first + at, first + at + 1, format!("{}{}{}", written.indent, line.trim_start(), written.end))
        }
        Change::Insert(at, line) => {
            let above = (0..*at).rev().find(|line| !old[*line].trim().is_empty()).context("nothing stands above the new line")?;
            let above = Line::of(lines.get(first + above).copied(), old.get(above).copied())?;
            let end = if above.end.is_empty() { "\n" } else { above.end };
            (first + at, first + at, format!("{}{}{end}", above.indent, line.trim_start()))
        }
    };
    let mut text: String = lines.get(..at).context("the file is shorter than it was")?.concat();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(&new);
    text.push_str(&lines[kept..].concat());
    Ok((text, at + 1))
}

/// A line of the file.
struct Line<'t> {
    /// What stands before the line of the declaration: spaces, marks of quotes.
    indent: &'t str,
    /// Its end: nothing only at the end of the file.
    end: &'t str,
}

impl<'t> Line<'t> {
    /// A line of the file and what it says in the declaration.
    fn of(raw: Option<&'t str>, said: Option<&str>) -> anyhow::Result<Self> {
        let (raw, said) = raw.zip(said).context("the file is shorter than it was")?;
        let bare = raw.strip_suffix('\n').unwrap_or(raw);
        let bare = bare.strip_suffix('\r').unwrap_or(bare);
        let indent = bare.strip_suffix(said.trim_start()).context("the line is not written as it is read")?;
        Ok(Self { indent, end: &raw[bare.len()..] })
    }
}
