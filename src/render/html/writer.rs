//! Markdown events -> HTML, each written to the piece of the page that its place belongs to.

use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, LinkType, Tag, TagEnd};

use crate::model::PageIx;
use crate::parse::markdown;
use crate::settings::RawHtml;

use super::super::highlight::highlight;
use super::super::links::{Led, Places, Standing};
use super::escape::{escape, escape_into};
use super::footnotes::Footnotes;
use super::raw::{self, Follow};
use super::regions::Region;
use super::routing::{Placed, RoutedTrack, Routing, begin_track, place_mode};
use super::titles::Taking;
use super::{Body, ModeBody, Part, StepBody, TrackBody};

/// Where HTML will stand, and where its links are resolved.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The links of the handbook.
    pub places: &'a Places<'a>,
    /// The page of the site on which the HTML will stand.
    pub at: Standing<'a>,
    /// The page of the handbook on which the Markdown was written.
    pub on: PageIx,
    /// What becomes of raw HTML.
    pub raw_html: RawHtml,
}

/// The pieces of a page.
pub fn body(context: &Context<'_>, page: &crate::model::Page, text: &str) -> Body {
    let document = &*page.document;
    let mut writer = Writer::new(context, Some(Routing::new(document, text.len())), Some(&page.links));
    if document.outline.too_deep.is_some() {
        let sink = writer.part_sink(None);
        let html = format!("<pre class=\"raw\">{}</pre>", escape(text.get(document.body..).unwrap_or_default()));
        writer.sinks[sink].html = html;
    } else {
        let start = document.body.min(text.len());
        for (event, range) in markdown::events(&text[start..]) {
            writer.event(event, range.start + start..range.end + start);
        }
    }
    writer.finish()
}

/// A Markdown text that is no page, as HTML.
pub fn run(context: &Context<'_>, text: &str) -> String {
    let mut writer = Writer::new(context, None, None);
    for (event, range) in markdown::events(text) {
        writer.event(event, range);
    }
    let mut html = writer.sink_html(0);
    let footnotes = std::mem::take(&mut writer.footnotes);
    html.push_str(&footnotes.section(|sink| writer.sink_html(sink)));
    html
}

/// A piece of HTML being written.
#[derive(Default)]
pub(super) struct Sink {
    pub(super) html: String,
    raw: bool,
}

/// What an open tag asks for at its end.
enum Open {
    /// Nothing: a list or item that became steps.
    Transparent,
    /// This text.
    Close(&'static str),
    /// The way back to another sink.
    Divert(usize),
    /// Nothing was written, and nothing will be.
    Skip,
    /// An image whose alternative text is being gathered.
    Image,
    /// A block of raw HTML.
    Html,
    /// A footnote; then the way back.
    Footnote(usize),
    /// The head of a table.
    Head,
    /// A paragraph that is opened only when something stands in it.
    LazyParagraph,
}

/// Whether a paragraph is open that no event opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lazy {
    No,
    Pending,
    Opened,
}

struct Image {
    alt: String,
    html: ImageHtml,
    title: String,
    depth: usize,
}

enum ImageHtml {
    Here(String),
    Elsewhere(String),
    Nowhere,
}

/// Writes events to the sinks of a page.
pub(super) struct Writer<'a, 'd> {
    context: &'a Context<'a>,
    links: Option<&'d [crate::model::ResolvedLink]>,
    routing: Option<Routing<'d>>,
    pub(super) sinks: Vec<Sink>,
    current: usize,
    open: Vec<Open>,
    solid: usize,
    skipping: usize,
    containers: usize,
    heading: usize,
    fence: usize,
    link: usize,
    list: usize,
    task: usize,
    table: usize,
    anchors_open: usize,
    lazy: Lazy,
    pub(super) taking: Option<Taking>,
    image: Option<Image>,
    html: String,
    /// The code block that is open: its language and what of it was read.
    code: Option<(String, String)>,
    aligns: Vec<Alignment>,
    column: usize,
    in_head: bool,
    footnotes: Footnotes,
}

