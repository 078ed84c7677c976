//! A serious failure mode is noticed by customers first, or lasts longer than is tolerable.

use std::collections::HashMap;

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::sums;
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, ModeView, PageIx};
use crate::parse::value::{Detector, Duration, PageKind, Parsed, Status};
use crate::source::Located;

/// One finding per failure mode, for either reason or both.
pub const RULE: Rule = Rule {
    name: "late-detection",
    group: Group::Hardness,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A serious failure mode is noticed by customers first, or lasts longer than is tolerable.",
    look: Look::Handbook(look),
};

fn look(handbook: &Handbook) -> Vec<Finding> {
    let strictest = strictest_users(handbook);
    let in_force = (0..handbook.pages.len()).filter(|page| handbook.pages[*page].status() != Status::Retired);
    let modes = in_force.flat_map(|page| handbook.modes(page)).filter(ModeView::is_serious);
    modes.filter_map(|mode| look_at(handbook, &mode, &strictest)).collect()
}

/// Of each system, the active process that uses it and tolerates the shortest outage.
fn strictest_users(handbook: &Handbook) -> HashMap<PageIx, PageIx> {
    let mut strictest: HashMap<PageIx, PageIx> = HashMap::new();
    for process in handbook.processes().filter(|process| handbook.pages[*process].status() == Status::Active) {
        let Some(tolerable) = tolerable(handbook, process) else { continue };
        for used in handbook.dependencies(process) {
            let known = strictest.entry(used.page).or_insert(process);
            if self::tolerable(handbook, *known).is_none_or(|known| seconds(tolerable) < seconds(known)) {
                *known = process;
            }
        }
    }
    strictest
}

fn tolerable(handbook: &Handbook, process: PageIx) -> Option<&Located<Parsed<Duration>>> {
    handbook.pages[process].process_keys()?.tolerable_outage.as_ref()
}

fn seconds(duration: &Located<Parsed<Duration>>) -> i64 {
    duration.value.value.total_seconds()
}

/// An outage that lasts longer than a process tolerates.
struct TooLong<'h> {
    /// How long until it is noticed, and until it is over; one of them where the other is not stated.
    parts: Vec<(&'h Located<Parsed<Duration>>, &'static str)>,
    process: PageIx,
    tolerable: &'h Located<Parsed<Duration>>,
}

fn look_at(handbook: &Handbook, mode: &ModeView<'_>, strictest: &HashMap<PageIx, PageIx>) -> Option<Finding> {
    let by = mode.detect().and_then(|table| table.by.as_ref()).filter(|by| by.value == Detector::Customer);
    let too_long = too_long(handbook, mode, strictest);
    let name = match mode.page.page_kind() {
        PageKind::System => format!("`{}` of `{}`", mode.written.title, mode.page.title()),
        _ => format!("`{}`", mode.written.title),
    };
    let lasts = too_long.as_ref().map(|too_long| too_long.said(handbook));
    let message = match (by, lasts) {
        (None, None) => return None,
        (Some(_), None) => format!("customers are the first to notice {name}"),
        (None, Some(lasts)) => format!("{name} lasts too long: {lasts}"),
        (Some(_), Some(lasts)) => format!("customers are the first to notice {name}, and it lasts too long: {lasts}"),
    };
    let path = mode.page.path();
    let span = by.map(|by| by.span).or_else(|| too_long.as_ref()?.parts.first().map(|(part, _)| part.span))?;
    let note = match by {
        Some(_) => "each minute until a customer takes the trouble to write is lost, and the outage is public before it is known",
        None => "the outage is over too late even when everybody does exactly what this plan says",
    };
    let help = match (by, &too_long) {
        (Some(_), _) => {
            "notice it before they do: `by = \"alert\"` or `by = \"check\"` with a `signal` that shows what customers would see"
        }
        (None, Some(too_long)) if too_long.parts.iter().all(|(_, what)| *what == RECOVERED) => {
            "find a faster way back, such as a first step that restores most of the service, or say with `tolerable_outage` what is really tolerable"
        }
        _ => "notice it sooner, recover faster, or say with `tolerable_outage` what is really tolerable",
    };
    let mut finding =
        Finding::new(RULE.name, Place::new(path, span), Element::thing(&mode.page.id, &mode.written.id), message).note(note).help(help);
    if let Some(too_long) = too_long {
        for (part, what) in &too_long.parts {
            finding = finding.mark(Place::new(path, part.span), *what);
        }
        let process = &handbook.pages[too_long.process];
        let label = format!("what `{}` tolerates", process.title());
        finding = finding.mark(Place::new(process.path(), too_long.tolerable.span), label);
    }
    Some(finding)
}

const NOTICED: &str = "until it is noticed";
const RECOVERED: &str = "until normal is back";

/// Whether noticing and recovering together exceed what the process tolerates: on a page of a system, the strictest active process that
/// uses it. Where only one of the two is stated, it must exceed that alone.
fn too_long<'h>(handbook: &'h Handbook, mode: &ModeView<'h>, strictest: &HashMap<PageIx, PageIx>) -> Option<TooLong<'h>> {
    let process = match mode.page.page_kind() {
        PageKind::Process => mode.at.page,
        _ => *strictest.get(&mode.at.page)?,
    };
    let tolerable = tolerable(handbook, process)?;
    let (detect, recover) = (mode.detect(), mode.recover());
    let unreadable = detect.is_some_and(|table| table.has("within") && table.within.is_none())
        || recover.is_some_and(|table| table.has("within") && table.within.is_none());
    let noticed = detect.and_then(|table| table.within.as_ref()).map(|within| (within, NOTICED));
    let recovered = recover.and_then(|table| table.within.as_ref()).map(|within| (within, RECOVERED));
    let parts: Vec<_> = noticed.into_iter().chain(recovered).collect();
    let sum = parts.iter().map(|(part, _)| seconds(part)).fold(0, i64::saturating_add);
    (!unreadable && sum > seconds(tolerable)).then_some(TooLong { parts, process, tolerable })
}

impl TooLong<'_> {
    /// The sum and what it exceeds: `20m to notice + 30m to recover = 50 m, and Deploy tolerates 30m`.
    fn said(&self, handbook: &Handbook) -> String {
        let written = |duration: &Located<Parsed<Duration>>| duration.value.text.trim().to_owned();
        let tolerates = format!("`{}` tolerates {}", handbook.pages[self.process].title(), written(self.tolerable));
        match self.parts.as_slice() {
            [(only, what)] if *what == NOTICED => format!("{} to notice, recovery not counted, and {tolerates}", written(only)),
            [(only, _)] => format!("{} to recover, detection not counted, and {tolerates}", written(only)),
            parts => {
                let verb = |what: &str| if what == NOTICED { "to notice" } else { "to recover" };
                let terms: Vec<String> = parts.iter().map(|(part, what)| format!("{} {}", written(part), verb(what))).collect();
                let sum = parts.iter().map(|(part, _)| seconds(part)).fold(0, i64::saturating_add);
                format!("{} = {}, and {tolerates}", terms.join(" + "), sums::length(sum.into()))
            }
        }
    }
}
