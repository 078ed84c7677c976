//! The files below a folder of the project, in the order of their paths; links followed only where they stay in the project.

use std::path::{Path, PathBuf};

use anyhow::Context;
use walkdir::WalkDir;

use crate::containment::{followed, named};
use crate::finding::Finding;
use crate::settings::Limits;
use crate::source::PagePath;

use super::names;

/// A regular file.
pub struct Entry {
    /// Relative to the root.
    pub path: PagePath,
    /// Where it lies.
    pub on_disk: PathBuf,
    /// Its size.
    pub bytes: u64,
}

/// What a walk found.
#[derive(Default)]
pub struct Walked {
    /// Regular files, sorted by path.
    pub files: Vec<Entry>,
    /// What is wrong with names, links and kinds of files.
    pub findings: Vec<Finding>,
    /// What was left out on purpose.
    pub notes: Vec<String>,
}

/// Walks `folder` below `root`. What cannot be read is the machine's fault and an error.
pub fn walk(root: &Path, folder: &str, limits: &Limits) -> anyhow::Result<Walked> {
    let mut walked = Walked::default();
    let top = root.join(folder);
    if let Some(link) = linked_outside(root, folder) {
        walked.findings.push(names::link_outside(&link));
        return Ok(walked);
    }
    if !top.is_dir() {
        anyhow::bail!("{} is no folder", named(&top));
    }
    let mut entries = WalkDir::new(&top).follow_links(true).sort_by_file_name().min_depth(1).into_iter();
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                broken(root, &error, &mut walked)?;
                continue;
            }
        };
        let path = relative(root, entry.path());
        let name = entry.file_name().to_string_lossy();
        if name.starts_with(['.', '_']) {
            if entry.file_type().is_dir() {
                entries.skip_current_dir();
            } else if name.starts_with('.') {
                walked.notes.push(format!("`{path}` is not copied: its name begins with a dot"));
            }
            continue;
        }
        if names::is_left_over(&name) {
            walked.notes.push(format!("`{path}` is not copied: an editor left it behind"));
            continue;
        }
        let refused = names::refused(&path, entry.file_name(), limits);
        let skip = refused.is_some();
        walked.findings.extend(refused);
        let outside = entry.path_is_symlink() && !matches!(followed(root, entry.path()), Ok(Some(_)));
        if outside {
            walked.findings.push(names::link_outside(&path));
        }
        if entry.file_type().is_dir() {
            if skip || outside {
                entries.skip_current_dir();
            }
        } else if skip || outside {
            continue;
        } else if entry.file_type().is_file() {
            let metadata = entry.metadata().with_context(|| format!("cannot read {}", named(entry.path())))?;
            walked.files.push(Entry { path, on_disk: entry.into_path(), bytes: metadata.len() });
        } else {
            walked.findings.push(names::special_file(&path));
        }
    }
    walked.files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(walked)
}

/// The first part of a folder's path that is a link out of the project, or nowhere.
fn linked_outside(root: &Path, folder: &str) -> Option<PagePath> {
    let mut path = PathBuf::from(root);
    for part in folder.split('/') {
        path.push(part);
        let link = path.symlink_metadata().is_ok_and(|found| found.is_symlink());
        if link && !matches!(followed(root, &path), Ok(Some(_))) {
            return Some(relative(root, &path));
        }
    }
    None
}

/// A link in a circle or to nowhere is the user's fault; anything else is the machine's.
fn broken(root: &Path, error: &walkdir::Error, walked: &mut Walked) -> anyhow::Result<()> {
    let path = error.path().unwrap_or(root);
    let is_link = path.symlink_metadata().is_ok_and(|found| found.is_symlink());
    if error.loop_ancestor().is_none() && !is_link {
        let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
        anyhow::bail!("cannot read {}: {reason}", named(path));
    }
    let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['.', '_']));
    if !hidden {
        walked.findings.push(names::link_nowhere(&relative(root, path)));
    }
    Ok(())
}

/// A path as messages show it: relative to the root, `/` between parts, what is no text escaped.
fn relative(root: &Path, path: &Path) -> PagePath {
    let inside = path.strip_prefix(root).unwrap_or(path);
    let parts = inside.components().map(|part| match part.as_os_str().to_str() {
        Some(text) => text.to_owned(),
        None => format!("{:?}", part.as_os_str()).trim_matches('"').to_owned(),
    });
    PagePath::new(parts.collect::<Vec<_>>().join("/"))
}
