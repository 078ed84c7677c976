//! One build at a time for each output.
//!
//! In: where the lock file lies. Out: a [`Lock`], or who holds it. The lock is advisory and the system's own, so one left by a dead
//! process binds nobody. The file lies beside the output as `.<output>.forewarn-lock` (inside it, as `.forewarn-lock`, where the output
//! is put in place), holds the process id of its owner, and is removed at the end. Absent: breaking a lock that is held.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::files::{Asked, Files};
use super::interrupt::Hold;
use super::remove;
use crate::containment::named;

/// The right to build into one output.
pub(super) struct Lock<'f> {
    files: &'f dyn Files,
    path: PathBuf,
    held: Option<std::fs::File>,
}

impl<'f> Lock<'f> {
    /// Waits for the lock up to `patience`.
    pub(super) fn take(files: &'f dyn Files, path: PathBuf, patience: Duration, hold: &Hold) -> Result<Self> {
        let since = Instant::now();
        loop {
            hold.check()?;
            match files.lock(&path, &format!("{}\n", std::process::id())).with_context(|| format!("taking the lock {}", named(&path)))? {
                Asked::Held(held) => return Ok(Lock { files, path, held: Some(held) }),
                Asked::NoLocks => return Ok(Lock { files, path, held: None }),
                Asked::Taken(by) if since.elapsed() >= patience => bail!("{}", refusal(&path, &by)),
                Asked::Taken(_) => std::thread::sleep(Duration::from_millis(20).min(patience)),
            }
        }
    }

    /// What the file system does not do for us.
    pub(super) fn note(&self) -> Option<String> {
        self.held.is_none().then(|| format!("this file system has no locks ({}): let no two builds run at once", named(&self.path)))
    }
}

fn refusal(path: &Path, by: &str) -> String {
    let by = by.trim().parse::<u32>().map_or_else(|_| "another build".to_owned(), |pid| format!("pid {pid}"));
    format!("the output is locked by {by} ({}): let that build end, then try again", named(path))
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        // Only while it is held: whoever opened the file meanwhile sees, once it has the lock, that the name is gone, and asks again.
        // Elsewhere that cannot be seen, so there the file stays.
        if cfg!(unix) || self.held.is_none() {
            remove::lock_file(self.files, &self.path);
        }
    }
}
