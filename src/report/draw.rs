//! One block -> text in rustc's manner: the first line, the place, source lines with their marks, notes, help, and the help as a change of
//! the text where that is known.

use std::collections::{HashMap, HashSet};

use annotate_snippets::{Annotation, AnnotationKind, Group, Level as Heading, Origin, Patch, Renderer, Snippet};

use crate::finding::{Finding, Level, Mark, Place};
use crate::model::Handbook;
use crate::pipeline::Analysis;
use crate::source::{PagePath, Sources, Span};

use super::group::{Block, distinct};
use super::quote::{self, Quote};
use super::{Options, escape, wording};

/// Columns within which source lines are shown.
const WIDTH: usize = 140;
/// Places of one block that are marked, unless all are asked for.
const PLACES: usize = 20;
/// Notes of a block, which differ from finding to finding.
const NOTES: usize = 5;
/// Characters of a help that fits beside a mark.
const SHORT: usize = 48;

/// Something to mark.
struct Marked<'a> {
    place: &'a Place,
    label: Option<String>,
    primary: bool,
}

/// A block as text, without a line break at its end.
pub fn draw(block: &Block<'_>, analysis: &Analysis, options: &Options) -> String {
    let sources = &*analysis.sources;
    let words = Words::of(block);
    let marked = marked(block, &words, &analysis.handbook, options);
    let mut stands = StandIns::default();
    let level = match block.level() {
        Level::Error => Heading::ERROR,
        Level::Warning => Heading::WARNING,
        Level::Info => Heading::INFO,
    };
    let mut more = Vec::new();
    let mut unmarked = Vec::new();
    let title = level.primary_title(escape::line(block.headline()).into_owned()).id(block.rules().join(", "));
    let mut group = Group::with_title(title);
    let mut files: HashMap<&PagePath, Vec<&Marked<'_>>> = HashMap::new();
    marked.iter().for_each(|marked| files.entry(&marked.place.path).or_default().push(marked));
    for path in distinct(marked.iter().map(|marked| &marked.place.path)) {
        let here = files.remove(path).unwrap_or_default();
        let Some(source) = sources.get(path) else {
            let label = here.iter().find(|marked| !marked.primary).and_then(|marked| marked.label.as_deref());
            let label = label.map_or_else(String::new, |label| format!(": {}", escape::line(label)));
            group = group.element(Origin::path(stands.bare(format!("{}{label}", escape::line(path.as_str())))));
            continue;
        };
        let spans: Vec<Span> = here.iter().map(|marked| marked.place.span).collect();
        let Quote { text, first_line, marks } = quote::quote(source, &spans);
        let mut annotations: Vec<Annotation<'_>> = Vec::new();
        for (marked, range) in here.iter().zip(marks) {
            let Some(range) = range else {
                match &marked.label {
                    Some(label) => more.push(format!("{}: {}", escape::line(label), at(marked.place, sources))),
                    None => unmarked.push(at(marked.place, sources)),
                }
                continue;
            };
            let kind = if marked.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            annotations.push(kind.span(range).label(marked.label.as_deref().map(|label| escape::line(label).into_owned())));
        }
        // The renderer names the place of the first mark on the first marked line that is primary, as does this.
        let first = here.iter().filter(|marked| marked.primary).map(|marked| marked.place.span.start()).min();
        let first = first.or_else(|| spans.iter().map(|span| span.start()).min()).unwrap_or(0);
        let stand = stands.placed(path, first, sources);
        group = group.element(Snippet::source(text).line_start(first_line).path(stand).annotations(annotations));
    }
    if options.max == 0 && !unmarked.is_empty() {
        more.push(format!("also at {}", unmarked.join(", ")));
        unmarked.clear();
    }
    match words.places.saturating_sub(marked.len()) + unmarked.len() {
        0 => {}
        1 => more.push("1 more place is not shown: `forewarn check --max 0` shows all".to_owned()),
        left => more.push(format!("{left} more places are not shown: `forewarn check --max 0` shows all")),
    }
    group = group.elements(more.into_iter().map(|text| Heading::NOTE.message(text)));
    group = group.elements(words.notes.iter().map(|note| Heading::NOTE.message(escape::lines(note))));
    let mut groups = Vec::new();
    match change(block, sources, &mut stands) {
        Some(change) => {
            let help = words.helps.first().map_or("change this", String::as_str);
            groups.push(group);
            groups.push(Heading::HELP.secondary_title(escape::lines(help).into_owned()).element(change));
        }
        None => groups.push(group.elements(words.helps.iter().map(|help| Heading::HELP.message(escape::lines(help))))),
    }
    let renderer = if options.coloured { Renderer::styled() } else { Renderer::plain() };
    stands.resolved(&renderer.term_width(WIDTH).render(&groups))
}

