//! The references of steps, decisions and failure modes, resolved.

use std::collections::HashSet;

use crate::parse::blocks::{DecisionBlock, Detect, FailureBlock, Recover, StepBlock};
use crate::parse::document::{self, StepFacts};
use crate::parse::front_matter::ProcessKeys;
use crate::parse::value::{ReferenceOrText, Reversible};
use crate::source::Located;

use super::resolve::{Resolver, Wanted};
use super::{Branch, Dependency, LinkTarget, Mode, ModeIx, Page, PageIx, Process, Step, StepIx, Target, Track};

/// The process behind a page, with all references of its front matter and steps. What it inherits is filled in later.
pub(super) fn process(page: &Page, keys: &ProcessKeys, resolver: &mut Resolver<'_>) -> Process {
    resolver.about(None);
    let depends_on = resolver.dependencies(&keys.depends_on, Wanted::Dependency);
    let dated: Vec<&str> = keys.drills.0.iter().map(|(name, _)| name.value.trim_start_matches('#')).collect();
    let drills = keys.drills.0.iter().filter_map(|(name, date)| Some((resolver.drilled(name, &dated)?, date.value))).collect();
    let tracks = page.document.tracks.iter().map(|track| Track { steps: track.steps.iter().map(|at| step(at, resolver)).collect() });
    Process { depends_on, tracks: tracks.collect(), inherited: Vec::new(), drills }
}

fn step(written: &document::Step, resolver: &mut Resolver<'_>) -> Step {
    resolver.about(Some(&written.id));
    match &written.facts {
        StepFacts::Step(block) => action(block, resolver),
        StepFacts::Decision(block) => decision(block, resolver),
    }
}

fn action(block: &StepBlock, resolver: &mut Resolver<'_>) -> Step {
    let abort = block.abort.as_ref().and_then(|abort| match &abort.value {
        ReferenceOrText::Reference(reference) => resolver.target(&Located::new(reference.clone(), abort.span), Wanted::Flow),
        ReferenceOrText::Text(_) => None,
    });
    let until = block.reversible.as_ref().and_then(|reversible| match &reversible.value {
        Reversible::Until(reference) => resolver.step(&Located::new(reference.clone(), reversible.span)),
        _ => None,
    });
    let requires = block.requires.iter().filter_map(|reference| Some((resolver.step(reference)?, reference.span))).collect();
    Step {
        role: resolver.maybe(&block.role, Wanted::Role),
        uses: resolver.dependencies(&block.uses, Wanted::Dependency),
        may_use: resolver.dependencies(&block.may_use, Wanted::Dependency),
        writes: resolver.dependencies(&block.writes, Wanted::System),
        locks: resolver.dependencies(&block.locks, Wanted::System),
        destroys: resolver.dependencies(&block.destroys, Wanted::System),
        acts_on: resolver.dependencies(&block.acts_on, Wanted::System),
        takeover: resolver.flow(&block.takeover),
        requires,
        abort,
        undo: block.undo.as_ref().and_then(|undo| resolver.step(undo)),
        on_timeout: resolver.flow(&block.on_timeout),
        next: resolver.flow(&block.next),
        reversible_until: until,
        branches: Vec::new(),
    }
}

fn decision(block: &DecisionBlock, resolver: &mut Resolver<'_>) -> Step {
    let mut branches: Vec<Branch> = Vec::new();
    for branch in &block.branch {
        let when = branch.when.as_ref().map(|when| when.value.0.clone()).filter(|when| when.trim() != "otherwise");
        branches.push(Branch { when, to: resolver.flow(&branch.to) });
    }
    if block.otherwise.is_some() {
        branches.push(Branch { when: None, to: resolver.flow(&block.otherwise) });
    }
    branches.sort_by_key(|branch| branch.when.is_none());
    Step {
        role: resolver.maybe(&block.by, Wanted::Role),
        uses: resolver.dependencies(&block.uses, Wanted::Dependency),
        may_use: resolver.dependencies(&block.may_use, Wanted::Dependency),
        on_timeout: resolver.flow(&block.on_timeout),
        branches,
        ..Step::default()
    }
}

/// A failure mode with its references. `links` says where the links of its recovery lead.
pub(super) fn mode(
    page: PageIx,
    written: &document::Failure,
    own_system: Option<PageIx>,
    resolver: &mut Resolver<'_>,
    link: impl Fn(&str) -> Option<LinkTarget>,
) -> Mode {
    resolver.about(Some(&written.id));
    let block: &FailureBlock = &written.block;
    let mut mode = Mode {
        of: match &block.of {
            Some(of) => resolver.page(of, Wanted::Dependency),
            None => own_system,
        },
        owner: resolver.maybe(&block.owner, Wanted::Role),
        action_owners: block.action.iter().map(|action| resolver.maybe(&action.owner, Wanted::Role)).collect(),
        ..Mode::default()
    };
    mode.steps.extend(written.step.map(|(track, step)| StepIx { page, track, step }));
    let at = block.at.as_ref().and_then(|at| resolver.step(at));
    mode.steps.extend(at.filter(|at| !mode.steps.contains(at)));
    if let Some(Detect::Table(table)) = &block.detect {
        mode.via = resolver.dependencies(&table.via, Wanted::System);
    }
    if let Some(Recover::Table(table)) = &block.recover {
        (mode.path, mode.path_spans) = resolver.path(&table.path).into_iter().unzip();
        mode.by = resolver.maybe(&table.by, Wanted::Role);
        mode.uses = resolver.dependencies(&table.uses, Wanted::Dependency);
        mode.escalate_to = table.escalate.as_ref().and_then(|escalate| resolver.maybe(&escalate.to, Wanted::Role));
        mode.alternative = resolver.path(&table.alternative).into_iter().map(|(target, _)| target).collect();
        mode.alternative_uses = resolver.dependencies(&table.alternative_uses, Wanted::Dependency);
    }
    for written in &written.recovery_links {
        let target = match link(&written.value) {
            Some(LinkTarget::Thing(target @ (Target::Step(_) | Target::Track(..)))) => target,
            Some(LinkTarget::Process(page)) => Target::Page(page),
            _ => continue,
        };
        if !mode.path.contains(&target) {
            mode.path.push(target);
            mode.path_spans.push(written.span);
        }
    }
    mode
}

/// The failure modes of the systems that a process uses directly, each once, in page order.
pub(super) fn inherited(uses: impl Iterator<Item = Dependency>, pages: &[Page]) -> Vec<ModeIx> {
    let systems: HashSet<PageIx> =
        uses.map(|dependency| dependency.page).filter(|page| pages[*page].page_kind() == crate::parse::value::PageKind::System).collect();
    let mut systems: Vec<PageIx> = systems.into_iter().collect();
    systems.sort_unstable();
    systems.into_iter().flat_map(|page| (0..pages[page].document.failures.len()).map(move |mode| ModeIx { page, mode })).collect()
}
