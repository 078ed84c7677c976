//! Relative URLs between two places of the site, percent-encoded.
//!
//! A place is a URL from the root of the site: `/`, `/deploy/`, `/img/flow.png`. The link from one to the other works wherever the
//! site stands: at the root of a host, under a path, in a folder.

/// The relative URL that leads from the page at `from` (which ends with `/`) to `to`; `./` for the page itself.
pub fn relative(from: &str, to: &str) -> String {
    way(from, to, encode_path)
}

/// The same between two places whose parts are encoded already.
pub fn relative_encoded(from: &str, to: &str) -> String {
    way(from, to, |path, url| url.push_str(path))
}

/// Where a relative URL on the page at `from` (not encoded) leads, as an encoded URL from the root of the site; with its query and fragment.
/// Nothing for one that leads to another host, or to no place of the site.
pub fn absolute(from: &str, href: &str) -> Option<String> {
    let path = &href[..href.find(['?', '#']).unwrap_or(href.len())];
    if path.starts_with('/') || path.split('/').next().is_some_and(|first| first.contains(':')) {
        return None;
    }
    let mut url = encoded_path(&from[..from.rfind('/').map_or(0, |at| at + 1)]);
    let mut rest = href;
    loop {
        if let Some(below) = rest.strip_prefix("./") {
            rest = below;
        } else if let Some(below) = rest.strip_prefix("../") {
            url.truncate(url.trim_end_matches('/').rfind('/')? + 1);
            rest = below;
        } else {
            break;
        }
    }
    url.push_str(rest);
    Some(url)
}

fn way(from: &str, to: &str, put: impl Fn(&str, &mut String)) -> String {
    let same = from.bytes().zip(to.bytes()).take_while(|(a, b)| a == b);
    let shared = same.enumerate().filter(|(_, (byte, _))| *byte == b'/').last().map_or(0, |(at, _)| at + 1);
    let mut url = String::with_capacity(to.len() + 8);
    for _ in from[shared..].bytes().filter(|byte| *byte == b'/') {
        url.push_str("../");
    }
    put(&to[shared..], &mut url);
    if url.is_empty() {
        url.push_str("./");
    }
    url
}

/// Whether a byte stands for itself in a part of a path.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'(' | b')' | b'*' | b'+' | b',' | b'=' | b'@')
}

fn encode_path(path: &str, url: &mut String) {
    if path.bytes().all(|byte| is_plain(byte) || byte == b'/') {
        url.push_str(path);
        return;
    }
    for (index, part) in path.split('/').enumerate() {
        if index > 0 {
            url.push('/');
        }
        encode(part, url);
    }
}

/// A part of a path as it stands in a URL.
fn encode(part: &str, url: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in part.bytes() {
        if is_plain(byte) {
            url.push(byte as char);
        } else {
            url.push('%');
            url.push(DIGITS[usize::from(byte >> 4)] as char);
            url.push(DIGITS[usize::from(byte & 15)] as char);
        }
    }
}

/// `#` and an id as it stands in a URL.
pub fn fragment(id: &str) -> String {
    let mut url = String::with_capacity(id.len() + 1);
    url.push('#');
    encode(id, &mut url);
    url
}

/// A path of the site as an absolute URL path: each part encoded.
pub fn encoded_path(path: &str) -> String {
    let mut url = String::with_capacity(path.len());
    encode_path(path, &mut url);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_go_up_and_down() {
        assert_eq!(relative("/", "/deploy/"), "deploy/");
        assert_eq!(relative("/deploy/", "/"), "../");
        assert_eq!(relative("/a/b/", "/a/c/"), "../c/");
        assert_eq!(relative("/a/b/", "/a/"), "../");
        assert_eq!(relative("/a/b/", "/a/b/checklist/"), "checklist/");
        assert_eq!(relative("/a/b/", "/a/b/"), "./");
        assert_eq!(relative("/", "/"), "./");
        assert_eq!(relative("/a/b/", "/img/flow.png"), "../../img/flow.png");
        assert_eq!(relative("/a/", "/a.png"), "../a.png");
    }

    #[test]
    fn a_relative_url_leads_where_it_was_made_for() {
        let places = ["/", "/deploy/", "/a/b/", "/a/c/", "/a/b/checklist/", "/größe/x y/", "/img/flow.png", "/a.png"];
        for from in places.into_iter().filter(|place| place.ends_with('/')) {
            for to in places {
                let absolute = absolute(from, &format!("{}#x", relative(from, to)));
                assert_eq!(absolute, Some(format!("{}#x", encoded_path(to))), "{from} {to}");
            }
        }
        for elsewhere in ["https://a.example/", "mailto:x@a.example", "//a.example/", "/x/", "../../x/"] {
            assert_eq!(absolute("/a/", elsewhere), None, "{elsewhere}");
        }
        assert_eq!(absolute("/a/", "#x").as_deref(), Some("/a/#x"));
        assert_eq!(relative_encoded("/print/", "/gr%C3%B6%C3%9Fe/#x"), "../gr%C3%B6%C3%9Fe/#x");
    }

    #[test]
    fn what_means_something_in_a_url_is_encoded() {
        assert_eq!(relative("/", "/a b/c#d?e%f/"), "a%20b/c%23d%3Fe%25f/");
        assert_eq!(relative("/", "/x:y/"), "x%3Ay/");
        assert_eq!(relative("/", "/größe/"), "gr%C3%B6%C3%9Fe/");
        assert_eq!(fragment("größe\""), "#gr%C3%B6%C3%9Fe%22");
    }
}
