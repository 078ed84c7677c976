//! What a commit holds, by path, whatever it is.

use std::collections::BTreeMap;

use super::command::Git;

/// The mode of a plain file.
pub const PLAIN: &str = "100644";

/// Every file of a commit, by its path in the repository, with `/` between its parts; not always text.
pub type Held = BTreeMap<Vec<u8>, HeldFile>;

/// A file as a commit holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldFile {
    /// What it is: [`PLAIN`], or an executable, a link, another repository.
    pub mode: String,
    /// The id of what stands in it.
    pub id: String,
}

/// Lists a commit. What a partial clone lacks is fetched.
pub(super) fn list(git: Git<'_>, commit: &str) -> anyhow::Result<Option<Held>> {
    let answer = git.reach(&[], ["ls-tree", "-r", "-z", "--full-tree", commit])?;
    // `<mode> <type> <id>`, a tab, the path, NUL.
    let line = |line: &[u8]| {
        let tab = line.iter().position(|byte| *byte == b'\t')?;
        let mut facts = std::str::from_utf8(&line[..tab]).ok()?.split(' ');
        let (mode, id) = (facts.next()?.to_owned(), facts.nth(1)?.to_owned());
        Some((line[tab + 1..].to_vec(), HeldFile { mode, id }))
    };
    Ok(answer.status.success().then(|| answer.stdout.split(|byte| *byte == 0).filter_map(line).collect()))
}
