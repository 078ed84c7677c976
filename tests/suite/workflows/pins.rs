//! What holds of every workflow here, of the one that is written, and of the action: pins, permissions, triggers, scripts.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::{PAGES, checked_out, ours, yaml};

/// Every workflow, by its name.
fn workflows() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/workflows");
    let mut all: Vec<(String, String)> = std::fs::read_dir(folder)
        .expect("the folder")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .map(|name| (name.clone(), ours(&format!(".github/workflows/{name}"))))
        .collect();
    assert!(all.len() >= 2, "{all:?}");
    all.push(("written".to_owned(), checked_out().read(PAGES)));
    all
}

/// Every `run` and every key below a value.
fn walk<'v>(value: &'v Value, visit: &mut impl FnMut(&str, &'v Value)) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            visit(key, value);
            walk(value, visit);
        }),
        Value::Array(list) => list.iter().for_each(|value| walk(value, visit)),
        _ => {}
    }
}

#[test]
fn an_action_is_pinned_by_its_commit_and_says_its_version() {
    let mut pins: BTreeMap<String, String> = BTreeMap::new();
    let with_action = workflows().into_iter().chain([("action.yml".to_owned(), ours("action.yml"))]);
    for (name, text) in with_action {
        for line in text.lines().filter(|line| line.trim_start().trim_start_matches("- ").starts_with("uses:")) {
            let pin = line.split_once("uses:").expect("uses").1.trim();
            let (action, rest) = pin.split_once('@').unwrap_or_else(|| panic!("{name}: {line}"));
            let (commit, version) = rest.split_once(" # v").unwrap_or_else(|| panic!("{name}: no version: {line}"));
            assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}: {line}");
            assert_eq!(version.split('.').count(), 3, "{name}: {line}");
            let one = pins.entry(action.to_owned()).or_insert_with(|| rest.to_owned());
            assert_eq!(one, rest, "{name}: one action, one version everywhere");
        }
    }
    assert!(pins.len() >= 8, "{pins:?}");
}

#[test]
fn nothing_is_allowed_that_is_not_asked_for_by_a_job() {
    for (name, text) in workflows() {
        let workflow = yaml(&text);
        assert_eq!(workflow["permissions"], serde_json::json!({}), "{name}");
        for (job, body) in workflow["jobs"].as_object().expect("jobs") {
            let allowed = body["permissions"].as_object().unwrap_or_else(|| panic!("{name}: {job} names no permissions"));
            assert!(body["timeout-minutes"].is_u64(), "{name}: {job} may run for ever");
            if workflow["on"].get("pull_request").is_some() && body["if"].as_str().is_none_or(|when| !when.contains("!= 'pull_request'")) {
                let reads = allowed.values().all(|value| value == "read") || body["needs"] == "build";
                assert!(reads, "{name}: {job} writes in a pull request");
            }
        }
        for trigger in ["pull_request_target", "workflow_run", "issue_comment"] {
            assert!(workflow["on"].get(trigger).is_none(), "{name}: strangers start it with our rights");
        }
    }
}

#[test]
fn no_script_holds_what_comes_from_outside_and_no_clone_a_token() {
    for (name, text) in workflows().into_iter().chain([("action.yml".to_owned(), ours("action.yml"))]) {
        walk(&yaml(&text), &mut |key, value| {
            if key == "run" && value.is_string() {
                assert!(!value.to_string().contains("${{"), "{name}: {value}");
            }
            if key == "steps" {
                let steps = value.as_array().expect("steps");
                let clones = steps.iter().filter(|step| step["uses"].as_str().is_some_and(|uses| uses.starts_with("actions/checkout@")));
                clones.for_each(|step| assert_eq!(step["with"]["persist-credentials"], false, "{name}: {step}"));
            }
        });
    }
}
