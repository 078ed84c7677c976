//! The story of parsing one page, from its text to its [`Document`].

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::finding::{Element, Finding, Place};
use crate::source::{Located, Source, Span};

use super::Rules;
use super::blocks::{DecisionBlock, FailureBlock, Recover, StepBlock};
use super::declaration::{self, Fault};
use super::document::{Document, Failure, StepFacts, StepShape};
use super::front_matter::{FrontMatter, KindKeys};
use super::naming::name_things;
use super::opening::{Opening, opening};
use super::outline::{Fence, Leading, Outline, outline};
use super::slug::slug;
use super::value::{PageKind, says_something};
use super::{markdown, markup, steps, yaml};

/// Reads one page. A panic inside becomes an `internal-error` finding of an otherwise empty page.
pub fn parse(source: &Source, rules: &Rules) -> Document {
    catch_unwind(AssertUnwindSafe(|| read(source, rules))).unwrap_or_else(|_| broken(source))
}

/// The page of a source that could not be read at all.
fn broken(source: &Source) -> Document {
    let mut document = Document::empty(&source.path);
    document.unknown_kind = true;
    let element = Element::page(&document.id.value);
    let place = Place::new(&source.path, Span::new(0, 1));
    let finding = Finding::new("internal-error", place, element, "reading this page failed inside forewarn")
        .note("this is a fault of forewarn, not of the page; the other pages are whole")
        .help("please report it with the page's text");
    document.findings.push(finding);
    document
}

/// Which of our blocks a fence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block {
    Page,
    Step,
    Decision,
    Failure,
}

fn block_kind(info: &str) -> Option<Block> {
    let mut words = info.split_whitespace();
    let first = words.next()?;
    match if first == "toml" { words.next()? } else { first } {
        "page" => Some(Block::Page),
        "step" => Some(Block::Step),
        "decision" => Some(Block::Decision),
        "failure" => Some(Block::Failure),
        _ => None,
    }
}

fn read(source: &Source, rules: &Rules) -> Document {
    let text = &*source.text;
    assert!(rules.fail_inside.as_deref() != Some(source.path.as_str()), "asked to fail inside");
    let top = opening(text);
    let body = match &top {
        Opening::Toml(fenced) | Opening::Yaml(fenced) => fenced.body,
        Opening::Unclosed(span) => text[span.end()..].find('\n').map_or(text.len(), |at| span.end() + at + 1),
        Opening::None => 0,
    };
    let outline = outline(text, body, rules.block_nesting);
    let mut document = Document { outline, body, ..Document::empty(&source.path) };
    let faults = read_front_matter(&mut document, &top, text, rules);
    name_page(&mut document);
    document.unknown_kind = source.damaged || document.front.page.kind.is_none() && document.front.page.has("kind");
    document.take_faults(None, faults);
    check_aliases(&mut document, rules);
    if let Opening::Unclosed(span) = top {
        let finding = document.finding("unclosed-front-matter", span, None, "this front matter is never closed");
        document.findings.push(finding.help("end it with a line of the same three characters"));
    }
    if let Some(span) = document.outline.too_deep {
        let message = format!("quotes and lists nest deeper than {} here", rules.block_nesting);
        let finding = document.finding("nesting-too-deep", span, None, message);
        document
            .findings
            .push(finding.note("the page from here on was not read").help("write it flatter, or raise `block_nesting` under `[limits]`"));
    }
    find_title(&mut document, text);
    check_heading_ids(&mut document, text);
    let reads_blocks = !matches!(document.kind(), PageKind::Page);
    if reads_blocks {
        Blocks { text, rules }.read(&mut document);
        misspelt_blocks(&mut document);
    } else if !document.front.page.has("kind") {
        unread_blocks(&mut document);
    }
    name_things(&mut document, text);
    let (markup, raw_ids) = markup::read(&document, text);
    if !rules.raw_html_is_text {
        document.raw_links = markup::raw_links(&document);
    }
    document.findings.extend(markup);
    document.raw_ids = raw_ids;
    document
}

