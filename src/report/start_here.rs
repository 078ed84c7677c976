//! Where to begin: the findings whose answer closes most.
//!
//! The measure. A fault comes before everything, since it hides what else is wrong. Then an act is worth the gaps that it closes at once:
//!
//! - at a step or failure mode, all gaps of that element, since they are answered in the same block;
//! - at a dependency, the gap of every page that needs the same system, and theirs of the class dependency: a failure mode written once on
//!   the system's page is inherited by all;
//! - at a class, that class.
//!
//! A serious failure mode without recovery counts three more: its decision, its verification and its drill are owed only once there is
//! something to decide, verify and drill. On a serious process an act counts twice. Of equals, what stands in
//! another block than those before comes first, then what the report shows first; of a block that closes no
//! gap, such as many broken links to one file, one finding is named. What an act
//! closes is taken off before the next is chosen, so that three entries are three acts.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::check::rule::Group;
use crate::check::rules;
use crate::finding::Finding;
use crate::model::Handbook;
use crate::parse::value::Severity;

use super::group::Block;
use super::is_fault;
use super::order::Criticalities;
use super::wording::{About, about};

/// A place to begin.
#[derive(Debug)]
pub struct Act<'a> {
    /// The finding to answer.
    pub finding: &'a Finding,
    /// How many gaps that closes.
    pub closes: usize,
}

/// At most three places to begin, from blocks in the order in which they are shown.
pub fn acts<'a>(blocks: &[Block<'a>], handbook: &Handbook, criticalities: &Criticalities<'_>) -> Vec<Act<'a>> {
    let numbered = blocks.iter().enumerate();
    let findings: Vec<(usize, &'a Finding)> = numbered.flat_map(|(block, of)| of.findings().map(move |finding| (block, finding))).collect();
    let gaps = Gaps::of(&findings);
    let mut closed: HashSet<&str> = HashSet::new();
    let mut begun: HashSet<usize> = HashSet::new();
    let mut acts = Vec::new();
    for _ in 0..3 {
        let closes: Vec<usize> = gaps.together.iter().map(|ids| ids.iter().filter(|id| !closed.contains(**id)).count()).collect();
        let again = |block, finding| begun.contains(block) && gaps.closed_with(finding).is_none();
        let open =
            findings.iter().enumerate().filter(|(_, (block, finding))| !closed.contains(finding.id.as_str()) && !again(block, finding));
        let best = open.max_by_key(|(index, (block, finding))| {
            let closes = gaps.closed_with(finding).map_or(0, |together| closes[together]);
            let opens = if finding.rule == "missing-recovery" && is_serious_mode(finding, handbook) { 3 } else { 0 };
            let weight = if criticalities.get(finding) >= Severity::Major { 2 } else { 1 };
            let new = !begun.contains(block);
            (is_fault(finding), (closes + opens) * weight, new, finding.level, Reverse(*index))
        });
        let Some((_, (block, finding))) = best else { break };
        let together = gaps.closed_with(finding);
        acts.push(Act { finding, closes: together.map_or(0, |together| closes[together]) });
        closed.extend(together.iter().flat_map(|together| gaps.together[*together].iter()));
        closed.insert(&finding.id);
        begun.insert(*block);
    }
    acts
}

/// The gaps among findings, by what closes them together.
#[derive(Default)]
struct Gaps<'a> {
    /// The ids of gaps that one act closes.
    together: Vec<Vec<&'a str>>,
    /// The act that a finding calls for.
    acts: HashMap<Written<'a>, usize>,
}

/// What is written at once.
#[derive(PartialEq, Eq, Hash)]
enum Written<'a> {
    /// The block of a step or failure mode: page and thing.
    Thing(&'a str, &'a str),
    /// The page of a system or process that others need.
    Dependency(&'a str),
    /// A failure mode of a class: page and class.
    Class(&'a str, &'a str),
}

fn written(finding: &Finding) -> Option<Written<'_>> {
    rules::find(finding.rule).filter(|rule| rule.group == Group::Coverage)?;
    let element = &finding.element;
    match (about(finding.rule)?, element.thing.as_deref(), element.part.as_deref()) {
        (About::Dependency, _, Some(system)) => Some(Written::Dependency(system)),
        (About::Class, _, Some(class)) => Some(Written::Class(&element.page, class)),
        (_, Some(thing), _) => Some(Written::Thing(&element.page, thing)),
        _ => None,
    }
}