/// The notes and helps of a block.
struct Words<'a> {
    notes: Vec<&'a str>,
    helps: Vec<String>,
    /// Whether each finding says its own help beside its mark.
    help_is_label: bool,
    /// How many places there are to mark.
    places: usize,
}

impl<'a> Words<'a> {
    fn of(block: &Block<'a>) -> Self {
        let places = if block.len() > 1 { distinct(block.findings().map(at_place)).len() } else { 1 + others(block.first()).count() };
        let elements = distinct(block.findings().map(|finding| &finding.element)).len();
        let rules = block.rules();
        let mut notes = distinct(block.findings().filter_map(|finding| finding.note.as_deref()));
        notes.truncate(NOTES);
        let all = distinct(block.findings().filter_map(|finding| finding.help.as_deref()));
        let help_is_label = elements > 1 && all.len() > 1 && rules.len() == 1 && all.iter().all(|help| help.chars().count() <= SHORT);
        let helps = match () {
            () if help_is_label => Vec::new(),
            () => distinct(rules.iter().filter_map(|rule| advice(block, rule))),
        };
        Self { notes, helps, help_is_label, places }
    }
}

/// What a rule advises in a block; of advice that differs from element to element, the first stands for all.
fn advice(block: &Block<'_>, rule: &str) -> Option<String> {
    let of_rule = block.findings().filter(|finding| finding.rule == rule);
    match distinct(of_rule.filter_map(|finding| finding.help.as_deref())).as_slice() {
        [] => None,
        [only] => Some((*only).to_owned()),
        [first, ..] => Some(format!("{first}; the others likewise")),
    }
}

/// The second places of a finding that are not its first.
fn others(finding: &Finding) -> impl Iterator<Item = &Mark> {
    finding.places.iter().filter(|mark| mark.place != finding.place)
}

/// What is marked: of a single finding its place and its second places; of several each one's place.
fn marked<'a>(block: &Block<'a>, words: &Words<'_>, handbook: &Handbook, options: &Options) -> Vec<Marked<'a>> {
    let most = if options.max == 0 { usize::MAX } else { PLACES };
    if block.len() == 1 {
        let finding = block.first();
        // A second place that is the first says what stands there.
        let label = finding.places.iter().find(|mark| mark.place == finding.place).map(|mark| mark.label.clone());
        let others = others(finding).take(most - 1).map(|mark| Marked {
            place: &mark.place,
            label: Some(mark.label.clone()).filter(|label| !label.is_empty()),
            primary: false,
        });
        return std::iter::once(Marked { place: &finding.place, label, primary: true }).chain(others).collect();
    }
    let mut marked: Vec<Marked<'a>> = Vec::new();
    let mut seen = HashSet::new();
    for finding in block.findings().filter(|finding| seen.insert(at_place(finding))).take(most) {
        // A single mark needs no name beside it: the first line has it.
        let label = label(finding, words, handbook).filter(|_| words.places > 1);
        marked.push(Marked { place: &finding.place, label, primary: true });
    }
    marked
}

fn at_place(finding: &Finding) -> (&PagePath, Span) {
    (&finding.place.path, finding.place.span)
}

/// What stands beside a mark that is one of many.
fn label(finding: &Finding, words: &Words<'_>, handbook: &Handbook) -> Option<String> {
    if words.help_is_label {
        return finding.help.clone();
    }
    if wording::says_each(finding.rule) {
        return Some(finding.message.clone());
    }
    let title = wording::thing_title(finding, handbook);
    title.filter(|_| wording::about(finding.rule) == Some(wording::About::Mode)).map(str::to_owned)
}

