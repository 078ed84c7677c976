//! `publish`: what it puts on a branch of another repository, what it leaves alone, and what it never says. G05 to G08, P12 to P14.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use crate::project::{Project, Ran};

const DEPLOY: &str = "+++\nkind = \"process\"\ntitle = \"Deploy\"\n[review]\nlast = 2026-09-14\n+++\n\n## Steps\n\n1. **Build.** Run it.\n";

/// A handbook under version control, and a bare repository that it calls `origin`.
struct Pair {
    handbook: Project,
    remote: Project,
}

fn handbook() -> Project {
    Project::with(&[
        ("forewarn.toml", "title = \"Handbook\"\nbase_url = \"https://acme.example/\"\n"),
        ("content/index.md", "# Home\n\nSee [deploy](deploy.md).\n"),
        ("content/deploy.md", DEPLOY),
        ("content/phone.md", "# Telephone\n"),
    ])
}

fn pair() -> Pair {
    Pair::of(handbook())
}

impl Pair {
    fn of(handbook: Project) -> Self {
        let pair = Self { handbook: handbook.committed(), remote: Project::empty() };
        pair.remote.git("init -q --bare -b main --object-format=sha1 .");
        pair.handbook.git(&format!("remote add origin \"{}\"", pair.remote.path("").display()));
        pair
    }

    fn publish(&self, arguments: &str) -> Ran {
        self.handbook.run(&format!("publish {arguments}"))
    }

    /// Publishes, and it has to work.
    fn published(&self, arguments: &str) -> Ran {
        let ran = self.publish(arguments);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        ran
    }

    /// Every commit of the branch, the newest first.
    fn commits(&self) -> Vec<String> {
        let exists = self.remote.path("refs/heads/gh-pages").exists();
        if exists { lines(&self.remote, "rev-list --first-parent gh-pages") } else { Vec::new() }
    }

    /// Every file of the branch with its bytes.
    fn branch(&self) -> BTreeMap<String, Vec<u8>> {
        let checkout = tempfile::tempdir().expect("a folder");
        let target = checkout.path().display();
        self.remote.sh(&format!("git -c core.autocrlf=false archive gh-pages | tar -x -C \"{target}\""));
        crate::project::tree(checkout.path())
    }

    /// Paths that the last commit of the branch touches, with how.
    fn last_changes(&self) -> BTreeSet<String> {
        let listed = ask(&self.remote, &["diff-tree", "-r", "-z", "--no-commit-id", "--name-status", "--root", "gh-pages"]);
        listed.split('\0').collect::<Vec<_>>().chunks_exact(2).map(|pair| format!("{} {}", pair[0], pair[1])).collect()
    }

