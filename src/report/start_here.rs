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
//! something to decide, verify and drill. On a serious process an act counts twice. Of equals, the one that the report shows first comes
//! first. What an act closes is taken off before the next is chosen, so that three entries are three acts.

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
    let findings: Vec<&'a Finding> = blocks.iter().flat_map(Block::findings).collect();
    let gaps = Gaps::of(&findings);
    let mut closed: HashSet<&str> = HashSet::new();
    let mut acts = Vec::new();
    for _ in 0..3 {
        let open = findings.iter().enumerate().filter(|(_, finding)| !closed.contains(finding.id.as_str()));
        let best = open.max_by_key(|(index, finding)| {
            let closes = gaps.closed_by(finding).iter().filter(|id| !closed.contains(**id)).count();
            let opens = if finding.rule == "missing-recovery" && is_serious_mode(finding, handbook) { 3 } else { 0 };
            let weight = if criticalities.get(finding) >= Severity::Major { 2 } else { 1 };
            (is_fault(finding), (closes + opens) * weight, finding.level, Reverse(*index))
        });
        let Some((_, finding)) = best else { break };
        let ids = gaps.closed_by(finding);
        acts.push(Act { finding, closes: ids.iter().filter(|id| !closed.contains(**id)).count() });
        closed.extend(ids);
        closed.insert(&finding.id);
    }
    acts
}

/// The gaps among findings, by what closes them together.
struct Gaps<'a> {
    elements: HashMap<(&'a str, &'a str), Vec<&'a str>>,
    dependencies: HashMap<&'a str, Vec<&'a str>>,
}

impl<'a> Gaps<'a> {
    fn of(findings: &[&'a Finding]) -> Self {
        let mut gaps = Self { elements: HashMap::new(), dependencies: HashMap::new() };
        let gap = |finding: &&&Finding| rules::find(finding.rule).is_some_and(|rule| rule.group == Group::Coverage);
        let classes: HashMap<&str, &'a str> = findings
            .iter()
            .filter(|finding| about(finding.rule) == Some(About::Class) && finding.element.part.as_deref() == Some("dependency"))
            .map(|finding| (finding.element.page.as_str(), finding.id.as_str()))
            .collect();
        for finding in findings.iter().filter(gap) {
            if let Some(thing) = finding.element.thing.as_deref() {
                gaps.elements.entry((&finding.element.page, thing)).or_default().push(&finding.id);
            }
            if let (Some(About::Dependency), Some(system)) = (about(finding.rule), finding.element.part.as_deref()) {
                let of_class = classes.get(finding.element.page.as_str()).copied();
                gaps.dependencies.entry(system).or_default().extend(std::iter::once(finding.id.as_str()).chain(of_class));
            }
        }
        gaps
    }

    fn closed_by(&self, finding: &'a Finding) -> Vec<&'a str> {
        let element = &finding.element;
        match (about(finding.rule), element.thing.as_deref(), element.part.as_deref()) {
            (Some(About::Dependency), _, Some(system)) => self.dependencies.get(system).cloned().unwrap_or_default(),
            (Some(_), Some(thing), _) => self.elements.get(&(element.page.as_str(), thing)).cloned().unwrap_or_default(),
            (Some(_), ..) => vec![finding.id.as_str()],
            (None, ..) => Vec::new(),
        }
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
