//! A handbook as it stood in a git revision: what `discover` finds in a folder, found in a commit. Nothing is checked out.

use std::collections::{BTreeMap, VecDeque};
use std::ffi::OsString;
use std::ops::Bound;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::containment::named;
use crate::git::{self, Content};
use crate::source::PagePath;

use super::Discovered;
use super::names::shown;
use super::origin::{Entry, Kind, Met, Origin, Sort, Then};

/// How many links are followed in a row, as by most systems.
const HOPS: usize = 40;

/// What stands where Git LFS has put a file elsewhere.
const POINTER: &str = "version https://git-lfs.github.com/spec/v1\n";

/// A handbook as it stood in a revision.
pub struct Revision {
    /// As it was named.
    pub name: String,
    /// The id of the commit.
    pub commit: String,
    /// The day of the commit, in UTC.
    pub day: Date,
    /// The handbook; without pages where the revision has no `content/`.
    pub discovered: Discovered,
    /// What the revision does not hold, for whoever compares with it.
    pub notes: Vec<String>,
}

/// Reads the handbook in `root` as it stood in the revision `name`.
pub fn revision(root: &Path, name: &str) -> anyhow::Result<Revision> {
    let revision = git::Revision::read(root, name, &["content", "themes", crate::settings::FILE])?;
    let tree = Tree::new(root, &revision);
    let mut discovered = super::read_handbook(&tree, &super::Known::nothing())?;
    let mut notes = Vec::new();
    if tree.look("content")?.is_none() {
        notes.push(format!("`{name}` has no `content/` here, so everything is new"));
    }
    let submodules = tree.leaves.iter().filter(|(_, leaf)| **leaf == Leaf::Submodule);
    let submodules =
        submodules.map(|(path, _)| String::from_utf8_lossy(path)).filter(|path| *path == "content" || path.starts_with("content/"));
    notes.extend(submodules.map(|path| format!("{} is a submodule, and was not read in `{name}`", named(Path::new(&*path)))));
    discovered.sources.pages.retain(|page| {
        let elsewhere = page.text.starts_with(POINTER);
        if elsewhere {
            notes.push(format!("{} lies in Git LFS, and was not read in `{name}`", named(Path::new(page.path.as_str()))));
        }
        !elsewhere
    });
    Ok(Revision { name: name.to_owned(), commit: revision.commit.clone(), day: revision.day, discovered, notes })
}

/// The files of a revision below the root of the handbook.
struct Tree<'a> {
    root: PathBuf,
    revision: &'a git::Revision,
    leaves: BTreeMap<&'a [u8], Leaf<'a>>,
}

#[derive(PartialEq, Eq)]
enum Leaf<'a> {
    File(&'a str, u64),
    Link(&'a [u8]),
    Submodule,
}

/// Where a path leads, links followed.
enum Place<'a> {
    /// To a folder, by its path without links.
    Folder(Vec<u8>),
    /// To a file or a submodule.
    Leaf(&'a Leaf<'a>),
    /// Out of the handbook.
    Outside,
    /// To nothing, through a link or in a circle.
    Nowhere,
    /// To nothing.
    Nothing,
}

