//! The handbook on paper: which pages stand on which print page, and how pages that were made to stand alone stand together on one.
//!
//! Enters: the sections of the handbook; then the HTML of single pages, as the theme made it. Leaves: the article of each page with ids of
//! its own, and links that lead to the place on the same print page where there is one. Absent: the frame, which the theme's `print.html` has.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use crate::model::{Handbook, PageIx};
use crate::parse::url::percent_decoded;

use super::html::escape;
use super::relative::fragment;
use super::sections::{Entry, SectionIx, Sections};

/// The URL of the print page of the whole handbook, or of the list of print pages.
pub const PRINT: &str = "/print/";

/// Pages of the handbook on one print page at most.
pub const PAGES: usize = 500;

/// A print page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Its URL.
    pub url: String,
    /// The section that it holds; none for the whole handbook, and for the list of print pages.
    pub section: Option<SectionIx>,
    /// The part of the section that it holds, from 1, and how many there are.
    pub part: (usize, usize),
    /// The pages on it, in reading order; none on the list of print pages.
    pub pages: Vec<PageIx>,
}

/// The print pages of a handbook: one for all of it, or a list and one for each section with pages, cut where a section has too many.
pub fn sheets(handbook: &Handbook, sections: &Sections) -> Vec<Sheet> {
    if handbook.pages.len() <= PAGES {
        return vec![Sheet { url: PRINT.to_owned(), section: None, part: (1, 1), pages: all(sections, 0) }];
    }
    let mut sheets = vec![Sheet { url: PRINT.to_owned(), section: None, part: (1, 1), pages: Vec::new() }];
    let mut taken: HashSet<String> = handbook.pages.iter().map(|page| page.url.clone()).collect();
    for section in order(sections, 0) {
        let pages = own(sections, section);
        let parts = pages.len().div_ceil(PAGES);
        for (part, pages) in pages.chunks(PAGES).enumerate() {
            let folder = sections.all[section].url.trim_matches('/');
            let folder = if folder.is_empty() { "home" } else { folder };
            let number = if part == 0 { String::new() } else { format!("{}/", part + 1) };
            let mut url = format!("{PRINT}{folder}/{number}");
            while !taken.insert(url.clone()) {
                url.insert(url.len() - 1, '_');
            }
            sheets.push(Sheet { url, section: Some(section), part: (part + 1, parts), pages: pages.to_vec() });
        }
    }
    sheets
}

/// The URLs of the print pages of a handbook.
pub fn sheet_urls(handbook: &Handbook) -> Vec<String> {
    if handbook.pages.len() <= PAGES {
        return vec![PRINT.to_owned()];
    }
    sheets(handbook, &Sections::new(handbook)).into_iter().map(|sheet| sheet.url).collect()
}

/// The sections in reading order.
fn order(sections: &Sections, from: SectionIx) -> Vec<SectionIx> {
    let mut order = Vec::new();
    let mut open = vec![from];
    while let Some(section) = open.pop() {
        order.push(section);
        let inner = |entry: &Entry| if let Entry::Section(inner) = entry { Some(*inner) } else { None };
        open.extend(sections.all[section].entries.iter().rev().filter_map(inner));
    }
    order
}

/// The pages of a section itself: the one that opens it first.
fn own(sections: &Sections, section: SectionIx) -> Vec<PageIx> {
    let section = &sections.all[section];
    let page = |entry: &Entry| if let Entry::Page(page) = entry { Some(*page) } else { None };
    section.index.into_iter().chain(section.entries.iter().filter_map(page)).collect()
}

/// The pages of a section and of all sections in it.
fn all(sections: &Sections, from: SectionIx) -> Vec<PageIx> {
    order(sections, from).into_iter().flat_map(|section| own(sections, section)).collect()
}

/// The anchor of the page that stands at `place` on a print page, from 0.
pub fn anchor(place: usize) -> String {
    format!("p{}", place + 1)
}

/// The article of a page, with what must be known of all others before it can be written.
#[derive(Debug, Default)]
pub struct Article {
    pieces: Vec<Piece>,
    ids: HashSet<String>,
}

#[derive(Debug)]
enum Piece {
    /// HTML as it is.
    Html(String),
    /// The value of an `id`.
    Id(String),
    /// The value of an `href`.
    Link(String),
    /// The value of an attribute that names ids of the same page, one or several.
    Ids(String),
    /// The value of an attribute of a drawing that points into the same page: `#…` or `url(#…)`.
    Drawn(String),
}

