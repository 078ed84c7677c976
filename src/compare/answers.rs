//! Gaps, other findings, and coverage: what was answered before and is not, or the other way round.

use std::cmp::Reverse;
use std::collections::HashMap;

use serde::Serialize;

use crate::check::coverage::{Answer, Coverage, Tally, obligations};
use crate::check::rule::Group;
use crate::check::{level, rules};
use crate::finding::{Finding, Level};
use crate::parse::value::Severity;

use super::names::Names;
use super::{Both, Spot, Version};

/// An obligation that has no answer now and had one, or was none.
#[derive(Debug, Serialize)]
pub struct NewGap<'a> {
    /// What is owed.
    #[serde(flatten)]
    pub gap: Gap<'a>,
    /// What it was before: `met`, `waived`, `not_applicable`; nothing where nothing was owed.
    pub was: Option<&'static str>,
}

/// An obligation that had no answer and has one now, or is none.
#[derive(Debug, Serialize)]
pub struct ClosedGap<'a> {
    /// What was owed.
    #[serde(flatten)]
    pub gap: Gap<'a>,
    /// What it is now: `met`, `waived`, `not_applicable`; nothing where nothing is owed.
    pub now: Option<&'static str>,
}

/// An obligation without an answer.
#[derive(Debug, Serialize)]
pub struct Gap<'a> {
    /// `rule@element`.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// What owes it.
    pub element: String,
    /// The page.
    pub page: &'a str,
    /// The class it counts for.
    pub class: String,
    /// The level of its finding; nothing where the rule is off.
    pub level: Option<&'static str>,
    /// The finding's first line, where there is a finding.
    pub message: Option<&'a str>,
    /// Where it stands, where there is a finding.
    #[serde(flatten)]
    pub spot: Option<Spot<'a>>,
}

/// A finding that was not there before, or was accepted.
#[derive(Debug, Serialize)]
pub struct NewFinding<'a> {
    /// The finding.
    #[serde(flatten)]
    pub found: Found<'a>,
    /// `waived` where it was accepted before.
    pub was: Option<&'static str>,
}

/// A finding that is no longer there, or is accepted.
#[derive(Debug, Serialize)]
pub struct ClosedFinding<'a> {
    /// The finding.
    #[serde(flatten)]
    pub found: Found<'a>,
    /// `waived` where it is accepted, `off` where the settings hide its rule.
    pub now: Option<&'static str>,
}

/// A finding.
#[derive(Debug, Serialize)]
pub struct Found<'a> {
    /// `rule@element`.
    pub id: &'a str,
    /// The rule.
    pub rule: &'static str,
    /// Its group.
    pub group: &'static str,
    /// Its level.
    pub level: &'static str,
    /// Its first line.
    pub message: &'a str,
    /// What it is about.
    pub element: String,
    /// Where it stands.
    #[serde(flatten)]
    pub spot: Spot<'a>,
}

/// Coverage of both versions, and of the pages on which it differs.
#[derive(Debug, Serialize)]
pub struct CoverageChange<'a> {
    /// The handbook before.
    pub before: &'a Coverage,
    /// The handbook after.
    pub after: &'a Coverage,
    /// The pages on which it differs: those of the version after in page order, then those that owe nothing any more.
    pub pages: Vec<PageCoverage<'a>>,
}

/// The obligations of a page before and after.
#[derive(Debug, Serialize)]
pub struct PageCoverage<'a> {
    /// The page.
    pub id: &'a str,
    /// Before; nothing where it owed nothing.
    pub before: Option<Tally>,
    /// After; nothing where it owes nothing.
    pub after: Option<Tally>,
}

/// How coverage changed.
pub fn coverage<'a>(before: &Version<'a>, after: &Version<'a>, names: &Names<'a>) -> CoverageChange<'a> {
    let of = |version: &Version<'a>, id: &str| {
        let page = version.handbook().ids.get(id)?;
        version.analysis.coverage.pages.get(&page).map(|coverage| coverage.total)
    };
    let page = |id: &'a str| PageCoverage { id, before: of(before, names.page_before(id)), after: of(after, id) };
    let now = after.pages().map(|page| after.id(page));
    let gone = before.pages().map(|page| names.page_after(before.id(page))).filter(|id| after.handbook().ids.get(id).is_none());
    let pages = now.chain(gone).map(page).filter(|page| page.before != page.after).collect();
    CoverageChange { before: &before.analysis.coverage.handbook, after: &after.analysis.coverage.handbook, pages }
}

/// An obligation with its answer.
struct Owed<'a> {
    id: String,
    class: String,
    page: &'a str,
    criticality: Severity,
    answer: Answer,
}

fn owed<'a>(version: &Version<'a>) -> Vec<Owed<'a>> {
    let handbook = version.handbook();
    let of_page = |page: usize| {
        let at = &handbook.pages[page];
        obligations(handbook, page).into_iter().map(move |obligation| Owed {
            answer: version.analysis.coverage.answer(&obligation),
            page: &at.id,
            criticality: at.criticality(),
            class: obligation.class,
            id: obligation.id,
        })
    };
    version.pages().flat_map(of_page).collect()
}

