//! Whether an SVG picture could run a script, load something, or exhaust memory when opened by itself.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use crate::parse::url;

/// Elements that run, embed or load.
const REFUSED: &[&str] = &[
    "script",
    "foreignobject",
    "iframe",
    "object",
    "embed",
    "audio",
    "video",
    "handler",
    "listener",
    "html",
    "body",
    "link",
    "meta",
    "base",
    "form",
];

/// What is dangerous in a picture, in words.
pub fn danger(bytes: &[u8]) -> Option<String> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Some("bytes that are no UTF-8".to_owned()) };
    let lower = text.to_ascii_lowercase();
    if lower.contains("<!entity") || lower.contains("<!doctype") && lower.contains('[') {
        return Some("declared entities".to_owned());
    }
    if lower.contains("<?xml-stylesheet") {
        return Some("a style sheet from elsewhere".to_owned());
    }
    if lower.contains("@import") || lower.contains("expression(") {
        return Some("a style sheet that loads something".to_owned());
    }
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(text));
    let tokenizer = Tokenizer::new(Sink(RefCell::default()), TokenizerOpts::default());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.0.take()
}

struct Sink(RefCell<Option<String>>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(tag) = token {
            let mut first = self.0.borrow_mut();
            if first.is_none() {
                *first = danger_in(&tag);
            }
        }
        TokenSinkResult::Continue
    }
}

fn danger_in(tag: &Tag) -> Option<String> {
    let name = tag.name.to_ascii_lowercase().to_string();
    let bare = name.rsplit(':').next().unwrap_or(&name);
    if REFUSED.contains(&bare) {
        return Some(format!("the element `{bare}`"));
    }
    tag.attrs.iter().find_map(|attribute| {
        let key = attribute.name.local.to_ascii_lowercase().to_string();
        let key = key.rsplit(':').next().unwrap_or(&key).to_owned();
        let value = attribute.value.to_string();
        if key.starts_with("on") {
            return Some(format!("the attribute `{key}`"));
        }
        let data_image = value.trim_start().to_ascii_lowercase().starts_with("data:image/") && !value.to_ascii_lowercase().contains("svg");
        let leads = matches!(key.as_str(), "href" | "src" | "to" | "from" | "values" | "by" | "begin" | "action" | "formaction");
        (leads && !data_image && url::unsafe_scheme(&value).is_some()).then(|| format!("a link with an unsafe scheme in `{key}`"))
    })
}

#[cfg(test)]
mod tests {
    use super::danger;

    #[test]
    fn pictures_that_could_run_are_refused() {
        for svg in [
            "<svg><script>x</script></svg>",
            "<svg onload=\"x\"/>",
            "<svg><foreignObject/></svg>",
            "<svg><a xlink:href=\"javascript:x\"/></svg>",
            "<svg><set attributeName=\"href\" to=\"javascript:x\"/></svg>",
            "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg>&a;</svg>",
        ] {
            assert!(danger(svg.as_bytes()).is_some(), "{svg}");
        }
        assert_eq!(
            danger(b"<?xml version=\"1.0\"?><svg viewBox=\"0 0 1 1\"><path d=\"M0 0\"/><a href=\"https://a.example\"/></svg>"),
            None
        );
    }
}
