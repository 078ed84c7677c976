//! Raw HTML of pages: what is on the allow-list stays, the rest is shown as text.
//!
//! Two steps. [`filtered`] goes over the tokens of one piece: tags outside the list become text, attributes outside the list, event
//! handlers, `name` and `style` are dropped, ids get the prefix `user-`, URLs are followed or dropped, comments vanish. [`balanced`] then
//! goes over a whole region, so that a tag left open or closed too often cannot reach the page around it.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use crate::parse::raw_html::{ATTRIBUTES, ELEMENTS};

use super::escape::{escape, escape_into};

/// Elements that the writer itself makes beside those of the list.
const OURS: [&str; 4] = ["input", "section", "aside", "figure"];

/// Attributes that the writer itself makes beside those of the list.
const OUR_ATTRIBUTES: [&str; 9] = ["role", "tabindex", "aria-label", "type", "disabled", "checked", "rel", "loading", "dir"];

/// What becomes of a URL in raw HTML.
pub trait Follow {
    /// The URL to write for a link, or nothing where it may not stand.
    fn link(&self, url: &str) -> Option<String>;
    /// The URL to write for an image of this site, or nothing where it lies elsewhere.
    fn image(&self, url: &str) -> Option<String>;
}

/// One block or inline tag of raw HTML, with nothing in it that is not on the list.
pub fn filtered(html: &str, follow: &dyn Follow) -> String {
    let sink = Sink { follow, out: RefCell::new(String::with_capacity(html.len())) };
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(html));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.out.take()
}

struct Sink<'f> {
    follow: &'f dyn Follow,
    out: RefCell<String>,
}

impl TokenSink for Sink<'_> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut out = self.out.borrow_mut();
        match token {
            Token::TagToken(tag) => self.tag(&tag, &mut out),
            Token::CharacterTokens(text) => escape_into(&text, &mut out),
            Token::DoctypeToken(_) => out.push_str("&lt;!doctype&gt;"),
            Token::NullCharacterToken => out.push('\u{fffd}'),
            Token::CommentToken(_) | Token::EOFToken | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}

impl Sink<'_> {
    fn tag(&self, tag: &Tag, out: &mut String) {
        let name = &*tag.name;
        if !ELEMENTS.contains(&name) {
            as_text(tag, out);
            return;
        }
        if tag.kind == TagKind::EndTag {
            out.push_str("</");
            out.push_str(name);
            out.push('>');
            return;
        }
        if name == "img" && self.is_external_image(tag) {
            self.image_as_link(tag, out);
            return;
        }
        if name == "img" && attribute(tag, "src").and_then(|src| self.follow.image(src)).is_none() {
            escape_into(attribute(tag, "alt").unwrap_or_default(), out);
            return;
        }
        out.push('<');
        out.push_str(name);
        for attribute in &tag.attrs {
            let key = &*attribute.name.local;
            if !ATTRIBUTES.contains(&key) {
                continue;
            }
            let value = match key {
                "id" => Some(format!("user-{}", attribute.value)),
                "href" => self.follow.link(&attribute.value),
                "src" => self.follow.image(&attribute.value),
                "align" => aligned(&attribute.value),
                _ => Some(attribute.value.to_string()),
            };
            if let Some(value) = value {
                out.push(' ');
                out.push_str(key);
                out.push_str("=\"");
                escape_into(&value, out);
                out.push('"');
            }
        }
        out.push('>');
    }

    fn is_external_image(&self, tag: &Tag) -> bool {
        attribute(tag, "src").is_some_and(|src| crate::parse::url::is_external(src) && crate::parse::url::unsafe_scheme(src).is_none())
    }

    fn image_as_link(&self, tag: &Tag, out: &mut String) {
        let src = attribute(tag, "src").unwrap_or_default();
        let alt = attribute(tag, "alt").filter(|alt| !alt.trim().is_empty()).unwrap_or(src);
        out.push_str(&format!("<a class=\"image-link\" href=\"{}\">{}</a>", escape(src), escape(alt)));
    }
}

fn attribute<'t>(tag: &'t Tag, name: &str) -> Option<&'t str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

