//! The worked example of `content/guide/pull-requests.md`: its change is made to a starter, and what the page shows is what comes out.
//!
//! After a change on purpose, `FOREWARN_BLESS=1 cargo test the_example` writes the page anew; it is read before it is committed.

use crate::project::Project;
use crate::shown::shown;

use super::ours;

const PAGE: &str = "content/guide/pull-requests.md";

#[test]
fn the_example_is_what_comes_out() {
    let mut page = ours(PAGE);
    let project = Project::empty();
    assert_eq!(project.run("init .").code, 0);
    let project = project.committed();
    project.write(".git/change", shown(&page, "change").0);
    project.git("apply .git/change");
    for (name, command) in [("annotation", "check --format github --since main"), ("comment", "diff main --format markdown")] {
        let out = project.run(command).out;
        let (text, range) = shown(&page, name);
        if std::env::var_os("FOREWARN_BLESS").is_some() {
            page.replace_range(range, &out);
        } else {
            snapbox::assert_data_eq!(snapbox::IntoData::raw(out), snapbox::IntoData::raw(text.to_owned()));
        }
    }
    if std::env::var_os("FOREWARN_BLESS").is_some() {
        std::fs::write(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE), page).expect("the page");
    }
}