    /// A commit of somebody else on top of the branch, with one file; the branch does not move yet.
    fn others(&self, path: &str, text: &str, message: &str) -> String {
        self.remote.write("others-file", text);
        self.remote.sh(&format!(
            "export GIT_INDEX_FILE=others-index GIT_AUTHOR_NAME=Bo GIT_AUTHOR_EMAIL=bo@example.org GIT_COMMITTER_NAME=Bo GIT_COMMITTER_EMAIL=bo@example.org
             rm -f others-index
             parent=$(git rev-parse --verify --quiet refs/heads/gh-pages || true)
             if [ -n \"$parent\" ]; then git read-tree $parent; else git read-tree --empty; fi
             git update-index --add --replace --cacheinfo 100644,$(git hash-object -w others-file),'{path}'
             git commit-tree $(git write-tree) ${{parent:+-p $parent}} -m '{message}' >others-commit"
        ));
        self.remote.read("others-commit").trim().to_owned()
    }

    /// The same, and the branch moves.
    fn others_push(&self, path: &str, text: &str) -> String {
        let commit = self.others(path, text, "By hand");
        self.remote.git(&format!("update-ref refs/heads/gh-pages {commit}"));
        commit
    }

    /// Publishes while, `times` times, something happens at the remote right before the push.
    fn publish_while(&self, times: usize, happens: &str) -> Ran {
        let bin = Project::empty();
        let (real, count) = (real_git(), bin.path("count").display().to_string());
        bin.sh(&format!("printf '' >'{count}'"));
        bin.write(
            "git",
            format!(
                "#!/bin/sh\nfor word; do\n  if [ \"$word\" = push ] && [ $(wc -c <'{count}') -lt {times} ]; then\n    printf x >>'{count}'\n    \
                 (cd '{}' && git() {{ '{real}' \"$@\"; }} && {happens}) || exit 9\n  fi\ndone\nexec '{real}' \"$@\"\n",
                self.remote.path("").display()
            ),
        );
        bin.sh("chmod +x git");
        let path = format!("{}:{}", bin.path("").display(), std::env::var("PATH").expect("PATH"));
        self.handbook.run_with("publish", &[("PATH", &path)])
    }
}

fn real_git() -> String {
    let found = Command::new("sh").args(["-c", "command -v git"]).output().expect("sh").stdout;
    String::from_utf8(found).expect("a path").trim().to_owned()
}

/// What git answers in a folder.
fn ask(project: &Project, arguments: &[&str]) -> String {
    let answer =
        Command::new("git").args(["-c", "core.quotePath=false"]).args(arguments).current_dir(project.path("")).output().expect("git");
    assert!(answer.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8_lossy(&answer.stdout).into_owned()
}

fn lines(project: &Project, arguments: &str) -> Vec<String> {
    ask(project, &arguments.split(' ').collect::<Vec<_>>()).lines().map(str::to_owned).collect()
}

/// Work tree, index, branches and configuration: everything of a clone but its objects and what it knows of remotes.
fn clone_of(project: &Project) -> BTreeMap<String, Vec<u8>> {
    let known = |path: &str| [".git/objects", ".git/refs/remotes", ".git/logs/refs/remotes"].iter().any(|start| path.starts_with(start));
    project.tree("").into_iter().filter(|(path, _)| !known(path)).collect()
}

#[test]
fn the_first_publish_makes_the_branch_and_leaves_the_clone_alone() {
    let pair = pair();
    pair.handbook.write("content/phone.md", "# Telephone\n\nStaged.\n");
    pair.handbook.git("add content/phone.md");
    let before = clone_of(&pair.handbook);
    let ran = pair.published("");
    assert_eq!(clone_of(&pair.handbook), before);
    assert!(ran.out.starts_with("published ") && ran.out.contains("a new branch: "), "{}", ran.out);
    assert_eq!(pair.commits().len(), 1);

    // It is a build, to the byte.
    assert_eq!(pair.handbook.run("build").code, 0);
    let mut built = pair.handbook.tree("public");
    built.insert(".nojekyll".to_owned(), Vec::new());
    assert_eq!(pair.branch(), built);
    assert!(built.keys().any(|path| path.starts_with("_theme/")), "folders with an underscore are served thanks to .nojekyll");
}

#[test]
fn the_commit_names_its_source_and_says_when_the_handbook_was_changed() {
    let pair = pair();
    let source = lines(&pair.handbook, "rev-parse HEAD")[0].clone();
    // Neither an old build nor other files make the handbook another one.
    pair.handbook.write("public/index.html", "old");
    pair.handbook.write("notes.txt", "mine");
    pair.published("");
    let message = ask(&pair.remote, &["log", "-1", "--format=%B", "gh-pages"]);
    assert!(message.contains(&format!("Source-Commit: {source}\n")) && !message.contains("uncommitted"), "{message}");

    for (path, text) in
        [("content/phone.md", "# Telephone\n\nChanged.\n"), ("content/new.md", "# New\n"), ("content/secret.md", "# Ignored\n")]
    {
        pair.handbook.git("reset -q --hard").git("clean -qfdx");
        pair.handbook.write(".git/info/exclude", "content/secret.md\n*.swp\n");
        pair.handbook.write("content/.deploy.md.swp", "an editor's");
        pair.handbook.write(path, text);
        let ran = pair.published("");
        assert!(ran.out.contains(" with uncommitted changes to "), "{path}: {}", ran.out);
        let message = ask(&pair.remote, &["log", "-1", "--format=%B", "gh-pages"]);
        assert!(message.starts_with(&format!("Publish {} with uncommitted changes\n", &source[..10])), "{path}: {message}");
        assert!(message.contains("Source-State: dirty\n"), "{path}: {message}");
    }
    pair.handbook.git("reset -q --hard").git("clean -qfdx");
    pair.handbook.write("content/.deploy.md.swp", "an editor's");
    assert!(!pair.published("").out.contains("uncommitted"), "what git ignores and the handbook does not read is no change");
}

#[test]
fn an_update_is_one_commit_with_what_changed() {
    let pair = pair();
    pair.published("");
    let first = pair.commits();
    let before = pair.branch();
    pair.handbook.sh("rm content/phone.md");
    pair.handbook.write("content/index.md", "# Home\n\nSee [deploy](deploy.md) and [new](new.md).\n");
    pair.handbook.write("content/new.md", "# New\n");
    pair.handbook.commit();
    let ran = pair.published("");
    let commits = pair.commits();
    assert_eq!(commits[1..], first[..]);
    let after = pair.branch();
    assert!(!after.contains_key("phone/index.html") && after.contains_key("new/index.html"));
    let mut expected = BTreeSet::new();
    for path in before.keys().chain(after.keys()) {
        match (before.get(path), after.get(path)) {
            (None, Some(_)) => expected.insert(format!("A {path}")),
            (Some(_), None) => expected.insert(format!("D {path}")),
            (old, new) if old != new => expected.insert(format!("M {path}")),
            _ => false,
        };
    }
    assert_eq!(pair.last_changes(), expected);
    assert!(ran.out.contains("1 added") && ran.out.contains("1 removed"), "{}", ran.out);
}

#[test]
fn where_the_branch_holds_the_site_nothing_is_pushed() {
    let pair = pair();
    pair.published("");
    let before = pair.commits();
    pair.handbook.write("unrelated.txt", "x");
    pair.handbook.commit();
    let ran = pair.published("");
    assert!(ran.out.starts_with("nothing to publish: "), "{}", ran.out);
    assert_eq!(pair.commits(), before);
    assert!(pair.published("--dry-run").out.starts_with("nothing to publish: "));
}

#[test]
fn g05_the_output_folder_is_neither_read_nor_written() {
    let pair = pair();
    assert_eq!(pair.handbook.run("build").code, 0);
    pair.handbook.write("public/index.html", "altered");
    pair.handbook.write("public/foreign.html", "foreign");
    pair.handbook.write("content/index.md", "# Newer\n");
    let before = pair.handbook.tree("public");
    pair.published("");
    assert_eq!(pair.handbook.tree("public"), before);
    let branch = pair.branch();
    assert!(String::from_utf8_lossy(&branch["index.html"]).contains("Newer") && !branch.contains_key("foreign.html"));
}

#[test]
fn findings_at_the_level_keep_the_branch_as_it_is() {
    let pair = pair();
    pair.published("");
    let before = pair.commits();
    pair.handbook.write("content/index.md", "# Home, changed\n");
    let gaps = pair.publish("--fail-on warning");
    assert_eq!((gaps.code, pair.commits()), (1, before.clone()), "{}{}", gaps.out, gaps.err);
    pair.handbook.write("content/index.md", "# Home\n\n[gone](gone.md)\n");
    for arguments in ["", "--dry-run"] {
        let fault = pair.publish(arguments);
        assert_eq!((fault.code, pair.commits()), (1, before.clone()), "{}{}", fault.out, fault.err);
        assert!(fault.out.contains("broken-link") && fault.err.contains("nothing was published"), "{}{}", fault.out, fault.err);
    }
    pair.published("--fail-on never");
    assert_eq!(pair.commits().len(), 2);
    // A page that fails inside stops all, unless nothing is to.
    let broken = pair.handbook.run_with("publish --fail-on fault", &[("FOREWARN_TEST_PANIC", "content/deploy.md")]);
    assert_eq!((broken.code, pair.commits().len()), (1, 2), "{}{}", broken.out, broken.err);
    // The handbook's faults are said even where it could not be published.
    assert_eq!(pair.publish("--remote nowhere").code, 1);
}

#[test]
fn a_dry_run_says_what_would_change_and_writes_nothing() {
    let pair = pair();
    let objects = |project: &Project| project.tree(".git/objects");
    let before = (clone_of(&pair.handbook), objects(&pair.handbook));
    let ran = pair.published("--dry-run");
    assert!(ran.out.starts_with("would publish ") && ran.out.contains("nothing was pushed"), "{}", ran.out);
    assert!(!ran.out.contains("index.html") && pair.published("--dry-run -v").out.contains("  + deploy/index.html\n"), "{}", ran.out);
    assert_eq!((clone_of(&pair.handbook), objects(&pair.handbook)), before);
    assert_eq!(pair.commits(), [""; 0]);

    pair.published("");
    let commits = pair.commits();
    pair.handbook.sh("rm content/phone.md");
    pair.handbook.write("content/new.md", "# New\n");
    let before = objects(&pair.handbook);
    let ran = pair.published("--dry-run");
    for line in ["  + new/index.html\n", "  ~ index.html\n", "  - phone/index.html\n", "1 added, "] {
        assert!(ran.out.contains(line), "{line}: {}", ran.out);
    }
    assert_eq!((objects(&pair.handbook), pair.commits()), (before, commits));
}

#[test]
fn g08_the_name_of_the_site_and_files_of_others_are_kept() {
    let pair = pair();
    pair.others_push("CNAME", "handbook.acme.example\n");
    let theirs = pair.others_push(".well-known/security.txt", "Contact: mailto:bo@example.org\n");
    pair.others_push("index.html", "an older site of another tool");
    let ran = pair.published("");
    let branch = pair.branch();
    assert_eq!(branch["CNAME"], b"handbook.acme.example\n");
    assert_eq!(branch[".well-known/security.txt"], b"Contact: mailto:bo@example.org\n");
    assert_eq!(branch[".nojekyll"], b"");
    assert!(String::from_utf8_lossy(&branch["index.html"]).contains("Handbook"));
    assert!(ran.err.contains("kept `.well-known/security.txt` on `gh-pages`"), "{}", ran.err);
    assert!(!ran.err.contains("kept `CNAME`"), "{}", ran.err);
    assert!(ran.err.contains("`CNAME` on `gh-pages` says `handbook.acme.example`"), "the site is built for another host: {}", ran.err);
    assert!(pair.commits().contains(&theirs), "{:?}", pair.commits());
    let quiet = pair.published("--base-url https://handbook.acme.example/");
    assert!(!quiet.err.contains("CNAME"), "{}", quiet.err);
}

#[test]
fn a_page_that_is_gone_goes_unless_somebody_changed_it_on_the_branch() {
    let pair = pair();
    pair.published("");
    pair.others_push("phone/index.html", "changed by hand");
    pair.handbook.sh("rm content/phone.md content/deploy.md");
    pair.handbook.write("content/index.md", "# Home\n");
    let ran = pair.published("");
    let branch = pair.branch();
    assert_eq!(branch["phone/index.html"], b"changed by hand");
    assert!(!branch.contains_key("deploy/index.html"));
    assert!(ran.err.contains("kept `phone/index.html`"), "{}", ran.err);
}

#[test]
fn a_file_of_others_gives_way_where_the_site_needs_its_place() {
    let pair = pair();
    pair.others_push("deploy", "a file where a folder comes");
    let ran = pair.published("");
    assert!(ran.err.contains("`deploy` on `gh-pages`: a file of others gives way to what the site has there"), "{}", ran.err);
    assert!(pair.branch().contains_key("deploy/index.html"));
    pair.others_push("model.json/x", "a folder where a file comes");
    let ran = pair.published("");
    assert!(ran.err.contains("`model.json/x` on `gh-pages`: a file of others gives way"), "{}", ran.err);
    let branch = pair.branch();
    assert!(branch.contains_key("model.json") && !branch.contains_key("model.json/x"));
}

#[test]
fn a_page_of_another_tool_at_the_place_of_one_of_the_site_is_named() {
    let pair = pair();
    pair.others_push("index.html", "another tool's home");
    let ran = pair.published("");
    assert!(ran.err.contains("`index.html` on `gh-pages`: a file of others gives way to what the site has there"), "{}", ran.err);
    pair.handbook.write("content/index.md", "# Another home\n");
    let ran = pair.published("");
    assert!(!ran.err.contains("of others"), "{}", ran.err);
}

#[test]
fn a_forged_manifest_takes_nothing_away() {
    let pair = pair();
    pair.others_push("keep.txt", "theirs");
    pair.others_push(
        ".forewarn-manifest.json",
        "{\"version\": 1, \"files\": [{\"path\": \"../keep.txt\", \"bytes\": 1, \"sha256\": \"x\"}]}",
    );
    pair.published("");
    assert_eq!(pair.branch()["keep.txt"], b"theirs");
}

#[test]
fn what_others_wrote_on_the_branch_is_no_word_to_git_or_the_terminal() {
    let pair = pair();
    let theirs = pair.others("a\u{1b}[31mb", "theirs", "By hand\n\nSource-Commit: --batch-all-objects");
    pair.remote.git(&format!("update-ref refs/heads/gh-pages {theirs}"));
    let ran = pair.published("");
    assert!(ran.err.contains("kept `a\\u{1b}[31mb`") && !ran.err.contains('\u{1b}'), "{}", ran.err);
    let theirs = pair.others("x", "theirs", "By hand\n\nSource-Commit: --batch-all-objects");
    pair.handbook.write("content/index.md", "# Changed\n");
    let ran = pair.publish_while(1, &format!("git update-ref refs/heads/gh-pages {theirs}"));
    assert_eq!((ran.code, pair.commits()[1].as_str()), (0, theirs.as_str()), "{}{}", ran.out, ran.err);
}

#[test]
fn g06_a_race_lost_to_a_change_by_hand_ends_on_top_of_it() {
    for exists in [true, false] {
        let pair = pair();
        if exists {
            pair.published("");
            pair.handbook.write("content/index.md", "# Changed\n");
        }
        let theirs = pair.others("CNAME", "handbook.acme.example\n", "Choose a name");
        let ran = pair.publish_while(1, &format!("git update-ref refs/heads/gh-pages {theirs}"));
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        assert_eq!(pair.commits()[1], theirs);
        let branch = pair.branch();
        assert_eq!(branch["CNAME"], b"handbook.acme.example\n");
        assert!(String::from_utf8_lossy(&branch["index.html"]).contains(if exists { "Changed" } else { "Home" }));
    }
}

#[test]
fn g06_a_race_that_is_lost_at_the_remote_itself_is_run_again() {
    let pair = pair();
    pair.published("");
    let theirs = pair.others("CNAME", "a.example\n", "Choose a name");
    // The remote has taken the objects, and the branch moves before it is its turn.
    pair.remote.write(
        "hooks/update",
        format!("#!/bin/sh\nif [ ! -e raced ]; then touch raced; git update-ref refs/heads/gh-pages {theirs}; fi\n"),
    );
    pair.remote.sh("chmod +x hooks/update");
    pair.handbook.write("content/index.md", "# Changed\n");
    let ran = pair.published("");
    assert_eq!(pair.commits()[1], theirs, "{}", ran.out);
}

#[test]
fn g06_a_race_lost_to_a_newer_publish_is_reported() {
    let pair = pair();
    pair.published("");
    let source = lines(&pair.handbook, "rev-parse HEAD")[0].clone();
    pair.handbook.write("content/index.md", "# Changed\n");
    for newer in [format!("{:040x}", 7), lines(&pair.handbook, "rev-parse HEAD")[0].clone()] {
        if newer == source {
            pair.handbook.commit();
            pair.handbook.git("checkout -q HEAD^");
            pair.handbook.write("content/index.md", "# Changed once more\n");
        }
        let newer = if newer == source { lines(&pair.handbook, "rev-parse main")[0].clone() } else { newer };
        let theirs = pair.others("index.html", "newer", &format!("Publish\n\nSource-Commit: {newer}"));
        let ran = pair.publish_while(1, &format!("git update-ref refs/heads/gh-pages {theirs}"));
        assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
        assert!(ran.err.contains("meanwhile somebody published") && ran.err.contains("nothing was pushed"), "{}", ran.err);
        assert_eq!(pair.commits()[0], theirs);
    }
}

#[test]
fn g06_a_race_lost_to_an_older_publish_is_won_in_the_end() {
    let pair = pair();
    let older = lines(&pair.handbook, "rev-parse HEAD")[0].clone();
    pair.published("");
    pair.handbook.write("content/index.md", "# Changed\n");
    pair.handbook.commit();
    let theirs = pair.others("index.html", "older", &format!("Publish\n\nSource-Commit: {older}"));
    let ran = pair.publish_while(1, &format!("git update-ref refs/heads/gh-pages {theirs}"));
    assert_eq!((ran.code, pair.commits()[1].as_str()), (0, theirs.as_str()), "{}{}", ran.out, ran.err);
}

#[test]
fn g06_whoever_loses_every_race_gives_up_without_force() {
    let pair = pair();
    pair.published("");
    pair.handbook.write("content/index.md", "# Changed\n");
    let again = "git update-ref refs/heads/gh-pages $(GIT_AUTHOR_NAME=Bo GIT_AUTHOR_EMAIL=b@example.org GIT_COMMITTER_NAME=Bo \
                 GIT_COMMITTER_EMAIL=b@example.org git commit-tree -p gh-pages -m again 'gh-pages^{tree}')";
    let ran = pair.publish_while(99, again);
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("moved 5 times") && ran.err.contains("nothing was pushed"), "{}", ran.err);
    assert_eq!(lines(&pair.remote, "log --format=%s gh-pages").iter().filter(|subject| *subject == "again").count(), 5);
}

#[test]
fn a_remote_that_refuses_is_quoted_and_nothing_is_tried_by_force() {
    let pair = pair();
    pair.published("");
    let before = pair.commits();
    pair.remote.write("hooks/pre-receive", "#!/bin/sh\necho 'the branch is closed until Monday' >&2\nexit 1\n");
    pair.remote.sh("chmod +x hooks/pre-receive");
    pair.handbook.write("content/index.md", "# Changed\n");
    let ran = pair.publish("");
    assert_eq!((ran.code, pair.commits()), (2, before), "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("pre-receive hook declined: the branch is closed until Monday"), "{}", ran.err);
    assert_eq!(ran.err.lines().filter(|line| line.starts_with("error")).count(), 1, "{}", ran.err);
}

#[test]
fn a_later_site_that_is_replaced_by_an_earlier_one_is_named() {
    let pair = pair();
    pair.handbook.write("content/index.md", "# Later\n");
    pair.handbook.commit();
    pair.published("");
    pair.handbook.git("checkout -q HEAD^");
    let ran = pair.published("");
    assert!(ran.err.contains("`gh-pages` held the site of ") && ran.err.contains("which comes after"), "{}", ran.err);
    assert!(!pair.published("").err.contains("comes after"));
}

#[test]
fn a_site_that_is_not_older_is_named_when_it_is_replaced() {
    let pair = pair();
    pair.handbook.git("checkout -q -b theirs");
    pair.handbook.write("content/index.md", "# Theirs\n");
    pair.handbook.commit();
    pair.published("");
    pair.handbook.git("checkout -q -");
    pair.handbook.write("content/index.md", "# Ours\n");
    pair.handbook.commit();
    let ran = pair.published("");
    assert!(ran.err.contains("`gh-pages` held the site of ") && ran.err.contains(", which does not come before "), "{}", ran.err);

    // The same for one whose commit was never fetched.
    pair.handbook.git("checkout -q theirs");
    pair.published("");
    pair.handbook.git("checkout -q -");
    pair.handbook.git("branch -q -D theirs");
    pair.handbook.git("reflog expire --expire=now --all");
    pair.handbook.git("gc -q --prune=now");
    let ran = pair.published("");
    assert!(ran.err.contains("which this clone does not know; if others publish too, `git pull`"), "{}", ran.err);
}

/// A server that answers every request with a status.
fn answering(status: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let _ = stream.read(&mut [0; 4096]);
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
        }
    });
    address
}

