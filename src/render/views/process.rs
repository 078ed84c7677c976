//! The page of a process.

use serde::Serialize;

use crate::check::priority::Priority;
use crate::model::{ModeIx, PageIx, StepIx, Target};
use crate::parse::value::{CLASSES, said};

use super::super::atlas::Use;
use super::super::diagram::{DiagramView, diagram};
use super::super::html::{Body, Part};
use super::super::relative::relative;
use super::super::words;
use super::coverage::{CoverageView, coverage};
use super::mode::{ModeView, mode};
use super::step::{StepView, step};
use super::{ClassView, Fact, Here, Link, ModeLink};

/// A process.
#[derive(Clone, Debug, Serialize)]
pub struct ProcessView {
    /// `minor` to `critical`.
    pub criticality: &'static str,
    /// `proposed`, `active` or `retired`.
    pub status: &'static str,
    /// When it was read as a whole, and when that is due again.
    pub review: ReviewView,
    /// What it is for.
    pub intent_html: Option<String>,
    /// The role that owns it.
    pub owner: Option<Link>,
    /// The systems and processes that the whole process needs.
    pub needs: Vec<Link>,
    /// The processes that need it.
    pub needed_by: Vec<Link>,
    /// Why it exists, when it runs, how often.
    pub facts: Vec<Fact>,
    /// Obligations met and unmet; none where nothing is owed.
    pub coverage: Option<CoverageView>,
    /// Failure modes of high, medium and low priority.
    pub priorities: Priorities,
    /// The run sheet.
    pub checklist: String,
    /// The pre-mortem workbook.
    pub workbook: String,
    /// The diagram; none where a list of one or two steps says it all.
    pub diagram: Option<DiagramView>,
    /// What stands on the page, in order.
    pub parts: Vec<PartView>,
    /// Footnotes of the text.
    pub footnotes_html: String,
    /// Every failure mode on the page, by what one notices.
    pub symptoms: Vec<SymptomView>,
    /// Every failure mode of the systems that it uses, by what one notices.
    pub symptoms_of_systems: Vec<SymptomView>,
    /// Roles that the process needs, with what for.
    pub people: Vec<PersonView>,
    /// Numbers that tell how well it does.
    pub metrics: Vec<MetricView>,
    /// Choices and their price.
    pub trade_offs: Vec<TradeOffView>,
    /// Classes that do not apply, and why.
    pub not_applicable: Vec<NotApplicableView>,
    /// Processes and steps that need it.
    pub used_by: Vec<UseView>,
    /// Failure modes elsewhere whose recovery enters it.
    pub invoked_by: Vec<ModeLink>,
    /// Incidents, newest first.
    pub incidents: Vec<DatedLink>,
    /// Records of pre-mortems, newest first.
    pub records: Vec<DatedLink>,
}

/// A piece of a page; one of the four is given.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PartView {
    /// What the author wrote.
    pub html: Option<String>,
    /// A track.
    pub track: Option<TrackView>,
    /// A failure mode that stands in no step.
    pub mode: Option<ModeView>,
}

/// A list of steps.
#[derive(Clone, Debug, Serialize)]
pub struct TrackView {
    /// Its anchor.
    pub id: String,
    /// A second anchor, where its heading has one.
    pub also: Option<String>,
    /// Its heading.
    pub title: String,
    /// Its heading, with its marks.
    pub title_html: String,
    /// What stands before its first step.
    pub intro_html: String,
    /// Its steps.
    pub steps: Vec<StepView>,
    /// What stands after the steps and belongs to none.
    pub rest: Vec<PartView>,
    /// Whether the process starts here.
    pub first: bool,
    /// The failure modes on this page whose recovery leads here.
    pub entered_from: Vec<ModeLink>,
}

/// When a process was read as a whole.
#[derive(Clone, Debug, Serialize)]
pub struct ReviewView {
    /// The last time.
    pub last: Option<String>,
    /// The next time.
    pub due: Option<String>,
    /// Whether that day has passed.
    pub overdue: bool,
    /// Who read it.
    pub by: Option<String>,
}

