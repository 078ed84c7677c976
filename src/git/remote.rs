//! Another repository, to which a branch is pushed: the only place that uses the network.
//!
//! Enters: the name of a configured remote. Leaves: the commit that a branch is at, what that holds, and how a push went. What git, its
//! helpers and the server say of a failure is put into words of ours, or shown without [`Secrets`]; nothing else of it is repeated.
//! Absent: force.

use anyhow::bail;

use crate::containment::named;

use super::command::Git;
use super::held::{self, Held};
use super::secrets::Secrets;

/// A repository that is pushed to.
pub struct Remote<'a> {
    /// Its name: `origin`.
    pub name: String,
    /// Its address without credentials.
    pub address: String,
    git: Git<'a>,
    /// As whom git knows it, and the variables that make it do so.
    alias: String,
    variables: Vec<(String, String)>,
    secrets: Secrets,
}

/// How a push went.
pub enum Push {
    /// The branch is at the commit.
    Done,
    /// It was not accepted, for this reason.
    Refused(String),
}

impl<'a> Remote<'a> {
    /// The remote of this name, as it is configured.
    pub fn named(git: Git<'a>, name: &str) -> anyhow::Result<Self> {
        let values = |key: &str| -> anyhow::Result<Vec<String>> {
            let answer = git.ask(["config", "--get-all", "-z", &format!("remote.{name}.{key}")])?;
            let out = String::from_utf8_lossy(&answer.out).into_owned();
            Ok(out.split('\0').filter(|value| answer.success && !value.is_empty()).map(str::to_owned).collect())
        };
        let fit = !name.is_empty() && !name.starts_with('-') && !name.contains(['\0', '\n']);
        let (urls, push) = if fit { (values("url")?, values("pushurl")?) } else { Default::default() };
        let Some(url) = push.first().or(urls.first()) else { return Err(unknown(git, name)) };
        if push.len().max(urls.len()) > 1 && push.len() != 1 {
            bail!(
                "the remote `{name}` has {} addresses to push to, and a site is published to one: name another remote with `--remote`",
                push.len().max(urls.len())
            );
        }
        let mut remote = Self {
            name: name.to_owned(),
            address: without_query(&super::without_credentials(url)),
            git,
            alias: name.to_owned(),
            variables: Vec::new(),
            secrets: Secrets::of(git)?,
        };
        if push.len() == 1 && urls.first() != Some(url) {
            // It is read where it is written. The address comes as a variable, since arguments can be seen by everybody on this machine.
            let count = std::env::var("GIT_CONFIG_COUNT").ok().and_then(|count| count.parse::<usize>().ok()).unwrap_or(0);
            remote.alias = "forewarn-publish".to_owned();
            remote.variables = vec![
                ("GIT_CONFIG_COUNT".to_owned(), (count + 1).to_string()),
                (format!("GIT_CONFIG_KEY_{count}"), format!("remote.{}.url", remote.alias)),
                (format!("GIT_CONFIG_VALUE_{count}"), url.clone()),
            ];
        }
        Ok(remote)
    }

    /// The commit that a branch is at; nothing where there is no such branch.
    pub fn tip(&self, branch: &str) -> anyhow::Result<Option<String>> {
        let name = format!("refs/heads/{branch}");
        let out = self.expect(&format!("read `{branch}`"), &["ls-remote", "--quiet", &self.alias, &name])?;
        let out = String::from_utf8_lossy(&out).into_owned();
        let id = out.lines().filter_map(|line| line.split_once('\t')).find(|(_, found)| *found == name).map(|(id, _)| id.to_owned());
        Ok(id.filter(|id| id.bytes().all(|byte| byte.is_ascii_hexdigit())))
    }

    /// What a branch holds at its tip, fetched if need be: no branch of this clone moves. Nothing where the tip is gone meanwhile.
    pub fn held(&self, branch: &str, tip: &str) -> anyhow::Result<Option<Held>> {
        let points = self.git.ask(["for-each-ref", "--count=1", "--format=%(refname)", "--points-at", tip])?;
        // What a branch of this clone points at is here with all that comes before it.
        if !points.success || points.out.is_empty() {
            let shallow = self.git.ask(["rev-parse", "--is-shallow-repository"])?.out.starts_with(b"true");
            let mut arguments = vec!["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-gc", "--no-prune", "--refmap="];
            arguments.push("--no-recurse-submodules");
            if shallow {
                // A clone that holds only the newest commits is content with the newest here.
                arguments.push("--depth=1");
            }
            let name = format!("refs/heads/{branch}");
            arguments.extend([self.alias.as_str(), &name]);
            self.expect(&format!("fetch `{branch}`"), &arguments)?;
        }
        held::list(self.git, tip)
    }

