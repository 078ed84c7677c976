//! The inline Markdown of declarations: cause, effect, signal, text …

use super::escape::escape;
use super::writer::{Context, run};

/// Inline Markdown as HTML. One paragraph comes without its `<p>`.
pub fn prose(context: &Context<'_>, markdown: &str) -> String {
    let markdown = markdown.trim();
    if is_plain(markdown) {
        return escape(markdown);
    }
    let html = run(context, markdown);
    let html = html.trim();
    let one = html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>")).filter(|html| !html.contains("<p>"));
    one.unwrap_or(html).to_owned()
}

/// Whether no character of a text can mean anything in Markdown.
fn is_plain(text: &str) -> bool {
    let begins_plain = text.starts_with(|c: char| c.is_alphabetic());
    begins_plain && !text.contains(['*', '_', '`', '[', ']', '<', '>', '&', '\\', '~', '\n', '|', '!'])
}
