//! A failure mode as a checklist entry: you notice, do, back to normal when.

use serde::Serialize;

use crate::finding::Finding;
use crate::model::{ModeIx, ModeView as Model, PageIx, Target};
use crate::parse::value::Detector;

use super::super::atlas::{is_fault, is_gap};
use super::super::html::ModeBody;
use super::super::words;
use super::finding::{FindingView, finding};
use super::{ClassView, Fact, Here, Link, anchor};

/// A failure mode with everything that is said of it.
#[derive(Clone, Debug, Serialize)]
pub struct ModeView {
    /// Its anchor.
    pub id: String,
    /// A second anchor, where its heading has one.
    pub also: Option<String>,
    /// What happens.
    pub title: String,
    /// What happens, with its marks.
    pub title_html: String,
    /// Where it is described.
    pub href: String,
    /// Its class; none where it could not be read.
    pub class: Option<ClassView>,
    /// `minor` to `critical`; none where it is not rated.
    pub severity: Option<&'static str>,
    /// `rare` to `frequent`; none where it is not rated.
    pub likelihood: Option<&'static str>,
    /// `high`, `medium` or `low`.
    pub priority: &'static str,
    /// How it shows: `down`, `slow` …
    pub state: Option<&'static str>,
    /// What fails.
    pub of: Option<Link>,
    /// The steps that it can hit, where it stands in none of them.
    pub at: Vec<Link>,
    /// How it is noticed.
    pub notice: NoticeView,
    /// The way back.
    pub recovery: RecoveryView,
    /// How one knows that normal is back.
    pub back: BackView,
    /// What folds away: cause, effect, prevention, and the rest.
    pub analysis: Vec<Fact>,
    /// What is being done about it.
    pub actions: Vec<ActionView>,
    /// Incidents in which it came true, newest first.
    pub incidents: Vec<Link>,
    /// Findings that stand at none of the rows.
    pub findings: Vec<FindingView>,
    /// Whether it has a gap or a fault.
    pub has_gap: bool,
}

/// How a failure mode is noticed.
#[derive(Clone, Debug, Serialize)]
pub struct NoticeView {
    /// The signal.
    pub html: Option<String>,
    /// `alert`, `a check`, `somebody who looks`, `a customer`.
    pub by: Option<&'static str>,
    /// How soon.
    pub within: Option<String>,
    /// The systems that carry the signal.
    pub via: Vec<Link>,
    /// What is missing.
    pub gap: Option<FindingView>,
}

/// The way back.
#[derive(Clone, Debug, Serialize)]
pub struct RecoveryView {
    /// Steps, tracks and processes, in order.
    pub path: Vec<Link>,
    /// The way back in words.
    pub html: Option<String>,
    /// The section under the failure mode's own heading.
    pub section_html: Option<String>,
    /// Who does it.
    pub by: Option<Link>,
    /// How long it takes.
    pub within: Option<String>,
    /// Who decides to begin, and on what.
    pub decide_html: Option<String>,
    /// Whom to call next, and when.
    pub escalate: Option<EscalateView>,
    /// What it needs.
    pub uses: Vec<Link>,
    /// The second way.
    pub alternative: Vec<Link>,
    /// What the second way needs.
    pub alternative_uses: Vec<Link>,
    /// What is missing.
    pub gap: Option<FindingView>,
    /// Nobody decides.
    pub decide_gap: Option<FindingView>,
}

/// Whom to call next.
#[derive(Clone, Debug, Serialize)]
pub struct EscalateView {
    /// After how long.
    pub after: Option<String>,
    /// The role.
    pub to: Option<Link>,
}

/// How one knows that normal is back.
#[derive(Clone, Debug, Serialize)]
pub struct BackView {
    /// The check.
    pub html: Option<String>,
    /// The steps of the way back that check it.
    pub steps: Vec<Link>,
    /// The last day on which somebody really went this way.
    pub drilled: Option<String>,
    /// Nothing says how one knows.
    pub gap: Option<FindingView>,
    /// Nobody has tried it, or not lately.
    pub drill_gap: Option<FindingView>,
}

/// Something that is being done.
#[derive(Clone, Debug, Serialize)]
pub struct ActionView {
    /// What.
    pub html: String,
    /// Who.
    pub owner: Option<Link>,
    /// The day by which.
    pub due: Option<String>,
    /// The day on which it was done.
    pub done: Option<String>,
    /// Whether that day has passed.
    pub late: bool,
}