/// Reads the front matter, wherever it stands; leaves the faults in it.
fn read_front_matter(document: &mut Document, top: &Opening<'_>, text: &str, rules: &Rules) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut found: Option<Span> = None;
    match top {
        Opening::Toml(fenced) => {
            let (front, more): (FrontMatter, _) = declaration::read(fenced.text, &fenced.places, &rules.declarations);
            document.front = FrontMatter { span: fenced.span, ..front };
            faults.extend(more);
            found = Some(fenced.span);
        }
        Opening::Yaml(fenced) => match yaml::read(fenced.text, fenced.span) {
            Ok(page) => {
                document.front = FrontMatter { page, kind: KindKeys::Page, span: fenced.span };
                document.foreign = true;
            }
            Err((line, message)) => {
                let start = fenced.text.split_inclusive('\n').take(line.unwrap_or(1).saturating_sub(1)).map(str::len).sum::<usize>();
                let start = start.min(fenced.text.len());
                let length = fenced.text[start..].lines().next().unwrap_or("").len();
                let mut fault = plain_fault("invalid-toml", fenced.places.span(start..start + length), "");
                fault.message = format!("this YAML front matter cannot be read: {message}");
                fault.help = Some("mend the YAML, or write the front matter in TOML between `+++` lines".to_owned());
                faults.push(fault);
            }
        },
        Opening::None | Opening::Unclosed(_) => {}
    }
    let first = first_block(&document.outline);
    for (index, fence) in document.outline.fences.iter().enumerate() {
        if block_kind(&fence.info) != Some(Block::Page) {
            continue;
        }
        match (found, first == Some(index)) {
            (Some(other), true) => {
                let mut fault = plain_fault("invalid-value", fence.opening, "this page has a second front matter");
                fault.mark = Some((steps::first_line(text, other), "the first one".to_owned()));
                fault.help = Some("keep one of the two".to_owned());
                faults.push(fault);
                document.blocks.push(index);
            }
            (None, true) => {
                let (front, more): (FrontMatter, _) = declaration::read(fence.text(text), &fence.places, &rules.declarations);
                let other = std::mem::replace(&mut document.front, FrontMatter { span: fence.span, ..front });
                document.front.page.fill_from(other.page);
                document.foreign = false;
                faults.extend(more);
                found = Some(fence.opening);
                document.blocks.push(index);
            }
            (_, false) if document.front.kind.kind() != PageKind::Page || found.is_none() && is_top(&document.outline, index) => {
                let mut fault =
                    plain_fault("invalid-value", fence.opening, "a `page` block stands first in the file or right after its `# heading`");
                fault.help = Some("move it to the top of the page".to_owned());
                faults.push(fault);
            }
            _ => {}
        }
    }
    faults
}

fn plain_fault(rule: &'static str, span: Span, message: &str) -> Fault {
    Fault { rule, span, key: String::new(), message: message.to_owned(), help: None, mark: None, replacement: None }
}

/// The fence that stands first in the file, or right after its first `# heading`.
fn first_block(outline: &Outline) -> Option<usize> {
    match outline.blocks.as_slice() {
        [Leading::Fence(fence), ..] => Some(*fence),
        blocks => {
            let is_page_heading = |block: &Leading| matches!(block, Leading::Heading(heading) if outline.headings[*heading].level == 1);
            match blocks.iter().position(is_page_heading).and_then(|at| blocks.get(at + 1)) {
                Some(Leading::Fence(fence)) => Some(*fence),
                _ => None,
            }
        }
    }
}

fn is_top(outline: &Outline, fence: usize) -> bool {
    outline.blocks.contains(&Leading::Fence(fence))
}

fn name_page(document: &mut Document) {
    if let Some(id) = &document.front.page.id {
        document.id = id.clone().map(|id| id.0);
        document.explicit_id = true;
    }
}

/// An alias is a path of the site: `/old/url/`, or a file that ends in `.html`; and no longer than the path of a page may be.
fn check_aliases(document: &mut Document, rules: &Rules) {
    let aliases = std::mem::take(&mut document.front.page.aliases);
    for (index, mut alias) in aliases.into_iter().enumerate() {
        if document.foreign {
            alias.value = format!("/{}/", alias.value.trim_matches('/'));
        }
        let text = alias.value.clone();
        let inner = text.strip_prefix('/').map(|rest| rest.strip_suffix('/').unwrap_or(rest));
        let whole = inner.is_some_and(|inner| {
            !text.contains('%')
                && inner.split('/').all(|part| crate::portable::unportable(part).is_none())
                && (text.ends_with('/') || text.ends_with(".html"))
        });
        let span = alias.span;
        if let Some((message, key)) = over_the_limit(&text, rules) {
            let help = format!("shorten it, or raise `{key}` under `[limits]`");
            let finding = document.finding("limit-exceeded-input", span, None, message).help(help);
            document.push_part(finding, &format!("aliases.{index}"));
            continue;
        }
        if whole {
            document.front.page.aliases.push(alias);
        }
        if whole || document.foreign {
            continue;
        }
        let message = format!("`{text}` is no path of this site");
        let finding = document
            .finding("invalid-value", span, None, message)
            .help("write it from the root and end it with `/` or `.html`: /old/deploy/");
        document.push_part(finding, &format!("aliases.{index}"));
    }
}

