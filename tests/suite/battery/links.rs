//! L: links of the file system and special files.
#![cfg(unix)]

use super::{built, fault, refused, whole};
use crate::project::Project;

/// A secret beside the project, to which nothing may lead.
fn with_secret() -> (Project, Project) {
    (whole(), Project::with(&[("secret.md", "# canary-4711\n"), ("deep/secret.md", "# canary-4711\n")]))
}

#[test]
fn l01_links_out_of_the_project() {
    let cases = [
        ("content/a.md", "secret.md"),
        ("content/a.png", "secret.md"),
        ("content/dir", "deep"),
        ("content/x/middle/dir", "deep"),
        ("themes/default", "deep"),
        ("themes/default/static/a.css", "secret.md"),
    ];
    for (link, target) in cases {
        let (project, outside) = with_secret();
        project.sh(&format!("mkdir -p $(dirname {link}); ln -s {} {link}", outside.path(target).display()));
        fault(&project, &format!("{link}:1:1 symlink-outside"));
        project.run("build --fail-on never");
        let leaked = project.tree("public").values().any(|bytes| bytes.windows(11).any(|window| window == b"canary-4711"));
        assert!(!leaked, "{link}");
    }
}

#[test]
fn l01_the_content_itself_leads_out() {
    let (project, outside) = with_secret();
    project.sh(&format!("rm -r content; ln -s {} content", outside.path("deep").display()));
    fault(&project, "content:1:1 symlink-outside");
}

#[test]
fn l01_the_folder_of_themes_and_the_settings_lead_out() {
    let (project, outside) = with_secret();
    project.sh(&format!("ln -s {} themes; mkdir {0}/default", outside.path("deep").display()));
    fault(&project, "themes:1:1 symlink-outside");
    let (project, outside) = with_secret();
    project.sh(&format!("rm forewarn.toml; ln -s {} forewarn.toml", outside.path("secret.md").display()));
    fault(&project, "forewarn.toml:1:1 symlink-outside");
    assert!(!project.run("check").out.contains("canary-4711"));
}

#[test]
fn l02_a_link_inside_the_project_is_a_copy() {
    let project = whole().file("shared/note.md", "# Shared\n");
    project.sh("ln -s ../shared/note.md content/note.md");
    let output = built(&project);
    assert!(output.contains_key("note/index.html"));
}

#[test]
fn l03_links_in_a_circle_and_to_nothing() {
    for script in ["ln -s . content/loop", "ln -s b content/a; ln -s a content/b", "ln -s nothing content/gone.md"] {
        let project = whole();
        project.sh(script);
        let places = project.places("");
        assert!(places.iter().any(|place| place.ends_with("symlink-outside")), "{script}: {places:?}");
        assert_eq!(project.run("build").code, 1);
    }
}

#[test]
fn l04_a_pipe_does_not_hang() {
    let project = whole();
    project.sh("mkfifo content/pipe.md");
    fault(&project, "content/pipe.md:1:1 special-file");
    project.sh("rm content/pipe.md; python3 -c \"import socket; socket.socket(socket.AF_UNIX).bind('content/s.md')\"");
    fault(&project, "content/s.md:1:1 special-file");
    project.sh("rm content/s.md; mkdir -p themes/default/static; mkfifo themes/default/static/pipe.css");
    fault(&project, "themes/default/static/pipe.css:1:1 special-file");
    project.sh("rm -r themes; ln -s /dev/zero content/zero.md");
    fault(&project, "content/zero.md:1:1 symlink-outside");
}

/// Runs `check` as somebody to whom a file or a folder is closed, also where the tests run as root.
#[test]
fn l05_what_may_not_be_read_is_named() {
    for (script, closed) in [
        ("echo '# Closed' > content/closed.md; chmod 000 content/closed.md", "closed.md"),
        ("mkdir content/closed; echo '# In' > content/closed/a.md; chmod 000 content/closed", "closed"),
    ] {
        let project = whole();
        project.sh(script);
        if std::fs::metadata(project.path("content/closed/a.md")).is_err() && std::fs::read(project.path("content/closed.md")).is_err() {
            refused(&project, "check", closed);
        } else {
            std::fs::copy(env!("CARGO_BIN_EXE_forewarn"), project.path("forewarn")).expect("a copy of the binary");
            project.sh("chmod 755 . forewarn");
            let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "./forewarn", "check"];
            let ran = std::process::Command::new("setpriv").args(nobody).current_dir(project.path("")).output().expect("setpriv");
            let said = String::from_utf8_lossy(&ran.stderr).into_owned();
            assert_eq!(ran.status.code(), Some(2), "{said}");
            assert!(said.contains(closed) && said.trim_end().lines().count() == 1, "{said}");
        }
        project.sh("chmod 755 content/closed*");
    }
}
