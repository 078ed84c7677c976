//! Tracks and steps from the shape of a page: authoring format, section 3.

use unicode_segmentation::UnicodeSegmentation;

use crate::source::Span;

use super::blocks::StepBlock;
use super::document::{Step, StepFacts, StepShape, Track};
use super::outline::{Item, Leading, Outline};

/// What finding tracks needs to know of a page.
pub struct Page<'p> {
    /// Its text.
    pub text: &'p str,
    /// Its shape.
    pub outline: &'p Outline,
    /// The page's own heading, which is never a track.
    pub page_heading: Option<usize>,
    /// Which fences are `failure` blocks, by index.
    pub failure_fences: &'p [usize],
    /// The words that open a track.
    pub steps_headings: &'p [String],
}

/// The tracks of a process page, in page order, with ids as derived (not yet numbered) and facts still empty.
pub fn tracks(page: &Page<'_>) -> Vec<Track> {
    let mut tracks: Vec<Track> = Vec::new();
    for (index, heading) in page.outline.headings.iter().enumerate() {
        let inside = tracks.last().is_some_and(|track| track.section.holds(heading.span.start()));
        if inside || Some(index) == page.page_heading || !opens_track(&heading.text, page.steps_headings) {
            continue;
        }
        let section = page.outline.section(index, page.text.len());
        let id = heading.id.clone().unwrap_or_else(|| super::slug::slug(&heading.text));
        tracks.push(Track {
            id,
            explicit_id: heading.id.is_some(),
            title: heading.text.clone(),
            heading: index,
            place: first_line(page.text, heading.span),
            section,
            steps: steps(page, index, section),
        });
    }
    tracks
}

/// Whether a heading is one of the words, or begins with one as a whole word; letter case is ignored.
fn opens_track(heading: &str, words: &[String]) -> bool {
    let heading = heading.trim().to_lowercase();
    words.iter().any(|word| {
        let rest = heading.strip_prefix(word.trim().to_lowercase().as_str());
        !word.trim().is_empty() && rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_'))
    })
}

/// Whether the first block under a heading is a `failure`.
pub fn is_failure_heading(outline: &Outline, failure_fences: &[usize], heading: usize) -> bool {
    let Ok(at) = outline.blocks.binary_search_by_key(&outline.headings[heading].span.start(), |block| start_of(outline, *block)) else {
        return false;
    };
    matches!(outline.blocks.get(at + 1), Some(Leading::Fence(fence)) if failure_fences.contains(fence))
}

fn start_of(outline: &Outline, block: Leading) -> usize {
    match block {
        Leading::Heading(heading) => outline.headings[heading].span.start(),
        Leading::Fence(fence) => outline.fences[fence].span.start(),
        Leading::Other(span) => span.start(),
    }
}

fn steps(page: &Page<'_>, track: usize, section: Span) -> Vec<Step> {
    let outline = page.outline;
    let level = outline.headings[track].level;
    let inside: Vec<usize> =
        (track + 1..outline.headings.len()).take_while(|index| section.holds(outline.headings[*index].span.start())).collect();
    let (failures, others): (Vec<usize>, Vec<usize>) =
        inside.iter().partition(|index| is_failure_heading(outline, page.failure_fences, **index));
    let sections: Vec<usize> = others.into_iter().filter(|index| outline.headings[*index].level == level + 1).collect();
    if !sections.is_empty() {
        return sections.into_iter().map(|heading| section_step(page, heading)).collect();
    }
    let failure_sections: Vec<Span> = failures.into_iter().map(|heading| outline.section(heading, page.text.len())).collect();
    item_steps(page, section, &failure_sections)
}

fn section_step(page: &Page<'_>, index: usize) -> Step {
    let heading = &page.outline.headings[index];
    let title = without_closing(&heading.text).to_owned();
    let extent = page.outline.section(index, page.text.len());
    let id = heading.id.clone();
    Step {
        id: id.clone().unwrap_or_else(|| super::slug::slug(&heading.text)),
        explicit_id: id.map(|_| first_line(page.text, heading.span)),
        title,
        place: first_line(page.text, heading.span),
        extent,
        shape: StepShape::Section(index),
        facts: StepFacts::Step(Box::default()),
        block: None,
    }
}

/// The items of the track's ordered lists, all taken as one; of its bullet lists, where it has no ordered one.
fn item_steps(page: &Page<'_>, section: Span, failures: &[Span]) -> Vec<Step> {
    let outline = page.outline;
    let own = |span: Span| section.contains(span) && !failures.iter().any(|failure| failure.contains(span));
    let first = outline.lists.partition_point(|list| list.span.start() < section.start());
    let after = outline.lists.partition_point(|list| list.span.start() < section.end());
    let lists: Vec<usize> = (first..after).filter(|index| own(outline.lists[*index].span)).collect();
    let ordered = lists.iter().any(|index| outline.lists[*index].ordered);
    let lists = lists.into_iter().filter(|index| outline.lists[*index].ordered == ordered);
    let items: Vec<(usize, usize)> = lists.flat_map(|list| (0..outline.lists[list].items.len()).map(move |item| (list, item))).collect();
    let start = |(list, item): (usize, usize)| outline.lists[list].items[item].span.start();
    let ends = |from: usize| {
        let next = outline.headings.partition_point(|heading| heading.span.start() <= from);
        outline.headings.get(next).map_or(section.end(), |heading| heading.span.start().min(section.end()))
    };
    let extents = items.iter().enumerate().map(|(index, item)| match items.get(index + 1) {
        Some(next) => Span::new(start(*item), start(*next)),
        None => Span::new(start(*item), ends(start(*item))),
    });
    items.iter().zip(extents).map(|(at, extent)| item_step(page, *at, extent)).collect()
}

fn item_step(page: &Page<'_>, (list, item): (usize, usize), extent: Span) -> Step {
    let written = &page.outline.lists[list].items[item];
    let title = item_title(written);
    Step {
        id: super::slug::slug(&title),
        explicit_id: None,
        place: title_place(page.text, written, &title),
        title,
        extent,
        shape: StepShape::Item(list, item),
        facts: StepFacts::Step(Box::<StepBlock>::default()),
        block: None,
    }
}

/// Where the title stands: the bold text, or as much of the first line as the first sentence is long.
fn title_place(text: &str, item: &Item, title: &str) -> Span {
    let line = first_line(text, item.text_span);
    match text[line.start()..line.end()].starts_with(title) {
        true => Span::new(line.start(), line.start() + title.len()),
        false => line,
    }
}

/// The item's leading bold text, or else its first sentence.
fn item_title(item: &Item) -> String {
    let text = match &item.bold {
        Some(bold) => bold.as_str(),
        None => item.text.unicode_sentences().next().unwrap_or(&item.text),
    };
    without_closing(text).to_owned()
}

fn without_closing(text: &str) -> &str {
    text.trim().trim_end_matches(['.', ':']).trim_end()
}

/// The part of a span on its first line.
pub fn first_line(text: &str, span: Span) -> Span {
    let piece = &text[span.start()..span.end()];
    let line = piece.lines().next().unwrap_or("").trim_end();
    let first = piece.chars().next().map_or(0, char::len_utf8);
    Span::new(span.start(), span.start() + line.len().max(first))
}
