//! C: characters and encoding.

use super::{built, fault, whole};
use crate::project::Project;

fn process(text: &str) -> Project {
    whole().file("content/deploy.md", text)
}

const PAGE: &str = "+++\nkind = \"process\"\ntitle = \"Größe\"\n+++\n\nWörter.\n\n## Steps\n\n1. **Bauen.** Los.\n\n   ```failure\n   class = \"technical\"\n   title = \"Aus\"\n   ```\n";

#[test]
fn c01_a_byte_that_is_no_utf8_has_its_place_and_offset() {
    let mut bytes = vec![b'a'; 995];
    bytes.extend("é\nxy".as_bytes());
    bytes.push(0xFF);
    let project = whole().file("content/a.md", &bytes);
    fault(&project, "content/a.md:2:3 invalid-encoding");
    assert!(project.run("check").out.contains("at offset 1000"));
}

#[test]
fn c02_c03_a_bom_and_crlf_change_nothing() {
    let plain = built(&process(PAGE));
    let with_bom = built(&process(&format!("\u{feff}{PAGE}")));
    let with_crlf = built(&process(&PAGE.replace('\n', "\r\n")));
    assert_eq!(plain, with_bom);
    assert_eq!(plain, with_crlf);
    let places = process(PAGE).places("");
    assert_eq!(process(&PAGE.replace('\n', "\r\n")).places(""), places);
    assert_eq!(process(&format!("\u{feff}{}", PAGE.replace('\n', "\r\n"))).places(""), places);
    assert!(places.contains(&"content/deploy.md:12:4 missing-recovery".to_owned()), "{places:?}");
}

#[test]
fn c04_utf16_is_recognised() {
    let project = whole().file("content/a.md", [0xFF, 0xFE, b'a', 0, b'b', 0]);
    fault(&project, "content/a.md:1:1 invalid-encoding");
    let out = project.run("check").out;
    assert!(out.contains("looks like UTF-16") && out.contains("save it as UTF-8"), "{out}");
}

#[test]
fn c05_nul_is_shown_and_cuts_nothing_off() {
    let output = built(&whole().file("content/a.md", "# A\n\nbefore\0after\n"));
    let page = String::from_utf8(output["a/index.html"].clone()).expect("UTF-8");
    assert!(page.contains("before\u{fffd}after"), "{page}");
}

#[test]
fn c06_a_picture_that_is_called_a_page_is_not_printed() {
    let project = whole().file("content/a.md", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\xff\xfe");
    fault(&project, "content/a.md:1:1 invalid-encoding");
    for command in ["check", "check --format json", "check --format github", "check --format junit", "build"] {
        let said = project.run(command).out;
        assert!(!said.contains("IHDR") && !said.contains(|c: char| c.is_control() && c != '\n'), "{command}: {said}");
    }
}

#[test]
fn c07_one_line_and_one_word_of_10_mb() {
    for text in ["word ".repeat(2_100_000), "w".repeat(10_500_000)] {
        fault(&whole().file("content/a.md", text), "content/a.md:1:1 limit-exceeded-input");
    }
    let project = whole().file("content/a.md", format!("# A\n\n{} [x](nowhere.md)\n", "w".repeat(9_000_000)));
    let ran = project.run("check");
    assert_eq!(ran.code, 1);
    assert!(ran.out.len() < 100_000, "{} bytes were printed", ran.out.len());
}

#[cfg(unix)]
#[test]
fn c08_a_file_name_that_is_no_utf8_is_shown_escaped() {
    use std::os::unix::ffi::OsStrExt;
    let project = whole();
    let name = std::ffi::OsStr::from_bytes(b"a\xffb.md");
    std::fs::write(project.path("content").join(name), "# A\n").expect("a file");
    let ran = project.run("check");
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("unsafe-name") && ran.out.contains("\\xFF"), "{}", ran.out);
    assert_eq!(project.run("build").code, 1);
    assert!(project.tree("public").is_empty());
}

#[test]
fn c09_two_compositions_of_one_name_collide() {
    let project = whole().file("content/caf\u{e9}.md", "# A\n").file("content/cafe\u{301}.md", "# B\n");
    let finding = project.findings("").into_iter().find(|finding| finding["rule"] == "url-collision").expect("a collision");
    assert_eq!(finding["places"].as_array().map(Vec::len), Some(1));
    assert_eq!(project.run("build").code, 1);
}

#[test]
fn c10_a_lone_cr_ends_no_line() {
    let project = whole().file("content/a.md", "# A\r still the title\n\n[x](nowhere.md)\n");
    fault(&project, "content/a.md:3:5 broken-link");
}

#[test]
fn c11_columns_count_characters() {
    let project = whole().file("content/a.md", "# A\n\n🔥🔥 é [x](nowhere.md)\n");
    fault(&project, "content/a.md:3:10 broken-link");
}
