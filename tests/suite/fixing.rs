//! `check --fix`: what help shows as an edit is made, and nothing else; then the handbook is checked again.

use crate::project::Project;

/// Slips of the pen of every kind that help shows as an edit, one of which comes to light only when another is mended.
fn slips() -> Project {
    Project::with(&[
        ("forewarn.toml", "titel = \"Acme\"\nhosted_on = [\"githb\"]\n[systems.github]\n[rules]\nmissing-takover = \"info\"\n"),
        (
            "content/deploy.md",
            "```page\nkind = \"proces\"\ntitle = \"Deploy\"\n```\n\n## Steps\n\n1. Ship, see [the other](/other.md#too) and [below](other.md#sectoin-one).\n\n   ```step\n   uses = [\"githubb\"]\n   actr = \"automation\"\n   ```\n",
        ),
        ("content/other.md", "# Other\n\n## Section one\n\n## Too\n\nWords.\n"),
    ])
}

#[test]
fn what_help_shows_as_an_edit_is_made_and_the_report_speaks_of_what_is_left() {
    let project = slips();
    assert!(project.findings("").iter().any(|finding| finding["rule"] == "unknown-key"));
    let ran = project.run("check --fix --format json");
    assert_eq!(ran.err, "fixed 8 places in 2 files: content/deploy.md (5), forewarn.toml (3)\n");
    assert_eq!(
        project.read("forewarn.toml"),
        "title = \"Acme\"\nhosted_on = [\"github\"]\n[systems.github]\n[rules]\nmissing-takeover = \"info\"\n"
    );
    let page = project.read("content/deploy.md");
    for mended in ["kind = \"process\"", "(other.md#too)", "(other.md#section-one)", "uses = [\"github\"]", "actor = \"automation\""] {
        assert!(page.contains(mended), "{mended} in\n{page}");
    }
    let left = project.findings("");
    let report: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(report["findings"].as_array(), Some(&left), "the report is of the handbook as it is now");
    assert!(left.iter().all(|finding| finding["group"] != "structure"), "{left:#?}");
    assert!(left.iter().any(|finding| finding["rule"] == "missing-takeover"), "what was a plain page is looked at now");
}

#[test]
fn a_second_time_nothing_changes() {
    let project = slips();
    project.run("check --fix");
    let before = project.tree(".");
    let ran = project.run("check --fix --fail-on never");
    assert_eq!((ran.code, ran.err.as_str()), (0, "nothing fixed: no finding here has an edit as its help\n"));
    assert_eq!(project.tree("."), before);
}

#[test]
fn the_exit_code_is_that_of_what_is_left() {
    let project = Project::with(&[("content/index.md", "# Home\n\n[there](/other.md)\n"), ("content/other.md", "# Other\n")]);
    assert_eq!(project.run("check --fail-on warning").code, 1);
    assert_eq!(project.run("check --fail-on warning --fix").code, 0);
}

#[test]
fn only_what_would_be_reported_is_mended() {
    let project = slips();
    project.run("check --fix --only absolute-link");
    assert!(project.read("content/deploy.md").contains("(other.md#too)"));
    assert!(project.read("content/deploy.md").contains("kind = \"proces\""));
    project.run("check --fix forewarn.toml");
    assert!(project.read("forewarn.toml").starts_with("title = "));
    assert!(project.read("content/deploy.md").contains("kind = \"proces\""));
    project.run("check --write-baseline known.json");
    project.run("check --fix --baseline known.json");
    assert!(project.read("content/deploy.md").contains("kind = \"proces\""), "what is known is left alone");
}

#[test]
fn a_guess_is_no_edit() {
    let page = "```page\nkind = \"process\"\ntitle = \"Deploy\"\ndepends_on = [\"db-2\", \"ssa\"]\ntitel = \"Deploy\"\n[[metrc]]\nname = \"a\"\n[[metrc]]\nname = \"b\"\n[contxt]\nintent = \"x\"\n[contxt.more]\n[drills]\nsteps-bck = 2026-01-01\nsteps-back = 2026-01-02\n```\n\n## Steps\n\n1. Go. See [it](sub/other.md).\n\n## Steps back\n\n1. Back\n";
    let project = Project::with(&[
        ("forewarn.toml", "[systems.db-1]\n[systems.sso]\n"),
        ("content/deploy.md", page),
        ("content/a/other.md", "# One\n"),
        ("content/b/other.md", "# Two\n"),
    ]);
    project.run("check --fix");
    assert_eq!(
        project.read("content/deploy.md"),
        page,
        "another number, too short a name, a key that is there, one that stands twice, two files"
    );
}

#[test]
fn everything_beside_the_edit_stays_byte_for_byte() {
    let text = |target: &str| format!("\u{feff}# Home\r\n\r\n> - a\tb  \r\n>   [é]({target} \"x\")\r\n\r\nlast line without an end");
    let project = Project::with(&[("content/index.md", &text("/other.md")), ("content/other.md", "# Other\n")]);
    let ran = project.run("check --fix");
    assert_eq!(ran.err, "fixed 1 place in 1 file: content/index.md (1)\n");
    assert_eq!(project.read("content/index.md"), text("other.md"));
}

#[cfg(unix)]
#[test]
fn permissions_stay_and_a_symlink_is_no_place_to_write() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::with(&[("content/index.md", "# Home\n\n[there](/other.md)\n"), ("content/other.md", "# Other\n")]);
    std::fs::set_permissions(project.path("content/index.md"), std::fs::Permissions::from_mode(0o640)).expect("permissions");
    project.sh("mkdir notes content/more; printf '# Note\\n\\n[there](/other.md)\\n' > notes/note.md; ln -s ../../notes/note.md content/more/note.md");
    let ran = project.run("check --fix");
    let mode = std::fs::metadata(project.path("content/index.md")).expect("the page").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    assert!(ran.err.contains("note: content/more/note.md is left as it is"), "{}", ran.err);
    assert!(project.read("notes/note.md").contains("(/other.md)"));
    assert!(std::fs::symlink_metadata(project.path("content/more/note.md")).expect("the link").is_symlink());
}

#[test]
fn what_is_waived_stays_and_a_baseline_is_not_written_meanwhile() {
    let project = slips();
    assert_eq!(project.run("check --fix --write-baseline known.json").code, 2);
    assert!(project.read("forewarn.toml").starts_with("titel"));
}
