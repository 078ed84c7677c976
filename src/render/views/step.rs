//! A step or decision with its facts, its failure modes and its gaps.

use serde::Serialize;

use crate::model::{ModeIx, StepIx, StepView as Model, Target};
use crate::parse::value::{Actor, Guard, Reach, Reversible};

use super::super::atlas::{is_fault, is_gap};
use super::super::html::{Body, StepBody};
use super::super::words;
use super::finding::{FindingView, finding};
use super::mode::{ModeView, mode};
use super::{Fact, Here, Link, ModeLink, anchor};

/// A step or decision.
#[derive(Clone, Debug, Serialize)]
pub struct StepView {
    /// Its anchor.
    pub id: String,
    /// A second anchor, where its heading has one.
    pub also: Option<String>,
    /// Its place in the track, from 1.
    pub number: usize,
    /// What is done.
    pub title: String,
    /// What is done, with its marks.
    pub title_html: String,
    /// Where it is.
    pub href: String,
    /// `step` or `decision`.
    pub kind: &'static str,
    /// `human` or `automation`.
    pub actor: &'static str,
    /// Who does, watches or decides it.
    pub role: Option<Link>,
    /// Human minutes per run.
    pub minutes: Option<String>,
    /// How long it may take.
    pub limit: Option<String>,
    /// `not reversible`, `reversible until …`; none where it can always be undone.
    pub reversible: Option<String>,
    /// Whether it checks that the normal state is back.
    pub verifies: bool,
    /// Whether the process ends here.
    pub end: bool,
    /// What else is declared.
    pub facts: Vec<Fact>,
    /// The ways out of a decision, the one that is always open last.
    pub branches: Vec<BranchView>,
    /// What the author wrote.
    pub html: String,
    /// The failure modes declared at it.
    pub modes: Vec<ModeView>,
    /// Failure modes that are described elsewhere on the page and name it.
    pub named: Vec<ModeLink>,
    /// The systems that it uses, with how many ways of failing are described on their pages.
    pub inherited: Vec<InheritedView>,
    /// Gaps and faults of the step itself.
    pub findings: Vec<FindingView>,
    /// Whether it, or a failure mode at it, has a gap.
    pub has_gap: bool,
}

/// A way out of a decision.
#[derive(Clone, Debug, Serialize)]
pub struct BranchView {
    /// The condition; none for the way that is always open.
    pub when_html: Option<String>,
    /// Where it leads; none where nothing says so.
    pub to: Option<Link>,
}

/// A system whose failure modes hit a step.
#[derive(Clone, Debug, Serialize)]
pub struct InheritedView {
    /// The system.
    pub from: Link,
    /// How many ways of failing are described there.
    pub count: usize,
}

/// A step. `body` is the whole page's Markdown.
pub fn step(here: &Here<'_>, at: StepIx, body: &Body) -> StepView {
    let handbook = here.atlas.handbook;
    let model = handbook.step(at);
    let text = body.tracks.get(at.track).and_then(|track| track.steps.get(at.step));
    let declared = (0..model.page.modes.len()).map(|index| ModeIx { page: at.page, mode: index });
    let inside = |mode: &ModeIx| handbook.mode(*mode).written.step == Some((at.track, at.step));
    let modes: Vec<ModeView> = declared.filter(inside).map(|index| mode(here, index, body.modes.get(index.mode))).collect();
    let findings: Vec<FindingView> = here
        .atlas
        .open_on(at.page, Some(&model.written.id))
        .filter(|found| is_gap(found) || is_fault(found))
        .map(|found| finding(here, Some(at.page), found))
        .collect();
    let has_gap = !findings.is_empty() || modes.iter().any(|mode| mode.has_gap);
    StepView { modes, findings, has_gap, named: named(here, &model), inherited: inherited(here, &model), ..plain(here, &model, text) }
}

/// A step without its failure modes and gaps.
pub fn plain(here: &Here<'_>, model: &Model<'_>, text: Option<&StepBody>) -> StepView {
    let also = match model.written.shape {
        crate::parse::document::StepShape::Section(heading) => {
            model.page.document.anchors.get(heading).and_then(|anchor| anchor.also.clone())
        }
        crate::parse::document::StepShape::Item(..) => None,
    };
    let decision = model.decision();
    let facts = model.facts();
    let minutes = facts.and_then(|facts| facts.minutes.as_ref()).or(decision.and_then(|decision| decision.minutes.as_ref()));
    let limit = facts.and_then(|facts| facts.timeout.as_ref()).or(decision.and_then(|decision| decision.timeout.as_ref()));
    StepView {
        id: model.written.id.clone(),
        also,
        number: model.at.step + 1,
        title: model.written.title.clone(),
        title_html: text.map(|text| text.title.clone()).unwrap_or_else(|| super::html::escape(&model.written.title)),
        href: here.atlas.places.target(here.at, Target::Step(model.at)),
        kind: if decision.is_some() { "decision" } else { "step" },
        actor: match model.actor() {
            Actor::Human => "human",
            Actor::Automation => "automation",
        },
        role: model.resolved.role.map(|role| here.page(role)),
        minutes: minutes.map(|minutes| words::minutes(minutes.value.number())),
        limit: limit.map(|limit| words::span(&limit.value.text)),
        reversible: reversible(here, model),
        verifies: model.verifies(),
        end: model.ends(),
        facts: further(here, model),
        branches: branches(here, model),
        html: text.map(|text| text.html.trim().to_owned()).unwrap_or_default(),
        modes: Vec::new(),
        named: Vec::new(),
        inherited: Vec::new(),
        findings: Vec::new(),
        has_gap: false,
    }
}

