//! What parsing one page gives: its facts, its tracks, its failure modes, the shape of its Markdown, and what is wrong with it.

use crate::finding::Finding;
use crate::source::{Located, PagePath, Span};

use super::blocks::{DecisionBlock, FailureBlock, StepBlock};
use super::declaration::EachProse;
use super::front_matter::FrontMatter;
use super::outline::{Link, Outline};
use super::value::Prose;

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