#[test]
fn g07_no_credential_is_ever_printed() {
    let (wrong, gone, broken) = (answering("401 Unauthorized"), answering("404 Not Found"), answering("500 Oops"));
    let token = "Zug7wangZug7wang";
    let basic = "WnVnN3dhbmc6WnVnN3dhbmc=";
    let remotes = [
        format!("https://x-access-token:{token}@127.0.0.1:1/acme/handbook.git"),
        format!("https://{token}@127.0.0.1:1/acme/handbook.git"),
        format!("http://x-access-token:{token}@{wrong}/acme/handbook.git"),
        format!("http://{token}@{wrong}/acme/handbook.git"),
        format!("http://{wrong}/acme/handbook.git?private_token={token}"),
        format!("http://bot:{token}@{gone}/acme/handbook.git"),
        format!("http://bot:{token}@{broken}/acme/handbook.git"),
        format!("http://{wrong}/acme/handbook.git"),
        format!("https://bot:{token}@nowhere.invalid/acme/handbook.git"),
        format!("foo://bot:{token}@nowhere.invalid/acme/handbook.git"),
        format!("ssh://bot:{token}@127.0.0.1:1/acme/handbook.git"),
    ];
    for remote in &remotes {
        let helpers = [
            format!("!echo fatal: {token} >&2; echo {token} >&2; exit 1; echo password={token}"),
            format!("!echo password={token} #"),
            String::new(),
        ];
        for (helper, arguments) in helpers.iter().zip(["publish", "publish --dry-run", "publish -v"]) {
            let pair = pair();
            pair.handbook.sh(&format!("git remote set-url origin '{remote}'; git config http.extraHeader 'Authorization: basic {basic}'"));
            pair.handbook.sh(&format!("git config credential.helper '{helper}'"));
            let trace = [("GIT_TRACE", "1"), ("GIT_TRACE_CURL", "1"), ("GIT_CURL_VERBOSE", "1"), ("GH_TOKEN", token)];
            let ran = pair.handbook.run_with(arguments, &trace);
            assert_eq!(ran.code, 2, "{remote}: {}{}", ran.out, ran.err);
            let said = format!("{}{}", ran.out, ran.err);
            assert!(!said.contains("Zug7wang") && !said.contains(basic), "{remote} with {helper}: {said}");
            assert!(said.contains("`gh-pages`") && said.contains("`origin`"), "{said}");
        }
    }
}

