//! When a recovery was last really done: `drilled` on the failure mode, or the dates under `[drills]` for the paths that it is made of.

use jiff::civil::Date;

use crate::model::{Handbook, ModeView, Page, Target};
use crate::parse::value::Duration;
use crate::source::Span;

/// A drill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drill {
    /// The day.
    pub day: Date,
    /// Where the day is written, where that is on the mode itself.
    pub span: Option<Span>,
}

/// The last drill of a failure mode's recovery. A mode without `drilled` whose path is made of tracks and processes takes the oldest
/// of their dates; one undated path means that it was never drilled.
pub fn last(mode: &ModeView<'_>) -> Option<Drill> {
    if let Some(drilled) = mode.recover().and_then(|table| table.drilled.as_ref()) {
        return Some(Drill { day: drilled.value, span: Some(drilled.span) });
    }
    let path = &mode.resolved.path;
    if path.is_empty() || path.iter().any(|target| matches!(target, Target::Step(_))) {
        return None;
    }
    let drills = &mode.page.process()?.drills;
    let day = |target: &Target| drills.iter().find(|(drilled, _)| drilled == target).map(|(_, day)| *day);
    let days: Option<Vec<Date>> = path.iter().map(day).collect();
    days?.into_iter().min().map(|day| Drill { day, span: None })
}

/// How often a page's recoveries are to be drilled: the process's review period, or the handbook's.
pub fn review_period(handbook: &Handbook, page: &Page) -> Duration {
    let own = page.process_keys().and_then(|keys| keys.review.as_ref()).and_then(|review| review.every.as_ref());
    own.map_or(handbook.settings.review_every, |every| every.value.value)
}
