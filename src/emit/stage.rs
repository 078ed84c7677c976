//! The staging: a hidden folder in which a build becomes whole before anybody sees it.
//!
//! In: the plan and what lies in the output. Out: a tree with every file of the new build; files that did not change and files of others
//! are second names of those in the output, so neither is copied and neither can be lost. Stagings of builds that died are found here and
//! removed. Absent: touching the output.
//!
//! ```text
//! .public.forewarn-staging-4711/
//!     made-by-forewarn.txt    by which it is known
//!     tree/                   the new build, and after the swap the old one
//!     whole                   from here on only what its manifest proves to be ours is removed from tree/
//!     aside/                  the old build, where two folders cannot change places in one step
//! ```

use std::collections::HashSet;
use std::ffi::OsStr;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rayon::prelude::*;

use super::Work;
use super::files::{Files, Kind, is_mount_point};
use super::manifest::{self, Content, Manifest};
use super::remove;
use super::rendering::render_each;
use super::survey::walk;
use super::target::{Target, Way, name_within};
use crate::containment::named;
use crate::render::{Output, Pack, offline};

pub(super) const MARK: &str = "made-by-forewarn.txt";
pub(super) const MARK_TEXT: &str = "forewarn builds here. When no build is running, the next one removes this folder.\n";

/// A staging on disk.
pub(super) struct Staging {
    root: PathBuf,
}

/// A file of the new build.
pub(super) struct Made<'s> {
    pub(super) path: &'s str,
    pub(super) content: Content,
    pub(super) fate: Fate,
}

/// What the new build does to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Added,
    Changed,
    Unchanged,
}

/// What came of something that not every file system can do. Nothing has changed where it cannot.
pub(super) enum Done {
    Yes,
    /// The system cannot, for this reason.
    Cannot(String),
}

