//! URLs as authors write them: which scheme they really have, and whether it may stand on the site.

/// The schemes that may stand on the site; a URL without one is relative.
const SAFE: [&str; 4] = ["http", "https", "mailto", "tel"];

/// The scheme that a browser, after all its leniency, could read in a URL.
pub fn scheme(url: &str) -> Option<String> {
    let mut bare: String = url.to_owned();
    for _ in 0..3 {
        let decoded = percent_decoded(&bare);
        if decoded == bare {
            break;
        }
        bare = decoded;
    }
    let bare: String = bare.chars().filter(|c| !c.is_whitespace() && !crate::portable::is_invisible(*c)).collect();
    let (scheme, _) = bare.split_once(':')?;
    let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    named.then(|| scheme.to_ascii_lowercase())
}

/// The scheme that forbids a URL, if any.
pub fn unsafe_scheme(url: &str) -> Option<String> {
    scheme(url).filter(|scheme| !SAFE.contains(&scheme.as_str()))
}

/// Whether a URL leads out of the site.
pub fn is_external(url: &str) -> bool {
    url.starts_with("//") || scheme(url).is_some()
}

/// A URL's `%XX` as the characters they stand for; what is no UTF-8 stays as written.
pub fn percent_decoded(url: &str) -> String {
    let mut bytes = Vec::with_capacity(url.len());
    let mut rest = url.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = (*first == b'%').then(|| after.get(..2).and_then(hex)).flatten();
        match code {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| url.to_owned())
}

fn hex(digits: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u8::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disguised_schemes_are_seen() {
        for url in [
            "javascript:x",
            "JaVaScRiPt:x",
            "java\tscript:x",
            " javascript:x",
            "java%0ascript:x",
            "java%250ascript:x",
            "\u{1}javascript:x",
            "vbscript:x",
            "data:text/html,x",
            "file:///etc",
            "blob:x",
        ] {
            assert!(unsafe_scheme(url).is_some(), "{url:?}");
        }
        for url in ["https://a.example/x:y", "mailto:a@b", "tel:+1", "a/b.md", "#x", "../a.md#x:y", "/a:b", "?a=b:c"] {
            assert_eq!(unsafe_scheme(url), None, "{url:?}");
        }
    }
}
