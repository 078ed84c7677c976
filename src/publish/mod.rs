//! Site -> branch of another repository: rendered afresh, committed on top of what is there, pushed.
//!
//! In: a [`Site`] and a [`Target`] that [`vet`] found fit. Out: the branch holds that site, in one commit after those that were there, and
//! [`Published`] says what changed; or the branch is as it was. The output folder of `build` is neither read nor written, nor are work
//! tree and index. Absent: force, credentials.
//!
//! ```text
//! target    which commit of the handbook, which remote, which branch   refuses before anything is rendered
//! tip       what the branch holds, and which of its files are ours     by the manifest that each publish leaves there
//! pages     render page by page; what the branch lacks goes to git     an id for each path
//! merge     pages over what others put there                           what comes, changes, goes, stays
//! message   the commit names its source
//! ```
//!
//! Where somebody else was faster, the site is put on top of theirs without being rendered again, unless what they published is not older
//! than ours.

mod merge;
mod message;
mod pages;
mod target;
mod tip;

use anyhow::{Result, bail};

use crate::address::{Address, repository_page};
use crate::emit::limits;
use crate::git::{Git, Push, import};
use crate::render::Site;

use merge::Merge;
use pages::Pages;
use tip::Tip;

pub use target::{Source, State, Target, vet};

/// How often somebody else may be faster.
const ATTEMPTS: usize = 5;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Push.
    Push,
    /// Say what a push would change. Nothing is written, save that git fetches the branch.
    Tell,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The branch is at this new commit.
    Pushed(String),
    /// The branch holds the site already.
    Nothing,
    /// Only a telling was asked for.
    Told,
}

/// What a publish did to the branch.
#[derive(Clone, Debug)]
pub struct Published {
    /// What became of it.
    pub outcome: Outcome,
    /// Whether the branch was not there before.
    pub new_branch: bool,
    /// Paths of the site that the branch did not have, sorted.
    pub added: Vec<String>,
    /// Paths with other bytes than before, sorted.
    pub changed: Vec<String>,
    /// Paths that the branch has no more, sorted.
    pub removed: Vec<String>,
    /// How many files of the site are as they were.
    pub unchanged: usize,
    /// What the user should know, one line each.
    pub notes: Vec<String>,
}

/// Publishes a site that was built for `base_url`.
///
/// Errors are the machine's faults, or the remote's; the branch is then as it was. Each output's bytes are asked for at most once, in
/// parallel, and dropped as soon as git has them.
pub fn publish(site: &Site<'_>, target: &Target<'_>, base_url: Option<&str>, wish: Wish) -> Result<Published> {
    let mut tip = Tip::read(target)?;
    tip.refuse_sources(target)?;
    let older = tip.older_note(target)?;
    let pages = Pages::render(site, target, &tip, wish)?;
    for _ in 0..ATTEMPTS {
        let merge = Merge::of(&pages, &tip, target)?;
        let mut notes: Vec<String> = older.iter().cloned().chain(merge.notes(&target.branch)).collect();
        notes.extend(tip.name_note(target, base_url)?);
        notes.extend(limits(
            pages.sizes.iter().map(|(path, bytes)| (path.as_str(), *bytes)),
            pages.sizes.iter().map(|(_, bytes)| bytes).sum(),
        ));
        let outcome = match wish {
            _ if merge.is_nothing() => Outcome::Nothing,
            Wish::Tell => Outcome::Told,
            Wish::Push => match push(target, &tip, &merge, &mut notes)? {
                Ok(commit) => Outcome::Pushed(commit),
                Err(refused) => {
                    tip = after_refusal(target, &tip, &refused)?;
                    continue;
                }
            },
        };
        let new_branch = tip.commit.is_none();
        if let (Outcome::Pushed(_), true, Some(_)) = (&outcome, new_branch, pages_of_github(target)) {
            notes.push(format!("GitHub serves the branch once `{}` is chosen in the repository's settings, under Pages", target.branch));
        }
        let Merge { added, changed, removed, unchanged, .. } = merge;
        return Ok(Published { outcome, new_branch, added, changed, removed, unchanged, notes });
    }
    bail!("`{}` of {} moved {ATTEMPTS} times while the site was pushed: nothing was pushed; publish again", target.branch, target.place())
}

/// Where GitHub serves the remote's pages, if it lies there.
fn pages_of_github(target: &Target<'_>) -> Option<Address> {
    Address::of_pages(&repository_page(&target.remote.address)?)
}

/// Makes the commit and pushes it; gives its id, or why it was refused.
fn push(target: &Target<'_>, tip: &Tip, merge: &Merge<'_>, notes: &mut Vec<String>) -> Result<Result<String, String>> {
    let git = Git { folder: target.root };
    let identity = import::identity(git)?;
    let commit = import::Commit {
        parent: tip.commit.as_deref(),
        message: &message::of(&target.source),
        identity: &identity,
        removed: &merge.gone,
        written: &merge.written,
    };
    let commit = import::commit(git, &commit)?;
    if identity.nobody {
        notes
            .push("git does not know your name, so the commit is by `forewarn`; `git config user.name` and `user.email` say it".to_owned());
    }
    Ok(match target.remote.push(&commit, &target.branch)? {
        Push::Done => Ok(commit),
        Push::Refused(reason) => Err(reason),
    })
}

/// The branch as somebody else left it meanwhile. Where nobody moved it, that was not the reason.
fn after_refusal(target: &Target<'_>, before: &Tip, reason: &str) -> Result<Tip> {
    let now = Tip::read(target)?;
    if now.commit == before.commit {
        bail!("`{}` was not pushed to {}: {reason}", target.branch, target.place());
    }
    now.refuse_newer(target, before)?;
    now.refuse_sources(target)?;
    Ok(now)
}
