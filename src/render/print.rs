//! The handbook on paper: which pages stand on which print page, and how pages that were made to stand alone stand together on one.
//!
//! Enters: the sections of the handbook; then the HTML of single pages, as the theme made it. Leaves: the article of each page with ids of
//! its own, and links that lead to the place on the same print page where there is one. Absent: the frame, which the theme's `print.html` has.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::ops::Range;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};
use rayon::prelude::*;

use crate::model::{Handbook, PageIx};
use crate::parse::url::percent_decoded;

use super::html::escape::escape_into;
use super::relative::{absolute, encoded_path, fragment, relative_encoded};
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
    /// What stands between the tags of the article.
    html: String,
    /// What becomes other text, in order.
    edits: Vec<Edit>,
    ids: HashSet<String>,
}

#[derive(Debug)]
struct Edit {
    at: Range<usize>,
    to: To,
}

/// What a piece of an article becomes.
#[derive(Debug)]
enum To {
    /// This text.
    Text(&'static str),
    /// The same id, of this article.
    Id(String),
    /// The link to the same place.
    Link(String),
    /// The address of the same file.
    File(String),
    /// The same ids of the page, one or several.
    Ids(String),
    /// The same reference of a drawing into its page: `#…` or `url(#…)`.
    Drawn(String),
}

/// Attributes that name ids of the same page.
const NAMING: [&str; 7] = ["for", "headers", "list", "aria-labelledby", "aria-describedby", "aria-controls", "aria-details"];

/// The articles of a print page, and where each page of the handbook stands among them.
pub struct Together<'s> {
    /// The URL of the print page.
    pub url: &'s str,
    /// The URLs of the pages, in order.
    pub pages: Vec<&'s str>,
    /// Their articles.
    pub articles: Vec<Article>,
}

impl Article {
    /// Takes the article out of the bytes of a page.
    pub fn of_page(page: &[u8]) -> Self {
        std::str::from_utf8(page).map_or_else(|_| Self::of(&String::from_utf8_lossy(page)), Self::of)
    }

    /// Takes the article out of a page: what stands in the first `article` of its `main`, without navigation, everything unfolded.
    pub fn of(page: &str) -> Self {
        let mut taking = Taking { page, ..Taking::default() };
        let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, span: Span<usize>| -> Option<Infallible> {
            taking.event(event, span);
            None
        });
        emitter.naively_switch_states(true);
        let Ok(()) = Tokenizer::new_with_emitter(page, emitter).finish();
        taking.article
    }
}

impl Together<'_> {
    /// The HTML of each article, in order.
    pub fn written(&self) -> Vec<String> {
        let places: HashMap<String, usize> = self.pages.iter().enumerate().map(|(place, url)| (encoded_path(url), place)).collect();
        (0..self.articles.len()).into_par_iter().map(|place| self.html(place, &places)).collect()
    }

    fn html(&self, place: usize, places: &HashMap<String, usize>) -> String {
        let Article { html, edits, ids } = &self.articles[place];
        let own = |id: &str| format!("{}-{id}", anchor(place));
        let mut written = String::with_capacity(html.len() + 8 * edits.len());
        let mut at = 0;
        for edit in edits {
            written.push_str(&html[at..edit.at.start]);
            at = edit.at.end;
            match &edit.to {
                To::Text(text) => written.push_str(text),
                To::Id(id) => escape_into(&own(id), &mut written),
                To::Link(href) => escape_into(&self.link(href, place, places), &mut written),
                To::File(url) => escape_into(&self.file(url, place), &mut written),
                To::Ids(named) => {
                    let named: Vec<String> =
                        named.split_ascii_whitespace().map(|id| if ids.contains(id) { own(id) } else { id.to_owned() }).collect();
                    escape_into(&named.join(" "), &mut written);
                }
                To::Drawn(value) => {
                    let (before, rest) = value.split_once('#').unwrap_or((value, ""));
                    let (id, after) = rest.split_at(rest.find(')').unwrap_or(rest.len()));
                    let known = ids.contains(id);
                    escape_into(&if known { format!("{before}#{}{after}", own(id)) } else { value.clone() }, &mut written);
                }
            }
        }
        written.push_str(&html[at..]);
        written
    }

    /// Where a link leads from an article.
    fn link(&self, href: &str, from: usize, places: &HashMap<String, usize>) -> String {
        let (path, id) = href.split_once('#').map_or((href, None), |(path, id)| (path, Some(id)));
        let to = if path.is_empty() { Some(from) } else { absolute(self.pages[from], path).and_then(|url| places.get(&url).copied()) };
        let Some(to) = to else { return self.file(href, from) };
        match id.map(percent_decoded).filter(|id| self.articles[to].ids.contains(id)) {
            Some(id) => fragment(&format!("{}-{id}", anchor(to))),
            None => fragment(&anchor(to)),
        }
    }

    /// The address of a file that has one on the page of an article.
    fn file(&self, href: &str, from: usize) -> String {
        absolute(self.pages[from], href).map_or_else(|| href.to_owned(), |url| relative_encoded(self.url, &url))
    }
}

