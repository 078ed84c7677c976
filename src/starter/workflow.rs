//! `.github/workflows/pages.yml`: the workflow that checks a handbook in pull requests and publishes it on GitHub Pages.
//!
//! Enters: the branch that is published, and which forewarn the workflow is to run. Leaves: one new file, and what its author has to know
//! about it. Absent: any look at git or at the disk; the versions of the actions, which stand in the template with their commits.

use anyhow::bail;

use super::NewFile;

/// Where GitHub finds it, below the top of the repository.
pub const PATH: &str = ".github/workflows/pages.yml";

/// The target of the archive that a job on `ubuntu-latest` runs.
pub const TARGET: &str = "x86_64-unknown-linux-musl";

/// Where forewarn lies: a placeholder of this project until its first release.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// What stands for a commit that nobody knows. git takes it for a name, does not find it, and says so.
const UNKNOWN: &str = "COMMIT-OF-FOREWARN";

/// Which forewarn a workflow runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pin {
    /// The program of a release, by the SHA-256 of its bytes.
    Release {
        /// Its version, as `0.4.0`.
        version: String,
        /// 64 hexadecimal digits.
        sha256: String,
    },
    /// What a commit of the repository builds.
    Commit(String),
    /// Nobody knows: a name that has to be replaced by hand.
    Unknown,
}

/// A workflow, and what has to be said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workflow {
    /// The file, relative to the top of the repository.
    pub file: NewFile,
    /// One line each, for whoever asked for it.
    pub notes: Vec<String>,
}

/// The workflow that publishes `branch`. Fails for a branch whose name means something else in a workflow.
pub fn pages_workflow(branch: &str, pin: &Pin) -> anyhow::Result<Workflow> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    if branch.is_empty() || !branch.chars().all(plain) {
        bail!("the branch `{}` cannot be named in a workflow: letters, digits and `.`, `_`, `-`, `/` only", branch.escape_debug());
    }
    let pages = include_str!("workflow/pages.yml");
    let (head, install) = match pin {
        Pin::Release { version, sha256 } => {
            let head = include_str!("workflow/pin-release.yml").replace("{{version}}", version).replace("{{sha256}}", sha256);
            (head, include_str!("workflow/install-release.yml").to_owned())
        }
        Pin::Commit(commit) => (String::new(), include_str!("workflow/install-commit.yml").replace("{{commit}}", commit)),
        Pin::Unknown => (String::new(), include_str!("workflow/install-commit.yml").replace("{{commit}}", UNKNOWN)),
    };
    let text = pages
        .replace("{{pin}}\n", &format!("{head}\n"))
        .replace("{{install}}\n", &install)
        .replace("{{repository}}", REPOSITORY)
        .replace("{{branch}}", branch);
    Ok(Workflow { file: NewFile { path: PATH.to_owned(), text }, notes: notes(branch, pin) })
}

fn notes(branch: &str, pin: &Pin) -> Vec<String> {
    let installs = match pin {
        Pin::Release { version, .. } => {
            format!("it installs forewarn {version} from {REPOSITORY} and runs it only if its checksum is this one's")
        }
        Pin::Commit(commit) => format!(
            "it installs forewarn with `cargo install --locked --git {REPOSITORY} --rev {commit}`; until there is a release, owner and URL are \
             placeholders: put the repository there that you have forewarn from"
        ),
        Pin::Unknown => format!(
            "it installs forewarn with `cargo install --locked --git {REPOSITORY} --rev {UNKNOWN}`; until there is a release, owner and URL are \
             placeholders: put the repository there that you have forewarn from, and for `{UNKNOWN}` the commit that you have tried"
        ),
    };
    vec![
        format!("`{PATH}` checks pull requests, and publishes the branch `{branch}`"),
        installs,
        "once, in the repository's settings, under *Pages*: choose *GitHub Actions* as the source".to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(pin: &Pin) -> String {
        pages_workflow("main", pin).unwrap().file.text
    }

    fn release() -> Pin {
        Pin::Release { version: "0.4.0".to_owned(), sha256: "ab".repeat(32) }
    }

    #[test]
    fn nothing_is_left_to_fill_in() {
        for pin in [release(), Pin::Commit("0f".repeat(20)), Pin::Unknown] {
            let text = text(&pin);
            let ours = text.match_indices("{{").filter(|(at, _)| !text[..*at].ends_with('$')).count();
            assert_eq!(ours, 0, "{text}");
            assert!(!text.contains("\n\n\n") && text.ends_with('\n'), "{text}");
        }
    }

    #[test]
    fn both_jobs_install_what_is_pinned() {
        let commit = "0f".repeat(20);
        let line = format!("run: cargo install --locked --git {REPOSITORY} --rev {commit}\n");
        assert_eq!(text(&Pin::Commit(commit)).matches(&line).count(), 2);
        let text = text(&release());
        assert_eq!(text.matches("sha256sum --check --strict").count(), 2);
        assert_eq!(text.matches("FOREWARN_VERSION: \"0.4.0\"").count(), 1);
        assert!(!text.contains("cargo install"));
    }

    #[test]
    fn placeholders_are_named() {
        let said = pages_workflow("main", &Pin::Unknown).unwrap().notes.join("\n");
        assert!(said.contains("placeholders") && said.contains(REPOSITORY) && said.contains(UNKNOWN), "{said}");
        assert!(text(&Pin::Unknown).contains(UNKNOWN));
    }

    #[test]
    fn a_branch_is_a_name_and_nothing_else() {
        let of = |branch| pages_workflow(branch, &Pin::Unknown);
        assert!(of("release/1.x").unwrap().file.text.contains("branches: [\"release/1.x\"]"));
        for branch in ["", "a b", "x'", "${{ github.token }}", "a\nb", "!main", "*"] {
            assert!(of(branch).is_err(), "{branch:?}");
        }
    }
}
