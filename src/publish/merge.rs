//! The site over what the branch holds: which files come, change, go and stay. Pure, but for the hashes of files that may go.

use std::path::Path;

use anyhow::{Result, bail};

use super::pages::{NOJEKYLL, Pages};
use super::target::Target;
use super::tip::{CNAME, Tip};
use crate::containment::named;
use crate::emit::manifest::{self, Content};
use crate::git::{Git, Objects, PLAIN};

/// What a publish does to the branch.
#[derive(Default)]
pub(super) struct Merge<'m> {
    /// Paths that come or change, each with the id of its file.
    pub(super) written: Vec<(&'m [u8], &'m str)>,
    /// Paths that go.
    pub(super) gone: Vec<&'m [u8]>,
    /// Paths of the site that come.
    pub(super) added: Vec<String>,
    /// Paths of the site that change.
    pub(super) changed: Vec<String>,
    /// Paths of the site that go.
    pub(super) removed: Vec<String>,
    /// How many files of the site stay as they are.
    pub(super) unchanged: usize,
    /// Paths of others that stay.
    pub(super) kept: Vec<String>,
    /// Paths of others that make way for the site.
    taken: Vec<String>,
}

impl<'m> Merge<'m> {
    /// Puts a site over a branch.
    pub(super) fn of(pages: &'m Pages, tip: &'m Tip, target: &Target<'_>) -> Result<Self> {
        let mut merge = Self::default();
        for (path, id) in &pages.files {
            let held = tip.held.get(path.as_bytes());
            let shown = ![manifest::NAME, NOJEKYLL].contains(&path.as_str());
            // Whatever stands in it, its name is what counts.
            let stays = held.is_some_and(|held| held.mode == PLAIN && (held.id == *id || path == NOJEKYLL));
            let list = match held {
                _ if stays => None,
                Some(_) => Some(&mut merge.changed),
                None => Some(&mut merge.added),
            };
            match list {
                None => merge.unchanged += usize::from(shown),
                Some(list) => {
                    merge.taken.extend(held.filter(|_| shown && !tip.ours.files.contains_key(path)).map(|_| path.clone()));
                    merge.written.push((path.as_bytes(), id));
                    list.extend(shown.then(|| path.clone()));
                }
            }
        }
        let in_the_way =
            |path: &str| pages.folders.contains(path) || path.match_indices('/').any(|(at, _)| pages.files.contains_key(&path[..at]));
        let (mut ours, mut ids) = (Vec::new(), Vec::new());
        for (path, held) in &tip.held {
            let Ok(text) = std::str::from_utf8(path) else {
                merge.kept.push(String::from_utf8_lossy(path).into_owned());
                continue;
            };
            if pages.files.contains_key(text) {
                continue;
            }
            if in_the_way(text) {
                merge.taken.extend((!tip.ours.files.contains_key(text)).then(|| text.to_owned()));
                merge.gone.push(path);
                merge.removed.push(text.to_owned());
            } else if let Some(content) = tip.ours.files.get(text).filter(|_| held.mode == PLAIN) {
                ours.push((path, text, content));
                ids.push(held.id.as_str());
            } else {
                merge.kept.push(text.to_owned());
            }
        }
        if !ids.is_empty() {
            // Somebody may have changed it since.
            Objects::with_fetching(Git { folder: target.root })?.each(&ids, |index, object| {
                let (path, text, content) = ours[index];
                let Some(object) = object else { bail!("cannot read `{text}` of the branch") };
                if Content::of(&object.bytes) == *content {
                    merge.gone.push(path);
                    merge.removed.push(text.to_owned());
                } else {
                    merge.kept.push(text.to_owned());
                }
                Ok(())
            })?;
        }
        merge.removed.sort();
        merge.kept.sort();
        merge.taken.sort();
        merge.kept.retain(|path| path != CNAME);
        Ok(merge)
    }

    /// Whether the branch holds the site already.
    pub(super) fn is_nothing(&self) -> bool {
        self.written.is_empty() && self.gone.is_empty()
    }

    /// What is said about files of others.
    pub(super) fn notes(&self, branch: &str) -> impl Iterator<Item = String> {
        let kept = some_of(&self.kept).map(|names| {
            let them = if self.kept.len() == 1 { "it" } else { "them" };
            format!(
                "kept {names} on `{branch}`: others wrote {them}, or changed what forewarn wrote; a commit on that branch can take {them} away"
            )
        });
        let taken = some_of(&self.taken).map(|names| {
            let stand = if self.taken.len() == 1 { "a file of others gives" } else { "files of others give" };
            format!("{names} on `{branch}`: {stand} way to what the site has there")
        });
        kept.into_iter().chain(taken)
    }
}

/// The first of some paths, and how many there are beside.
fn some_of(paths: &[String]) -> Option<String> {
    const SHOWN: usize = 3;
    let names: Vec<String> = paths.iter().take(SHOWN).map(|path| named(Path::new(path))).collect();
    let more = paths.len().saturating_sub(SHOWN);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    (!names.is_empty()).then(|| format!("{}{more}", names.join(", ")))
}
