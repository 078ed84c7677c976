//! What is said of things and of what happens to them: short words about pages, steps and failure modes, and one sentence about an impact.

use crate::check::reach::WayAround;
use crate::impact::{Dependents, Entrance, Impact};
use crate::model::{Dependency, Handbook, Kind, ModeView, Page, PageIx, StepView, Target};
use crate::parse::blocks::StepBlock;
use crate::parse::markdown;
use crate::parse::value::{ReferenceOrText, Status};

/// What something is, in a few words each.
pub fn facts(handbook: &Handbook, what: Target) -> Vec<String> {
    let page = &handbook.pages[what.page()];
    match what {
        Target::Page(_) => page_facts(handbook, page),
        Target::Track(..) => vec![format!("a track of {}", page.title())],
        Target::Step(step) => step_facts(handbook, &handbook.step(step)),
        Target::Mode(mode) => {
            let view = handbook.mode(mode);
            let words = [view.class().map(str::to_owned), view.severity().map(|severity| severity.to_string())];
            let words = words.into_iter().chain([view.likelihood().map(|likelihood| likelihood.to_string())]).flatten();
            words.chain([format!("declared on {}", page.title())]).collect()
        }
    }
}

fn page_facts(handbook: &Handbook, page: &Page) -> Vec<String> {
    let title = |index: PageIx| handbook.pages[index].title();
    let owner = page.owner.map(|owner| format!("owned by {}", title(owner)));
    match &page.kind {
        Kind::System(_) => {
            let keys = page.system_keys();
            let kind = keys.and_then(|keys| keys.system_type.as_ref()).map(|kind| kind.value.to_string());
            let external = keys.and_then(|keys| keys.external.as_ref()).is_some_and(|external| external.value);
            kind.into_iter().chain(external.then(|| "run by another organisation".to_owned())).chain(owner).collect()
        }
        Kind::Role(role) => {
            let keys = page.role_keys();
            let holders = keys.and_then(|keys| keys.holders.as_ref()).map(|holders| match holders.value.0 {
                1 => "1 person".to_owned(),
                more => format!("{more} people"),
            });
            let hours = keys.and_then(|keys| keys.hours.as_ref()).map(|hours| hours.value.text.clone());
            let channels: Vec<&str> = role.channels.iter().map(|channel| title(channel.page)).collect();
            let channels = (!channels.is_empty()).then(|| format!("reached by {}", channels.join(", ")));
            holders.into_iter().chain(hours).chain(channels).collect()
        }
        Kind::Process(_) => {
            let status = (page.status() != Status::Active).then(|| page.status().to_string());
            std::iter::once(format!("{} process", page.criticality())).chain(status).chain(owner).collect()
        }
        _ => Vec::new(),
    }
}

fn step_facts(handbook: &Handbook, step: &StepView<'_>) -> Vec<String> {
    let role = step.resolved.role.map(|role| handbook.pages[role].title());
    let who = match (step.decision().is_some(), step.is_automated(), role) {
        (true, _, Some(role)) => Some(format!("decided by {role}")),
        (true, _, None) => Some("a decision".to_owned()),
        (_, true, Some(role)) => Some(format!("automated, watched by {role}")),
        (_, true, None) => Some("automated".to_owned()),
        (_, false, role) => role.map(|role| format!("done by {role}")),
    };
    let uses = (!step.resolved.uses.is_empty()).then(|| format!("uses {}", ids(handbook, &step.resolved.uses).join(", ")));
    let guard = step.facts().and_then(|facts| facts.guard.as_ref()).map(|guard| format!("guarded by {}", guard.value));
    std::iter::once(format!("a step of {}", step.page.title())).chain(who).chain(uses).chain(guard).collect()
}

/// What it means, in one sentence.
pub fn sentence(handbook: &Handbook, impact: &Impact) -> String {
    let mut parts: Vec<String> = Vec::new();
    if let Some(dependents) = &impact.dependents {
        parts.extend(stops(dependents));
    }
    let mut say = |count: usize, one: &str, more: &str| parts.extend(counted(count, one, more));
    if let Some(strike) = &impact.strike {
        say(strike.steps.len(), "step is hit", "steps are hit");
        say(strike.incidents.len(), "incident was this", "incidents were this");
    }
    if let Some(dependents) = &impact.dependents {
        let shut = dependents.closed.iter().filter(|way| way.second != WayAround::Open).count();
        let gone = dependents.cut.iter().filter(|cut| cut.left.is_empty()).count();
        say(shut, "way back from another failure is closed", "ways back from other failures are closed");
        say(gone, "role cannot be reached", "roles cannot be reached");
    }
    if let Some(passage) = &impact.passage {
        say(passage.behind.len(), "step behind it is not reached", "steps behind it are not reached");
        say(passage.ways_back.len(), "way back leads over it", "ways back lead over it");
    }
    if let Some(absence) = &impact.absence {
        say(absence.steps.len(), "step waits", "steps wait");
        say(absence.recoveries.len(), "way back has nobody to go it", "ways back have nobody to go them");
        say(absence.escalations.len(), "call for help ends here", "calls for help end here");
        parts.push(match absence.backup {
            Some(backup) => format!("{} steps in", handbook.pages[backup].title()),
            None => "nobody is named to step in".to_owned(),
        });
    }
    if impact.dependents.as_ref().is_some_and(|dependents| !dependents.handbook.is_empty()) {
        parts.push("this handbook cannot be read".to_owned());
    }
    let when = match (&impact.absence, &impact.strike) {
        (Some(_), _) => "When nobody is there",
        (_, Some(_)) => "When it happens",
        _ => "When it fails",
    };
    match (parts.as_slice(), &impact.strike, impact.what) {
        ([], Some(_), _) => format!("{when}: it hits no single step, but the process as a whole."),
        ([], _, Target::Step(_)) => format!("{when}: no other step is reached only through it."),
        ([], ..) => format!("{when}: nothing that is declared stops with it."),
        (parts, ..) => format!("{when}: {}.", parts.join("; ")),
    }
}

