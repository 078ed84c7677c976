//! The first lines of blocks that hold several findings, in the words of each rule, with a plain fallback.

use crate::finding::Finding;
use crate::model::Handbook;

use super::group::distinct;

/// What a rule finds lacking on what.
struct Words {
    rule: &'static str,
    about: About,
    /// What is lacking: `… has no detection`.
    lacks: &'static str,
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A failure mode.
    Mode,
    /// A step.
    Step,
    /// A system or process that a process needs.
    Dependency,
    /// A class of failure modes.
    Class,
}

/// The rules of coverage, then others whose findings on steps read the same way.
const WORDS: [Words; 12] = [
    Words { rule: "class-not-considered", about: About::Class, lacks: "failure mode" },
    Words { rule: "step-without-failure-mode", about: About::Step, lacks: "failure mode" },
    Words { rule: "dependency-without-failure-mode", about: About::Dependency, lacks: "failure mode" },
    Words { rule: "missing-detection", about: About::Mode, lacks: "detection" },
    Words { rule: "missing-recovery", about: About::Mode, lacks: "recovery" },
    Words { rule: "missing-takeover", about: About::Step, lacks: "takeover" },
    Words { rule: "missing-decision", about: About::Mode, lacks: "decision on who begins the recovery" },
    Words { rule: "unverified-recovery", about: About::Mode, lacks: "check that the recovery worked" },
    Words { rule: "untested-recovery", about: About::Mode, lacks: "recent drill" },
    Words { rule: "all-at-once", about: About::Step, lacks: "limit on what is touched at once" },
    Words { rule: "missing-abort", about: About::Step, lacks: "way to stop once begun" },
    Words { rule: "temporary-without-undo", about: About::Step, lacks: "step that ends what is temporary" },
];

/// What several findings of a rule on one page are called, before and after the name of the page, for rules whose findings each say
/// something else.
const PLURALS: [(&str, &str, &str); 2] = [
    ("high-priority-unanswered", "failure modes", "have high priority, and nothing is being done about them"),
    ("overdue-action", "actions", "are overdue"),
];

fn words(rule: &str) -> Option<&'static Words> {
    WORDS.iter().find(|words| words.rule == rule)
}

/// Whether each finding of a rule says something that the first line of a block cannot say for all.
pub fn says_each(rule: &str) -> bool {
    PLURALS.iter().any(|(named, ..)| *named == rule)
}

/// What a rule is about, where it finds something lacking on it.
pub fn about(rule: &str) -> Option<About> {
    words(rule).map(|words| words.about)
}

/// The first line of a block of findings on one page.
pub fn title(findings: &[&Finding], handbook: &Handbook) -> String {
    let Some(first) = findings.first() else { return String::new() };
    let page = page_title(first, handbook);
    let known: Vec<&Words> = distinct(findings.iter().map(|finding| finding.rule)).into_iter().filter_map(words).collect();
    let lacks = joined(&known.iter().map(|words| format!("no {}", words.lacks)).collect::<Vec<_>>());
    let things = distinct(findings.iter().map(|finding| (&finding.element.thing, &finding.element.part)));
    match known.first().map(|words| words.about) {
        Some(About::Class) => {
            let classes: Vec<String> = findings.iter().filter_map(|finding| finding.element.part.clone()).collect();
            format!("no failure mode of {} classes in `{page}`: {}", classes.len(), joined(&classes))
        }
        Some(about) => match (about, things.as_slice()) {
            (About::Mode, [_]) => format!("failure mode `{}` has {lacks}", thing_title(first, handbook).unwrap_or(page)),
            (About::Step, [_]) => format!("step `{}` has {lacks}", thing_title(first, handbook).unwrap_or(page)),
            (About::Mode, things) => format!("{} failure modes of `{page}` have {lacks}", things.len()),
            (About::Step, things) => format!("{} steps of `{page}` have {lacks}", things.len()),
            (_, things) => format!("{} dependencies of `{page}` have {lacks}", things.len()),
        },
        None => match PLURALS.iter().find(|(rule, ..)| *rule == first.rule) {
            Some((_, what, are)) => format!("{} {what} of `{page}` {are}", findings.len()),
            None => format!("{} at {} places in `{page}`", first.rule, findings.len()),
        },
    }
}

/// The first line of a block of links that do not reach a file.
pub fn links(rule: &str, number: usize, target: &str) -> String {
    match rule {
        "broken-anchor" => format!("{number} links lead to anchors that `{target}` does not have"),
        _ => format!("{number} links lead to `{target}`, where there is no page or file"),
    }
}

/// The title of the failure mode or step that a finding is about.
pub fn thing_title<'h>(finding: &Finding, handbook: &'h Handbook) -> Option<&'h str> {
    let thing = finding.element.thing.as_deref()?;
    let document = &handbook.page(&finding.element.page)?.document;
    let failure = document.failures.iter().find(|failure| failure.id == thing).map(|failure| failure.title.as_str());
    let mut steps = document.tracks.iter().flat_map(|track| &track.steps);
    failure.or_else(|| steps.find(|step| step.id == thing).map(|step| step.title.as_str()))
}

fn page_title<'a>(finding: &'a Finding, handbook: &'a Handbook) -> &'a str {
    handbook.page(&finding.element.page).map_or(&finding.element.page, |page| page.title())
}

/// A list as it is read aloud: `technical, human and scale`.
fn joined(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::rule::Group;
    use crate::check::rules::RULES;

    #[test]
    fn every_rule_of_coverage_has_its_words() {
        let coverage: Vec<&str> = RULES.iter().filter(|rule| rule.group == Group::Coverage).map(|rule| rule.name).collect();
        assert_eq!(super::WORDS.map(|words| words.rule)[..coverage.len()], coverage);
    }

    #[test]
    fn words_are_those_of_rules_that_exist() {
        let spoken = super::WORDS.map(|words| words.rule).into_iter().chain(super::PLURALS.map(|(rule, ..)| rule));
        let unknown: Vec<&str> = spoken.filter(|rule| crate::check::rules::find(rule).is_none()).collect();
        assert_eq!(unknown, Vec::<&str>::new());
    }
}
