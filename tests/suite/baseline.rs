//! Known findings: written once, left out from then on, never hidden from coverage.

use serde_json::Value;

use crate::battery::{refused, whole};
use crate::project::Project;

fn known(project: &Project) -> Vec<String> {
    let file: Value = serde_json::from_str(&project.read("known.json")).expect("JSON");
    file["findings"].as_array().expect("a list").iter().map(|id| id.as_str().expect("an id").to_owned()).collect()
}

/// Nothing but structure and coverage is looked at: what these tests are about does not change with the rules.
const SETTINGS: &str = r#"
[rules]
hardness = "off"
people = "off"
growth = "off"
"shared fate" = "off"
governance = "off"
learning = "off"
"outage questions" = "off"
"#;

/// A handbook with an error, warnings and a waiver, and its baseline beside it.
fn old() -> Project {
    let project = whole().file("forewarn.toml", SETTINGS).file(
        "content/db.md",
        "```page\nkind = \"system\"\ntitle = \"DB\"\n```\n\n```failure\nclass = \"technical\"\ntitle = \"Gone\"\n\n[[waive]]\nrule = \"missing-detection\"\nreason = \"The vendor tells us before anybody notices.\"\nby = \"ops\"\n```\n",
    );
    project.write("forewarn.toml", "title = \"Battery\"\n[rules]\nhardness = \"off\"\npeople = \"off\"\ngovernance = \"off\"\n");
    assert_eq!(project.run("check").code, 1);
    let ran = project.run("check --write-baseline known.json --fail-on warning");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert_eq!(ran.err, "5 findings in `known.json`: `forewarn check --baseline known.json` reports what is new\n");
    project
}

#[test]
fn the_file_lists_every_finding_that_is_not_waived_an_id_a_line() {
    let project = old();
    let text = project.read("known.json");
    let expected = r#"{
  "version": 1,
  "findings": [
    "class-not-considered@deploy/dependency",
    "class-not-considered@deploy/human",
    "class-not-considered@deploy/scale",
    "class-not-considered@deploy/technical",
    "missing-recovery@db#gone"
  ]
}
"#;
    assert_eq!(text, expected);
    project.run("check --write-baseline known.json");
    assert_eq!(project.read("known.json"), text, "written anew it is the same");
}

#[test]
fn what_is_known_is_left_out_and_what_is_new_is_not() {
    let project = old();
    let ran = project.run("check --baseline known.json --fail-on warning");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    assert!(ran.out.starts_with("0 errors, 0 warnings, 1 waived, 5 known from the baseline · coverage 0 % (0 of 5)"), "{}", ran.out);
    project.write("content/new.md", "[nowhere](gone.md)\n");
    let findings = project.findings("--baseline known.json");
    let open: Vec<&str> =
        findings.iter().filter(|finding| finding["waived"] == false).filter_map(|finding| finding["rule"].as_str()).collect();
    assert_eq!(open, ["broken-link"]);
    assert_eq!(project.run("check --baseline known.json").code, 1);
}

#[test]
fn every_format_leaves_out_what_is_known_and_coverage_counts_it() {
    let project = old();
    for format in ["human", "json", "sarif", "github", "junit"] {
        let ran = project.run(&format!("check --baseline known.json --fail-on warning --format {format}"));
        assert_eq!(ran.code, 0, "{format}");
        let report = ran.out.split("\"results\"").last().unwrap_or_default();
        assert!(!report.contains("class-not-considered") && !report.contains("missing-recovery"), "{format}: {report}");
    }
    let coverage = |arguments: &str| {
        let report: Value = serde_json::from_str(&project.run(&format!("check --format json {arguments}")).out).expect("JSON");
        report["summary"]["coverage"].clone()
    };
    assert_eq!(coverage("--baseline known.json"), coverage(""));
    assert!(project.run("check --format github --baseline known.json").out.ends_with("1 waived, 5 known from the baseline\n"));
}