/// `2 systems, 1 process and 40 steps stop`; nothing where nothing stops.
fn stops(dependents: &Dependents) -> Option<String> {
    let (systems, processes, steps) = (dependents.systems.len(), dependents.processes.len(), dependents.steps.len());
    let counts = [counted(systems, "system", "systems"), counted(processes, "process", "processes"), counted(steps, "step", "steps")];
    let verb = if systems + processes + steps == 1 { "stops" } else { "stop" };
    match counts.into_iter().flatten().collect::<Vec<_>>().as_slice() {
        [] => None,
        [only] => Some(format!("{only} {verb}")),
        [most @ .., last] => Some(format!("{} and {last} {verb}", most.join(", "))),
    }
}

/// A number with its noun; nothing where there is none.
fn counted(count: usize, one: &str, more: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {more}")),
    }
}

/// Names joined by commas, the first few of many.
pub fn listed(names: &[&str], most: usize) -> String {
    match names.len().checked_sub(most + 1) {
        None => names.join(", "),
        Some(_) => format!("{} and {} more", names[..most].join(", "), names.len() - most),
    }
}

/// The ids of what is needed.
pub fn ids(handbook: &Handbook, needed: &[Dependency]) -> Vec<String> {
    needed.iter().map(|needed| handbook.pages[needed.page].id.clone()).collect()
}

/// Why a step leads somewhere, in words.
pub fn entrance(entrance: Entrance) -> &'static str {
    match entrance {
        Entrance::Takeover => "a human takes over here",
        Entrance::Timeout => "when it takes too long",
        Entrance::Branch => "by a branch",
        Entrance::Next => "goes on here",
        Entrance::Abort => "is stopped here",
        Entrance::Undo => "is undone here",
    }
}

/// What a second way is worth, in words.
pub fn second(second: WayAround) -> &'static str {
    match second {
        WayAround::None => "there is no second way",
        WayAround::Open => "the second way is open",
        WayAround::Closed => "and so is the second way",
    }
}

/// How to stop a step, where that is said in words.
pub fn abort_text(facts: &StepBlock) -> Option<String> {
    match &facts.abort.as_ref()?.value {
        ReferenceOrText::Text(text) => Some(text.clone()),
        ReferenceOrText::Reference(_) => None,
    }
}

/// `No write succeeded for 30 seconds · alert, by grafana, pager, within 1m`.
pub fn notice(handbook: &Handbook, mode: &ModeView<'_>) -> Option<String> {
    let by = mode.detector().map(|by| by.to_string());
    let via = (!mode.resolved.via.is_empty()).then(|| format!("by {}", ids(handbook, &mode.resolved.via).join(", ")));
    let within = mode.detect().and_then(|table| table.within.as_ref()).map(|within| format!("within {}", within.value.text));
    let how: Vec<String> = by.into_iter().chain(via).chain(within).collect();
    let parts: Vec<String> = mode.signal().map(spoken).into_iter().chain((!how.is_empty()).then(|| how.join(", "))).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// `On-call engineer, within 20m; after 10m call Incident commander`.
pub fn who(handbook: &Handbook, mode: &ModeView<'_>) -> Option<String> {
    let title = |role: PageIx| handbook.pages[role].title().to_owned();
    let table = mode.recover();
    let within = table.and_then(|table| table.within.as_ref()).map(|within| format!("within {}", within.value.text));
    let by: Vec<String> = mode.resolved.by.map(title).into_iter().chain(within).collect();
    let after = table.and_then(|table| table.escalate.as_ref()).and_then(|escalate| escalate.after.as_ref());
    let next = mode.resolved.escalate_to.map(|role| match after {
        Some(after) => format!("after {} call {}", after.value.text, title(role)),
        None if by.is_empty() => format!("call {}", title(role)),
        None => format!("then call {}", title(role)),
    });
    let parts: Vec<String> = (!by.is_empty()).then(|| by.join(", ")).into_iter().chain(next).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Inline Markdown as it reads in a terminal: links are their words, code keeps its backticks.
pub fn spoken(text: &str) -> String {
    let mut spoken = String::new();
    for (event, _) in markdown::events(text) {
        match event {
            pulldown_cmark::Event::Code(code) => spoken.push_str(&format!("`{code}`")),
            event => markdown::push_plain(&event, &mut spoken),
        }
    }
    spoken.trim().to_owned()
}
