//! The commands, as one types them.

use crate::battery::{built, whole};
use crate::project::Project;

#[test]
fn a_starter_passes_check_and_builds() {
    let project = Project::empty();
    assert_eq!(project.run("init mine").code, 0);
    for command in ["check --fail-on warning", "build"] {
        let ran = project.run(&format!("{command} --root mine"));
        assert_eq!(ran.code, 0, "{command}: {}{}", ran.out, ran.err);
    }
    assert!(project.read("mine/public/index.html").contains("<h1"));
}

#[test]
fn a_starter_overwrites_nothing() {
    let project = Project::with(&[("content/index.md", "mine\n")]);
    let before = project.tree("");
    let ran = project.run("init");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("index.md"), "{}", ran.err);
    assert_eq!(project.tree(""), before);
}

#[test]
fn a_new_process_has_honest_gaps_and_is_built_with_them() {
    let project = whole();
    let ran = project.run("new process \"Rotate keys\"");
    assert_eq!((ran.code, ran.out.trim()), (0, "content/processes/rotate-keys.md"), "{}", ran.err);
    let places = project.places("content/processes");
    let of = |rule: &str| places.iter().filter(|place| place.ends_with(rule)).count();
    let found = [of("class-not-considered"), of("missing-context"), of("missing-metric"), of("missing-owner"), places.len()];
    assert_eq!(found, [4, 1, 1, 1, 7], "{places:?}");
    let page = String::from_utf8(built(&project)["processes/rotate-keys/index.html"].clone()).expect("UTF-8");
    assert!(page.contains("Rotate keys"));
    assert_eq!(project.run("new process \"Rotate keys\"").code, 2, "nothing is overwritten");
}

#[test]
fn new_missing_declares_what_is_referred_to() {
    let project = whole().file(
        "content/other.md",
        "```page\nkind = \"process\"\ntitle = \"Other\"\nowner = \"ops\"\ndepends_on = [\"db\"]\n```\n\n## Steps\n\n1. One\n",
    );
    assert_eq!(project.places("--only unknown-reference").len(), 2);
    assert_eq!(project.run("new --missing").code, 0);
    assert_eq!(project.places("--only unknown-reference"), Vec::<String>::new());
}

#[test]
fn a_stamp_changes_one_line() {
    let project = Project::empty();
    project.run("init .");
    let path = "content/processes/deploy-website.md";
    let before = project.read(path);
    let ran = project.run("stamp review deploy-website --today 2026-11-22");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let after = project.read(path);
    let changed: Vec<(&str, &str)> = before.lines().zip(after.lines()).filter(|(old, new)| old != new).collect();
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert!(changed[0].1.contains("2026-11-22"), "{changed:?}");
    let ran = project.run("stamp review deploy-websit");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("did you mean `deploy-website`"), "{}", ran.err);
}

#[test]
fn a_build_says_how_long_each_stage_took_where_that_is_asked_for() {
    let project = Project::empty();
    project.write("forewarn.toml", "title = \"H\"\n");
    project.write("content/index.md", "# H\n");
    let ran = project.run("build -v");
    let said = ran.err.lines().find_map(|line| line.strip_prefix("stages: ")).unwrap_or_default();
    let stages: Vec<&str> =
        said.split(", ").filter_map(|stage| stage.strip_suffix(" s")?.rsplit_once(' ')).map(|(stage, _)| stage).collect();
    assert_eq!(stages, ["read", "git", "parse", "model", "check", "render and write"], "{}", ran.err);
    assert!(!project.run("build").err.contains("stages"));
}

#[test]
fn explain_prints_the_page_of_a_rule() {
    let project = Project::empty();
    let ran = project.run("explain missing-recovery");
    assert_eq!(ran.code, 0);
    assert!(ran.out.starts_with("missing-recovery (error, coverage)"), "{}", ran.out);
    assert!(project.run("explain --list").out.lines().count() >= 39);
    let ran = project.run("explain");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("`forewarn explain missing-recovery`") && ran.err.contains("`forewarn explain --list`"), "{}", ran.err);
    let ran = project.run("explain mising-recovery");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("did you mean `missing-recovery`"), "{}", ran.err);
}

#[test]
fn exit_codes_follow_fail_on() {
    let gap = whole();
    let error = whole().file(
        "content/db.md",
        "```page\nkind = \"system\"\ntitle = \"DB\"\n```\n\n```failure\nclass = \"technical\"\ntitle = \"Gone\"\n```\n",
    );
    for (project, fail_on, code) in
        [(&gap, "error", 0), (&gap, "warning", 1), (&error, "error", 1), (&error, "fault", 0), (&error, "never", 0)]
    {
        assert_eq!(project.run(&format!("check --fail-on {fail_on}")).code, code, "{fail_on}");
    }
    assert_eq!(gap.run("check --only no-such-rule").code, 2);
    assert_eq!(error.run("build").code, 0, "gaps are rendered");
}

#[test]
fn what_is_filtered_counts_for_the_exit_code_and_not_for_coverage() {
    let project = whole().file("content/bad.md", "+++\nnokey = 1\n+++\n");
    assert_eq!(project.run("check content/deploy.md").code, 0);
    assert_eq!(project.run("check content/bad.md").code, 1);
    assert_eq!(project.run("check --only class-not-considered").code, 0);
    let coverage = |arguments: &str| {
        let out = project.run(&format!("check --format json {arguments}")).out;
        let report: serde_json::Value = serde_json::from_str(&out).expect("JSON");
        report["summary"]["coverage"].clone()
    };
    assert_eq!(coverage("content/bad.md --only missing-takeover"), coverage(""));
}

#[test]
fn the_json_report_is_the_same_every_time() {
    let project = Project::empty();
    project.run("init .");
    project.write(
        "content/loose.md",
        "```page\nkind = \"process\"\ntitle = \"Loose\"\n```\n\n## Steps\n\n1. One\n\n   ```step\n   actor = \"automation\"\n   ```\n",
    );
    let first = project.run("check --format json").out;
    (0..19).for_each(|_| assert_eq!(project.run("check --format json").out, first));
}

#[test]
fn drafts_are_left_out_unless_asked_for() {
    let project = whole().file("content/later.md", "+++\ntitle = \"canary-draft\"\ndraft = true\nnokey = 1\n+++\n\ncanary-draft\n");
    assert_eq!(project.run("check").code, 0);
    let leaked = |project: &Project| built(project).values().any(|bytes| bytes.windows(12).any(|window| window == b"canary-draft"));
    assert!(!leaked(&project));
    assert_eq!(project.run("check --drafts").code, 1);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let project = whole();
    let binary = env!("CARGO_BIN_EXE_forewarn");
    project.sh(&format!("(sleep 0.2; {binary} check --format json; echo $? > code) 2> said | true"));
    assert_eq!((project.read("code").trim(), project.read("said").as_str()), ("0", ""));
}

#[test]
fn a_day_is_a_value() {
    let project = Project::empty();
    project.run("init .");
    let soon = project.run_with("check --format json --today 2026-11-20", &[("TZ", "Pacific/Kiritimati"), ("LANG", "tr_TR.UTF-8")]);
    let epoch = project.run_with("check --format json --today 2026-11-20", &[("SOURCE_DATE_EPOCH", "0")]);
    assert_eq!(soon.out, epoch.out);
    let late = project.run("check --today 2028-01-01");
    assert!(late.out.contains("untested-recovery"), "{}", late.out);
}
