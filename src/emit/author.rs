//! Files of the author: new pages, a whole new handbook, and a page with one line changed. What exists is never overwritten unseen.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::containment::{inside, named};

use super::files::{Disk, Files, Kind};
use super::remove;

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

/// A file of a new handbook.
pub struct New<'a> {
    /// Relative to its root, with `/` between its parts.
    pub path: &'a str,
    /// Gives its bytes when it is its turn.
    pub bytes: Box<dyn Fn() -> Result<Vec<u8>> + 'a>,
}

/// Where a new handbook gathers until it is whole.
const STAGING: &str = ".forewarn-new";

/// Fails where a new handbook cannot stand in a folder: it must be empty, or not exist.
pub fn vet(out: &Path) -> Result<()> {
    let attempt = || format!("looking at {}", named(out));
    match Disk.stat(out).with_context(attempt)? {
        None => Ok(()),
        Some(found) if found.kind != Kind::Folder => bail!("{} is no folder", named(out)),
        Some(_) if Disk.list(out).with_context(attempt)?.is_empty() => Ok(()),
        Some(_) => bail!("{} is not empty, and nothing is overwritten; give another folder with `--out`", named(out)),
    }
}

/// Writes a whole new handbook into a folder that [`vet`] found fit: all of it, or nothing.
pub fn create_whole(out: &Path, files: &[New<'_>]) -> Result<()> {
    vet(out)?;
    let is_new = Disk.stat(out).with_context(|| format!("looking at {}", named(out)))?.is_none();
    folders(out)?;
    let staging = out.join(STAGING);
    let mut begun = Begun { files: Vec::new(), folders: if is_new { vec![out.to_path_buf()] } else { Vec::new() } };
    let written = begun.write(&staging, files).and_then(|()| begun.move_up(out, &staging));
    if written.is_err() {
        remove::unfinished(&Disk, &begun.files, begun.folders);
    }
    written
}

/// What of a new handbook is on the disk.
struct Begun {
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Begun {
    fn write(&mut self, staging: &Path, files: &[New<'_>]) -> Result<()> {
        let mut made: BTreeSet<PathBuf> = BTreeSet::from([staging.to_path_buf()]);
        self.folder(staging)?;
        for file in files {
            let on_disk = inside(staging, file.path).with_context(|| format!("cannot write `{}`", file.path))?;
            let parents: Vec<&Path> = on_disk.ancestors().skip(1).take_while(|above| *above != staging).collect();
            for folder in parents.into_iter().rev() {
                if made.insert(folder.to_path_buf()) {
                    self.folder(folder)?;
                }
            }
            let bytes = (file.bytes)()?;
            self.files.push(on_disk.clone());
            Disk.write(&on_disk, &bytes).with_context(|| format!("writing {}", named(&on_disk)))?;
        }
        Ok(())
    }

    fn folder(&mut self, folder: &Path) -> Result<()> {
        Disk.create_folder(folder).with_context(|| format!("making {}", named(folder)))?;
        self.folders.push(folder.to_path_buf());
        Ok(())
    }

    /// Gives what is whole its place.
    fn move_up(&mut self, out: &Path, staging: &Path) -> Result<()> {
        for entry in Disk.list(staging).with_context(|| format!("looking at {}", named(staging)))? {
            let (from, to) = (staging.join(&entry.name), out.join(&entry.name));
            Disk.rename(&from, &to).with_context(|| format!("putting {} in place", named(&to)))?;
            for path in self.files.iter_mut().chain(&mut self.folders) {
                if let Ok(rest) = path.strip_prefix(&from) {
                    *path = if rest.as_os_str().is_empty() { to.clone() } else { to.join(rest) };
                }
            }
        }
        remove::empty_folders(&Disk, vec![staging.to_path_buf()]);
        Ok(())
    }
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

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    fn new(path: &str, fails: bool) -> New<'_> {
        New { path, bytes: Box::new(move || if fails { bail!("it went") } else { Ok(b"x".to_vec()) }) }
    }

    #[test]
    fn a_new_handbook_is_whole_or_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("deep/new");
        for files in [[new("a/b.md", false), new("c.md", true)], [new("a/b.md", false), new("../c.md", false)]] {
            assert!(create_whole(&out, &files).is_err());
            assert!(!out.exists());
        }
        create_whole(&out, &[new("a/b.md", false), new("a/c/d.md", false), new("e", false)]).unwrap();
        let mut names: Vec<_> = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, ["a", "e"]);
        assert!(out.join("a/c/d.md").is_file());
        assert!(create_whole(&out, &[new("f", false)]).is_err(), "it is not empty");
    }

    #[test]
    fn an_empty_folder_stays_where_nothing_came_of_it() {
        let out = tempfile::tempdir().unwrap();
        assert!(create_whole(out.path(), &[new("a", false), new("b", true)]).is_err());
        assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
    }
}
