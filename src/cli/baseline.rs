//! The files of `check --baseline` and `check --write-baseline`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};

use crate::containment::named;
use crate::discover;
use crate::emit::author;
use crate::finding::Findings;
use crate::report::baseline::Baseline;

use super::{Global, print};

/// Ids that a note names at most.
const NAMED: usize = 3;

/// The baseline in a file.
pub(super) fn read(file: &Path) -> anyhow::Result<Baseline> {
    let text = discover::read_named(file)?.with_context(|| format!("cannot find {}", named(file)))?;
    Baseline::read(&text).with_context(|| format!("{} is no baseline", named(file)))
}

/// Writes the findings that no waiver covers, and says how many they are.
pub(super) fn write(global: &Global, file: &Path, findings: &Findings) -> anyhow::Result<ExitCode> {
    if let Some(text) = discover::read_named(file)?
        && let Err(error) = Baseline::read(&text)
    {
        bail!("{} is there and is no baseline, so it is not overwritten: {error:#}", named(file));
    }
    let baseline = Baseline::of(findings);
    let name = file.file_name().and_then(|name| name.to_str()).with_context(|| format!("{} is no name for a file", named(file)))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    author::replace(&folder, name, &baseline.text())?;
    let findings = counted(baseline.ids().len(), "finding");
    print::say(global, &format!("{findings} in {}: `forewarn check --baseline {}` reports what is new", named(file), file.display()));
    Ok(ExitCode::SUCCESS)
}

/// Says which entries of a baseline nothing matches any more.
pub(super) fn say_gone(global: &Global, file: &Path, gone: &[&str]) {
    if gone.is_empty() {
        return;
    }
    let are = if gone.len() == 1 { "is" } else { "are" };
    let most = if global.verbose { gone.len() } else { NAMED };
    let more = if gone.len() > most { format!(" and {} more", gone.len() - most) } else { String::new() };
    let ids = gone.iter().take(most).map(|id| format!("`{}`", id.escape_debug())).collect::<Vec<_>>().join(", ");
    let findings = counted(gone.len(), "finding");
    let again = format!("`forewarn check --write-baseline {}`", file.display());
    print::say(global, &format!("note: {findings} of the baseline {are} gone: {ids}{more}; {again} writes it anew"));
}

fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
