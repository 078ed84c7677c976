//! `forewarn import`: handbooks of other tools come in whole, and rows of an FMEA sheet become failure blocks.
//!
//! `tests/import/<name>/` are handbooks as people keep them, faults included.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::project::{Project, tree};
use crate::shown::{holds, shown};

fn fixture(name: &str) -> BTreeMap<String, Vec<u8>> {
    tree(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import").join(name))
}

/// A fixture as `source/`, imported into `new/`, which builds.
fn imported(name: &str, options: &str) -> Project {
    let files = fixture(name);
    assert!(files.len() > 5, "{name} has its files");
    let project = files.iter().fold(Project::empty(), |project, (path, bytes)| project.file(&format!("source/{path}"), bytes));
    let ran = project.run(&format!("import source --out new {options}"));
    assert_eq!(ran.code, 0, "{name}: {}{}", ran.out, ran.err);
    assert_eq!(project.tree("source"), files, "{name}: the source is as it was");
    let built = project.run("build --root new");
    assert_eq!(built.code, 0, "{name}: {}{}", built.out, built.err);
    project
}

/// The lines of the new handbook with links that lead nowhere.
fn broken(project: &Project) -> BTreeSet<String> {
    let findings = project.findings("--root new --only broken-link,broken-anchor,absolute-link");
    findings.iter().map(|f| format!("{}:{}", f["path"].as_str().unwrap_or_default(), f["line"])).collect()
}

/// What leads nowhere now led nowhere before, and is told with its place: every link that worked still does.
fn only_what_was_broken_is_broken(project: &Project) {
    let headings = ["Links to nothing", "Links to places that are not there", "Links to files that were left out"];
    let lines: Vec<String> = headings.iter().flat_map(|heading| reported(project, heading)).collect();
    let places: BTreeSet<&str> =
        lines.iter().filter_map(|line| line.rsplit_once("`: ")).flat_map(|(_, places)| places.split(", ")).collect();
    assert!(!places.is_empty());
    assert_eq!(broken(project).len(), places.len(), "{:?}\n{places:?}", broken(project));
}

/// The lines of a section of the report.
fn reported(project: &Project, heading: &str) -> Vec<String> {
    let report = project.read("new/import-report.md");
    let Some((_, rest)) = report.split_once(&format!("## {heading}\n")) else { return Vec::new() };
    let body = rest.split("\n## ").next().unwrap_or_default();
    body.lines().filter_map(|line| line.strip_prefix("- ")).map(str::to_owned).collect()
}

/// Every file of the source is a page, a copied file, or a line of the report; every page and file is there.
fn nothing_is_lost(project: &Project) {
    let report = project.read("new/import-report.md");
    let named: Vec<String> = report.lines().filter_map(|line| Some(line.strip_prefix("- `")?.split('`').next()?.to_owned())).collect();
    for path in project.tree("source").keys() {
        let told = named.iter().any(|name| {
            name == path
                || (name.ends_with('/') || !name.contains('.')) && path.starts_with(name.as_str())
                || path.starts_with(&format!("{name}/"))
        });
        assert!(told, "{path} is lost:\n{report}");
    }
    for line in reported(project, "Pages").iter().chain(&reported(project, "Copied files")) {
        let new = line.rsplit('`').nth(1).expect("a path");
        assert!(project.path(&format!("new/{new}")).is_file(), "{line}");
    }
}

/// The pages of a section of the site in the order of its navigation, by their `href`s on that page.
fn order(project: &Project, page: &str) -> Vec<String> {
    let html = project.read(&format!("new/public/{page}"));
    let nav = html.split("<nav").find(|part| part.contains("aria-current")).expect("a navigation");
    let nav = nav.split("</nav>").next().unwrap_or_default();
    nav.split("href=\"").skip(1).filter_map(|rest| Some(rest.split('"').next()?.to_owned())).collect()
}

#[test]
fn mkdocs_comes_in_whole() {
    let project = imported("mkdocs", "");
    nothing_is_lost(&project);
    only_what_was_broken_is_broken(&project);
    let home = project.read("new/content/index.md");
    assert!(home.starts_with("```page\ntitle = \"Harbour platform\"\ndescription = \"Where to look first\"\norder = 1\ntags = [\"start\", \"platform\"]\n\n[extra]\nhide = [\"navigation\"]\n```\n\n# Harbour platform\n"), "{home}");
    for part in [
        "> [!WARNING]\n> **On call?**\n>\n> Go to the [runbooks](runbooks/index.md) first.\n>\n> - Then read [who to call](reference/contacts.md#whom-to-call).\n>\n> ```sh\n> !!! note\n>     this is code\n> ```\n",
        "**Linux**\n\n```sh\nharbour login\n```\n\n**macOS**\n",
        "> [!NOTE]\n> Details that fold.\n\nText right after the box.\n",
        "[Restore](runbooks/restore.md) and [by URL](runbooks/restore.md) and [from the root](runbooks/failover.md) and [register][risk].\n",
        "![Flow](img/flow.png)\n\n[risk]: risks-page.md \"Register\"\n",
    ] {
        assert!(home.contains(part), "{part}\nin\n{home}");
    }
    let restore = project.read("new/content/runbooks/restore.md");
    for part in [
        "title = \"Restore the database\"\n",
        "## Before you start {#before-you}\n",
        "[above](#before-you-start), [the id](#before-you) and [nowhere](#no-such-place)",
        "[the failover page](failover.md#check)",
        "[Size](#größe-der-sicherung)",
        "    > [!CAUTION]\n    > This cannot be undone.\n",
    ] {
        assert!(restore.contains(part), "{part}\nin\n{restore}");
    }
    assert!(project.read("new/content/runbooks/failover.md").contains("<a href=\"restore.md\">"));
    assert_eq!(
        reported(&project, "Links to nothing"),
        ["`docs/runbooks/missing.md`: docs/runbooks/index.md:3, docs/runbooks/restore.md:19"]
    );
    assert_eq!(
        reported(&project, "Links to places that are not there"),
        ["`docs/runbooks/restore.md#no-such-place`: docs/runbooks/restore.md:5"]
    );
    assert_eq!(reported(&project, "Links to files that were left out"), ["`scripts/failover.py`: docs/runbooks/failover.md:11"]);
    assert_eq!(broken(&project).len(), 4, "{:?}", broken(&project));
    let nav = order(&project, "risks-page/index.html");
    let at = |end: &str| nav.iter().position(|href| href.ends_with(end)).unwrap_or_else(|| panic!("{end} in {nav:?}"));
    assert!(at("runbooks/") < at("reference/"), "{nav:?}");
    let settings = project.read("new/forewarn.toml");
    assert!(settings.starts_with("title = \"Harbour platform handbook\"\ndescription = \"How the platform team runs production\"\nlanguage = \"en\"\nrepository = \"https://github.com/harbour/handbook\"\n"), "{settings}");
    assert!(settings.contains("broken-link = \"warning\"") && settings.contains("broken-anchor = \"warning\""), "{settings}");
}

#[test]
fn mdbook_comes_in_whole() {
    let project = imported("mdbook", "");
    nothing_is_lost(&project);
    only_what_was_broken_is_broken(&project);
    assert!(project.read("new/content/README.md").contains("Read [zones](zones.md) and [backups](backups/README.md), or the [glossary](./glossary.md#rpo--rto).\n\n{{#include ../examples/config.toml}}\n"));
    assert!(project.read("new/content/zones.md").contains("> [!NOTE]\n> A zone is a failure domain.\n"));
    assert!(project.read("new/content/zones.md").contains("[verify](backups/verify.md#steps) and [gone](gone.html)"));
    assert_eq!(reported(&project, "Links to nothing"), ["`src/gone.html`: src/backups/README.md:5, src/zones.md:10"]);
    assert_eq!(reported(&project, "Left as it was"), ["`{{#include ../examples/config.toml}}`: src/README.md:5"]);
    assert!(project.read("new/import-report.md").contains("the chapter `Planned chapter` is planned and has no page"));
    let nav = order(&project, "zones/index.html");
    let at = |end: &str| nav.iter().position(|href| href.ends_with(end)).unwrap_or_else(|| panic!("{end} in {nav:?}"));
    assert!(at("backups/") < at("glossary/"), "{nav:?}");
    assert!(project.path("new/public/backups/verify.html").is_file(), "the old address leads on");
}

#[test]
fn hugo_comes_in_whole() {
    let project = imported("hugo", "");
    nothing_is_lost(&project);
    only_what_was_broken_is_broken(&project);
    let rotate = project.read("new/content/runbooks/rotate.md");
    assert!(rotate.contains("order = 20\naliases = [\"/old/rotate/\"]\n\n[extra]\ndate = \"2024-03-01\"\n\n[extra.params]\nseverity = \"high\"\ncontacts = [\"noc\", \"sec\"]\n```\n"), "{rotate}");
    for part in [
        "> [!WARNING]\n> **Mind the window**\n>\n> Only at night.\n",
        "**Core**\n\n`core rotate`\n\n**Edge**\n\n`edge rotate`\n",
        "[drain](drain/index.md) page",
        "```\n{{< ref \"not-touched.md\" >}}\n```",
        "[the map](../map-page.md)",
        "![The network](../img/net.png) *Two rings*",
        "{{< graph id=3 >}}",
    ] {
        assert!(rotate.contains(part), "{part}\nin\n{rotate}");
    }
    assert!(project.read("new/content/index.md").contains("[rotate](runbooks/rotate.md#steps)"));
    assert!(project.read("new/content/draft.md").contains("draft = true\n"));
    assert_eq!(reported(&project, "Links to nothing"), ["`content/runbooks/drain/nowhere.md`: content/runbooks/drain/index.md:7"]);
    assert_eq!(reported(&project, "Left as it was"), ["`{{< graph id=3 >}}`: content/runbooks/rotate.md:38"]);
}

#[test]
fn jekyll_comes_in_whole() {
    let project = imported("jekyll", "");
    nothing_is_lost(&project);
    only_what_was_broken_is_broken(&project);
    let home = project.read("new/content/index.md");
    assert!(
        home.contains(
            "# Support handbook\n\n[Escalate](docs/escalate.md), [restart](runbooks/restart.md), [news](posts/2024-05-06-new-pager.md).\n"
        ),
        "{home}"
    );
    let escalate = project.read("new/content/docs/escalate.md");
    assert!(
        escalate.contains("order = 3\naliases = [\"/old-escalation/\", \"/escalation/\"]\n\n[extra]\nparent = \"Home\"\n"),
        "{escalate}"
    );
    assert!(escalate.contains("> [!WARNING]\n> Ask before you wake anybody.\n\n> [!NOTE]\n> weekends differ.\n"), "{escalate}");
    assert!(escalate.contains("[Restart](../runbooks/restart.md) [tickets](tickets.md) [away](gone.html)"), "{escalate}");
    let tickets = project.read("new/content/docs/tickets.md");
    assert!(
        tickets.contains(
            "[Escalate](escalate.md) and ![logo](../assets/logo.png)\n\n```sh\n{{ not.touched }}\n```\n\n{% include banner.html %}\n"
        ),
        "{tickets}"
    );
    assert!(project.read("new/content/drafts/idea.md").contains("draft = true"));
    assert_eq!(reported(&project, "Links to nothing"), ["`docs/gone.html`: docs/escalate.md:14"]);
}

#[test]
fn a_plain_folder_comes_in_whole() {
    let project = imported("github", "");
    nothing_is_lost(&project);
    only_what_was_broken_is_broken(&project);
    let home = project.read("new/content/README.md");
    assert!(home.contains("- [On call](01-on-call.md)\n- [Incidents](Incidents/)\n"), "{home}");
    assert!(home.contains("(ops/Deploy%20Guide.md#roll-back)") && home.contains("[Wiki style](02-checklist.md)"), "{home}");
    let on_call = project.read("new/content/01-on-call.md");
    assert!(
        on_call
            .contains("1. Look at the pager.\n\n```sh\nack\n```\n\n1. Say so in the channel.\n1. [Open the checklist](02-checklist.md).\n"),
        "{on_call}"
    );
    assert!(project.read("new/content/02-checklist.md").contains("[extra]\nowner = \"alice\"\nreviewed = \"2024-02-30\"\n"));
    assert!(project.read("new/content/ops/latin.md").contains("# Café\n"));
    assert!(project.read("new/content/ops/broken.md").contains("kind = \"page\""));
    assert!(project.path("new/public/incidents").exists() || project.path("new/public/Incidents/index.html").is_file());
    assert_eq!(reported(&project, "Links to nothing"), ["`ops/nothing.md`: README.md:7, ops/Deploy Guide.md:5"]);
    assert_eq!(reported(&project, "Links to places that are not there"), ["`01-on-call.md#no`: README.md:8"]);
    assert!(!project.path("new/content/img/live.svg").exists());
}

#[test]
fn docusaurus_comes_in_whole() {
    let project = imported("docusaurus", "");
    nothing_is_lost(&project);
    only_what_was_broken_is_broken(&project);
    let intro = project.read("new/content/intro.md");
    for part in [
        "aliases = [\"/docs/\"]\n",
        "# Introduction\n\n**Unix**\n\n`ls`\n\n**Windows**\n\n`dir`\n",
        "> [!TIP]\n> **Do it**\n>\n> Read [guides](./guides/01-restore.md#step-one) and [by url](guides/01-restore.md).\n",
        "<Chart data={x} />",
    ] {
        assert!(intro.contains(part), "{part}\nin\n{intro}");
    }
    assert!(project.read("new/content/guides/index.md").contains("title = \"Guides for people\"\norder = 2\n"));
    assert!(project.read("new/content/guides/01-restore.md").contains("[next](02-fail-over.md) ![a](../img/a.png)"));
    assert!(project.read("new/content/guides/02-fail-over.md").contains("[back](./01-restore.md) [intro](../intro.md) [lost](./lost.md)"));
    assert_eq!(reported(&project, "Links to nothing"), ["`docs/guides/lost.md`: docs/guides/02-fail-over.md:4"]);
}

#[test]
fn importing_twice_gives_the_same_bytes() {
    for name in ["mkdocs", "hugo", "github"] {
        let project = imported(name, "--suggest");
        assert_eq!(project.run("import source --out again --suggest").code, 0);
        let mut first = project.tree("new");
        first.retain(|path, _| !path.starts_with("public/"));
        assert_eq!(first, project.tree("again"), "{name}");
    }
}

#[test]
fn a_new_handbook_overwrites_nothing_and_never_stands_in_its_source() {
    let project = Project::with(&[("source/a.md", "# A\n"), ("full/mine.txt", "mine"), ("file", "x")]);
    let before = project.tree("");
    for (arguments, said) in [
        ("import source --out full", "is not empty"),
        ("import source --out file", "is no folder"),
        ("import source --out source/new", "is never written to"),
        ("import source --out source", "is never written to"),
        ("import nowhere --out new", "cannot find"),
        ("import file --out new", "`--out`"),
        ("import file", "neither a folder nor a .csv file"),
        ("import full --out new", "holds no Markdown page"),
    ] {
        let ran = project.run(arguments);
        assert_eq!(ran.code, 2, "{arguments}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(said), "{arguments}: {}", ran.err);
        assert_eq!(project.tree(""), before, "{arguments}");
    }
    project.sh("mkdir empty");
    assert_eq!(project.run("import source --out empty").code, 0);
    assert_eq!(project.read("empty/content/a.md"), "# A\n");
    assert_eq!(project.run("import source").code, 0);
    assert_eq!(project.read("source-handbook/content/a.md"), "# A\n");
}

#[cfg(unix)]
#[test]
fn links_out_of_the_source_are_told_and_not_followed() {
    let project = Project::with(&[("source/a.md", "# A\n\n[s](secret.md)\n"), ("secret.md", "# SECRET\n"), ("source/sub/b.md", "# B\n")]);
    project.sh("ln -s ../secret.md source/secret.md; ln -s .. source/up; ln -s nothing source/gone.md; mkfifo source/pipe.md");
    let ran = project.run("import source --out new");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(!project.tree("new").values().any(|bytes| String::from_utf8_lossy(bytes).contains("# SECRET")));
    for path in [
        "`secret.md`: it is a link that leads out",
        "`up`: it is a link that leads out",
        "`gone.md`: it is a link that leads nowhere",
        "`pipe.md`: it is no regular file",
    ] {
        assert!(
            reported(&project, "Left out").iter().any(|line| line.starts_with(path)),
            "{path}: {}",
            project.read("new/import-report.md")
        );
    }
    assert_eq!(project.run("build --root new").code, 0);
}

#[test]
fn hostile_pages_come_in_and_build() {
    let deep = ">".repeat(200) + " x\n";
    let nested = format!("---\na: {}1{}\n---\nx\n", "[".repeat(80), "]".repeat(80));
    let boxes = (0..40).map(|depth| format!("{}!!! note\n", "    ".repeat(depth))).collect::<String>() + "x\n";
    let long = format!("source/{}.md", "é".repeat(120));
    let project = Project::with(&[
        (
            "source/index.md",
            "# A\n\n[x](javascript:alert(1)) <a href=\"javascript:x\">y</a> [z](../../../../etc/passwd)\n\n[w](file:///etc/passwd)\n",
        ),
        ("source/deep.md", &deep),
        ("source/nested.md", &nested),
        ("source/boxes.md", &boxes),
        ("source/empty.md", ""),
        ("source/unclosed.md", "---\ntitle: x\n\ntext\n```\nnever closed\n<div>\n"),
        ("source/toml.md", "+++\ntitle = 3\n[extra]\nx = 1\n+++\nx\n"),
        (
            "source/alias.md",
            "---\naliases: [\"../../x\", \"/index.md\", /a/../b, /risks/, /empty/]\nid: index\nkind: process\nwaive: yes\n---\n# Z\n",
        ),
        ("source/fence.md", "---\ntitle: \"a ``` b\"\nlong: |\n  ```\n  x\n---\n```failure\nx\n"),
        ("source/gaps/index.md", "# Gaps\n"),
        ("source/RISKS.md", "# Risks\n"),
        ("source/A.md", "# one\n"),
        ("source/a.md", "# two\n"),
        ("source/a/index.md", "# three\n"),
        ("source/a/README.md", "# four\n"),
        ("source/model.json", "{}"),
        (&long, "# long\n"),
    ]);
    let ran = project.run("import source --out new");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let built = project.run("build --root new");
    assert_eq!(built.code, 0, "{}{}", built.out, built.err);
    nothing_is_lost(&project);
    assert_eq!(project.tree("new/content").keys().filter(|path| path.ends_with(".md")).count(), 16);
}

#[test]
fn proposals_stand_beside_and_can_be_adopted() {
    let project = Project::with(&[(
        "source/ops/restore.md",
        "# Restore\n\n## How to restore\n\n1. Stop the writers.\n2. Run `drop database`; the pipeline does it.\n\n   ```sh\n   just drop\n   ```\n\n3. Tell support.\n",
    )]);
    let ran = project.run("import source --out new --suggest");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_eq!(project.read("new/content/ops/restore.md"), project.read("source/ops/restore.md"));
    assert_eq!(project.run("build --root new").code, 0);
    assert!(!project.path("new/public/ops/_restore.proposal").exists());
    project.sh("mv new/content/ops/_restore.proposal.md new/content/ops/restore.md");
    assert_eq!(project.run("build --root new").code, 0);
    let model: serde_json::Value = serde_json::from_str(&project.run("export model --root new").out).expect("a model");
    let steps = &model["processes"][0]["tracks"][0]["steps"];
    assert_eq!(steps.as_array().map(Vec::len), Some(3), "{model}");
    assert_eq!(
        (steps[1]["actor"].as_str(), model["processes"][0]["failures"].as_array().map(Vec::len)),
        (Some("automation"), Some(1)),
        "{model}"
    );
}

const SHEET: &str = "FMEA,release,,,,,,,,\n\
    No,Process step,Potential failure mode,Effect,Cause,Current controls (prevention),Current controls (detection),S,O,D,RPN,Recommended action,Responsible\n\
    1,1. Migrate the schema,\"It stops, halfway\",Writes fail,Lock,Dry run,Version differs,9,4,2,72,Alert on drift,DBA team\n\
    ,,,,Full disk,,,,,,,,\n\
    2,Switch traffic,Old pods <stay> [up],Mixed answers,,,,moderate,frequent,manual,,,\n\
    3,Switch traffic,It stops halfway,,,,,eleven,3,10,,,\n\
    4,Verify,,No mode here,,,,,,,,,\n";

#[test]
fn rows_of_a_sheet_become_blocks_that_check_accepts() {
    let project = Project::with(&[("fmea.csv", SHEET)]);
    let ran = project.run("import fmea.csv");
    assert_eq!(ran.code, 1, "{}", ran.err);
    let faults: Vec<&str> = ran.err.lines().filter(|line| line.starts_with("fmea.csv:")).collect();
    assert!(
        faults.len() == 2
            && faults[0].starts_with("fmea.csv:6: the severity `eleven` is none")
            && faults[1].starts_with("fmea.csv:7: this row has no failure mode"),
        "{}",
        ran.err
    );
    let page = format!(
        "```page\nkind = \"process\"\ntitle = \"Release\"\n```\n\n## Steps\n\n1. Migrate the schema\n2. Switch traffic\n3. Verify\n\n## What can fail\n\n{}",
        ran.out
    );
    project.write("content/release.md", page);
    let faults: Vec<_> = project.findings(
        "--only invalid-toml unknown-key invalid-value missing-key duplicate-id unknown-reference broken-link raw-html unclosed-markup",
    );
    assert!(faults.is_empty(), "{faults:?}\n{}", ran.out);
    assert_eq!(project.run("build").code, 0);
    let model: serde_json::Value = serde_json::from_str(&project.run("export model").out).expect("a model");
    let failures = model["processes"][0]["failures"].as_array().expect("failures");
    assert_eq!(failures.len(), 3, "{failures:?}");
    assert_eq!((failures[0]["severity"].as_str(), failures[0]["likelihood"].as_str()), (Some("critical"), Some("unlikely")));
    assert!(failures.iter().all(|failure| failure["at"].as_array().is_none_or(|at| !at.is_empty())), "{failures:?}");
    project.write("none.csv", "a,b\n1,2\n");
    let ran = project.run("import none.csv");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
    assert!(ran.err.contains("no column of failure modes"), "{}", ran.err);
}

#[test]
fn yaml_front_matter_builds_as_it_is() {
    let project = Project::with(&[
        ("content/index.md", "---\ntitle: \"Home: ours\"\nnav_order: 2.5\nlayout: home\ntags: a, b\n---\n# Other words\n"),
        ("content/a.md", "---\ntitle: A\nweight: 1\nowner: nobody\naliases:\n  - old\nparams: {x: [1, {y: 2}]}\n---\nBody\n"),
    ]);
    let ran = project.run("build");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_eq!(project.places(""), Vec::<String>::new());
    assert!(project.read("public/index.html").contains("Home: ours"));
    assert!(project.path("public/old/index.html").is_file());
}

/// After a change on purpose, `FOREWARN_BLESS=1 cargo test the_guide_on_import` writes the page anew; it is read before it is committed.
#[test]
fn the_guide_on_import_shows_what_comes_out() {
    let page = "content/guide/bring-your-handbook.md";
    let project = fixture("mkdocs").iter().fold(Project::empty(), |project, (path, bytes)| project.file(&format!("wiki/{path}"), bytes));
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).expect("the page");
    project.write("fmea.csv", shown(&text, "sheet").0);
    let wiki = project.run("import wiki --out handbook");
    let sheet = project.run("import fmea.csv");
    assert_eq!((wiki.code, sheet.code), (0, 1));
    holds(page, [("summary", wiki.out + &wiki.err), ("blocks", sheet.out), ("faults", sheet.err)]);
}

#[test]
fn a_link_to_a_heading_in_a_box_still_works() {
    let project = Project::with(&[
        ("wiki/mkdocs.yml", "site_name: Wiki\n"),
        ("wiki/docs/index.md", "# Home\n\nSee [the trap](ops.md#the-trap).\n"),
        ("wiki/docs/ops.md", "# Ops\n\n!!! danger\n    ## The trap\n\n    Mind it.\n\n[Up](#the-trap)\n"),
    ]);
    assert_eq!(project.run("import wiki --out handbook").code, 0);
    assert!(project.read("handbook/content/ops.md").contains("> <a id=\"the-trap\"></a>\n>\n> ## The trap\n"));
    assert_eq!(project.places("--root handbook"), [""; 0]);
}

#[test]
fn pages_that_nothing_orders_stay_in_the_order_of_their_files() {
    let project = Project::with(&[
        ("wiki/README.md", "# Wiki\n"),
        ("wiki/ops/a.md", "# Zebra\n"),
        ("wiki/ops/b.md", "# Apple\n"),
        ("wiki/same/a.md", "# Apple\n"),
        ("wiki/same/b.md", "# Zebra\n"),
    ]);
    assert_eq!(project.run("import wiki --out handbook").code, 0);
    assert_eq!(project.run("--root handbook build").code, 0);
    assert!(project.read("handbook/public/ops/a/index.html").contains("Zebra</a></li><li><a href=\"../b/\">Apple</a>"));
    assert_eq!(project.read("handbook/content/same/a.md"), "# Apple\n", "what stands in order keeps every byte");
}
