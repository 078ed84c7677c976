//! The address of a request -> the path of a file of the site. What is no plain path is refused before anything is looked up.
//!
//! Nothing here, and nothing after it, touches the disk with a path that came from a request: it is only ever compared with the paths
//! that the site has.

use percent_encoding::percent_decode_str;

use crate::containment::is_plain;

/// Why an address leads to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It is no address of any site.
    Malformed,
    /// It is one, and not of this site.
    Elsewhere,
}

/// The path below the home page, decoded: `deploy/`, `a/b.png`, or nothing for the home page itself.
pub(crate) fn site_path(path: &str, base: &str) -> Result<String, Refused> {
    let inner = path.strip_prefix(base).ok_or(if well_formed(path) { Refused::Elsewhere } else { Refused::Malformed })?;
    decoded(inner).ok_or(Refused::Malformed)
}

fn well_formed(path: &str) -> bool {
    path.strip_prefix('/').is_some_and(|inner| decoded(inner).is_some())
}

fn decoded(inner: &str) -> Option<String> {
    let escapes = inner.split('%').skip(1).all(|after| after.as_bytes().get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit)));
    let hidden_slash = inner.to_ascii_lowercase().contains("%2f");
    if !escapes || hidden_slash {
        return None;
    }
    let text = percent_decode_str(inner).decode_utf8().ok()?;
    let plain = |path: &str| path.is_empty() || is_plain(path);
    (plain(text.strip_suffix('/').unwrap_or(&text)) && text != "/" && !text.chars().any(char::is_control)).then(|| text.into_owned())
}

/// Whether a query asks for something that this server does not do. Servers of other tools give sources away for `?raw` and its kin.
pub(super) fn asks_for_more(query: &str) -> bool {
    let known = |part: &str| part.split_once('=').is_some_and(|(key, _)| !matches!(key, "raw" | "import" | "url" | "inline" | "worker"));
    !query.is_empty() && !query.split('&').all(known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_paths_are_decoded_once() {
        assert_eq!(site_path("/", "/"), Ok(String::new()));
        assert_eq!(site_path("/a/b%20c/", "/"), Ok("a/b c/".to_owned()));
        assert_eq!(site_path("/gr%C3%B6%C3%9Fe/", "/"), Ok("größe/".to_owned()));
        assert_eq!(site_path("/%252e%252e/x", "/"), Ok("%2e%2e/x".to_owned()));
        assert_eq!(site_path("/repo/a", "/repo/"), Ok("a".to_owned()));
        assert_eq!(site_path("/other/a", "/repo/"), Err(Refused::Elsewhere));
        assert_eq!(site_path("/repo", "/repo/"), Err(Refused::Elsewhere));
    }

    #[test]
    fn whatever_leads_out_is_malformed() {
        for path in [
            "/../x",
            "/a/../../x",
            "/%2e%2e/x",
            "/..%2fx",
            "/..\\x",
            "/%5c..",
            "/a//b",
            "//x",
            "/a%00",
            "/%",
            "/%zz",
            "/%ff",
            "/./x",
            "/c:/x",
            "/a%0ab",
        ] {
            assert_eq!(site_path(path, "/"), Err(Refused::Malformed), "{path}");
            assert!(site_path(path, "/repo/").is_err(), "{path}");
        }
    }

    #[test]
    fn queries_that_other_servers_obey_are_refused() {
        for query in ["raw", "import&raw", "raw=1", "url", "v"] {
            assert!(asks_for_more(query), "{query}");
        }
        assert!(!asks_for_more("") && !asks_for_more("q=deploy") && !asks_for_more("v=1&q="));
    }

    proptest! {
        #[test]
        fn no_address_leads_out(path in "(/|%2e|%2F|\\.|\\\\|%5c|a|%00|:){0,12}") {
            if let Ok(inside) = site_path(&path, "/") {
                prop_assert!(inside.is_empty() || is_plain(inside.strip_suffix('/').unwrap_or(&inside)));
            }
        }
    }
}