/// Attributes that name ids of the same page.
const NAMING: [&str; 7] = ["for", "headers", "list", "aria-labelledby", "aria-describedby", "aria-controls", "aria-details"];

impl Article {
    /// Takes the article out of a page: what stands in the first `article` of its `main`, without navigation, everything unfolded.
    pub fn of(page: &str) -> Self {
        let sink = Sink(RefCell::new(Taking::default()));
        let queue = BufferQueue::default();
        queue.push_back(StrTendril::from_slice(page));
        let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
        let _ = tokenizer.feed(&queue);
        tokenizer.end();
        let mut taking = tokenizer.sink.0.take();
        taking.cut();
        taking.article
    }

    /// An article that is no more than HTML.
    pub fn plain(html: String) -> Self {
        Self { pieces: vec![Piece::Html(html)], ids: HashSet::new() }
    }

    /// The HTML of the article that stands at `place`. `places` knows the place of each page by the URL that leads to it.
    pub fn html(&self, place: usize, places: &HashMap<String, usize>, articles: &[Article]) -> String {
        let own = |id: &str| format!("{}-{id}", anchor(place));
        let mut html = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Html(text) => html.push_str(text),
                Piece::Id(id) => html.push_str(&escape(&own(id))),
                Piece::Link(href) => html.push_str(&escape(&link(href, place, places, articles))),
                Piece::Ids(ids) => {
                    let ids: Vec<String> =
                        ids.split_ascii_whitespace().map(|id| if self.ids.contains(id) { own(id) } else { id.to_owned() }).collect();
                    html.push_str(&escape(&ids.join(" ")));
                }
                Piece::Drawn(value) => {
                    let (before, rest) = value.split_once('#').unwrap_or((value, ""));
                    let (id, after) = rest.split_at(rest.find(')').unwrap_or(rest.len()));
                    let known = self.ids.contains(id);
                    html.push_str(&escape(&if known { format!("{before}#{}{after}", own(id)) } else { value.clone() }));
                }
            }
        }
        html
    }
}

/// Where a link leads from an article on a print page.
fn link(href: &str, from: usize, places: &HashMap<String, usize>, articles: &[Article]) -> String {
    let (path, id) = href.split_once('#').map_or((href, None), |(path, id)| (path, Some(percent_decoded(id))));
    let Some(to) = (if path.is_empty() { Some(from) } else { places.get(path).copied() }) else { return href.to_owned() };
    match id.filter(|id| articles[to].ids.contains(id)) {
        Some(id) => fragment(&format!("{}-{id}", anchor(to))),
        None => fragment(&anchor(to)),
    }
}

#[derive(Default)]
struct Taking {
    article: Article,
    html: String,
    in_main: bool,
    depth: usize,
    navigation: usize,
    over: bool,
}

impl Taking {
    fn cut(&mut self) {
        if !self.html.is_empty() {
            self.article.pieces.push(Piece::Html(std::mem::take(&mut self.html)));
        }
    }

    fn put(&mut self, piece: Piece) {
        self.cut();
        self.article.pieces.push(piece);
    }

    /// Whether what comes now belongs to the article.
    fn takes(&self) -> bool {
        self.depth > 0 && self.navigation == 0 && !self.over
    }

    fn tag(&mut self, tag: &Tag) {
        let name = &*tag.name;
        let start = tag.kind == TagKind::StartTag;
        match name {
            "main" => self.in_main = start,
            "article" if self.in_main && !self.over => {
                if start {
                    self.depth += 1;
                    if self.depth == 1 {
                        return;
                    }
                } else {
                    self.depth = self.depth.saturating_sub(1);
                    self.over = self.depth == 0;
                }
            }
            "nav" if self.depth > 0 => {
                self.navigation = if start { self.navigation + 1 } else { self.navigation.saturating_sub(1) };
                return;
            }
            _ => {}
        }
        if !self.takes() {
            return;
        }
        if start {
            self.start(tag);
        } else {
            self.html.push_str(&format!("</{name}>"));
        }
    }