/// A failure mode. `body` is the Markdown under its heading.
pub fn mode(here: &Here<'_>, at: ModeIx, body: Option<&ModeBody>) -> ModeView {
    let atlas = here.atlas;
    let handbook = atlas.handbook;
    let model = handbook.mode(at);
    let mut mine = Mine::new(here, at.page, &model.written.id);
    let notice = notice(here, &model, &mut mine);
    let recovery = recovery(here, &model, body, &mut mine);
    let back = back(here, &model, &mut mine);
    let has_gap = mine.any;
    let title_html = body.map(|body| body.title.trim()).filter(|title| !title.is_empty()).map(str::to_owned);
    let written_title = model.facts().title.as_ref().map(|title| here.prose(at.page, &title.value.0));
    let also = model.written.heading.and_then(|heading| model.page.document.anchors.get(heading)).and_then(|anchor| anchor.also.clone());
    ModeView {
        id: model.written.id.clone(),
        also,
        title: here.mode_title(at),
        title_html: title_html.or(written_title).unwrap_or_else(|| super::html::escape(&here.mode_title(at))),
        href: atlas.places.target(here.at, Target::Mode(at)),
        class: model.class().map(|class| here.class(class)),
        severity: model.severity().map(|severity| severity.name()),
        likelihood: model.likelihood().map(|likelihood| likelihood.name()),
        priority: atlas.priority(at).name(),
        state: model.state().map(|state| state.name()),
        of: model.resolved.of.filter(|of| *of != at.page).map(|of| here.page(of)),
        at: model.resolved.steps.iter().filter(|_| model.written.step.is_none()).map(|step| here.target(Target::Step(*step))).collect(),
        notice,
        recovery,
        back,
        analysis: analysis(here, &model),
        actions: actions(here, at.page, model.actions(), &model.resolved.action_owners),
        incidents: atlas.came_true.get(&at).into_iter().flatten().map(|incident| here.page(*incident)).collect(),
        findings: mine.rest(here, at.page),
        has_gap,
    }
}

/// The gaps and faults on one failure mode, until each has found its row.
struct Mine<'a> {
    findings: Vec<&'a Finding>,
    any: bool,
}

impl<'a> Mine<'a> {
    fn new(here: &Here<'a>, page: PageIx, thing: &str) -> Self {
        let findings: Vec<&Finding> =
            here.atlas.open_on(page, Some(thing)).filter(|finding| is_gap(finding) || is_fault(finding)).collect();
        Self { any: !findings.is_empty(), findings }
    }

    fn take(&mut self, here: &Here<'_>, page: PageIx, rule: &str) -> Option<FindingView> {
        let at = self.findings.iter().position(|finding| finding.rule == rule)?;
        Some(finding(here, Some(page), self.findings.remove(at)))
    }

    fn rest(self, here: &Here<'_>, page: PageIx) -> Vec<FindingView> {
        self.findings.into_iter().map(|left| finding(here, Some(page), left)).collect()
    }
}

fn notice(here: &Here<'_>, model: &Model<'_>, mine: &mut Mine<'_>) -> NoticeView {
    let on = model.at.page;
    NoticeView {
        html: model.signal().map(|signal| here.prose(on, signal)),
        by: model.detector().map(|by| match by {
            Detector::Alert => "alert",
            Detector::Check => "a check",
            Detector::Human => "somebody who looks",
            Detector::Customer => "a customer",
        }),
        within: model.detect().and_then(|detect| detect.within.as_ref()).map(|within| words::span(&within.value.text)),
        via: model.resolved.via.iter().map(|via| here.page(via.page)).collect(),
        gap: mine.take(here, on, "missing-detection"),
    }
}

fn recovery(here: &Here<'_>, model: &Model<'_>, body: Option<&ModeBody>, mine: &mut Mine<'_>) -> RecoveryView {
    let on = model.at.page;
    let table = model.recover();
    let resolved = model.resolved;
    let links = |targets: &[Target]| targets.iter().map(|target| here.target(*target)).collect::<Vec<_>>();
    let pages = |pages: &[crate::model::Dependency]| pages.iter().map(|page| here.page(page.page)).collect::<Vec<_>>();
    RecoveryView {
        path: links(&resolved.path),
        html: model.recovery_text().map(|text| here.prose(on, text)),
        section_html: body.map(|body| body.html.clone()).filter(|html| !html.trim().is_empty()),
        by: resolved.by.map(|by| here.page(by)),
        within: table.and_then(|table| table.within.as_ref()).map(|within| words::span(&within.value.text)),
        decide_html: model.decide().map(|decide| here.prose(on, decide)),
        escalate: table.and_then(|table| table.escalate.as_ref()).map(|escalate| EscalateView {
            after: escalate.after.as_ref().map(|after| words::span(&after.value.text)),
            to: resolved.escalate_to.map(|to| here.page(to)),
        }),
        uses: pages(&resolved.uses),
        alternative: links(&resolved.alternative),
        alternative_uses: pages(&resolved.alternative_uses),
        gap: mine.take(here, on, "missing-recovery"),
        decide_gap: mine.take(here, on, "missing-decision"),
    }
}

