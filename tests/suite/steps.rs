//! What the tracks, steps and failure modes of a page are, in the author's notation; read back from `export model`.

use serde_json::Value;

use crate::project::Project;

/// The model of a handbook with one process page, `deploy`.
fn model(page: &str) -> Value {
    let project = Project::with(&[
        ("forewarn.toml", "[systems.db]\n[systems.ci]\n[roles.dba]\n"),
        ("content/deploy.md", &format!("```page\nkind = \"process\"\ntitle = \"Deploy\"\n```\n\n{page}")),
    ]);
    let ran = project.run("export model");
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).expect("JSON")
}

/// The ids of the steps of each track: `steps: build ship`.
fn steps(page: &str) -> Vec<String> {
    let model = model(page);
    let tracks = model["processes"][0]["tracks"].as_array().expect("tracks").clone();
    let id = |value: &Value| value["id"].as_str().unwrap_or_default().to_owned();
    let line = |track: &Value| {
        let steps: Vec<String> = track["steps"].as_array().expect("steps").iter().map(id).collect();
        format!("{}: {}", id(track), steps.join(" "))
    };
    tracks.iter().map(line).collect()
}

/// `id at step` of each failure mode.
fn failures(page: &str) -> Vec<String> {
    let model = model(page);
    let text =
        |value: &Value| value.as_str().map_or_else(|| if value.is_null() { "-".to_owned() } else { value.to_string() }, str::to_owned);
    let failures = model["processes"][0]["failures"].as_array().expect("failures").clone();
    failures.iter().map(|failure| format!("{} at {}", text(&failure["id"]), text(&failure["at"]))).collect()
}

#[test]
fn three_numbered_lines_are_three_steps() {
    assert_eq!(
        steps("## Steps\n\n1. Build the release.\n2. **Ship it** to everybody: slowly.\n3. Look:\n"),
        ["steps: build-the-release ship-it look"]
    );
}

#[test]
fn a_first_sentence_ends_where_a_sentence_ends() {
    assert_eq!(steps("## Steps\n\n1. Use v1.2 of e.g. the tool. Then rest.\n"), ["steps: use-v12-of-eg-the-tool"]);
}

#[test]
fn lists_that_are_split_are_rejoined() {
    let page = "## Steps\n\n1. One\n2. Two\n\n```sh\nmake\n```\n\n3. Three\n\nA word.\n\n- not a step\n\n1. Four\n";
    assert_eq!(steps(page), ["steps: one two three four"]);
}

#[test]
fn sub_headings_are_steps_before_lists_are() {
    let page = "## Steps\n\n### First\n\n1. not a step\n\n#### Detail\n\n### Second {#two}\n";
    assert_eq!(steps(page), ["steps: first two"]);
}

#[test]
fn bullets_and_tasks_are_steps_where_nothing_is_numbered() {
    assert_eq!(steps("## Steps\n\n- [ ] One\n- [x] Two\n"), ["steps: one two"]);
    assert_eq!(steps("## Procedure for the deputy\n\n* One\n* Two\n"), ["procedure-for-the-deputy: one two"]);
}

#[test]
fn a_failure_heading_is_no_step_and_its_lists_are_not_either() {
    let page = "## Steps\n\n1. One\n\n### It breaks\n\n```failure\nclass = \"human\"\n```\n\n1. Do this.\n2. Do that.\n";
    assert_eq!(steps(page), ["steps: one"]);
    assert_eq!(failures(page), ["it-breaks at -"]);
}

#[test]
fn only_whole_words_open_a_track() {
    assert_eq!(
        steps("## steps\n\n1. One\n\n## Stepsister\n\n1. Two\n\n## Steps to roll back\n\n1. Three\n"),
        ["steps: one", "steps-to-roll-back: three"]
    );
}

#[test]
fn equal_titles_are_numbered_as_github_does() {
    assert_eq!(steps("## Steps\n\n1. Wait\n2. Wait\n\n## Steps again\n\n1. Wait\n"), ["steps: wait wait-1", "steps-again: wait-2"]);
}

#[test]
fn a_failure_stands_in_the_step_whose_item_holds_it() {
    let page = "## Steps\n\n1. One\n\n   ```toml failure\n   class = \"human\"\n   title = \"A\"\n   ```\n2. Two\n\n> ```failure\n> class = \"human\"\n> title = \"B\"\n> ```\n\n## Elsewhere\n\n```failure\nclass = \"human\"\ntitle = \"C\"\nat = \"#one\"\n```\n";
    assert_eq!(failures(page), ["a at deploy#one", "b at deploy#two", "c at deploy#one"]);
}

#[test]
fn an_indented_block_is_read_and_faults_in_it_have_their_place() {
    let project = Project::with(&[(
        "content/deploy.md",
        "\u{feff}+++\r\nkind = \"process\"\r\ntitle = \"Größe\"\r\n+++\r\n\r\n## Steps\r\n\r\n1. Wörter\r\n\r\n   - a\r\n\r\n     ```step\r\n     minutes = 4\r\n     actr = \"human\"\r\n     uses = [\"ü\"]\r\n     ```\r\n",
    )]);
    let places = project.places("--only unknown-key,unknown-reference");
    assert_eq!(places, ["content/deploy.md:14:6 unknown-key", "content/deploy.md:15:14 unknown-reference"]);
}

#[test]
fn prose_under_a_failures_own_heading_is_its_recovery() {
    let page = "## Steps\n\n1. One\n\n## Failures\n\n### It breaks\n\n```failure\nclass = \"technical\"\ndetect = \"x\"\n```\n\nGo back with [the list](#steps-to-go-back).\n\n## Steps to go back\n\n1. Back\n";
    let model = model(page);
    let recover = &model["processes"][0]["failures"][0]["recover"];
    assert!(recover.to_string().contains("steps-to-go-back"), "{recover}");
}
