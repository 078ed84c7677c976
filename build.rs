//! Which commit this is built from, for the workflow that `forewarn init --github-pages` writes. Leaves: `FOREWARN_COMMIT` for the compiler,
//! where it is known. A crate from a registry carries the commit in `.cargo_vcs_info.json`; in a repository of its own, git knows it.
#![allow(clippy::disallowed_methods)] // The program itself reads and starts nothing here.

use std::path::Path;
use std::process::Command;

fn main() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    println!("cargo::rerun-if-changed=build.rs");
    if let Some(commit) = packaged(here).or_else(|| committed(here)) {
        println!("cargo::rustc-env=FOREWARN_COMMIT={commit}");
    }
}

/// The commit that cargo noted when it made the package.
fn packaged(here: &Path) -> Option<String> {
    let note = std::fs::read_to_string(here.join(".cargo_vcs_info.json")).ok()?;
    let (_, after) = note.split_once("\"sha1\"")?;
    after.split('"').nth(1).filter(|commit| is_commit(commit)).map(str::to_owned)
}

/// The commit of HEAD, where this folder is the top of a repository: one around it, of somebody else, is not asked.
fn committed(here: &Path) -> Option<String> {
    if !here.join(".git").exists() {
        return None;
    }
    // The log of HEAD grows with every commit and every switch of branches; where none is kept, HEAD itself says the most. Whoever develops
    // builds after every commit, and would build everything anew for the sake of this line: there it may name a commit that is some hours old.
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        let logged = ["logs/HEAD", "HEAD"].into_iter().filter_map(|name| git(here, &["rev-parse", "--git-path", name]));
        if let Some(path) = logged.map(|path| here.join(path)).find(|path| path.exists()) {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }
    git(here, &["rev-parse", "HEAD"]).filter(|commit| is_commit(commit))
}

fn git(here: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).current_dir(here).env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn is_commit(text: &str) -> bool {
    text.len() >= 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
