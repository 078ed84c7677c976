//! No rule sees another's findings: the table of rules in reverse order finds the same, with the same ids, in the same order.
//!
//! This one looks at the library, since no command runs a part of the table.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use forewarn::check::{Checked, check_with, rule::Rule, rules::RULES};
use forewarn::discover::{Discovered, discover};
use forewarn::model::{Drafts, Parts, build};
use forewarn::parse;

use crate::examples::examples;
use crate::project::TODAY;

/// What the rules of the table find in a handbook, in the order of the table and in reverse.
fn both_ways(root: &Path) -> anyhow::Result<(Checked, Checked)> {
    let Discovered { sources, settings, findings, .. } = discover(root)?;
    let rules = settings.parse_rules();
    let documents = sources.pages.iter().map(|source| Arc::new(parse::parse(source, &rules))).collect();
    let today: Date = TODAY.parse().expect("a day");
    let parts = Parts { settings: Arc::new(settings), documents, assets: sources.assets.clone(), today, drafts: Drafts::In };
    let (handbook, unresolved) = build(parts);
    let earlier: Vec<_> = findings.into_iter().chain(unresolved).collect();
    let table: Vec<&Rule> = RULES.iter().collect();
    let reverse: Vec<&Rule> = RULES.iter().rev().collect();
    Ok((check_with(&table, &handbook, &sources, earlier.clone()), check_with(&reverse, &handbook, &sources, earlier)))
}

fn assert_same((forwards, backwards): (Checked, Checked), what: &str) {
    let ids = |checked: &Checked| checked.findings.iter().map(|finding| finding.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&forwards), ids(&backwards), "{what}");
    assert_eq!(forwards.findings, backwards.findings, "{what}");
    assert_eq!(forwards.coverage, backwards.coverage, "{what}");
}

#[test]
fn our_own_handbook_has_the_same_findings_in_any_order_of_the_rules() {
    let found = both_ways(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("our own handbook");
    assert!(!found.0.findings.is_empty());
    assert_same(found, "our own handbook");
}

#[test]
fn every_example_has_the_same_findings_in_any_order_of_the_rules() {
    let folders = ["content/rules", "tests/rules"].map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).expect("the folder").flatten());
    let pages: Vec<_> = files.map(|file| file.path()).filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect();
    pages.par_iter().for_each(|page| {
        for example in examples(&std::fs::read_to_string(page).expect("the page")) {
            let project = example.project();
            if let Ok(found) = both_ways(&project.path("")) {
                assert_same(found, &format!("{}: {}", page.display(), example.title));
            }
        }
    });
}
