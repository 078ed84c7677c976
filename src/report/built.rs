//! What a build did, in a few lines.

use std::path::Path;

use crate::containment::named;
use crate::emit::Emitted;
use crate::pipeline::Analysis;

use super::summary::{Summary, counted};

/// The lines that end a build: where the site is, what changed since the last build, and the summary of the findings.
pub fn built(analysis: &Analysis, emitted: &Emitted, out: &Path, seconds: f64) -> String {
    let files = emitted.added.len() + emitted.changed.len() + emitted.unchanged;
    let changes = [("added", emitted.added.len()), ("changed", emitted.changed.len()), ("removed", emitted.removed.len())];
    let changes: Vec<String> = changes.iter().filter(|(_, count)| *count > 0).map(|(what, count)| format!("{count} {what}")).collect();
    let changes = match changes.as_slice() {
        _ if emitted.added.len() == files => String::new(),
        [] => ", all as they were".to_owned(),
        changes => format!(": {}", changes.join(", ")),
    };
    let findings: Vec<_> = analysis.findings.iter().collect();
    let summary = Summary::of(analysis, &findings).line(&[], seconds);
    format!("built {} in {}{changes}\n{summary}\n", counted(files, "file"), named(out))
}