#[test]
fn g07_credentials_stay_unsaid_when_all_goes_well() {
    let pair = pair();
    let bare = pair.remote.path("").display().to_string();
    pair.handbook.git("remote set-url origin https://bot:Zug7wang@acme.example/handbook.git");
    pair.handbook.sh(&format!("git config 'url.{bare}.insteadOf' https://bot:Zug7wang@acme.example/handbook.git"));
    let ran = pair.published("-v");
    assert!(
        ran.out.contains("(https://acme.example/handbook.git)") && !format!("{}{}", ran.out, ran.err).contains("Zug7wang"),
        "{}",
        ran.out
    );
    assert_eq!(pair.commits().len(), 1);
}

#[test]
fn what_cannot_be_published_is_one_line_that_says_what_to_do() {
    let refused = |project: &Project, arguments: &str, variables: &[(&str, &str)], words: &[&str]| {
        let ran = project.run_with(&format!("publish {arguments}"), variables);
        assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
        let errors: Vec<_> = ran.err.lines().filter(|line| line.starts_with("error: ")).collect();
        assert!(errors.len() == 1 && words.iter().all(|word| errors[0].contains(word)), "{words:?}: {}", ran.err);
    };
    refused(&handbook(), "", &[], &["lies in no git repository"]);
    refused(&pair().handbook, "", &[("PATH", "/nowhere")], &["git is not installed"]);
    let no_commit = handbook();
    no_commit.git("init -q -b main");
    refused(&no_commit, "", &[], &["has no commit yet"]);
    refused(&handbook().committed(), "", &[], &["has no remote", "git remote add origin"]);
    refused(&pair().handbook, "--remote upstream", &[], &["no remote is called `upstream`", "`origin`"]);
    refused(&pair().handbook, "--remote=--upload-pack=evil", &[], &["no remote is called"]);
    for branch in ["a..b", "-x", "a b", "refs/heads/gh-pages", "HEAD", "\"\""] {
        refused(&pair().handbook, &format!("--branch={branch}").replace("a b", "\"a b\""), &[], &["is no name of a branch"]);
    }
    refused(&pair().handbook, "--branch main", &[], &["is checked out", "--branch"]);
    let sources = pair();
    sources.handbook.git("push -q origin main:trunk");
    refused(&sources.handbook, "--branch trunk", &[], &["holds `content/", "sources of a handbook"]);
    let gone = pair();
    gone.handbook.git("remote set-url origin /nowhere/at/all.git");
    refused(&gone.handbook, "", &[], &["there is no repository at this address", "/nowhere/at/all.git"]);
    let two = pair();
    two.handbook.git("remote set-url --add --push origin /a.git").git("remote set-url --add --push origin /b.git");
    refused(&two.handbook, "", &[], &["has 2 addresses to push to"]);
}

