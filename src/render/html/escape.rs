//! Text as HTML.

/// Adds a text so that it is text in an element and in a quoted attribute.
pub fn escape_into(text: &str, html: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        html.push_str(&rest[..at]);
        html.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &rest[at + 1..];
    }
    html.push_str(rest);
}

/// A text as HTML.
pub fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 8);
    escape_into(text, &mut html);
    html
}

/// A message of ours as HTML: what stands between backticks is code, or a name where it is more than one word.
pub fn ticks(message: &str) -> String {
    let mut html = String::with_capacity(message.len() + 32);
    let mut rest = message;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((inside, after)) = after.split_once('`') else { break };
        escape_into(before, &mut html);
        let tag = if inside.contains(' ') { ("<b>", "</b>") } else { ("<code>", "</code>") };
        html.push_str(tag.0);
        escape_into(inside, &mut html);
        html.push_str(tag.1);
        rest = after;
    }
    escape_into(rest, &mut html);
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text() {
        assert_eq!(escape("</title><img src=x onerror='a'>\"&"), "&lt;/title&gt;&lt;img src=x onerror=&#39;a&#39;&gt;&quot;&amp;");
    }

    #[test]
    fn backticks_of_messages_become_code() {
        assert_eq!(ticks("the recovery of `a <b>` needs `c`"), "the recovery of <b>a &lt;b&gt;</b> needs <code>c</code>");
        assert_eq!(ticks("one ` alone"), "one ` alone");
    }
}
