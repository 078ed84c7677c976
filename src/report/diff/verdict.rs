//! A comparison in a line or two: the ways back that are gone by name, then everything else in numbers, what got worse first.

use crate::compare::{Changes, FieldChange};

use super::Detail;
use super::sections::is_shown;

/// The failure modes that have no way back any more, and those that are gone with it. Whoever reads nothing else must read this.
pub fn lost<'c>(changes: &'c Changes<'_>) -> Vec<(&'static str, Vec<&'c str>)> {
    let removed: Vec<&str> = changes.recoveries.removed.iter().map(|recovery| recovery.id.as_str()).collect();
    let gone = changes.failures.removed.iter().filter(|failure| failure.recovery).map(|failure| failure.id.as_str()).collect::<Vec<_>>();
    let words = |list: &[&str], one: &'static str, many: &'static str| if list.len() == 1 { one } else { many };
    let all = [
        (words(&removed, "recovery removed", "recoveries removed"), removed),
        (words(&gone, "failure mode removed with its recovery", "failure modes removed with their recoveries"), gone),
    ];
    all.into_iter().filter(|(_, ids)| !ids.is_empty()).collect()
}

/// Everything else that changed: a line with what got worse, one with what got better; nothing where nothing changed.
pub fn verdict(changes: &Changes<'_>, detail: Detail) -> Vec<String> {
    let Changes { recoveries, failures, gaps, findings, priorities, waivers, .. } = changes;
    let new_gaps: Vec<_> = gaps.new.iter().filter(|gap| is_shown(gap.gap.level, detail)).collect();
    let reopened = new_gaps.iter().filter(|gap| gap.was == Some("met")).count();
    let closed = gaps.closed.iter().filter(|gap| is_shown(gap.gap.level, detail)).count();
    let found = findings.new.iter().filter(|finding| is_shown(Some(finding.found.level), detail)).count();
    let mended = findings.closed.iter().filter(|finding| is_shown(Some(finding.found.level), detail)).count();
    let bare = failures.removed.iter().filter(|failure| !failure.recovery).count();
    let lessened = recoveries.changed.iter().filter(|changed| changed.fields.iter().any(FieldChange::is_loss)).count();
    let rose = priorities.iter().filter(|rated| is_rise(rated.before, rated.after)).count();
    let off = changes.levels.iter().filter(|level| level.after == Some("off")).count();
    let retired = changes.processes.changed.iter().filter(|process| process.status.is_some_and(|status| status.after == "retired")).count();
    let grown = changes.blast_radius.iter().filter(|blast| !blast.gained.is_empty()).count();
    let worse = [
        clause(new_gaps.len(), "new gap", "new gaps").map(|gaps| match reopened {
            0 => gaps,
            1 => format!("{gaps} (1 was answered before)"),
            number => format!("{gaps} ({number} were answered before)"),
        }),
        clause(found, "new finding", "new findings"),
        clause(bare, "failure mode removed", "failure modes removed"),
        clause(lessened, "recovery lessened", "recoveries lessened"),
        clause(rose, "priority raised", "priorities raised"),
        clause(off, "rule or group turned off", "rules or groups turned off"),
        clause(retired, "process retired", "processes retired"),
        clause(waivers.expired.len(), "waiver expired", "waivers expired"),
        clause(waivers.added.len(), "waiver added", "waivers added"),
        clause(grown, "blast radius grown", "blast radii grown"),
    ];
    let better = [
        clause(closed, "gap closed", "gaps closed"),
        clause(mended, "finding closed", "findings closed"),
        clause(recoveries.added.len(), "recovery added", "recoveries added"),
        clause(failures.added.len(), "failure mode added", "failure modes added"),
        clause(priorities.len() - rose, "priority lowered", "priorities lowered"),
    ];
    let lines = [worse.to_vec(), better.to_vec()].map(|clauses| clauses.into_iter().flatten().collect::<Vec<String>>().join(", "));
    let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    if lines.is_empty() && !is_empty(changes) { vec!["no gap opened or closed, and some things changed".to_owned()] } else { lines }
}

/// Whether nothing changed.
pub fn is_empty(changes: &Changes<'_>) -> bool {
    let Changes { coverage, recoveries, failures, gaps, findings, priorities, ratings, waivers, blast_radius, steps, levels, .. } = changes;
    let pages = [&changes.processes.pages, &changes.systems, &changes.roles, &changes.incidents, &changes.premortems];
    coverage.before == coverage.after
        && coverage.pages.is_empty()
        && recoveries.removed.is_empty()
        && recoveries.changed.is_empty()
        && recoveries.added.is_empty()
        && failures.added.is_empty()
        && failures.removed.is_empty()
        && failures.renamed.is_empty()
        && gaps.new.is_empty()
        && gaps.closed.is_empty()
        && findings.new.is_empty()
        && findings.closed.is_empty()
        && priorities.is_empty()
        && ratings.is_empty()
        && waivers.added.is_empty()
        && waivers.removed.is_empty()
        && waivers.changed.is_empty()
        && waivers.expired.is_empty()
        && blast_radius.is_empty()
        && changes.processes.changed.is_empty()
        && pages.iter().all(|pages| pages.added.is_empty() && pages.removed.is_empty())
        && steps.added.is_empty()
        && steps.removed.is_empty()
        && levels.is_empty()
}

/// Whether a priority rose.
pub fn is_rise(before: &str, after: &str) -> bool {
    let rank = |name: &str| ["low", "medium", "high"].iter().position(|known| *known == name);
    rank(after) > rank(before)
}

fn clause(number: usize, one: &str, many: &str) -> Option<String> {
    match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        number => Some(format!("{number} {many}")),
    }
}
