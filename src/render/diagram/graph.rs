//! A process as a diagram means it: its tracks, the steps of each in page order, how the normal flow goes on from each, and every other
//! way out with where it ends. Enters: the handbook, resolved. Leaves: [`Diagram`], words and links alone. Absent: places and sizes.

use std::collections::HashMap;

use crate::finding::Finding;
use crate::model::flow::{Way, after};
use crate::model::{ModeIx, ModeView, PageIx, StepIx, StepView, Target};
use crate::parse::markdown::plain;
use crate::parse::value::Actor;

use super::super::views::Here;
use super::super::views::finding::anchor_of;
use super::super::words;

/// A process, as it is drawn and told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagram {
    /// What the process is called.
    pub title: String,
    /// Its tracks, the one with which it starts first.
    pub tracks: Vec<Track>,
    /// The failure modes of the process as a whole.
    pub anywhere: Vec<Outlet>,
}

/// A list of steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    /// Its heading.
    pub title: String,
    /// Where it stands.
    pub href: String,
    /// Its steps, in page order.
    pub steps: Vec<Step>,
}

/// A step or decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its place in the track, from 1.
    pub number: usize,
    /// What is done.
    pub title: String,
    /// Where it stands.
    pub href: String,
    /// Who or what does it.
    pub what: What,
    /// The role that does, watches or takes it.
    pub role: Option<String>,
    /// Human minutes per run.
    pub minutes: Option<String>,
    /// The steps of the same track to which the normal flow goes on, by their place in it, each once.
    pub then: Vec<usize>,
    /// Whether the normal flow ends here.
    pub end: bool,
    /// Every other way out, and the branches of a decision.
    pub outlets: Vec<Outlet>,
}

/// Who or what does a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// People.
    Human,
    /// A machine.
    Automation,
    /// People choose.
    Decision,
}

/// A way out of a step, and where it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlet {
    /// What kind of way it is.
    pub kind: Kind,
    /// The condition, or what happens.
    pub text: String,
    /// Where that is described.
    pub href: Option<String>,
    /// Where it leads, in order; nothing where nothing is declared, and nothing is owed.
    pub to: Vec<End>,
}

/// A kind of way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A branch of a decision.
    Branch,
    /// The normal flow goes to somewhere else than the next step.
    Then,
    /// The time ran out, or a human takes over.
    Aside,
    /// A failure mode.
    Mode(Class),
    /// Several failure modes, told by how many there are of each class.
    Modes(Vec<(Class, usize)>),
    /// An obligation that nothing meets.
    Hole,
}

/// A failure class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// `T`, `H`, `S`, `D`, or the first letter of another.
    pub letter: String,
    /// `Technical`.
    pub title: String,
    /// One of the four classes, else `other`: the name of its colour and line style.
    pub line: &'static str,
}

/// Where a way leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// What stands there.
    pub kind: EndKind,
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub href: String,
}

/// What stands at the end of a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndKind {
    /// A step of the same track, by its number.
    Step(usize),
    /// A step of another track of the page.
    Elsewhere,
    /// A track of the page.
    Track,
    /// Another process, or something on its page.
    Process,
    /// A description in words.
    Words,
    /// Nothing: an obligation that is not met.
    Hole,
}

impl Diagram {
    /// Whether there is anything that the list of steps does not show by itself.
    pub fn is_worth_drawing(&self) -> bool {
        let steps = || self.tracks.iter().flat_map(|track| &track.steps);
        let first = self.tracks.first().map_or(0, |track| track.steps.len());
        first > 2 || (first > 0 && (!self.anywhere.is_empty() || steps().any(|step| !step.outlets.is_empty())))
    }

    /// Every way out, at steps and anywhere.
    pub fn outlets(&self) -> impl Iterator<Item = &Outlet> {
        self.tracks.iter().flat_map(|track| &track.steps).flat_map(|step| &step.outlets).chain(&self.anywhere)
    }

    /// How many ways end at nothing.
    pub fn holes(&self) -> usize {
        let ends = self.outlets().flat_map(|outlet| &outlet.to);
        ends.filter(|end| end.kind == EndKind::Hole).count()
    }
}

/// The diagram of a process; nothing for a page that is none.
pub fn diagram(here: &Here<'_>, page: PageIx) -> Option<Diagram> {
    let model = &here.atlas.handbook.pages[page];
    model.process()?;
    let maker = Maker::new(here, page);
    let tracks = 0..model.document.tracks.len();
    Some(Diagram {
        title: model.title().to_owned(),
        tracks: tracks.map(|track| maker.track(track)).filter(|track| !track.steps.is_empty()).collect(),
        anywhere: maker.anywhere(),
    })
}

