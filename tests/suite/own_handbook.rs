//! Our own handbook: its findings are those that `content/guide/known-gaps.md` explains, and no others.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn findings() -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_forewarn"))
        .args(["check", "--format", "json", "--today", crate::project::TODAY])
        .current_dir(root())
        .output()
        .expect("the binary runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    report["findings"].as_array().expect("findings").clone()
}

/// The ids in backticks that open the rows of the tables of a section of the page, `rule@element`.
fn listed(section: &str) -> BTreeSet<String> {
    let page = std::fs::read_to_string(root().join("content/guide/known-gaps.md")).expect("the page");
    let start = page.find(section).unwrap_or_else(|| panic!("no section {section}"));
    let body = &page[start + section.len()..];
    let body = body.find("\n## ").map_or(body, |end| &body[..end]);
    let ids = body.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).filter(|id| id.contains('@'));
    ids.map(str::to_owned).collect()
}

#[test]
fn its_gaps_are_the_known_ones() {
    let id = |finding: &Value| finding["id"].as_str().unwrap_or_default().to_owned();
    let (waived, open): (Vec<Value>, Vec<Value>) = findings().into_iter().partition(|finding| finding["waived"] == true);
    assert_eq!(open.iter().map(id).collect::<BTreeSet<_>>(), listed("## Open gaps"), "open gaps: found and listed");
    assert_eq!(waived.iter().map(id).collect::<BTreeSet<_>>(), listed("## Waivers"), "waivers: found and listed");
}
