//! What a build did, in a few lines.

use std::collections::HashSet;
use std::path::Path;

use crate::containment::named;
use crate::emit::{Emitted, Vanished};
use crate::pipeline::Analysis;

use super::escape::line as escaped;
use super::summary::{Summary, counted};

/// Pages named on a line.
const NAMED: usize = 8;

/// Anchors named.
const ANCHORS: usize = 10;

/// The lines that end a build: where the site is, what changed since the last build, and the summary of the findings.
pub fn built(analysis: &Analysis, emitted: &Emitted, out: &Path, seconds: f64) -> String {
    let files = emitted.added.len() + emitted.changed.len() + emitted.unchanged;
    let changes = [("added", emitted.added.len()), ("changed", emitted.changed.len()), ("removed", emitted.removed.len())];
    let changes: Vec<String> = changes.iter().filter(|(_, count)| *count > 0).map(|(what, count)| format!("{count} {what}")).collect();
    let is_first = emitted.added.len() == files;
    let changes = match changes.as_slice() {
        _ if is_first => String::new(),
        [] => ", all as they were".to_owned(),
        changes => format!(": {}", changes.join(", ")),
    };
    let findings: Vec<_> = analysis.findings.iter().collect();
    let summary = Summary::of(analysis, &findings).line(&[], seconds);
    let details = if is_first { String::new() } else { details(analysis, emitted) };
    format!("built {} in {}{changes}\n{details}{summary}\n", counted(files, "file"), named(out))
}

/// Which pages came, changed and went since the last build, and what can no longer be reached.
fn details(analysis: &Analysis, emitted: &Emitted) -> String {
    let own: HashSet<&str> = analysis.handbook.pages.iter().map(|page| page.url.as_str()).collect();
    let mut text = String::new();
    for (what, paths) in [("added", &emitted.added), ("changed", &emitted.changed), ("removed", &emitted.removed)] {
        let pages = pages(paths, &own);
        if !pages.is_empty() {
            text.push_str(&format!("  {:<9}{}\n", format!("{what}:"), list(&pages, NAMED)));
        }
    }
    text + &anchors(&emitted.vanished)
}

/// The URLs of pages, those of the handbook first. The run sheet and the workbook of a page go without saying where it is named itself.
fn pages(paths: &[String], own: &HashSet<&str>) -> Vec<String> {
    let urls: Vec<String> = paths.iter().filter(|path| path.ends_with(".html")).map(|path| url(path)).collect();
    let named: HashSet<&str> = urls.iter().map(String::as_str).collect();
    let beside =
        |url: &str| ["checklist/", "premortem/"].iter().any(|name| url.strip_suffix(name).is_some_and(|page| named.contains(page)));
    let (mut pages, others): (Vec<String>, Vec<String>) =
        urls.iter().filter(|url| !beside(url)).cloned().partition(|url| own.contains(url.as_str()));
    pages.extend(others);
    pages
}

fn url(path: &str) -> String {
    let folder = if path == "index.html" { Some("") } else { path.strip_suffix("/index.html") };
    match folder {
        Some("") => "/".to_owned(),
        Some(folder) => format!("/{folder}/"),
        None => format!("/{path}"),
    }
}

fn list(urls: &[String], most: usize) -> String {
    let shown: Vec<String> = urls.iter().take(most).map(|url| escaped(url).into_owned()).collect();
    let more = urls.len().saturating_sub(most);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

fn anchors(vanished: &[Vanished]) -> String {
    let Some(first) = vanished.first() else { return String::new() };
    let mut text = "  anchors that are gone, and were linked to:\n".to_owned();
    for Vanished { page, anchor, linked_from } in vanished.iter().take(ANCHORS) {
        let from: Vec<String> = linked_from.iter().map(|path| url(path)).collect();
        text.push_str(&format!("    {}#{}, from {}\n", escaped(&url(page)), escaped(anchor), list(&from, 3)));
    }
    if vanished.len() > ANCHORS {
        text.push_str(&format!("    and {} more\n", vanished.len() - ANCHORS));
    }
    let anchor = escaped(&first.anchor).into_owned();
    text.push_str(&format!(
        "    links in alerts and tickets lead to the top of the page now; `{{#{anchor}}}` after the heading, or `id = \"{anchor}\"` in the \
         block, keeps one\n"
    ));
    text
}
