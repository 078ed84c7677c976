//! The address at which a site will stand: `https://acme.github.io/handbook/`.
//!
//! Enters: text from a flag, the settings, the environment, or the remote of a repository. Leaves: an address without query, fragment and
//! credentials, whose path ends with `/`. Absent: any idea of who said so; `whereabouts` has that.

use url::Url;

/// Where a site will stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Reads an address; nothing where the text is none that a browser can open over the web.
    pub fn read(text: &str) -> Option<Self> {
        let mut url = Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host())?;
        url.set_query(None);
        url.set_fragment(None);
        url.set_username("").ok()?;
        url.set_password(None).ok()?;
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Some(Self(url))
    }

    /// The address as text, with `/` at its end.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The address of a place of the site: a URL from its root, percent-encoded, such as `/deploy/`.
    pub fn of(&self, url: &str) -> String {
        format!("{}{}", self.0, url.trim_start_matches('/'))
    }

    /// Where GitHub Pages puts the site of a repository that is named by its page on the web; nothing for repositories elsewhere.
    pub fn of_pages(repository: &str) -> Option<Self> {
        let url = Url::parse(repository).ok().filter(|url| matches!(url.host_str(), Some("github.com" | "www.github.com")))?;
        let mut parts = url.path_segments()?.filter(|part| !part.is_empty());
        let (owner, name) = (parts.next()?.to_lowercase(), parts.next()?);
        let host = format!("{owner}.github.io");
        let own = name.eq_ignore_ascii_case(&host);
        Self::read(&if own { format!("https://{host}/") } else { format!("https://{host}/{name}/") })
    }
}

/// The page of a repository on the web, from the address of a remote in any of the forms that git takes; nothing where the repository
/// lies on no other host.
pub fn repository_page(remote: &str) -> Option<String> {
    let remote = remote.trim();
    let page = match remote.split_once("://") {
        Some((scheme, _)) => {
            let url = Url::parse(remote).ok().filter(|_| matches!(scheme, "https" | "http" | "ssh" | "git" | "git+ssh"))?;
            let host = url.host_str().filter(|host| !host.is_empty())?;
            let host = if host.eq_ignore_ascii_case("ssh.github.com") { "github.com" } else { host };
            // The port of ssh is not that of the web.
            let port = url.port().filter(|_| scheme.starts_with("http")).map(|port| format!(":{port}")).unwrap_or_default();
            let scheme = if scheme == "http" { "http" } else { "https" };
            format!("{scheme}://{host}{port}{}", url.path())
        }
        None => {
            // `git@github.com:acme/handbook.git`; what has no dot before the colon is a folder, a drive or a name of this machine alone.
            let (host, path) = remote.split_once(':')?;
            let host = host.rsplit('@').next().filter(|host| host.contains('.') && !host.contains(['/', '\\']))?;
            format!("https://{host}/{}", path.trim_start_matches('/'))
        }
    };
    let page = Url::parse(&page).ok()?;
    let path = page.path().trim_end_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let named = path.split('/').filter(|part| !part.is_empty()).count() >= 2;
    named.then(|| format!("{}{path}", page.origin().ascii_serialization()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_ends_with_a_slash_and_holds_no_secret() {
        let read = |text| Address::read(text).map(|address| address.as_str().to_owned());
        assert_eq!(read("https://acme.github.io/handbook").as_deref(), Some("https://acme.github.io/handbook/"));
        assert_eq!(read(" https://acme.example ").as_deref(), Some("https://acme.example/"));
        assert_eq!(read("https://bot:secret@acme.example/a/?x#y").as_deref(), Some("https://acme.example/a/"));
        assert_eq!(read("https://a.example/\"><b>/").as_deref(), Some("https://a.example/%22%3E%3Cb%3E/"));
        for wrong in ["acme.example", "javascript:alert(1)", "file:///srv/www/", "mailto:a@example.org", "", "https://"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn places_of_a_site_follow_its_address() {
        let address = Address::read("https://acme.github.io/handbook/").unwrap();
        assert_eq!(address.of("/"), "https://acme.github.io/handbook/");
        assert_eq!(address.of("/deploy/"), "https://acme.github.io/handbook/deploy/");
    }

    #[test]
    fn a_remote_in_any_form_gives_the_page_of_its_repository() {
        let page = |remote| repository_page(remote);
        for remote in [
            "https://github.com/acme/handbook.git",
            "https://github.com/acme/handbook/",
            "https://bot:secret@github.com/acme/handbook",
            "git@github.com:acme/handbook.git",
            "ssh://git@github.com/acme/handbook.git",
            "ssh://git@ssh.github.com:443/acme/handbook.git",
            "git://github.com/acme/handbook.git",
        ] {
            assert_eq!(page(remote).as_deref(), Some("https://github.com/acme/handbook"), "{remote}");
        }
        assert_eq!(page("https://git.example:8443/a/b/c.git").as_deref(), Some("https://git.example:8443/a/b/c"));
        for nowhere in ["/srv/git/handbook.git", "../handbook", "file:///srv/git/h.git", "C:\\git\\h", "C:/git/h", "server:git/h", "", "a"]
        {
            assert_eq!(page(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn github_pages_stands_below_the_name_of_the_repository() {
        let pages = |repository| Address::of_pages(repository).map(|address| address.as_str().to_owned());
        assert_eq!(pages("https://github.com/Acme/handbook").as_deref(), Some("https://acme.github.io/handbook/"));
        assert_eq!(pages("https://github.com/Acme/acme.github.io").as_deref(), Some("https://acme.github.io/"));
        assert_eq!(pages("https://gitlab.com/acme/handbook"), None);
    }
}
