//! Where the output cannot be renamed (a mount point, mostly): the new files are put in place one by one.
//!
//! In: a staging inside the output with every file that differs. Out: the output holds the new build. Everything that can fail for want of
//! space or by a fault of rendering has happened before; what remains is renames and removals. A crash among them leaves each file old or
//! new and whole, and the journal (the manifest of the coming build, beside the last one) tells the next build which are ours. Absent: a
//! way back; it is forward, with the next build.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::Work;
use super::files::{Files, Kind};
use super::manifest::{self, Manifest, folders_above, folders_of};
use super::remove;
use super::stage::{Fate, Made, Staging};
use crate::containment::{inside, named};

/// Puts the files of a staging in place.
pub(super) fn put(work: &Work<'_, '_>, staging: &Staging, made: &[Made<'_>], manifest: &Manifest) -> Result<()> {
    let Work { files, survey, hold, .. } = *work;
    let out = work.target.folder();
    let differs: Vec<_> = made.iter().filter(|made| made.fate != Fate::Unchanged).collect();
    for made in &differs {
        let file = inside(out, made.path).with_context(|| format!("writing {}", named(&out.join(made.path))))?;
        let (now, expected) = (files.stat(&file)?, survey.ours.get(made.path).map(|found| &found.stat));
        // A folder may be one of ours that goes before the file comes; the system puts no file in the place of another.
        let is_as_expected = now.as_ref() == expected || (expected.is_none() && now.is_some_and(|now| now.kind == Kind::Folder));
        ensure!(is_as_expected, "{} changed while forewarn was building: build again", named(&file));
    }
    hold.check()?;
    if survey.half_placed {
        // The journal is about to be replaced, so what it alone knows of goes into the manifest.
        let now = survey.ours.iter().map(|(path, found)| (path.clone(), found.content)).collect();
        replace(files, staging, &out.join(manifest::NAME), &Manifest { files: now })?;
    }
    replace(files, staging, &out.join(manifest::NEXT), manifest)?;
    place(work, staging, &differs).context("the output is partly new; the next build makes it whole")
}

/// Writes a manifest beside the files of the staging and renames it to where it belongs.
fn replace(files: &dyn Files, staging: &Staging, to: &Path, manifest: &Manifest) -> Result<()> {
    let from = staging.tree().join(manifest::NEXT);
    let replaced = files.write(&from, &manifest.text()?).and_then(|()| files.sync(&from)).and_then(|()| files.rename(&from, to));
    replaced.with_context(|| format!("writing {}", named(to)))
}

fn place(work: &Work<'_, '_>, staging: &Staging, differs: &[&Made<'_>]) -> Result<()> {
    let Work { files, plan, survey, .. } = *work;
    let out = work.target.folder();
    let vanished = survey.ours.iter().filter(|(path, _)| !plan.files.contains(path.as_str()));
    // A file where a folder comes, and files below what becomes a file.
    let (in_the_way, others): (Vec<_>, Vec<_>) = vanished
        .partition(|(path, _)| plan.folders.contains(path.as_str()) || folders_above(path).any(|folder| plan.files.contains(folder)));
    let empty = |unwanted: &dyn Fn(&str) -> bool| {
        let folders = survey.folders.iter().filter(|folder| unwanted(folder)).map(|folder| out.join(folder));
        remove::empty_folders(files, folders.collect());
    };

    for (path, found) in in_the_way {
        remove::own_file(files, out, path, found)?;
    }
    empty(&|folder| plan.files.contains(folder) || folders_above(folder).any(|folder| plan.files.contains(folder)));
    for folder in folders_of(differs.iter().map(|made| made.path)) {
        let folder = out.join(folder);
        if files.stat(&folder)?.is_none() {
            files.create_folder(&folder).with_context(|| format!("making {}", named(&folder)))?;
        }
    }
    for made in differs {
        let to = out.join(made.path);
        files.rename(&staging.tree().join(made.path), &to).with_context(|| format!("writing {}", named(&to)))?;
    }
    for (path, found) in others {
        remove::own_file(files, out, path, found)?;
    }
    empty(&|folder| !plan.folders.contains(folder));
    let last = out.join(manifest::NAME);
    files.rename(&out.join(manifest::NEXT), &last).with_context(|| format!("writing {}", named(&last)))?;
    // The new build stands; until the disk knows, the journal does.
    let _ = files.sync(out);
    Ok(())
}
