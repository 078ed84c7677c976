//! Handbook -> findings. Changes nothing, does no I/O, and no rule sees another's findings.
//!
//! The story: every rule of the table looks; waivers are applied; levels are settled; what is off is dropped; the rest is sorted and
//! named. Coverage counts before anything is dropped.

pub mod chain;
pub mod coverage;
pub mod drill;
pub mod due;
pub mod foresight;
pub mod growth;
pub mod hours;
pub mod level;
pub mod load;
pub mod people;
pub mod passes;
pub mod phrasing;
pub mod premortem;
pub mod priority;
pub mod reach;
pub mod record;
pub mod rule;
pub mod rules;
pub mod serious_use;
pub mod sums;
pub mod users;
pub mod waive;

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::finding::{Finding, Findings};
use crate::model::{Handbook, ModeView, PageIx, StepView};
use crate::parse::value::{PageKind, Status};
use crate::source::Sources;

use rule::{Look, Rule};

/// All findings, waived ones included, sorted by path, line, column and rule (what is equal in all four stays in the order of its
/// rule's thought); and the coverage.
#[derive(Debug, Default)]
pub struct Checked {
    /// The findings.
    pub findings: Findings,
    /// Obligations and how many are met.
    pub coverage: coverage::Report,
}

/// Looks at a handbook with every rule of the table. `earlier` are the findings of parsing and resolving.
pub fn check(handbook: &Handbook, sources: &Sources, earlier: Vec<Finding>) -> Checked {
    check_with(&rules::RULES.iter().collect::<Vec<_>>(), handbook, sources, earlier)
}

/// Looks at a handbook with these rules, in this order: it makes no difference to what is found.
pub fn check_with(rules: &[&Rule], handbook: &Handbook, sources: &Sources, earlier: Vec<Finding>) -> Checked {
    // Each by itself, as they are kept in the end: they are many, and a list of all of them that grows is there twice.
    let mut findings: Vec<Arc<Finding>> = earlier.into_iter().chain(level::unknown_names(&handbook.settings)).map(Arc::new).collect();
    look(rules, handbook, &mut findings);
    waive::apply(handbook, &mut findings);
    name(&mut findings);
    let coverage = coverage::report(handbook, &findings);
    findings.retain_mut(|finding| match level::level(handbook, finding) {
        Some(level) => {
            Arc::make_mut(finding).level = level;
            true
        }
        None => false,
    });
    sort(&mut findings, sources);
    number(&mut findings);
    Checked { findings: findings.into_iter().collect(), coverage }
}

/// Adds what the rules find, page by page in parallel.
fn look(rules: &[&Rule], handbook: &Handbook, findings: &mut Vec<Arc<Finding>>) {
    let whole = rules.iter().flat_map(|rule| match rule.look {
        Look::Handbook(look) => look(handbook),
        _ => Vec::new(),
    });
    findings.extend(whole.map(Arc::new));
    findings.par_extend((0..handbook.pages.len()).into_par_iter().flat_map_iter(|page| look_at(rules, handbook, page)).map(Arc::new));
}

fn look_at(rules: &[&Rule], handbook: &Handbook, page: PageIx) -> Vec<Finding> {
    let at = &handbook.pages[page];
    let retired = at.status() == Status::Retired;
    let is_process = at.process().is_some();
    let steps: Vec<StepView<'_>> = handbook.steps(page).collect();
    let modes: Vec<ModeView<'_>> = handbook.modes(page).collect();
    let kind = at.page_kind();
    let apply = |rule: &Rule| match rule.look {
        Look::AnyProcess(look) if is_process => look(handbook, page),
        Look::Process(look) if is_process && !retired => look(handbook, page),
        Look::AnyStep(look) => steps.iter().flat_map(|step| look(handbook, step)).collect(),
        Look::Step(look) if !retired => steps.iter().flat_map(|step| look(handbook, step)).collect(),
        Look::AnyMode(look) => modes.iter().flat_map(|mode| look(handbook, mode)).collect(),
        Look::Mode(look) if !retired => modes.iter().flat_map(|mode| look(handbook, mode)).collect(),
        Look::System(look) if kind == PageKind::System => look(handbook, page),
        Look::Role(look) if kind == PageKind::Role => look(handbook, page),
        Look::Incident(look) if kind == PageKind::Incident => look(handbook, page),
        _ => Vec::new(),
    };
    rules.iter().copied().flat_map(apply).collect()
}

fn name(findings: &mut [Arc<Finding>]) {
    for finding in findings.iter_mut().map(Arc::make_mut) {
        finding.id = format!("{}@{}", finding.rule, finding.element);
    }
}

fn sort(findings: &mut [Arc<Finding>], sources: &Sources) {
    findings.sort_by_cached_key(|finding| {
        let position = sources.position(&finding.place.path, finding.place.span.start());
        (finding.place.path.clone(), position, finding.rule)
    });
}

/// Ids that are still equal get `~2`, `~3` in page order.
fn number(findings: &mut [Arc<Finding>]) {
    let mut given: HashMap<String, usize> = HashMap::new();
    for finding in findings.iter_mut().map(Arc::make_mut) {
        let count = given.entry(finding.id.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            finding.id = format!("{}~{count}", finding.id);
        }
    }
}
