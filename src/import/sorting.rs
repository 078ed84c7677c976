//! Files of a source -> pages, files that are copied, and lines of the report for those that become neither.
//!
//! In: the files, and the layout that says where pages lie. Out: every file in exactly one of the three. Absent: new names.

use std::collections::{BTreeMap, BTreeSet};

use crate::discover::{Foreign, ForeignFile};

use super::names;
use super::report::Report;
use super::source::{Layout, Tool};

/// The files of a source, by what becomes of them.
pub(super) struct Sorted {
    /// Pages.
    pub(super) pages: BTreeSet<String>,
    /// Files that are copied.
    pub(super) files: Vec<String>,
    /// The same, to be looked up.
    pub(super) copied: BTreeSet<String>,
}

/// Sorts the files of a source; those that become nothing are told.
pub(super) fn sort(files: &Foreign, layout: &Layout, report: &mut Report) -> Sorted {
    let mut sorted = Sorted { pages: BTreeSet::new(), files: Vec::new(), copied: BTreeSet::new() };
    report.left_out.extend(files.refused.iter().cloned());
    let mut outside: BTreeMap<String, usize> = BTreeMap::new();
    let media = layout.tool == Tool::Plain;
    for (path, file) in &files.files {
        if layout.config.as_deref() == Some(path) {
            report.left_out.push((path.clone(), format!("the configuration of {}: it was read", layout.tool.name())));
            continue;
        }
        if let Some((_, why)) = layout.apart.iter().find(|(beginning, _)| is_apart(path, beginning)) {
            let folder = layout
                .apart
                .iter()
                .find(|(beginning, _)| is_apart(path, beginning) && beginning.ends_with('/'))
                .map(|(folder, _)| folder.clone());
            report.left_out.push((folder.unwrap_or_else(|| path.clone()), (*why).to_owned()));
            continue;
        }
        let is_static = layout.statics.iter().any(|folder| path.starts_with(folder));
        if !is_static && !path.starts_with(&layout.docs) {
            let folder = path.split_once('/').map_or(path.clone(), |(folder, _)| format!("{folder}/"));
            *outside.entry(folder).or_default() += 1;
            continue;
        }
        match file {
            ForeignFile::Text { .. } if names::stem(path).is_some() && !is_static => {
                let name = path.rsplit('/').next().unwrap_or(path);
                if layout.tool == Tool::Docusaurus && name.starts_with('_') {
                    report.left_out.push((path.clone(), "a part that other pages include".to_owned()));
                } else {
                    sorted.pages.insert(path.clone());
                }
            }
            ForeignFile::Other { danger: Some(danger) } => report.left_out.push((path.clone(), format!("not copied: {danger}"))),
            ForeignFile::Text { .. } | ForeignFile::Other { danger: None } if media && is_code(path) => {
                report.left_out.push((path.clone(), "a program's own file, no part of a handbook".to_owned()));
            }
            _ => sorted.files.push(path.clone()),
        }
    }
    for (folder, count) in outside {
        let what = if folder.ends_with('/') {
            format!("outside `{}`: {count} file{}", layout.docs, if count == 1 { "" } else { "s" })
        } else {
            format!("outside `{}`", layout.docs)
        };
        report.left_out.push((folder, what));
    }
    sorted.copied = sorted.files.iter().cloned().collect();
    sorted
}

fn is_apart(path: &str, beginning: &str) -> bool {
    path.strip_prefix(beginning).is_some_and(|rest| rest.is_empty() || beginning.ends_with('/') || rest.starts_with('/'))
        || path == beginning.trim_end_matches('/')
}

/// Whether a file beside Markdown on GitHub is a program's, and not the handbook's.
fn is_code(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let code = [
        "rs", "py", "go", "ts", "tsx", "jsx", "java", "kt", "c", "h", "cpp", "hpp", "cs", "rb", "pl", "lua", "swift", "scala", "lock",
        "toml", "gradle", "tf", "mod", "sum", "o", "so", "dll", "class", "pyc",
    ];
    ending.is_some_and(|ending| code.contains(&ending.as_str()))
        || matches!(name, "Makefile" | "Dockerfile" | "package.json" | "package-lock.json")
}

/// The path of a copied file below `content/`, before names are vetted.
pub(super) fn served(layout: &Layout, source: &str) -> String {
    let statics = layout.statics.iter().find_map(|folder| source.strip_prefix(folder));
    statics.or_else(|| source.strip_prefix(&layout.docs)).unwrap_or(source).to_owned()
}
