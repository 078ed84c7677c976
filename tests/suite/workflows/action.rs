//! The action: its steps in order, as a runner does them, against an API of our own.

use serde_json::Value;

use crate::project::{Project, Ran};

use super::api::Api;
use super::runner::{Runner, named};
use super::{checked_out, lose_a_recovery, ours, yaml};

/// A run of the action in a pull request. What its steps said, and the exit code of the first that failed.
struct Acted {
    code: i32,
    said: String,
    summary: String,
    url: String,
    sarif: Value,
}

fn act(project: &Project, api: &Api, inputs: &[(&str, &str)]) -> Acted {
    let action = yaml(&ours("action.yml"));
    let mut runner = Runner::new(project)
        .given("github.event.pull_request.number", "7")
        .given("github.token", "s3cret")
        .variable("GITHUB_ACTION_PATH", env!("CARGO_MANIFEST_DIR"))
        .variable("GITHUB_API_URL", &api.address)
        .variable("GITHUB_REPOSITORY", "acme/handbook")
        .variable("GITHUB_BASE_REF", "main");
    for (name, input) in action["inputs"].as_object().expect("inputs") {
        let default = runner.value(input["default"].as_str().expect("a default"));
        let set = inputs.iter().find(|(set, _)| set == name).map_or(default.as_str(), |(_, value)| value);
        runner = runner.given(&format!("inputs.{name}"), set);
    }
    let mut acted = Acted { code: 0, said: String::new(), summary: String::new(), url: String::new(), sarif: Value::Null };
    for step in action["runs"]["steps"].as_array().expect("steps") {
        // The one `uses` uploads what the step before it wrote; the one condition of a `run` is that this is a pull request.
        if step["uses"].is_string() {
            let file = runner.value(step["with"]["sarif_file"].as_str().expect("a file"));
            acted.sarif = serde_json::from_str(&std::fs::read_to_string(file).expect("SARIF")).expect("JSON");
            continue;
        }
        assert!(step["if"].is_null() || step["if"] == "github.event_name == 'pull_request'", "{step}");
        let Ran { code, out, err } = runner.run(step);
        acted.said.push_str(&format!("{out}{err}"));
        if code != 0 {
            acted.code = code;
            break;
        }
    }
    acted.summary = runner.temp.read("summary.md");
    acted.url = runner.output("steps.comment.outputs.url").to_owned();
    acted
}

/// With forewarn as it was built for the tests, and a comment.
const COMMENT: [(&str, &str); 2] = [("program", "forewarn"), ("comment", "true")];

#[test]
fn a_pull_request_gets_annotations_sarif_and_one_comment_that_is_kept_up_to_date() {
    let (project, api) = (checked_out(), Api::new(true));
    let quiet = act(&project, &api, &COMMENT);
    assert_eq!((quiet.code, api.bodies().len()), (0, 0), "nothing to say: {}", quiet.said);

    lose_a_recovery(&project);
    let acted = act(&project, &api, &COMMENT);
    assert_eq!(acted.code, 1, "{}", acted.said);
    assert!(acted.said.contains("::error file=content/processes/deploy-website.md,line="), "{}", acted.said);
    assert_eq!(acted.sarif["runs"][0]["results"][0]["ruleId"], "missing-recovery");
    let [comment] = &api.bodies()[..] else { panic!("{:?}", api.bodies()) };
    assert!(comment.starts_with("<!-- forewarn diff -->\n") && comment.contains("1 recovery removed"), "{comment}");
    assert_eq!((acted.url.as_str(), &acted.summary), ("https://github.example/c1", comment));

    project.git("revert --no-edit HEAD");
    let mended = act(&project, &api, &COMMENT);
    assert_eq!(mended.code, 0, "{}", mended.said);
    let [comment] = &api.bodies()[..] else { panic!("{:?}", api.bodies()) };
    assert!(comment.contains("No difference in failure paths"), "{comment}");
}

#[test]
fn the_comment_of_a_person_is_left_alone_and_ours_is_found_behind_a_hundred_others() {
    let (project, api) = (checked_out(), Api::new(true));
    lose_a_recovery(&project);
    api.comment("User", "<!-- forewarn diff -->\nnot by the bot");
    for _ in 0..120 {
        api.comment("User", "+1");
    }
    api.comment("Bot", "<!-- forewarn diff -->\nold");
    act(&project, &api, &COMMENT);
    let bodies = api.bodies();
    assert_eq!((bodies.len(), bodies[0].as_str()), (122, "<!-- forewarn diff -->\nnot by the bot"));
    assert!(bodies[121].contains("1 recovery removed"), "{}", bodies[121]);
}

