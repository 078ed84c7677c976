//! T: TOML and front matter.

use super::{built, fault, refused, whole};
use crate::project::Project;

#[test]
fn t01_an_unclosed_header_in_the_settings() {
    fault(&whole().file("forewarn.toml", "[site\n"), "forewarn.toml:1:6 invalid-toml");
}

#[test]
fn t02_a_misspelt_key_is_named_with_the_nearest() {
    let project = whole().file("forewarn.toml", "titel = \"x\"\n");
    fault(&project, "forewarn.toml:1:1 unknown-key");
    assert!(project.run("check").out.contains("did you mean `title`"));
}

#[test]
fn t03_a_wrong_type_says_what_was_wanted_and_what_it_got() {
    let project = whole().file("forewarn.toml", "title = 5\n");
    fault(&project, "forewarn.toml:1:9 invalid-value");
    assert!(project.run("check").out.contains("wants text, got a number"));
}

#[test]
fn t04_a_key_given_twice_marks_the_first() {
    let project = whole().file("content/a.md", "+++\ntitle = \"a\"\norder = 1\ntitle = \"b\"\n+++\n");
    fault(&project, "content/a.md:4:1 invalid-toml");
    let finding = project.findings("").into_iter().find(|finding| finding["rule"] == "invalid-toml").expect("a finding");
    assert_eq!(finding["places"][0]["line"], 2);
}

#[test]
fn t05_deep_toml_is_refused_before_it_is_read() {
    type Shape = fn(usize) -> String;
    let shapes: [(&str, Shape); 4] = [
        ("lists", |n| format!("x = {}", "[".repeat(n))),
        ("tables", |n| format!("x = {}", "{a=".repeat(n))),
        ("dotted keys", |n| format!("{} = 1", vec!["a"; n].join("."))),
        ("dotted headers", |n| format!("[{}]", vec!["a"; n].join("."))),
    ];
    for (name, text) in shapes {
        for depth in [100, 200_000] {
            for file in ["forewarn.toml", "content/a.md"] {
                let body = if file == "forewarn.toml" { text(depth) } else { format!("+++\n{}\n+++\n", text(depth)) };
                let project = whole().file(file, body);
                let places = project.places("");
                let found = places.iter().any(|place| place.starts_with(file) && place.ends_with("nesting-too-deep"));
                assert!(found, "{name} {depth} in {file}: {places:?}");
                assert_eq!(project.run("build").code, 1, "{name} {depth} in {file}");
                assert!(project.tree("public").is_empty());
            }
        }
    }
}

#[test]
fn t06_a_day_that_does_not_exist() {
    let project =
        whole().file("content/i.md", "```page\nkind = \"incident\"\ntitle = \"x\"\nprocess = \"deploy\"\ndate = 2026-02-30\n```\n");
    let places = project.places("");
    let place = places.iter().find(|place| place.starts_with("content/i.md:5:8 ")).unwrap_or_else(|| panic!("{places:?}"));
    fault(&project, place);
}

#[test]
fn t07_front_matter_without_an_end_swallows_nothing() {
    let project = whole().file("content/a.md", "+++\ntitle = \"x\"\n\n# Seen\n\nText that stays.\n");
    fault(&project, "content/a.md:1:1 unclosed-front-matter");
    assert_eq!(project.run("build --fail-on never").code, 0);
    assert!(project.read("public/a/index.html").contains("Text that stays."));
}

#[test]
fn t08_a_missing_key_is_reported_at_the_start() {
    let project = whole().file("content/i.md", "+++\nkind = \"incident\"\ntitle = \"x\"\nprocess = \"deploy\"\n+++\n");
    fault(&project, "content/i.md:1:1 missing-key");
}

#[test]
fn t09_an_empty_file_is_a_page_with_the_name_of_the_file() {
    let output = built(&whole().file("content/nothing.md", ""));
    let page = String::from_utf8(output["nothing/index.html"].clone()).expect("UTF-8");
    assert!(page.contains("<h1") && page.contains("nothing"), "{page}");
}

#[test]
fn t10_no_content_is_no_handbook() {
    let project = Project::with(&[("readme.txt", "x")]);
    refused(&project, "check", "content/");
    refused(&project, "build", "forewarn init");
}

#[test]
fn t11_all_faults_are_reported_in_one_run_in_one_order() {
    let mut project = whole();
    for page in 0..12 {
        let keys: String = (0..4).map(|key| format!("nokey{key} = 1\n")).collect();
        project = project.file(&format!("content/p{page:02}.md"), format!("+++\ntitle = \"x\"\n{keys}+++\n"));
    }
    let first = project.run("check --format json").out;
    let places = project.places("--only unknown-key");
    assert_eq!(places.len(), 48);
    let mut sorted = places.clone();
    sorted.sort();
    assert_eq!(places, sorted);
    for _ in 0..19 {
        assert_eq!(project.run("check --format json").out, first);
    }
}

#[test]
fn t12_settings_over_the_limit_are_not_read() {
    let project = whole().file("forewarn.toml", "#".repeat(50_000_000));
    fault(&project, "forewarn.toml:1:1 limit-exceeded-input");
}
