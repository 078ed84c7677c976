//! Where a repository stands: its commit, its branch, and in what the files on disk differ from that commit.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, bail};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::containment::named;

use super::command::Git;

/// The commit that is checked out below a folder.
pub fn head(folder: &Path) -> anyhow::Result<String> {
    let git = Git { folder };
    let inside = git.ask(["rev-parse", "--is-inside-work-tree"])?;
    if !inside.success || inside.out != b"true\n" {
        let reason = if inside.reason.is_empty() { String::new() } else { format!(": {}", inside.reason) };
        bail!("{} lies in no git repository{reason}", named(folder));
    }
    let answer = git.ask(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])?;
    if !answer.success {
        bail!("the repository of {} has no commit yet; commit the handbook first, so that the published site can name it", named(folder));
    }
    Ok(String::from_utf8_lossy(&answer.out).trim().to_owned())
}

/// The branch that is checked out; nothing on a detached head.
pub fn checked_out(git: Git<'_>) -> anyhow::Result<Option<String>> {
    let answer = git.ask(["symbolic-ref", "--quiet", "HEAD"])?;
    let name = String::from_utf8_lossy(&answer.out).trim().to_owned();
    Ok(name.strip_prefix("refs/heads/").filter(|_| answer.success).map(str::to_owned))
}

/// Whether a branch may have this name.
pub fn branch_name_is_fit(git: Git<'_>, name: &str) -> anyhow::Result<bool> {
    let fit = !name.starts_with('-') && !name.starts_with("refs/") && name != "HEAD" && !name.contains(['\0', '\n']);
    Ok(fit && git.ask(["check-ref-format", &format!("refs/heads/{name}")])?.success)
}

/// Whether one commit comes before another, or is the same; nothing where this clone does not know.
pub fn is_ancestor(git: Git<'_>, one: &str, other: &str) -> anyhow::Result<Option<bool>> {
    for id in [one, other] {
        if !git.ask(["cat-file", "-e", &format!("{id}^{{commit}}")])?.success {
            return Ok(None);
        }
    }
    Ok(Some(git.ask(["merge-base", "--is-ancestor", one, other])?.success))
}

/// An id for people.
pub fn short(id: &str) -> &str {
    id.get(..10).unwrap_or(id)
}

/// In what files on disk differ from the commit that is checked out.
pub struct Differences {
    /// Files that are changed, added or missing, by their path in the repository.
    pub files: BTreeSet<Vec<u8>>,
    /// Files that git was told to ignore.
    pub ignored: BTreeSet<Vec<u8>>,
    /// The path of the folder in the repository, with a closing `/`, or empty.
    pub prefix: Vec<u8>,
}

impl Differences {
    /// Those below a folder, at these paths.
    pub fn of(folder: &Path, paths: &[&str]) -> anyhow::Result<Self> {
        let git = Git { folder };
        let attempted = "compare the handbook with the commit that is checked out";
        let mut prefix = git.expect(attempted, ["rev-parse", "--show-prefix"])?;
        if prefix.last() == Some(&b'\n') {
            prefix.pop();
        }
        let fixed = ["status", "--porcelain=v1", "-z", "--untracked-files=all", "--ignored=traditional", "--no-renames", "--"];
        let out = git.expect(attempted, fixed.iter().chain(paths))?;
        let mut found = Self { files: BTreeSet::new(), ignored: BTreeSet::new(), prefix };
        // Two letters, a space, the path, NUL.
        for line in out.split(|byte| *byte == 0).filter(|line| line.len() > 3) {
            let set = if line.starts_with(b"!!") { &mut found.ignored } else { &mut found.files };
            set.insert(line[3..].to_vec());
        }
        Ok(found)
    }
}

/// How a repository names what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// By SHA-1.
    Sha1,
    /// By SHA-256.
    Sha256,
}

impl Format {
    /// Of the repository that holds a folder.
    pub fn of(git: Git<'_>) -> anyhow::Result<Self> {
        let out = git.expect("ask how objects are named", ["rev-parse", "--show-object-format"])?;
        match out.trim_ascii() {
            b"sha1" => Ok(Self::Sha1),
            b"sha256" => Ok(Self::Sha256),
            other => Err(anyhow::anyhow!("{}", String::from_utf8_lossy(other))).context("this repository names objects in an unknown way"),
        }
    }

    /// The id of a file with these bytes.
    pub fn blob(self, bytes: &[u8]) -> String {
        let head = format!("blob {}\0", bytes.len());
        fn digest<D: Digest>(head: &[u8], bytes: &[u8]) -> String {
            let digest = D::new().chain_update(head).chain_update(bytes).finalize();
            digest.iter().map(|byte| format!("{byte:02x}")).collect()
        }
        match self {
            Self::Sha1 => digest::<Sha1>(head.as_bytes(), bytes),
            Self::Sha256 => digest::<Sha256>(head.as_bytes(), bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_the_ids_that_git_gives_them() {
        // `git hash-object --stdin`, in repositories of either format.
        assert_eq!(Format::Sha1.blob(b""), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        assert_eq!(Format::Sha1.blob(b"hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
        assert_eq!(Format::Sha256.blob(b""), "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813");
    }
}
