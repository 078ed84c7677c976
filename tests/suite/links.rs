//! Links: each that the author writes is checked, and each that stands on the site leads somewhere; those that leave it can be listed.

use std::collections::{BTreeMap, BTreeSet};

use crate::project::Project;

/// Links in every place where one can be written, one of each kind of them broken.
fn handbook() -> Project {
    Project::with(&[
        ("forewarn.toml", "title = \"H\"\n\n[systems.dns]\nstatus_page = \"https://status.example/dns\"\n"),
        (
            "content/index.md",
            "# Home\n\n[good](deploy.md#steps), [gone](gone.md), [no anchor](deploy.md#stepps), ![picture](img/none.png)\n\n\
             <details><summary>More</summary><a href=\"runbook/deploy.md\">raw</a> <a href=\"deploy.md#step\">raw anchor</a> <a href=\"deploy.md\">good</a> \
             <img src=\"img/flow.png\" alt=\"there\"></details>\n\n[ref]\n\n[ref]: deploy.md#build\n\n\
             <https://b.example/auto> and [twice](https://a.example/x), [again](https://a.example/x).\n",
        ),
        ("content/img/flow.png", "not really"),
        (
            "content/deploy.md",
            "```page\nkind = \"process\"\ntitle = \"Deploy\"\n\n[[metric]]\nname = \"Rate\"\nkind = \"errors\"\nsource = \"https://grafana.example/d/1\"\n```\n\n## Steps\n\n1. **Build.** Run it.\n\n   ```failure\n   class = \"technical\"\n   title = \"It stops\"\n   recover = \"See [words](words.md), or [the chat](https://chat.example/).\"\n   ```\n",
        ),
    ])
}

/// Where the links of a page lead, and the ids on it.
fn read(html: &str) -> (Vec<String>, BTreeSet<String>) {
    let values = |opening: &'static str| html.split(opening).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned);
    (values(" href=\"").chain(values(" src=\"")).collect(), values(" id=\"").collect())
}

#[test]
fn every_broken_link_is_found_wherever_it_is_written() {
    let found = handbook().findings("--only broken-link,broken-anchor");
    let about: Vec<(&str, &str, u64)> = found
        .iter()
        .map(|finding| {
            let (_, part) = finding["id"].as_str().expect("an id").split_once('/').expect("a part");
            (finding["rule"].as_str().expect("a rule"), part, finding["column"].as_u64().expect("a column"))
        })
        .collect();
    let parts: Vec<(&str, &str)> = about.iter().map(|(rule, part, _)| (*rule, *part)).collect();
    assert_eq!(
        parts,
        [
            ("broken-link", "words.md"),
            ("broken-link", "gone.md"),
            ("broken-anchor", "deploy.md#stepps"),
            ("broken-link", "img/none.png"),
            ("broken-link", "runbook/deploy.md"),
            ("broken-anchor", "deploy.md#step"),
        ]
    );
    // In raw HTML the mark stands under the URL too, and the nearest is offered.
    assert_eq!(about[4].2, 42);
    assert!(found[4]["help"].as_str().unwrap_or_default().contains("`deploy.md`"), "{}", found[4]);
    assert!(found[5]["help"].as_str().unwrap_or_default().contains("#step"), "{}", found[5]);
}

#[test]
fn raw_html_that_is_shown_as_text_leads_nowhere() {
    let project = handbook();
    project.write("forewarn.toml", "raw_html = \"escape\"\n");
    let found = project.places("--only broken-link,broken-anchor content/index.md");
    assert_eq!(found.len(), 3, "{found:?}");
}

#[test]
fn whatever_is_broken_in_the_text_no_link_on_the_site_is() {
    let project = handbook();
    let ran = project.run("build --fail-on never");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let files = project.tree("public");
    let pages: BTreeMap<&str, _> = files
        .iter()
        .filter(|(path, _)| path.ends_with(".html") && *path != "404.html")
        .map(|(path, bytes)| (path.as_str(), read(std::str::from_utf8(bytes).expect("UTF-8"))))
        .collect();
    let mut followed = 0;
    for (path, (links, _)) in &pages {
        let base = url::Url::parse("https://site.example/").expect("a URL").join(path.trim_end_matches("index.html")).expect("a URL");
        for link in links {
            let to = base.join(link).unwrap_or_else(|error| panic!("{path}: {link}: {error}"));
            if to.host_str() != Some("site.example") {
                continue;
            }
            let target = to.path().trim_start_matches('/');
            let file = if target.is_empty() || target.ends_with('/') { format!("{target}index.html") } else { target.to_owned() };
            assert!(files.contains_key(&file), "{path}: {link} leads to {file}");
            if let (Some(anchor), Some((_, ids))) = (to.fragment().filter(|anchor| !anchor.is_empty()), pages.get(file.as_str())) {
                assert!(ids.contains(anchor), "{path}: {link} has no place on {file}");
            }
            followed += 1;
        }
    }
    assert!(followed > 100, "{followed} links");
}

#[test]
fn what_leads_out_is_listed_once_and_sorted_for_a_link_checker() {
    let project = handbook();
    let ran = project.run("check --list-external");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        ran.out,
        "https://a.example/x\nhttps://b.example/auto\nhttps://chat.example/\nhttps://grafana.example/d/1\nhttps://status.example/dns\n"
    );
    assert_eq!(project.run("check --list-external content/deploy.md").out, "https://chat.example/\nhttps://grafana.example/d/1\n");
    let places = project.run("check --list-external -v").out;
    assert!(places.starts_with("https://a.example/x\n  content/index.md:11:"), "{places}");
    let json: serde_json::Value = serde_json::from_str(&project.run("check --list-external --format json").out).expect("JSON");
    assert_eq!(json["version"], 1);
    assert_eq!(json["external"][0]["url"], "https://a.example/x");
    assert_eq!(json["external"][0]["places"].as_array().map(Vec::len), Some(2), "{json:#}");
    assert_eq!(json["external"][4]["places"][0], serde_json::json!({"path": "forewarn.toml", "line": 4, "column": 15}));
    assert_eq!(project.run("check --list-external --format sarif").code, 2);
}

#[test]
fn a_hundred_links_to_an_anchor_that_is_gone_are_one_block() {
    let many: String = (0..100).map(|n| format!("[{n}](deploy.md#gone)\n\n")).collect();
    let project = handbook().file("content/many.md", format!("# Many\n\n{many}"));
    let ran = project.run("check --only broken-anchor content/many.md --max 0");
    assert_eq!(ran.out.matches("error[broken-anchor]").count(), 1, "{}", ran.out);
    assert_eq!(project.findings("--only broken-anchor content/many.md").len(), 100);
}
