//! The way back from a failure needs the very thing that failed.

use crate::check::chain;
use crate::check::reach::{self, WayAround};
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, Kind, ModeView, PageIx, Target};

/// One finding per failure mode, at the part of its recovery from which the shortest chain leads to what fails.
pub const RULE: Rule = Rule {
    name: "recovery-needs-what-failed",
    group: Group::SharedFate,
    level: DefaultLevel::Each("error, or warning where it is slow or partial"),
    waivable: Waivable::Yes,
    summary: "The recovery of a failure mode needs what fails, or something that hangs on it, and no alternative avoids that.",
    look: Look::Mode(look),
};

fn look(handbook: &Handbook, mode: &ModeView<'_>) -> Vec<Finding> {
    let Some(failed) = reach::failed(mode) else { return Vec::new() };
    let needs = reach::recovery(handbook, mode);
    let Some((need, way)) = reach::nearest_gone(handbook, &needs, failed.page) else { return Vec::new() };
    let around = reach::way_around(handbook, mode, failed.page);
    if around == WayAround::Open {
        return Vec::new();
    }
    let title = &mode.written.title;
    let what = &handbook.pages[failed.page];
    let message = match way.len() {
        1 => format!("the recovery of `{title}` needs {} itself", what.title()),
        _ => format!("the recovery of `{title}` needs {}: {}", what.title(), chain::words(handbook, &way)),
    };
    let place = Place::new(mode.page.path(), need.part);
    let mut finding = Finding::new(RULE.name, place.clone(), Element::thing(&mode.page.id, &mode.written.id), message)
        .level(failed.level)
        .mark(place.clone(), if way.len() == 1 { "and here it is needed" } else { "this way leads to it" })
        .mark(reach::place_of_failed(mode), "this is what fails");
    if need.place != place {
        let who = if matches!(need.through.last(), Some(Target::Step(_))) { "this step" } else { "this process" };
        finding = finding.mark(need.place.clone(), format!("{who} needs `{}`", handbook.pages[need.page].id));
    }
    finding = chain::mark_links(handbook, finding, &way);
    if around == WayAround::Closed {
        finding = mark_alternative(handbook, mode, failed.page, finding);
    }
    let others = others(handbook, &needs, need.page, failed.page);
    vec![finding.note(note(failed.level, &others)).help(help(handbook, need.page, failed.page, around))]
}

/// The second way, which leads to the same.
fn mark_alternative(handbook: &Handbook, mode: &ModeView<'_>, failed: PageIx, finding: Finding) -> Finding {
    let needs = reach::alternative(handbook, mode);
    let Some((_, way)) = reach::nearest_gone(handbook, &needs, failed) else { return finding };
    let Some(table) = mode.recover() else { return finding };
    let Some(entry) = table.alternative.first().or(table.alternative_uses.first()) else { return finding };
    finding.mark(Place::new(mode.page.path(), entry.span), format!("the second way leads to it, too: {}", chain::words(handbook, &way)))
}

/// What else the recovery needs that is gone at the same time, each once.
fn others(handbook: &Handbook, needs: &[reach::Need], shown: PageIx, failed: PageIx) -> Vec<String> {
    let mut seen = std::collections::HashSet::from([shown]);
    let gone = needs.iter().filter(|need| reach::is_gone(handbook, need.page, failed) && seen.insert(need.page));
    gone.map(|need| format!("`{}`", handbook.pages[need.page].id)).collect()
}

fn note(level: Level, others: &[String]) -> String {
    let note = match level {
        Level::Error => "whoever follows this path at 3 AM finds it closed",
        _ => "whoever follows this path at 3 AM waits for the very thing that has to be repaired, or meets it half done",
    };
    match others {
        [] => note.to_owned(),
        [only] => format!("{note}; it also needs {only}, which is gone at the same time"),
        [most @ .., last] => format!("{note}; it also needs {} and {last}, which are gone at the same time", most.join(", ")),
    }
}

fn help(handbook: &Handbook, need: PageIx, failed: PageIx, around: WayAround) -> String {
    let (needed, failed) = (&handbook.pages[need].id, &handbook.pages[failed].id);
    let second = match around {
        WayAround::Closed => format!("lead the `alternative` along a way that does without `{failed}`"),
        _ => format!("add a way that does without `{failed}` to this recovery: `alternative = [\"#…\"]`"),
    };
    match &handbook.pages[need].kind {
        Kind::System(system) if system.fallback.is_empty() => {
            format!("{second}; or name on `{needed}` what stands in for it: `fallback = [\"…\"]`")
        }
        Kind::System(_) => format!("{second}; the `fallback` of `{needed}` hangs on `{failed}` as well"),
        _ => second,
    }
}
