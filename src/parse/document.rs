//! What parsing one page gives: its facts, its tracks, its failure modes, the shape of its Markdown, and what is wrong with it.

use crate::finding::{Element, Finding, Place};
use crate::source::{Located, PagePath, Span};

use super::blocks::{DecisionBlock, FailureBlock, StepBlock};
use super::declaration::{EachProse, Fault};
use super::front_matter::FrontMatter;
use super::outline::{Link, Outline, RawHtml, outline};
use super::slug::slug;
use super::value::{PageKind, Prose};

/// One page, read.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file.
    pub path: PagePath,
    /// The page's id: explicit, or the slug of its file name.
    pub id: Located<String>,
    /// Whether the id was written by the author.
    pub explicit_id: bool,
    /// Facts about the page.
    pub front: FrontMatter,
    /// Its title and where it stands.
    pub title: Located<String>,
    /// The page's own heading, its first of level 1, by its index in the outline: no track, no step, no failure's own.
    pub page_heading: Option<usize>,
    /// The same heading where it repeats or gives the title.
    pub title_heading: Option<usize>,
    /// Whether so much of it could not be read that what it is stays unknown.
    pub unknown_kind: bool,
    /// Where the Markdown begins: after a front matter between `+++` or `---`.
    pub body: usize,
    /// The shape of the Markdown.
    pub outline: Outline,
    /// The ids in its raw HTML.
    pub raw_ids: Vec<String>,
    /// The links and images in its raw HTML, where that stays.
    pub raw_links: Vec<Link>,
    /// Whether its front matter is another tool's.
    pub foreign: bool,
    /// The anchors of each heading of the outline, in order.
    pub anchors: Vec<HeadingAnchor>,
    /// The fences that are forewarn blocks, by their index in the outline.
    pub blocks: Vec<usize>,
    /// The tracks, in page order.
    pub tracks: Vec<Track>,
    /// The failure modes, in page order.
    pub failures: Vec<Failure>,
    /// Everything wrong that this page alone shows.
    pub findings: Vec<Finding>,
}

/// The names by which a heading is linked to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HeadingAnchor {
    /// On the site: the id of the heading, or of the track, step or failure mode that it opens.
    pub id: String,
    /// A second name on the site: the slug of the text of a heading that has another id.
    pub also: Option<String>,
    /// On GitHub.
    pub github: String,
}

/// A list of steps: the section under one of the steps headings.
#[derive(Clone, Debug, Hash)]
pub struct Track {
    /// The slug of its heading, or its explicit id.
    pub id: String,
    /// Whether the author wrote the id.
    pub explicit_id: bool,
    /// The heading's text.
    pub title: String,
    /// Its heading, by its index in the outline.
    pub heading: usize,
    /// The heading's place.
    pub place: Span,
    /// The whole section.
    pub section: Span,
    /// Its steps, in page order.
    pub steps: Vec<Step>,
}

/// A step or a decision.
#[derive(Clone, Debug, Hash)]
pub struct Step {
    /// Its id on the page.
    pub id: String,
    /// The place of the id where the author wrote one.
    pub explicit_id: Option<Span>,
    /// What is done.
    pub title: String,
    /// The place of the title.
    pub place: Span,
    /// All that belongs to the step.
    pub extent: Span,
    /// How it is written.
    pub shape: StepShape,
    /// The facts.
    pub facts: StepFacts,
    /// The opening line of its block, where it has one.
    pub block: Option<Span>,
}

/// How a step is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepShape {
    /// As a section, by the heading's index in the outline.
    Section(usize),
    /// As a list item: the indexes of list and item in the outline.
    Item(usize, usize),
}

/// The facts about a step.
#[derive(Clone, Debug, Hash)]
pub enum StepFacts {
    /// Something is done.
    Step(Box<StepBlock>),
    /// Something is decided.
    Decision(Box<DecisionBlock>),
}

/// A failure mode as written.
#[derive(Clone, Debug, Hash)]
pub struct Failure {
    /// Its id on the page.
    pub id: String,
    /// The place of the id where the author wrote one.
    pub explicit_id: Option<Span>,
    /// What happens, as plain text.
    pub title: String,
    /// The opening line of the block.
    pub place: Span,
    /// The whole block, by its index among the outline's fences.
    pub fence: usize,
    /// The facts.
    pub block: FailureBlock,
    /// The step whose scope the block stands in: indexes of track and step.
    pub step: Option<(usize, usize)>,
    /// The heading that is its own, by its index in the outline.
    pub heading: Option<usize>,
    /// The prose under its own heading, where that is its recovery.
    pub prose: Option<Span>,
    /// The links in its recovery's words, in order, as written.
    pub recovery_links: Vec<Located<String>>,
}

