//! What git knows of a handbook, and where its site will stand: G01, G02, G03, G07 and the order of addresses.

use crate::project::{Project, Ran};

const DEPLOY: &str = "+++\nkind = \"process\"\ntitle = \"Deploy\"\naliases = [\"/old/\"]\n[review]\nlast = 2026-09-14\n+++\n\n## Steps\n\n1. **Build.** Run it.\n";

fn handbook(settings: &str) -> Project {
    Project::with(&[
        ("forewarn.toml", settings),
        ("content/index.md", "# Home\n\nSee [deploy](deploy.md).\n"),
        ("content/deploy.md", DEPLOY),
    ])
}

fn built(project: &Project, arguments: &str, variables: &[(&str, &str)]) -> Ran {
    let ran = project.run_with(&format!("build {arguments}"), variables);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    ran
}

/// Pages below a folder that say when they were last changed.
fn dated(project: &Project, folder: &str) -> Vec<String> {
    let says = |(path, bytes): (String, Vec<u8>)| String::from_utf8_lossy(&bytes).contains("ast changed").then_some(path);
    project.tree(folder).into_iter().filter_map(says).collect()
}

/// Whether any byte of the output, or the path of any of its files, holds a text.
fn holds(project: &Project, folder: &str, text: &str) -> Vec<String> {
    let found = |(path, bytes): &(String, Vec<u8>)| path.contains(text) || bytes.windows(text.len()).any(|part| part == text.as_bytes());
    project.tree(folder).into_iter().filter(found).map(|(path, _)| path).collect()
}

#[test]
fn a_page_says_when_it_was_last_changed() {
    let project = handbook("title = \"H\"\n").committed();
    project.write("content/new.md", "# New\n");
    built(&project, "", &[]);
    assert!(project.read("public/deploy/index.html").contains("Last changed 10 Nov 2026"));
    assert!(!project.read("public/new/index.html").contains("Last changed"));
    assert!(project.read("public/print/index.html").contains("last changed 10 Nov 2026"));
    let first = project.tree("public");
    built(&project, "--out again", &[("TZ", "Pacific/Kiritimati"), ("LC_ALL", "tr_TR.UTF-8"), ("RAYON_NUM_THREADS", "1")]);
    assert_eq!(project.tree("again"), first);
}

#[test]
fn the_newest_commit_of_each_page_counts_also_below_a_folder_and_with_configuration_of_ones_own() {
    let project =
        Project::with(&[("docs/forewarn.toml", ""), ("docs/content/a b.md", "# A\n"), ("docs/content/é.md", "# E\n")]).committed();
    project
        .git("config log.showSignature true")
        .git("config color.ui always")
        .git("config diff.noprefix true")
        .git("config log.date relative");
    project.write("docs/content/é.md", "# E\n\nMore.\n");
    project.sh("git add -A && GIT_COMMITTER_DATE=2026-11-12T23:30:00-0200 git -c user.name=A -c user.email=a@example.org commit -qm more");
    let ran = project.run("--root docs build");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(project.read("docs/public/a b/index.html").contains("Last changed 10 Nov 2026"));
    assert!(project.read("docs/public/é/index.html").contains("Last changed 13 Nov 2026"), "days are those of UTC");
}

#[test]
fn g01_a_shallow_clone_gives_no_dates_and_one_warning() {
    let project = handbook("title = \"H\"\n").committed();
    project.write("content/deploy.md", format!("{DEPLOY}\nMore.\n"));
    project.commit();
    project.sh("git clone -q --depth 1 \"file://$PWD\" shallow");
    let ran = project.run("--root shallow build");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_eq!(ran.err.lines().filter(|line| line.contains("shallow")).count(), 1, "{}", ran.err);
    assert_eq!(ran.err.lines().filter(|line| line.starts_with("warning")).count(), 1, "{}", ran.err);
    assert_eq!(dated(&project, "shallow/public"), [""; 0]);
}

#[test]
fn g02_without_git_without_a_repository_and_without_commits_nothing_is_said() {
    let no_repository = handbook("title = \"H\"\n");
    let no_commits = handbook("title = \"H\"\n");
    no_commits.git("init -q");
    let no_git = handbook("title = \"H\"\n").committed();
    let not_committed = Project::with(&[("other.md", "x")]).committed();
    not_committed.write("content/index.md", "# Home\n");
    let bare = handbook("title = \"H\"\n");
    bare.sh("mkdir .git");
    for (project, variables) in
        [(no_repository, vec![]), (no_commits, vec![]), (no_git, vec![("PATH", "/nowhere")]), (not_committed, vec![]), (bare, vec![])]
    {
        let ran = built(&project, "", &variables);
        assert_eq!(dated(&project, "public"), [""; 0]);
        assert!(!ran.err.contains("git") && !ran.err.contains("warning"), "{}", ran.err);
    }
}

