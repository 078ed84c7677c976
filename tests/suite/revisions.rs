//! `check --since` and `diff`: a handbook against a git revision of itself.
//!
//! `tests/diff/<case>/before` is committed, `after` is the work tree; what `diff` says in its three forms stands beside them. After a change
//! on purpose, `FOREWARN_BLESS=1 cargo test revisions` writes the new texts; they are read before they are committed.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::battery::whole;
use crate::project::{Project, TODAY, tree};

/// A process with one failure mode that has a way back, and one gap.
const DEPLOY: &str = "# Deploy\n\n```page\nkind = \"process\"\n\n[not_applicable]\ntechnical = \"a form on paper\"\nscale = \"five a week\"\n```\n\n\
    ## Steps\n\n1. **Build.** Run it.\n2. **Ship.** Send it.\n\n```failure\nclass = \"human\"\ntitle = \"Nobody is there\"\n\
    detect = \"Nobody answers within five minutes\"\nrecover = \"Call the deputy.\"\n```\n";

/// The same with one way back less.
fn without_recovery() -> String {
    DEPLOY.replace("recover = \"Call the deputy.\"\n", "")
}

fn deploy() -> Project {
    Project::with(&[("content/index.md", "# Home\n"), ("content/deploy.md", DEPLOY)])
}

fn json(project: &Project, arguments: &str) -> Value {
    let ran = project.run(&format!("diff {arguments} --format json"));
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.out))
}

/// The texts at a path of JSON; of objects, their ids.
fn ids(value: &Value) -> Vec<&str> {
    let list = value.as_array().unwrap_or_else(|| panic!("no list: {value}"));
    list.iter().filter_map(|item| item.as_str().or_else(|| item["id"].as_str())).collect()
}

