//! `init --github-pages` and `new pages-workflow`: what they write and say, and what its jobs do.

use forewarn::starter::{Pin, pages_workflow};
use serde_json::Value;

use crate::battery::whole;
use crate::project::Project;

use super::runner::{Runner, named};
use super::{PAGES, checked_out, lose_a_recovery, steps, yaml};

fn job(project: &Project, job: &str) -> Vec<Value> {
    steps(&yaml(&project.read(PAGES)), job)
}

#[test]
fn init_writes_a_workflow_beside_the_starter_and_says_what_to_fill_in() {
    let project = Project::empty();
    let ran = project.run("init mine --github-pages");
    assert_eq!(ran.code, 0, "{}", ran.err);
    for said in [env!("CARGO_PKG_REPOSITORY"), "placeholders", "the branch `main`", "*Pages*"] {
        assert!(ran.err.contains(said), "{said}: {}", ran.err);
    }
    let text = project.read("mine/.github/workflows/pages.yml");
    let install = format!("cargo install --locked --git {} --rev ", env!("CARGO_PKG_REPOSITORY"));
    assert_eq!(text.matches(&install).count(), 2, "{text}");
    let without = Project::empty();
    without.run("init mine");
    let mut with = project.tree("mine");
    with.remove(PAGES).expect("the workflow");
    assert_eq!(with, without.tree("mine"), "the starter is the same with and without");
}

#[test]
fn a_build_of_a_commit_pins_that_commit() {
    let project = Project::empty();
    project.run("init . --github-pages");
    let text = project.read(PAGES);
    let pinned: Vec<&str> = text.split(" --rev ").skip(1).filter_map(|rest| rest.split_whitespace().next()).collect();
    let known = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(".git").exists();
    for commit in &pinned {
        let is_commit = commit.len() >= 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(if known { is_commit } else { is_commit || *commit == "COMMIT-OF-FOREWARN" }, "{commit}");
    }
    assert_eq!(pinned.len(), 2);
    assert_eq!(pinned[0], pinned[1]);
}

#[test]
fn a_workflow_that_is_there_stays() {
    let project = Project::with(&[(PAGES, "mine\n")]);
    let before = project.tree("");
    let ran = project.run("init . --github-pages");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("pages.yml` exists already"), "{}", ran.err);
    assert_eq!(project.tree(""), before, "nor is anything else written");

    let project = whole();
    let ran = project.run("new pages-workflow");
    assert_eq!((ran.code, ran.out.as_str()), (0, ".github/workflows/pages.yml\n"), "{}", ran.err);
    let before = project.tree("");
    assert_eq!(project.run("new pages-workflow").code, 2);
    assert_eq!(project.tree(""), before);
}

#[test]
fn a_workflow_has_no_title_and_a_page_has_one() {
    let project = whole();
    for command in ["new pages-workflow \"Pages\"", "new pages-workflow --path content/x.md", "new process", "new page", "new"] {
        assert_eq!(project.run(command).code, 2, "{command}");
    }
    assert!(!project.path(PAGES).exists());
}

#[test]
fn a_handbook_that_is_there_gets_its_workflow_by_another_command() {
    let project = whole();
    let ran = project.run("init --github-pages");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("is a handbook already: `forewarn new pages-workflow` writes the workflow for it"), "{}", ran.err);
}

#[test]
fn the_branch_of_the_settings_is_published() {
    let project = whole();
    let settings = project.read("forewarn.toml");
    project.write("forewarn.toml", format!("branch = \"trunk\"\n{settings}"));
    assert_eq!(project.run("new pages-workflow").code, 0);
    let workflow = yaml(&project.read(PAGES));
    assert_eq!(workflow["on"]["push"]["branches"], serde_json::json!(["trunk"]));
    assert!(workflow["jobs"]["build"]["if"].as_str().is_some_and(|when| when.contains("'refs/heads/trunk'")));
    project.sh("rm .github/workflows/pages.yml");
    project.write("forewarn.toml", format!("branch = \"a b\"\n{settings}"));
    let ran = project.run("new pages-workflow");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("`a b`"), "{}", ran.err);
}

#[test]
fn in_a_folder_of_a_repository_it_says_where_github_looks() {
    let project = Project::empty();
    project.git("init -q -b main");
    let ran = project.run("init docs/handbook --github-pages");
    assert!(ran.err.contains("top of a repository only"), "{}", ran.err);
    assert!(!Project::empty().run("init docs --github-pages").err.contains("top of a repository"));
}