#[test]
fn a_detached_head_another_branch_and_another_remote_are_fine() {
    let pair = pair();
    pair.handbook.git("checkout -q --detach").git("remote rename origin elsewhere");
    pair.published("--remote elsewhere --branch site/live");
    assert_eq!(lines(&pair.remote, "for-each-ref --format=%(refname)"), ["refs/heads/site/live"]);
}

#[test]
fn the_address_of_the_site_is_that_of_the_remote_it_goes_to() {
    let pair = Pair::of(handbook().file("forewarn.toml", "title = \"Handbook\"\n"));
    let bare = pair.remote.path("").display().to_string();
    pair.handbook
        .git("remote set-url origin https://github.com/acme/handbook.git")
        .git("remote add pages https://github.com/acme/acme.github.io.git");
    pair.handbook.sh(&format!("git config 'url.{bare}.insteadOf' https://github.com/acme/acme.github.io.git"));
    let ran = pair.published("--remote pages");
    assert!(ran.err.contains("from the git remote `pages`: https://acme.github.io/;"), "{}", ran.err);
    assert!(
        ran.err.contains("once `gh-pages` is chosen") && ran.out.contains("to be read at https://acme.github.io/ "),
        "{}{}",
        ran.out,
        ran.err
    );
    let branch = pair.branch();
    assert!(String::from_utf8_lossy(&branch["feed.xml"]).contains("https://acme.github.io/"));
    assert!(
        String::from_utf8_lossy(&branch["deploy/index.html"]).contains("https://github.com/acme/handbook/"),
        "edit links lead to the sources"
    );
}