fn since(project: &Project, arguments: &str) -> Vec<String> {
    let findings = project.findings(arguments);
    findings.iter().map(|finding| finding["id"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The machine's fault: exit 2, one line, nothing touched; for both commands.
fn refused(project: &Project, revision: &str, variables: &[(&str, &str)], words: &[&str]) {
    let before = project.tree("");
    for command in [format!("check \"--since={revision}\""), format!("diff --today {TODAY} -- \"{revision}\"")] {
        let ran = project.run_with(&command, variables);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{command}: {}", ran.err);
        for word in words {
            assert!(ran.err.contains(word), "{command} does not say {word}: {}", ran.err);
        }
        assert_eq!(ran.err.trim_end().lines().count(), 1, "{command}: more than a line: {}", ran.err);
    }
    assert_eq!(project.tree(""), before, "something was touched");
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff");
    let mut cases: Vec<PathBuf> = std::fs::read_dir(folder).expect("the cases").flatten().map(|entry| entry.path()).collect();
    cases.sort();
    cases
}

/// Replaces everything of a project but `.git`.
fn replace(project: &Project, folder: &Path) {
    for entry in std::fs::read_dir(project.path("")).expect("the project").flatten() {
        let path = entry.path();
        match () {
            () if path.ends_with(".git") => {}
            () if path.is_dir() => std::fs::remove_dir_all(path).expect("removed"),
            () => std::fs::remove_file(path).expect("removed"),
        }
    }
    tree(folder).iter().for_each(|(path, bytes)| project.write(path, bytes));
}

#[test]
fn what_diff_says_is_as_it_was_read() {
    for case in cases() {
        let project = Project::empty();
        replace(&project, &case.join("before"));
        let project = project.committed();
        replace(&project, &case.join("after"));
        for (form, file) in [("human", "human.txt"), ("markdown", "comment.md"), ("json", "changes.json")] {
            let ran = project.run(&format!("diff main --format {form}"));
            assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{form}");
            let golden = case.join(file);
            if std::env::var_os("FOREWARN_BLESS").is_some() {
                std::fs::write(&golden, &ran.out).expect("a file");
            }
            let expected = std::fs::read_to_string(&golden).unwrap_or_default();
            snapbox::assert_data_eq!(snapbox::IntoData::raw(ran.out), snapbox::IntoData::raw(expected));
        }
    }
}

#[test]
fn a_recovery_that_is_gone_comes_before_anything_else() {
    let project = deploy().committed();
    project.write("content/deploy.md", without_recovery());
    let human = project.run("diff HEAD").out;
    assert!(human.starts_with("1 recovery removed: `deploy#nobody-is-there`\n"), "{human}");
    let markdown = project.run("diff HEAD --format markdown").out;
    assert!(markdown.starts_with("<!-- forewarn diff -->\n"), "{markdown}");
    assert!(markdown.contains("> [!CAUTION]\n> **1 recovery removed:** `deploy#nobody-is-there`\n"), "{markdown}");
    let json = json(&project, "HEAD");
    assert_eq!(ids(&json["recoveries"]["removed"]), ["deploy#nobody-is-there"]);
    assert_eq!(ids(&json["gaps"]["new"]), ["missing-recovery@deploy#nobody-is-there"]);
    assert_eq!(json["gaps"]["new"][0]["was"], "met");
    assert_eq!((&json["coverage"]["before"]["unmet"], &json["coverage"]["after"]["unmet"]), (&Value::from(1), &Value::from(2)));
}

#[test]
fn no_difference_is_one_line() {
    let project = deploy().committed();
    for form in ["human", "json", "markdown"] {
        let ran = project.run(&format!("diff HEAD --format {form}"));
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert_eq!(ran.out.lines().count() <= 2, form != "json", "{}", ran.out);
    }
    assert!(project.run("diff HEAD").out.starts_with("no difference in failure paths between `HEAD` ("));
}

#[test]
fn since_reports_what_the_revision_does_not_have_and_the_exit_code_with_it() {
    let project = deploy().committed();
    let all = since(&project, "");
    assert_eq!(all, ["class-not-considered@deploy/dependency"]);
    let coverage = |ran: &str| ran[ran.find("coverage").expect("coverage")..].split(" · ").next().map(str::to_owned);
    let ran = project.run("check --since HEAD --fail-on warning");
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains(", 1 known from `HEAD`"), "{}", ran.out);
    assert_eq!(coverage(&ran.out), coverage(&project.run("check").out));
    assert_eq!(project.run("check --fail-on warning").code, 1);
    project.write("content/deploy.md", without_recovery().replace("## Steps", "Lines above move nothing.\n\n## Steps"));
    assert_eq!(since(&project, "--since HEAD"), ["missing-recovery@deploy#nobody-is-there"]);
    assert_eq!(since(&project, "--since HEAD --only class-not-considered"), [""; 0]);
    assert_eq!(since(&project, "content/index.md --since HEAD"), [""; 0]);
    assert_eq!(project.run("check --since HEAD --fail-on warning").code, 1);
    assert_eq!(project.run("check --since HEAD --fail-on fault").code, 0);
    assert_eq!(project.run("check -q --since HEAD content/index.md").out, "");
}

#[test]
fn what_was_accepted_and_no_longer_is_is_new() {
    let waive = "\n[[waive]]\nrule = \"missing-recovery\"\nreason = \"It is replaced within the month.\"\nby = \"ops\"\n";
    let waived = without_recovery().replace("minutes\"\n```", &format!("minutes\"\n{waive}```"));
    let project = deploy().file("content/deploy.md", &waived).committed();
    assert_eq!(since(&project, "--since HEAD"), [""; 0]);
    project.write("content/deploy.md", without_recovery());
    assert_eq!(since(&project, "--since HEAD"), ["missing-recovery@deploy#nobody-is-there"]);
    let json = json(&project, "HEAD");
    assert_eq!(json["gaps"]["new"][0]["was"], "waived");
    assert_eq!(ids(&json["waivers"]["removed"]), ["missing-recovery@deploy#nobody-is-there"]);
}

#[test]
fn what_waits_for_a_day_is_looked_at_on_the_same_day() {
    let waive =
        "\n[[waive]]\nrule = \"missing-recovery\"\nreason = \"It is replaced within the month.\"\nby = \"ops\"\nuntil = 2026-11-15\n";
    let waived = without_recovery().replace("minutes\"\n```", &format!("minutes\"\n{waive}```"));
    let project = deploy().file("content/deploy.md", &waived).committed();
    assert_eq!(since(&project, "--since HEAD"), [""; 0], "an expired waiver is as expired in the revision");
    let expired = json(&project, "HEAD");
    assert_eq!(ids(&expired["waivers"]["expired"]), ["missing-recovery@deploy#nobody-is-there"]);
    assert_eq!(ids(&expired["gaps"]["new"]), [""; 0]);
    assert_eq!(ids(&json(&project, "HEAD --today 2026-11-15")["waivers"]["expired"]), [""; 0]);
}

#[test]
fn a_rule_that_is_turned_off_closes_no_gap() {
    let project = deploy().file("content/deploy.md", without_recovery()).committed();
    project.write("forewarn.toml", "[rules]\nmissing-recovery = \"off\"\n");
    let json = json(&project, "HEAD");
    assert_eq!((ids(&json["gaps"]["closed"]), &json["levels"][0]["after"]), (vec![], &Value::from("off")));
    assert!(project.run("diff HEAD").out.contains("~ turned off  `missing-recovery`: not set → off"));
}

#[test]
fn a_handbook_may_lie_in_a_folder_of_the_repository() {
    let project = Project::with(&[
        ("handbook/content/index.md", "# Home\n"),
        ("handbook/content/deploy.md", DEPLOY),
        ("content/deploy.md", "# Other\n"),
    ]);
    project.sh("mkdir handbook/parts && echo '# Part' > handbook/parts/part.md && ln -s ../parts handbook/content/parts && ln -s ../../content/deploy.md handbook/content/out.md");
    let project = project.committed();
    assert!(
        since(&project, "--root handbook").contains(&"symlink-outside@out/content/out.md".to_owned()),
        "outside the handbook, though in the repository"
    );
    project.write("handbook/content/deploy.md", without_recovery());
    assert_eq!(since(&project, "--root handbook --since HEAD"), ["missing-recovery@deploy#nobody-is-there"]);
    assert_eq!(ids(&json(&project, "HEAD --root handbook")["processes"]["removed"]), [""; 0]);
}

#[test]
fn a_first_version_is_compared_with_nothing() {
    let project = Project::with(&[("README.md", "# Soon\n")]).committed();
    project.write("content/index.md", "# Home\n");
    project.write("content/deploy.md", DEPLOY);
    let ran = project.run("diff HEAD --format json");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("note: `HEAD` has no `content/` here, so everything is new"), "{}", ran.err);
    let json: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(ids(&json["processes"]["added"]), ["deploy"]);
    assert_eq!(ids(&json["failures"]["added"]), ["deploy#nobody-is-there"]);
    assert_eq!(since(&project, "--since HEAD"), since(&project, ""));
}

#[test]
fn revisions_have_many_names() {
    let project = deploy().committed();
    project.git("tag -a -m first v1").git("checkout -q -b change").write("content/deploy.md", without_recovery());
    project.commit().git("checkout -q main").write("content/more.md", DEPLOY);
    project.commit().git("checkout -q change");
    for name in ["v1", "HEAD~1", "main~1", "main...", "HEAD^", "HEAD@{1}^", "v1^{commit}"] {
        let found = since(&project, &format!("\"--since={name}\""));
        assert!(found.contains(&"missing-recovery@deploy#nobody-is-there".to_owned()), "{name}: {found:?}");
    }
    assert_eq!(ids(&json(&project, "main")["processes"]["removed"]), ["more"], "a branch behind main lacks what main has");
    assert_eq!(ids(&json(&project, "main...")["processes"]["removed"]), [""; 0]);
}

#[test]
fn names_that_are_no_revision_are_refused() {
    let project = deploy().committed();
    for name in ["", "-x", "--output=/tmp/stolen", "--upload-pack=touch stolen"] {
        refused(&project, name, &[], &["is no revision"]);
    }
    for name in ["nope", "HEAD --output=stolen", "HEAD; touch stolen", "$(touch stolen)", "HEAD~9", "HEAD..main", "HEAD:../x", "..."] {
        refused(&project, name, &[], &["no revision is called"]);
    }
    for name in ["HEAD:content", "HEAD:content/index.md", "HEAD^{tree}"] {
        refused(&project, name, &[], &["is no commit"]);
    }
    let ran = project.run("diff --upload-pack=x");
    assert_eq!(ran.code, 2, "an option that does not exist");
}

#[test]
fn who_cannot_read_a_revision_is_told_why() {
    refused(&deploy(), "HEAD", &[], &["lies in no git repository"]);
    refused(&deploy(), "HEAD", &[("PATH", "/nonexistent")], &["git is not installed"]);
    let unborn = deploy();
    unborn.git("init -q -b main");
    refused(&unborn, "HEAD", &[], &["has no commit yet"]);
    let origin = deploy().committed();
    origin.write("content/more.md", "# More\n");
    origin.commit();
    let clone = Project::empty();
    clone.git(&format!("clone -q --depth 1 \"file://{}\" .", origin.path("").display()));
    refused(&clone, "HEAD~1", &[], &["fetch-depth: 0"]);
    clone.git("checkout -q -b work").git("branch -q -D main");
    refused(&clone, "main", &[], &["did you mean `origin/main`?"]);
}

#[test]
fn no_variable_leads_to_another_repository() {
    let (project, other) = (deploy().committed(), whole().committed());
    let git = other.path(".git").display().to_string();
    project.write("content/deploy.md", without_recovery());
    let variables = [
        ("GIT_DIR", git.as_str()),
        ("GIT_WORK_TREE", "/"),
        ("GIT_INDEX_FILE", "/dev/null"),
        ("GIT_TRACE", "1"),
        ("GIT_LITERAL_PATHSPECS", "0"),
    ];
    let findings = project.findings_with("--since HEAD", &variables);
    assert_eq!(findings.len(), 1, "{findings:?}");
}

#[test]
fn nothing_is_written_and_nothing_is_run() {
    let project = deploy().committed();
    project.write("content/deploy.md", without_recovery());
    project.sh("for hook in post-checkout fsmonitor-watchman post-index-change reference-transaction; do printf '#!/bin/sh\\ntouch ran\\n' > .git/hooks/$hook; chmod +x .git/hooks/$hook; done");
    project.sh("printf '[core]\\n\\tfsmonitor = touch ran\\n\\tpager = touch ran\\n[filter \"x\"]\\n\\tsmudge = touch ran\\n\\trequired = true\\n[log]\\n\\tshowSignature = true\\n' >> .git/config; echo '*.md filter=x' > .git/info/attributes");
    let before = project.tree("");
    assert_eq!(since(&project, "--since HEAD"), ["missing-recovery@deploy#nobody-is-there"]);
    assert_eq!(project.run("diff HEAD").code, 0);
    assert_eq!(project.tree(""), before);
}

#[test]
fn a_page_that_moved_or_has_other_line_ends_is_the_same_page() {
    let project = Project::with(&[("content/index.md", "# Home\n"), ("content/ship.md", &DEPLOY.replace("kind", "id = \"deploy\"\nkind"))])
        .committed();
    project.sh(
        "mkdir content/processes && git mv content/ship.md content/processes/ship-it.md && sed -i 's/$/\\r/' content/processes/ship-it.md",
    );
    assert!(project.run("diff HEAD").out.starts_with("no difference"), "{}", project.run("diff HEAD").out);
    assert_eq!(since(&project, "--since HEAD"), [""; 0]);
}

#[test]
fn a_file_with_another_name_and_the_same_text_is_said_to_be_renamed() {
    let project = deploy().committed();
    project.sh("mv content/deploy.md content/ship.md");
    let renamed = json(&project, "HEAD");
    assert_eq!(renamed["processes"]["renamed"][0]["after"], "ship");
    for list in [
        "/processes/removed",
        "/processes/added",
        "/failures/removed",
        "/recoveries/changed",
        "/gaps/new",
        "/gaps/closed",
        "/coverage/pages",
        "/steps/added",
    ] {
        assert_eq!(renamed.pointer(list).and_then(Value::as_array).map(Vec::len), Some(0), "{list}");
    }
    project.write("content/ship.md", DEPLOY.replace("Send it", "Send it now"));
    let other = json(&project, "HEAD");
    assert_eq!((ids(&other["processes"]["removed"]), ids(&other["processes"]["added"])), (vec!["deploy"], vec!["ship"]));
}

#[test]
fn the_rules_about_files_are_the_same_in_a_revision() {
    let project = deploy()
        .file("content/flow.png", b"\x89PNG\r\n\x1a\n\0\0")
        .file("content/utf16.md", b"\xff\xfea\0")
        .file("content/latin.md", b"# Caf\xe9\n")
        .file("content/run.js", "alert(1)\n")
        .file("content/bad.svg", "<svg onload=\"x\"/>\n")
        .file("content/con.md", "# Con\n")
        .file("content/_notes/secret.md", "# Secret\n")
        .file("content/.hidden.md", "# Hidden\n")
        .file("content/deploy.md~", "old\n")
        .file("content/bom.md", b"\xef\xbb\xbf# Bom\r\n")
        .file("content/bad\tname.md", "# Tab\n")
        .file("themes/mine/templates/page.html", "{% extends \"default/page.html\" %}")
        .file("forewarn.toml", "title = \"x\"\ntheme = \"mine\"\nunknown = 1\n[limits]\nfile_bytes = 2_000\n")
        .file("content/large.md", "x".repeat(3_000));
    project.sh("ln -s ../../outside content/out.md; ln -s nowhere content/gone.md; ln -s deploy.md content/twin.md; ln -s . content/loop; mkdir parts; echo '# Part' > parts/part.md; ln -s ../parts content/parts; ln -s \"$PWD/parts/part.md\" content/absolute.md");
    let project = project.committed();
    let all = since(&project, "");
    for rule in ["unsafe-file", "unsafe-name", "symlink-outside", "invalid-encoding", "limit-exceeded-input", "unknown-key"] {
        assert!(all.iter().any(|id| id.starts_with(rule)), "{rule} is not among {all:?}");
    }
    assert_eq!(since(&project, "--since HEAD"), [""; 0], "of {all:?}");
    assert!(project.run("diff HEAD").out.starts_with("no difference"), "{}", project.run("diff HEAD").out);
    assert_eq!(json(&project, "HEAD")["coverage"]["before"], json(&project, "HEAD")["coverage"]["after"]);
}

#[test]
fn what_the_repository_does_not_hold_is_noted() {
    let inner = whole().committed();
    let project = deploy().committed();
    project.git(&format!("-c protocol.file.allow=always submodule --quiet add \"{}\" content/vendor", inner.path("").display()));
    project.write("content/big.md", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
    project.commit();
    project.write("content/big.md", "# Big\n");
    let ran = project.run("check --since HEAD");
    assert!(ran.err.contains("note: `content/vendor` is a submodule, and was not read in `HEAD`"), "{}", ran.err);
    assert!(ran.err.contains("note: `content/big.md` lies in Git LFS, and was not read in `HEAD`"), "{}", ran.err);
}

#[test]
fn a_comment_stays_below_what_github_takes_and_holds_no_markup_of_strangers() {
    let project = Project::with(&[("content/index.md", "# Home\n")]).committed();
    for number in 0..700 {
        let title =
            format!("Restart {number} <img src=x onerror=alert(1)> @octocat #1 | [a](javascript:x) `b` https://x.example *loud* :tada:");
        project.write(
            &format!("content/p{number}.md"),
            format!("# {title}\n\n```page\nkind = \"process\"\n```\n\n## Steps\n\n1. **Do it.**\n"),
        );
    }
    let ran = project.run("diff HEAD --format markdown");
    assert!(ran.out.chars().count() < 65_536 && ran.out.len() > 20_000, "{}", ran.out.chars().count());
    assert_eq!(ran.out.matches("<details>").count(), ran.out.matches("</details>").count());
    assert!(ran.out.contains(" more\n"), "{}", ran.out);
    for line in ran.out.lines().filter(|line| !line.contains("details>") && !line.starts_with("<!--")) {
        let outside: String = line.split('`').step_by(2).collect();
        assert!(
            !outside.contains(['<', '@', '#', '[', '*', '_'])
                || line.starts_with("###")
                || line.starts_with("- **")
                || line.starts_with("**"),
            "{line}"
        );
    }
}

#[test]
fn a_large_revision_is_read_through_one_child() {
    let project = deploy();
    for number in 0..3_000 {
        project.write(&format!("content/notes/n{number}.md"), format!("# Note {number}\n\n{}\n", "word ".repeat(400)));
    }
    let project = project.committed();
    assert_eq!(since(&project, "--since HEAD"), [""; 0]);
}
