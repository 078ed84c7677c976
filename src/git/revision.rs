//! A revision: which commit a name means, and which files it holds below a folder.

use std::ffi::OsString;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, bail};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::containment::named;

use super::command::Git;
use super::objects::{Object, Objects};

/// A commit, with the files that it holds below a folder.
pub struct Revision {
    /// As it was named.
    pub name: String,
    /// The id of the commit.
    pub commit: String,
    /// The day on which it was committed, in UTC.
    pub day: Date,
    /// Everything asked for below the folder, in no order that matters.
    pub listed: Vec<Listed>,
    objects: Mutex<Objects>,
}

/// Something that a revision holds.
pub struct Listed {
    /// Relative to the folder, with `/` between its parts; not always text.
    pub path: Vec<u8>,
    /// What it is.
    pub content: Content,
}

/// What a revision holds at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A file: the id of its bytes, and how many they are.
    File(String, u64),
    /// A symbolic link, by where it leads.
    Link(Vec<u8>),
    /// Another repository, of which only the commit is known here.
    Submodule,
}

impl Revision {
    /// The commit that `name` means in the repository that holds `folder`, with what it holds at `paths` below that folder. Where one of
    /// them is a link, all below the folder is listed, for the link to be followed. `left...` is the commit where `HEAD` left `left`, as
    /// for `git diff`.
    pub fn read(folder: &Path, name: &str, paths: &[&str]) -> anyhow::Result<Self> {
        if name.is_empty() || name.starts_with('-') {
            bail!("`{name}` is no revision: name a branch, a tag or a commit");
        }
        let git = Git { folder };
        let prefix = prefix(git, name)?;
        let mut objects = Objects::of(git)?;
        let commit = commit(git, &mut objects, name)?;
        let attempted = format!("list the files of `{name}`");
        let below: Vec<Vec<u8>> = paths.iter().map(|path| [prefix.as_slice(), path.as_bytes()].concat()).collect();
        let mut listed = list(git, &attempted, &commit.id, &below, prefix.len())?;
        if listed.iter().any(|(mode, _)| mode == LINK) {
            let all = if prefix.is_empty() { Vec::new() } else { vec![prefix.clone()] };
            listed = list(git, &attempted, &commit.id, &all, prefix.len())?;
        }
        let listed = follow(&mut objects, listed).with_context(|| format!("cannot read the links of `{name}`"))?;
        Ok(Self { name: name.to_owned(), day: day(&commit.bytes), commit: commit.id, listed, objects: Mutex::new(objects) })
    }

    /// Hands the bytes of files, by their ids, to `take`, in order.
    pub fn each(&self, ids: &[&str], mut take: impl FnMut(usize, Vec<u8>)) -> anyhow::Result<()> {
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        let read = objects.each(ids, |index, object| match object {
            Some(object) => {
                take(index, object.bytes);
                Ok(())
            }
            None => bail!("this clone does not hold all of its files; fetch them first, for a partial clone with `git fetch --refetch`"),
        });
        read.with_context(|| format!("cannot read `{}`", self.name))
    }
}

/// The path of the folder in its repository, with a closing `/`, or empty.
fn prefix(git: Git<'_>, name: &str) -> anyhow::Result<Vec<u8>> {
    let answer = git.ask(["rev-parse", "--show-prefix"])?;
    if !answer.success {
        bail!("cannot read the revision `{name}`: {} lies in no git repository that can be read: {}", named(git.folder), answer.reason);
    }
    Ok(without_line_end(answer.out))
}

/// The commit that a name means.
fn commit(git: Git<'_>, objects: &mut Objects, name: &str) -> anyhow::Result<Object> {
    let id = match name.strip_suffix("...").filter(|left| !left.is_empty()) {
        Some(left) => {
            let id = id(git, left)?.map_or_else(|| Err(unknown(git, left)), Ok)?;
            let base = git.ask(["merge-base", &id, "HEAD"])?;
            if !base.success {
                bail!("`HEAD` and `{left}` have no commit in common that this clone holds {}", base.reason);
            }
            String::from_utf8_lossy(&without_line_end(base.out)).into_owned()
        }
        None => id(git, name)?.map_or_else(|| Err(unknown(git, name)), Ok)?,
    };
    let found = objects.one(&format!("{id}^{{commit}}"))?.filter(|object| object.sort == "commit");
    found.with_context(|| format!("`{name}` is no commit: name a branch, a tag or a commit"))
}