/// How many failure modes of each priority.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Priorities {
    /// Needs an action or a waiver.
    pub high: usize,
    /// Needs a decision.
    pub medium: usize,
    /// Needs nothing.
    pub low: usize,
}

/// What one notices, and what it then is.
#[derive(Clone, Debug, Serialize)]
pub struct SymptomView {
    /// The signal; none where nothing says how anybody would notice.
    pub signal_html: Option<String>,
    /// The failure mode.
    pub mode: ModeLink,
    /// The step that it hits.
    pub step: Option<Link>,
    /// Whether it is described on a system's page.
    pub inherited: bool,
    /// Whether something says the way back.
    pub recovery: bool,
    /// `high`, `medium` or `low`.
    pub priority: &'static str,
}

/// A role and what a process needs it for.
#[derive(Clone, Debug, Serialize)]
pub struct PersonView {
    /// The role.
    pub role: Link,
    /// How it is reached; empty where that is not stated, or not for everybody.
    pub channels: Vec<Link>,
    /// When it is there; none where that is not stated, or not for everybody.
    pub hours: Option<String>,
    /// The role that steps in.
    pub backup: Option<Link>,
    /// How many steps it does or decides.
    pub steps: usize,
    /// How many ways back it goes.
    pub recoveries: usize,
}

/// A number.
#[derive(Clone, Debug, Serialize)]
pub struct MetricView {
    /// Its name.
    pub name: String,
    /// `outcome`, `cycle-time`, `errors` or `cost`.
    pub kind: Option<&'static str>,
    /// The value to reach.
    pub target_html: Option<String>,
    /// Where it is read.
    pub source_html: Option<String>,
}

/// A choice.
#[derive(Clone, Debug, Serialize)]
pub struct TradeOffView {
    /// What was chosen.
    pub chose_html: String,
    /// What was not.
    pub over_html: String,
    /// Why.
    pub because_html: String,
}

/// A class that does not apply.
#[derive(Clone, Debug, Serialize)]
pub struct NotApplicableView {
    /// The class.
    pub class: ClassView,
    /// Why.
    pub html: String,
}

/// A process and the steps of it that need something.
#[derive(Clone, Debug, Serialize)]
pub struct UseView {
    /// The process.
    pub process: Link,
    /// Its criticality.
    pub criticality: &'static str,
    /// Whether the whole process needs it.
    pub whole: bool,
    /// The steps.
    pub steps: Vec<Link>,
}

/// A page with a day.
#[derive(Clone, Debug, Serialize)]
pub struct DatedLink {
    /// The page.
    pub link: Link,
    /// The day.
    pub date: Option<String>,
}

/// Links of one list at most; what is beyond is counted.
pub const LIST: usize = 500;

impl ProcessView {
    /// Whether it says why it is as it is.
    pub fn has_reasons(&self) -> bool {
        !(self.facts.is_empty() && self.metrics.is_empty() && self.trade_offs.is_empty() && self.not_applicable.is_empty())
    }

    /// Whether anything else is known to have to do with it.
    pub fn has_surroundings(&self) -> bool {
        !(self.used_by.is_empty() && self.invoked_by.is_empty() && self.incidents.is_empty() && self.records.is_empty())
    }
}

