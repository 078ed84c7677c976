//! The one place that deletes.
//!
//! In: names, and for each a proof that nothing but our own work goes with it. Out: what was left because there was none. A file goes if
//!
//! 1. the manifest beside it lists it, and it still holds the bytes that we wrote; or
//! 2. it is a second name of a file which stands in the output under the same path; or
//! 3. it lies in a staging of ours that never became whole, where only we wrote, or this very run has made it; or
//! 4. it is a lock file of ours, which says nothing once its owner is gone.
//!
//! Anything else in an old tree came there while we were building: it moves into the output, or stays and is named. Folders go only when
//! they are empty, and no symlink is ever followed, because everything deleted here was found by a walk. Absent: recursive deletion.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use rayon::prelude::*;

use super::files::{Files, Kind};
use super::manifest::{self, Content, Manifest};
use super::stage::{self, Staging};
use super::survey::{Below, Found, key, walk};
use super::target::name_within;
use crate::containment::{self, named};

/// Removes a staging, new, stale, or with the old output in it. What must not be removed, or could not be, is returned as a note; the next
/// build tries again.
pub(super) fn staging(files: &dyn Files, staging: &Staging, out: &Path, known: &BTreeMap<String, Found>) -> Option<String> {
    let removed = (|| {
        ensure!(stage::is_staging(files, staging.root())?, "it is not a staging of ours");
        let whole = files.stat(&staging.whole())?.is_some();
        let mut left = Vec::new();
        for tree in [staging.tree(), staging.aside()] {
            if files.stat(&tree)?.is_some_and(|found| found.kind == Kind::Folder) {
                left.extend(old_tree(files, &tree, out, known, whole)?);
            }
        }
        if left.is_empty() {
            for mark in [staging.whole(), staging.mark()] {
                if files.stat(&mark)?.is_some() {
                    files.remove_file(&mark)?;
                }
            }
            files.remove_folder(staging.root())?;
        }
        Ok(left)
    })();
    match removed {
        Ok(left) => left.first().map(|first| {
            format!(
                "{} holds {}, which changed while forewarn was building: take what you need, then remove the folder",
                named(staging.root()),
                named(first)
            )
        }),
        Err(error) => Some(format!("{} could not be removed, the next build tries again: {error:#}", named(staging.root()))),
    }
}

/// Removes what may go from a tree in a staging; returns what stays.
fn old_tree(files: &dyn Files, tree: &Path, out: &Path, known: &BTreeMap<String, Found>, whole: bool) -> Result<Vec<PathBuf>> {
    let manifests = [manifest::NAME, manifest::NEXT];
    // A manifest that is there and cannot be read now would prove the files ours: then nothing is touched.
    let proofs = if whole { &manifests[..] } else { &[] };
    let listed: Vec<_> = proofs.iter().filter_map(|name| Manifest::read(files, tree, name).transpose()).collect::<Result<_>>()?;
    let (folders, others): (Vec<Below>, Vec<Below>) =
        walk(files, tree, |_| true)?.into_iter().partition(|below| below.stat.kind == Kind::Folder);
    let may_go = |below: &Below| -> Result<bool> {
        if !whole || below.path == Path::new(&name_within("lock")) {
            return Ok(true);
        }
        if files.stat(&out.join(&below.path))?.is_some_and(|found| found.is_same_file(&below.stat)) {
            return Ok(true);
        }
        let Some(path) = key(&below.path).filter(|_| below.stat.kind == Kind::File) else { return Ok(false) };
        if known.get(&path).is_some_and(|found| found.stat == below.stat) {
            return Ok(true);
        }
        let wrote: Vec<_> =
            listed.iter().filter_map(|manifest| manifest.files.get(&path)).filter(|wrote| wrote.bytes == below.stat.length).collect();
        Ok(!wrote.is_empty() && wrote.contains(&&Content::read(files.read(&tree.join(&below.path))?, below.stat.length)?))
    };
    let handle = |below: &Below| -> Result<Option<PathBuf>> {
        let path = tree.join(&below.path);
        if may_go(below)? {
            files.remove_file(&path).with_context(|| format!("removing {}", named(&path)))?;
            return Ok(None);
        }
        Ok(if rescue(files, &path, &out.join(&below.path)) { None } else { Some(path) })
    };
    let is_manifest = |below: &Below| manifests.iter().any(|name| below.path == Path::new(name));
    let left: Vec<_> =
        others.par_iter().filter(|below| !is_manifest(below)).map(handle).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
    empty_folders(files, folders.into_iter().map(|below| tree.join(below.path)).collect());
    if left.is_empty() {
        // Last, because it is the proof for all others.
        for manifest in others.iter().filter(|below| is_manifest(below)) {
            files.remove_file(&tree.join(&manifest.path))?;
        }
        files.remove_folder(tree)?;
    }
    Ok(left)
}

/// Moves a file that is not ours out of an old tree into the output, if its place there is free.
fn rescue(files: &dyn Files, from: &Path, to: &Path) -> bool {
    matches!(files.stat(to), Ok(None)) && files.rename(from, to).is_ok()
}

/// Removes a file of ours from an output that is being put in place; an error if it is not what the survey found.
pub(super) fn own_file(files: &dyn Files, out: &Path, path: &str, found: &Found) -> Result<()> {
    let file = containment::inside(out, path).with_context(|| format!("removing {}", named(&out.join(path))))?;
    match files.stat(&file)? {
        None => Ok(()),
        Some(now) if now == found.stat => files.remove_file(&file).with_context(|| format!("removing {}", named(&file))),
        Some(_) => anyhow::bail!("{} changed while forewarn was building: build again", named(&file)),
    }
}

/// Removes those of these folders that are empty, the deepest first. Others, and those that cannot be removed, stay.
pub(super) fn empty_folders(files: &dyn Files, mut folders: Vec<PathBuf>) {
    folders.sort_by_cached_key(|folder| Reverse(folder.components().count()));
    for folder in folders {
        // The system removes no folder that holds anything.
        let _ = files.remove_folder(&folder);
    }
}

/// Removes what was written of a new handbook that never became whole: files that this run made, and folders where they are empty.
pub(super) fn unfinished(files: &dyn Files, written: &[PathBuf], folders: Vec<PathBuf>) {
    for file in written {
        let _ = files.remove_file(file);
    }
    empty_folders(files, folders);
}

/// Removes the lock file. One that stays binds nobody.
pub(super) fn lock_file(files: &dyn Files, path: &Path) {
    let _ = files.remove_file(path);
}

/// Removes a staging that has nothing in it yet but its mark, or less.
pub(super) fn begun(files: &dyn Files, staging: &Staging) {
    let _ = files.remove_folder(&staging.tree());
    let _ = files.remove_file(&staging.mark());
    let _ = files.remove_folder(staging.root());
}
