//! What must never be repeated: credentials in the addresses and the headers that git is configured with, and in the environment.
//!
//! Enters: the configuration of git, the environment, and then what git, its helpers or a server said. Leaves: the same text without what is
//! known to be secret, without the user and password of any address, and without what has the shape of a well-known token.

use std::ffi::OsString;

use super::command::{Git, without_credentials};

/// What stands for a secret.
const HIDDEN: &str = "***";

/// Beginnings of tokens as hosts make them: GitHub's, GitLab's, Bitbucket's, Gitea's have none.
const SHAPES: [&str; 9] = ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-", "ATBB"];

/// The secrets that are known.
#[derive(Default)]
pub struct Secrets(Vec<String>);

impl Secrets {
    /// Those of the repository that holds a folder, and of the environment.
    pub fn of(git: Git<'_>) -> anyhow::Result<Self> {
        let listed = git.ask(["config", "--list", "-z", "--includes"])?.out;
        // The key, a line break, the value, NUL.
        let configured = listed.split(|byte| *byte == 0).map(|entry| String::from_utf8_lossy(entry).into_owned()).map(|entry| {
            let (key, value) = entry.split_once('\n').unwrap_or((&entry, ""));
            (key.to_owned(), value.to_owned())
        });
        Ok(Self::among(configured, std::env::vars_os()))
    }

    fn among(configured: impl Iterator<Item = (String, String)>, environment: impl Iterator<Item = (OsString, OsString)>) -> Self {
        let mut found = Vec::new();
        for (key, value) in configured {
            // An address may stand in a key: `url.https://token@host/.insteadOf`.
            for text in [&key, &value] {
                found.extend(of_addresses(text));
                found.extend(assigned(text));
            }
            if key.to_lowercase().ends_with(".extraheader") {
                // `Authorization: basic eDpzZWNyZXQ=`
                found.extend(value.split_whitespace().filter(|word| word.len() >= 12).map(str::to_owned));
            }
        }
        for (name, value) in environment {
            let (name, value) = (name.to_string_lossy().to_uppercase(), value.to_string_lossy().into_owned());
            let secret = ["TOKEN", "PASSWORD", "PASSWD", "SECRET", "_PAT"].iter().any(|word| name.contains(word));
            found.extend(of_addresses(&value));
            if secret && value.len() >= 6 {
                found.push(value);
            }
        }
        found.retain(|secret| secret.len() >= 3);
        let decoded: Vec<_> = found.iter().filter_map(|secret| percent_encoding::percent_decode_str(secret).decode_utf8().ok()).collect();
        let mut all: Vec<String> = decoded.into_iter().map(|text| text.into_owned()).filter(|text| text.len() >= 3).collect();
        all.append(&mut found);
        // The longest first: a secret may be part of another.
        all.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        all.dedup();
        Self(all)
    }

    /// A text that may be shown.
    pub fn hidden_in(&self, text: &str) -> String {
        let text = without_credentials(text);
        let text = self.0.iter().fold(text, |text, secret| text.replace(secret, HIDDEN));
        let mut out = String::with_capacity(text.len());
        for piece in text.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))) {
            match SHAPES.iter().find_map(|shape| piece.find(shape).filter(|at| piece.len() - at >= shape.len() + 8)) {
                Some(at) => {
                    out.push_str(&piece[..at]);
                    out.push_str(HIDDEN);
                    let end = piece.chars().next_back().filter(|c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')));
                    out.extend(end);
                }
                None => out.push_str(piece),
            }
        }
        out
    }
}

/// Passwords of the addresses in a text, users that stand without one, and what follows a `?`.
fn of_addresses(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("://") {
        let scheme = text[..at].rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let rest = text[at + 3..].split(|c: char| c.is_whitespace() || matches!(c, '\'' | '"')).next().unwrap_or_default();
        let host = rest.split('/').next().unwrap_or_default();
        match host.rsplit_once('@').map(|(who, _)| who.split_once(':').unwrap_or((who, ""))) {
            // A name alone is a token over HTTP, and with ssh the `git` of `git@`.
            Some((user, "")) if scheme.starts_with("http") && user.len() >= 6 => found.push(user.to_owned()),
            Some((_, password)) if !password.is_empty() => found.push(password.to_owned()),
            _ => {}
        }
        // A token as user with an `x-oauth-basic` for password.
        if let Some((who, "x-oauth-basic")) = host.rsplit_once('@').and_then(|(who, _)| who.split_once(':')) {
            found.push(who.to_owned());
        }
        found.extend(rest.split_once('?').map(|(_, query)| query).into_iter().flat_map(|query| {
            query.split('&').filter_map(|pair| pair.split_once('=')).map(|(_, value)| value.to_owned()).filter(|value| value.len() >= 6)
        }));
    }
    found
}

/// What a script in the configuration, such as a helper, gives as a password or token: `echo password=secret`.
fn assigned(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in ["password=", "token=", "secret="] {
        for (at, _) in text.match_indices(word) {
            let value = text[at + word.len()..].trim_start_matches(['\'', '"']);
            let end = value.find(|c: char| c.is_whitespace() || matches!(c, ';' | '\'' | '"' | '&' | '|' | '}')).unwrap_or(value.len());
            if !value[..end].starts_with('$') {
                found.push(value[..end].to_owned());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(configured: &[(&str, &str)], environment: &[(&str, &str)], text: &str) -> String {
        let configured = configured.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let environment = environment.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        Secrets::among(configured, environment).hidden_in(text)
    }

    #[test]
    fn what_is_configured_is_not_repeated_wherever_it_stood() {
        let url = |value| [("remote.origin.url", value)];
        assert_eq!(
            shown(&url("https://bot:s3cret@a.example/x"), &[], "helper: s3cret and https://bot:s3cret@a.example"),
            "helper: *** and https://a.example"
        );
        assert_eq!(shown(&url("https://tokentoken@a.example/x"), &[], "no tokentoken"), "no ***");
        assert_eq!(shown(&url("https://tokentoken:x-oauth-basic@a.example/x"), &[], "no tokentoken"), "no ***");
        assert_eq!(shown(&url("https://a.example/x?key=s3cret"), &[], "no s3cret"), "no ***");
        assert_eq!(shown(&url("https://bot:p%40ss@a.example/x"), &[], "p@ss or p%40ss"), "*** or ***");
        assert_eq!(shown(&[("url.https://bot:s3cret@a.example/.insteadof", "a:")], &[], "s3cret"), "***");
        assert_eq!(shown(&[("http.https://a.example/.extraheader", "Authorization: basic eDpzZWNyZXQ=")], &[], "eDpzZWNyZXQ="), "***");
        assert_eq!(shown(&[("credential.helper", "!f() { echo password=s3cret; }; f")], &[], "s3cret"), "***");
        assert_eq!(shown(&[], &[("GITHUB_TOKEN", "s3cret"), ("HOME", "/home/ada")], "s3cret in /home/ada"), "*** in /home/ada");
    }

    #[test]
    fn a_user_of_ssh_is_no_secret() {
        let text = "git@github.com: Permission denied";
        assert_eq!(shown(&[("remote.origin.url", "ssh://git@github.com/a/b.git")], &[], text), text);
    }

    #[test]
    fn what_looks_like_a_token_is_none_to_repeat() {
        assert_eq!(shown(&[], &[], "got ghp_0123456789abcdef, (github_pat_11AA_bbcc)"), "got ***, (***)");
        assert_eq!(
            shown(&[], &[], "branch gh-pages at 0123456789abcdef0123456789abcdef01234567"),
            "branch gh-pages at 0123456789abcdef0123456789abcdef01234567"
        );
    }
}
