//! What stands in the objects of a repository: one child process for all of them.

use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::process::{Child, ChildStdout};

use anyhow::{Context, bail};

use super::command::{Git, reason};

/// `git cat-file --batch`, which is told names and answers with what they name.
pub struct Objects {
    child: Child,
    output: BufReader<ChildStdout>,
}

/// An object.
pub struct Object {
    /// Its id.
    pub id: String,
    /// `blob`, `commit`, `tree`, `tag`.
    pub sort: String,
    /// What stands in it.
    pub bytes: Vec<u8>,
}

impl Objects {
    /// Of the repository that holds a folder.
    pub fn of(git: Git<'_>) -> anyhow::Result<Self> {
        Self::answering(git.start(["cat-file", "--batch"])?)
    }

    /// The same for whoever publishes: what a partial clone lacks may be fetched.
    pub fn with_fetching(git: Git<'_>) -> anyhow::Result<Self> {
        Self::answering(git.start_reaching(["cat-file", "--batch"])?)
    }

    fn answering(mut child: Child) -> anyhow::Result<Self> {
        let output = child.stdout.take().context("git has no output")?;
        Ok(Self { child, output: BufReader::with_capacity(1 << 16, output) })
    }

    /// Hands each of the named objects to `take`, in order; nothing for a name that names no object here. Names hold no line break.
    pub fn each<N: AsRef<str> + Sync>(
        &mut self,
        names: &[N],
        mut take: impl FnMut(usize, Option<Object>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let Some(input) = self.child.stdin.take() else { bail!("git no longer listens") };
        let (child, output) = (&mut self.child, &mut self.output);
        // Names are written while answers are read: either pipe holds only so much.
        let (input, taken) = std::thread::scope(|scope| {
            let writer = scope.spawn(move || {
                let mut writing = BufWriter::new(input);
                let written = names.iter().try_for_each(|name| writeln!(writing, "{}", name.as_ref()));
                // What goes wrong here shows as a missing answer, with git's own words.
                written.and_then(|()| writing.flush()).ok().and_then(|()| writing.into_inner().ok())
            });
            let taken = (0..names.len()).try_for_each(|index| take(index, answer(output)?));
            if taken.is_err() {
                let _ = child.kill(); // The writer waits for as long as git waits for us.
            }
            (writer.join().ok().flatten(), taken)
        });
        self.child.stdin = input;
        taken.map_err(|error| self.explained(error))
    }

    /// One object.
    pub fn one(&mut self, name: &str) -> anyhow::Result<Option<Object>> {
        let mut found = None;
        self.each(&[name], |_, object| {
            found = object;
            Ok(())
        })?;
        Ok(found)
    }

    /// An error with what git said of it, if anything.
    fn explained(&mut self, error: anyhow::Error) -> anyhow::Error {
        let mut said = Vec::new();
        let read = self.child.stderr.take().map(|stderr| stderr.take(10_000).read_to_end(&mut said));
        match reason(&said) {
            said if read.is_some() && !said.is_empty() => error.context(said),
            _ => error,
        }
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `<id> <type> <size>`, a line break, that many bytes, a line break; or `<name> missing`.
fn answer(output: &mut BufReader<ChildStdout>) -> anyhow::Result<Option<Object>> {
    let mut head = String::new();
    output.read_line(&mut head).context("cannot read what git answers")?;
    let words: Vec<&str> = head.trim_end_matches('\n').rsplitn(3, ' ').collect();
    let [size, sort, id] = words.as_slice() else {
        // `<name> missing`
        return if head.is_empty() { Err(anyhow::anyhow!("git stopped answering")) } else { Ok(None) };
    };
    let Ok(size) = size.parse::<u64>() else { return Ok(None) };
    let object = Object { id: (*id).to_owned(), sort: (*sort).to_owned(), bytes: read_exactly(output, size)? };
    let mut end = [0];
    output.read_exact(&mut end).context("git stopped answering")?;
    Ok(Some(object))
}

fn read_exactly(output: &mut impl Read, size: u64) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    output.take(size).read_to_end(&mut bytes).context("cannot read what git answers")?;
    if bytes.len() as u64 != size {
        bail!("git stopped answering");
    }
    Ok(bytes)
}
