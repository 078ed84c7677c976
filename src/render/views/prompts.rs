//! Questions for a pre-mortem that come from what the process declares and does not answer yet: one for each step, system, scale or
//! neighbour and each state in which it could fail and no failure mode says so. At most twelve, what hurts most and is covered least first.
//!
//! The weight of a question is the criticality of what it is about (1 for minor to 4 for critical) times what is not covered there. With
//! every question that is asked about a thing, one hole of it is on the table, so the next one about it weighs one hole less: a room hears
//! about many things before it hears everything about one. Equal weights keep a fixed order: steps that cannot be undone, other steps,
//! systems, scale, other processes, each in page order.

use serde::Serialize;

use crate::model::{Handbook, ModeView, PageIx, StepView as Model, Target, flow};
use crate::parse::value::{Duration, Hours, PageKind, Reversible, State};

use super::super::html::escape;
use super::super::words;
use super::{ClassView, Here, Link};

/// A question.
#[derive(Clone, Debug, Serialize)]
pub struct PromptView {
    /// What is asked about and how it fails: `migrate/partial`. No two of a workbook are equal, and it stays when other questions go.
    pub key: String,
    /// The question.
    pub html: String,
    /// What has happened, without the question, as plain text: the beginning of a reason.
    pub reason: String,
    /// The class in which an answer would be.
    pub class: ClassView,
    /// The step or system that it is about.
    pub about: Link,
    /// The same as a target.
    #[serde(skip)]
    pub target: Target,
}

/// Questions at most.
const MOST: usize = 12;

/// How long a takeover may be unused before nobody can do it: twelve calendar months.
const YEAR: Duration = Duration { months: 12, seconds: 0 };

