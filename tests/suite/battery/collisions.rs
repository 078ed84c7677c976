//! N: names and collisions.

use super::{fault, whole};
use crate::project::Project;

/// The one collision of a project, by its id and the files that it names.
fn collision(project: &Project) -> Vec<String> {
    let findings = project.findings("--only url-collision");
    assert_eq!(findings.len(), 1, "{findings:?}");
    let places = findings[0]["places"].as_array().expect("places").iter().map(|place| &place["path"]);
    let mut files: Vec<String> = places.chain([&findings[0]["path"]]).filter_map(|path| path.as_str().map(str::to_owned)).collect();
    files.sort();
    files.dedup();
    assert_eq!(project.run("build").code, 1);
    files
}

#[test]
fn n01_two_pages_with_one_address() {
    let project = whole().file("content/a.md", "# A\n").file("content/a/index.md", "# B\n");
    assert_eq!(collision(&project), ["content/a.md", "content/a/index.md"]);
}

#[test]
fn n02_a_page_and_something_else_with_one_address() {
    let alias = whole().file("content/a.md", "+++\ntitle = \"A\"\naliases = [\"/deploy/\"]\n+++\n");
    assert_eq!(collision(&alias), ["content/a.md", "content/deploy.md"]);
    let generated = whole().file("content/risks.md", "# Risks\n");
    assert_eq!(collision(&generated), ["content/risks.md"]);
    let file = whole().file("content/model.json", "{}");
    assert_eq!(collision(&file), ["content/model.json"]);
    let deeper = whole().file("content/deploy/premortem.md", "# Mine\n");
    assert_eq!(collision(&deeper), ["content/deploy.md", "content/deploy/premortem.md"]);
    let aliases = whole()
        .file("content/a.md", "+++\ntitle = \"A\"\naliases = [\"/old/\"]\n+++\n")
        .file("content/b.md", "+++\ntitle = \"B\"\naliases = [\"/OLD/\"]\n+++\n");
    assert_eq!(collision(&aliases), ["content/a.md", "content/b.md"]);
    let beside = whole().file("content/a.md", "# A\n").file("content/a/index.html/x.png", "x");
    assert_eq!(collision(&beside), ["content/a.md", "content/a/index.html/x.png"]);
}

#[test]
fn n02_whatever_is_generated_keeps_its_address() {
    for name in ["robots.txt", "reviews.ics", "risks.csv", "risks.json", "model.json"] {
        let project = whole().file(&format!("content/{name}"), "x");
        fault(&project, &format!("content/{name}:1:1 url-collision"));
    }
    for name in ["risks", "gaps", "growth", "map", "print", "reviews", "foresight"] {
        assert_eq!(collision(&whole().file(&format!("content/{name}.md"), "# Mine\n")), [format!("content/{name}.md")]);
    }
    // Those that a browser would run may not even be called so; and no alias may be.
    for name in ["sitemap.xml", "feed.xml", "404.html", "search.js"] {
        fault(&whole().file(&format!("content/{name}"), "x"), &format!("content/{name}:1:1 unsafe-file"));
        let alias = whole().file("content/a.md", format!("+++\ntitle = \"A\"\naliases = [\"/{name}\"]\n+++\n"));
        let rule = if name == "404.html" { "url-collision" } else { "invalid-value" };
        fault(&alias, &format!("content/a.md:3:12 {rule}"));
    }
}

#[test]
fn n03_names_that_differ_in_case_collide_everywhere() {
    let project = whole().file("content/A.md", "# A\n").file("content/a.md", "# B\n");
    assert_eq!(collision(&project), ["content/A.md", "content/a.md"]);
}

#[test]
fn n04_ids_and_aliases_that_lead_elsewhere() {
    for bad in ["../../x", "..", ".", "", "/etc/x", "//x", "a/../b", "%2e%2e%2fx", "a\\\\b", "C:x"] {
        for (key, column) in [(format!("id = \"{bad}\""), 6), (format!("aliases = [\"{bad}\"]"), 12)] {
            let project = whole().file("content/a.md", format!("+++\ntitle = \"A\"\n{key}\n+++\n"));
            let places = project.places("");
            let found = places.iter().any(|place| place.starts_with(&format!("content/a.md:3:{column} ")));
            assert!(found, "{key}: {places:?}");
            assert_eq!(project.run("build").code, 1, "{key}");
        }
    }
}

#[test]
fn n05_names_that_some_system_refuses() {
    for name in ["con.md", "aux/x.md", "nul.png", "x./y.md", "x.", "x ", "a\u{202e}b.md", "a\u{200b}.md"] {
        let project = whole().file(&format!("content/{name}"), "# A\n");
        let places = project.places("");
        assert!(places.iter().any(|place| place.ends_with("unsafe-name")), "{name}: {places:?}");
        assert_eq!(project.run("build").code, 1, "{name}");
    }
}

#[test]
fn n06_a_name_over_the_limit() {
    let name = "a".repeat(190);
    fault(&whole().file(&format!("content/{name}.md"), "# A\n"), &format!("content/{name}.md:1:1 limit-exceeded-input"));
}

#[test]
fn n06_an_address_over_the_limit_is_found_before_anything_is_written() {
    let long = "a".repeat(300);
    let deep = "a/".repeat(600);
    for alias in [format!("/{long}/"), format!("/old/{long}.html"), format!("/{deep}")] {
        let project = whole().file("content/a.md", format!("+++\ntitle = \"A\"\naliases = [\"{alias}\"]\n+++\n"));
        fault(&project, "content/a.md:3:12 limit-exceeded-input");
    }
    let raised = "[limits]\npath_part_bytes = 200\n";
    let alias = format!("+++\ntitle = \"A\"\naliases = [\"/{}/\"]\n+++\n", "a".repeat(190));
    assert!(super::built(&whole().file("forewarn.toml", raised).file("content/a.md", alias)).len() > 10);
    // An id is no path of the site, however long.
    super::built(&whole().file("content/a.md", format!("+++\ntitle = \"A\"\nid = \"{long}\"\n+++\n")));
    let path = vec!["a".repeat(150); 7].join("/");
    fault(&whole().file(&format!("content/{path}.md"), "# A\n"), &format!("content/{path}.md:1:1 limit-exceeded-input"));
}

#[test]
fn n07_one_collision_among_ten_thousand_pages() {
    let project = whole();
    project.sh("mkdir -p content/s; i=0; while [ $i -lt 9998 ]; do echo '# P' > content/s/p$i.md; i=$((i+1)); done");
    let project = project.file("content/s/Same.md", "# A\n").file("content/s/same.md", "# B\n");
    assert_eq!(collision(&project), ["content/s/Same.md", "content/s/same.md"]);
}
