//! What is reported: the findings of some rules, in some files, but for those that are known. Every format and the exit code use it;
//! coverage never does.

use std::collections::HashSet;

use crate::finding::{Finding, Findings};

/// The findings of the rules `only`, in the files `paths` or in folders of that name; an empty list leaves nothing out. Paths are relative
/// to the root of the handbook; `./`, a closing `/` and `\` are understood. The order stays.
pub fn select<'a>(findings: &'a Findings, only: &[String], paths: &[String]) -> Vec<&'a Finding> {
    let paths: Vec<String> = paths.iter().map(|path| normal(path)).collect();
    let by_rule = |finding: &Finding| only.is_empty() || only.iter().any(|rule| rule == finding.rule);
    let by_path = |finding: &Finding| paths.is_empty() || paths.iter().any(|path| lies_in(finding.place.path.as_str(), path));
    findings.iter().filter(|finding| by_rule(finding) && by_path(finding)).collect()
}

/// The findings but for those whose id is known already; the order stays.
pub fn without<'a>(findings: Vec<&'a Finding>, known: &HashSet<String>) -> Vec<&'a Finding> {
    findings.into_iter().filter(|finding| !known.contains(&finding.id)).collect()
}

/// What a report says of findings that were set aside, where there are any: `12 known from the baseline`.
pub fn known(number: usize, from: &str) -> Option<String> {
    (number > 0).then(|| format!("{number} known from {}", super::escape::line(from)))
}

/// Whether a file's findings are among those of `paths`, as [`select`] takes them.
pub fn is_selected(path: &str, paths: &[String]) -> bool {
    paths.is_empty() || paths.iter().any(|folder| lies_in(path, &normal(folder)))
}

/// A path without what says nothing: `./content//runbooks/` is `content/runbooks`; the root is empty.
fn normal(path: &str) -> String {
    let path = path.replace('\\', "/");
    path.split('/').filter(|part| !part.is_empty() && *part != ".").collect::<Vec<_>>().join("/")
}

fn lies_in(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Element, Place};
    use crate::source::{PagePath, Span};

    fn selected(only: &[&str], paths: &[&str]) -> Vec<String> {
        let finding = |(rule, path): (&'static str, &str)| {
            Finding::new(rule, Place::new(&PagePath::new(path), Span::default()), Element::page("a"), "…")
        };
        let findings: Findings = [
            ("missing-recovery", "content/deploy.md"),
            ("broken-link", "content/deploy/notes.md"),
            ("broken-link", "content/deployment.md"),
            ("unknown-key", "forewarn.toml"),
        ]
        .map(finding)
        .into_iter()
        .collect();
        let owned = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        select(&findings, &owned(only), &owned(paths)).iter().map(|finding| finding.place.path.to_string()).collect()
    }

    #[test]
    fn without_a_filter_everything_is_reported() {
        assert_eq!(selected(&[], &[]).len(), 4);
        assert_eq!(selected(&[], &["."]).len(), 4);
    }

    #[test]
    fn a_path_means_the_file_or_what_lies_under_it_and_no_namesake() {
        assert_eq!(selected(&[], &["content/deploy"]), ["content/deploy/notes.md"]);
        assert_eq!(selected(&[], &["./content/deploy.md"]), ["content/deploy.md"]);
        assert_eq!(selected(&[], &["content/"]).len(), 3);
        assert_eq!(selected(&[], &["content\\deploy\\", "forewarn.toml"]), ["content/deploy/notes.md", "forewarn.toml"]);
    }

    #[test]
    fn rules_and_paths_must_both_hold() {
        assert_eq!(selected(&["broken-link"], &["content/deployment.md"]), ["content/deployment.md"]);
        assert_eq!(selected(&["unknown-key"], &["content"]), [""; 0]);
    }

    #[test]
    fn what_is_known_is_left_out_by_its_id() {
        let finding =
            |page| Finding::new("no-steps", Place::new(&PagePath::new("content/a.md"), Span::default()), Element::page(page), "…");
        let findings = [finding("a"), finding("b")];
        let known = HashSet::from(["no-steps@a".to_owned(), "no-steps@gone".to_owned()]);
        let left = without(findings.iter().collect(), &known);
        assert_eq!(left.iter().map(|finding| finding.id.as_str()).collect::<Vec<_>>(), ["no-steps@b"]);
    }
}
