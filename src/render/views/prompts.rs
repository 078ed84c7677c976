//! Questions for a pre-mortem that come from what the process declares and does not answer yet. At most twelve, in a fixed order.

use serde::Serialize;

use crate::model::{Handbook, PageIx, StepView as Model, Target, flow};
use crate::parse::value::{PageKind, Reversible, State};

use super::super::html::escape;
use super::{ClassView, Here, Link};

/// A question.
#[derive(Clone, Debug, Serialize)]
pub struct PromptView {
    /// The question.
    pub html: String,
    /// The class in which an answer would be.
    pub class: ClassView,
    /// The step or system that it is about.
    pub about: Link,
}

/// Questions at most.
const MOST: usize = 12;

struct Asked {
    weight: usize,
    class: &'static str,
    about: Target,
    html: String,
}

/// The questions for a process.
pub fn prompts(here: &Here<'_>, process: PageIx) -> Vec<PromptView> {
    let handbook = here.atlas.handbook;
    let mut asked: Vec<Asked> = Vec::new();
    for step in handbook.steps(process) {
        of_step(handbook, &step, &mut asked);
    }
    for dependency in handbook.dependencies(process) {
        of_system(handbook, process, dependency.page, &mut asked);
    }
    of_scale(handbook, process, &mut asked);
    asked.sort_by_key(|asked| std::cmp::Reverse(asked.weight));
    asked.truncate(MOST);
    let view = |asked: Asked| PromptView { html: asked.html, class: here.class(asked.class), about: here.target(asked.about) };
    asked.into_iter().map(view).collect()
}

fn of_step(handbook: &Handbook, step: &Model<'_>, asked: &mut Vec<Asked>) {
    let modes = flow::hitting(handbook, step.at);
    let has = |states: &[State]| modes.iter().any(|mode| mode.state().is_some_and(|state| states.contains(&state)));
    let human = modes.iter().any(|mode| mode.class() == Some("human"));
    let title = format!("<b>{}</b>", escape(&step.written.title));
    let about = Target::Step(step.at);
    let irreversible =
        step.facts().and_then(|facts| facts.reversible.as_ref()).is_some_and(|reversible| reversible.value == Reversible::No);
    let weight = 4 + usize::from(irreversible) * 3 + usize::from(modes.is_empty()) * 2 + usize::from(step.at.track == 0);
    let mut ask = |covered: bool, weight: usize, class: &'static str, html: String| {
        if !covered {
            asked.push(Asked { weight, class, about, html });
        }
    };
    if step.is_exposed() {
        let writes: Vec<&str> = step.resolved.writes.iter().map(|written| handbook.pages[written.page].title()).collect();
        let left = if writes.is_empty() { String::new() } else { format!(" and left {} inconsistent", escape(&writes.join(" and "))) };
        ask(has(&[State::Partial]), weight + 2, "technical", format!("{title} ran halfway{left}. Who saw it, and what did they do?"));
        ask(
            has(&[State::Wrong]),
            weight + 1,
            "technical",
            format!("{title} reported success, and it was wrong. What went on because of that?"),
        );
        ask(has(&[State::Down, State::Slow, State::Late]), weight, "technical", format!("{title} never finished. Who was waiting for it?"));
        ask(has(&[State::Repeated]), weight - 1, "technical", format!("{title} ran twice. What happened twice?"));
    }
    let Some(role) = step.resolved.role.map(|role| handbook.pages[role].title()) else { return };
    let role = escape(role);
    if step.is_automated() && step.resolved.takeover.is_some() {
        ask(human, weight, "human", format!("Nobody had taken over {title} by hand for a year. {role} tried it. What was missing?"));
    } else {
        ask(human, weight - 1, "human", format!("Only {role} knew how {title} goes, and was asleep. What did the others do?"));
        ask(human, weight - 2, "human", format!("{title} was done on the wrong target. How did that feel right at the time?"));
    }
}

fn of_system(handbook: &Handbook, process: PageIx, system: PageIx, asked: &mut Vec<Asked>) {
    let page = &handbook.pages[system];
    let own = handbook.modes(system);
    let here = handbook.modes(process).filter(|mode| mode.resolved.of == Some(system));
    let modes: Vec<_> = own.chain(here).collect();
    let slow = modes.iter().any(|mode| mode.state() == Some(State::Slow));
    let title = format!("<b>{}</b>", escape(page.title()));
    let about = Target::Page(system);
    if !slow {
        let html = format!("{title} was slow for six hours, not down. Nothing alerted. What piled up?");
        asked.push(Asked { weight: 6 + usize::from(modes.is_empty()) * 3, class: "dependency", about, html });
    }
    if page.page_kind() == PageKind::System && modes.is_empty() {
        let html = format!("{title} was gone, and a tool for the way back needed it too. Which one?");
        asked.push(Asked { weight: 8, class: "dependency", about, html });
    }
    if page.owner.is_none() && page.page_kind() == PageKind::System {
        let html = format!("{title} failed on a Sunday. Who answered?");
        asked.push(Asked { weight: 5, class: "human", about, html });
    }
}

fn of_scale(handbook: &Handbook, process: PageIx, asked: &mut Vec<Asked>) {
    let page = &handbook.pages[process];
    let about = Target::Page(process);
    let covered = handbook.modes(process).any(|mode| mode.class() == Some("scale"));
    let volume = page.process_keys().and_then(|keys| keys.volume.as_ref());
    let (now, planned) = (volume.and_then(|volume| volume.now.as_ref()), volume.and_then(|volume| volume.planned.as_ref()));
    if let (Some(now), Some(planned), false) = (now, planned, covered) {
        let html = format!("It ran {} instead of {}. What broke first?", escape(&planned.value.text), escape(&now.value.text));
        asked.push(Asked { weight: 9, class: "scale", about, html });
    } else if !covered {
        asked.push(Asked { weight: 7, class: "scale", about, html: "Ten times as much arrived. What broke first?".to_owned() });
    }
    for mode in handbook.modes(process) {
        let Some(table) = mode.recover() else { continue };
        if let (Some(per_unit), Some(units)) = (&table.per_unit, &table.units) {
            let html = format!(
                "The way back of <b>{}</b> takes {} each, and there were {}. When was it done?",
                escape(&mode.written.title),
                escape(&super::super::words::span(&per_unit.value.text)),
                super::super::words::amount(units.value.0 as f64)
            );
            asked.push(Asked { weight: 5, class: "scale", about: Target::Mode(mode.at), html });
        }
    }
}
