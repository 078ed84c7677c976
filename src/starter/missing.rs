//! Stub pages for every role and system that is referred to and not declared.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Wanted;
use crate::parse::file_id;
use crate::parse::value::PageKind;
use crate::pipeline::Analysis;
use crate::source::PagePath;

use super::NewFile;
use super::name::{folder, may_stand};
use super::page::text;

/// What is missing, as far as a page can be written for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stubs {
    /// The pages, in path order.
    pub files: Vec<NewFile>,
    /// The ids for which no page can be written, in their order.
    pub refused: Vec<Refused>,
}

/// An id that is referred to and that no page can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The id as the references give it.
    pub id: String,
    /// Why not, as a sentence.
    pub why: String,
}

/// A stub for each role and system that something refers to and nobody has declared. What could be a system or a process becomes a
/// system, unless another reference wants a process of that id: those are left to `forewarn new process`.
pub fn missing(analysis: &Analysis) -> Stubs {
    let handbook = &analysis.handbook;
    let mut stubs = Stubs::default();
    for (id, kind) in kinds(analysis) {
        let path = PagePath::new(format!("{}/{id}.md", folder(kind)));
        match possible(&id, kind, &path, analysis) {
            Ok(()) => stubs.files.push(NewFile { path: path.to_string(), text: text(kind, &title(&id), handbook.today, handbook) }),
            Err(error) => stubs.refused.push(Refused { id, why: error.to_string() }),
        }
    }
    stubs.files.sort_by(|one, other| one.path.cmp(&other.path));
    stubs
}

/// The ids that roles and systems are missing for, each with what it is.
fn kinds(analysis: &Analysis) -> BTreeMap<String, PageKind> {
    let undeclared = &analysis.handbook.undeclared;
    let wanted = |id: &str, what: &[Wanted]| undeclared.iter().any(|page| page.id == id && what.contains(&page.wanted));
    let ids: BTreeSet<&str> = undeclared.iter().map(|page| page.id.as_str()).collect();
    let kind = |id: &str| {
        if wanted(id, &[Wanted::System]) {
            Some(PageKind::System)
        } else if wanted(id, &[Wanted::Process, Wanted::Flow]) {
            None
        } else if wanted(id, &[Wanted::Dependency]) {
            Some(PageKind::System)
        } else {
            wanted(id, &[Wanted::Role]).then_some(PageKind::Role)
        }
    };
    ids.into_iter().filter_map(|id| Some((id.to_owned(), kind(id)?))).collect()
}

fn possible(id: &str, kind: PageKind, path: &PagePath, analysis: &Analysis) -> anyhow::Result<()> {
    if id.contains('/') || file_id(path) != id {
        anyhow::bail!("`{}` cannot be an id: small letters, digits and `-` can; change the references", id.escape_debug());
    }
    may_stand(kind, path, &analysis.handbook)
}

/// An id as a title: `payments-db` is `Payments db`.
fn title(id: &str) -> String {
    let words = id.replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::starter::testing::{TODAY, analysis, findings};
    use crate::starter::{Init, init};

    fn page(path: &str, text: &str) -> NewFile {
        NewFile { path: path.to_owned(), text: text.to_owned() }
    }

    const KEYS: &str = "```page\nkind = \"process\"\ntitle = \"Keys\"\nowner = \"security\"\ndepends_on = [\"vault\", \"audit\", \"payments-db\"]\n```\n\n\
        ## Steps\n\n1. **Rotate.**\n\n   ```step\n   role = \"sre\"\n   uses = [\"vault\"]\n   ```\n";

    #[test]
    fn nothing_is_missing_in_the_starter() {
        assert_eq!(missing(&analysis(&init(Init { title: None, today: TODAY }))), Stubs::default());
    }

    #[test]
    fn roles_and_systems_get_a_page_each_and_then_nothing_is_unknown() {
        let mut files = vec![page("content/keys.md", KEYS)];
        let stubs = missing(&analysis(&files));
        let paths: Vec<&str> = stubs.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "content/roles/security.md",
                "content/roles/sre.md",
                "content/systems/audit.md",
                "content/systems/payments-db.md",
                "content/systems/vault.md"
            ]
        );
        assert!(stubs.refused.is_empty());
        files.extend(stubs.files);
        let analysis = analysis(&files);
        assert_eq!(analysis.handbook.page("payments-db").unwrap().title(), "Payments db");
        assert!(!findings(&analysis).iter().any(|id| id.starts_with("unknown-reference")));
        assert_eq!(missing(&analysis), Stubs::default());
    }

    #[test]
    fn a_process_that_is_missing_is_not_made_a_system() {
        let incident = page("content/i.md", "```page\nkind = \"incident\"\ntitle = \"I\"\ndate = 2026-01-01\nprocess = \"audit\"\n```\n");
        let stubs = missing(&analysis(&[page("content/keys.md", KEYS), incident]));
        assert!(!stubs.files.iter().any(|file| file.path.contains("audit")));
        assert!(stubs.refused.is_empty());
    }

    #[test]
    fn drafts_and_things_on_pages_are_not_missing_pages() {
        let draft = page("content/systems/vault.md", "```page\nkind = \"system\"\ntitle = \"Vault\"\ndraft = true\n```\n");
        let keys = KEYS.replace("\"audit\", ", "").replace("uses = [\"vault\"]", "takeover = \"keys#nothing\"");
        let stubs = missing(&analysis(&[page("content/keys.md", &keys), draft]));
        assert_eq!(stubs.files.len(), 3, "{stubs:?}");
    }

    #[test]
    fn an_id_that_no_page_can_have_is_named() {
        let keys = KEYS.replace("\"audit\"", "\"Audit Log\", \"../x\", \"con\"");
        let stubs = missing(&analysis(&[page("content/keys.md", &keys)]));
        let refused: Vec<&str> = stubs.refused.iter().map(|refused| refused.id.as_str()).collect();
        assert_eq!(refused, ["../x", "Audit Log", "con"]);
        assert!(stubs.files.iter().all(|file| crate::containment::is_plain(&file.path)));
    }
}