/// A process page.
pub fn process(here: &Here<'_>, index: PageIx, body: &Body) -> ProcessView {
    let atlas = here.atlas;
    let handbook = atlas.handbook;
    let page = &handbook.pages[index];
    let keys = page.process_keys();
    let mut priorities = Priorities::default();
    for mode in handbook.applying(index) {
        match atlas.priority(mode.at) {
            Priority::High => priorities.high += 1,
            Priority::Medium => priorities.medium += 1,
            Priority::Low => priorities.low += 1,
        }
    }
    let used_by = used_by(here, atlas.uses.get(&index).map_or(&[][..], Vec::as_slice));
    let (symptoms_of_systems, symptoms) = symptoms(here, index).into_iter().partition(|symptom| symptom.inherited);
    ProcessView {
        criticality: page.criticality().name(),
        status: page.status().name(),
        review: review(here, index),
        intent_html: keys
            .and_then(|keys| keys.context.as_ref())
            .and_then(|context| said(&context.intent))
            .map(|text| here.prose(index, text)),
        owner: page.owner.map(|owner| here.page(owner)),
        needs: page.process().into_iter().flat_map(|process| &process.depends_on).map(|needed| here.page(needed.page)).collect(),
        needed_by: used_by.iter().map(|used| used.process.clone()).collect(),
        facts: facts(here, index),
        coverage: atlas.analysis.coverage.pages.get(&index).map(|tally| coverage(here, tally)),
        priorities,
        checklist: relative(here.at.url, &format!("{}checklist/", page.url)),
        workbook: relative(here.at.url, &format!("{}premortem/", page.url)),
        diagram: diagram(here, index),
        parts: parts(here, index, body, &body.parts),
        footnotes_html: body.footnotes.clone(),
        symptoms,
        symptoms_of_systems,
        people: people(here, index),
        metrics: keys.into_iter().flat_map(|keys| keys.metric.iter().flatten()).map(|metric| metric_view(here, index, metric)).collect(),
        trade_offs: keys.into_iter().flat_map(|keys| &keys.trade_off).map(|trade_off| trade_off_view(here, index, trade_off)).collect(),
        not_applicable: not_applicable(here, index),
        used_by,
        invoked_by: atlas.invoked.get(&index).into_iter().flatten().take(LIST).map(|mode| here.mode(*mode)).collect(),
        incidents: atlas.incidents.get(&index).into_iter().flatten().map(|page| dated(here, *page)).collect(),
        records: atlas.records.get(&index).into_iter().flatten().map(|page| dated(here, *page)).collect(),
    }
}

/// The pieces of a page with what the views add to them.
pub fn parts(here: &Here<'_>, page: PageIx, body: &Body, parts: &[Part]) -> Vec<PartView> {
    let view = |part: &Part| match part {
        Part::Prose(html) => PartView { html: Some(html.clone()), ..PartView::default() },
        Part::Track(at) => PartView { track: Some(track(here, page, *at, body)), ..PartView::default() },
        Part::Mode(at) => PartView { mode: Some(mode(here, ModeIx { page, mode: *at }, body.modes.get(*at))), ..PartView::default() },
    };
    parts.iter().map(view).collect()
}

fn track(here: &Here<'_>, page: PageIx, at: usize, body: &Body) -> TrackView {
    let document = &here.atlas.handbook.pages[page].document;
    let written = &document.tracks[at];
    let text = &body.tracks[at];
    let leads_here = |mode: &crate::model::ModeView<'_>| mode.resolved.path.contains(&Target::Track(page, at));
    TrackView {
        id: written.id.clone(),
        also: document.anchors.get(written.heading).and_then(|anchor| anchor.also.clone()),
        title: written.title.clone(),
        title_html: text.title.clone(),
        intro_html: text.intro.trim().to_owned(),
        steps: (0..written.steps.len()).map(|index| step(here, StepIx { page, track: at, step: index }, body)).collect(),
        rest: parts(here, page, body, &text.rest),
        first: at == 0,
        entered_from: here.atlas.handbook.modes(page).filter(leads_here).map(|mode| here.mode(mode.at)).collect(),
    }
}

/// When a process is read again.
pub fn review(here: &Here<'_>, page: PageIx) -> ReviewView {
    let handbook = here.atlas.handbook;
    let review = handbook.pages[page].process_keys().and_then(|keys| keys.review.as_ref());
    let every = review.and_then(|review| review.every.as_ref()).map_or(handbook.settings.review_every, |every| every.value.value);
    let last = review.and_then(|review| review.last.as_ref()).map(|last| last.value);
    let due = last.map(|last| every.after(last));
    ReviewView {
        last: last.map(words::day),
        due: due.map(words::day),
        overdue: due.is_some_and(|due| due < handbook.today),
        by: review
            .and_then(|review| review.by.as_ref())
            .map(|by| handbook.page(&by.value).map_or_else(|| by.value.clone(), |page| page.title().to_owned())),
    }
}

