//! Files of the author: new pages, and a page with one line changed. What exists is never overwritten unseen.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::containment::{inside, named};

use super::files::{Disk, Files};

/// Writes new files below `root`: a `/`-separated path and a text each. If any of them exists, none is written.
pub fn create(root: &Path, files: &[(&str, &str)]) -> Result<()> {
    let mut planned = Vec::with_capacity(files.len());
    for (path, text) in files {
        let on_disk = inside(root, path).with_context(|| format!("cannot write `{path}`"))?;
        if Disk.stat(&on_disk).with_context(|| format!("looking at {}", named(&on_disk)))?.is_some() {
            bail!("{} exists already, and nothing is overwritten", named(&on_disk));
        }
        planned.push((on_disk, text));
    }
    for (on_disk, text) in planned {
        if let Some(folder) = on_disk.parent() {
            folders(folder)?;
        }
        Disk.write(&on_disk, text.as_bytes()).with_context(|| format!("writing {}", named(&on_disk)))?;
    }
    Ok(())
}

/// Puts a new text in the place of a file's old one, in one step.
pub fn replace(root: &Path, path: &str, text: &str) -> Result<()> {
    let on_disk = inside(root, path).with_context(|| format!("cannot write `{path}`"))?;
    let mut beside = on_disk.clone().into_os_string();
    beside.push(".forewarn-new");
    let beside = Path::new(&beside);
    let attempt = || format!("writing {}", named(&on_disk));
    Disk.write(beside, text.as_bytes()).with_context(attempt)?;
    if Disk.stat(&on_disk).with_context(attempt)?.is_some() {
        Disk.permit_as(beside, &on_disk).with_context(attempt)?;
    }
    Disk.rename(beside, &on_disk).with_context(attempt)
}

fn folders(folder: &Path) -> Result<()> {
    let attempt = || format!("making {}", named(folder));
    let missing: Vec<&Path> = folder.ancestors().take_while(|above| !above.as_os_str().is_empty() && !above.exists()).collect();
    missing.into_iter().rev().try_for_each(|folder| Disk.create_folder(folder)).with_context(attempt)
}