#[test]
fn a_token_that_may_not_write_is_a_warning_and_the_summary_has_the_text() {
    let (project, api) = (checked_out(), Api::new(false));
    lose_a_recovery(&project);
    let acted = act(&project, &api, &[("program", "forewarn"), ("comment", "true"), ("fail-on", "never")]);
    assert_eq!(acted.code, 0, "{}", acted.said);
    assert!(acted.said.contains("::warning::the comment could not be written (HTTP 403: Resource not accessible"), "{}", acted.said);
    assert!(acted.summary.contains("1 recovery removed"), "{}", acted.summary);
    let refused = act(&project, &api, &[("program", "forewarn"), ("comment", "true"), ("token", "wrong-t0ken")]);
    assert!(refused.said.contains("HTTP 401") && !refused.said.contains("wrong-t0ken"), "{}", refused.said);
    let nobody = Api { address: "http://127.0.0.1:1".to_owned(), ..Api::new(true) };
    let unheard = act(&project, &nobody, &COMMENT);
    assert_eq!(unheard.code, 1, "the findings count all the same: {}", unheard.said);
    assert!(unheard.said.contains("::warning::the comment could not be read (HTTP 000"), "{}", unheard.said);
}

#[test]
fn nothing_is_asked_of_the_api_unless_a_comment_is_wanted() {
    let (project, api) = (checked_out(), Api::new(true));
    lose_a_recovery(&project);
    let acted = act(&project, &api, &[("program", "forewarn")]);
    assert_eq!(acted.code, 1, "{}", acted.said);
    assert_eq!(*api.asked.lock().expect("asked"), Vec::<String>::new());
    assert!(acted.summary.contains("1 recovery removed"));
}

#[test]
fn inputs_are_values_and_never_scripts() {
    let project = checked_out();
    let api = Api::new(true);
    for (name, value) in
        [("root", "$(touch owned)"), ("since", "; touch owned"), ("fail-on", "`touch owned`"), ("program", "; touch owned")]
    {
        let mut inputs = vec![(name, value)];
        inputs.extend((name != "program").then_some(("program", "forewarn")));
        assert_eq!(act(&project, &api, &inputs).code, 2, "{name}");
        assert!(!project.path("owned").exists(), "{name}");
    }
}

#[test]
fn a_handbook_in_a_folder_has_a_comment_of_its_own() {
    let project = Project::empty();
    project.run("init docs");
    let project = project.committed();
    project.git("update-ref refs/remotes/origin/main HEAD");
    let page = project.read("docs/content/processes/deploy-website.md");
    project.write("docs/content/processes/deploy-website.md", page.replace("recover = \"Look now.", "# recover = \"Look now."));
    let api = Api::new(true);
    api.comment("Bot", "<!-- forewarn diff -->\nof another handbook");
    let acted = act(&project, &api, &[("program", "forewarn"), ("comment", "true"), ("root", "docs")]);
    assert!(acted.said.contains("::error file=docs/content/processes/deploy-website.md"), "{}", acted.said);
    let bodies = api.bodies();
    assert_eq!((bodies.len(), bodies[0].as_str()), (2, "<!-- forewarn diff -->\nof another handbook"));
    assert!(bodies[1].starts_with("<!-- forewarn diff of docs -->\n### Failure paths\n"), "{}", bodies[1]);
}

/// Instead of a build of minutes: what was asked of it, and the program where it would be.
const CARGO: &str = "#!/bin/sh\necho \"$@\" > \"$RUNNER_TEMP/asked\"\nmkdir -p \"$RUNNER_TEMP/forewarn/bin\"\n\
    cp \"$RUNNER_TEMP/bin/forewarn\" \"$RUNNER_TEMP/forewarn/bin/\"\n";

#[test]
fn the_commit_that_a_workflow_names_is_what_is_built() {
    let project = checked_out();
    let action = yaml(&ours("action.yml"));
    let mut runner =
        Runner::new(&project).program("cargo", CARGO).given("inputs.program", "").variable("GITHUB_ACTION_PATH", "/actions/forewarn");
    let mut install = named(action["runs"]["steps"].as_array().expect("steps"), "Install forewarn").clone();
    install["run"] = format!("bash {}/.github/action/install", env!("CARGO_MANIFEST_DIR")).into();
    let ran = runner.run(&install);
    assert_eq!((ran.code, ran.out.trim()), (0, concat!("forewarn ", env!("CARGO_PKG_VERSION"))), "{}", ran.err);
    let asked = runner.temp.read("asked");
    assert!(asked.starts_with("install --quiet --locked --path /actions/forewarn --root "), "{asked}");
    assert!(runner.output("steps.install.outputs.program").ends_with("/forewarn/bin/forewarn"));
}

#[test]
fn a_shallow_clone_is_told_what_it_lacks() {
    let project = checked_out();
    lose_a_recovery(&project);
    let shallow = Project::empty();
    shallow.git(&format!("clone -q --depth 1 \"file://{}\" .", project.path("").display()));
    shallow.git("update-ref -d refs/remotes/origin/main");
    let acted = act(&shallow, &Api::new(true), &COMMENT);
    assert_eq!(acted.code, 2, "{}", acted.said);
    assert!(acted.said.contains("::error::the clone is shallow") && acted.said.contains("fetch-depth: 0"), "{}", acted.said);
}