/// What stands between the tags of an article, being taken.
#[derive(Default)]
struct Taking<'p> {
    page: &'p str,
    article: Article,
    in_main: bool,
    depth: usize,
    /// The element that is left out, and how many of its name are open.
    around: Option<(String, usize)>,
    over: bool,
    /// Where what is being taken begins on the page.
    from: Option<usize>,
    tag: Tag,
}

/// The start tag that is being read.
#[derive(Default)]
struct Tag {
    name: String,
    /// Where it begins on the page.
    from: usize,
    taken: bool,
    /// Edits of its attributes, by their places on the page.
    edits: Vec<Edit>,
    /// Attributes that name it, from the space before them on.
    naming: Vec<Range<usize>>,
    /// The attribute `open`, from the space before it on.
    open: Option<Range<usize>>,
    scrolls: bool,
    in_words: bool,
    /// Whether it leads around: on paper nothing does.
    leads: bool,
    /// The attribute whose value comes, and where that value stands.
    attribute: String,
    value: Option<Range<usize>>,
}

/// A piece of a text, as the tokenizer gives it: it cuts at ASCII characters alone.
fn text(piece: &[u8]) -> &str {
    std::str::from_utf8(piece).unwrap_or_default()
}

impl Taking<'_> {
    fn event(&mut self, event: CallbackEvent<'_>, span: Span<usize>) {
        match event {
            CallbackEvent::OpenStartTag { name } => self.begin(text(name), span.start),
            CallbackEvent::AttributeName { name } if self.tag.taken => self.attribute(text(name), span),
            CallbackEvent::AttributeValue { value } if self.tag.taken => self.value(text(value)),
            CallbackEvent::CloseStartTag { .. } => self.end_of_tag(span),
            CallbackEvent::EndTag { name } => self.close(text(name), span),
            _ => {}
        }
    }

    /// Whether what comes now belongs to the article.
    fn takes(&self) -> bool {
        self.depth > 0 && self.around.is_none() && !self.over
    }

    /// Takes what stands on the page up to a place.
    fn take_until(&mut self, until: usize) {
        if let Some(text) = self.from.take().and_then(|from| self.page.get(from..until)) {
            self.article.html.push_str(text);
        }
    }

    /// An edit of what stands at a place of the page that is being taken.
    fn edit(&mut self, at: Range<usize>, to: To) {
        let Some(from) = self.from else { return };
        let offset = self.article.html.len();
        self.article.edits.push(Edit { at: at.start - from + offset..at.end - from + offset, to });
    }

    fn begin(&mut self, name: &str, at: usize) {
        self.tag = Tag { name: name.to_owned(), from: at, leads: name == "nav", ..Tag::default() };
        if let Some((around, open)) = &mut self.around {
            *open += usize::from(around == name);
        }
        match name {
            "main" => self.in_main = true,
            "article" if self.in_main && !self.over => {
                self.depth += 1;
                if self.depth == 1 {
                    return;
                }
            }
            _ => {}
        }
        self.tag.taken = self.takes();
    }

    fn attribute(&mut self, name: &str, span: Span<usize>) {
        let rest = self.page.get(span.end..).and_then(|rest| rest.strip_prefix("=\""));
        let value = rest.and_then(|rest| rest.find('"')).map(|length| span.end + 2..span.end + 2 + length);
        let whole = span.start - 1..value.as_ref().map_or(span.end, |value| value.end + 1);
        match name {
            "aria-label" | "aria-labelledby" => self.tag.naming.push(whole),
            "open" => self.tag.open = Some(whole),
            "tabindex" => self.tag.scrolls = true,
            _ => {}
        }
        self.tag.attribute.clear();
        self.tag.attribute.push_str(name);
        self.tag.value = value;
    }

    fn value(&mut self, value: &str) {
        let Some(at) = self.tag.value.take() else { return };
        let (tag, name) = (&*self.tag.name, &*self.tag.attribute);
        let to = match name {
            "id" => To::Id(value.to_owned()),
            "class" => {
                // What the drawing shows need not be read again in words.
                self.tag.in_words = value.split(' ').any(|class| class == "in-words") && !value.contains("alone");
                self.tag.leads |= value.split(' ').any(|class| class == "contents-fold");
                return;
            }
            "href" if tag == "a" => To::Link(value.to_owned()),
            "href" if value.starts_with('#') => To::Drawn(value.to_owned()),
            "href" | "src" => To::File(value.to_owned()),
            _ if value.starts_with("url(#") => To::Drawn(value.to_owned()),
            _ if NAMING.contains(&name) => To::Ids(value.to_owned()),
            _ => return,
        };
        self.tag.edits.push(Edit { at, to });
    }

    fn end_of_tag(&mut self, span: Span<usize>) {
        let Tag { name, from, taken, mut edits, naming, open, scrolls, in_words, leads, .. } = std::mem::take(&mut self.tag);
        if !taken {
            if name == "article" && self.takes() && self.from.is_none() {
                self.from = Some(span.end);
            }
            return;
        }
        if leads {
            self.take_until(from);
            self.around = Some((name, 1));
            return;
        }
        // Before `/>` as well as before `>`.
        let end = if self.page.get(..span.start).is_some_and(|page| page.ends_with('/')) { span.start - 1 } else { span.start };
        // Many sections of one name are no landmarks; one that scrolls stays within reach of the keyboard, with its name.
        if name == "section" && !scrolls {
            edits.retain(|edit| !naming.iter().any(|name| name.contains(&edit.at.start)));
            edits.extend(naming.into_iter().map(|at| Edit { at, to: To::Text("") }));
        }
        if name == "section" && scrolls {
            edits.push(Edit { at: end..end, to: To::Text(" role=\"group\"") });
        }
        match open {
            Some(at) if name == "details" && in_words => edits.push(Edit { at, to: To::Text("") }),
            None if name == "details" && !in_words => edits.push(Edit { at: end..end, to: To::Text(" open") }),
            _ => {}
        }
        edits.sort_by_key(|edit| edit.at.start);
        for Edit { at, to } in edits {
            if let To::Id(id) = &to {
                self.article.ids.insert(id.clone());
            }
            self.edit(at, to);
        }
    }

    fn close(&mut self, name: &str, span: Span<usize>) {
        match name {
            "main" => self.in_main = false,
            "article" if self.in_main && !self.over => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    self.over = true;
                    self.take_until(span.start);
                }
            }
            _ => {}
        }
        if let Some((around, open)) = &mut self.around
            && around == name
        {
            *open -= 1;
            if *open == 0 {
                self.around = None;
                self.from = Some(span.end);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn together(pages: &[(&str, &str)]) -> Vec<String> {
        let articles = pages.iter().map(|(_, html)| Article::of(&format!("<nav id=x></nav><main>{html}</main>"))).collect();
        Together { url: "/print/", pages: pages.iter().map(|(url, _)| *url).collect(), articles }.written()
    }

    #[test]
    fn links_lead_to_the_place_on_the_same_print_page() {
        let one = "<p>crumbs</p><article><h2 id=\"a b\">A &amp; B</h2><a href=\"#a%20b\">a</a> <a href=\"../two/#x\">x</a> <a href=\"../two/\">two</a></article>";
        let two = "<article><b id=\"x\"></b><a href=\"#gone\">g</a> <a href=\"../three/#x\">out</a> <a href=\"https://a.example/#x\">web</a></article><p>notes</p>";
        assert_eq!(
            together(&[("/one/", one), ("/two/", two)]),
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
            together(&[("/a/", page)]),
            [
                "<svg viewBox=\"0 0 1 1\" aria-labelledby=\"p1-t d\"><title id=\"p1-t\">T</title><use href=\"#I-run\"/><path marker-end=\"url(#p1-m)\"/><marker id=\"p1-m\"/></svg>"
            ]
        );
    }

    #[test]
    fn everything_is_unfolded_and_nothing_leads_around() {
        let page = "<article><nav><a id=\"n\" href=\"x\">x</a><nav></nav></nav><details class=\"contents-fold\"><details></details>x</details><details class=\"why\"><summary>W</summary></details><section aria-label=\"Diagram\"><article>in</article></section></article><article>second</article>";
        assert_eq!(
            together(&[("/a/", page)]),
            ["<details class=\"why\" open><summary>W</summary></details><section><article>in</article></section>"]
        );
    }
}
