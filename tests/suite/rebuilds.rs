//! What a build tells about what it changed since the last one.

use crate::project::Project;

const DEPLOY: &str = "```page\nkind = \"process\"\ntitle = \"Deploy\"\n```\n\n## Steps\n\n1. **Build.** Run it.\n\n## Steps to roll back\n\n1. **Send the old one.** Now.\n";

fn handbook() -> Project {
    Project::with(&[
        ("forewarn.toml", "title = \"H\"\n"),
        ("content/index.md", "# Home\n"),
        ("content/deploy.md", DEPLOY),
        ("content/notes.md", "# Notes\n\nIf it goes wrong, [roll back](deploy.md#steps-to-roll-back).\n\n## Words\n\nSome.\n"),
    ])
}

fn built(project: &Project, arguments: &str) -> String {
    let ran = project.run(&format!("build {arguments}"));
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    ran.out
}

#[test]
fn the_first_build_and_one_that_changes_nothing_are_one_line() {
    let project = handbook();
    let first = built(&project, "");
    assert!(!first.contains("added") && !first.contains("changed"), "{first}");
    let again = built(&project, "");
    assert!(again.contains("all as they were") && !again.contains("changed"), "{again}");
}

#[test]
fn pages_that_came_changed_and_went_are_named_those_of_the_handbook_first() {
    let project = handbook();
    built(&project, "");
    project.write("content/restore.md", DEPLOY.replace("Deploy", "Restore"));
    project.write("content/deploy.md", DEPLOY.replace("Run it", "Run it twice"));
    project.sh("rm content/notes.md");
    let said = built(&project, "");
    let line = |what: &str| said.lines().find(|line| line.trim_start().starts_with(what)).unwrap_or_else(|| panic!("{what}: {said}"));
    assert_eq!(line("added:").trim(), "added:   /restore/");
    assert!(line("changed:").trim().starts_with("changed: /"), "{said}");
    let changed: Vec<&str> = line("changed:").trim_start_matches("  changed: ").split(", ").collect();
    assert!(changed.contains(&"/deploy/") && !changed.contains(&"/deploy/checklist/"), "{said}");
    let (own, whole) = (|url: &&str| *url == "/deploy/", |url: &&str| *url == "/gaps/");
    assert!(changed.iter().position(own) < changed.iter().position(whole), "{said}");
    assert_eq!(line("removed:").trim(), "removed: /notes/");
    assert!(built(&project, "-q").is_empty());
}

#[test]
fn an_anchor_that_is_gone_is_told_where_another_page_linked_to_it() {
    let project = handbook();
    built(&project, "");
    // The author has mended the link; one in an alert knows nothing of that.
    project.write("content/deploy.md", DEPLOY.replace("Steps to roll back", "Steps to go back"));
    project.write(
        "content/notes.md",
        project.read("content/notes.md").replace("#steps-to-roll-back", "#steps-to-go-back").replace("## Words", "## Terms"),
    );
    let said = built(&project, "");
    assert!(said.contains("    /deploy/#steps-to-roll-back, from /notes/\n"), "{said}");
    assert!(said.contains("`{#steps-to-roll-back}`"), "{said}");
    // Nothing linked to that heading but its own page.
    assert!(!said.contains("#words"), "{said}");
    assert!(!built(&project, "").contains("#steps-to-roll-back"), "told once");
}

#[test]
fn an_anchor_that_keeps_its_name_under_other_words_is_not_gone() {
    let project = handbook();
    built(&project, "");
    project.write("content/deploy.md", DEPLOY.replace("## Steps to roll back", "## Steps to go back {#steps-to-roll-back}"));
    let said = built(&project, "");
    assert!(said.contains("/deploy/") && !said.contains("gone"), "{said}");
}

#[test]
fn a_link_that_was_left_behind_stops_the_build_with_the_nearest_anchor() {
    let project = handbook();
    built(&project, "");
    let before = project.tree("public");
    project.write("content/deploy.md", DEPLOY.replace("Steps to roll back", "Steps to rol back"));
    let ran = project.run("build");
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("broken-anchor") && ran.out.contains("#steps-to-rol-back"), "{}", ran.out);
    assert_eq!(project.tree("public"), before);
    let said = built(&project, "--fail-on never");
    assert!(said.contains("    /deploy/#steps-to-roll-back, from /notes/\n"), "{said}");
}
