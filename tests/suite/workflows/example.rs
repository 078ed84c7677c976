//! The worked example of `content/guide/pull-requests.md`: its change is made to a starter, and what the page shows is what comes out.
//!
//! After a change on purpose, `FOREWARN_BLESS=1 cargo test the_example` writes the page anew; it is read before it is committed.

use crate::project::Project;
use crate::shown::{holds, shown};

use super::ours;

const PAGE: &str = "content/guide/pull-requests.md";

#[test]
fn the_example_is_what_comes_out() {
    let page = ours(PAGE);
    let project = Project::empty();
    assert_eq!(project.run("init .").code, 0);
    let project = project.committed();
    project.write(".git/change", shown(&page, "change").0);
    project.git("apply .git/change");
    let commands = [("annotation", "check --format github --since main"), ("comment", "diff main --format markdown")];
    holds(PAGE, commands.map(|(name, command)| (name, project.run(command).out)));
}
