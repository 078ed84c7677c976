//! Markdown -> HTML that may stand on the site, in the pieces that a page is built of.
//!
//! Enters: a page's text with its document and its resolved links. Leaves: its prose, and the bodies of its tracks, steps and failure
//! modes, as HTML without `style`, event handlers, unsafe URLs or tags outside the allow-list. Absent: the page around it, and the
//! facts of steps and failure modes, which themes show from the views.

pub mod escape;
mod footnotes;
mod prose;
mod raw;
mod regions;
mod routing;
mod titles;
mod writer;

pub use escape::{escape, ticks};
pub use prose::prose;
pub use regions::{Region, Regions};
pub use writer::{Context, body};

/// A page's Markdown as HTML, cut where the theme puts something of its own.
#[derive(Debug, Default)]
pub struct Body {
    /// What stands on the page, in order.
    pub parts: Vec<Part>,
    /// The tracks, beside the document's.
    pub tracks: Vec<TrackBody>,
    /// The failure modes, beside the document's.
    pub modes: Vec<ModeBody>,
    /// The footnotes, as one section; empty where there are none.
    pub footnotes: String,
}

/// A piece of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// HTML.
    Prose(String),
    /// A track, by its place in the document.
    Track(usize),
    /// A failure mode that stands in no step, by its place in the document.
    Mode(usize),
}

/// The Markdown of a track.
#[derive(Debug, Default)]
pub struct TrackBody {
    /// Its heading.
    pub title: String,
    /// What stands before its first step.
    pub intro: String,
    /// Its steps, beside the document's.
    pub steps: Vec<StepBody>,
    /// What stands after or between the steps and belongs to none.
    pub rest: Vec<Part>,
}

/// The Markdown of a step.
#[derive(Debug, Default)]
pub struct StepBody {
    /// Its title with its marks.
    pub title: String,
    /// What follows the title, without forewarn blocks.
    pub html: String,
}

/// The Markdown under a failure mode's own heading.
#[derive(Debug, Default)]
pub struct ModeBody {
    /// The heading, where it has its own.
    pub title: String,
    /// The section without forewarn blocks.
    pub html: String,
}