struct Maker<'m, 'a> {
    here: &'m Here<'a>,
    page: PageIx,
    /// The failure modes that stand at a step or name it, in page order, those of other pages last.
    at: HashMap<StepIx, Vec<ModeIx>>,
    /// The unmet obligations and faults of each thing on the page.
    findings: HashMap<&'a str, Vec<&'a Finding>>,
}

impl<'m, 'a> Maker<'m, 'a> {
    fn new(here: &'m Here<'a>, page: PageIx) -> Self {
        let atlas = here.atlas;
        let handbook = atlas.handbook;
        let mut at: HashMap<StepIx, Vec<ModeIx>> = HashMap::new();
        for mode in handbook.modes(page) {
            for step in mode.resolved.steps.iter().filter(|step| step.page == page) {
                at.entry(*step).or_default().push(mode.at);
            }
        }
        for step in handbook.steps(page) {
            let elsewhere = handbook.named_from_elsewhere.get(&step.at).into_iter().flatten();
            for mode in elsewhere.filter(|mode| mode.page != page) {
                at.entry(step.at).or_default().push(*mode);
            }
        }
        let mut findings: HashMap<&str, Vec<&Finding>> = HashMap::new();
        for index in &atlas.findings[page].open {
            let finding = &atlas.analysis.findings[*index];
            if let Some(thing) = finding.element.thing.as_deref() {
                findings.entry(thing).or_default().push(finding);
            }
        }
        Self { here, page, at, findings }
    }

    fn track(&self, track: usize) -> Track {
        let written = &self.here.atlas.handbook.pages[self.page].document.tracks[track];
        let steps = (0..written.steps.len()).map(|step| self.step(StepIx { page: self.page, track, step }));
        Track {
            title: written.title.clone(),
            href: self.here.atlas.places.target(self.here.at, Target::Track(self.page, track)),
            steps: steps.collect(),
        }
    }

    fn step(&self, at: StepIx) -> Step {
        let handbook = self.here.atlas.handbook;
        let model = handbook.step(at);
        let decision = model.decision();
        let facts = model.facts();
        let minutes = facts.and_then(|facts| facts.minutes.as_ref()).or(decision.and_then(|decision| decision.minutes.as_ref()));
        let mut then: Vec<usize> = Vec::new();
        let ways = after(handbook, at);
        for (_, target) in ways.iter().filter(|(way, _)| matches!(way, Way::Next | Way::Branch)) {
            let next = match *target {
                Target::Step(next) if (next.page, next.track) == (at.page, at.track) => next.step,
                Target::Track(page, track) if (page, track) == (at.page, at.track) => 0,
                _ => continue,
            };
            if !then.contains(&next) {
                then.push(next);
            }
        }
        let goes_on = ways.iter().any(|(way, _)| matches!(way, Way::Next | Way::Branch));
        let lost = decision.is_some() || facts.is_some_and(|facts| facts.next.is_some());
        Step {
            number: at.step + 1,
            title: model.written.title.clone(),
            href: self.here.atlas.places.target(self.here.at, Target::Step(at)),
            what: match model.actor() {
                _ if decision.is_some() => What::Decision,
                Actor::Human => What::Human,
                Actor::Automation => What::Automation,
            },
            role: model.resolved.role.map(|role| handbook.pages[role].title().to_owned()),
            minutes: minutes.map(|minutes| words::minutes(minutes.value.number())),
            then,
            end: !goes_on && !lost,
            outlets: self.outlets(&model),
        }
    }

    fn outlets(&self, step: &StepView<'_>) -> Vec<Outlet> {
        let mut list = self.branches(step);
        list.extend(self.then(step));
        list.extend(self.modes(step));
        list.extend(self.asides(step));
        list.extend(self.holes(step));
        list
    }

    fn branches(&self, step: &StepView<'_>) -> Vec<Outlet> {
        let undone = || self.hole(&step.written.id, "incomplete-decision");
        let branch = |branch: &crate::model::Branch| Outlet {
            kind: Kind::Branch,
            text: branch.when.as_deref().map_or_else(|| "otherwise".to_owned(), plain),
            href: None,
            to: match branch.to {
                Some(to) => vec![self.end(step.at, to)],
                None => undone().into_iter().collect(),
            },
        };
        step.resolved.branches.iter().map(branch).collect()
    }

    /// `next`, where that is not simply the following step.
    fn then(&self, step: &StepView<'_>) -> Option<Outlet> {
        let next = step.resolved.next.filter(|_| step.decision().is_none())?;
        let following = crate::model::flow::following(self.here.atlas.handbook, step.at).map(Target::Step);
        (Some(next) != following).then(|| Outlet {
            kind: Kind::Then,
            text: "then".to_owned(),
            href: None,
            to: vec![self.end(step.at, next)],
        })
    }

