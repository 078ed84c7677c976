//! Which part of a page's text belongs to what: prose, a track, a step, or the section of a failure mode with its own heading.

use crate::parse::Document;

/// What a place in the text belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    /// The page.
    Prose,
    /// A track, outside its steps.
    Track(usize),
    /// A step.
    Step(usize, usize),
    /// The section of a failure mode.
    Mode(usize),
}

/// The regions of a page, by where they begin.
#[derive(Debug)]
pub struct Regions(Vec<(usize, Region)>);

impl Regions {
    /// The regions of a document whose text is `length` bytes long. The innermost counts.
    pub fn new(document: &Document, length: usize) -> Self {
        let mut spans: Vec<(usize, usize, Region)> = Vec::new();
        for (t, track) in document.tracks.iter().enumerate() {
            spans.push((track.section.start(), track.section.end(), Region::Track(t)));
            for (s, step) in track.steps.iter().enumerate() {
                spans.push((step.extent.start(), step.extent.end(), Region::Step(t, s)));
            }
        }
        for (m, failure) in document.failures.iter().enumerate() {
            if let Some(heading) = failure.heading {
                let section = document.outline.section(heading, length);
                spans.push((section.start(), section.end(), Region::Mode(m)));
            }
        }
        spans.sort_by_key(|(start, end, _)| (*start, std::cmp::Reverse(*end)));
        let mut starts = vec![(0, Region::Prose)];
        let mut open: Vec<(usize, Region)> = Vec::new();
        let close = |open: &mut Vec<(usize, Region)>, starts: &mut Vec<(usize, Region)>, until: usize| {
            while let Some((end, _)) = open.last().copied().filter(|(end, _)| *end <= until) {
                open.pop();
                starts.push((end, open.last().map_or(Region::Prose, |(_, region)| *region)));
            }
        };
        for (start, end, region) in spans {
            close(&mut open, &mut starts, start);
            // An extent never reaches further than what it stands in.
            let end = open.last().map_or(end, |(outer, _)| end.min(*outer));
            open.push((end, region));
            starts.push((start, region));
        }
        close(&mut open, &mut starts, usize::MAX);
        Self(starts)
    }

    /// What the byte at `offset` belongs to.
    pub fn at(&self, offset: usize) -> Region {
        let after = self.0.partition_point(|(start, _)| *start <= offset);
        self.0.get(after.saturating_sub(1)).map_or(Region::Prose, |(_, region)| *region)
    }
}
