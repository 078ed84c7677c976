//! What the branch holds before a publish, and which of its files are ours.

use anyhow::{Context, Result, bail};
use url::Url;

use super::message::TRAILER;
use super::target::Target;
use crate::emit::manifest::{self, Manifest};
use crate::git::{self, Git, Held, Objects, short};

/// The file that gives a site a host name of its own, written by whoever chose that name.
pub(super) const CNAME: &str = "CNAME";

/// The branch as it is.
pub(super) struct Tip {
    /// The commit that it is at; nothing where there is no branch.
    pub(super) commit: Option<String>,
    /// Every file in it.
    pub(super) held: Held,
    /// What the last publish put there. Where no manifest can be read, nothing is ours.
    pub(super) ours: Manifest,
}

impl Tip {
    /// Reads the branch.
    pub(super) fn read(target: &Target<'_>) -> Result<Self> {
        let git = Git { folder: target.root };
        // A branch that is moved back while it is read is read again.
        for _ in 0..3 {
            let Some(commit) = target.remote.tip(&target.branch)? else {
                return Ok(Self { commit: None, held: Held::new(), ours: Manifest::default() });
            };
            if let Some(held) = target.remote.held(&target.branch, &commit)? {
                let manifest = text(git, &held, manifest::NAME)?;
                let ours = manifest.and_then(|text| Manifest::parse(&text).ok()).unwrap_or_default();
                return Ok(Self { commit: Some(commit), held, ours });
            }
        }
        bail!("`{}` of {} keeps moving while it is read; publish again", target.branch, target.place())
    }

    /// Refuses a branch that holds the sources of a handbook.
    pub(super) fn refuse_sources(&self, target: &Target<'_>) -> Result<()> {
        let is_settings = |path: &str| path.rsplit('/').next() == Some(crate::settings::FILE);
        let foreign =
            self.held.keys().filter_map(|path| std::str::from_utf8(path).ok()).filter(|path| !self.ours.files.contains_key(*path));
        let mut sources = foreign.filter(|path| is_settings(path) || (path.starts_with("content/") && path.ends_with(".md")));
        match sources.next() {
            Some(path) => bail!(
                "`{}` of {} holds `{path}`, so it looks like the sources of a handbook: choose another branch with `--branch`",
                target.branch,
                target.place()
            ),
            None => Ok(()),
        }
    }

    /// Refuses to put a site over one that somebody published since `before`, unless theirs is of an earlier commit.
    pub(super) fn refuse_newer(&self, target: &Target<'_>, before: &Self) -> Result<()> {
        let Some(now) = &self.commit else { return Ok(()) };
        let published = target.remote.sources_between(before.commit.as_deref(), now, TRAILER)?;
        let ours = &target.source.commit;
        let Some(theirs) = published.first().filter(|theirs| *theirs != ours) else { return Ok(()) };
        if git::is_ancestor(Git { folder: target.root }, theirs, ours)? == Some(true) {
            return Ok(());
        }
        bail!(
            "meanwhile somebody published {} to `{}` of {}, and it does not come before {}: nothing was pushed; see which is newer, then publish again",
            short(theirs),
            target.branch,
            target.place(),
            short(ours)
        )
    }

    /// What is to be said where a site is replaced that is not older.
    pub(super) fn older_note(&self, target: &Target<'_>) -> Result<Option<String>> {
        let Some(now) = &self.commit else { return Ok(None) };
        let published = target.remote.sources_between(None, now, TRAILER)?;
        let ours = &target.source.commit;
        let Some(theirs) = published.first().filter(|theirs| *theirs != ours) else { return Ok(None) };
        let git = Git { folder: target.root };
        let which = match (git::is_ancestor(git, theirs, ours)?, git::is_ancestor(git, ours, theirs)?) {
            (Some(true), _) => return Ok(None),
            (_, Some(true)) => format!("which comes after {}", short(ours)),
            (Some(false), _) => format!("which does not come before {}", short(ours)),
            (None, _) => "which this clone does not know; if others publish too, `git pull` and publish again".to_owned(),
        };
        Ok(Some(format!("`{}` held the site of {}, {which}", target.branch, short(theirs))))
    }

    /// What is to be said where the branch gives the site another host than it was built for.
    pub(super) fn name_note(&self, target: &Target<'_>, base_url: Option<&str>) -> Result<Option<String>> {
        let Some(text) = text(Git { folder: target.root }, &self.held, CNAME)? else { return Ok(None) };
        let text = String::from_utf8_lossy(&text).trim().to_lowercase();
        let is_host =
            !text.is_empty() && text.len() <= 253 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
        let built_for = base_url.and_then(|url| Url::parse(url).ok()).and_then(|url| url.host_str().map(str::to_owned));
        if !is_host || built_for.as_deref() == Some(text.as_str()) {
            return Ok(None);
        }
        let built = base_url.map_or_else(|| "no address".to_owned(), str::to_owned);
        Ok(Some(format!(
            "`{CNAME}` on `{}` says `{text}`, and the site is built for {built}; set `base_url = \"https://{text}/\"` in forewarn.toml",
            target.branch
        )))
    }
}

/// What stands in a file at the top of the branch.
fn text(git: Git<'_>, held: &Held, name: &str) -> Result<Option<Vec<u8>>> {
    let Some(file) = held.get(name.as_bytes()).filter(|file| file.mode == git::PLAIN) else { return Ok(None) };
    let object = Objects::with_fetching(git)?.one(&file.id).with_context(|| format!("cannot read `{name}` of the branch"))?;
    Ok(object.map(|object| object.bytes))
}