fn facts(here: &Here<'_>, page: PageIx) -> Vec<Fact> {
    let Some(keys) = here.atlas.handbook.pages[page].process_keys() else { return Vec::new() };
    let mut list = Vec::new();
    let mut add = |name: &str, html: Option<String>| list.extend(html.map(|html| Fact { name: name.to_owned(), html }));
    let escape = |text: &str| super::html::escape(text);
    let context = keys.context.as_ref();
    add("Risk", context.and_then(|context| said(&context.risk)).map(|text| here.prose(page, text)));
    add("Cost of failure", context.and_then(|context| said(&context.cost_of_failure)).map(|text| here.prose(page, text)));
    let regulation: Vec<&str> =
        context.map(|context| context.regulation.iter().flatten().map(|rule| rule.value.as_str()).collect()).unwrap_or_default();
    add("Regulation", (!regulation.is_empty()).then(|| escape(&regulation.join(", "))));
    add("Runs", keys.runs.as_ref().map(|runs| escape(&runs.value.text)));
    add("Change window", said(&keys.change_window).map(|text| here.prose(page, text)));
    add("Tolerable outage", keys.tolerable_outage.as_ref().map(|outage| escape(&words::span(&outage.value.text))));
    let volume = keys.volume.as_ref().map(|volume| {
        let now = volume.now.as_ref().map(|now| format!("{} now", now.value.text));
        let planned = volume.planned.as_ref().map(|planned| format!("{} planned", planned.value.text));
        [now, planned].into_iter().flatten().collect::<Vec<_>>().join(", ")
    });
    add("Volume", volume.filter(|volume| !volume.is_empty()).map(|volume| escape(&volume)));
    list
}

/// Every failure mode that applies to a process, own ones first.
pub fn symptoms(here: &Here<'_>, process: PageIx) -> Vec<SymptomView> {
    let view = |mode: crate::model::ModeView<'_>| SymptomView {
        signal_html: mode.signal().map(|signal| here.prose(mode.at.page, signal)),
        mode: here.mode(mode.at),
        step: mode.resolved.steps.first().map(|step| here.target(Target::Step(*step))),
        inherited: mode.at.page != process,
        recovery: mode.has_recovery(),
        priority: here.atlas.priority(mode.at).name(),
    };
    here.atlas.handbook.applying(process).map(view).collect()
}

/// The roles of a process: owner, steps, recoveries, in order of first mention.
pub fn people(here: &Here<'_>, process: PageIx) -> Vec<PersonView> {
    roles_of(here.atlas.handbook, process).into_iter().map(|(role, counts)| person(here, role, counts)).collect()
}

/// The roles of a process in order of first mention, each with how many steps and ways back it does.
pub fn roles_of(handbook: &crate::model::Handbook, process: PageIx) -> Vec<(PageIx, (usize, usize))> {
    let mut order: Vec<PageIx> = Vec::new();
    let mut counts: std::collections::HashMap<PageIx, (usize, usize)> = std::collections::HashMap::new();
    let mut see = |role: Option<PageIx>, steps: usize, recoveries: usize| {
        let Some(role) = role else { return };
        let count = counts.entry(role).or_insert_with(|| {
            order.push(role);
            (0, 0)
        });
        count.0 += steps;
        count.1 += recoveries;
    };
    for step in handbook.steps(process) {
        see(step.resolved.role, 1, 0);
    }
    for mode in handbook.modes(process) {
        see(mode.resolved.by, 0, 1);
        see(mode.resolved.escalate_to, 0, 0);
    }
    see(handbook.pages[process].owner, 0, 0);
    order.into_iter().map(|role| (role, counts.get(&role).copied().unwrap_or_default())).collect()
}

