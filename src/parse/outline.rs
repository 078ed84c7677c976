//! The shape of a page's Markdown: its headings, lists, fences, links and raw HTML, each with its place.
//!
//! One pass over the Markdown events. Absent: what any of it means; `steps` and `scope` read that from the shape.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Tag, TagEnd};

use crate::source::Span;

use super::markdown;
use super::place_map::PlaceMap;

/// A heading that stands in no list or quote.
#[derive(Clone, Debug)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its text without marks.
    pub text: String,
    /// Its explicit `{#id}`.
    pub id: Option<String>,
    /// The whole line or lines.
    pub span: Span,
}

/// A list that stands in no other list or quote.
#[derive(Clone, Debug)]
pub struct List {
    /// Whether its items are numbered.
    pub ordered: bool,
    /// From its first item to its last.
    pub span: Span,
    /// Its items.
    pub items: Vec<Item>,
}

/// An item of a [`List`].
#[derive(Clone, Debug)]
pub struct Item {
    /// From its marker to its last line.
    pub span: Span,
    /// Its leading bold text, without marks.
    pub bold: Option<String>,
    /// Its first paragraph, without marks.
    pub text: String,
    /// The leading bold text in the page, or else the first paragraph.
    pub text_span: Span,
}

/// Fenced code.
#[derive(Clone, Debug)]
pub struct Fence {
    /// The info string.
    pub info: String,
    /// From the opening fence to the closing one.
    pub span: Span,
    /// The opening line.
    pub opening: Span,
    /// From the code back to the page.
    pub places: PlaceMap,
    /// Whether it has its closing fence.
    pub closed: bool,
    code: Code,
}

/// The text of fenced code.
#[derive(Clone, Debug)]
enum Code {
    /// Stands in the page as it is.
    Stretch(Span),
    /// Stands in the page with what it stands in: an indentation, the marks of a quote.
    Apart(Box<str>),
}

impl Fence {
    /// The code, without the indentation of what it stands in; `page` is the text that the outline is of.
    pub fn text<'t>(&'t self, page: &'t str) -> &'t str {
        match &self.code {
            Code::Stretch(span) => &page[span.start()..span.end()],
            Code::Apart(text) => text,
        }
    }
}

/// A link or an image.
#[derive(Clone, Debug, Hash)]
pub struct Link {
    /// Where it leads, as written but without Markdown escapes.
    pub target: String,
    /// The smallest place of the target: the destination where it stands in the link, else the link.
    pub span: Span,
    /// Whether it is an image.
    pub image: bool,
}

/// A piece of raw HTML: a block, or an inline tag.
#[derive(Clone, Debug)]
pub struct RawHtml {
    /// Where.
    pub span: Span,
    /// The HTML.
    pub html: String,
}

/// What stands first in a section, for telling failure headings from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leading {
    /// A heading, by its index.
    Heading(usize),
    /// Fenced code, by its index.
    Fence(usize),
    /// Anything else.
    Other(Span),
}

/// The shape of a page.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// Headings in page order.
    pub headings: Vec<Heading>,
    /// Lists in page order.
    pub lists: Vec<List>,
    /// Fences in page order, wherever they stand.
    pub fences: Vec<Fence>,
    /// Links and images in page order.
    pub links: Vec<Link>,
    /// Raw HTML in page order.
    pub raw_html: Vec<RawHtml>,
    /// The blocks that stand in no list, in page order; quotes are looked through.
    pub blocks: Vec<Leading>,
    /// Footnotes that are defined.
    pub footnotes: Vec<String>,
    /// Where containers first nest deeper than the limit; nothing after it was read.
    pub too_deep: Option<Span>,
}

/// The shape of `text[start..]`; all places count from the start of `text`.
pub fn outline(text: &str, start: usize, block_nesting: usize) -> Outline {
    let definitions = markdown::definitions(&text[start..]);
    let definitions = definitions.into_iter().map(|(label, range)| (label, Span::new(range.start + start, range.end + start))).collect();
    let mut reading = Reading { text, definitions, ..Reading::default() };
    for (event, range) in markdown::events(&text[start..]) {
        let range = range.start + start..range.end + start;
        reading.event(event, range.clone());
        if reading.containers > block_nesting || reading.open.len() > block_nesting.saturating_mul(2).saturating_add(8) {
            reading.outline.too_deep = Some(Span::new(range.start, range.start + 1));
            break;
        }
    }
    reading.outline.no_longer_than_needed()
}

/// What can be open around an event, as far as the shape cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Quote,
    List,
    Item,
    Inline,
    Block,
}

#[derive(Default)]
struct Reading<'t> {
    text: &'t str,
    definitions: HashMap<String, Span>,
    outline: Outline,
    open: Vec<Open>,
    containers: usize,
    lists: usize,
    heading: Option<Heading>,
    /// With its text so far.
    fence: Option<(Fence, String)>,
    html: Option<RawHtml>,
    item: Option<ItemText>,
}