impl Document {
    /// A page of which nothing but its path is known.
    pub fn empty(path: &PagePath) -> Self {
        Self {
            path: path.clone(),
            id: Located::new(file_id(path), Span::default()),
            explicit_id: false,
            front: FrontMatter::default(),
            title: Located::new(file_title(path), Span::default()),
            page_heading: None,
            title_heading: None,
            unknown_kind: false,
            body: 0,
            outline: Outline::default(),
            raw_ids: Vec::new(),
            raw_links: Vec::new(),
            foreign: false,
            anchors: Vec::new(),
            blocks: Vec::new(),
            tracks: Vec::new(),
            failures: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// What the page is.
    pub fn kind(&self) -> PageKind {
        self.front.kind.kind()
    }

    /// Whether its front matter is another tool's.
    pub fn is_foreign(&self) -> bool {
        self.foreign
    }

    /// The links that stand in no Markdown of the page, and lead somewhere all the same: those in the prose of its declarations, each at the
    /// whole text that it stands in, and those in its raw HTML; and the raw HTML of its declarations.
    pub fn declared_markup(&self) -> (Vec<Link>, Vec<RawHtml>) {
        let (mut links, raw) = self.declared_prose();
        links.extend(self.raw_links.iter().cloned());
        (links, raw)
    }

    /// The links and raw HTML in the prose of its declarations, each at the whole text that it stands in.
    pub fn declared_prose(&self) -> (Vec<Link>, Vec<RawHtml>) {
        let (mut links, mut raw) = (Vec::new(), Vec::new());
        self.each_prose(&mut |prose| {
            if prose.value.0.contains(['[', '<']) {
                let shape = outline(&prose.value.0, 0, 64);
                links.extend(shape.links.into_iter().map(|link| Link { span: prose.span, ..link }));
                raw.extend(shape.raw_html.into_iter().map(|raw| RawHtml { span: prose.span, ..raw }));
            }
        });
        (links, raw)
    }

    /// The step whose extent holds a place: indexes of track and step.
    pub fn step_at(&self, offset: usize) -> Option<(usize, usize)> {
        let track = self.track_at(offset)?;
        let steps = &self.tracks[track].steps;
        let step = steps.partition_point(|step| step.extent.start() <= offset).checked_sub(1)?;
        steps[step].extent.holds(offset).then_some((track, step))
    }

    /// The track whose section holds a place.
    pub fn track_at(&self, offset: usize) -> Option<usize> {
        let track = self.tracks.partition_point(|track| track.section.start() <= offset).checked_sub(1)?;
        self.tracks[track].section.holds(offset).then_some(track)
    }

    /// The id of the smallest step, failure mode or track that holds a place.
    pub fn thing_at(&self, offset: usize) -> Option<&str> {
        let fence = |failure: &Failure| self.outline.fences[failure.fence].span;
        let begins = |failure: &Failure| failure.prose.map_or(fence(failure).start(), |prose| prose.start().min(fence(failure).start()));
        let last = self.failures.partition_point(|failure| begins(failure) <= offset).checked_sub(1).map(|last| &self.failures[last]);
        if let Some(failure) = last.filter(|last| fence(last).holds(offset) || last.prose.is_some_and(|prose| prose.holds(offset))) {
            return Some(&failure.id);
        }
        if let Some((track, step)) = self.step_at(offset) {
            return Some(&self.tracks[track].steps[step].id);
        }
        self.track_at(offset).map(|track| self.tracks[track].id.as_str())
    }

    pub(super) fn finding(&self, rule: &'static str, span: Span, thing: Option<&str>, message: impl Into<String>) -> Finding {
        Finding::new(rule, Place::new(&self.path, span), Element::of(&self.id.value, thing), message)
    }

    pub(super) fn push_part(&mut self, mut finding: Finding, part: &str) {
        finding.element = finding.element.part(part);
        self.findings.push(finding);
    }

    pub(super) fn take_faults(&mut self, thing: Option<&str>, faults: Vec<Fault>) {
        for fault in faults {
            let mut finding = self.finding(fault.rule, fault.span, thing, fault.message);
            if !fault.key.is_empty() {
                finding.element = finding.element.part(fault.key);
            }
            finding.help = fault.help;
            if let Some((span, label)) = fault.mark {
                finding = finding.mark(Place::new(&self.path, span), label);
            }
            if let Some(replacement) = fault.replacement {
                finding = finding.patch(Place::new(&self.path, fault.span), replacement);
            }
            self.findings.push(finding);
        }
    }
}

/// The id that a page has by its file name.
pub fn file_id(path: &PagePath) -> String {
    let name = file_title(path);
    let slug = slug(&name);
    if slug.is_empty() { "page".to_owned() } else { slug }
}

/// The name of the file, or of the folder where the file is an index.
fn file_title(path: &PagePath) -> String {
    let mut parts: Vec<&str> = path.as_str().split('/').collect();
    let file = parts.pop().unwrap_or_default();
    let stem = file.strip_suffix(".md").unwrap_or(file);
    match (stem, parts.last()) {
        ("index" | "README", Some(folder)) if parts.len() > 1 => (*folder).to_owned(),
        ("README", _) => "index".to_owned(),
        _ => stem.to_owned(),
    }
}

impl EachProse for Document {
    fn each_prose(&self, see: &mut dyn FnMut(&Prose)) {
        self.front.each_prose(see);
        for step in self.tracks.iter().flat_map(|track| &track.steps) {
            match &step.facts {
                StepFacts::Step(block) => block.each_prose(see),
                StepFacts::Decision(block) => block.each_prose(see),
            }
        }
        self.failures.iter().for_each(|failure| failure.block.each_prose(see));
    }
}
