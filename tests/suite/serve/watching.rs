//! Group W: whatever editors, people and version control do to the files, what is served ends on the last edit.

use std::time::Duration;

use crate::project::Project;
use crate::serve::server::{DEPLOY, Server, handbook};

fn text(words: &str) -> String {
    format!("# Page A\n\n{words}\n")
}

#[test]
fn w01_every_editors_way_of_saving_is_seen_and_its_files_are_not_served() {
    let project = handbook();
    let server = Server::start(&project, &[]);
    let ways = [
        ("vim", "touch content/4913; rm content/4913; mv content/a.md content/a.md~; cp NEW content/a.md; rm content/a.md~"),
        ("vim-swap", "echo swap > content/.a.md.swp; cat NEW > content/a.md; rm content/.a.md.swp"),
        ("vscode", "cat NEW > content/a.md"),
        (
            "jetbrains",
            "cp NEW content/a.md___jb_tmp___; mv content/a.md content/a.md___jb_old___; mv content/a.md___jb_tmp___ content/a.md; rm content/a.md___jb_old___",
        ),
        ("emacs", "ln -s me@host.1 content/.#a.md; cp NEW content/#a.md#; cp NEW content/a.md; rm content/#a.md# content/.#a.md"),
        ("cp", "cp NEW content/a.md"),
        ("mv", "cp NEW content/other; mv content/other content/a.md"),
        ("mv-from-outside", "cp NEW elsewhere; mv elsewhere content/a.md"),
        ("two-steps", ": > content/a.md; sleep 0.05; cat NEW >> content/a.md"),
        ("removed-first", "rm content/a.md; sleep 0.05; cp NEW content/a.md"),
    ];
    for (name, way) in ways {
        project.write("NEW", text(&format!("Saved by {name}.")));
        project.sh(way);
        server.wait_for("/a/", &format!("Saved by {name}."));
    }
    project.write("NEW", "Saved by sed");
    project.sh(
        "sed -i 's/Saved by removed-first/Saved by sed/' content/a.md; echo swap > content/.a.md.swp; cp content/a.md content/a.md.orig",
    );
    server.wait_for("/a/", "Saved by sed");
    for path in ["/.a.md.swp", "/a.md.orig", "/a.md~", "/4913"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    server.wait_until_clean(&project);
}

#[test]
fn w02_a_checkout_of_thousands_there_and_back_takes_few_builds() {
    let many = if std::env::var_os("FOREWARN_TEST_FULL").is_some() { 5_000 } else { 600 };
    let project = Project::with(&[("forewarn.toml", "title = \"Many\"\n"), ("content/index.md", "# Many\n"), (".gitignore", "public\n")]);
    let write = |words: &str| {
        (0..many).for_each(|page| project.write(&format!("content/{}/p{page}.md", page % 20), format!("# P {page}\n\n{words}\n")))
    };
    write("The old text.");
    let project = project.committed();
    project.git("checkout -q -b other");
    let write = |words: &str| {
        (0..many).for_each(|page| project.write(&format!("content/{}/p{page}.md", page % 20), format!("# P {page}\n\n{words}\n")))
    };
    write("The new text.");
    project.commit();
    let server = Server::start(&project, &[]);
    assert!(server.get("/3/p3/").text().contains("The new text."));
    let before = server.rebuilds();
    project.git("checkout -q main");
    server.wait_for("/3/p3/", "The old text.");
    project.git("checkout -q other");
    let all = |server: &Server| {
        (0..many).step_by(97).all(|page| server.get(&format!("/{}/p{page}/", page % 20)).text().contains("The new text."))
    };
    server.wait("new text everywhere", all);
    std::thread::sleep(Duration::from_millis(500));
    let builds = server.rebuilds() - before;
    assert!(builds <= 5, "{builds} builds\n{}", server.out());
    assert!(all(&server));
}

/// The queue of events is made to overflow for real: whoever reads it is stopped while more happens than it holds, and the edit comes last.
#[cfg(target_os = "linux")]
#[test]
fn w03_an_edit_whose_event_was_lost_is_seen_all_the_same() {
    let project = handbook();
    let server = Server::start(&project, &[]);
    server.wait_for("/a/", "The text of a.");
    let room: usize = std::fs::read_to_string("/proc/sys/fs/inotify/max_queued_events").expect("Linux").trim().parse().expect("a number");
    let signal = |name: &str| project.sh(&format!("kill -{name} {}", server.id()));
    signal("STOP");
    // Two in turn, since the system makes one event of the same twice.
    let files = ["content/one.txt", "content/other.txt"].map(|file| std::fs::File::create(project.path(file)).expect("a file"));
    for n in 0..room + 10 {
        std::io::Write::write_all(&mut &files[n % 2], b".").expect("written");
    }
    project.write("content/a.md", text("Its event was lost."));
    signal("CONT");
    server.wait_for("/a/", "Its event was lost.");
    server.wait_until_clean(&project);
}

#[test]
fn w04_without_watches_there_is_one_warning_and_changes_are_seen() {
    let project = handbook();
    let server = Server::start_with(&project, &[], &[("FOREWARN_TEST_NO_WATCHES", "1")]);
    assert!(server.out().contains("by polling"), "{}", server.out());
    server.wait("a warning", |server| server.err().contains("files are looked at every"));
    project.write("content/a.md", text("Seen all the same."));
    server.wait_for("/a/", "Seen all the same.");
    project.sh("mkdir content/new; echo '# Inside' > content/new/x.md");
    server.wait_for("/new/x/", "Inside");
    assert_eq!(server.err().lines().count(), 1, "{}", server.err());
}

#[test]
fn polling_is_there_for_whoever_asks() {
    let project = handbook();
    let server = Server::start(&project, &["--poll"]);
    assert!(server.out().contains("by polling") && server.err().is_empty(), "{}{}", server.out(), server.err());
    project.write("content/a.md", text("Seen by polling."));
    server.wait_for("/a/", "Seen by polling.");
}

#[test]
fn w05_pages_sections_theme_and_settings_come_move_and_go() {
    let project = handbook();
    let server = Server::start(&project, &[]);
    project.sh("mkdir -p content/ops/deep; echo '# Deep' > content/ops/deep/x.md; echo '# Ops' > content/ops/index.md");
    server.wait_for("/ops/deep/x/", "Deep");
    server.wait_until_clean(&project);
    project.sh("mv content/ops content/operations");
    server.wait_for("/operations/deep/x/", "Deep");
    server.wait("old section to be gone", |server| server.get("/ops/deep/x/").status == 404);
    project.sh("mv content/operations/deep/x.md content/operations/y.md");
    server.wait_for("/operations/y/", "Deep");
    project.sh("echo more >> content/operations/y.md");
    server.wait_for("/operations/y/", "more");
    project.write("forewarn.toml", "title = \"Renamed\"\n");
    server.wait_for("/operations/y/", "Renamed");
    project.write("themes/default/static/style.css", "body { color: red }");
    server.wait_for("/_theme/style.css", "color: red");
    project.write("themes/default/templates/page.html", "{% extends \"default/page.html\" %}{% block content %}MINE{% endblock content %}");
    server.wait_for("/operations/y/", "MINE");
    project.sh("rm themes/default/templates/page.html");
    server.wait_for("/operations/y/", "more");
    project.sh("mv themes elsewhere");
    server.wait("the theme of the binary", |server| !server.get("/_theme/style.css").text().starts_with("body { color: red }"));
    project.sh("mv elsewhere themes; echo 'b { color: blue }' >> themes/default/static/style.css");
    server.wait_for("/_theme/style.css", "color: blue");
    project.sh("rm forewarn.toml; rm content/b.md; rm -r content/operations; rm -r themes");
    server.wait("the page to be gone", |server| server.get("/b/").status == 404 && server.get("/operations/y/").status == 404);
    server.wait_until_clean(&project);
}

#[test]
fn w06_the_last_of_fifty_edits_during_builds_wins() {
    let project = handbook();
    let server = Server::start(&project, &[]);
    for edit in 0..50 {
        project.write("content/a.md", text(&format!("Edit number {edit}.")));
        std::thread::sleep(Duration::from_millis(15));
    }
    server.wait_for("/a/", "Edit number 49.");
    server.wait_until_clean(&project);
}

#[test]
fn w07_a_broken_page_stays_as_it_was_until_it_is_mended() {
    let project = handbook();
    let server = Server::start(&project, &[]);
    project.write("content/deploy.md", format!("{DEPLOY}\nA new sentence.\n\n```failure\nclass = \"nonsense\"\ntitle = \"x\"\n```\n"));
    server.wait("a fault", |server| server.get("/.forewarn/findings?page=%2Fdeploy%2F").text().contains("nonsense"));
    let page = server.get("/deploy/");
    assert!(page.status == 200 && page.text().contains("Move the traffic.") && !page.text().contains("A new sentence."));
    assert!(server.out().contains("error[invalid-value]") && server.out().contains("content/deploy.md:"), "{}", server.out());
    project.write("content/a.md", text("Another page goes on."));
    server.wait_for("/a/", "Another page goes on.");
    project.write("content/deploy.md", format!("{DEPLOY}\nA new sentence.\n"));
    server.wait_for("/deploy/", "A new sentence.");
    server.wait_until_clean(&project);
}

#[test]
fn w07_a_page_that_was_never_good_shows_its_faults() {
    let project = handbook();
    project.write("content/deploy.md", format!("{DEPLOY}\n```failure\nclass = \"nonsense\"\ntitle = \"x\"\n```\n"));
    let server = Server::start(&project, &[]);
    let page = server.get("/deploy/").text();
    assert!(
        page.contains("content/deploy.md cannot be read yet") && page.contains("nonsense") && page.contains(".forewarn/live.js"),
        "{page}"
    );
    project.write("content/deploy.md", DEPLOY);
    server.wait_for("/deploy/", "Move the traffic.");
}

#[test]
fn w07_settings_and_themes_that_cannot_be_read_change_nothing_until_they_can() {
    let project = handbook();
    let server = Server::start(&project, &[]);
    project.write("forewarn.toml", "title = \"Half");
    server.wait("a fault", |server| server.get("/.forewarn/findings?page=%2F").text().contains("\"here\":true"));
    assert!(server.get("/a/").text().contains("Small"));
    project.write("forewarn.toml", "title = \"Whole\"\n");
    server.wait_for("/a/", "Whole");
    project.write("themes/default/templates/page.html", "{% block x %}");
    server.wait("trouble", |server| server.get("/.forewarn/findings?page=%2F").text().contains("templates"));
    assert!(server.get("/a/").text().contains("The text of a."));
    project.sh("rm -r themes");
    server.wait("no trouble", |server| server.get("/.forewarn/findings?page=%2F").text().contains("\"trouble\":null"));
    server.wait_until_clean(&project);
}

#[test]
fn w08_the_output_inside_the_watched_tree_starts_no_rebuild() {
    let project = handbook();
    let server = Server::start(&project, &[]);
    for _ in 0..3 {
        assert_eq!(project.run("build").code, 0);
    }
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(server.rebuilds(), 0, "{}", server.out());
}

#[test]
fn w09_content_that_is_deleted_and_restored_is_served_again() {
    let project = handbook();
    let server = Server::start(&project, &[]);
    project.sh("cp -r content kept; rm -r content");
    server.wait("a word on it", |server| server.err().contains("there is no `content/`"));
    assert!(server.get("/a/").text().contains("The text of a."));
    project.sh("cp -r kept content; echo 'It is back.' >> content/a.md");
    server.wait_for("/a/", "It is back.");
    // What is watched is the folder that has the name now.
    std::thread::sleep(Duration::from_millis(600));
    project.write("content/a.md", text("Still watched."));
    server.wait_for("/a/", "Still watched.");
    server.wait_until_clean(&project);
}

#[test]
fn edits_at_twenty_a_second_end_equal_to_a_clean_build_and_no_page_is_ever_mixed() {
    // The promise is for a thousand; so many take a minute, so they are for those who ask.
    let edits = if std::env::var_os("FOREWARN_TEST_FULL").is_some() { 1_000 } else { 100 };
    let project = Project::with(&[("forewarn.toml", "title = \"Many edits\"\n"), ("content/index.md", "# Many edits\n")]);
    let write = |page: usize, edit: usize| {
        project.write(&format!("content/p{page}.md"), format!("# Page {page} of edit {edit}\n\nThe text of edit {edit}.\n"));
    };
    (0..10).for_each(|page| write(page, 0));
    let server = Server::start(&project, &[]);
    std::thread::scope(|scope| {
        let editing = scope.spawn(|| {
            for edit in 1..=edits {
                write(edit % 10, edit);
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        let mut asked = 0;
        while !editing.is_finished() {
            let answer = server.get(&format!("/p{}/", asked % 10));
            // A file is empty for a moment while it is written, and that moment may be served; what may not is half of one edit and half of another.
            assert_eq!(answer.status, 200);
            let page = answer.text();
            let number = |after: &str| {
                let rest = page.split(after).nth(1)?.split("of edit ").nth(1)?;
                rest.split(|c: char| !c.is_ascii_digit()).next().map(str::to_owned)
            };
            let (heading, text) = (number("<h1"), number("<p>The text "));
            assert!(heading == text || text.is_none(), "{heading:?} {text:?}");
            assert!(page.ends_with("</html>\n"));
            asked += 1;
        }
    });
    server.wait_for(&format!("/p{}/", edits % 10), &format!("The text of edit {edits}."));
    server.wait_until_clean(&project);
}

#[test]
fn memory_does_not_grow_with_rebuilds() {
    let rounds = if std::env::var_os("FOREWARN_TEST_FULL").is_some() { 1_000 } else { 60 };
    let Some(_) = resident(std::process::id()) else { return };
    let project = handbook();
    let server = Server::start(&project, &[]);
    let mut early = 0;
    for round in 0..rounds {
        let words = format!("Round {round}. {}", "Words. ".repeat(2_000));
        project.write("content/a.md", text(&words));
        server.wait_for("/a/", &format!("Round {round}."));
        if round == rounds / 3 {
            early = resident(server.id()).expect("the size of the server");
        }
    }
    let late = resident(server.id()).expect("the size of the server");
    assert!(late < early + early / 4 + 8_000, "{early} kB after a third, {late} kB at the end");
}

#[test]
fn a_save_beside_a_commit_shows_the_new_day_of_the_page() {
    let project = handbook().committed();
    let server = Server::start(&project, &[]);
    server.wait_for("/a/", "10 Nov 2026");
    // The commit is there first; then the folder goes and comes, so that anything may have changed, and only one text has.
    project.sh("cp -r content other; printf '\nOne more paragraph.\n' >> other/a.md; \
         git update-index --cacheinfo 100644,$(git hash-object -w other/a.md),content/a.md; \
         GIT_AUTHOR_DATE=2026-11-18T12:00:00Z GIT_COMMITTER_DATE=2026-11-18T12:00:00Z \
         git -c user.name=Ada -c user.email=ada@example.org commit -q -m version; \
         mv content gone; mv other content");
    server.wait_for("/a/", "One more paragraph.");
    server.wait_for("/a/", "18 Nov 2026");
    server.wait_until_clean(&project);
}

/// The kilobytes that a process holds, where the system tells.
fn resident(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().split(' ').next()?.parse().ok())
}