/// Gathers the first paragraph of a list item.
#[derive(Default)]
struct ItemText {
    text: String,
    span: Option<Span>,
    bold: Option<String>,
    bold_span: Option<Span>,
    in_bold: bool,
}

impl Reading<'_> {
    /// Whether what comes stands in no list and no quote.
    fn at_top(&self) -> bool {
        self.containers == 0
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Html(html) => self.html(&html, range),
            Event::InlineHtml(html) => {
                self.finish_html();
                self.outline.raw_html.push(RawHtml { span: range.into(), html: html.into_string() });
            }
            Event::Rule => self.leading(Leading::Other(range.into())),
            other => self.inline(&other, range),
        }
    }

    fn inline(&mut self, event: &Event<'_>, range: Range<usize>) {
        if let (Some((fence, code)), Event::Text(text)) = (&mut self.fence, event) {
            fence.places.push(code.len(), range);
            code.push_str(text);
            return;
        }
        if let Some(heading) = &mut self.heading {
            markdown::push_plain(event, &mut heading.text);
        }
        if let Some(item) = &mut self.item {
            let before = item.text.len();
            markdown::push_plain(event, &mut item.text);
            if item.text.len() > before {
                let start = item.span.map_or(range.start, |span| span.start());
                item.span = Some(Span::new(start, range.end));
                if item.in_bold {
                    let added = item.text[before..].to_owned();
                    item.bold.get_or_insert_default().push_str(&added);
                    let bold = item.bold_span.map_or(range.start, |span| span.start());
                    item.bold_span = Some(Span::new(bold, range.end));
                }
            }
        }
    }

    fn html(&mut self, html: &str, range: Range<usize>) {
        let piece = self.html.get_or_insert_with(|| RawHtml { span: range.clone().into(), html: String::new() });
        piece.html.push_str(html);
        piece.span = Span::new(piece.span.start(), range.end);
    }

    fn finish_html(&mut self) {
        self.outline.raw_html.extend(self.html.take());
    }

    /// Notes a block that stands in no list.
    fn leading(&mut self, leading: Leading) {
        if self.lists == 0 {
            self.outline.blocks.push(leading);
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        let open = match tag {
            Tag::BlockQuote(_) => {
                self.finish_item_text();
                Open::Quote
            }
            Tag::List(first) => {
                self.finish_item_text();
                self.leading(Leading::Other(range.clone().into()));
                if self.at_top() {
                    self.outline.lists.push(List { ordered: first.is_some(), span: range.into(), items: Vec::new() });
                }
                self.lists += 1;
                Open::List
            }
            Tag::Item => {
                if self.containers == 1 && self.lists == 1 {
                    let item = Item { span: range.clone().into(), bold: None, text: String::new(), text_span: range.into() };
                    if let Some(list) = self.outline.lists.last_mut() {
                        list.items.push(item);
                        self.item = Some(ItemText::default());
                    }
                }
                Open::Item
            }
            Tag::Heading { level, id, .. } => {
                self.finish_item_text();
                if self.at_top() {
                    self.leading(Leading::Heading(self.outline.headings.len()));
                    let id = id.map(CowStr::into_string);
                    self.heading = Some(Heading { level: level as u8, text: String::new(), id, span: range.into() });
                }
                Open::Block
            }
            Tag::CodeBlock(kind) => {
                self.finish_item_text();
                self.code(kind, range);
                Open::Block
            }
            Tag::HtmlBlock => {
                self.finish_item_text();
                let html = self.text[range.clone()].trim();
                let is_comment = html.starts_with("<!--") && html.find("-->").is_some_and(|end| end + 3 == html.len());
                if !is_comment {
                    self.leading(Leading::Other(range.into()));
                }
                Open::Block
            }
            Tag::FootnoteDefinition(label) => {
                self.finish_item_text();
                self.outline.footnotes.push(label.into_string());
                Open::Quote
            }
            Tag::Table(_) => {
                self.finish_item_text();
                self.leading(Leading::Other(range.into()));
                Open::Block
            }
            Tag::Paragraph => {
                self.leading(Leading::Other(range.into()));
                Open::Block
            }
            Tag::Link { link_type, dest_url, id, .. } => {
                self.link(link_type, &dest_url, &id, &range, false);
                Open::Inline
            }
            Tag::Image { link_type, dest_url, id, .. } => {
                self.link(link_type, &dest_url, &id, &range, true);
                Open::Inline
            }
            Tag::Strong => {
                if let Some(item) = self.item.as_mut().filter(|item| item.text.trim().is_empty()) {
                    item.in_bold = true;
                }
                Open::Inline
            }
            _ => Open::Inline,
        };
        if matches!(open, Open::Quote | Open::List) {
            self.containers += 1;
        }
        self.open.push(open);
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match self.open.pop() {
            Some(Open::Quote) => self.containers -= 1,
            Some(Open::List) => {
                self.containers -= 1;
                self.lists -= 1;
            }
            _ => {}
        }
        match tag {
            TagEnd::Heading(_) => {
                if let Some(mut heading) = self.heading.take() {
                    heading.text = heading.text.trim().to_owned();
                    heading.span = range.into();
                    self.outline.headings.push(heading);
                }
            }
            TagEnd::CodeBlock => {
                if let Some((mut fence, code)) = self.fence.take() {
                    let stretch = Some(fence.places.span(0..code.len())).filter(|at| self.text.get(at.start()..at.end()) == Some(&code));
                    fence.code = stretch.map_or_else(|| Code::Apart(code.into()), Code::Stretch);
                    self.outline.fences.push(fence);
                }
            }
            TagEnd::HtmlBlock => self.finish_html(),
            TagEnd::Strong => {
                if let Some(item) = &mut self.item {
                    item.in_bold = false;
                }
            }
            TagEnd::Paragraph | TagEnd::Item => self.finish_item_text(),
            _ => {}
        }
    }

    fn finish_item_text(&mut self) {
        let Some(text) = self.item.take() else { return };
        let Some(item) = self.outline.lists.last_mut().and_then(|list| list.items.last_mut()) else { return };
        item.text = text.text.trim().to_owned();
        item.bold = text.bold.filter(|bold| !bold.trim().is_empty());
        item.text_span = text.bold_span.or(text.span).unwrap_or(Span::new(item.span.start(), item.span.start() + 1));
    }

    fn code(&mut self, kind: CodeBlockKind<'_>, range: Range<usize>) {
        let CodeBlockKind::Fenced(info) = kind else {
            self.leading(Leading::Other(range.into()));
            return;
        };
        self.leading(Leading::Fence(self.outline.fences.len()));
        let source = &self.text[range.clone()];
        let first_line = source.lines().next().unwrap_or("");
        let opening = Span::new(range.start, range.start + first_line.len());
        let fence = Fence {
            info: info.trim().to_owned(),
            span: range.into(),
            opening,
            places: PlaceMap::opened_by(opening),
            closed: is_closed(source),
            code: Code::Stretch(Span::default()),
        };
        self.fence = Some((fence, String::new()));
    }

    fn link(&mut self, link_type: LinkType, target: &str, label: &str, range: &Range<usize>, image: bool) {
        let source = &self.text[range.clone()];
        let found = match link_type {
            LinkType::Inline => destination(source, target),
            LinkType::Autolink => source.find(target),
            _ => None,
        };
        let span = match found {
            Some(at) => Span::new(range.start + at, range.start + at + target.len()),
            None => self.definitions.get(&label.to_lowercase()).copied().unwrap_or_else(|| range.clone().into()),
        };
        let target = if link_type == LinkType::Email { format!("mailto:{target}") } else { target.to_owned() };
        self.outline.links.push(Link { target, span, image });
    }
}

