//! Relative URLs between two places of the site, percent-encoded.
//!
//! A place is a URL from the root of the site: `/`, `/deploy/`, `/img/flow.png`. The link from one to the other works wherever the
//! site stands: at the root of a host, under a path, in a folder.

/// The relative URL that leads from the page at `from` (which ends with `/`) to `to`; `./` for the page itself.
pub fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    let (folder, file) = to.rsplit_once('/').unwrap_or(("", to));
    let folders: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let shared = from.iter().zip(&folders).take_while(|(a, b)| a == b).count();
    let mut url = String::with_capacity(to.len() + 3 * from.len());
    for _ in shared..from.len() {
        url.push_str("../");
    }
    for part in &folders[shared..] {
        encode(part, &mut url);
        url.push('/');
    }
    encode(file, &mut url);
    if url.is_empty() {
        url.push_str("./");
    }
    url
}

/// A part of a path as it stands in a URL.
pub fn encode(part: &str, url: &mut String) {
    for byte in part.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b'!'
            | b'$'
            | b'('
            | b')'
            | b'*'
            | b'+'
            | b','
            | b'='
            | b'@' => {
                url.push(byte as char);
            }
            _ => {
                url.push('%');
                url.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0').to_ascii_uppercase());
                url.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0').to_ascii_uppercase());
            }
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
    for (index, part) in path.split('/').enumerate() {
        if index > 0 {
            url.push('/');
        }
        encode(part, &mut url);
    }
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
    fn what_means_something_in_a_url_is_encoded() {
        assert_eq!(relative("/", "/a b/c#d?e%f/"), "a%20b/c%23d%3Fe%25f/");
        assert_eq!(relative("/", "/x:y/"), "x%3Ay/");
        assert_eq!(relative("/", "/größe/"), "gr%C3%B6%C3%9Fe/");
        assert_eq!(fragment("größe\""), "#gr%C3%B6%C3%9Fe%22");
    }
}
