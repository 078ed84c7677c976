//! A recovery that is repeated for each item takes longer than it may.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::{sums, users};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, ModeView, PageIx};
use crate::parse::value::{Duration, Parsed, Status};
use crate::source::Located;

/// One finding per failure mode.
pub const RULE: Rule = Rule {
    name: "recovery-does-not-scale",
    group: Group::Growth,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A recovery that is repeated for each item takes longer than it may.",
    look: Look::Handbook(look),
};

fn look(handbook: &Handbook) -> Vec<Finding> {
    let pages: Vec<PageIx> = (0..handbook.pages.len()).filter(|page| handbook.pages[*page].status() != Status::Retired).collect();
    let repeated: Vec<(ModeView<'_>, Repeated<'_>)> =
        pages.into_iter().flat_map(|page| handbook.modes(page)).filter_map(|mode| Some((mode, repeated(&mode)?))).collect();
    let on_system = repeated.iter().any(|(mode, _)| mode.page.process().is_none());
    let users = if on_system { users::of_active(handbook) } else { users::Users::new() };
    let may = |mode: &ModeView<'_>| match mode.page.process() {
        Some(_) => tolerable(handbook, mode.at.page),
        None => {
            let users = users.get(&mode.at.page).into_iter().flatten();
            users.filter_map(|(process, _)| tolerable(handbook, *process)).min_by_key(|(_, outage)| outage.value.value.total_seconds())
        }
    };
    repeated.iter().filter_map(|(mode, repeated)| finding(handbook, mode, repeated, may(mode))).collect()
}

/// A recovery that is repeated for each item.
struct Repeated<'h> {
    per_unit: &'h Located<Parsed<Duration>>,
    units: u64,
    within: Option<&'h Located<Parsed<Duration>>>,
}

fn repeated<'h>(mode: &ModeView<'h>) -> Option<Repeated<'h>> {
    let table = mode.recover()?;
    let (per_unit, units) = (table.per_unit.as_ref()?, table.units.as_ref()?.value.0);
    Some(Repeated { per_unit, units, within: table.within.as_ref() })
}

/// How long a process may be unavailable.
type Tolerable<'h> = (PageIx, &'h Located<Parsed<Duration>>);

fn tolerable(handbook: &Handbook, process: PageIx) -> Option<Tolerable<'_>> {
    Some((process, handbook.pages[process].process_keys()?.tolerable_outage.as_ref()?))
}

fn finding(handbook: &Handbook, mode: &ModeView<'_>, repeated: &Repeated<'_>, may: Option<Tolerable<'_>>) -> Option<Finding> {
    let takes = i128::from(repeated.per_unit.value.value.total_seconds()) * i128::from(repeated.units);
    let exceeds = |allowed: &Located<Parsed<Duration>>| takes > i128::from(allowed.value.value.total_seconds());
    let within = repeated.within.filter(|within| exceeds(within));
    let may = may.filter(|(_, outage)| exceeds(outage));
    let should = within.map(|within| format!("should take {} (`within`)", within.value.text.trim()));
    let tolerates = may.map(|(process, outage)| format!("`{}` tolerates {}", handbook.pages[process].title(), outage.value.text.trim()));
    let limits = match (should, tolerates) {
        (None, None) => return None,
        (Some(should), Some(tolerates)) => format!("; it {should}, and {tolerates}"),
        (Some(should), None) => format!("; it {should}"),
        (None, Some(tolerates)) => format!(", and {tolerates}"),
    };
    let message = format!(
        "the recovery of `{}` takes {} × {} = {}{limits}",
        mode.written.title,
        repeated.units,
        repeated.per_unit.value.text.trim(),
        sums::length(takes),
    );
    let path = mode.page.path();
    let mut finding =
        Finding::new(RULE.name, Place::new(path, repeated.per_unit.span), Element::thing(&mode.page.id, &mode.written.id), message);
    if let Some(within) = within {
        finding = finding.mark(Place::new(path, within.span), "it should be done by then");
    }
    if let Some((process, outage)) = may {
        finding = finding.mark(Place::new(handbook.pages[process].path(), outage.span), "longer is not tolerable");
    }
    Some(
        finding
            .note("a way back that is walked once for each item is short in a drill and endless on the day")
            .help("find a way back that does many at once, or say in which order and until when the first are back; then write the real `per_unit`, `units` or `within`"),
    )
}