    /// Where it goes when the time runs out, and how a human takes over.
    fn asides(&self, step: &StepView<'_>) -> Vec<Outlet> {
        let limit = step.facts().and_then(|facts| facts.timeout.as_ref());
        let limit = limit.or(step.decision().and_then(|decision| decision.timeout.as_ref()));
        let late = limit.map_or_else(|| "if too slow".to_owned(), |limit| format!("after {}", words::span(&limit.value.text)));
        let mut ways: Vec<(String, Target)> = step.resolved.takeover.map(|to| ("by hand".to_owned(), to)).into_iter().collect();
        match (step.resolved.on_timeout, ways.first_mut()) {
            (Some(to), Some((text, by_hand))) if to == *by_hand => *text = format!("{late}, or by hand"),
            (Some(to), _) => ways.insert(0, (late, to)),
            (None, _) => {}
        }
        let outlet = |(text, to): (String, Target)| Outlet { kind: Kind::Aside, text, href: None, to: vec![self.end(step.at, to)] };
        ways.into_iter().map(outlet).collect()
    }

    fn holes(&self, step: &StepView<'_>) -> Vec<Outlet> {
        let obligations = [("step-without-failure-mode", "if it fails"), ("missing-takeover", "by hand")];
        let outlet = |(rule, text): (&str, &str)| {
            let hole = self.hole(&step.written.id, rule)?;
            Some(Outlet { kind: Kind::Hole, text: text.to_owned(), href: None, to: vec![hole] })
        };
        obligations.into_iter().filter_map(outlet).collect()
    }

    fn modes(&self, step: &StepView<'_>) -> Vec<Outlet> {
        self.at.get(&step.at).into_iter().flatten().map(|mode| self.mode(*mode, Some(step.at))).collect()
    }

    fn anywhere(&self) -> Vec<Outlet> {
        let modes = self.here.atlas.handbook.modes(self.page).filter(|mode| mode.resolved.steps.is_empty());
        modes.map(|mode| self.mode(mode.at, None)).collect()
    }

    fn class(&self, id: Option<&str>) -> Class {
        let Some(id) = id.filter(|id| !id.is_empty()) else {
            return Class { letter: "·".to_owned(), title: "Failure mode".to_owned(), line: "other" };
        };
        let view = self.here.class(id);
        Class { letter: view.letter, title: view.title, line: view.icon }
    }

    fn mode(&self, at: ModeIx, step: Option<StepIx>) -> Outlet {
        let mode = self.here.atlas.handbook.mode(at);
        Outlet {
            kind: Kind::Mode(self.class(mode.class())),
            text: self.here.mode_title(at),
            href: Some(self.here.atlas.places.target(self.here.at, Target::Mode(at))),
            to: self.ends(&mode, step),
        }
    }

    /// Where the recovery of a failure mode leads.
    fn ends(&self, mode: &ModeView<'_>, step: Option<StepIx>) -> Vec<End> {
        let path = mode.resolved.path.iter().filter(|target| !matches!(target, Target::Mode(_)));
        let path: Vec<End> = path.map(|target| self.end_from(step, *target)).collect();
        if !path.is_empty() {
            return path;
        }
        if mode.has_recovery() {
            let href = self.here.atlas.places.target(self.here.at, Target::Mode(mode.at));
            return vec![End { kind: EndKind::Words, title: "in words".to_owned(), href }];
        }
        // The card of a failure mode of another page stands there, where the mode is described.
        if mode.at.page == self.page { self.hole(&mode.written.id, "missing-recovery").into_iter().collect() } else { Vec::new() }
    }

    fn end(&self, from: StepIx, target: Target) -> End {
        self.end_from(Some(from), target)
    }

    fn end_from(&self, from: Option<StepIx>, target: Target) -> End {
        let link = self.here.target(target);
        let kind = match target {
            _ if target.page() != self.page => EndKind::Process,
            Target::Step(step) if from.is_some_and(|from| from.track == step.track) => EndKind::Step(step.step + 1),
            Target::Step(_) | Target::Mode(_) => EndKind::Elsewhere,
            Target::Track(..) => EndKind::Track,
            Target::Page(_) => EndKind::Process,
        };
        End { kind, title: link.title, href: link.href }
    }

    /// An obligation of a thing on this page that a rule found unmet, at its card.
    fn hole(&self, thing: &str, rule: &str) -> Option<End> {
        let finding = self.findings.get(thing)?.iter().find(|finding| finding.rule == rule)?;
        let href = self.here.atlas.places.anchor(self.here.at, self.page, &anchor_of(finding));
        let title = match rule {
            "missing-recovery" => "Gap: nothing says how to get back to normal",
            "missing-takeover" => "Gap: nobody is told how to go on by hand",
            "step-without-failure-mode" => "Gap: nothing says what happens if this fails",
            _ => "Gap: nothing says where this leads",
        };
        Some(End { kind: EndKind::Hole, title: title.to_owned(), href })
    }
}