    fn start(&mut self, tag: &Tag) {
        let name = &*tag.name;
        let value = |wanted: &str| tag.attrs.iter().find(|attribute| &*attribute.name.local == wanted).map(|attribute| &*attribute.value);
        self.html.push('<');
        self.html.push_str(name);
        // Many sections of one name are no landmarks; one that scrolls stays within reach of the keyboard, with its name.
        let scrolls = value("tabindex").is_some();
        let nameless = name == "section" && !scrolls;
        for attribute in &tag.attrs {
            let key = &*attribute.name.local;
            let written = &*attribute.value;
            if (nameless && matches!(key, "aria-label" | "aria-labelledby")) || (name == "details" && key == "open") {
                continue;
            }
            // Names of attributes in drawings know capitals.
            self.html.push_str(&format!(" {}=\"", if key == "viewbox" { "viewBox" } else { key }));
            match key {
                "id" => {
                    self.article.ids.insert(written.to_owned());
                    self.put(Piece::Id(written.to_owned()));
                }
                "href" if name == "a" => self.put(Piece::Link(written.to_owned())),
                "href" if written.starts_with('#') => self.put(Piece::Drawn(written.to_owned())),
                _ if written.starts_with("url(#") => self.put(Piece::Drawn(written.to_owned())),
                _ if NAMING.contains(&key) => self.put(Piece::Ids(written.to_owned())),
                _ => self.html.push_str(&escape(written)),
            }
            self.html.push('"');
        }
        if name == "section" && scrolls {
            self.html.push_str(" role=\"group\"");
        }
        // What the drawing shows need not be read again in words.
        let in_words =
            value("class").is_some_and(|classes| classes.split(' ').any(|class| class == "in-words") && !classes.contains("alone"));
        if name == "details" && !in_words {
            self.html.push_str(" open");
        }
        self.html.push_str(if tag.self_closing { "/>" } else { ">" });
    }
}

struct Sink(RefCell<Taking>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut taking = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => taking.tag(&tag),
            Token::CharacterTokens(text) if taking.takes() => super::html::escape::escape_into(&text, &mut taking.html),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn together(pages: &[(&str, &str)]) -> Vec<String> {
        let articles: Vec<Article> = pages.iter().map(|(_, html)| Article::of(&format!("<nav id=x></nav><main>{html}</main>"))).collect();
        let places = pages.iter().enumerate().map(|(place, (url, _))| ((*url).to_owned(), place)).collect();
        articles.iter().enumerate().map(|(place, article)| article.html(place, &places, &articles)).collect()
    }

    #[test]
    fn links_lead_to_the_place_on_the_same_print_page() {
        let one = "<p>crumbs</p><article><h2 id=\"a b\">A &amp; B</h2><a href=\"#a%20b\">a</a> <a href=\"../two/#x\">x</a> <a href=\"../two/\">two</a></article>";
        let two = "<article><b id=\"x\"></b><a href=\"#gone\">g</a> <a href=\"../three/#x\">out</a> <a href=\"https://a.example/#x\">web</a></article><p>notes</p>";
        assert_eq!(
            together(&[("../one/", one), ("../two/", two)]),
            [
                "<h2 id=\"p1-a b\">A &amp; B</h2><a href=\"#p1-a%20b\">a</a> <a href=\"#p2-x\">x</a> <a href=\"#p2\">two</a>",
                "<b id=\"p2-x\"></b><a href=\"#p2\">g</a> <a href=\"../three/#x\">out</a> <a href=\"https://a.example/#x\">web</a>",
            ]
        );
    }

    #[test]
    fn names_and_drawings_point_to_their_own_page() {
        let page = "<article><svg viewBox=\"0 0 1 1\" aria-labelledby=\"t d\"><title id=\"t\">T</title><use href=\"#I-run\"/><path marker-end=\"url(#m)\"/><marker id=\"m\"/></svg></article>";
        assert_eq!(
            together(&[("a", page)]),
            [
                "<svg viewBox=\"0 0 1 1\" aria-labelledby=\"p1-t d\"><title id=\"p1-t\">T</title><use href=\"#I-run\"/><path marker-end=\"url(#p1-m)\"/><marker id=\"p1-m\"/></svg>"
            ]
        );
    }

    #[test]
    fn everything_is_unfolded_and_nothing_leads_around() {
        let page = "<article><nav><a href=\"x\">x</a></nav><details class=\"why\"><summary>W</summary></details><section aria-label=\"Diagram\"><article>in</article></section></article><article>second</article>";
        assert_eq!(
            together(&[("a", page)]),
            ["<details class=\"why\" open><summary>W</summary></details><section><article>in</article></section>"]
        );
    }
}