#[test]
fn edits_elsewhere_do_not_make_a_known_finding_new() {
    let project = old();
    let page = project.read("content/db.md");
    project.write("content/db.md", page.replace("```failure", "Some words, and a table.\n\n| a |\n|---|\n| 1 |\n\n```failure"));
    assert_eq!(project.run("check --baseline known.json").code, 0);
}

#[test]
fn what_is_gone_is_named() {
    let project = old();
    project.write("content/db.md", project.read("content/db.md").replace("[[waive]]", "recover = \"Restore it.\"\n\n[[waive]]"));
    let ran = project.run("check --baseline known.json");
    assert_eq!(
        ran.err,
        "note: 1 finding of the baseline is gone: `missing-recovery@db#gone`; `forewarn check --write-baseline known.json` writes it anew\n"
    );
    assert_eq!(project.run("check --baseline known.json -q").err, "");
    project.write("content/deploy.md", "# Deploy\n");
    let ran = project.run("check --baseline known.json --only broken-link");
    assert!(ran.err.starts_with("note: 5 findings of the baseline are gone: `class-not-considered@deploy/dependency`,"), "{}", ran.err);
    assert!(ran.err.contains(" and 2 more; "), "{}", ran.err);
    project.run("check --write-baseline known.json");
    assert!(known(&project).is_empty());
    assert_eq!(project.run("check --baseline known.json").err, "");
}

#[test]
fn a_filter_goes_with_a_baseline_and_not_with_writing_one() {
    let project = old();
    let ran = project.run("check content/db.md --baseline known.json");
    assert!(ran.out.starts_with("0 errors, 0 warnings, 1 waived, 1 known from the baseline"), "{}", ran.out);
    for rest in ["content/db.md", "--only no-steps", "--since HEAD", "--baseline known.json"] {
        assert_eq!(project.run(&format!("check {rest} --write-baseline other.json")).code, 2, "{rest}");
    }
}

#[test]
fn a_baseline_that_cannot_be_read_is_refused() {
    let project = old();
    project.write("notes.json", "{\"version\": 1}");
    project.write("later.json", "{\"version\": 2, \"findings\": []}");
    project.write("bytes.json", b"\xff\xfe");
    project.sh("mkdir folder; mkfifo pipe; ln -s nowhere dangling");
    for (file, named) in [
        ("missing.json", "cannot find `missing.json`"),
        ("notes.json", "`notes.json` is no baseline"),
        ("later.json", "it is of version 2"),
        ("bytes.json", "`bytes.json` is no UTF-8 text"),
        ("folder", "`folder` is no file"),
        ("pipe", "`pipe` is no file"),
        ("dangling", "cannot find `dangling`"),
    ] {
        refused(&project, &format!("check --baseline {file}"), named);
    }
}

#[test]
fn only_a_baseline_is_overwritten() {
    let project = old();
    project.write("notes.json", "{\"mine\": true}\n");
    project.sh("mkdir folder; mkdir -p out; ln -s known.json link.json; ln -s ../elsewhere dangling");
    for (file, named) in [
        ("notes.json", "`notes.json` is there and is no baseline, so it is not overwritten"),
        ("content/deploy.md", "is no baseline"),
        ("folder", "`folder` is no file"),
        ("link.json", "is a symlink"),
        ("dangling", "is a symlink"),
        ("nowhere/known.json", "nowhere"),
        ("..", "no file"),
    ] {
        refused(&project, &format!("check --write-baseline {file}"), named);
    }
    assert_eq!(project.run("check --write-baseline out/known.json").code, 0);
    assert_eq!(project.read("out/known.json"), project.read("known.json"));
    let absolute = project.path("absolute.json");
    assert_eq!(project.run(&format!("check --write-baseline \"{}\"", absolute.display())).code, 0);
    assert_eq!(project.read("absolute.json"), project.read("known.json"));
}