fn reversible(here: &Here<'_>, model: &Model<'_>) -> Option<String> {
    match &model.facts()?.reversible.as_ref()?.value {
        Reversible::Yes => None,
        Reversible::No => Some("cannot be undone".to_owned()),
        Reversible::Until(_) => {
            let until = model.resolved.reversible_until.map(|until| here.atlas.handbook.title_of(Target::Step(until)));
            Some(until.map_or_else(|| "cannot always be undone".to_owned(), |until| format!("can be undone until “{until}”")))
        }
    }
}

fn further(here: &Here<'_>, model: &Model<'_>) -> Vec<Fact> {
    let resolved = model.resolved;
    let mut list = Vec::new();
    let mut add = |name: &str, html: Option<String>| list.extend(html.map(|html| Fact { name: name.to_owned(), html }));
    let pages = |needed: &[crate::model::Dependency]| {
        (!needed.is_empty()).then(|| here.links_html(needed.iter().map(|needed| Target::Page(needed.page))))
    };
    let one = |target: Option<Target>| target.map(|target| anchor(&here.target(target)));
    add("Needs", pages(&resolved.uses));
    add("Helped by", pages(&resolved.may_use));
    add("By hand", one(resolved.takeover));
    add("If too slow", one(resolved.on_timeout));
    let Some(facts) = model.facts() else { return list };
    let abort = one(resolved.abort).or_else(|| match facts.abort.as_ref().map(|abort| &abort.value) {
        Some(crate::parse::value::ReferenceOrText::Text(text)) => Some(here.prose(model.at.page, text)),
        _ => None,
    });
    add("To stop it", abort);
    add("Writes", pages(&resolved.writes));
    add("Locks", pages(&resolved.locks));
    add("Deletes from", pages(&resolved.destroys));
    add("Trusts", pages(&resolved.acts_on));
    add("First", {
        let steps: Vec<Target> = resolved.requires.iter().map(|(step, _)| Target::Step(*step)).collect();
        (!steps.is_empty()).then(|| here.links_html(steps))
    });
    add("Guard", facts.guard.as_ref().map(|guard| guard_words(guard.value).to_owned()));
    add("Reach", facts.reach.as_ref().map(|reach| reach_words(reach.value).to_owned()));
    let temporary = facts.temporary.as_ref().map(|temporary| {
        let undo = resolved.undo.map(|undo| format!(", undone by {}", anchor(&here.target(Target::Step(undo))))).unwrap_or_default();
        format!("at most {}{undo}", super::html::escape(&words::span(&temporary.value.text)))
    });
    add("Temporary", temporary);
    add(
        "Tried again",
        facts.retry.as_ref().map(|retry| if retry.value.0 == 1 { "once".to_owned() } else { format!("{} times", retry.value.0) }),
    );
    add("Safe to repeat", facts.idempotent.as_ref().map(|same| if same.value { "yes" } else { "no" }.to_owned()));
    add("Then", one(resolved.next));
    list
}

fn guard_words(guard: Guard) -> &'static str {
    match guard {
        Guard::Peer => "a second person",
        Guard::DryRun => "a dry run",
        Guard::Approval => "an approval",
        Guard::Backup => "a backup",
        Guard::ScopedTarget => "a scoped target",
        Guard::Staged => "in stages",
    }
}

fn reach_words(reach: Reach) -> &'static str {
    match reach {
        Reach::One => "one at a time",
        Reach::Batch => "a batch at a time",
        Reach::All => "everything at once",
    }
}

fn branches(here: &Here<'_>, model: &Model<'_>) -> Vec<BranchView> {
    let view = |branch: &crate::model::Branch| BranchView {
        when_html: branch.when.as_ref().map(|when| here.prose(model.at.page, when)),
        to: branch.to.map(|to| here.target(to)),
    };
    model.resolved.branches.iter().map(view).collect()
}

fn inherited(here: &Here<'_>, model: &Model<'_>) -> Vec<InheritedView> {
    let handbook = here.atlas.handbook;
    let systems = model.resolved.uses.iter().filter(|used| handbook.pages[used.page].process().is_none());
    let counted = systems.map(|used| InheritedView { from: here.page(used.page), count: handbook.pages[used.page].modes.len() });
    counted.filter(|system| system.count > 0).collect()
}

fn named(here: &Here<'_>, model: &Model<'_>) -> Vec<ModeLink> {
    let elsewhere = here.atlas.handbook.modes(model.at.page).filter(|mode| mode.written.step != Some((model.at.track, model.at.step)));
    elsewhere.filter(|mode| mode.resolved.steps.contains(&model.at)).map(|mode| here.mode(mode.at)).collect()
}