/// The id of what a name means, if it means anything.
fn id(git: Git<'_>, name: &str) -> anyhow::Result<Option<String>> {
    let answer = git.ask(["rev-parse", "--verify", "--quiet", "--end-of-options", name])?;
    let id = String::from_utf8_lossy(&without_line_end(answer.out)).into_owned();
    Ok(Some(id).filter(|id| answer.success && !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit())))
}

/// That a name means nothing, and what may be the reason.
fn unknown(git: Git<'_>, name: &str) -> anyhow::Error {
    let knows = |name: &str| id(git, name).ok().flatten().is_some();
    let shallow = || git.ask(["rev-parse", "--is-shallow-repository"]).is_ok_and(|answer| answer.out.starts_with(b"true"));
    let remote = format!("origin/{name}");
    let hint = match () {
        () if knows(&remote) => format!("did you mean `{remote}`?"),
        () if shallow() => {
            "this clone holds only the newest commits: `git fetch --unshallow` brings the others, and in a workflow `fetch-depth: 0` for \
             actions/checkout"
                .to_owned()
        }
        () if !knows("HEAD") => "this repository has no commit yet".to_owned(),
        () => "`git branch --all` and `git tag` list what there is".to_owned(),
    };
    anyhow::anyhow!("no revision is called `{name}` in the repository of {}; {hint}", named(git.folder))
}

/// The mode of a symbolic link.
const LINK: &str = "120000";

/// A file, link or submodule as git lists it: its mode, and the rest.
type Line = (String, (String, u64, Vec<u8>));

/// What a commit holds at paths of the repository, or everywhere; the first `cut` bytes of each path left out.
fn list(git: Git<'_>, attempted: &str, commit: &str, paths: &[Vec<u8>], cut: usize) -> anyhow::Result<Vec<Line>> {
    let fixed = ["ls-tree", "-r", "-z", "--long", "--full-tree", commit, "--"].map(OsString::from);
    let out = git.expect(attempted, fixed.into_iter().chain(paths.iter().map(|path| name_of(path))))?;
    // `<mode> <type> <id> <size, padded>`, a tab, the path, NUL.
    let line = |line: &[u8]| {
        let tab = line.iter().position(|byte| *byte == b'\t')?;
        let facts = std::str::from_utf8(&line[..tab]).ok()?;
        let mut facts = facts.split_ascii_whitespace();
        let (mode, id, size) = (facts.next()?, facts.nth(1)?, facts.next()?);
        Some((mode.to_owned(), (id.to_owned(), size.parse().unwrap_or(0), line.get(tab + 1 + cut..)?.to_vec())))
    };
    Ok(out.split(|byte| *byte == 0).filter_map(line).collect())
}

/// Reads where links lead.
fn follow(objects: &mut Objects, lines: Vec<Line>) -> anyhow::Result<Vec<Listed>> {
    let links: Vec<&str> = lines.iter().filter(|(mode, _)| mode == LINK).map(|(_, (id, ..))| id.as_str()).collect();
    let mut targets = Vec::with_capacity(links.len());
    objects.each(&links, |_, object| {
        targets.push(object.map(|object| object.bytes).unwrap_or_default());
        Ok(())
    })?;
    let mut targets = targets.into_iter();
    let listed = lines.into_iter().map(|(mode, (id, size, path))| {
        let content = match mode.as_str() {
            LINK => Content::Link(targets.next().unwrap_or_default()),
            "160000" => Content::Submodule,
            _ => Content::File(id, size),
        };
        Listed { path, content }
    });
    Ok(listed.collect())
}

/// The day of a commit, from the line that names its committer: `committer Ada <ada@example.org> 1763596800 +0100`.
fn day(commit: &[u8]) -> Date {
    let mut lines = commit.split(|byte| *byte == b'\n').take_while(|line| !line.is_empty());
    let committer = lines.find(|line| line.starts_with(b"committer ")).map(String::from_utf8_lossy);
    let seconds = committer.and_then(|line| line.rsplit(' ').nth(1)?.parse().ok()).unwrap_or(0);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(TimeZone::UTC).date()
}

fn without_line_end(mut out: Vec<u8>) -> Vec<u8> {
    if out.last() == Some(&b'\n') {
        out.pop();
    }
    out
}

/// A path of the repository as an argument.
#[cfg(unix)]
fn name_of(path: &[u8]) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(path.to_vec())
}

/// A path of the repository as an argument: where names are text, git's are too.
#[cfg(not(unix))]
fn name_of(path: &[u8]) -> OsString {
    String::from_utf8_lossy(path).into_owned().into()
}
