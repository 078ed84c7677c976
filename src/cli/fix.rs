//! `forewarn check --fix`: the edits that the help of findings shows, made; then the handbook is looked at again.

use std::collections::BTreeMap;

use crate::containment::inside;
use crate::discover;
use crate::emit::author;
use crate::fix::{Fixed, fix as edited};
use crate::source::PagePath;

use super::check::{Looked, Looking};
use super::print;

/// How often a mended handbook is looked at again for what only shows then. Each round mends something, so few are enough.
const ROUNDS: usize = 10;

/// Files that are named with what was mended in them.
const NAMED: usize = 10;

/// Mends until nothing is left that an edit mends, says what was changed, and gives the handbook as it is then.
pub(super) fn fix(looking: &Looking<'_>) -> anyhow::Result<Looked> {
    let mut looked = looking.look()?;
    let again = looking.again();
    let mut edits: BTreeMap<PagePath, usize> = BTreeMap::new();
    let mut left: BTreeMap<PagePath, String> = BTreeMap::new();
    for _ in 0..ROUNDS {
        let (shown, _) = looked.shown(looking.wanted);
        let read = |path: &PagePath| discover::read_text(looking.root, path);
        let mut writable = Vec::with_capacity(shown.len());
        for finding in shown {
            let path = finding.patch.as_ref().map(|patch| &patch.place.path);
            match path.map(|path| (path, inside(looking.root, path.as_str()))) {
                Some((path, Err(outside))) => drop(left.insert(path.clone(), outside.to_string())),
                _ => writable.push(finding),
            }
        }
        let files = edited(&looked.analysis, &writable, read)?;
        if files.is_empty() {
            break;
        }
        for Fixed { path, text, edits: made } in files {
            author::replace(looking.root, path.as_str(), &text)?;
            *edits.entry(path).or_default() += made;
        }
        looked = again.look()?;
    }
    for (path, why) in &left {
        print::say(looking.global, &format!("note: {path} is left as it is: {why}"));
    }
    print::say(looking.global, &said(&edits));
    Ok(looked)
}

/// `fixed 3 places in 2 files: content/deploy.md (2), forewarn.toml (1)`.
fn said(edits: &BTreeMap<PagePath, usize>) -> String {
    let places = match edits.values().sum::<usize>() {
        0 => return "nothing fixed: no finding here has an edit as its help".to_owned(),
        1 => "1 place".to_owned(),
        places => format!("{places} places"),
    };
    let files = if edits.len() == 1 { "1 file".to_owned() } else { format!("{} files", edits.len()) };
    let named: Vec<String> = edits.iter().take(NAMED).map(|(path, edits)| format!("{path} ({edits})")).collect();
    let more = if edits.len() > NAMED { format!(" and {} more", edits.len() - NAMED) } else { String::new() };
    format!("fixed {places} in {files}: {}{more}", named.join(", "))
}
