//! Where a page's source can be edited: in the repository of the settings, by the conventions of its host.

use crate::settings::Settings;
use crate::source::PagePath;

use super::relative::encoded_path;

/// The URL at which a line of a file can be edited; nothing where the repository is not known.
pub fn line(settings: &Settings, path: &PagePath, line: usize) -> Option<String> {
    file(settings, path).map(|url| if line > 1 { format!("{url}#L{line}") } else { url })
}

/// The URL at which a file can be edited.
pub fn file(settings: &Settings, path: &PagePath) -> Option<String> {
    with(settings, path, |host| match host {
        Host::GitLab => "-/edit",
        Host::Gitea => "_edit",
        Host::Other => "edit",
    })
}

/// The URL at which the history of a file is shown.
pub fn history(settings: &Settings, path: &PagePath) -> Option<String> {
    with(settings, path, |host| match host {
        Host::GitLab => "-/commits",
        Host::Gitea => "commits/branch",
        Host::Other => "commits",
    })
}

#[derive(Clone, Copy)]
enum Host {
    GitLab,
    Gitea,
    Other,
}

fn with(settings: &Settings, path: &PagePath, verb: impl Fn(Host) -> &'static str) -> Option<String> {
    let repository = settings.repository.as_deref()?.trim_end_matches('/').trim_end_matches(".git");
    let safe = repository.starts_with("https://") || repository.starts_with("http://");
    if !safe {
        return None;
    }
    let host = repository.split('/').nth(2).unwrap_or_default();
    let host = if host.contains("gitlab") {
        Host::GitLab
    } else if host.contains("gitea") || host.contains("codeberg") || host.contains("forgejo") {
        Host::Gitea
    } else {
        Host::Other
    };
    let path = format!("{}{path}", settings.repository_folder);
    Some(format!("{repository}/{}/{}/{}", verb(host), encoded_path(&settings.branch), encoded_path(&path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edit_links_follow_the_host() {
        let at = |repository: &str| {
            let settings = Settings { repository: Some(repository.to_owned()), ..Settings::default() };
            line(&settings, &PagePath::new("content/a b.md"), 41)
        };
        assert_eq!(
            at("https://github.com/acme/handbook").as_deref(),
            Some("https://github.com/acme/handbook/edit/main/content/a%20b.md#L41")
        );
        assert_eq!(at("https://gitlab.com/acme/h.git").as_deref(), Some("https://gitlab.com/acme/h/-/edit/main/content/a%20b.md#L41"));
        assert_eq!(at("javascript:alert(1)"), None);
    }
}