fn back(here: &Here<'_>, model: &Model<'_>, mine: &mut Mine<'_>) -> BackView {
    let on = model.at.page;
    let handbook = here.atlas.handbook;
    let steps = model.resolved.path.iter().flat_map(|target| match *target {
        Target::Step(step) => vec![step],
        Target::Track(page, track) => {
            let steps = handbook.pages[page].document.tracks[track].steps.len();
            (0..steps).map(|step| crate::model::StepIx { page, track, step }).collect()
        }
        _ => Vec::new(),
    });
    let drilled =
        model.recover().and_then(|recover| recover.drilled.as_ref()).map(|day| day.value).or_else(|| drilled_by_path(here, model));
    BackView {
        html: model.verify().map(|verify| here.prose(on, verify)),
        steps: steps.filter(|step| handbook.step(*step).verifies()).map(|step| here.target(Target::Step(step))).collect(),
        drilled: drilled.map(words::day),
        gap: mine.take(here, on, "unverified-recovery"),
        drill_gap: mine.take(here, on, "untested-recovery"),
    }
}

/// The oldest drill of the tracks and processes on the way back, where each was drilled.
fn drilled_by_path(here: &Here<'_>, model: &Model<'_>) -> Option<jiff::civil::Date> {
    let handbook = here.atlas.handbook;
    let path = &model.resolved.path;
    if path.is_empty() || path.iter().any(|target| matches!(target, Target::Step(_) | Target::Mode(_))) {
        return None;
    }
    let days = path.iter().map(|target| {
        let here = model.page.process().into_iter().flat_map(|process| &process.drills);
        let there = handbook.pages[target.page()].process().into_iter().flat_map(|process| &process.drills);
        here.chain(there).filter(|(drilled, _)| drilled == target).map(|(_, day)| *day).max()
    });
    days.collect::<Option<Vec<_>>>().and_then(|days| days.into_iter().min())
}

fn analysis(here: &Here<'_>, model: &Model<'_>) -> Vec<Fact> {
    let on = model.at.page;
    let facts = model.facts();
    let table = model.recover();
    let mut list = Vec::new();
    let mut add = |name: &str, html: Option<String>| list.extend(html.map(|html| Fact { name: name.to_owned(), html }));
    add("Cause", model.said(&facts.cause).map(|text| here.prose(on, text)));
    add("Effect", model.said(&facts.effect).map(|text| here.prose(on, text)));
    add("Prevention", model.said(&facts.prevent).map(|text| here.prose(on, text)));
    add("What becomes of the data", table.and_then(|table| model.said(&table.data)).map(|text| here.prose(on, text)));
    let per_unit = table.and_then(|table| Some((table.per_unit.as_ref()?, table.units.as_ref())));
    add(
        "Per item",
        per_unit.map(|(per_unit, units)| match units {
            Some(units) => format!("{} each, {} of them", words::span(&per_unit.value.text), words::amount(units.value.0 as f64)),
            None => words::span(&per_unit.value.text),
        }),
    );
    let uses = &model.resolved.uses;
    add("The way back needs", (!uses.is_empty()).then(|| here.links_html(uses.iter().map(|used| Target::Page(used.page)))));
    let uses = &model.resolved.alternative_uses;
    add("The other way needs", (!uses.is_empty()).then(|| here.links_html(uses.iter().map(|used| Target::Page(used.page)))));
    add("Owner", model.resolved.owner.map(|owner| anchor(&here.page(owner))));
    list
}

/// What is being done about something.
pub fn actions(here: &Here<'_>, on: PageIx, actions: &[crate::parse::blocks::Action], owners: &[Option<PageIx>]) -> Vec<ActionView> {
    let today = here.atlas.handbook.today;
    let view = |(index, action): (usize, &crate::parse::blocks::Action)| ActionView {
        html: action.what.as_ref().map(|what| here.prose(on, &what.value.0)).unwrap_or_default(),
        owner: owners.get(index).copied().flatten().map(|owner| here.page(owner)),
        due: action.due.as_ref().map(|due| words::day(due.value)),
        done: action.done.as_ref().map(|done| words::day(done.value)),
        late: action.done.is_none() && action.due.as_ref().is_some_and(|due| due.value < today),
    };
    actions.iter().enumerate().map(view).collect()
}
