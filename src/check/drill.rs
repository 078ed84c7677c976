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
    let days: Option<Vec<Date>> = shared(mode).iter().map(|path| last_of(mode.page, *path)).collect();
    days?.into_iter().min().map(|day| Drill { day, span: None })
}

/// The tracks and processes whose dates under `[drills]` count for a failure mode: what its path is made of, unless it has a date of its own
/// or a step is on the path.
pub fn shared<'h>(mode: &ModeView<'h>) -> &'h [Target] {
    let path = &mode.resolved.path;
    let own = mode.recover().is_some_and(|table| table.drilled.is_some());
    let steps = path.iter().any(|target| matches!(target, Target::Step(_)));
    if own || steps || mode.page.process().is_none() { &[] } else { path }
}

/// The last drill of a track or process, as a process page dates it.
pub fn last_of(page: &Page, path: Target) -> Option<Date> {
    page.process()?.drills.iter().find(|(drilled, _)| *drilled == path).map(|(_, day)| *day)
}

/// How often a page's recoveries are to be drilled: the process's review period, or the handbook's.
pub fn review_period(handbook: &Handbook, page: &Page) -> Duration {
    let own = page.process_keys().and_then(|keys| keys.review.as_ref()).and_then(|review| review.every.as_ref());
    own.map_or(handbook.settings.review_every, |every| every.value.value)
}