/// The gaps that opened and closed. What was answered and is not comes first, then by level and criticality.
pub fn gaps<'a>(before: &Version<'a>, after: &Version<'a>, names: &Names<'a>) -> Both<NewGap<'a>, ClosedGap<'a>> {
    let (old, new) = (owed(before), owed(after));
    let answers = |list: &[Owed<'a>]| list.iter().map(|owed| (owed.id.clone(), owed.answer)).collect::<HashMap<String, Answer>>();
    let (old_answers, new_answers) = (answers(&old), answers(&new));
    let open = |owed: &&Owed<'a>| owed.answer == Answer::Unmet;
    let (old_findings, new_findings) = (by_id(before), by_id(after));
    let mut opened: Vec<(Severity, NewGap<'a>)> = Vec::new();
    for owed in new.iter().filter(open) {
        let was = old_answers.get(&names.id_before(&owed.id)).copied();
        if was != Some(Answer::Unmet) {
            let gap = gap(after, owed, &new_findings);
            opened.push((owed.criticality, NewGap { gap, was: was.map(Answer::name) }));
        }
    }
    opened.sort_by_key(|(criticality, gap)| {
        let before = ["met", "waived", "not_applicable"].iter().position(|name| Some(*name) == gap.was).unwrap_or(3);
        (before, Reverse(rank(gap.gap.level)), Reverse(*criticality))
    });
    let mut closed = Vec::new();
    for owed in old.iter().filter(open) {
        let now = new_answers.get(&names.id_after(&owed.id)).copied();
        if now != Some(Answer::Unmet) {
            closed.push(ClosedGap { gap: gap(before, owed, &old_findings), now: now.map(Answer::name) });
        }
    }
    Both { new: opened.into_iter().map(|(_, gap)| gap).collect(), closed }
}

fn gap<'a>(version: &Version<'a>, owed: &Owed<'a>, findings: &HashMap<&str, &'a Finding>) -> Gap<'a> {
    let finding = findings.get(owed.id.as_str());
    let (rule, element) = owed.id.split_once('@').unwrap_or((&owed.id, ""));
    Gap {
        rule: rule.to_owned(),
        element: element.to_owned(),
        page: owed.page,
        class: owed.class.clone(),
        level: finding.map(|finding| finding.level.name()),
        message: finding.map(|finding| finding.message.as_str()),
        spot: finding.map(|finding| version.spot(&finding.place.path, finding.place.span)),
        id: owed.id.clone(),
    }
}

fn by_id<'a>(version: &Version<'a>) -> HashMap<&'a str, &'a Finding> {
    version.analysis.findings.iter().map(|finding| (finding.id.as_str(), finding)).collect()
}

fn rank(level: Option<&str>) -> Option<Level> {
    [Level::Info, Level::Warning, Level::Error].into_iter().find(|known| Some(known.name()) == level)
}

/// The findings of the rules that are not about obligations, which opened and closed; new ones by level and criticality.
pub fn findings<'a>(before: &Version<'a>, after: &Version<'a>, names: &Names<'a>) -> Both<NewFinding<'a>, ClosedFinding<'a>> {
    let (old, new) = (by_id(before), by_id(after));
    let mut opened: Vec<(Severity, NewFinding<'a>)> = Vec::new();
    for finding in open(after) {
        let was = old.get(names.id_before(&finding.id).as_str());
        if was.is_none_or(|was| was.waived.is_some()) {
            let criticality = after.handbook().page(&finding.element.page).map_or(Severity::Moderate, |page| page.criticality());
            opened.push((criticality, NewFinding { found: found(after, finding), was: was.map(|_| "waived") }));
        }
    }
    opened.sort_by_key(|(criticality, finding)| (Reverse(rank(Some(finding.found.level))), Reverse(*criticality)));
    let mut closed = Vec::new();
    for finding in open(before) {
        let now = new.get(names.id_after(&finding.id).as_str());
        if now.is_none_or(|now| now.waived.is_some()) {
            let off = || level::level(after.handbook(), finding).is_none().then_some("off");
            closed.push(ClosedFinding { found: found(before, finding), now: now.map_or_else(off, |_| Some("waived")) });
        }
    }
    Both { new: opened.into_iter().map(|(_, finding)| finding).collect(), closed }
}

fn open<'a>(version: &Version<'a>) -> impl Iterator<Item = &'a Finding> {
    let about_obligations = |finding: &Finding| rules::find(finding.rule).is_some_and(|rule| rule.group == Group::Coverage);
    version.analysis.findings.iter().filter(move |finding| finding.waived.is_none() && !about_obligations(finding))
}

fn found<'a>(version: &Version<'a>, finding: &'a Finding) -> Found<'a> {
    Found {
        id: &finding.id,
        rule: finding.rule,
        group: rules::find(finding.rule).map_or("", |rule| rule.group.name()),
        level: finding.level.name(),
        message: &finding.message,
        element: finding.element.to_string(),
        spot: version.spot(&finding.place.path, finding.place.span),
    }
}
