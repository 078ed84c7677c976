//! Raw HTML on a page: which of it is outside the allow-list, and which tags or comments stay open.

use std::cell::RefCell;
use std::collections::HashMap;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use super::url;

/// The elements that may stand in content as raw HTML, from `rules.md`.
pub const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "source",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
    "var",
];

/// The attributes that they may have.
pub const ATTRIBUTES: &[&str] =
    &["id", "class", "title", "alt", "href", "src", "width", "height", "open", "align", "colspan", "rowspan", "start"];

/// Elements that have no end tag.
const VOID: &[&str] = &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Elements whose end tag may be left out.
const END_OPTIONAL: &[&str] = &["p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "body", "html", "head", "option"];

/// What a piece of raw HTML holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The first thing outside the allow-list, in words: `the element script`, `the attribute onclick`.
    pub outside: Option<String>,
    /// URLs of links and images.
    pub urls: Vec<Target>,
    /// Tags in order, `true` for a start tag; void elements and those that may stay open are left out.
    pub tags: Vec<(String, bool)>,
    /// Ids of elements.
    pub ids: Vec<String>,
    /// Whether a comment begins here and does not end.
    pub open_comment: bool,
}

/// A URL in raw HTML.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    /// As written.
    pub url: String,
    /// Whether it is an image's.
    pub image: bool,
}

/// Looks at one block or inline tag.
pub fn look(html: &str) -> Seen {
    let sink = Sink(RefCell::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(html));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    let mut seen = tokenizer.sink.0.take();
    if let Some(start) = html.rfind("<!--") {
        seen.open_comment = !html[start..].contains("-->");
    } else if html.starts_with("<?") || html.starts_with("<!") {
        seen.outside.get_or_insert_with(|| "a declaration or processing instruction".to_owned());
    }
    seen
}

struct Sink(RefCell<Seen>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(tag) = token {
            see(&mut self.0.borrow_mut(), &tag);
        }
        TokenSinkResult::Continue
    }
}

fn see(seen: &mut Seen, tag: &Tag) {
    let name = tag.name.to_string();
    if !ELEMENTS.contains(&name.as_str()) {
        seen.outside.get_or_insert_with(|| format!("the element `{name}`"));
    }
    for attribute in &tag.attrs {
        let key = attribute.name.local.to_string();
        if !ATTRIBUTES.contains(&key.as_str()) {
            seen.outside.get_or_insert_with(|| format!("the attribute `{key}`"));
        }
        if key == "id" {
            seen.ids.push(attribute.value.to_string());
        }
        if matches!(key.as_str(), "href" | "src") {
            seen.urls.push(Target { url: attribute.value.to_string(), image: key == "src" });
        }
    }
    let known = ELEMENTS.contains(&name.as_str());
    let open_ended = !known || VOID.contains(&name.as_str()) || END_OPTIONAL.contains(&name.as_str()) || tag.self_closing;
    if !open_ended {
        seen.tags.push((name, tag.kind == TagKind::StartTag));
    }
}

/// Which start tags of a page's raw HTML are never closed: the piece that each stands in, and its name.
pub fn unclosed<'t>(pieces: impl Iterator<Item = (usize, &'t [(String, bool)])>) -> Vec<(usize, String)> {
    let mut open: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, (name, starts)) in pieces.flat_map(|(index, tags)| tags.iter().map(move |tag| (index, tag))) {
        let stack = open.entry(name).or_default();
        if *starts {
            stack.push(index);
        } else {
            stack.pop();
        }
    }
    let mut left: Vec<(usize, String)> =
        open.into_iter().flat_map(|(name, stack)| stack.into_iter().map(move |index| (index, name.to_owned()))).collect();
    left.sort();
    left
}

/// Whether any of the URLs has a scheme that may not stand on the site.
pub fn unsafe_url(seen: &Seen) -> Option<(&str, String)> {
    seen.urls.iter().find_map(|target| url::unsafe_scheme(&target.url).map(|scheme| (target.url.as_str(), scheme)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_outside_the_list_is_named() {
        assert_eq!(look("<details open><summary>x</summary></details>").outside, None);
        assert_eq!(look("<script>x</script>").outside.as_deref(), Some("the element `script`"));
        assert_eq!(look("<img/src=\"x\"/OnError=y>").outside.as_deref(), Some("the attribute `onerror`"));
        assert_eq!(look("<p style=\"x\">").outside.as_deref(), Some("the attribute `style`"));
        assert_eq!(look("<!-- a comment -->"), Seen::default());
        assert!(look("<!-- open").open_comment);
    }

    #[test]
    fn tags_left_open_are_found_across_pieces() {
        let pieces = [look("<details>"), look("<b>"), look("</b>")];
        let open = unclosed(pieces.iter().enumerate().map(|(index, seen)| (index, seen.tags.as_slice())));
        assert_eq!(open, [(0, "details".to_owned())]);
    }
}
