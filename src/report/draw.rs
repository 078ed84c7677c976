//! One block -> text in rustc's manner: the first line, the place, source lines with their marks, notes, help, and the help as a change of
//! the text where that is known.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level as Heading, Origin, Patch, Renderer, Snippet};

use crate::finding::{Finding, Level, Place};
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
    let title = level.primary_title(escape::line(block.headline()).into_owned()).id(block.rules().join(", "));
    let mut group = Group::with_title(title);
    for path in distinct(marked.iter().map(|marked| &marked.place.path)) {
        let here: Vec<&Marked<'_>> = marked.iter().filter(|marked| marked.place.path == *path).collect();
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
                more.push(at(marked, sources));
                continue;
            };
            let kind = if marked.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            annotations.push(kind.span(range).label(marked.label.as_deref().map(|label| escape::line(label).into_owned())));
        }
        // The renderer names the place of the first mark on the first marked line that is primary, as does this.
        let first = here.iter().filter(|marked| marked.primary).map(|marked| marked.place.span.start).min();
        let first = first.or_else(|| spans.iter().map(|span| span.start).min()).unwrap_or(0);
        let stand = stands.placed(path, first, sources);
        group = group.element(Snippet::source(text).line_start(first_line).path(stand).annotations(annotations));
    }
    let left_out = block.len().saturating_sub(marked.iter().filter(|marked| marked.primary).count());
    if words.one_mark_each && left_out > 0 {
        more.push(format!("and {left_out} more: `--max 0` shows every place"));
    }
    let lines = |texts: &[&str]| texts.iter().map(|text| escape::lines(text).into_owned()).collect::<Vec<_>>();
    group = group.elements(more.into_iter().map(|text| Heading::NOTE.message(text)));
    group = group.elements(lines(&words.notes).into_iter().map(|text| Heading::NOTE.message(text)));
    let mut groups = Vec::new();
    match change(block, sources, &mut stands) {
        Some(change) => {
            let help = words.helps.first().copied().unwrap_or("write this instead");
            groups.push(group);
            groups.push(Heading::HELP.secondary_title(escape::lines(help).into_owned()).element(change));
        }
        None => groups.push(group.elements(lines(&words.helps).into_iter().map(|text| Heading::HELP.message(text)))),
    }
    let renderer = if options.coloured { Renderer::styled() } else { Renderer::plain() };
    stands.resolved(&renderer.term_width(WIDTH).render(&groups))
}

/// The notes and helps of a block.
struct Words<'a> {
    notes: Vec<&'a str>,
    helps: Vec<&'a str>,
    /// Whether each finding says its own help beside its mark.
    help_is_label: bool,
    /// Whether each finding is marked only where it is, since there are several.
    one_mark_each: bool,
}

impl<'a> Words<'a> {
    fn of(block: &Block<'a>) -> Self {
        let elements = distinct(block.findings().map(|finding| &finding.element)).len();
        let rules = block.rules();
        let mut notes = distinct(block.findings().filter_map(|finding| finding.note.as_deref()));
        notes.truncate(NOTES);
        let all = distinct(block.findings().filter_map(|finding| finding.help.as_deref()));
        let help_is_label = elements > 1 && all.len() > 1 && rules.len() == 1 && all.iter().all(|help| help.chars().count() <= SHORT);
        let helps =
            match () {
                () if help_is_label => Vec::new(),
                // Of what the same rule advises on many elements, the first is an example for all.
                () => distinct(rules.iter().filter_map(|rule| {
                    block.findings().filter(|finding| finding.rule == *rule).find_map(|finding| finding.help.as_deref())
                })),
            };
        Self { notes, helps, help_is_label, one_mark_each: block.len() > 1 }
    }
}

/// What is marked: of a single finding its place and all its second places; of several each one's place.
fn marked<'a>(block: &Block<'a>, words: &Words<'_>, handbook: &Handbook, options: &Options) -> Vec<Marked<'a>> {
    if !words.one_mark_each {
        let finding = block.first();
        // A second place that is the first says what stands there.
        let label = finding.places.iter().find(|mark| mark.place == finding.place).map(|mark| mark.label.clone());
        let others = finding.places.iter().filter(|mark| mark.place != finding.place);
        let others = others.map(|mark| Marked {
            place: &mark.place,
            label: Some(mark.label.clone()).filter(|label| !label.is_empty()),
            primary: false,
        });
        return std::iter::once(Marked { place: &finding.place, label, primary: true }).chain(others).collect();
    }
    let mut marked: Vec<Marked<'a>> = Vec::new();
    let most = if options.max == 0 { usize::MAX } else { PLACES };
    let alone = distinct(block.findings().map(|finding| &finding.place)).len() < 2;
    for finding in block.findings() {
        if marked.iter().any(|marked| *marked.place == finding.place) {
            continue;
        }
        if marked.len() == most {
            break;
        }
        let label = label(finding, words, handbook).filter(|_| !alone);
        marked.push(Marked { place: &finding.place, label, primary: true });
    }
    marked
}

/// What stands beside a mark that is one of many.
fn label(finding: &Finding, words: &Words<'_>, handbook: &Handbook) -> Option<String> {
    if words.help_is_label {
        return finding.help.clone();
    }
    let title = wording::thing_title(finding, handbook);
    title.filter(|_| wording::about(finding.rule) == Some(wording::About::Mode)).map(str::to_owned)
}

/// A place that could not be marked in its line, in words.
fn at(marked: &Marked<'_>, sources: &Sources) -> String {
    let position = sources.position(&marked.place.path, marked.place.span.start);
    let label = marked.label.as_deref().unwrap_or("also here");
    format!("{}: {}:{}:{}", escape::line(label), escape::line(marked.place.path.as_str()), position.line, position.column)
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
    Some(if elsewhere { snippet.path(stands.placed(&patch.place.path, patch.place.span.start, sources)) } else { snippet })
}

/// Names that stand in for places while the renderer works. It counts columns in the text that it is given; ours is cut and escaped, so the
/// true places are put in afterwards. Nothing else in the text can be taken for one, since control characters are escaped.
#[derive(Default)]
struct StandIns(Vec<String>);

const EDGE: char = '\u{1}';

impl StandIns {
    /// A name for a place.
    fn placed(&mut self, path: &PagePath, offset: usize, sources: &Sources) -> String {
        let position = sources.position(path, offset);
        self.bare(format!("{}:{}:{}", escape::line(path.as_str()), position.line, position.column))
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