fn aligned(value: &str) -> Option<String> {
    let value = value.trim().to_ascii_lowercase();
    matches!(value.as_str(), "left" | "right" | "center" | "justify" | "top" | "middle" | "bottom").then_some(value)
}

/// A tag as the text that it was.
fn as_text(tag: &Tag, out: &mut String) {
    out.push_str(if tag.kind == TagKind::EndTag { "&lt;/" } else { "&lt;" });
    escape_into(&tag.name, out);
    for attribute in &tag.attrs {
        out.push(' ');
        escape_into(&attribute.name.local, out);
        if !attribute.value.is_empty() {
            out.push_str("=&quot;");
            escape_into(&attribute.value, out);
            out.push_str("&quot;");
        }
    }
    out.push_str(if tag.self_closing { " /&gt;" } else { "&gt;" });
}

/// A region with raw HTML in which every tag is closed where it was opened.
pub fn balanced(region: &str) -> String {
    static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
        let mut builder = ammonia::Builder::empty();
        builder
            .tags(ELEMENTS.iter().chain(&OURS).copied().collect())
            .clean_content_tags(HashSet::new())
            .tag_attributes(HashMap::new())
            .generic_attributes(ATTRIBUTES.iter().chain(&OUR_ATTRIBUTES).copied().collect())
            .url_schemes(["http", "https", "mailto", "tel"].into())
            .url_relative(ammonia::UrlRelative::PassThrough)
            .link_rel(None)
            .strip_comments(true);
        builder
    });
    CLEANER.clean(region).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Plain;

    impl Follow for Plain {
        fn link(&self, url: &str) -> Option<String> {
            crate::parse::url::unsafe_scheme(url).is_none().then(|| url.to_owned())
        }
        fn image(&self, url: &str) -> Option<String> {
            self.link(url)
        }
    }

    fn clean(html: &str) -> String {
        balanced(&filtered(html, &Plain))
    }

    #[test]
    fn what_is_on_the_list_stays() {
        assert_eq!(clean("<details open><summary>x</summary>y</details>"), "<details open=\"\"><summary>x</summary>y</details>");
        assert_eq!(clean("<kbd id=\"a\">x</kbd>"), "<kbd id=\"user-a\">x</kbd>");
    }

    #[test]
    fn elements_outside_the_list_are_text() {
        for name in ["script", "iframe", "base", "meta", "form", "style", "object", "link", "svg", "math", "template", "input", "button"] {
            let html = clean(&format!("<{name} a=b>alert(1)</{name}>"));
            assert!(!html.contains(&format!("<{name}")), "{html}");
            assert!(html.contains(&format!("&lt;{name}")), "{html}");
        }
    }

    #[test]
    fn attributes_outside_the_list_are_dropped() {
        for html in [
            "<img src=x onerror=alert(1)>",
            "<img/src=\"x\"/OnError=alert(1)>",
            "<p STYLE=\"x\">a</p>",
            "<a name=\"location\" href=\"x\">a</a>",
            "<p onclick='x' onmouseover=y ONFOCUS=z>a</p>",
        ] {
            let html = clean(html).to_lowercase();
            assert!(!html.contains("style") && !html.contains("name=") && !html.contains("onerror") && !html.contains("onclick"), "{html}");
        }
    }

    #[test]
    fn urls_with_a_scheme_that_can_run_are_dropped() {
        for url in
            ["javascript:alert(1)", "JaVaScRiPt:x", "java&#9;script:x", "&#106;avascript:x", "data:text/html,x", "vbscript:x", "file:///x"]
        {
            let html = clean(&format!("<a href=\"{url}\">x</a><img src=\"{url}\">"));
            assert_eq!(html, "<a>x</a>", "{url}");
        }
    }

    #[test]
    fn open_and_stray_tags_stay_inside_their_region() {
        assert_eq!(clean("</div></section><div><b>x"), "&lt;/section&gt;<div><b>x</b></div>");
        assert_eq!(clean("a<!-- x --><!-- open"), "a");
    }

    #[test]
    fn images_of_other_hosts_become_links() {
        assert_eq!(
            clean("<img src=\"https://a.example/x.png\" alt=\"a &lt;b&gt;\">"),
            "<a class=\"image-link\" href=\"https://a.example/x.png\">a &lt;b&gt;</a>"
        );
    }
}