#[test]
fn g03_a_draft_leaves_no_trace() {
    let canary = "Zugzwang";
    let project = handbook("title = \"H\"\nbase_url = \"https://acme.example/\"\naudience = \"public\"\n").file(
        "content/Zugzwang.md",
        "+++\nkind = \"process\"\ntitle = \"Zugzwang\"\ndraft = true\ntags = [\"Zugzwang\"]\naliases = [\"/Zugzwang-old/\"]\n[review]\nlast = 2026-11-01\n+++\n\n## Steps\n\n1. **Zugzwang.** Zugzwang.\n\n   ```failure\n   class = \"human\"\n   title = \"Zugzwang\"\n   ```\n",
    );
    let project = project
        .file(
            "content/incidents/Zugzwang-down.md",
            "+++\nkind = \"incident\"\ntitle = \"Zugzwang\"\ndraft = true\ndate = 2026-11-01\nprocess = \"deploy\"\n+++\nZugzwang\n",
        )
        .file("content/Zugzwang-system.md", "+++\nkind = \"system\"\ntitle = \"Zugzwang\"\ndraft = true\n+++\n")
        .committed();
    let ran = built(&project, "", &[]);
    assert_eq!(holds(&project, "public", canary), [""; 0], "{}{}", ran.out, ran.err);
    assert!(project.tree("public").contains_key("feed.xml") && project.tree("public").contains_key("sitemap.xml"));
    built(&project, "--drafts --out drafts", &[]);
    assert!(holds(&project, "drafts", canary).len() > 5, "the canary sings where it is let out");
}

#[test]
fn old_addresses_lead_to_the_page() {
    let project = handbook("title = \"H\"\n");
    built(&project, "", &[]);
    let html = project.read("public/old/index.html");
    assert!(html.contains("url=../deploy/") && html.contains("<a href=\"../deploy/\">") && !html.contains("canonical"), "{html}");
}

#[test]
fn the_address_comes_from_the_flag_the_settings_the_environment_or_the_remote() {
    let with_setting = handbook("base_url = \"https://setting.example/h/\"\n").committed();
    let without = handbook("").committed();
    for project in [&with_setting, &without] {
        project.git("remote add origin git@github.com:Acme/handbook.git");
    }
    let base = |project: &Project, arguments: &str, variables: &[(&str, &str)]| {
        let ran = built(project, arguments, variables);
        let feed = project.read("public/feed.xml");
        let id = feed.split("<id>").nth(1).and_then(|rest| rest.split("</id>").next()).unwrap_or_default().to_owned();
        (id, ran.err)
    };
    let variable = [("FOREWARN_BASE_URL", "https://variable.example")];
    assert_eq!(base(&with_setting, "--base-url https://flag.example/x", &variable).0, "https://flag.example/x/");
    assert_eq!(base(&with_setting, "", &variable).0, "https://setting.example/h/");
    assert_eq!(base(&without, "", &variable).0, "https://variable.example/");
    let (address, said) = base(&without, "", &[]);
    assert_eq!(address, "https://acme.github.io/handbook/");
    assert!(said.contains("https://acme.github.io/handbook/") && said.contains("origin"), "{said}");
    assert!(without.read("public/404.html").contains("href=\"/handbook/\""));
    assert!(without.read("public/deploy/index.html").contains("https://github.com/Acme/handbook/edit/main/content/deploy.md"));
}

#[test]
fn without_an_address_the_feed_is_left_out_with_a_note() {
    let project = handbook("audience = \"public\"\n");
    let ran = built(&project, "", &[]);
    let files = project.tree("public");
    assert!(!files.contains_key("feed.xml") && !files.contains_key("sitemap.xml"));
    assert!(ran.err.contains("feed.xml") && ran.err.contains("sitemap.xml") && ran.err.contains("base_url"), "{}", ran.err);
    for arguments in ["--base-url acme.example", "--base-url javascript:x"] {
        let ran = project.run(&format!("build {arguments}"));
        assert_eq!((ran.code, ran.err.trim_end().lines().count()), (2, 1), "{}", ran.err);
    }
}

#[test]
fn edit_links_of_a_handbook_below_a_folder_lead_there() {
    let project = Project::with(&[("docs/forewarn.toml", ""), ("docs/content/a.md", "# A\n")]).committed();
    project.git("remote add origin https://gitlab.com/acme/h.git");
    assert_eq!(project.run("--root docs build").code, 0);
    assert!(project.read("docs/public/a/index.html").contains("https://gitlab.com/acme/h/-/edit/main/docs/content/a.md"));
}

#[test]
fn g07_a_credential_in_the_remote_comes_out_nowhere() {
    let project = handbook("").committed();
    project.git("remote add origin https://bot:hunter2@github.com/acme/handbook.git");
    let ran = built(&project, "", &[]);
    assert!(!ran.err.contains("hunter2") && !ran.out.contains("hunter2"), "{}", ran.err);
    assert_eq!(holds(&project, "public", "hunter2"), [""; 0]);
    assert!(project.read("public/deploy/index.html").contains("https://github.com/acme/handbook/edit/"));
}

#[test]
fn a_remote_on_this_machine_comes_out_nowhere() {
    let project = handbook("").committed();
    project.git("remote add origin /srv/Zugzwang/handbook.git");
    let ran = built(&project, "", &[]);
    assert_eq!(holds(&project, "public", "Zugzwang"), [""; 0]);
    assert!(ran.err.contains("feed.xml"), "{}", ran.err);
}
