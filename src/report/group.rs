//! Findings -> blocks: what is missing on one failure mode, or the same thing missing on many elements of a page, is one block; so are
//! broken links to one file. Everything else is a block of its own. Machine formats do not group.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::Hash;

use crate::check::rule::Group;
use crate::check::rules;
use crate::finding::{Finding, Level, Place};
use crate::model::Handbook;
use crate::model::links::joined;
use crate::parse::url::percent_decoded;
use crate::parse::value::CLASSES;

use super::wording::{self, About};

/// One or more findings that are shown together.
#[derive(Debug)]
pub struct Block<'a> {
    /// The first line, where it is not that of the only finding.
    pub title: Option<String>,
    /// The findings, in the order of path and line; never empty.
    first: &'a Finding,
    rest: Vec<&'a Finding>,
}

impl<'a> Block<'a> {
    fn new(title: Option<String>, first: &'a Finding, rest: &[&'a Finding]) -> Self {
        Self { title, first, rest: rest.to_vec() }
    }

    /// The finding that comes first in the text.
    pub fn first(&self) -> &'a Finding {
        self.first
    }

    /// All findings.
    pub fn findings(&self) -> impl Iterator<Item = &'a Finding> {
        std::iter::once(self.first).chain(self.rest.iter().copied())
    }

    /// How many findings it holds.
    pub fn len(&self) -> usize {
        1 + self.rest.len()
    }

    /// The highest level in it.
    pub fn level(&self) -> Level {
        self.findings().map(|finding| finding.level).max().unwrap_or(Level::Info)
    }

    /// The rules in it, each once.
    pub fn rules(&self) -> Vec<&'static str> {
        distinct(self.findings().map(|finding| finding.rule))
    }

    /// The first line.
    pub fn headline(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.first.message)
    }
}

/// The items, each once, where they first come.
pub fn distinct<T: Eq + Hash + Clone>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen = HashSet::new();
    items.filter(|item| seen.insert(item.clone())).collect()
}

/// What findings have in common that are shown together.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Kin<'a> {
    /// One failure mode, by its page and name.
    Mode(&'a str, &'a str),
    /// One rule of coverage on one page.
    Rule(&'a str, &'static str, Level),
    /// One rule on one page that says the same each time.
    Same(&'a str, &'static str, Level, &'a str, &'a str),
    /// A file that links do not reach.
    Target(&'static str, Level, String),
    /// Nothing: alone, by its number.
    Alone(usize),
}

fn kin(index: usize, finding: &Finding) -> Kin<'_> {
    let page = finding.element.page.as_str();
    let group = rules::find(finding.rule).map_or(Group::Structure, |rule| rule.group);
    match (wording::about(finding.rule), &finding.element.thing) {
        (Some(About::Mode), Some(thing)) => Kin::Mode(page, thing),
        (Some(_), _) => Kin::Rule(page, finding.rule, finding.level),
        (None, _) if matches!(finding.rule, "broken-link" | "broken-anchor") => {
            target(finding).map_or(Kin::Alone(index), |target| Kin::Target(finding.rule, finding.level, target))
        }
        (None, _) if group != Group::Structure && finding.places.is_empty() => {
            Kin::Same(page, finding.rule, finding.level, finding.note.as_deref().unwrap_or(""), finding.help.as_deref().unwrap_or(""))
        }
        _ => Kin::Alone(index),
    }
}

/// The rules that something breaks, each with the level it has there.
type Lacks<'a> = Vec<(&'a str, Level)>;

/// The blocks of findings that come in the order of path and line, in the order of their first findings.
pub fn blocks<'a>(findings: &[&'a Finding], handbook: &Handbook) -> Vec<Block<'a>> {
    let mut kins: BTreeMap<Kin<'a>, Vec<&'a Finding>> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate() {
        kins.entry(kin(index, finding)).or_default().push(finding);
    }
    let mut blocks = Vec::new();
    let mut modes: BTreeMap<(&str, Lacks<'_>), Vec<&'a Finding>> = BTreeMap::new();
    let mut steps: BTreeMap<(&str, BTreeSet<&str>), Vec<&'a Finding>> = BTreeMap::new();
    for (kin, findings) in kins {
        match kin {
            // Failure modes of one page that lack the same are one block.
            Kin::Mode(page, _) => {
                let lacks = findings.iter().map(|finding| (finding.rule, finding.level)).collect();
                modes.entry((page, lacks)).or_default().extend(findings);
            }
            // So are two rules that the same steps break.
            Kin::Rule(page, rule, _) if wording::about(rule) == Some(About::Step) => {
                let things = findings.iter().filter_map(|finding| finding.element.thing.as_deref()).collect();
                steps.entry((page, things)).or_default().extend(findings);
            }
            Kin::Rule(..) | Kin::Same(..) => push(&mut blocks, findings, |findings| wording::title(findings, handbook)),
            Kin::Target(rule, _, target) => push(&mut blocks, findings, |findings| wording::links(rule, findings.len(), &target)),
            Kin::Alone(_) => push(&mut blocks, findings, |findings| wording::title(findings, handbook)),
        }
    }
    for findings in modes.into_values().chain(steps.into_values()) {
        push(&mut blocks, findings, |findings| wording::title(findings, handbook));
    }
    blocks.sort_by(|a, b| key(a.first).cmp(&key(b.first)));
    blocks
}

/// The order inside a block, and of blocks before they are ranked: by place, then as the manual orders rules and classes.
fn key(finding: &Finding) -> (&Place, Option<usize>, Option<usize>) {
    let rule = rules::RULES.iter().position(|rule| rule.name == finding.rule);
    let class = finding.element.part.as_deref().and_then(|part| CLASSES.iter().position(|class| *class == part));
    (&finding.place, rule, class)
}

fn push<'a>(blocks: &mut Vec<Block<'a>>, mut findings: Vec<&'a Finding>, title: impl FnOnce(&[&'a Finding]) -> String) {
    findings.sort_by_cached_key(|finding| key(finding));
    if let [first, rest @ ..] = findings.as_slice() {
        let title = (!rest.is_empty()).then(|| title(&findings));
        blocks.push(Block::new(title, first, rest));
    }
}

/// The file that a broken link means, from the root; none where it leads out of it.
fn target(finding: &Finding) -> Option<String> {
    let written = finding.element.part.as_deref()?;
    let path = written.split(['#', '?']).next().unwrap_or("");
    let path = percent_decoded(path);
    let from = finding.place.path.as_str();
    if path.is_empty() {
        return Some(from.to_owned());
    }
    let folder = if path.starts_with('/') { "content" } else { from.rsplit_once('/').map_or("", |(folder, _)| folder) };
    let path = path.strip_prefix("/content/").unwrap_or(&path);
    joined(folder, path)
}
