//! Releases: what the workflow of a tag is made of, without the machines that build.

use std::process::Command;

use crate::project::{Project, Ran};

use super::{ours, yaml};

fn release(project: &Project, arguments: &[&str], root: Option<&Project>) -> Ran {
    let mut command = Command::new("python3");
    command.arg(format!("{}/.github/release/release.py", env!("CARGO_MANIFEST_DIR"))).args(arguments).current_dir(project.path(""));
    if let Some(root) = root {
        command.env("RELEASE_ROOT", root.path(""));
    }
    let output = command.output().expect("python3 runs");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// The targets that a release is built for.
fn targets() -> Vec<String> {
    let workflow = yaml(&ours(".github/workflows/release.yml"));
    let matrix = workflow["jobs"]["build"]["strategy"]["matrix"]["include"].as_array().expect("a matrix").clone();
    matrix.iter().map(|one| one["target"].as_str().expect("a target").to_owned()).collect()
}

#[test]
fn the_tag_is_the_version_or_there_is_no_release() {
    let project = Project::empty();
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(release(&project, &["version", &format!("v{version}")], None).out.trim(), version);
    for tag in [version, "v99.0.0", "", "v"] {
        let ran = release(&project, &["version", tag], None);
        assert_eq!(ran.code, 1, "{tag}");
        assert!(ran.err.contains(&format!("`v{version}` is wanted")), "{}", ran.err);
    }
    let other = Project::with(&[
        ("Cargo.toml", "[package]\nname = \"forewarn\"\nversion = \"1.2.3\"\n"),
        ("Cargo.lock", "[[package]]\nname = \"forewarn\"\nversion = \"1.2.2\"\n"),
    ]);
    let ran = release(&project, &["version", "v1.2.3"], Some(&other));
    assert!(ran.code == 1 && ran.err.contains("Cargo.lock says 1.2.2"), "{}", ran.err);
}

#[test]
fn archives_have_the_names_that_installers_ask_for() {
    let manifest: toml::Table = ours("Cargo.toml").parse().expect("TOML");
    let package = &manifest["package"];
    let wanted = &package["metadata"]["binstall"];
    let targets = targets();
    assert_eq!(targets.len(), 5);
    for target in targets {
        let project = Project::with(&[("program", "\x7fELF")]);
        let ran = release(&project, &["archive", &target, "program", "dist"], None);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let windows = target.contains("windows");
        let format = if windows { &wanted["overrides"][target.as_str()]["pkg-fmt"] } else { &wanted["pkg-fmt"] };
        let (suffix, binary) = match format.as_str() {
            Some("tgz") => (".tar.gz", "forewarn"),
            Some("zip") => (".zip", "forewarn.exe"),
            other => panic!("{other:?}"),
        };
        let fill = |template: &toml::Value| {
            let words = [
                ("{ repo }", package["repository"].as_str().expect("text")),
                ("{ version }", env!("CARGO_PKG_VERSION")),
                ("{ name }", "forewarn"),
                ("{ target }", &target),
                ("{ archive-suffix }", suffix),
                ("{ bin }{ binary-ext }", binary),
            ];
            words.iter().fold(template.as_str().expect("text").to_owned(), |text, (name, value)| text.replace(name, value))
        };
        let url = fill(&wanted["pkg-url"]);
        assert!(!url.contains('{') && url.ends_with(&format!("/{}", ran.out.trim().trim_start_matches("dist/"))), "{url} {}", ran.out);
        let listed = format!("python3 -c 'import shutil; shutil.unpack_archive(\"{}\", \"unpacked\")'", ran.out.trim());
        project.sh(&listed);
        assert_eq!(project.read(&format!("unpacked/{}", fill(&wanted["bin-dir"]))), "\x7fELF");
    }
}

#[test]
fn the_same_files_give_the_same_archive_and_sums_find_what_was_changed() {
    let project = Project::with(&[("program", "\x7fELF")]);
    for folder in ["one", "two"] {
        for target in targets() {
            assert_eq!(release(&project, &["archive", &target, "program", folder], None).code, 0);
        }
        assert_eq!(release(&project, &["sums", folder], None).code, 0);
    }
    assert_eq!(project.tree("one"), project.tree("two"));
    let sums = project.read("one/SHA256SUMS");
    assert_eq!(sums.lines().count(), 10, "archives and programs: {sums}");
    project.sh("cd one && for a in *.tar.gz; do tar -xzf \"$a\"; done && sha256sum --quiet --strict --check --ignore-missing SHA256SUMS");
    project.sh("cd one && for a in *-linux-musl.tar.gz; do echo >> \"$a\"; done; ! sha256sum --status --check --ignore-missing SHA256SUMS");
    assert_eq!(release(&Project::empty(), &["sums", "."], None).code, 1, "no archives, no sums");
    assert_eq!(release(&project, &["archive", "../x", "program", "one"], None).code, 1, "no target");
}