/// Where the destination of an inline link begins: after the last `](` that it follows.
fn destination(source: &str, target: &str) -> Option<usize> {
    let after = |at: usize| {
        let rest = &source[at + 2..];
        let skipped = rest.len() - rest.trim_start().trim_start_matches('<').len();
        rest[skipped..].starts_with(target).then_some(at + 2 + skipped)
    };
    source.match_indices("](").map(|(at, _)| at).filter_map(after).last().filter(|_| !target.is_empty())
}

/// Whether fenced code, from its opening fence on, ends with a closing fence.
fn is_closed(source: &str) -> bool {
    let bare = |line: &str| line.trim_start_matches([' ', '\t', '>']).trim_end().to_owned();
    let first = bare(source.lines().next().unwrap_or(""));
    let mark = first.chars().next().unwrap_or('`');
    let length = first.chars().take_while(|c| *c == mark).count();
    let mut lines = source.lines();
    lines.next();
    let last = bare(lines.last().unwrap_or(""));
    last.len() >= length && last.chars().all(|c| c == mark)
}

impl Outline {
    /// The same, without room for more: a handbook keeps the shapes of all its pages.
    fn no_longer_than_needed(mut self) -> Self {
        self.headings.shrink_to_fit();
        self.lists.shrink_to_fit();
        self.lists.iter_mut().for_each(|list| list.items.shrink_to_fit());
        self.fences.shrink_to_fit();
        self.links.shrink_to_fit();
        self.raw_html.shrink_to_fit();
        self.blocks.shrink_to_fit();
        self
    }

    /// The section of a heading: from it to the next of the same or a higher level.
    pub fn section(&self, heading: usize, end: usize) -> Span {
        let level = self.headings[heading].level;
        let next = self.headings[heading + 1..].iter().find(|next| next.level <= level);
        Span::new(self.headings[heading].span.start(), next.map_or(end, |next| next.span.start()))
    }
}