impl Staging {
    /// Makes a staging in a folder, named by `prefix` and our process id.
    pub(super) fn open(files: &dyn Files, workplace: &Path, prefix: &OsStr) -> Result<Self> {
        let mut n = 0;
        let staging = loop {
            let mut name = prefix.to_os_string();
            name.push(std::process::id().to_string());
            if n > 0 {
                name.push(format!("-{n}"));
            }
            let staging = Staging { root: workplace.join(name) };
            match files.create_folder(&staging.root) {
                // One that could not be removed, of a process that had our id.
                Err(error) if error.kind() == ErrorKind::AlreadyExists && n < 1000 => n += 1,
                made => break made.map(|()| staging).with_context(|| format!("making a staging in {}", named(workplace)))?,
            }
        };
        let begun = files.write(&staging.mark(), MARK_TEXT.as_bytes()).and_then(|()| files.create_folder(&staging.tree()));
        if begun.is_err() {
            remove::begun(files, &staging);
        }
        begun.with_context(|| format!("making the staging {}", named(&staging.root)))?;
        Ok(staging)
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The mark by which a staging is known.
    pub(super) fn mark(&self) -> PathBuf {
        self.root.join(MARK)
    }

    /// The new build, and after the swap the old one.
    pub(super) fn tree(&self) -> PathBuf {
        self.root.join("tree")
    }

    /// The old build, while the new one takes its place.
    pub(super) fn aside(&self) -> PathBuf {
        self.root.join("aside")
    }

    /// The mark that the tree is, or was, a whole build.
    pub(super) fn whole(&self) -> PathBuf {
        self.root.join("whole")
    }
}

/// Whether a path is a staging of ours: a folder with our mark in it.
pub(super) fn is_staging(files: &dyn Files, path: &Path) -> io::Result<bool> {
    Ok(mark_text(files, path)?.is_some_and(|text| text == MARK_TEXT.as_bytes()))
}

/// Whether a folder holds nothing but the beginning of our mark: its build died while it wrote that.
fn is_barely_begun(files: &dyn Files, path: &Path) -> io::Result<bool> {
    Ok(mark_text(files, path)?.is_some_and(|text| MARK_TEXT.as_bytes().starts_with(&text)) && files.list(path)?.len() == 1)
}

fn mark_text(files: &dyn Files, path: &Path) -> io::Result<Option<Vec<u8>>> {
    let is = |path: &Path, kind| Ok::<_, io::Error>(files.stat(path)?.is_some_and(|found| found.kind == kind));
    let mark = path.join(MARK);
    if !is(path, Kind::Folder)? || !is(&mark, Kind::File)? {
        return Ok(None);
    }
    let mut text = Vec::new();
    files.read(&mark)?.take(MARK_TEXT.len() as u64 + 1).read_to_end(&mut text)?;
    Ok(Some(text))
}

/// Removes the stagings of builds that died; puts the old build back if one of them died between taking it away and putting the new one
/// in. Called under the lock, so no other build is alive. Returns what could not be removed.
pub(super) fn recover(files: &dyn Files, target: &Target) -> Result<Vec<String>> {
    let out = target.folder();
    let mut notes = Vec::new();
    for (workplace, prefix) in [(target.parent(), target.name_beside("staging-")), (out, name_within("staging-"))] {
        if files.stat(workplace)?.is_none_or(|found| found.kind != Kind::Folder) {
            continue;
        }
        // A folder beside the output that we may not read holds no staging of ours.
        let Ok(names) = files.list(workplace) else { continue };
        let mut stale: Vec<_> = names.into_iter().map(|entry| entry.name).filter(|name| is_numbered(name, &prefix)).collect();
        stale.sort();
        for name in stale {
            let staging = Staging { root: workplace.join(name) };
            if !is_staging(files, staging.root())? {
                // It died before it was marked, or it is not ours: a folder with anything else in it stays.
                if is_barely_begun(files, staging.root())? {
                    remove::begun(files, &staging);
                }
                remove::empty_folders(files, vec![staging.root]);
                continue;
            }
            if files.stat(out)?.is_none() && files.stat(&staging.aside())?.is_some_and(|found| found.kind == Kind::Folder) {
                files.rename(&staging.aside(), out).with_context(|| format!("putting the last build back as {}", named(out)))?;
            }
            notes.extend(remove::staging(files, &staging, out, &Default::default()));
        }
    }
    Ok(notes)
}

fn is_numbered(name: &OsStr, prefix: &OsStr) -> bool {
    let rest = name.as_encoded_bytes().strip_prefix(prefix.as_encoded_bytes());
    rest.is_some_and(|rest| rest.first().is_some_and(u8::is_ascii_digit) && rest.iter().all(|c| c.is_ascii_digit() || *c == b'-'))
}

/// Renders every output into the staging, in parallel and one at a time for each thread. A file that did not change is not written: it
/// gets a second name, or where the output is put in place, nothing.
pub(super) fn fill<'s>(work: &Work<'_, 's>, staging: &Staging) -> Result<Vec<Made<'s>>> {
    let Work { files, plan, survey, target, hold } = *work;
    let tree = staging.tree();
    make_folders(work, &tree)?;
    let keep = |output: &'s Output<'s>, bytes: Vec<u8>| {
        hold.check()?;
        let content = Content::of(&bytes);
        let (path, to) = (output.path.as_str(), tree.join(&output.path));
        let fate = match survey.ours.get(path) {
            None => Fate::Added,
            Some(found) if found.content == content => Fate::Unchanged,
            Some(_) => Fate::Changed,
        };
        let stands = fate == Fate::Unchanged && (target.way != Way::Swap || files.link(&target.folder().join(path), &to).is_ok());
        if !stands {
            files.write(&to, &bytes).with_context(|| format!("writing {}", named(&to)))?;
        }
        Ok(Made { path, content, fate })
    };
    let mut made = render_each(plan, plan.pack.map(|pack| pack.path.as_str()), keep)?;
    if let Some(pack) = plan.pack {
        let packed = self::pack(work, staging, pack, &made)?;
        made.push(packed);
    }
    Ok(made)
}

/// Packs files of the new build, one after the other, from where they lie by now: nothing is rendered twice.
fn pack<'s>(work: &Work<'_, 's>, staging: &Staging, pack: &'s Pack, made: &[Made<'s>]) -> Result<Made<'s>> {
    let Work { files, survey, target, hold, .. } = *work;
    let (path, to) = (pack.path.as_str(), staging.tree().join(&pack.path));
    let stay: HashSet<&str> = match target.way {
        Way::Swap => HashSet::new(),
        Way::InPlace(_) => made.iter().filter(|made| made.fate == Fate::Unchanged).map(|made| made.path).collect(),
    };
    let bytes_of = |path: &str| {
        hold.check()?;
        let from = if stay.contains(path) { target.folder().join(path) } else { staging.tree().join(path) };
        let mut bytes = Vec::new();
        files.read(&from).and_then(|mut file| file.read_to_end(&mut bytes)).with_context(|| format!("reading {}", named(&from)))?;
        Ok(bytes)
    };
    let attempt = || format!("writing {}", named(&to));
    let file = files.begin(&to).with_context(attempt)?;
    offline::pack(file, pack.holds.iter().map(String::as_str), bytes_of).with_context(attempt)?;
    let content = files.read(&to).and_then(|file| Content::read(file, u64::MAX)).with_context(|| format!("reading {}", named(&to)))?;
    let fate = match survey.ours.get(path) {
        None => Fate::Added,
        Some(found) if found.content == content => Fate::Unchanged,
        Some(_) => Fate::Changed,
    };
    Ok(Made { path, content, fate })
}

/// Makes every folder once, those of one depth in parallel.
fn make_folders(work: &Work<'_, '_>, tree: &Path) -> Result<()> {
    let Work { files, plan, hold, .. } = *work;
    let depth = |folder: &str| folder.matches('/').count();
    let mut by_depth = Vec::<Vec<&str>>::new();
    for folder in &plan.folders {
        by_depth.resize_with(by_depth.len().max(depth(folder) + 1), Vec::new);
        by_depth[depth(folder)].push(folder);
    }
    for folders in by_depth {
        hold.check()?;
        folders.par_iter().try_for_each(|folder| {
            files.create_folder(&tree.join(folder)).with_context(|| format!("making {}", named(&tree.join(folder))))
        })?;
    }
    Ok(())
}

/// Gives every file of others in the output a second name in the tree, so that it is there after the swap.
pub(super) fn carry(work: &Work<'_, '_>, staging: &Staging) -> Result<Done> {
    let Work { files, survey, target, hold, .. } = *work;
    let (out, tree) = (target.folder(), staging.tree());
    if survey.mounted_inside {
        return Ok(Done::Cannot("has another file system mounted inside".into()));
    }
    for (path, kind) in &survey.foreign {
        hold.check()?;
        make_above(files, out, &tree, path)?;
        let mut names = vec![(path.clone(), *kind)];
        if *kind == Kind::Folder {
            // A level comes before the next, so each folder is made before what lies in it.
            names.extend(walk(files, &out.join(path), |_| true)?.into_iter().map(|below| (path.join(below.path), below.stat.kind)));
        }
        for (path, kind) in names {
            let (from, to) = (out.join(&path), tree.join(&path));
            let done = match kind {
                Kind::Folder if is_mount_point(&from) => return Ok(Done::Cannot(format!("has {} mounted inside", named(&path)))),
                Kind::Folder => files.create_folder(&to).and_then(|()| files.permit_as(&to, &from)),
                _ => files.link(&from, &to),
            };
            match done {
                // Whoever it belongs to has removed it meanwhile.
                Err(error) if error.kind() == ErrorKind::NotFound && files.stat(&from)?.is_none() => {}
                Err(error) if cannot(&error) => {
                    return Ok(Done::Cannot(format!("holds {}, which cannot have a second name ({error})", named(&path))));
                }
                done => done.with_context(|| format!("carrying {} over", named(&from)))?,
            }
        }
    }
    Ok(Done::Yes)
}

/// Makes the folders above a path in the tree that the new build does not make itself.
fn make_above(files: &dyn Files, out: &Path, tree: &Path, path: &Path) -> Result<()> {
    let mut above: Vec<_> = path.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty()).collect();
    above.reverse();
    for folder in above {
        if files.stat(&tree.join(folder))?.is_none() {
            let made = files.create_folder(&tree.join(folder)).and_then(|()| files.permit_as(&tree.join(folder), &out.join(folder)));
            made.with_context(|| format!("making {}", named(&tree.join(folder))))?;
        }
    }
    Ok(())
}

/// Whether an error says that this file system does not do such things, rather than that something went wrong.
pub(super) fn cannot(error: &io::Error) -> bool {
    use ErrorKind::{CrossesDevices, PermissionDenied, ResourceBusy, TooManyLinks, Unsupported};
    matches!(error.kind(), CrossesDevices | PermissionDenied | ResourceBusy | TooManyLinks | Unsupported)
}

/// Writes the manifest into the tree: from here on it is a whole build.
pub(super) fn finish(files: &dyn Files, staging: &Staging, manifest: &Manifest) -> Result<()> {
    let (tree, path) = (staging.tree(), staging.tree().join(manifest::NAME));
    let written = files.write(&path, &manifest.text()?).and_then(|()| files.sync(&path)).and_then(|()| files.sync(&tree));
    written.and_then(|()| files.write(&staging.whole(), b"")).with_context(|| format!("writing {}", named(&path)))
}

/// Moves the files that the output lacks into another staging, on the output's own file system.
pub(super) fn restage(work: &Work<'_, '_>, from: &Staging, to: &Staging, made: &[Made<'_>]) -> Result<()> {
    let Work { files, hold, .. } = *work;
    make_folders(work, &to.tree())?;
    for made in made.iter().filter(|made| made.fate != Fate::Unchanged) {
        hold.check()?;
        let (from, to) = (from.tree().join(made.path), to.tree().join(made.path));
        let moved = match files.rename(&from, &to) {
            Err(error) if cannot(&error) => {
                let mut bytes = Vec::new();
                files.read(&from).and_then(|mut file| file.read_to_end(&mut bytes)).and_then(|_| files.write(&to, &bytes))
            }
            moved => moved,
        };
        moved.with_context(|| format!("moving {} to {}", named(&from), named(&to)))?;
    }
    Ok(())
}