impl<'a, 'd> Writer<'a, 'd> {
    fn new(context: &'a Context<'a>, routing: Option<Routing<'d>>, links: Option<&'d [crate::model::ResolvedLink]>) -> Self {
        let mut footnotes = Footnotes::default();
        if let Some(routing) = &routing {
            let document = routing.document;
            let headings = document.anchors.iter().flat_map(|anchor| [Some(anchor.id.as_str()), anchor.also.as_deref()]).flatten();
            let steps = document.tracks.iter().flat_map(|track| track.steps.iter().map(|step| step.id.as_str()));
            footnotes.reserve(headings.chain(steps).chain(document.failures.iter().map(|failure| failure.id.as_str())));
        }
        Self {
            context,
            links,
            routing,
            sinks: vec![Sink::default()],
            current: 0,
            open: Vec::new(),
            solid: 0,
            skipping: 0,
            containers: 0,
            heading: 0,
            fence: 0,
            link: 0,
            list: 0,
            task: 0,
            table: 0,
            anchors_open: 0,
            lazy: Lazy::No,
            taking: None,
            image: None,
            html: String::new(),
            code: None,
            aligns: Vec::new(),
            column: 0,
            in_head: false,
            footnotes,
        }
    }

    // ---- sinks ----

    fn new_sink(&mut self) -> usize {
        self.sinks.push(Sink::default());
        self.sinks.len() - 1
    }

    fn sink_html(&mut self, sink: usize) -> String {
        let sink = std::mem::take(&mut self.sinks[sink]);
        if sink.raw { raw::balanced(&sink.html) } else { sink.html }
    }

    /// The sink for prose of the page, or of what follows a track's steps.
    fn part_sink(&mut self, track: Option<usize>) -> usize {
        let Some(routing) = &mut self.routing else { return 0 };
        let parts = match track {
            Some(track) => &mut routing.tracks[track].rest,
            None => &mut routing.parts,
        };
        if let Some(Placed::Prose(sink)) = parts.last() {
            return *sink;
        }
        self.sinks.push(Sink::default());
        let sink = self.sinks.len() - 1;
        parts.push(Placed::Prose(sink));
        sink
    }

    /// Chooses the sink for what begins at `offset`, where nothing is open.
    fn route(&mut self, offset: usize) {
        self.place_late_modes();
        let Some(routing) = &mut self.routing else { return };
        let region = routing.regions.at(offset);
        if let Region::Track(t) | Region::Step(t, _) = region {
            begin_track(routing, t);
        }
        self.current = match region {
            Region::Prose => self.part_sink(None),
            Region::Track(t) if routing.tracks[t].stepped => self.part_sink(Some(t)),
            Region::Track(t) => {
                let known = routing.tracks[t].intro;
                let sink = known.unwrap_or_else(|| self.new_sink());
                self.with_track(t, |track| track.intro = Some(sink));
                sink
            }
            Region::Step(t, s) => {
                let known = routing.tracks[t].steps[s].1;
                let sink = known.unwrap_or_else(|| self.new_sink());
                self.with_track(t, |track| {
                    track.stepped = true;
                    track.steps[s].1 = Some(sink);
                });
                sink
            }
            Region::Mode(m) => {
                let known = routing.modes[m].html;
                place_mode(routing, m);
                let sink = known.unwrap_or_else(|| self.new_sink());
                if let Some(routing) = &mut self.routing {
                    routing.modes[m].html = Some(sink);
                }
                sink
            }
        };
    }

    fn with_track(&mut self, track: usize, change: impl FnOnce(&mut RoutedTrack)) {
        if let Some(routing) = &mut self.routing {
            change(&mut routing.tracks[track]);
        }
    }

    fn place_late_modes(&mut self) {
        if let Some(routing) = &mut self.routing {
            for mode in std::mem::take(&mut routing.late) {
                place_mode(routing, mode);
            }
        }
    }

    // ---- writing ----

    fn put(&mut self, html: &str) {
        if self.lazy == Lazy::Pending {
            self.lazy = Lazy::Opened;
            self.sinks[self.current].html.push_str("<p>");
        }
        self.sinks[self.current].html.push_str(html);
    }