/// Why a path of the site is too long, if so, and the limit that says it.
fn over_the_limit(path: &str, rules: &Rules) -> Option<(String, &'static str)> {
    let part = path.split('/').map(str::len).max().unwrap_or_default();
    let (what, has, limit, key) = if part > rules.path_part_bytes {
        ("a part of this alias", part, rules.path_part_bytes, "path_part_bytes")
    } else {
        ("this alias", path.len(), rules.path_bytes, "path_bytes")
    };
    (has > limit).then(|| (format!("{what} is {has} bytes long, over the limit of {limit}"), key))
}

/// An id between braces has the form of every explicit id; one that has not is left out.
fn check_heading_ids(document: &mut Document, text: &str) {
    let mut headings = std::mem::take(&mut document.outline.headings);
    for heading in &mut headings {
        let refused = heading.id.take_if(|id| super::value::refused_id(id).is_some());
        if let Some(id) = refused {
            let rule = super::value::refused_id(&id).unwrap_or("invalid-value");
            let finding =
                document.finding(rule, steps::first_line(text, heading.span), None, format!("`{id}` cannot be the id of a heading"));
            let help = "an id begins with a small letter or a digit and goes on with those and `-`; or leave the braces out";
            document.push_part(finding.help(help), &id);
        }
    }
    document.outline.headings = headings;
}

fn find_title(document: &mut Document, text: &str) {
    let heading = document.outline.headings.iter().position(|heading| heading.level == 1 && !heading.text.is_empty());
    document.page_heading = heading;
    let written = document.front.page.title.clone().filter(|title| says_something(&title.value));
    match (written, heading) {
        (Some(title), _) => {
            let same = heading.filter(|heading| document.outline.headings[*heading].text.trim() == title.value.trim());
            document.title_heading = same;
            document.title = title.map(|title| title.trim().to_owned());
        }
        (None, Some(index)) => {
            let heading = &document.outline.headings[index];
            document.title = Located::new(heading.text.clone(), steps::first_line(text, heading.span));
            document.title_heading = Some(index);
        }
        (None, None) if document.kind() == PageKind::Page || document.front.page.has("title") => {}
        (None, None) => {
            let span = Span::new(document.front.span.start(), document.front.span.start() + 3);
            let message = format!("this {} has no title", document.kind());
            let finding = document.finding("missing-key", span, None, message).help("add `title = \"…\"`, or a `# heading`");
            document.push_part(finding, "title");
        }
    }
}

/// A page that does not say what it is, and has a block that only a process or system can have: it would be lost without a word.
fn unread_blocks(document: &mut Document) {
    let is_ours = |fence: &&Fence| matches!(block_kind(&fence.info), Some(Block::Step | Block::Decision | Block::Failure));
    let Some(fence) = document.outline.fences.iter().find(is_ours) else { return };
    let message =
        format!("this `{}` block is not read: the page does not say what it is", fence.info.split_whitespace().last().unwrap_or_default());
    let finding = document.finding("invalid-value", fence.opening, None, message);
    let help =
        "begin the page with a `page` block that holds `kind = \"process\"` (or \"system\"); `kind = \"page\"` leaves the block as it is";
    document.push_part(finding.help(help), "kind");
}

/// A fence whose word is one letter away from one of ours: it would be shown as code and not read.
fn misspelt_blocks(document: &mut Document) {
    let near = |fence: &Fence| {
        let word = fence.info.split_whitespace().last()?;
        let ours = ["page", "step", "decision", "failure"].into_iter().find(|ours| strsim::damerau_levenshtein(word, ours) == 1)?;
        Some((fence.opening, word.to_owned(), ours))
    };
    for (opening, word, ours) in document.outline.fences.iter().filter_map(near).collect::<Vec<_>>() {
        let finding = document.finding("invalid-value", opening, None, format!("a `{word}` block is shown as code and not read"));
        document.push_part(finding.help(format!("did you mean `{ours}`?")), &word);
    }
}

