//! The inline Markdown of declarations: cause, effect, signal, text …

use std::borrow::Cow;

use super::escape::escape;
use super::writer::{Context, run};

/// Inline Markdown as HTML. One paragraph comes without its `<p>`.
pub fn prose(context: &Context<'_>, markdown: &str) -> String {
    let markdown = markdown.trim();
    if is_plain(markdown) {
        return escape(markdown);
    }
    let html = run(context, &unblocked(markdown));
    let html = html.trim();
    let one = html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>")).filter(|html| !html.contains("<p>"));
    one.unwrap_or(html).to_owned()
}

/// A text of one line is no quote, list, heading or rule, whatever it begins with: `> 99 %` says how much.
fn unblocked(markdown: &str) -> Cow<'_, str> {
    let digits = markdown.bytes().take_while(u8::is_ascii_digit).count();
    let mark = if (1..=9).contains(&digits) { digits } else { 0 };
    let begins = match markdown[mark..].bytes().next() {
        Some(b'.' | b')') => mark > 0,
        Some(b'>' | b'#' | b'-' | b'+') => mark == 0,
        Some(b'*') => mark == 0 && markdown[1..].starts_with([' ', '\t']),
        _ => false,
    };
    if !begins || markdown.contains('\n') {
        return Cow::Borrowed(markdown);
    }
    Cow::Owned(format!("{}\\{}", &markdown[..mark], &markdown[mark..]))
}

/// Whether no character of a text can mean anything in Markdown.
fn is_plain(text: &str) -> bool {
    let begins_plain = text.starts_with(|c: char| c.is_alphabetic());
    begins_plain && !text.contains(['*', '_', '`', '[', ']', '<', '>', '&', '\\', '~', '\n', '|', '!'])
}

#[cfg(test)]
mod tests {
    use super::unblocked;

    #[test]
    fn one_line_begins_no_block() {
        let same = ["at most 2", "*soon* or later", "**now**", "10 % of all", "- one\n- two", "", "1", "é. x"];
        for text in same {
            assert_eq!(unblocked(text), text);
        }
        for (text, read) in
            [("> 99 %", "\\> 99 %"), ("# of calls", "\\# of calls"), ("- 3 dB", "\\- 3 dB"), ("2. try", "2\\. try"), ("* all", "\\* all")]
        {
            assert_eq!(unblocked(text), read);
        }
    }
}