/// A piece of a sentence.
enum Piece<'a> {
    /// Words.
    Is(&'a str),
    /// The name of something of the handbook.
    Name(&'a str),
}

use Piece::{Is, Name};

/// A question about one thing.
struct Question {
    state: &'static str,
    class: &'static str,
    html: String,
    reason: String,
}

impl Question {
    /// What has happened, then what is asked about it.
    fn new(state: &'static str, class: &'static str, happened: &[Piece<'_>], asked: &str) -> Self {
        let html = happened.iter().map(|piece| match piece {
            Is(words) => escape(words),
            Name(name) => format!("<b>{}</b>", escape(name)),
        });
        let reason = happened.iter().map(|piece| match piece {
            Is(words) | Name(words) => *words,
        });
        Self { state, class, html: format!("{}. {}", html.collect::<String>(), escape(asked)), reason: reason.collect::<String>() }
    }
}

/// A thing with the questions that no failure mode answers, the worst first.
struct Thing {
    /// 1 for minor to 4 for critical.
    criticality: usize,
    about: Target,
    open: Vec<Question>,
    /// How much is not covered beyond the questions themselves: a whole class, say.
    beyond: usize,
}

/// The questions for a process.
pub fn prompts(here: &Here<'_>, process: PageIx) -> Vec<PromptView> {
    let handbook = here.atlas.handbook;
    let (hard, soft): (Vec<_>, Vec<_>) = handbook.steps(process).partition(is_irreversible);
    let mut things: Vec<Thing> = hard.iter().chain(&soft).map(|step| of_step(handbook, step)).collect();
    things.extend(handbook.dependencies(process).iter().map(|needed| of_system(here, process, needed.page)));
    things.push(of_scale(handbook, process));
    things.extend(handbook.modes(process).map(|mode| of_many(handbook, &mode)));
    things.extend(neighbours(here, process));
    let mut asked: Vec<(usize, Target, Question)> = Vec::new();
    for thing in things {
        let missing = thing.open.len() + thing.beyond;
        let weighed = thing.open.into_iter().enumerate();
        asked.extend(weighed.map(|(at, question)| (thing.criticality * (missing - at), thing.about, question)));
    }
    asked.sort_by_key(|(weight, ..)| std::cmp::Reverse(*weight));
    asked.truncate(MOST);
    let view = |(_, target, question): (usize, Target, Question)| PromptView {
        key: format!("{}/{}", handbook.id_of(target), question.state),
        html: question.html,
        reason: question.reason,
        class: here.class(question.class),
        about: here.target(target),
        target,
    };
    asked.into_iter().map(view).collect()
}

fn criticality(handbook: &Handbook, page: PageIx) -> usize {
    handbook.pages[page].criticality() as usize + 1
}

fn is_irreversible(step: &Model<'_>) -> bool {
    step.facts().and_then(|facts| facts.reversible.as_ref()).is_some_and(|reversible| reversible.value == Reversible::No)
}

fn of_step(handbook: &Handbook, step: &Model<'_>) -> Thing {
    let modes = flow::hitting(handbook, step.at);
    let has = |states: &[State]| modes.iter().any(|mode| mode.state().is_some_and(|state| states.contains(&state)));
    let title = step.written.title.as_str();
    let mut open = Vec::new();
    if step.is_exposed() {
        let written: Vec<&str> = step.resolved.writes.iter().map(|written| handbook.pages[written.page].title()).collect();
        let written = written.join(" and ");
        if !has(&[State::Partial]) {
            let halfway = [Name(title), Is(" ran halfway and left "), Name(&written), Is(" inconsistent")];
            let happened = if written.is_empty() { &[Name(title), Is(" ran halfway")][..] } else { &halfway[..] };
            open.push(Question::new("partial", "technical", happened, "Who saw it, and what did they do?"));
        }
        if !has(&[State::Wrong]) {
            let happened = [Name(title), Is(" reported success, and it was wrong")];
            open.push(Question::new("wrong", "technical", &happened, "What went on because of that?"));
        }
        if !has(&[State::Down, State::Slow, State::Late, State::Throttled]) {
            open.push(Question::new("late", "technical", &[Name(title), Is(" never finished")], "Who was waiting for it?"));
        }
        if !has(&[State::Repeated]) {
            open.push(Question::new("repeated", "technical", &[Name(title), Is(" ran twice")], "What happened twice?"));
        }
    }
    open.extend(of_people(handbook, step, &modes));
    Thing { criticality: criticality(handbook, step.at.page), about: Target::Step(step.at), open, beyond: 0 }
}

/// What people do at a step: by hand, or by hand again when the automation has stopped.
fn of_people(handbook: &Handbook, step: &Model<'_>, modes: &[ModeView<'_>]) -> Vec<Question> {
    let title = step.written.title.as_str();
    let role = step.resolved.role.map(|role| handbook.pages[role].title());
    let human = |wrong: bool| {
        modes.iter().any(|mode| match (mode.class(), mode.state()) {
            (Some("human"), None) => true,
            (Some("human"), Some(state)) => wrong == (state == State::Wrong),
            (_, Some(State::Wrong)) => wrong,
            _ => false,
        })
    };
    let mut open = Vec::new();
    if step.is_automated() {
        match step.resolved.takeover {
            Some(takeover) if !human(false) && !drilled_within_a_year(handbook, step, takeover) => {
                let unused = [Is("Nobody had taken over "), Name(title), Is(" by hand for a year, and nobody could")];
                open.push(Question::new("takeover", "human", &unused, "What was missing?"));
            }
            None if step.decision().is_none() && !human(false) => {
                let unnamed = [Is("The automation of "), Name(title), Is(" stopped, and nobody was named to take over")];
                open.push(Question::new("takeover", "human", &unnamed, "Who tried, and with what?"));
            }
            _ => {}
        }
        return open;
    }
    if !human(false) {
        let known = [Is("Only "), Name(role.unwrap_or("one person")), Is(" knew how "), Name(title), Is(" goes, and was asleep")];
        open.push(Question::new("asleep", "human", &known, "What did the others do?"));
    }
    if step.decision().is_none() && !human(true) {
        let happened = [Name(title), Is(" was done on the wrong target")];
        open.push(Question::new("wrong-target", "human", &happened, "How did that feel right at the time?"));
    }
    open
}

/// Whether somebody has gone a way by hand within the year before today, as far as the process's `[drills]` say.
fn drilled_within_a_year(handbook: &Handbook, step: &Model<'_>, takeover: Target) -> bool {
    let drills = step.page.process().map(|process| process.drills.as_slice()).unwrap_or_default();
    drills.iter().any(|(path, day)| *path == takeover && YEAR.after(*day) >= handbook.today)
}

fn of_system(here: &Here<'_>, process: PageIx, system: PageIx) -> Thing {
    let handbook = here.atlas.handbook;
    let page = &handbook.pages[system];
    let title = page.title();
    let of_it = handbook.modes(process).filter(|mode| mode.resolved.of == Some(system));
    let modes: Vec<_> = handbook.modes(system).chain(of_it).collect();
    let mut open = Vec::new();
    // A way back that is declared for the day when it is gone is checked by `recovery-needs-what-failed`.
    let gone = |mode: &&ModeView<'_>| matches!(mode.state(), None | Some(State::Down | State::AccessLost));
    if !modes.iter().filter(gone).any(ModeView::has_recovery) {
        let happened = [Name(title), Is(" was gone, and a tool for the way back needed it too")];
        open.push(Question::new("down", "dependency", &happened, "Which one?"));
    }
    if !modes.iter().any(|mode| mode.state() == Some(State::Slow)) {
        let happened = [Name(title), Is(" was slow for six hours, not down")];
        open.push(Question::new("slow", "dependency", &happened, "Nothing alerted. What piled up?"));
    }
    if page.page_kind() == PageKind::System && !answers_on_sundays(here, page.owner) {
        open.push(Question::new("sunday", "human", &[Name(title), Is(" failed on a Sunday")], "Who answered?"));
    }
    Thing { criticality: criticality(handbook, process), about: Target::Page(system), open, beyond: 0 }
}

/// Whether a system has an owner who is not known to be away on Sundays. On a public site hours play no part.
fn answers_on_sundays(here: &Here<'_>, owner: Option<PageIx>) -> bool {
    let Some(owner) = owner else { return false };
    let hours = here.atlas.handbook.pages[owner].role_keys().filter(|_| !here.atlas.public).and_then(|keys| keys.hours.as_ref());
    hours.is_none_or(|hours| match &hours.value.value {
        Hours::Always => true,
        Hours::Windows(windows) => windows.iter().any(|window| window.days[6]),
    })
}

fn of_scale(handbook: &Handbook, process: PageIx) -> Thing {
    let covered = handbook.modes(process).any(|mode| mode.class() == Some("scale"));
    let volume = handbook.pages[process].process_keys().and_then(|keys| keys.volume.as_ref());
    let (now, planned) = (volume.and_then(|volume| volume.now.as_ref()), volume.and_then(|volume| volume.planned.as_ref()));
    let question = match (now, planned) {
        (Some(now), Some(planned)) => {
            let happened = [Is("It ran "), Name(&planned.value.text), Is(" instead of "), Name(&now.value.text)];
            Question::new("scale", "scale", &happened, "What broke first?")
        }
        _ => Question::new("scale", "scale", &[Is("Ten times as much arrived as today")], "What broke first?"),
    };
    let open = if covered { Vec::new() } else { vec![question] };
    // Nothing is said about a whole class: that is as much as a step of which nothing is said.
    Thing { criticality: criticality(handbook, process), about: Target::Page(process), open, beyond: 3 }
}

/// A recovery that is repeated per item, and whose time is not known to be enough.
fn of_many(handbook: &Handbook, mode: &ModeView<'_>) -> Thing {
    let thing = |open| Thing { criticality: criticality(handbook, mode.at.page), about: Target::Mode(mode.at), open, beyond: 0 };
    let Some(table) = mode.recover() else { return thing(Vec::new()) };
    let (Some(per_unit), Some(units)) = (&table.per_unit, &table.units) else { return thing(Vec::new()) };
    let seconds = per_unit.value.value.total_seconds().saturating_mul(i64::try_from(units.value.0).unwrap_or(i64::MAX));
    if table.within.as_ref().is_some_and(|within| seconds <= within.value.value.total_seconds()) {
        return thing(Vec::new());
    }
    let each = words::span(&per_unit.value.text);
    let count = words::amount(units.value.0 as f64);
    let title = &mode.written.title;
    let happened = [Is("The way back of "), Name(title), Is(" takes "), Is(&each), Is(" each, and there were "), Is(&count)];
    thing(vec![Question::new("many", "scale", &happened, "When was it done?")])
}

/// Other processes: one that changes the same system, one that a way back of this one enters.
fn neighbours(here: &Here<'_>, process: PageIx) -> Vec<Thing> {
    let handbook = here.atlas.handbook;
    let this = handbook.pages[process].title();
    let mut found: Vec<(PageIx, Vec<Question>)> = Vec::new();
    let mut ask = |other: PageIx, question: Question| {
        let answered = handbook.modes(process).any(|mode| mode.resolved.of == Some(other));
        if answered || other == process || !here.atlas.counts(other) {
            return;
        }
        match found.iter_mut().find(|(known, _)| *known == other) {
            Some((_, open)) if open.iter().any(|known| known.state == question.state) => {}
            Some((_, open)) => open.push(question),
            None => found.push((other, vec![question])),
        }
    };
    for written in handbook.steps(process).flat_map(|step| &step.resolved.writes) {
        let others = here.atlas.writers.get(&written.page).into_iter().flatten();
        if let Some(other) = others.copied().find(|other| *other != process) {
            let system = handbook.pages[written.page].title();
            let happened = [Name(handbook.pages[other].title()), Is(" changed "), Name(system), Is(" in the same hour as "), Name(this)];
            ask(other, Question::new("same-hour", "dependency", &happened, "Which of the two won, and who knew of both?"));
        }
    }
    for entered in handbook.modes(process).flat_map(|mode| mode.resolved.path.iter().chain(&mode.resolved.alternative)) {
        let other = entered.page();
        if handbook.pages[other].process().is_some() {
            let happened =
                [Is("The way back enters "), Name(handbook.pages[other].title()), Is(", and that was busy with another failure")];
            ask(other, Question::new("busy", "dependency", &happened, "Who waited for whom?"));
        }
    }
    let weigh = |other: PageIx| criticality(handbook, other).max(criticality(handbook, process));
    found.into_iter().map(|(other, open)| Thing { criticality: weigh(other), about: Target::Page(other), open, beyond: 1 }).collect()
}