#[test]
fn what_is_pushed_elsewhere_is_read_there() {
    let pair = pair();
    let upstream = Project::empty();
    upstream.git("init -q --bare -b main .");
    let bare = pair.remote.path("").display().to_string();
    pair.handbook
        .git(&format!("remote set-url origin \"{}\"", upstream.path("").display()))
        .git(&format!("remote set-url --push origin \"{bare}\""));
    pair.published("");
    pair.others_push("CNAME", "a.example\n");
    pair.handbook.write("content/index.md", "# Changed\n");
    pair.published("");
    assert_eq!(pair.commits().len(), 3);
    assert_eq!(lines(&upstream, "for-each-ref"), [""; 0]);
}

#[test]
fn a_shallow_clone_publishes_on_top_of_what_is_there() {
    let pair = pair();
    pair.published("");
    pair.handbook.write("content/index.md", "# Changed\n");
    pair.handbook.commit();
    pair.published("");
    pair.handbook.git("push -q origin main");
    let shallow = Project::empty();
    shallow.sh(&format!("git clone -q --depth 1 --branch main \"file://{}\" .", pair.remote.path("").display()));
    shallow.write("content/index.md", "# From a shallow clone\n");
    let ran = shallow.run("publish");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_eq!(pair.commits().len(), 3);
    assert!(String::from_utf8_lossy(&pair.branch()["index.html"]).contains("From a shallow clone"));
    assert_eq!(lines(&shallow, "rev-list --count HEAD"), ["1"]);
    pair.remote.git("fsck --strict --no-dangling");
}

#[test]
fn a_clone_without_all_files_publishes_on_top_of_what_is_there() {
    let pair = pair();
    pair.published("");
    pair.others_push("CNAME", "acme.example\n");
    pair.handbook.git("push -q origin main");
    pair.remote.git("config uploadpack.allowFilter true").git("config uploadpack.allowAnySHA1InWant true");
    let partial = Project::empty();
    partial.sh(&format!("git clone -q --filter=blob:none --single-branch --branch main \"file://{}\" .", pair.remote.path("").display()));
    partial.sh("rm content/phone.md");
    let ran = partial.run("publish");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let branch = pair.branch();
    assert!(!branch.contains_key("phone/index.html") && branch.contains_key("CNAME"), "{:?}", branch.keys());
    pair.remote.git("fsck --strict --no-dangling");
}

