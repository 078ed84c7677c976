//! The manual pages of the rules keep what they promise: flagged examples give exactly one finding, accepted ones none, waived ones one
//! that is waived. So do the corner cases in `tests/rules/`.

use std::path::Path;

use crate::examples::{Promise, examples};

fn run_folder(folder: &str) -> (usize, Vec<String>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut pages: Vec<_> = std::fs::read_dir(&folder).expect("the folder").flatten().map(|entry| entry.path()).collect();
    pages.retain(|path| path.extension().is_some_and(|ending| ending == "md") && !path.ends_with("index.md"));
    pages.sort();
    let (mut count, mut broken) = (0, Vec::new());
    for page in pages {
        let rule = page.file_stem().expect("a name").to_string_lossy().into_owned();
        for example in examples(&std::fs::read_to_string(&page).expect("the page")) {
            count += 1;
            if let Some(reason) = example.broken(&rule) {
                broken.push(format!("{rule}: {:?} `{}`: {reason}", example.promise, example.title));
            }
        }
    }
    (count, broken)
}

#[test]
fn manual_pages_keep_their_promises() {
    let (count, broken) = run_folder("content/rules");
    assert!(broken.is_empty(), "{} of {count} examples broken:\n{}", broken.len(), broken.join("\n"));
    assert!(count > 100, "only {count} examples were found");
}

#[test]
fn corner_cases_keep_their_promises() {
    let (_, broken) = run_folder("tests/rules");
    assert!(broken.is_empty(), "{} examples broken:\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn transcripts_are_what_is_printed() {
    let mut wrong = Vec::new();
    for folder in ["content/rules", "tests/rules"].map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)) {
        for page in std::fs::read_dir(folder).expect("the folder").flatten().map(|entry| entry.path()) {
            let shown = examples(&std::fs::read_to_string(&page).expect("the page"));
            let misquoted =
                |example: &crate::examples::Example| Some(format!("{} `{}`: {}", page.display(), example.title, example.misquoted()?));
            wrong.extend(shown.iter().filter_map(misquoted));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_manual_page_shows_both_sides() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/rules");
    for entry in std::fs::read_dir(folder).expect("the folder").flatten() {
        let path = entry.path();
        if path.ends_with("index.md") {
            continue;
        }
        let examples = examples(&std::fs::read_to_string(&path).expect("the page"));
        for promise in [Promise::Flagged, Promise::Accepted] {
            assert!(examples.iter().any(|example| example.promise == promise), "{} shows nothing {promise:?}", path.display());
        }
    }
}
