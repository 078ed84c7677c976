//! Objects written into a repository through `git fast-import`: files one by one, then a commit. No branch is touched, no hook runs, nothing
//! is signed, no filter or line end of the configuration changes a byte. What is never pushed is garbage that git collects.

use std::io::{BufReader, BufWriter, Read, Write};
use std::process::{Child, ChildStdin};

use anyhow::{Context, bail};

use super::command::{Git, reason};
use super::held::PLAIN;

/// A stream of files into the repository.
pub struct Import {
    child: Child,
    input: Option<BufWriter<ChildStdin>>,
}

impl Import {
    /// Into the repository that holds a folder.
    pub fn begin(git: Git<'_>) -> anyhow::Result<Self> {
        // Where the system takes `a` and `A` for one name, git would take paths of a commit for one as well.
        let mut child = git.start(["-c", "core.ignoreCase=false", "fast-import", "--quiet"])?;
        let input = child.stdin.take().context("git no longer listens")?;
        Ok(Self { child, input: Some(BufWriter::with_capacity(1 << 16, input)) })
    }

    /// One file.
    pub fn blob(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.write(format!("blob\ndata {}\n", bytes.len()).as_bytes())?;
        self.write(bytes)?;
        self.write(b"\n")
    }

    fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        let written = self.input.as_mut().map_or(Ok(()), |input| input.write_all(bytes));
        written.map_err(|error| self.explained(error.into()))
    }

    /// Waits until all is stored; gives what git answered.
    pub fn end(mut self) -> anyhow::Result<String> {
        let flushed = self.input.take().map_or(Ok(()), |mut input| input.flush());
        let mut answered = String::new();
        if let Some(out) = self.child.stdout.take() {
            BufReader::new(out).read_to_string(&mut answered).context("cannot read what git answers")?;
        }
        match flushed {
            Ok(()) if self.child.wait().context("git was lost")?.success() => Ok(answered),
            Ok(()) => Err(self.explained(anyhow::anyhow!("git gave up"))),
            Err(error) => Err(self.explained(error.into())),
        }
    }

    /// What went wrong, with what git said of it.
    fn explained(&mut self, error: anyhow::Error) -> anyhow::Error {
        self.input = None;
        let mut said = Vec::new();
        if let Some(stderr) = self.child.stderr.take() {
            let _ = stderr.take(10_000).read_to_end(&mut said);
        }
        let said = reason(&said);
        let error = if said.is_empty() { error } else { anyhow::anyhow!(said) };
        error.context("cannot store the site in the repository")
    }
}

impl Drop for Import {
    fn drop(&mut self) {
        // At the end of its input git stores what it has and leaves; killed, it would leave half a pack.
        self.input = None;
        let _ = self.child.wait();
    }
}

/// A commit to be made.
pub struct Commit<'c> {
    /// The commit that it follows.
    pub parent: Option<&'c str>,
    /// Its message, ASCII.
    pub message: &'c str,
    /// Who made it, as [`identity`] gives it.
    pub identity: &'c Identity,
    /// Paths of the parent that go.
    pub removed: &'c [&'c [u8]],
    /// Paths that come or change, each with the id of its file.
    pub written: &'c [(&'c [u8], &'c str)],
}

/// Makes a commit; gives its id.
pub fn commit(git: Git<'_>, commit: &Commit<'_>) -> anyhow::Result<String> {
    /// Never comes to be: git is told to forget it before it ends.
    const BRANCH: &str = "refs/forewarn/publish";
    let Identity { author, committer, .. } = commit.identity;
    let mut import = Import::begin(git)?;
    let head =
        format!("commit {BRANCH}\nmark :1\nauthor {author}\ncommitter {committer}\ndata {}\n{}\n", commit.message.len(), commit.message);
    import.write(head.as_bytes())?;
    if let Some(parent) = commit.parent {
        import.write(format!("from {parent}\n").as_bytes())?;
    }
    // What goes, goes first: a file may stand where a folder was.
    for path in commit.removed {
        import.write(&[b"D ", quoted(path).as_slice(), b"\n"].concat())?;
    }
    for (path, id) in commit.written {
        import.write(&[format!("M {PLAIN} {id} ").as_bytes(), &quoted(path), b"\n"].concat())?;
    }
    let nothing = "0".repeat(commit.parent.or(commit.written.first().map(|(_, id)| *id)).map_or(40, str::len));
    import.write(format!("get-mark :1\nreset {BRANCH}\nfrom {nothing}\n\n").as_bytes())?;
    let id = import.end()?.trim().to_owned();
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        bail!("cannot make the commit: git answered with no id");
    }
    Ok(id)
}

/// A path between quotes, as fast-import reads any bytes.
fn quoted(path: &[u8]) -> Vec<u8> {
    let mut out = vec![b'"'];
    for byte in path {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', *byte]),
            b'\n' => out.extend(b"\\n"),
            byte => out.push(*byte),
        }
    }
    out.push(b'"');
    out
}

/// Who makes a commit, and when.
pub struct Identity {
    author: String,
    committer: String,
    /// Whether nobody was named, so that the commit is by forewarn itself.
    pub nobody: bool,
}

/// Whoever the configuration or the environment names. git's guess from the account and the machine is not asked for: it would publish
/// both.
pub fn identity(git: Git<'_>) -> anyhow::Result<Identity> {
    let asked = |name: &str| -> anyhow::Result<Option<String>> {
        let answer = git.ask(["-c", "user.useConfigOnly=true", "var", name])?;
        let line = String::from_utf8(answer.out).ok().map(|line| line.trim_end_matches('\n').to_owned());
        Ok(line.filter(|line| answer.success && !line.is_empty() && !line.contains('\n')))
    };
    if let (Some(author), Some(committer)) = (asked("GIT_AUTHOR_IDENT")?, asked("GIT_COMMITTER_IDENT")?) {
        return Ok(Identity { author, committer, nobody: false });
    }
    let fixed = ["-c", "user.name=forewarn", "-c", "user.email=publish@forewarn.invalid", "-c", "author.name=forewarn"];
    let fixed = fixed.into_iter().chain(["-c", "author.email=publish@forewarn.invalid", "-c", "committer.name=forewarn"]);
    let fixed = fixed.chain(["-c", "committer.email=publish@forewarn.invalid", "var", "GIT_COMMITTER_IDENT"]);
    let line = String::from_utf8_lossy(&git.expect("date the commit", fixed)?).trim_end_matches('\n').to_owned();
    Ok(Identity { author: line.clone(), committer: line, nobody: true })
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_path_is_quoted_so_that_it_ends_where_it_ends() {
        assert_eq!(super::quoted("ü/a \"b\"\\\nc".as_bytes()), "\"ü/a \\\"b\\\"\\\\\\nc\"".as_bytes());
    }
}
