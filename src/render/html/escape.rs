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

/// A message of ours as HTML: what stands between backticks is code.
pub fn ticks(message: &str) -> String {
    let mut html = String::with_capacity(message.len() + 16);
    let mut parts = message.split('`');
    let count = message.matches('`').count();
    if let Some(first) = parts.next() {
        escape_into(first, &mut html);
    }
    for (index, part) in parts.enumerate() {
        let last_open = index % 2 == 0 && index + 1 == count;
        if last_open {
            html.push('`');
            escape_into(part, &mut html);
        } else if index % 2 == 0 {
            html.push_str("<code>");
            escape_into(part, &mut html);
            html.push_str("</code>");
        } else {
            escape_into(part, &mut html);
        }
    }
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
        assert_eq!(ticks("the recovery of `a <b>` needs `c`"), "the recovery of <code>a &lt;b&gt;</code> needs <code>c</code>");
        assert_eq!(ticks("one ` alone"), "one ` alone");
    }
}