/// A role and what it does in a process: steps, and ways back.
pub fn person(here: &Here<'_>, role: PageIx, (steps, recoveries): (usize, usize)) -> PersonView {
    let page = &here.atlas.handbook.pages[role];
    let model = match &page.kind {
        crate::model::Kind::Role(role) => Some(role),
        _ => None,
    };
    let hours = page.role_keys().filter(|_| !here.atlas.public).and_then(|keys| keys.hours.as_ref());
    let channels = model.filter(|_| !here.atlas.public).into_iter().flat_map(|role| &role.channels);
    PersonView {
        role: here.page(role),
        channels: channels.map(|channel| here.page(channel.page)).collect(),
        hours: hours.map(|hours| hours.value.text.clone()),
        backup: model.and_then(|role| role.backup).map(|backup| here.page(backup)),
        steps,
        recoveries,
    }
}

fn metric_view(here: &Here<'_>, page: PageIx, metric: &crate::parse::front_matter::Metric) -> MetricView {
    let source = said(&metric.source).map(|source| {
        let bare = source.trim();
        let is_url = (bare.starts_with("https://") || bare.starts_with("http://")) && !bare.contains(char::is_whitespace);
        if is_url {
            format!("<a href=\"{0}\" rel=\"noopener\">{1}</a>", super::html::escape(bare), super::html::escape(host(bare)))
        } else {
            here.prose(page, source)
        }
    });
    MetricView {
        name: metric.name.as_ref().map(|name| name.value.clone()).unwrap_or_default(),
        kind: metric.kind.as_ref().map(|kind| kind.value.name()),
        target_html: said(&metric.target).map(|target| here.prose(page, target)),
        source_html: source,
    }
}

/// The host of a URL.
pub fn host(url: &str) -> &str {
    let bare = url.split_once("://").map_or(url, |(_, rest)| rest);
    bare.split(['/', '?', '#']).next().unwrap_or(bare)
}

fn trade_off_view(here: &Here<'_>, page: PageIx, trade_off: &crate::parse::front_matter::TradeOff) -> TradeOffView {
    let html = |text: &Option<crate::parse::value::Prose>| said(text).map(|text| here.prose(page, text)).unwrap_or_default();
    TradeOffView { chose_html: html(&trade_off.chose), over_html: html(&trade_off.over), because_html: html(&trade_off.because) }
}

fn not_applicable(here: &Here<'_>, page: PageIx) -> Vec<NotApplicableView> {
    let reasons = here.atlas.handbook.pages[page].process_keys().map(|keys| keys.not_applicable.0.as_slice()).unwrap_or_default();
    let known = |class: &str| CLASSES.contains(&class) || here.atlas.handbook.settings.classes.iter().any(|(id, _)| id == class);
    let reasons = reasons.iter().filter(|(class, _)| known(&class.value));
    reasons
        .filter_map(|(class, reason)| Some(NotApplicableView { class: here.class(&class.value), html: here.prose(page, reason.said()?) }))
        .collect()
}

/// Uses by process, each with its steps.
pub fn used_by(here: &Here<'_>, uses: &[Use]) -> Vec<UseView> {
    let mut order: Vec<PageIx> = Vec::new();
    let mut by: std::collections::HashMap<PageIx, (bool, Vec<StepIx>)> = std::collections::HashMap::new();
    for used in uses.iter().filter(|used| here.atlas.counts(used.process)) {
        let entry = by.entry(used.process).or_insert_with(|| {
            order.push(used.process);
            (false, Vec::new())
        });
        match used.step {
            Some(step) => entry.1.push(step),
            None => entry.0 = true,
        }
    }
    let view = |process: PageIx| {
        let (whole, steps) = by.get(&process).cloned().unwrap_or_default();
        UseView {
            process: here.page(process),
            criticality: here.atlas.handbook.pages[process].criticality().name(),
            whole,
            steps: steps.into_iter().map(|step| here.short(Target::Step(step))).collect(),
        }
    };
    order.into_iter().take(LIST).map(view).collect()
}

/// A page with its day.
pub fn dated(here: &Here<'_>, page: PageIx) -> DatedLink {
    let model = &here.atlas.handbook.pages[page];
    let incident = model.incident_keys().and_then(|keys| keys.date.as_ref());
    let record = model.premortem_keys().and_then(|keys| keys.date.as_ref());
    DatedLink { link: here.page(page), date: incident.or(record).map(|date| words::day(date.value)) }
}
