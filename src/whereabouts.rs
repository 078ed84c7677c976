//! Where a handbook comes from and where its site will stand, settled before anything is rendered.
//!
//! Enters: what the settings say, what git knows, what the command line and the environment ask for. Leaves: settings with the repository
//! and the address that hold, the days of last changes, and notes to whoever runs the tool. Absent: asking git, writing anything.

use anyhow::bail;

use crate::address::{Address, repository_page};
use crate::discover::Discovered;
use crate::git::{History, Provenance};
use crate::settings::Audience;

/// What a run is asked for about the address of its site.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// `--base-url`.
    pub flag: Option<String>,
    /// The variable of the environment, [`VARIABLE`].
    pub variable: Option<String>,
    /// The remote that the site is published to, by its name and its address; `origin`, where nothing else is said.
    pub remote: Option<(String, String)>,
}

/// The variable of the environment that says where the site will stand.
pub const VARIABLE: &str = "FOREWARN_BASE_URL";

/// Settles both; gives notes, one line each. An address that was asked for and cannot be read is an error.
pub fn settle(discovered: &mut Discovered, provenance: Provenance, asked: &Asked) -> anyhow::Result<Vec<String>> {
    let settings = &mut discovered.settings;
    let mut notes = Vec::new();
    match provenance.history {
        History::Known(changed) => discovered.changed = changed,
        History::Shallow => notes.push(
            "warning: this is a shallow clone, which does not know when a page was last changed, so pages do not say; `git fetch --unshallow` \
             brings the history, and in a workflow `fetch-depth: 0` for actions/checkout"
                .to_owned(),
        ),
        History::Unknown => {}
    }
    let remote = provenance.remote.as_deref().and_then(repository_page);
    if settings.repository.is_none() {
        settings.repository.clone_from(&remote);
        settings.repository_folder = provenance.folder;
    }
    let (name, site) = match &asked.remote {
        Some((name, address)) => (name.as_str(), repository_page(address)),
        None => ("origin", remote),
    };
    let (address, note) = address(settings.base_url.as_deref(), asked, site.as_deref())?;
    settings.base_url = address.map(|address| address.as_str().to_owned());
    let left_out = match settings.audience {
        Audience::Public => "sitemap.xml, feed.xml and canonical links are",
        Audience::Internal => "feed.xml is",
    };
    notes.extend(match note {
        Note::None => None,
        Note::FromRemote(address) => {
            Some(format!("note: the address of the site is taken from the git remote `{name}`: {address}; `base_url` says otherwise"))
        }
        Note::Unknown(None) => {
            Some(format!("note: the address of the site is not known, so {left_out} left out; `base_url` in forewarn.toml says it"))
        }
        Note::Unknown(Some(written)) => Some(format!(
            "note: `base_url` is {}, which is no address that begins with `https://`, so {left_out} left out",
            quoted(&written)
        )),
    });
    Ok(notes)
}

/// What there is to say about an address.
enum Note {
    /// Nothing: somebody has said it.
    None,
    /// It was concluded.
    FromRemote(String),
    /// It is not known; with what the settings have in its place.
    Unknown(Option<String>),
}

/// The first that says so: the flag, the settings, the environment, the remote.
fn address(setting: Option<&str>, asked: &Asked, repository: Option<&str>) -> anyhow::Result<(Option<Address>, Note)> {
    let demanded = |text: &Option<String>, name: &str| match text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => match Address::read(text) {
            Some(address) => Ok(Some(address)),
            None => bail!("{name} is {}, and an address that begins with `https://` is wanted", quoted(text)),
        },
    };
    if let Some(address) = demanded(&asked.flag, "--base-url")? {
        return Ok((Some(address), Note::None));
    }
    if let Some(written) = setting {
        let address = Address::read(written);
        let note = if address.is_some() { Note::None } else { Note::Unknown(Some(written.to_owned())) };
        return Ok((address, note));
    }
    if let Some(address) = demanded(&asked.variable, VARIABLE)? {
        return Ok((Some(address), Note::None));
    }
    Ok(match repository.and_then(Address::of_pages) {
        Some(address) => {
            let note = Note::FromRemote(address.as_str().to_owned());
            (Some(address), note)
        }
        None => (None, Note::Unknown(None)),
    })
}

fn quoted(text: &str) -> String {
    format!("`{}`", crate::git::without_credentials(text).chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPOSITORY: &str = "https://github.com/acme/handbook";

    fn chosen(flag: Option<&str>, setting: Option<&str>, variable: Option<&str>, repository: Option<&str>) -> Option<String> {
        let asked = Asked { flag: flag.map(str::to_owned), variable: variable.map(str::to_owned), remote: None };
        let (address, _) = address(setting, &asked, repository).unwrap();
        address.map(|address| address.as_str().to_owned())
    }

    #[test]
    fn the_flag_wins_over_the_setting_and_that_over_the_variable_and_that_over_the_remote() {
        let (flag, setting, variable) = ("https://flag.example/", "https://setting.example/", "https://variable.example/");
        assert_eq!(chosen(Some(flag), Some(setting), Some(variable), Some(REPOSITORY)).as_deref(), Some(flag));
        assert_eq!(chosen(None, Some(setting), Some(variable), Some(REPOSITORY)).as_deref(), Some(setting));
        assert_eq!(chosen(None, None, Some(variable), Some(REPOSITORY)).as_deref(), Some(variable));
        assert_eq!(chosen(None, None, Some(" "), Some(REPOSITORY)).as_deref(), Some("https://acme.github.io/handbook/"));
        assert_eq!(chosen(None, None, None, None), None);
    }

    #[test]
    fn what_was_asked_for_and_is_no_address_is_an_error_without_credentials() {
        let asked = Asked { flag: Some("ftp://bot:secret@acme.example".to_owned()), variable: None, remote: None };
        let error = address(None, &asked, None).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("--base-url") && error.contains("acme.example") && !error.contains("secret"), "{error}");
    }

    #[test]
    fn a_setting_that_is_no_address_is_not_replaced_by_a_guess() {
        assert_eq!(chosen(None, Some("acme"), None, Some(REPOSITORY)), None);
    }
}