#[test]
fn a_clone_of_everything_is_not_made_shallow_and_knows_no_new_settings() {
    let pair = pair();
    pair.published("");
    pair.others_push("CNAME", "acme.example\n");
    let before = clone_of(&pair.handbook);
    pair.handbook.write("content/index.md", "# Changed\n");
    pair.published("");
    let mut after = clone_of(&pair.handbook);
    after.insert("content/index.md".to_owned(), before["content/index.md"].clone());
    assert_eq!(after, before);
}

#[test]
fn a_handbook_in_a_folder_and_a_second_work_tree_are_fine() {
    let pair = Pair::of(Project::with(&[("docs/forewarn.toml", ""), ("docs/content/index.md", "# Home\n")]));
    let ran = pair.handbook.run("--root docs publish");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    pair.handbook.git("worktree add -q -b other other");
    pair.handbook.write("other/docs/content/index.md", "# Other\n");
    let ran = pair.handbook.run("--root other/docs publish");
    assert_eq!((ran.code, pair.commits().len()), (0, 2), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("with uncommitted changes"), "{}", ran.out);
}

#[test]
fn settings_of_git_and_of_the_environment_change_nothing() {
    let text = "# Größe\r\n\r\nLines end as they do.\r\n";
    let files: &[(&str, &str)] = &[("content/größe/übersicht.md", text), ("content/日本/a b.md", "# A B\n")];
    let project = || files.iter().fold(handbook(), |project, (path, text)| project.file(path, text)).file("content/lines.txt", "a\r\nb\n");
    let plain = Pair::of(project());
    plain.published("");
    let expected = plain.branch();
    assert!(expected.contains_key("größe/übersicht/index.html") && expected.contains_key("日本/a b/index.html"));
    assert_eq!(expected["lines.txt"], b"a\r\nb\n");

    let odd = Pair::of(project());
    odd.handbook.git("-c tag.gpgSign=false tag -a -m v1 v1");
    let hooks = "#!/bin/sh\necho ran >>\"$(git rev-parse --git-common-dir)/../../ran\" 2>/dev/null\ntouch /tmp/forewarn-hook-ran\nexit 1\n";
    for hook in ["pre-push", "pre-commit", "commit-msg", "reference-transaction", "post-index-change", "post-checkout"] {
        odd.handbook.write(
            &format!(".git/own-hooks/{hook}"),
            hooks.replace("/tmp/forewarn-hook-ran", &odd.handbook.path(".git/hook-ran").display().to_string()),
        );
    }
    odd.handbook.sh("chmod +x .git/own-hooks/*");
    for (key, value) in [
        ("core.hooksPath", ".git/own-hooks"),
        ("commit.gpgSign", "true"),
        ("tag.gpgSign", "true"),
        ("push.gpgSign", "true"),
        ("gpg.program", "false"),
        ("core.autocrlf", "true"),
        ("core.eol", "crlf"),
        ("core.ignoreCase", "true"),
        ("core.quotePath", "true"),
        ("core.safecrlf", "true"),
        ("core.fsmonitor", "/nowhere/monitor"),
        ("core.attributesFile", "/nowhere/attributes"),
        ("i18n.commitEncoding", "ISO-8859-1"),
        ("push.followTags", "true"),
        ("push.default", "nothing"),
        ("push.recurseSubmodules", "on-demand"),
        ("remote.origin.push", "+refs/heads/*:refs/heads/*"),
        ("remote.origin.prune", "true"),
        ("remote.pushDefault", "nowhere"),
        ("fetch.prune", "true"),
        ("fastimport.unpackLimit", "1"),
        ("status.showUntrackedFiles", "no"),
        ("status.relativePaths", "false"),
        ("status.branch", "true"),
        ("format.pretty", "oneline"),
        ("log.showSignature", "true"),
        ("color.ui", "always"),
        ("trailer.separators", "#"),
        ("alias.push", "!false"),
    ] {
        odd.handbook.sh(&format!("git config '{key}' '{value}'"));
    }
    odd.handbook.write(".git/info/attributes", "* text eol=crlf filter=odd ident\n");
    odd.handbook.sh("git config filter.odd.clean 'tr a-z A-Z'; git config filter.odd.smudge 'tr a-z A-Z'");
    let variables = [
        ("GIT_DIR", "/nowhere"),
        ("GIT_INDEX_FILE", "/nowhere/index"),
        ("GIT_WORK_TREE", "/"),
        ("GIT_OBJECT_DIRECTORY", "/nowhere/objects"),
        ("GIT_NAMESPACE", "elsewhere"),
        ("GIT_SHALLOW_FILE", "/nowhere/shallow"),
        ("GIT_PAGER", "false"),
        ("GIT_EDITOR", "false"),
        ("LC_ALL", "de_DE.UTF-8"),
        ("LANGUAGE", "de"),
        ("TZ", "Pacific/Kiritimati"),
        ("GIT_AUTHOR_NAME", "Ada"),
        ("GIT_AUTHOR_EMAIL", "ada@example.org"),
        ("GIT_COMMITTER_NAME", "Ada"),
        ("GIT_COMMITTER_EMAIL", "ada@example.org"),
    ];
    let before = clone_of(&odd.handbook);
    for text in ["", "once more"] {
        if !text.is_empty() {
            odd.others_push("CNAME", "acme.example\n");
        }
        let ran = odd.handbook.run_with("publish", &variables);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        let mut branch = odd.branch();
        branch.remove("CNAME");
        // The two handbooks lie in repositories of their own, so nothing else may differ.
        assert_eq!(branch, expected);
    }
    assert_eq!(clone_of(&odd.handbook), before, "no hook ran, nothing moved");
    assert_eq!(lines(&odd.remote, "for-each-ref --format=%(refname)"), ["refs/heads/gh-pages"]);
    assert_eq!(lines(&odd.remote, "log -1 --format=%an,%ae,%cn,%G? gh-pages^"), ["Ada,ada@example.org,Ada,N"]);
}

