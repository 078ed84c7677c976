//! G: git, publishing, leaks. G01, G02 and the first half of G03 stand with what git knows of a handbook, in `provenance`.

use std::collections::BTreeMap;

use super::{built, whole};
use crate::project::Project;

/// The files in which a text stands, archives opened; or whose path holds it.
fn holding(files: &BTreeMap<String, Vec<u8>>, text: &str) -> Vec<String> {
    let holds = |(path, bytes): &(&String, &Vec<u8>)| path.contains(text) || bytes.windows(text.len()).any(|part| part == text.as_bytes());
    files.iter().filter(holds).map(|(path, _)| path.clone()).collect()
}

#[test]
fn g03_a_draft_leaves_no_trace_in_the_offline_copy_nor_in_what_is_said_to_have_changed() {
    let canary = "Zugzwang";
    let project = whole().file("forewarn.toml", "offline_copy = true\n");
    built(&project);
    project.write(
        "content/Zugzwang.md",
        "```page\ntitle = \"Zugzwang\"\ndraft = true\ntags = [\"Zugzwang\"]\naliases = [\"/Zugzwang/old/\"]\n```\n\nZugzwang\n",
    );
    let ran = project.run("build");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!ran.out.contains(canary) && !ran.err.contains(canary), "{}{}", ran.out, ran.err);
    // What the archive holds is stored as it is, so its bytes are looked at with those of the other files.
    assert_eq!(holding(&project.tree("public"), canary), [""; 0]);
    assert_eq!(project.run("build --drafts").code, 0);
    assert!(holding(&project.tree("public"), canary).contains(&"handbook.zip".to_owned()), "the canary sings where it is let out");
}

#[test]
fn g04_what_editors_and_machines_leave_in_the_content_is_not_copied_and_a_note_says_so() {
    let left = [".env", ".git/config", ".deploy.md.swp", "deploy.md.swp", "deploy.md~", "#deploy.md#", "deploy.md.bak", "notes/.DS_Store"];
    let project = left.iter().fold(whole(), |project, name| project.file(&format!("content/{name}"), "canary-4711"));
    let before = built(&whole());
    let ran = project.run("build");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(holding(&project.tree("public"), "canary-4711"), [""; 0]);
    assert_eq!(project.tree("public"), before);
    for name in left {
        let named = if name.starts_with(".git") { "content/.git" } else { name };
        assert!(ran.err.lines().any(|line| line.starts_with("note: ") && line.contains(named)), "{name}: {}", ran.err);
    }
}

#[test]
fn g09_the_same_handbook_gives_the_same_bytes_on_any_machine_and_nothing_of_the_machine() {
    let files = [
        ("forewarn.toml", "title = \"Same\"\noffline_copy = true\nbase_url = \"https://acme.example/\"\naudience = \"public\"\n"),
        ("content/index.md", "# Home\n\nSee [deploy](a/deploy.md).\n"),
        (
            "content/a/deploy.md",
            "```page\nkind = \"process\"\ntitle = \"Deploy\"\ndepends_on = [\"dns\"]\n```\n\n## Steps\n\n1. **Build.** Run it.\n",
        ),
        ("content/a/İstanbul.md", "# İstanbul\n\n```rust\nfn main() {}\n```\n"),
        ("content/b/dns.md", "```page\nkind = \"system\"\ntitle = \"DNS\"\n```\n"),
        ("content/b/größe.txt", "x"),
    ];
    let runs: [&[(&str, &str)]; 5] = [
        &[("RAYON_NUM_THREADS", "1")],
        &[("RAYON_NUM_THREADS", "2"), ("TZ", "Pacific/Kiritimati")],
        &[("RAYON_NUM_THREADS", "8"), ("TZ", "Etc/GMT+12"), ("LC_ALL", "tr_TR.UTF-8"), ("LANG", "tr_TR.UTF-8")],
        &[("USER", "canary-user"), ("LOGNAME", "canary-user"), ("HOME", "/nowhere/canary-home"), ("HOSTNAME", "canary-host")],
        &[("LC_ALL", "C"), ("TMPDIR", "/nowhere")],
    ];
    let mut first: Option<BTreeMap<String, Vec<u8>>> = None;
    for (at, variables) in runs.iter().enumerate() {
        // Each time in another folder, made in another order, so that the system lists it in another.
        let order = (0..files.len()).map(|file| files[(file * 5 + at) % files.len()]);
        let project = order.fold(Project::empty(), |project, (path, text)| project.file(path, text));
        let ran = project.run_with("build", variables);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        let output = project.tree("public");
        let folder = project.path("").display().to_string();
        for trace in [folder.trim_end_matches('/'), "canary"] {
            assert_eq!(holding(&output, trace), [""; 0], "{trace}");
        }
        match &first {
            None => first = Some(output),
            Some(first) => assert!(first == &output, "run {at} differs in {:?}", differing(first, &output)),
        }
    }
}

fn differing(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    one.keys().chain(other.keys()).filter(|path| one.get(*path) != other.get(*path)).cloned().collect()
}

/// Where this machine lets nobody have a network of their own, there is nothing to compare.
#[cfg(target_os = "linux")]
fn without_network() -> Option<&'static str> {
    let may = |flags: &str| std::process::Command::new("unshare").args([flags, "true"]).output().is_ok_and(|ran| ran.status.success());
    ["-n", "-rn"].into_iter().find(|flags| may(flags))
}

#[cfg(target_os = "linux")]
#[test]
fn g10_no_command_but_publish_needs_the_network() {
    let Some(flags) = without_network() else {
        eprintln!("this machine gives no network namespaces: not compared");
        return;
    };
    let handbook = || {
        let project =
            whole().file("content/dns.md", "```page\nkind = \"system\"\ntitle = \"DNS\"\nstatus_page = \"https://dns.example/\"\n```\n");
        project.file("forewarn.toml", "offline_copy = true\nrepository = \"https://github.com/acme/handbook\"\n").committed()
    };
    let commands = [
        "check",
        "check --format json",
        "check --list-external",
        "check --since HEAD",
        "build",
        "build --base-url https://acme.example/",
        "diff HEAD",
        "impact dns",
        "export model",
        "export reviews",
        "explain broken-link",
        "init started",
        "new system Queue",
        "new --missing",
        "completions bash",
    ];
    let ran = |before: &str| {
        let project = handbook();
        let program = env!("CARGO_BIN_EXE_forewarn");
        for (at, command) in commands.iter().enumerate() {
            // A second more or less is no difference.
            project.sh(&format!(
                "{before} {program} --today 2026-11-20 {command} > said.{at} 2>&1 || echo \"exit $?\" >> said.{at}; \
                 sed -i -E 's/ in [0-9.]+ s$//' said.{at}"
            ));
        }
        let mut tree = project.tree("");
        tree.retain(|path, _| !path.starts_with(".git/"));
        tree
    };
    let (with, without) = (ran(""), ran(&format!("unshare {flags}")));
    assert!(with.len() > 40 && with.contains_key("public/handbook.zip"));
    assert!(with == without, "different without a network: {:?}", differing(&with, &without));
}