/// Reads the `step`, `decision` and `failure` blocks of a page into its tracks and failure modes.
struct Blocks<'p> {
    text: &'p str,
    rules: &'p Rules,
}

impl Blocks<'_> {
    fn read(&self, document: &mut Document) {
        let kinds: Vec<(usize, Block)> = (document.outline.fences.iter().enumerate())
            .filter_map(|(index, fence)| Some((index, block_kind(&fence.info).filter(|kind| *kind != Block::Page)?)))
            .collect();
        let failure_fences: Vec<usize> = kinds.iter().filter(|(_, kind)| *kind == Block::Failure).map(|(index, _)| *index).collect();
        if document.kind() == PageKind::Process {
            document.tracks = steps::tracks(&steps::Page {
                text: self.text,
                outline: &document.outline,
                page_heading: document.page_heading,
                failure_fences: &failure_fences,
                steps_headings: &self.rules.steps_headings,
            });
        }
        for (index, kind) in kinds {
            document.blocks.push(index);
            let fence = document.outline.fences[index].clone();
            match (kind, document.kind()) {
                (Block::Failure, PageKind::Process | PageKind::System) => self.failure(document, index, &fence, &failure_fences),
                (Block::Step | Block::Decision, PageKind::Process) => self.step(document, &fence, kind),
                (_, page) => {
                    let name = fence.info.split_whitespace().last().unwrap_or_default().to_owned();
                    let message = format!("a `{name}` block has no meaning on a page of kind `{page}`");
                    let help = if kind == Block::Failure { "move it to a process or a system" } else { "move it to a process" };
                    let finding = document.finding("invalid-value", fence.opening, None, message).help(help);
                    document.findings.push(finding);
                }
            }
        }
        document.blocks.sort_unstable();
    }

    fn step(&self, document: &mut Document, fence: &Fence, kind: Block) {
        let name = if kind == Block::Step { "step" } else { "decision" };
        let Some((track, step)) = document.step_at(fence.span.start()) else {
            let message = format!("this `{name}` block stands in no step");
            let track = document.tracks.iter().find(|track| track.section.holds(fence.span.start())).map(|track| track.id.clone());
            let finding = document.finding("invalid-value", fence.opening, track.as_deref(), message);
            document.findings.push(finding.help("move it into the list item or under the heading of the step it speaks of; steps stand under a heading that begins with `Steps`"));
            return;
        };
        let (facts, id, faults) = match kind {
            Block::Step => {
                let (block, faults): (StepBlock, _) = declaration::read(fence.text(self.text), &fence.places, &self.rules.declarations);
                (StepFacts::Step(Box::new(block.clone())), block.id, faults)
            }
            _ => {
                let (block, faults): (DecisionBlock, _) = declaration::read(fence.text(self.text), &fence.places, &self.rules.declarations);
                (StepFacts::Decision(Box::new(block.clone())), block.id, faults)
            }
        };
        let target = &mut document.tracks[track].steps[step];
        if let Some(first) = target.block {
            let message = format!("the step `{}` has a second block", target.title);
            let id = target.id.clone();
            let finding = document.finding("invalid-value", fence.opening, Some(&id), message);
            let place = Place::new(&document.path, first);
            document.findings.push(finding.mark(place, "the first one").help("join the two blocks, or make a step of its own"));
            return;
        }
        target.block = Some(fence.opening);
        target.facts = facts;
        if let Some(id) = id {
            target.explicit_id = Some(id.span);
            target.id = id.value.0;
        }
        let id = target.id.clone();
        document.take_faults(Some(&id), faults);
    }

    fn failure(&self, document: &mut Document, index: usize, fence: &Fence, failure_fences: &[usize]) {
        let (block, faults): (FailureBlock, _) = declaration::read(fence.text(self.text), &fence.places, &self.rules.declarations);
        let own = self.own_heading(document, fence, failure_fences);
        let heading = own.filter(|_| block.title.is_none());
        let written = block.title.as_ref().map(|title| markdown::plain(&title.value.0));
        let title = written.or_else(|| heading.map(|heading| document.outline.headings[heading].text.clone())).unwrap_or_default();
        let untitled = title.is_empty();
        let prose = heading.filter(|_| !block.has("recover")).map(|heading| self.prose(document, heading)).and_then(|prose| prose);
        let explicit = heading.and_then(|heading| {
            let heading = &document.outline.headings[heading];
            heading.id.clone().map(|id| (id, steps::first_line(self.text, heading.span)))
        });
        let explicit = block.id.clone().map(|id| (id.value.0, id.span)).or(explicit);
        let derived = slug(&title);
        let id = match &explicit {
            Some((id, _)) => id.clone(),
            None if derived.is_empty() => "failure".to_owned(),
            None => derived,
        };
        let meant = |fault: &Fault| fault.key == "title" || fault.rule == "invalid-toml";
        if untitled && !block.has("title") && !faults.iter().any(meant) {
            let finding = document
                .finding("missing-key", fence.opening, Some(&id), "this failure mode has no title")
                .help("add `title = \"what happens\"`, or put the block alone under a heading of its own");
            document.push_part(finding, "title");
        }
        let failure = Failure {
            explicit_id: explicit.map(|(_, span)| span),
            title: if untitled { id.clone() } else { title },
            place: fence.opening,
            fence: index,
            step: document.step_at(fence.span.start()),
            heading,
            recovery_links: self.recovery_links(document, &block, prose),
            prose,
            block,
            id,
        };
        document.take_faults(Some(&failure.id), faults);
        document.failures.push(failure);
    }

    /// The heading above, where it is no page title, track or step and only this failure block stands in its section.
    fn own_heading(&self, document: &Document, fence: &Fence, failure_fences: &[usize]) -> Option<usize> {
        let outline = &document.outline;
        let heading = outline.headings.partition_point(|heading| heading.span.start() < fence.span.start()).checked_sub(1)?;
        if Some(heading) == document.page_heading || self.opens_step(document, heading) {
            return None;
        }
        let section = outline.section(heading, self.text.len());
        let start = |index: &usize| outline.fences[*index].span.start();
        let first = failure_fences.partition_point(|index| start(index) < section.start());
        let alone = failure_fences.get(first + 1).is_none_or(|next| start(next) >= section.end());
        let in_item = document.step_at(fence.span.start()).is_some_and(|(track, step)| {
            let step = &document.tracks[track].steps[step];
            matches!(step.shape, StepShape::Item(..)) && step.extent.start() > outline.headings[heading].span.start()
        });
        (alone && !in_item).then_some(heading)
    }

    /// Whether a heading opens a track or a step.
    fn opens_step(&self, document: &Document, heading: usize) -> bool {
        let start = document.outline.headings[heading].span.start();
        let Some(track) = document.track_at(start) else { return false };
        let track = &document.tracks[track];
        let step = track.steps.partition_point(|step| step.extent.start() <= start).checked_sub(1);
        track.heading == heading || step.is_some_and(|step| track.steps[step].shape == StepShape::Section(heading))
    }

    /// The section of a heading without its forewarn blocks, if it says anything.
    fn prose(&self, document: &Document, heading: usize) -> Option<Span> {
        let outline = &document.outline;
        let section = outline.section(heading, self.text.len());
        let prose = Span::new(outline.headings[heading].span.end(), section.end());
        let first = outline.fences.partition_point(|fence| fence.span.start() < prose.start());
        let inside = outline.fences[first..].iter().take_while(|fence| fence.span.start() < prose.end());
        let blocks: Vec<Span> = inside.filter(|fence| block_kind(&fence.info).is_some()).map(|fence| fence.span).collect();
        let mut said = String::new();
        for (event, range) in markdown::events(&self.text[prose.start()..prose.end()]) {
            if !blocks.iter().any(|block| block.holds(range.start + prose.start())) {
                markdown::push_plain(&event, &mut said);
            }
        }
        says_something(&said).then_some(prose)
    }

    fn recovery_links(&self, document: &Document, block: &FailureBlock, prose: Option<Span>) -> Vec<Located<String>> {
        let text = match &block.recover {
            Some(Recover::Text(text)) => Some(text),
            Some(Recover::Table(table)) => table.text.as_ref(),
            None => None,
        };
        if let Some(text) = text {
            let shape = outline(&text.value.0, 0, self.rules.block_nesting);
            return shape.links.into_iter().filter(|link| !link.image).map(|link| Located::new(link.target, text.span)).collect();
        }
        let Some(prose) = prose else { return Vec::new() };
        let links = document.outline.links.iter().skip_while(|link| link.span.start() < prose.start());
        let links = links.take_while(|link| link.span.start() < prose.end()).filter(|link| !link.image);
        links.map(|link| Located::new(link.target.clone(), link.span)).collect()
    }
}
