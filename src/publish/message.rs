//! The message of a publishing commit. ASCII, and nothing of the handbook or its history but an id: the branch may be read by more people.

use super::target::{Source, State};
use crate::git::short;

/// The line by which a publish is known, and what was published.
pub(super) const TRAILER: &str = "Source-Commit";

/// The message for a source.
pub(super) fn of(source: &Source) -> String {
    let Source { commit, state } = source;
    let (with, line) = match state {
        State::Committed => ("", ""),
        State::Changed => (" with uncommitted changes", "Source-State: dirty\n"),
    };
    let version = env!("CARGO_PKG_VERSION");
    format!("Publish {}{with}\n\nThe site of the handbook, made by forewarn {version}.\n\n{TRAILER}: {commit}\n{line}", short(commit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_names_the_commit_and_says_when_the_site_is_not_of_it_alone() {
        let source = |state| Source { commit: "0123456789abcdef0123456789abcdef01234567".to_owned(), state };
        let (clean, changed) = (of(&source(State::Committed)), of(&source(State::Changed)));
        assert!(
            clean.starts_with("Publish 0123456789\n") && clean.ends_with("\nSource-Commit: 0123456789abcdef0123456789abcdef01234567\n")
        );
        assert!(changed.starts_with("Publish 0123456789 with uncommitted changes\n"));
        assert!(changed.ends_with("\nSource-State: dirty\n"));
    }
}