#[test]
fn the_jobs_are_what_was_promised() {
    let workflow = yaml(&checked_out().read(PAGES));
    assert_eq!(workflow["permissions"], serde_json::json!({}));
    assert_eq!(workflow["jobs"]["check"]["permissions"], serde_json::json!({"contents": "read"}), "a pull request reads");
    assert_eq!(workflow["jobs"]["build"]["permissions"], serde_json::json!({"contents": "read", "pages": "read"}));
    assert_eq!(workflow["jobs"]["deploy"]["permissions"], serde_json::json!({"pages": "write", "id-token": "write"}));
    assert!(workflow["on"].get("pull_request").is_some());
    assert!(workflow["on"]["schedule"][0]["cron"].as_str().is_some_and(|cron| cron.split(' ').nth(4) == Some("1")), "each week");
    assert!(workflow["concurrency"]["group"].is_string());
    for job in ["check", "build"] {
        assert_eq!(steps(&workflow, job)[0]["with"]["fetch-depth"], 0, "{job}");
    }
    assert_eq!(workflow["jobs"]["build"]["if"], "github.event_name != 'pull_request' && github.ref == 'refs/heads/main'");
}

#[test]
fn a_pull_request_is_checked_against_its_base() {
    let project = checked_out();
    let steps = job(&project, "check");
    let check = named(&steps, "Check the handbook");
    let pull_request = || Runner::new(&project).variable("GITHUB_BASE_REF", "main");
    assert_eq!(pull_request().run(check).code, 0, "the starter passes");
    lose_a_recovery(&project);
    let ran = pull_request().run(check);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.starts_with("::error file=content/processes/deploy-website.md,line="), "{}", ran.out);
    project.git("update-ref refs/remotes/origin/main HEAD");
    assert_eq!(pull_request().run(check).code, 0, "what the base has is not laid to a later pull request");
    assert_eq!(Runner::new(&project).run(check).code, 1, "on a schedule everything counts");
}

#[test]
fn the_site_is_built_for_where_pages_puts_it() {
    let project = checked_out();
    let steps = job(&project, "build");
    let mut runner = Runner::new(&project).given("steps.pages.outputs.base_url", "https://acme.github.io/handbook");
    let ran = runner.run(named(&steps, "Build the site"));
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(project.read("public/feed.xml").contains("\"https://acme.github.io/handbook/"));
    let upload = steps.iter().find(|step| step["uses"].as_str().is_some_and(|uses| uses.contains("upload-pages-artifact")));
    assert_eq!(upload.expect("an upload")["with"]["path"], "public");
    lose_a_recovery(&project);
    assert_eq!(runner.run(named(&steps, "Build the site")).code, 0, "a gap does not hold the handbook back");
    project.write("content/broken.md", "[x](nowhere.md)\n");
    assert_eq!(runner.run(named(&steps, "Build the site")).code, 1, "a fault does");
}

/// Instead of the network: the file of the address's name, from a folder.
const CURL: &str =
    "#!/bin/sh\nfor word; do case $before in --output) to=$word;; esac; before=$word; done\ncp \"$ARCHIVES/${before##*/}\" \"$to\"\n";

#[test]
fn a_release_is_run_only_if_its_sum_is_the_pinned_one() {
    let project = Project::with(&[("program", "#!/bin/sh\necho forewarn\n")]);
    let root = env!("CARGO_MANIFEST_DIR");
    project.sh(&format!("python3 {root}/.github/release/release.py archive x86_64-unknown-linux-musl program archives"));
    project.sh("sha256sum program | cut -c1-64 > sum");
    let sum = project.read("sum").trim().to_owned();
    let version = env!("CARGO_PKG_VERSION").to_owned();
    for (sha256, code) in [(sum, 0), ("0".repeat(64), 1), (String::new(), 1)] {
        let workflow = pages_workflow("main", &Pin::Release { version: version.clone(), sha256: sha256.clone() }).expect("a workflow");
        let workflow = yaml(&workflow.file.text);
        for job in ["check", "build"] {
            let steps = steps(&workflow, job);
            let mut runner = Runner::new(&project).program("curl", CURL).variable("ARCHIVES", &project.path("archives").to_string_lossy());
            for (name, value) in workflow["env"].as_object().expect("pins") {
                runner = runner.variable(name, value.as_str().expect("text"));
            }
            let ran = runner.run(named(&steps, "Install forewarn"));
            assert_eq!(ran.code, code, "{sha256}: {}{}", ran.out, ran.err);
            let installed = runner.temp.read("path");
            assert_eq!(installed.is_empty(), code != 0, "{installed}");
            if code == 0 {
                project.sh(&format!("test \"$({}/forewarn)\" = forewarn", installed.trim()));
            }
        }
    }
}
