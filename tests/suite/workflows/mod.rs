//! Workflows: the one that forewarn writes, those of this repository, and the action. What of them can be done without GitHub is done: each
//! `run` of a job, in order, with what the runner would set.

mod action;
mod api;
mod example;
mod pins;
mod release;
mod runner;
mod written;

use std::path::Path;

use serde_json::Value;

use crate::project::Project;

/// Where the workflow lies below a handbook.
const PAGES: &str = ".github/workflows/pages.yml";

/// A file of this repository.
fn ours(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// YAML, read.
fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The steps of a job of a workflow.
fn steps(workflow: &Value, job: &str) -> Vec<Value> {
    workflow["jobs"][job]["steps"].as_array().unwrap_or_else(|| panic!("no steps in {job}: {workflow}")).clone()
}

/// A starter handbook with its workflow in a repository, as a job finds it: the base of the pull request is a branch of `origin`.
fn checked_out() -> Project {
    let project = Project::empty();
    let ran = project.run("init . --github-pages");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let project = project.committed();
    project.git("update-ref refs/remotes/origin/main HEAD");
    project
}

/// The starter's page of a deployment without one of its ways back.
fn lose_a_recovery(project: &Project) {
    let path = "content/processes/deploy-website.md";
    let page = project.read(path);
    let start = page.find("\n[recover]\npath = [\"#steps-by-hand\"]").expect("a way back by hand");
    let end = start + page[start..].find("```").expect("the end of its block");
    project.write(path, format!("{}{}", &page[..start], &page[end..]));
    project.git("commit -q -a -m \"one way back less\"");
}
