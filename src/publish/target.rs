//! What is published from where, settled before anything is rendered and before the network is used.

use std::path::Path;

use anyhow::{Result, bail};

use crate::discover::Discovered;
use crate::git::{self, Differences, Git, Remote};

/// Where a site goes, and what it is made from.
pub struct Target<'a> {
    /// The folder of the handbook.
    pub root: &'a Path,
    /// What the site is made from.
    pub source: Source,
    /// Where the branch lies.
    pub remote: Remote<'a>,
    /// The branch, without `refs/heads/`.
    pub branch: String,
    /// Whether the offline copy goes there too, where the handbook has one.
    pub(super) offline_copy: OfflineCopy,
    /// How both repositories name objects.
    pub(super) format: git::Format,
}

/// Whether the offline copy is published.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OfflineCopy {
    /// With the site.
    Published,
    /// It stays where `build` writes it.
    LeftOut,
}

/// The commit that a site is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its id.
    pub commit: String,
    /// Whether the handbook is as that commit has it.
    pub state: State,
}

/// Whether a handbook is as its commit has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is.
    Committed,
    /// Files of it are changed, added, ignored or missing.
    Changed,
}

impl Target<'_> {
    /// Where the branch lies, for messages.
    pub fn place(&self) -> String {
        format!("the remote `{}` ({})", self.remote.name, self.remote.address)
    }
}

/// Whether a handbook can be published from `root` to a branch of a remote.
pub fn vet<'a>(root: &'a Path, discovered: &Discovered, remote: &str, branch: &str) -> Result<Target<'a>> {
    let git = Git { folder: root };
    let commit = git::head(root)?;
    if !git::branch_name_is_fit(git, branch)? {
        bail!("`{branch}` is no name of a branch; `gh-pages` is one");
    }
    if git::checked_out(git)?.as_deref() == Some(branch) {
        bail!("`{branch}` is the branch that is checked out, with the sources of the handbook: choose another one with `--branch`");
    }
    let remote = Remote::named(git, remote)?;
    let source = Source { commit, state: state(root, discovered)? };
    let settings = &discovered.settings;
    let left_out = settings.offline_copy && !settings.publish_offline_copy;
    let offline_copy = if left_out { OfflineCopy::LeftOut } else { OfflineCopy::Published };
    Ok(Target { root, source, remote, branch: branch.to_owned(), offline_copy, format: git::Format::of(git)? })
}

/// Whether what was read is what the commit holds.
fn state(root: &Path, discovered: &Discovered) -> Result<State> {
    let differences = Differences::of(root, &["content", "themes", crate::settings::FILE])?;
    let theme = &discovered.settings.theme.value;
    let sources = &discovered.sources;
    let pages = sources.pages.iter().map(|page| page.path.as_str().to_owned());
    let assets = sources.assets.iter().map(|asset| asset.as_str().to_owned());
    let theme = sources.theme.iter().map(|file| format!("themes/{theme}/{}", file.path));
    let ignored = |path: String| differences.ignored.contains(&[differences.prefix.as_slice(), path.as_bytes()].concat());
    // A file that git ignores is on the site all the same, if the handbook reads it.
    let changed = !differences.files.is_empty() || (!differences.ignored.is_empty() && pages.chain(assets).chain(theme).any(ignored));
    Ok(if changed { State::Changed } else { State::Committed })
}
