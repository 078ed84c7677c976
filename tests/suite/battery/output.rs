//! O: the output folder.

use super::{built, refused, whole};

#[test]
fn o01_o02_folders_that_are_not_for_output() {
    for (out, named) in [
        (".", "output"),
        ("./", "output"),
        ("..", "output"),
        ("/", "`/`"),
        ("\"\"", "output"),
        ("content", "content"),
        ("content/x", "content"),
        ("themes", "themes"),
        ("forewarn.toml", "forewarn.toml"),
    ] {
        refused(&whole(), &format!("build --out {out}"), named);
    }
}

#[test]
fn o01_the_home_folder_is_not_for_output_though_it_is_empty() {
    let project = whole();
    project.sh("mkdir home");
    let home = project.path("home").display().to_string();
    let ran = project.run_with(&format!("build --out {home}"), &[("HOME", &home)]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("home folder"), "{}", ran.err);
    assert!(project.tree("home").is_empty());
}

#[test]
fn o03_a_folder_that_is_not_ours() {
    let project = whole().file("public/mine.txt", "mine");
    refused(&project, "build", "public");
}

#[test]
fn o04_o06_what_others_put_there_stays() {
    let project = whole();
    built(&project);
    project.write("public/CNAME", "docs.example");
    project.write("public/.git/HEAD", "ref");
    project.write("public/notes.txt", "mine");
    let ran = project.run("build");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("notes.txt"), "{}", ran.err);
    for (path, text) in [("CNAME", "docs.example"), (".git/HEAD", "ref"), ("notes.txt", "mine")] {
        assert_eq!(project.read(&format!("public/{path}")), text);
    }
}

#[test]
fn o05_what_was_edited_by_hand_is_never_lost() {
    let project = whole();
    built(&project);
    project.write("public/index.html", "edited");
    refused(&project, "build", "index.html");
}

#[cfg(unix)]
#[test]
fn o07_a_link_and_a_file_in_its_place() {
    let project = whole();
    project.sh("mkdir elsewhere; ln -s elsewhere public");
    refused(&project, "build", "public");
    let project = whole().file("public", "a file");
    refused(&project, "build", "public");
}

#[cfg(unix)]
#[test]
fn o07_a_folder_that_may_not_be_written() {
    let project = whole();
    project.sh("mkdir public; chmod 555 public");
    refused(&project, "build", "read-only");
    project.sh("chmod 755 public");
}

#[test]
fn o09_a_failing_build_touches_nothing_whatever_the_folder_is() {
    let broken = "+++\nnokey = 1\n+++\n";
    for script in [
        "mkdir public; echo mine > public/mine.txt",
        "echo a file > public",
        "mkdir elsewhere; echo mine > elsewhere/x; ln -s elsewhere public",
        "mkdir public; echo '{}' > public/.forewarn-manifest.json; echo mine > public/mine.txt",
        "mkdir -p public/.git; echo docs.example > public/CNAME",
        "mkdir public; chmod 555 public",
    ] {
        let project = whole().file("content/deploy.md", broken);
        project.sh(script);
        let before = project.tree("");
        let ran = project.run("build");
        assert!(matches!(ran.code, 1 | 2), "{script}: {}{}", ran.out, ran.err);
        assert_eq!(project.tree(""), before, "{script}");
        project.sh("chmod -R u+w public");
    }
    for change in
        ["echo edited > public/index.html", "echo mine > public/mine.txt", "sed -i s:index.html:../victim: public/.forewarn-manifest.json"]
    {
        let project = whole();
        built(&project);
        project.write("content/deploy.md", broken);
        project.sh(change);
        let before = project.tree("");
        assert!(matches!(project.run("build").code, 1 | 2), "{change}");
        assert_eq!(project.tree(""), before, "{change}");
    }
}

#[test]
fn o08_a_forged_manifest_deletes_nothing() {
    let project = whole().file("victim.txt", "victim");
    built(&project);
    let manifest = project.tree("public").keys().find(|path| path.contains("manifest")).cloned().expect("a manifest");
    let forged = project.read(&format!("public/{manifest}")).replace("index.html", "../victim.txt");
    project.write(&format!("public/{manifest}"), forged);
    let ran = project.run("build");
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert_eq!(project.read("victim.txt"), "victim");
}

#[test]
fn o09_a_failing_build_leaves_the_old_one() {
    let project = whole();
    let before = built(&project);
    project.write("content/deploy.md", "+++\nnokey = 1\n+++\n");
    assert_eq!(project.run("build").code, 1);
    assert_eq!(project.tree("public"), before);
}

#[test]
fn what_is_gone_from_the_content_is_gone_from_the_output() {
    let project = whole().file("content/old.md", "# Old\n");
    assert!(built(&project).contains_key("old/index.html"));
    project.sh("rm content/old.md");
    assert!(!built(&project).contains_key("old/index.html"));
}

#[test]
fn building_twice_gives_the_same_bytes() {
    let project = whole();
    let first = built(&project);
    assert_eq!(built(&project), first);
    project.sh("rm -r public");
    assert_eq!(built(&project), first);
}