impl<'a> Tree<'a> {
    fn new(root: &Path, revision: &'a git::Revision) -> Self {
        let leaf = |listed: &'a git::Listed| match &listed.content {
            Content::File(id, bytes) => Leaf::File(id, *bytes),
            Content::Link(to) => Leaf::Link(to),
            Content::Submodule => Leaf::Submodule,
        };
        let leaves = revision.listed.iter().map(|listed| (listed.path.as_slice(), leaf(listed))).collect();
        Self { root: root.canonicalize().unwrap_or_else(|_| root.to_path_buf()), revision, leaves }
    }

    /// Where a path leads.
    fn follow(&'a self, path: &[u8]) -> Place<'a> {
        let parts = |path: &[u8]| path.split(|byte| *byte == b'/').map(<[u8]>::to_vec).collect::<Vec<_>>();
        let mut left: VecDeque<Vec<u8>> = parts(path).into();
        let mut at: Vec<u8> = Vec::new();
        let mut hops = 0;
        while let Some(part) = left.pop_front() {
            let above = at.len();
            match part.as_slice() {
                b"" | b"." => continue,
                b".." if at.is_empty() => return Place::Outside,
                b".." => {
                    at.truncate(at.iter().rposition(|byte| *byte == b'/').unwrap_or(0));
                    continue;
                }
                name => at = join(&at, name),
            }
            match self.leaves.get(at.as_slice()) {
                Some(Leaf::Link(to)) => {
                    hops += 1;
                    at.truncate(above);
                    if hops > HOPS {
                        return Place::Nowhere;
                    }
                    let Some(to) = self.relative(to) else { return Place::Outside };
                    if to.starts_with(b"/") {
                        at.clear();
                    }
                    parts(&to).into_iter().rev().for_each(|part| left.push_front(part));
                }
                Some(leaf) if left.iter().all(Vec::is_empty) => return Place::Leaf(leaf),
                None if self.holds(&at) => {}
                _ => return if hops > 0 { Place::Nowhere } else { Place::Nothing },
            }
        }
        Place::Folder(at)
    }

    /// A link's target; an absolute one that leads into the folder of the handbook begins with `/` and goes on from its root.
    fn relative(&self, to: &[u8]) -> Option<Vec<u8>> {
        if !to.starts_with(b"/") {
            return Some(to.to_vec());
        }
        let inside = Path::new(std::str::from_utf8(to).ok()?).strip_prefix(&self.root).ok()?;
        Some(format!("/{}", inside.to_str()?).into_bytes())
    }

    /// The first path from `from` on that lies in a folder, which is named with a closing `/` or is the root.
    fn next(&self, folder: &[u8], from: &[u8]) -> Option<&'a [u8]> {
        let (path, _) = self.leaves.range::<[u8], _>((Bound::Included(from), Bound::Unbounded)).next()?;
        path.starts_with(folder).then_some(*path)
    }

    /// Whether there is a folder.
    fn holds(&self, folder: &[u8]) -> bool {
        let inside = join(folder, b"");
        self.next(&inside, &inside).is_some()
    }

    /// The names in a folder, which is named without links.
    fn names(&self, folder: &[u8]) -> Vec<&'a [u8]> {
        let inside = join(folder, b"");
        let mut names = Vec::new();
        let mut from = inside.clone();
        while let Some(path) = self.next(&inside, &from) {
            let rest = &path[inside.len()..];
            let name = rest.split(|byte| *byte == b'/').next().unwrap_or(rest);
            // What a folder holds comes between `name/` and `name0`.
            from = [inside.as_slice(), name, if name.len() < rest.len() { b"0" } else { b"\0" }].concat();
            names.push(name);
        }
        names
    }

    fn kind(&self, place: &Place<'_>) -> Option<Kind<String>> {
        Some(match place {
            Place::Folder(_) => Kind::Folder,
            Place::Leaf(Leaf::File(id, bytes)) => Kind::File { at: (*id).to_owned(), bytes: *bytes },
            Place::Leaf(_) => Kind::Absent,
            Place::Outside => Kind::LinkOutside,
            Place::Nowhere => Kind::LinkNowhere,
            Place::Nothing => return None,
        })
    }

    /// Walks a folder: `path` as it is reached, and where each folder on the way there really lies.
    fn walk(&self, path: &str, way: &mut Vec<Vec<u8>>, meet: &mut Meet<'_>) -> anyhow::Result<()> {
        let here = way.last().cloned().unwrap_or_default();
        for name in self.names(&here) {
            let mut place = self.follow(&join(&here, name));
            if let Place::Folder(real) = &place
                && way.contains(real)
            {
                place = Place::Nowhere;
            }
            let sort = match &place {
                Place::Folder(_) => Sort::Folder,
                Place::Nowhere => Sort::Nowhere,
                _ => Sort::Leaf,
            };
            let name = os_name(name);
            let below = format!("{path}/{}", shown(&name));
            let kind = || Ok(self.kind(&place).unwrap_or(Kind::LinkNowhere));
            let then = meet(Met { path: PagePath::new(&below), name: &name, sort, kind: &kind })?;
            if let Place::Folder(real) = place
                && then == Then::Enter
            {
                way.push(real);
                self.walk(&below, way, meet)?;
                way.pop();
            }
        }
        Ok(())
    }
}

type Meet<'m> = dyn FnMut(Met<'_, String>) -> anyhow::Result<Then> + 'm;

impl Origin for Tree<'_> {
    type At = String;

    fn look(&self, path: &str) -> anyhow::Result<Option<Kind<String>>> {
        Ok(self.kind(&self.follow(path.as_bytes())))
    }

    fn below(&self, folder: &str, meet: &mut dyn FnMut(Met<'_, String>) -> anyhow::Result<Then>) -> anyhow::Result<()> {
        match self.follow(folder.as_bytes()) {
            Place::Folder(real) => self.walk(folder, &mut vec![real], meet),
            _ => Ok(()),
        }
    }

    fn read<T: Send>(&self, files: &[Entry<String>], make: impl Fn(&Entry<String>, Vec<u8>) -> T + Sync) -> anyhow::Result<Vec<T>> {
        let ids: Vec<&str> = files.iter().map(|file| file.at.as_str()).collect();
        let mut made = Vec::with_capacity(files.len());
        self.revision.each(&ids, |index, bytes| made.push(make(&files[index], bytes)))?;
        Ok(made)
    }

    fn named(&self, path: &str) -> String {
        format!("`{path}` of `{}`", self.revision.name)
    }
}

fn join(folder: &[u8], name: &[u8]) -> Vec<u8> {
    if folder.is_empty() { name.to_vec() } else { [folder, b"/", name].concat() }
}

/// A name of the repository as a name of the system.
#[cfg(unix)]
fn os_name(name: &[u8]) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(name.to_vec())
}

/// A name of the repository as a name of the system: where names are text, git's are too.
#[cfg(not(unix))]
fn os_name(name: &[u8]) -> OsString {
    String::from_utf8_lossy(name).into_owned().into()
}
