//! How git is called: always with the same configuration, in the repository of the folder that is asked about, whatever the environment
//! says; in the language of the messages we read; without pager and hooks; without prompt and network, unless it is asked to reach out.
#![allow(clippy::disallowed_methods)] // The one file that starts git.

use std::ffi::OsStr;
use std::io::IsTerminal;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use anyhow::{Context, bail};

use crate::containment::named;

/// Variables that make git speak of another repository than that of the folder, or read its names in another way. A hook sets some.
const MISLEADING: [&str; 18] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE",
    "GIT_REPLACE_REF_BASE",
    "GIT_ATTR_SOURCE",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_DEFAULT_HASH",
];

/// The same for every call. Replacement objects are somebody's view of a commit, not the commit.
const FIXED: [&str; 10] = [
    "--no-pager",
    "--no-optional-locks",
    "--no-replace-objects",
    "--literal-pathspecs",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.quotePath=false",
];

/// git, asked about the repository that holds a folder.
#[derive(Clone, Copy)]
pub struct Git<'a> {
    /// The folder.
    pub folder: &'a Path,
}

/// What git answered.
pub struct Answer {
    /// Whether it could answer.
    pub success: bool,
    /// What it printed.
    pub out: Vec<u8>,
    /// What it said went wrong: on one line, without credentials; empty where it said nothing.
    pub reason: String,
}

impl Git<'_> {
    /// Asks once and waits for the answer.
    pub fn ask<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> anyhow::Result<Answer> {
        let output = self.command(arguments).stdin(Stdio::null()).output().map_err(cannot_start)?;
        Ok(Answer { success: output.status.success(), out: output.stdout, reason: reason(&output.stderr) })
    }

    /// Asks once; what git cannot answer is an error that says what was `attempted`.
    pub fn expect<A: AsRef<OsStr>>(&self, attempted: &str, arguments: impl IntoIterator<Item = A>) -> anyhow::Result<Vec<u8>> {
        let answer = self.ask(arguments)?;
        if !answer.success {
            bail!("cannot {attempted} in {}: {}", named(self.folder), answer.reason);
        }
        Ok(answer.out)
    }

    /// Starts a conversation.
    pub fn start<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> anyhow::Result<Child> {
        converse(self.command(arguments))
    }

    /// Asks once, and git may speak with other machines, with these variables beside what the environment has. What it says of failures
    /// may hold credentials: `remote` alone calls this, and repeats nothing unseen.
    pub(super) fn reach<A: AsRef<OsStr>>(
        &self,
        variables: &[(String, String)],
        arguments: impl IntoIterator<Item = A>,
    ) -> anyhow::Result<Output> {
        let mut command = self.reaching(arguments);
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).output().map_err(cannot_start)
    }

    /// Starts a conversation for which git may fetch what this clone lacks.
    pub(super) fn start_reaching<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> anyhow::Result<Child> {
        converse(self.reaching(arguments))
    }

    fn reaching<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = self.command(arguments);
        command.env_remove("GIT_NO_LAZY_FETCH").env_remove("GIT_ALLOW_PROTOCOL").env_remove("GIT_CURL_VERBOSE");
        if let Some(allowed) = std::env::var_os("GIT_ALLOW_PROTOCOL") {
            command.env("GIT_ALLOW_PROTOCOL", allowed);
        }
        // Whoever sits before a terminal may be asked for a name and a password; a job may not be left waiting for an answer.
        if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() && std::env::var_os("GIT_TERMINAL_PROMPT").is_none() {
            command.env_remove("GIT_TERMINAL_PROMPT");
        }
        command
    }

    fn command<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(self.folder).args(FIXED).args(arguments);
        let traces = std::env::vars_os().map(|(name, _)| name).filter(|name| name.to_string_lossy().starts_with("GIT_TRACE"));
        for name in traces.chain(MISLEADING.map(Into::into)) {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C").env_remove("LANGUAGE");
        // A clone without all its files must not fetch them behind our back: only publishing uses the network.
        command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_ALLOW_PROTOCOL", "none").env("GIT_TERMINAL_PROMPT", "0").env("GIT_ADVICE", "0");
        command
    }
}

fn converse(mut command: Command) -> anyhow::Result<Child> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().map_err(cannot_start)
}

fn cannot_start(error: std::io::Error) -> anyhow::Error {
    let missing = error.kind() == std::io::ErrorKind::NotFound;
    let error = Err::<(), _>(error);
    let context = if missing {
        "git is not installed, or not in PATH (revisions are read and sites are published with it)"
    } else {
        "cannot start git"
    };
    error.context(context).err().unwrap_or_else(|| anyhow::anyhow!(context))
}

/// What git says went wrong, fit for one line of a message.
pub fn reason(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    let lines =
        said.lines().map(|line| line.trim().trim_start_matches("fatal: ").trim_start_matches("error: ")).filter(|line| !line.is_empty());
    without_credentials(&lines.collect::<Vec<_>>().join(" "))
}

/// A text without the user and password of any URL in it.
pub fn without_credentials(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        let host = after.find(|c: char| c == '/' || c.is_whitespace()).unwrap_or(after.len());
        let secret = after[..host].rfind('@').map_or(0, |at| at + 1);
        out.push_str(before);
        rest = &after[secret..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_credential_is_repeated() {
        let said = b"fatal: unable to access 'https://bot:s3cret@example.org/x.git/': no\nhint: https://tok@a.example and ssh://b/c@d";
        let reason = reason(said);
        assert_eq!(reason, "unable to access 'https://example.org/x.git/': no hint: https://a.example and ssh://b/c@d");
    }
}