/// A place in words.
fn at(place: &Place, sources: &Sources) -> String {
    let position = sources.position(&place.path, place.span.start());
    format!("{}:{}:{}", escape::line(place.path.as_str()), position.line, position.column)
}

/// The change that mends the only finding of a block.
fn change(block: &Block<'_>, sources: &Sources, stands: &mut StandIns) -> Option<Snippet<'static, Patch<'static>>> {
    let finding = block.first();
    let patch = finding.patch.as_ref().filter(|_| block.len() == 1)?;
    let edit = quote::edit(sources.get(&patch.place.path)?, patch.place.span, &patch.replacement)?;
    if edit.text[edit.range.clone()] == edit.replacement {
        return None;
    }
    let snippet = Snippet::source(edit.text).line_start(edit.first_line).patch(Patch::new(edit.range, edit.replacement));
    let elsewhere = patch.place.path != finding.place.path;
    Some(if elsewhere { snippet.path(stands.placed(&patch.place.path, patch.place.span.start(), sources)) } else { snippet })
}

/// Names that stand in for places while the renderer works. It counts columns in the text that it is given; ours is cut and escaped, so the
/// true places are put in afterwards. Nothing else in the text can be taken for one, since control characters are escaped.
#[derive(Default)]
struct StandIns(Vec<String>);

const EDGE: char = '\u{1}';

impl StandIns {
    /// A name for a place.
    fn placed(&mut self, path: &PagePath, offset: usize, sources: &Sources) -> String {
        self.bare(at(&Place::new(path, Span::new(offset, offset)), sources))
    }

    /// A name for a text.
    fn bare(&mut self, text: String) -> String {
        self.0.push(text);
        format!("{EDGE}{}{EDGE}", self.0.len() - 1)
    }

    /// The text with what the names stand for; the line and column that the renderer puts after a name are dropped.
    fn resolved(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut parts = text.split(EDGE);
        out.push_str(parts.next().unwrap_or(""));
        while let (Some(name), Some(rest)) = (parts.next(), parts.next()) {
            out.push_str(name.parse().ok().and_then(|index: usize| self.0.get(index)).map_or("", String::as_str));
            out.push_str(rest.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit()));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::sample::{analysis, finding};
    use super::super::{report, select};
    use super::*;
    use crate::finding::Element;

    prop_compose! {
        fn place()(path in "[ab]", start in 0usize..400, length in 0usize..90) -> Place {
            Place::new(&PagePath::new(format!("content/{path}.md")), Span::new(start, start + length))
        }
    }

    proptest! {
        #[test]
        fn any_text_with_any_marks_can_be_shown(
            text in "(\\PC|[\\x00-\\x20]|[a-z 手é🚀\u{301}\u{202e}\t]{1,30}|\n){0,60}",
            places in proptest::collection::vec((place(), "\\PC{0,12}|[\\x00-\\x20]{0,3}"), 1..6),
            patch in proptest::option::of((place(), "([a-z\n\t\u{202e}é]|\\PC){0,12}")),
            many in 1usize..5,
            coloured: bool,
        ) {
            let (first, message) = &places[0];
            let mut findings = Vec::new();
            for number in 0..many {
                let mut one = finding("missing-recovery", Level::Error, first.clone(), Element::thing("a", format!("x{number}")), message);
                one.place.span = Span::new(one.place.span.start().saturating_sub(number * 7), one.place.span.end());
                one.patch = patch.clone().map(|(place, replacement)| crate::finding::Patch { place, replacement });
                findings.push(places[1..].iter().fold(one, |one, (place, label)| one.mark(place.clone(), label)));
            }
            let analysis = analysis(&[("content/a.md", &text)], findings);
            let text = report(&analysis, &select(&analysis.findings, &[], &[]), &Options { coloured, ..Options::default() });
            let hidden = |c: char| crate::portable::is_invisible(c) && c != '\n' && !(coloured && c == '\u{1b}');
            prop_assert!(!text.contains(hidden), "{text:?}");
            prop_assert!(text.contains("content/"), "{text}");
        }
    }
}
