//! Text of strangers, made fit for a terminal: what cannot be seen, or moves what can, is shown as its code.

use std::borrow::Cow;

use crate::portable::is_invisible;

/// A text for one line; line breaks and tabs are shown as codes too.
pub fn line(text: &str) -> Cow<'_, str> {
    escaped(text, |_| false)
}

/// A text that may have several lines; line breaks and tabs stay.
pub fn lines(text: &str) -> Cow<'_, str> {
    escaped(text, |c| matches!(c, '\n' | '\t'))
}

/// Adds a character of a source line; a tab stays, since the renderer widens it.
pub fn push(c: char, out: &mut String) {
    if c != '\t' && is_invisible(c) { out.extend(c.escape_default()) } else { out.push(c) }
}

fn escaped(text: &str, stays: impl Fn(char) -> bool) -> Cow<'_, str> {
    let hide = |c: char| is_invisible(c) && !stays(c);
    if !text.contains(hide) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if hide(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_cannot_be_seen_is_shown_as_its_code() {
        assert_eq!(super::line("a\u{1b}[31m\u{202e}b\u{200b}\nc"), "a\\u{1b}[31m\\u{202e}b\\u{200b}\\nc");
        assert_eq!(super::lines("a\n\tb\u{7}"), "a\n\tb\\u{7}");
        assert_eq!(super::line("größe 手順 🚀"), "größe 手順 🚀");
    }
}