    /// Puts a branch at a commit that comes after the one that it is at.
    pub fn push(&self, commit: &str, branch: &str) -> anyhow::Result<Push> {
        let to = format!("{commit}:refs/heads/{branch}");
        let arguments = ["push", "--quiet", "--porcelain", "--no-verify", "--no-follow-tags", "--no-signed", "--no-recurse-submodules"];
        let answer = self.git.reach(&self.variables, arguments.into_iter().chain([self.alias.as_str(), &to]))?;
        if answer.status.success() {
            return Ok(Push::Done);
        }
        // `!`, a tab, the refs, a tab, why: `[remote rejected] (pre-receive hook declined)`.
        let out = String::from_utf8_lossy(&answer.stdout).into_owned();
        let rejected = out.lines().find_map(|line| line.strip_prefix("!\t")?.split_once('\t').map(|(_, why)| why.to_owned()));
        let said = String::from_utf8_lossy(&answer.stderr).into_owned();
        Ok(Push::Refused(match rejected {
            Some(why) => {
                let server: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("remote:")).map(str::trim).collect();
                let server = server.into_iter().filter(|line| !line.is_empty()).take(3).collect::<Vec<_>>().join(" ");
                let why = why.trim_start_matches("[remote rejected]").trim_start_matches("[rejected]").trim();
                let why = why.trim_start_matches('(').trim_end_matches(')');
                let why = if server.is_empty() { why.to_owned() } else { format!("{why}: {server}") };
                self.shortened(&self.secrets.hidden_in(&why))
            }
            None => self.reason(&said),
        }))
    }

    /// Which commits of the handbook were published between two commits of the branch, the newest first.
    pub fn sources_between(&self, old: Option<&str>, new: &str, trailer: &str) -> anyhow::Result<Vec<String>> {
        let range = old.map_or_else(|| new.to_owned(), |old| format!("{old}..{new}"));
        let format = format!("--format=%(trailers:key={trailer},valueonly,separator=%x2C)");
        let answer = self.git.ask(["log", "--max-count=100", "--no-show-signature", &format, &range, "--"])?;
        let out = String::from_utf8_lossy(&answer.out).into_owned();
        // Anybody may write a message: what is no id is passed over.
        let id = |line: &&str| matches!(line.len(), 40 | 64) && line.bytes().all(|byte| byte.is_ascii_hexdigit());
        Ok(out.lines().flat_map(|line| line.split(',')).map(str::trim).filter(id).map(str::to_owned).collect())
    }

    fn expect(&self, attempted: &str, arguments: &[&str]) -> anyhow::Result<Vec<u8>> {
        let answer = self.git.reach(&self.variables, arguments)?;
        if !answer.status.success() {
            let reason = self.reason(&String::from_utf8_lossy(&answer.stderr));
            bail!("cannot {attempted} at the remote `{}` ({}): {reason}", self.name, self.address);
        }
        Ok(answer.stdout)
    }

    /// Why git failed, in our words where we know them. A helper may have said anything, so only lines of git's own are shown.
    fn reason(&self, said: &str) -> String {
        let has = |parts: &[&str]| parts.iter().any(|part| said.contains(part));
        let known = [
            (
                &[
                    "Could not resolve host",
                    "Could not resolve hostname",
                    "name resolution",
                    "Failed to connect",
                    "Couldn't connect",
                    "Connection refused",
                    "Connection timed out",
                    "Network is unreachable",
                    "No route to host",
                ][..],
                "it cannot be reached from here",
            ),
            (&["Host key verification failed"][..], "ssh does not know its host key; `ssh` to it once by hand, and compare the key"),
            (
                &[
                    "Authentication failed",
                    "could not read Username",
                    "could not read Password",
                    "Permission denied",
                    "error: 403",
                    "error: 401",
                    "HTTP 403",
                    "HTTP 401",
                    "denied to",
                    "Invalid username",
                    "Access denied",
                ][..],
                "git has no credential for it that it accepts; publishing needs one with the right to write",
            ),
            (
                &["does not appear to be a git repository", "epository not found", "error: 404", "does not exist"][..],
                "there is no repository at this address, or none that you may see",
            ),
        ];
        if let Some((_, words)) = known.iter().find(|(parts, _)| has(parts)) {
            return (*words).to_owned();
        }
        let own = |line: &str| ["fatal: ", "error: ", "remote: "].iter().find_map(|start| line.strip_prefix(start)).map(str::to_owned);
        let lines: Vec<String> = said.lines().filter_map(own).map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
        if lines.is_empty() {
            return format!("git does not say why; `git ls-remote {}` may", self.name);
        }
        self.shortened(&self.secrets.hidden_in(&lines.join("; ")))
    }

    fn shortened(&self, text: &str) -> String {
        const LENGTH: usize = 400;
        if text.chars().count() <= LENGTH {
            return text.to_owned();
        }
        text.chars().take(LENGTH).chain(['…']).collect()
    }
}

fn without_query(address: &str) -> String {
    if !address.contains("://") {
        return address.to_owned();
    }
    address.split(['?', '#']).next().unwrap_or(address).to_owned()
}

fn unknown(git: Git<'_>, name: &str) -> anyhow::Error {
    let listed = git.ask(["remote"]).map(|answer| String::from_utf8_lossy(&answer.out).into_owned()).unwrap_or_default();
    let names: Vec<String> = listed.lines().map(|name| format!("`{name}`")).collect();
    let name = super::without_credentials(name);
    if names.is_empty() {
        let add = if name.contains(['/', ':']) || name.is_empty() { "origin" } else { &name };
        return anyhow::anyhow!(
            "the repository of {} has no remote to publish to; `git remote add {add} <address>` names one",
            named(git.folder)
        );
    }
    anyhow::anyhow!("no remote is called `{name}` in the repository of {}; there is {}", named(git.folder), names.join(", "))
}