impl<'a> Gaps<'a> {
    fn of(findings: &[(usize, &'a Finding)]) -> Self {
        let mut gaps = Self::default();
        let mut add = |written: Written<'a>, id: &'a str| {
            let next = gaps.together.len();
            let together = *gaps.acts.entry(written).or_insert(next);
            if together == next {
                gaps.together.push(Vec::new());
            }
            gaps.together[together].push(id);
        };
        let mut classes: HashMap<&str, &'a str> = HashMap::new();
        for (_, finding) in findings {
            match written(finding) {
                Some(Written::Class(page, class)) => {
                    add(Written::Class(page, class), &finding.id);
                    if class == "dependency" {
                        classes.insert(page, &finding.id);
                    }
                }
                Some(written) => add(written, &finding.id),
                None => {}
            }
        }
        for (_, finding) in findings {
            if let (Some(Written::Dependency(system)), Some(id)) = (written(finding), classes.get(finding.element.page.as_str())) {
                add(Written::Dependency(system), id);
            }
        }
        gaps
    }

    fn closed_with(&self, finding: &'a Finding) -> Option<usize> {
        self.acts.get(&written(finding)?).copied()
    }
}

fn is_serious_mode(finding: &Finding, handbook: &Handbook) -> bool {
    let serious = || {
        let page = handbook.page(&finding.element.page)?;
        let failure = page.document.failures.iter().find(|failure| Some(&failure.id) == finding.element.thing.as_ref())?;
        failure.block.severity.as_ref().map(|severity| severity.value >= Severity::Major)
    };
    serious().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::super::group;
    use super::super::order;
    use super::super::sample::{DEPLOY, analysis, finding, place};
    use super::*;
    use crate::finding::{Element, Level};

    const RELEASE: &str = "# Release\n\n```page\nkind = \"process\"\ndepends_on = [\"github\"]\n```\n\n## Steps\n\n1. Tag it\n";
    const PAGES: &[(&str, &str)] = &[("content/deploy.md", DEPLOY), ("content/release.md", RELEASE)];

    fn chosen(findings: Vec<Finding>) -> Vec<(String, usize)> {
        let analysis = analysis(PAGES, findings);
        let criticalities = Criticalities::of(&analysis.handbook);
        let mut blocks = group::blocks(&analysis.findings.iter().collect::<Vec<_>>(), &analysis.handbook);
        order::sort(&mut blocks, &criticalities);
        acts(&blocks, &analysis.handbook, &criticalities).iter().map(|act| (act.finding.id.clone(), act.closes)).collect()
    }

    fn gap(rule: &'static str, page: &str, element: Element) -> Finding {
        let path = format!("content/{page}.md");
        finding(rule, Level::Warning, place(PAGES, &path, "kind"), element, rule)
    }

    fn needs(page: &str, system: &str) -> Finding {
        gap("dependency-without-failure-mode", page, Element::page(page).part(system))
    }

    fn of_mode(rule: &'static str, mode: &str) -> Finding {
        gap(rule, "deploy", Element::thing("deploy", mode))
    }

    #[test]
    fn a_system_that_many_need_closes_the_gap_of_each_and_the_class_dependency() {
        let class = gap("class-not-considered", "release", Element::page("release").part("dependency"));
        let chosen = chosen(vec![needs("deploy", "github"), needs("release", "github"), needs("deploy", "dns"), class]);
        assert_eq!(
            chosen,
            [("dependency-without-failure-mode@deploy/github".to_owned(), 3), ("dependency-without-failure-mode@deploy/dns".to_owned(), 1)]
        );
    }

    #[test]
    fn a_serious_failure_mode_without_recovery_comes_before_one_that_is_not() {
        let asleep =
            [of_mode("missing-detection", "the-release-captain-is-asleep"), of_mode("missing-recovery", "the-release-captain-is-asleep")];
        let stops = of_mode("missing-recovery", "the-migration-stops-halfway");
        let chosen = chosen(asleep.into_iter().chain([stops]).collect());
        let ids: Vec<&str> = chosen.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["missing-recovery@deploy#the-migration-stops-halfway", "missing-detection@deploy#the-release-captain-is-asleep"]);
        assert_eq!(chosen[1].1, 2);
    }

    #[test]
    fn faults_come_first_and_serious_processes_before_others() {
        let mut fault = gap("unknown-key", "release", Element::page("release").part("x"));
        fault.level = Level::Error;
        let here = gap("class-not-considered", "deploy", Element::page("deploy").part("scale"));
        let there = gap("class-not-considered", "release", Element::page("release").part("scale"));
        let ids: Vec<String> = chosen(vec![there, here, fault]).into_iter().map(|(id, _)| id).collect();
        assert_eq!(ids, ["unknown-key@release/x", "class-not-considered@deploy/scale", "class-not-considered@release/scale"]);
    }
}