#[test]
fn a_publish_that_is_killed_leaves_the_branch_whole() {
    let pair = pair();
    pair.published("");
    for n in 1..=6 {
        let before = pair.commits().len();
        pair.handbook.write("content/index.md", format!("# Version {n}\n"));
        let binary = env!("CARGO_BIN_EXE_forewarn");
        pair.handbook.sh(&format!("timeout -s KILL 0.{n} '{binary}' publish --today 2026-11-20 >/dev/null 2>&1 || true"));
        // What a killed program had begun to push may still arrive; then nothing is left to do.
        pair.published("");
        let (commits, branch) = (pair.commits().len(), pair.branch());
        assert!(commits > before && String::from_utf8_lossy(&branch["index.html"]).contains(&format!("Version {n}")), "{n}: {commits}");
    }
    pair.remote.git("fsck --strict --no-dangling");
    pair.handbook.git("fsck --strict --no-dangling");
}

#[test]
fn whoever_git_does_not_know_is_not_guessed() {
    let pair = pair();
    let ran = pair.published("");
    assert_eq!(lines(&pair.remote, "log -1 --format=%an,%ae gh-pages"), ["forewarn,publish@forewarn.invalid"]);
    assert!(ran.err.contains("git does not know your name"), "{}", ran.err);
    pair.handbook.git("config user.name \"Ada Ö\"").git("config user.email ada@example.org");
    pair.handbook.write("content/index.md", "# Changed\n");
    let ran = pair.published("");
    assert_eq!(lines(&pair.remote, "log -1 --format=%an,%ae gh-pages"), ["Ada Ö,ada@example.org"]);
    assert!(!ran.err.contains("does not know"), "{}", ran.err);
}

#[test]
fn p12_a_draft_leaves_no_trace_on_the_branch() {
    let pair = Pair::of(handbook().file("content/Zugzwang.md", "+++\ntitle = \"Zugzwang\"\ndraft = true\n+++\n"));
    pair.handbook.git("commit -q --allow-empty -m \"Zugzwang drafted\"").git("checkout -q -b Zugzwang");
    pair.published("");
    pair.remote.sh("git log -p --format=raw gh-pages | grep -a Zugzwang && exit 1 || true");
}

#[test]
fn the_offline_copy_stays_at_home_unless_it_is_asked_for() {
    let settings = "title = \"Handbook\"\noffline_copy = true\n";
    let pair = Pair::of(handbook().file("forewarn.toml", settings));
    let built = |pair: &Pair| {
        assert_eq!(pair.handbook.run("build").code, 0);
        pair.handbook.tree("public").into_keys().collect::<BTreeSet<String>>()
    };
    pair.published("");
    let mut expected = built(&pair);
    expected.remove("handbook.zip");
    expected.insert(".nojekyll".to_owned());
    assert_eq!(pair.branch().into_keys().collect::<BTreeSet<_>>(), expected);
    pair.handbook.write("forewarn.toml", format!("{settings}publish_offline_copy = true\n"));
    pair.published("");
    let mut expected = built(&pair);
    expected.insert(".nojekyll".to_owned());
    assert_eq!(pair.branch().into_keys().collect::<BTreeSet<_>>(), expected);
}

#[test]
fn a_repository_that_names_objects_by_sha256_is_fine() {
    let pair = Pair { handbook: handbook(), remote: Project::empty() };
    pair.remote.git("init -q --bare -b main --object-format=sha256 .");
    pair.handbook.git("init -q -b main --object-format=sha256").commit();
    pair.handbook.git(&format!("remote add origin \"{}\"", pair.remote.path("").display()));
    pair.published("");
    pair.handbook.write("content/index.md", "# Changed\n");
    pair.published("");
    assert_eq!(pair.commits().len(), 2);
    pair.remote.git("fsck --strict --no-dangling");
}

#[test]
fn of_two_hundred_pages_only_those_that_changed_are_pushed() {
    let page = |n: usize, text: &str| {
        format!(
            "+++\nkind = \"process\"\ntitle = \"Process {n}\"\n[review]\nlast = 2026-09-14\n+++\n\n{text}\n\n## Steps\n\n1. **Build.** Run it.\n"
        )
    };
    let project = (0..200).fold(handbook(), |project, n| project.file(&format!("content/p/{n}.md"), page(n, "Text.")));
    let pair = Pair::of(project);
    pair.published("");
    let before = pair.branch();
    let known: BTreeSet<String> = lines(&pair.remote, "rev-list --objects --all").into_iter().collect();
    pair.handbook.write("content/p/77.md", page(77, "Another text."));
    pair.handbook.commit();
    pair.published("");
    let after = pair.branch();
    let differ: BTreeSet<String> =
        after.keys().filter(|path| before.get(*path) != after.get(*path)).map(|path| format!("M {path}")).collect();
    assert_eq!(pair.last_changes(), differ);
    assert!(differ.contains("M p/77/index.html") && !differ.contains("M p/78/index.html") && differ.len() < 20, "{differ:?}");
    assert_eq!(pair.commits().len(), 2);
    // What has come over the wire: the commit, those files, and the folders above them.
    let now: BTreeSet<String> = lines(&pair.remote, "rev-list --objects --all").into_iter().collect();
    let folders: BTreeSet<&Path> = differ.iter().flat_map(|path| Path::new(&path[2..]).ancestors().skip(1)).collect();
    assert_eq!(now.difference(&known).count(), 1 + differ.len() + folders.len(), "{:?}", now.difference(&known));
    pair.remote.git("fsck --strict --no-dangling");
}