    pub(super) fn put_escaped(&mut self, text: &str) {
        if self.lazy == Lazy::Pending && text.trim().is_empty() {
            return;
        }
        self.put("");
        escape_into(text, &mut self.sinks[self.current].html);
    }

    /// Ends the paragraph that no event opened.
    fn settle(&mut self) {
        if self.lazy == Lazy::Opened {
            self.sinks[self.current].html.push_str("</p>");
        }
        self.lazy = Lazy::No;
    }

    /// Whether what comes stands in nothing but lists and items that became steps.
    fn at_top(&self) -> bool {
        self.solid == 0
    }

    fn push(&mut self, open: Open) {
        if !matches!(open, Open::Transparent) {
            self.solid += 1;
        }
        self.open.push(open);
    }

    // ---- events ----

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            _ if self.skipping > 0 => {}
            Event::Text(text) => self.text(&text, range),
            Event::Code(code) => self.code_span(&code, range),
            Event::Html(html) => self.html.push_str(&html),
            Event::InlineHtml(html) => self.inline_html(&html, range),
            Event::SoftBreak => self.text("\n", range),
            Event::HardBreak => self.inline("<br>\n", " ", range),
            Event::Rule => {
                self.begin_block(&range);
                self.put("<hr>\n");
            }
            Event::FootnoteReference(label) => {
                let mut html = String::new();
                self.footnotes.mention(&label, &mut html);
                self.inline(&html, "", range);
            }
            Event::TaskListMarker(done) => self.task(done, range),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text, range),
        }
    }

    /// Makes sure that what comes, inline, stands in a paragraph where it is loose in a step.
    fn begin_inline(&mut self, range: &Range<usize>) {
        if self.at_top() && self.routing.is_some() {
            self.route(range.start);
            if self.lazy == Lazy::No {
                self.lazy = Lazy::Pending;
            }
        }
    }

    fn begin_block(&mut self, range: &Range<usize>) {
        if self.at_top() {
            self.settle();
            self.route(range.start);
        }
    }

    /// Something inline that is no text.
    fn inline(&mut self, html: &str, plain: &str, range: Range<usize>) {
        if let Some(image) = &mut self.image {
            image.alt.push_str(plain);
            return;
        }
        self.begin_inline(&range);
        match self.taking.take() {
            Some(taking) if !taking.rest.is_empty() || taking.inside > 0 => {
                self.sinks[taking.sink].html.push_str(html);
                self.taking = Some(taking);
            }
            _ => self.put(html),
        }
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        if let Some(image) = &mut self.image {
            image.alt.push_str(if text == "\n" { " " } else { text });
            return;
        }
        if let Some((_, code)) = &mut self.code {
            code.push_str(text);
            return;
        }
        self.begin_inline(&range);
        match self.taking.take() {
            Some(taking) => self.take(taking, text),
            None => self.put_escaped(text),
        }
    }

    fn code_span(&mut self, code: &str, range: Range<usize>) {
        if let Some(image) = &mut self.image {
            image.alt.push_str(code);
            return;
        }
        self.begin_inline(&range);
        if let Some(mut taking) = self.taking.take() {
            if !taking.rest.is_empty() {
                let left = taking.rest.len().saturating_sub(code.chars().count());
                taking.rest.truncate(left);
                taking.begun = true;
                self.sinks[taking.sink].html.push_str(&format!("<code>{}</code>", escape(code)));
                self.taking = Some(taking);
                return;
            }
            if taking.inside > 0 {
                self.sinks[taking.sink].html.push_str(&format!("<code>{}</code>", escape(code)));
                self.taking = Some(taking);
                return;
            }
        }
        self.put("<code>");
        self.put_escaped(code);
        self.put("</code>");
    }

    fn task(&mut self, done: bool, range: Range<usize>) {
        if self.taking.is_some() {
            return;
        }
        self.task += 1;
        let id = format!("Task-{}", self.task);
        // A box that nobody can tick has no label; its name is its state.
        let (name, checked) = if done { ("done", " checked") } else { ("to do", "") };
        self.inline(&format!("<input type=\"checkbox\" aria-label=\"{name}\" id=\"{id}\" disabled{checked}> "), "", range);
    }

    // ---- raw HTML ----

    fn inline_html(&mut self, html: &str, range: Range<usize>) {
        if self.image.is_some() {
            return;
        }
        let html = self.allowed(html);
        self.inline(&html, "", range);
    }

    fn allowed(&mut self, html: &str) -> String {
        if self.context.raw_html == RawHtml::Escape {
            return escape(html);
        }
        let sink = self.taking.as_ref().map_or(self.current, |taking| taking.sink);
        self.sinks[sink].raw = true;
        let current = self.current;
        self.sinks[current].raw = true;
        raw::filtered(html, &Following(self.context))
    }

    // ---- tags ----

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        self.count(&tag);
        if self.skipping > 0 {
            self.skipping += 1;
            self.push(Open::Skip);
            self.skip_counts(&tag);
            return;
        }
        if self.image.is_some() {
            self.skip_counts(&tag);
            self.push(Open::Close(""));
            return;
        }
        match tag {
            Tag::Paragraph => self.paragraph(&range),
            Tag::Heading { level, .. } => self.start_heading(level as u8, &range),
            Tag::BlockQuote(kind) => {
                self.begin_block(&range);
                let close = self.quote(kind);
                self.push(Open::Close(close));
            }
            Tag::CodeBlock(kind) => self.start_code(kind, &range),
            Tag::HtmlBlock => {
                self.begin_block(&range);
                self.html.clear();
                self.push(Open::Html);
            }
            Tag::List(first) => self.start_list(first, &range),
            Tag::Item => self.start_item(&range),
            Tag::FootnoteDefinition(label) => {
                self.begin_block(&range);
                let sink = self.new_sink();
                self.footnotes.define(&label, sink);
                self.push(Open::Footnote(self.current));
                self.current = sink;
            }
            Tag::Table(aligns) => {
                self.begin_block(&range);
                let wide = aligns.len() > 3;
                if wide {
                    self.table += 1;
                    self.put(&format!("<section class=\"table\" tabindex=\"0\" aria-label=\"Table {}\"><table>\n", self.table));
                } else {
                    self.put("<div class=\"table\"><table>\n");
                }
                self.aligns = aligns;
                self.push(Open::Close(if wide { "</tbody></table></section>\n" } else { "</tbody></table></div>\n" }));
            }
            Tag::TableHead => {
                self.put("<thead><tr>");
                self.column = 0;
                self.in_head = true;
                self.push(Open::Head);
            }
            Tag::TableRow => {
                self.put("<tr>");
                self.column = 0;
                self.push(Open::Close("</tr>\n"));
            }
            Tag::TableCell => self.cell(),
            Tag::Emphasis => self.wrap("<em>", "</em>", range),
            Tag::Strong => self.strong(range),
            Tag::Strikethrough => self.wrap("<del>", "</del>", range),
            Tag::Superscript => self.wrap("<sup>", "</sup>", range),
            Tag::Subscript => self.wrap("<sub>", "</sub>", range),
            Tag::Link { link_type, dest_url, title, .. } => self.start_link(link_type, &dest_url, &title, range),
            Tag::Image { dest_url, title, .. } => self.start_image(&dest_url, &title, range),
            Tag::DefinitionList | Tag::DefinitionListTitle | Tag::DefinitionListDefinition | Tag::MetadataBlock(_) => {
                self.push(Open::Close(""));
            }
        }
    }

    /// Keeps step with the outline, which counts what stands in quotes, lists and footnotes.
    fn count(&mut self, tag: &Tag<'_>) {
        if matches!(tag, Tag::BlockQuote(_) | Tag::List(_) | Tag::FootnoteDefinition(_)) {
            self.containers += 1;
        }
    }

    /// Counts what is not written.
    fn skip_counts(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Link { .. } | Tag::Image { .. } => self.link += 1,
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => self.fence += 1,
            _ => {}
        }
    }

    fn paragraph(&mut self, range: &Range<usize>) {
        self.begin_block(range);
        if self.taking.is_some() && self.at_top() {
            self.lazy = Lazy::Pending;
            self.push(Open::LazyParagraph);
            // What stands in it is as if it stood in the step itself.
            self.solid -= 1;
        } else {
            self.put("<p>");
            self.push(Open::Close("</p>\n"));
        }
    }

    fn wrap(&mut self, start: &'static str, end: &'static str, range: Range<usize>) {
        self.begin_inline(&range);
        if let Some(taking) = self.taking.as_mut().filter(|taking| !taking.rest.is_empty()) {
            taking.inside += 1;
            let sink = taking.sink;
            self.sinks[sink].html.push_str(start);
        } else {
            self.put(start);
        }
        self.push(Open::Close(end));
    }

    fn strong(&mut self, range: Range<usize>) {
        self.begin_inline(&range);
        if let Some(taking) = self.taking.as_mut().filter(|taking| !taking.rest.is_empty()) {
            taking.bold += 1;
            self.push(Open::Close(""));
        } else {
            self.put("<strong>");
            self.push(Open::Close("</strong>"));
        }
    }

    fn quote(&mut self, kind: Option<BlockQuoteKind>) -> &'static str {
        let (class, word) = match kind {
            None => {
                self.put("<blockquote>\n");
                return "</blockquote>\n";
            }
            Some(BlockQuoteKind::Note) => ("note", "Note"),
            Some(BlockQuoteKind::Tip) => ("tip", "Tip"),
            Some(BlockQuoteKind::Important) => ("important", "Important"),
            Some(BlockQuoteKind::Warning) => ("warning", "Warning"),
            Some(BlockQuoteKind::Caution) => ("caution", "Caution"),
        };
        self.put(&format!("<div class=\"alert {class}\" role=\"note\"><p class=\"alert-title\">{word}</p>\n"));
        "</div>\n"
    }

    fn start_heading(&mut self, level: u8, range: &Range<usize>) {
        self.begin_block(range);
        let outlined = self.containers == 0;
        let level = level.max(2);
        let close = match level {
            2 => "</h2>\n",
            3 => "</h3>\n",
            4 => "</h4>\n",
            5 => "</h5>\n",
            _ => "</h6>\n",
        };
        let index = self.heading;
        if outlined {
            self.heading += 1;
        }
        let Some(routing) = self.routing.as_mut().filter(|_| outlined) else {
            self.put(&format!("<h{level}>"));
            self.push(Open::Close(close));
            return;
        };
        let document = routing.document;
        if document.title_heading == Some(index) {
            self.skipping += 1;
            self.push(Open::Skip);
            return;
        }
        if let Some(sink) = self.title_sink(index) {
            self.push(Open::Divert(self.current));
            self.current = sink;
            return;
        }
        let anchor = document.anchors.get(index);
        if let Some(also) = anchor.and_then(|anchor| anchor.also.as_deref()) {
            self.put(&format!("<span id=\"{}\"></span>", escape(also)));
        }
        let id = anchor.map(|anchor| escape(&anchor.id)).unwrap_or_default();
        self.put(&format!("<h{level} id=\"{id}\">"));
        self.push(Open::Close(close));
    }

    /// The sink of the title of what a heading opens: a track, a step or a failure mode.
    fn title_sink(&mut self, heading: usize) -> Option<usize> {
        let sink = self.sinks.len();
        let slot = self.routing.as_mut()?.title(heading)?;
        *slot = Some(sink);
        self.sinks.push(Sink::default());
        Some(sink)
    }

    fn start_code(&mut self, kind: CodeBlockKind<'_>, range: &Range<usize>) {
        let mut language = String::new();
        if let CodeBlockKind::Fenced(info) = &kind {
            let index = self.fence;
            self.fence += 1;
            let ours = self.routing.as_ref().is_some_and(|routing| routing.document.blocks.binary_search(&index).is_ok());
            if ours {
                self.begin_block_without_sink();
                self.block(index);
                self.skipping += 1;
                self.push(Open::Skip);
                return;
            }
            language = safe_token(info);
        }
        self.begin_block(range);
        let class = if language.is_empty() { String::new() } else { format!(" class=\"language-{language}\"") };
        self.put(&format!("<div class=\"code\"><pre tabindex=\"0\"><code{class}>"));
        self.code = Some((language, String::new()));
        self.push(Open::Close("</code></pre></div>\n"));
    }

    fn begin_block_without_sink(&mut self) {
        if self.at_top() {
            self.settle();
        }
    }

    /// Places the failure mode that a forewarn block declares.
    fn block(&mut self, fence: usize) {
        let at_top = self.at_top();
        let Some(routing) = &mut self.routing else { return };
        let Some(mode) = routing.document.failures.iter().position(|failure| failure.fence == fence) else { return };
        if let (Some(track), true) = (routing.document.failures[mode].step.map(|(track, _)| track), at_top) {
            begin_track(routing, track);
        }
        if at_top {
            place_mode(routing, mode);
        } else {
            routing.late.push(mode);
        }
    }

    fn start_list(&mut self, first: Option<u64>, range: &Range<usize>) {
        let outlined = self.containers == 1;
        let index = self.list;
        if outlined {
            self.list += 1;
        }
        let steps = outlined && self.routing.as_ref().is_some_and(|routing| routing.step_lists.contains_key(&index));
        if steps {
            self.settle();
            self.push(Open::Transparent);
            return;
        }
        self.begin_block(range);
        match first {
            Some(1) => self.put("<ol>\n"),
            Some(start) => self.put(&format!("<ol start=\"{start}\">\n")),
            None => self.put("<ul>\n"),
        }
        self.push(Open::Close(if first.is_some() { "</ol>\n" } else { "</ul>\n" }));
    }

    fn start_item(&mut self, range: &Range<usize>) {
        if !matches!(self.open.last(), Some(Open::Transparent)) {
            self.put("<li>");
            self.push(Open::Close("</li>\n"));
            return;
        }
        self.settle();
        self.route(range.start);
        self.push(Open::Transparent);
        let Some(routing) = &mut self.routing else { return };
        let Region::Step(t, s) = routing.regions.at(range.start) else { return };
        if routing.tracks[t].steps[s].0.is_some() {
            return;
        }
        let title = routing.document.tracks[t].steps[s].title.trim();
        let rest: Vec<char> = title.chars().rev().collect();
        let sink = self.new_sink();
        self.with_track(t, |track| track.steps[s].0 = Some(sink));
        if !rest.is_empty() {
            self.taking = Some(Taking { sink, rest, begun: false, inside: 0, bold: 0 });
        }
    }

    fn cell(&mut self) {
        let class = match self.aligns.get(self.column) {
            Some(Alignment::Center) => " class=\"center\"",
            Some(Alignment::Right) => " class=\"end\"",
            _ => "",
        };
        self.column += 1;
        if self.in_head {
            self.put(&format!("<th{class}>"));
            self.push(Open::Close("</th>"));
        } else {
            self.put(&format!("<td{class}>"));
            self.push(Open::Close("</td>"));
        }
    }

    // ---- links and images ----

    /// Where the next link or image leads.
    fn led(&mut self, written: &str) -> Led {
        let index = self.link;
        self.link += 1;
        match self.links {
            Some(links) => links.get(index).map_or(Led::Nowhere, |target| self.context.places.led(self.context.at, target, written)),
            None => self.context.places.follow(self.context.at, self.context.on, written),
        }
    }

    fn start_link(&mut self, link_type: LinkType, url: &str, title: &str, range: Range<usize>) {
        let written = if link_type == LinkType::Email { format!("mailto:{url}") } else { url.to_owned() };
        let led = self.led(&written);
        self.begin_inline(&range);
        let title = if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escape(title)) };
        let (html, close) = match led {
            Led::To(url) => (format!("<a href=\"{}\"{title}>", escape(&url)), "</a>"),
            Led::Out(url) => (format!("<a href=\"{}\" rel=\"noopener\"{title}>", escape(&url)), "</a>"),
            Led::Nowhere => ("<span class=\"broken\">".to_owned(), "</span>"),
        };
        self.anchors_open += 1;
        if let Some(taking) = self.taking.as_mut().filter(|taking| !taking.rest.is_empty()) {
            taking.inside += 1;
            let sink = taking.sink;
            self.sinks[sink].html.push_str(&html);
        } else {
            self.put(&html);
        }
        self.push(Open::Close(close));
    }

    fn start_image(&mut self, url: &str, title: &str, range: Range<usize>) {
        let led = self.led(url);
        self.begin_inline(&range);
        let html = match led {
            Led::To(url) => ImageHtml::Here(url),
            Led::Out(url) => ImageHtml::Elsewhere(url),
            Led::Nowhere => ImageHtml::Nowhere,
        };
        self.push(Open::Image);
        self.image = Some(Image { alt: String::new(), html, title: title.to_owned(), depth: self.open.len() });
    }

    fn end_image(&mut self) {
        let Some(image) = self.image.take() else { return };
        let alt = image.alt.trim();
        let html = match image.html {
            ImageHtml::Here(url) => {
                let title = if image.title.is_empty() { String::new() } else { format!(" title=\"{}\"", escape(&image.title)) };
                format!("<img src=\"{}\" alt=\"{}\"{title} loading=\"lazy\">", escape(&url), escape(alt))
            }
            ImageHtml::Elsewhere(url) if self.anchors_open == 0 => {
                let words = if alt.is_empty() { url.as_str() } else { alt };
                format!("<a class=\"image-link\" href=\"{}\" rel=\"noopener\">{}</a>", escape(&url), escape(words))
            }
            ImageHtml::Elsewhere(_) | ImageHtml::Nowhere => format!("<span class=\"broken\">{}</span>", escape(alt)),
        };
        match self.taking.as_ref().filter(|taking| !taking.rest.is_empty() || taking.inside > 0) {
            Some(taking) => {
                let sink = taking.sink;
                self.sinks[sink].html.push_str(&html);
            }
            None => self.put(&html),
        }
    }

    // ---- ends ----

    fn end(&mut self, tag: TagEnd) {
        if matches!(tag, TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::FootnoteDefinition) {
            self.containers = self.containers.saturating_sub(1);
        }
        let depth = self.open.len();
        let Some(open) = self.open.pop() else { return };
        if !matches!(open, Open::Transparent | Open::LazyParagraph) {
            self.solid -= 1;
        }
        if self.image.as_ref().is_some_and(|image| image.depth < depth) {
            return;
        }
        if tag == TagEnd::Link {
            self.anchors_open = self.anchors_open.saturating_sub(1);
        }
        match open {
            Open::Transparent => {
                if tag == TagEnd::Item {
                    self.settle();
                    self.taking = None;
                }
            }
            Open::LazyParagraph => {
                self.settle();
                self.end_title();
            }
            Open::Close(html) => self.close(&tag, html),
            Open::Divert(back) => {
                let title = &mut self.sinks[self.current].html;
                let trimmed = title.trim_end_matches(['.', ':', ' ']).len();
                title.truncate(trimmed);
                self.current = back;
            }
            Open::Skip => self.skipping -= 1,
            Open::Image => self.end_image(),
            Open::Html => {
                let html = std::mem::take(&mut self.html);
                if self.context.raw_html == RawHtml::Escape {
                    self.put(&format!("<pre class=\"raw\">{}</pre>\n", escape(html.trim_end())));
                } else {
                    let html = self.allowed(&html);
                    self.put(&html);
                }
            }
            Open::Footnote(back) => self.current = back,
            Open::Head => {
                self.in_head = false;
                self.put("</tr></thead><tbody>\n");
            }
        }
    }

    fn close(&mut self, tag: &TagEnd, html: &'static str) {
        if let Some((language, code)) = self.code.take_if(|_| *tag == TagEnd::CodeBlock) {
            let sink = self.current;
            match highlight(&language, &code) {
                Some(marked) => self.sinks[sink].html.push_str(&marked),
                None => escape_into(&code, &mut self.sinks[sink].html),
            }
        }
        let inline = matches!(tag, TagEnd::Emphasis | TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript | TagEnd::Link);
        if let Some(taking) = self.taking.as_mut().filter(|taking| inline && taking.inside > 0) {
            taking.inside -= 1;
            let sink = taking.sink;
            self.sinks[sink].html.push_str(html);
            return;
        }
        if *tag == TagEnd::Strong && html.is_empty() {
            if let Some(taking) = &mut self.taking {
                taking.bold = taking.bold.saturating_sub(1);
            }
            return;
        }
        let sink = self.current;
        self.sinks[sink].html.push_str(html);
    }

    /// A title ends at the latest with the first paragraph.
    fn end_title(&mut self) {
        self.taking = None;
    }

    // ---- the whole ----

    fn finish(mut self) -> Body {
        self.settle();
        self.place_late_modes();
        let Some(mut routing) = self.routing.take() else { return Body::default() };
        for track in 0..routing.tracks.len() {
            begin_track(&mut routing, track);
        }
        for mode in 0..routing.modes.len() {
            place_mode(&mut routing, mode);
        }
        let document = routing.document;
        let tracks = std::mem::take(&mut routing.tracks);
        let tracks = tracks.into_iter().zip(&document.tracks).map(|(track, written)| {
            let title = self.or_plain(track.title, &written.title);
            let intro = track.intro.map(|sink| self.sink_html(sink)).unwrap_or_default();
            let steps = track.steps.into_iter().zip(&written.steps).map(|((title, html), step)| StepBody {
                title: self.or_plain(title, &step.title),
                html: html.map(|sink| self.sink_html(sink)).unwrap_or_default(),
            });
            let steps = steps.collect();
            TrackBody { title, intro, steps, rest: track.rest.into_iter().map(|part| self.part(part)).collect() }
        });
        let tracks = tracks.collect();
        let modes = std::mem::take(&mut routing.modes);
        let modes = modes.into_iter().map(|mode| ModeBody {
            title: mode.title.map(|sink| self.sink_html(sink)).unwrap_or_default(),
            html: mode.html.map(|sink| self.sink_html(sink)).unwrap_or_default(),
        });
        let modes = modes.collect();
        let parts = std::mem::take(&mut routing.parts);
        let parts: Vec<Part> = parts.into_iter().map(|part| self.part(part)).collect();
        let footnotes = std::mem::take(&mut self.footnotes);
        let footnotes = footnotes.section(|sink| self.sink_html(sink));
        let parts = parts.into_iter().filter(|part| !matches!(part, Part::Prose(html) if html.trim().is_empty())).collect();
        Body { parts, tracks, modes, footnotes }
    }

    fn or_plain(&mut self, sink: Option<usize>, plain: &str) -> String {
        let html = sink.map(|sink| self.sink_html(sink)).unwrap_or_default();
        if html.trim().is_empty() { escape(plain) } else { html.trim().to_owned() }
    }

    fn part(&mut self, part: Placed) -> Part {
        match part {
            Placed::Prose(sink) => Part::Prose(self.sink_html(sink)),
            Placed::Track(track) => Part::Track(track),
            Placed::Mode(mode) => Part::Mode(mode),
        }
    }
}

/// The first word of a fence's info string as one safe class token.
fn safe_token(info: &str) -> String {
    let word = info.split([' ', '\t', ',', '{', ':']).next().unwrap_or_default();
    let safe = word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '_' | '#' | '.'));
    if safe { word.to_ascii_lowercase() } else { String::new() }
}

/// Follows the URLs of raw HTML.
struct Following<'a>(&'a Context<'a>);

impl Follow for Following<'_> {
    fn link(&self, url: &str) -> Option<String> {
        match self.0.places.follow(self.0.at, self.0.on, url) {
            Led::To(url) | Led::Out(url) => Some(url),
            Led::Nowhere => None,
        }
    }

    fn image(&self, url: &str) -> Option<String> {
        match self.0.places.follow(self.0.at, self.0.on, url) {
            Led::To(url) => Some(url),
            Led::Out(_) | Led::Nowhere => None,
        }
    }
}
