//! Where a way leaves page order, and by what: so that a reader can follow it.

use crate::finding::{Finding, Place};
use crate::model::{Handbook, StepIx, Target, flow};

/// The most turns of a way that are marked.
const MARKED: usize = 9;

/// A finding with a mark on each step from which a way does not go on to the next on the page.
pub fn explained(handbook: &Handbook, mut finding: Finding, way: &[StepIx]) -> Finding {
    let turns = way.windows(2).filter_map(|pair| Some((pair[0], turn(handbook, pair[0], pair[1])?)));
    for (from, turn) in turns.take(MARKED) {
        let step = handbook.step(from);
        let place = Place::new(step.page.path(), step.written.place);
        if finding.place != place && finding.places.iter().all(|mark| mark.place != place) {
            finding = finding.mark(place, format!("on from here by {turn}"));
        }
    }
    finding
}

/// The track in which a way begins, where that is not the first of its process.
pub fn begins_anew<'h>(handbook: &'h Handbook, way: &[StepIx]) -> Option<&'h str> {
    let first = way.first().filter(|step| step.track > 0)?;
    Some(handbook.title_of(Target::Track(first.page, first.track)))
}

/// By what a way goes from one step to another; nothing where that is page order, or inside a recovery.
fn turn(handbook: &Handbook, from: StepIx, to: StepIx) -> Option<String> {
    if flow::following(handbook, from) == Some(to) {
        return None;
    }
    let step = handbook.step(from).resolved;
    let leads = |target: Option<Target>| target.and_then(|target| flow::entry(handbook, target)) == Some(to);
    if leads(step.next) {
        return Some("`next`".to_owned());
    }
    if step.branches.iter().any(|branch| leads(branch.to)) {
        return Some("a branch".to_owned());
    }
    let undo = step.undo.map(Target::Step);
    let named = [(step.on_timeout, "`on_timeout`"), (step.takeover, "`takeover`"), (step.abort, "`abort`"), (undo, "`undo`")];
    if let Some((_, name)) = named.into_iter().find(|(target, _)| leads(*target)) {
        return Some(name.to_owned());
    }
    let begins = |path: &[Target]| path.iter().find_map(|target| flow::entry(handbook, *target)) == Some(to);
    flow::hitting(handbook, from).into_iter().find_map(|mode| {
        let title = &mode.written.title;
        match () {
            () if begins(&mode.resolved.path) => Some(format!("the recovery of `{title}`")),
            () if begins(&mode.resolved.alternative) => Some(format!("the second path of `{title}`")),
            () => None,
        }
    })
}
