//! The record of a failure mode: the incidents in which it came true, up to the day of the run.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::finding::Place;
use crate::model::{Handbook, Kind, ModeIx, Page};
use crate::parse::value::PageKind;
use crate::source::Span;

/// An incident in which a declared failure mode came true.
#[derive(Clone, Copy, Debug)]
pub struct CameTrue<'h> {
    /// The incident's page.
    pub page: &'h Page,
    /// Its day.
    pub day: Date,
    /// Where it names the failure mode.
    pub named: Span,
    /// Whether the declared recovery worked, where that is said, and the place.
    pub recovery_worked: Option<(bool, Span)>,
}

impl CameTrue<'_> {
    /// A place on the incident's page.
    pub fn place(&self, span: Span) -> Place {
        Place::new(self.page.path(), span)
    }
}

/// The incidents of each failure mode that came true, oldest first. What is dated after today has not happened.
pub fn of_modes(handbook: &Handbook) -> BTreeMap<ModeIx, Vec<CameTrue<'_>>> {
    let mut record: BTreeMap<ModeIx, Vec<CameTrue<'_>>> = BTreeMap::new();
    for page in handbook.of_kind(PageKind::Incident).map(|page| &handbook.pages[page]) {
        let (Kind::Incident(resolved), Some(keys)) = (&page.kind, page.incident_keys()) else { continue };
        let (Some(mode), Some(failure), Some(date)) = (resolved.failure, &keys.failure, &keys.date) else { continue };
        if date.value <= handbook.today {
            let recovery_worked = keys.recovery_worked.as_ref().map(|worked| (worked.value, worked.span));
            record.entry(mode).or_default().push(CameTrue { page, day: date.value, named: failure.span, recovery_worked });
        }
    }
    record.values_mut().for_each(|incidents| incidents.sort_by_key(|incident| incident.day));
    record
}
