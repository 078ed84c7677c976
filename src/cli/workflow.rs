//! The Pages workflow of `init` and `new`: which forewarn it pins, and what is said of it. No command of its own.

use std::path::Path;

use anyhow::Result;
use sha2::{Digest, Sha256};

use crate::containment::named;
use crate::discover;
use crate::starter::{PAGES_TARGET, PAGES_WORKFLOW, Pin, Workflow, pages_workflow};

use super::{Global, print};

/// The target for which a release built this program; the workflow of a release sets it. Nothing in every other build.
const RELEASED_FOR: Option<&str> = option_env!("FOREWARN_RELEASED_FOR");

/// The commit that this program was built from, where the build knew it.
const COMMIT: Option<&str> = option_env!("FOREWARN_COMMIT");

/// The workflow that publishes a branch with this very forewarn.
pub(super) fn wanted(branch: &str) -> Result<Workflow> {
    pages_workflow(branch, &pin()?)
}

/// This program: by its own bytes if a job on GitHub can run them, else by the commit that it was built from.
fn pin() -> Result<Pin> {
    if RELEASED_FOR == Some(PAGES_TARGET) {
        let sha256 = Sha256::digest(discover::read_itself()?).iter().map(|byte| format!("{byte:02x}")).collect();
        return Ok(Pin::Release { version: env!("CARGO_PKG_VERSION").to_owned(), sha256 });
    }
    Ok(COMMIT.map_or(Pin::Unknown, |commit| Pin::Commit(commit.to_owned())))
}

/// Says what there is to know about a workflow that now stands below `root`.
pub(super) fn say(global: &Global, root: &Path, workflow: &Workflow) {
    workflow.notes.iter().for_each(|note| print::say(global, &format!("note: {note}")));
    if let Some(top) = repository_around(root) {
        let say = format!(
            "GitHub reads workflows at the top of a repository only, which is {}: move {} there, add `--root` with the \
             path of the handbook to `check` and `build`, and put that path before `public`",
            named(&top),
            named(&root.join(PAGES_WORKFLOW))
        );
        print::say(global, &format!("note: {say}"));
    }
}

/// The top of the repository in which a folder lies, if it is another one.
fn repository_around(root: &Path) -> Option<std::path::PathBuf> {
    let root = root.canonicalize().ok()?;
    let top = root.ancestors().find(|folder| folder.join(".git").exists())?;
    (top != root).then(|| top.to_path_buf())
}
