//! The formats of `check` for machines: what another tool reads must be what the findings say, whatever the pages say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use roxmltree::{Document, Node};
use serde_json::{Value, json};

use crate::battery::whole;
use crate::project::{Project, TODAY};

/// A handbook that does its worst: texts that look like commands, markup and links, names in many scripts, files that are no text.
fn hostile() -> Project {
    let nasty = "evil ](https://evil.example) ]]> <b>&amp; 100 % ::set-output name=x::1 \\u001b[31m \\ufffe\\uffff \\u202e";
    let page = format!(
        r#"```page
kind = "process"
title = "Größe {nasty}"
id = "size"
criticalty = "major"
```

See [the start](/index.md) and [nowhere](gone%20%0A::error::x.md).

## Steps

1. **Run it\n::set-output name=x::1** and wait.

   ```step
   id = "run"
   actor = "automation"

   [[waive]]
   rule = "missing-takeover"
   reason = "Accepted ]]> <&> ::error:: \u001b[31m until the vendor has answered."
   by = "ops"
   until = 2027-03-01
   ```

   ```failure
   class = "technical"
   title = "Halts\n::set-output name=x::1\r\n::error::\u001b[31m {nasty}"
   of = "gon"
   ```
"#
    );
    whole()
        .file("forewarn.toml", "title = \"x\"\ntitel = \"\\u001b[31m\\n::error::x\"\n\n[rules]\n\"no\\n::error::x\" = \"off\"\n")
        .file("content/手順, 100%/größe #1.md", page.replace("```page", "\u{feff}```page"))
        .file("content/twice.md", "```page\nkind = \"system\"\ntitle = \"Twice\"\nid = \"size\"\n```\n")
        .file("content/bytes.md", b"# no text\n\xff\xfe\x00\x01\n")
        .file("content/img/evil ü.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>")
        .file("content/crlf.md", "# Windows\r\n\r\n[start](/index.md)\r\n")
}

fn own_handbook() -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_forewarn"))
        .args(["check", "--format", "sarif", "--today", TODAY])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the binary runs");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The official schema, with its errata: a region begins somewhere, and the pattern of languages is one.
fn schema() -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/sarif/sarif-schema-2.1.0.json");
    let mut schema: Value = serde_json::from_slice(&std::fs::read(file).expect("the schema")).expect("JSON");
    let begins = ["startLine", "charOffset", "byteOffset"].map(|key| json!({ "required": [key] }));
    schema["definitions"]["region"]["anyOf"] = json!(begins);
    for owner in ["run", "toolComponent"] {
        schema["definitions"][owner]["properties"]["language"]["pattern"] = json!("^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    }
    schema
}

/// A log that the official schema accepts.
fn valid(text: &str) -> Value {
    let validator = jsonschema::options().should_validate_formats(true).build(&schema()).expect("a schema");
    let log: Value = serde_json::from_str(text).expect("JSON");
    let faults: Vec<String> = validator.iter_errors(&log).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    log
}

fn list<'v>(value: &'v Value, path: &str) -> &'v [Value] {
    value.pointer(path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'v>(value: &'v Value, path: &str) -> &'v str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

fn results(log: &Value) -> &[Value] {
    list(log, "/runs/0/results")
}

fn decoded(uri: &str) -> String {
    percent_encoding::percent_decode_str(uri).decode_utf8().expect("UTF-8").into_owned()
}

#[test]
fn sarif_validates_against_the_official_schema() {
    let empty = Project::with(&[("content/index.md", "# Home\n")]).run("check --format sarif").out;
    assert_eq!(results(&valid(&empty)).len(), 0);
    assert!(!results(&valid(&own_handbook())).is_empty());
    let log = valid(&hostile().run("check --format sarif").out);
    for rule in ["unknown-key", "duplicate-id", "invalid-encoding", "unsafe-file", "absolute-link", "unknown-reference"] {
        assert!(results(&log).iter().any(|result| result["ruleId"] == rule), "{rule}");
    }
}

#[test]
fn sarif_says_what_the_findings_say() {
    let project = hostile();
    let findings = project.findings("");
    let log = valid(&project.run("check --format sarif").out);
    let rules = list(&log, "/runs/0/tool/driver/rules");
    assert_eq!(results(&log).len(), findings.len());
    let mut ids = BTreeSet::new();
    for (result, finding) in results(&log).iter().zip(&findings) {
        let id = text(result, "/partialFingerprints/forewarnFindingId~1v1");
        assert_eq!(id, finding["id"]);
        assert!(ids.insert(id), "{id} is there twice");
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!((&rules[index]["id"], &result["ruleId"]), (&finding["rule"], &finding["rule"]));
        assert_eq!(rules[index]["properties"]["tags"][0], finding["group"]);
        let level = if finding["level"] == "info" { "note".into() } else { finding["level"].clone() };
        assert_eq!(result["level"], level);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(decoded(text(place, "/artifactLocation/uri")), text(finding, "/path"));
        assert_eq!(place["region"]["startLine"], finding["line"]);
        if project.path(text(finding, "/path")).extension().is_some_and(|ending| ending == "md" || ending == "toml") {
            assert_eq!(place["region"]["startColumn"], finding["column"], "{id}");
            assert_eq!(
                (&place["region"]["endLine"], &place["region"]["endColumn"]),
                (&finding["end_line"], &finding["end_column"]),
                "{id}"
            );
        }
        assert_eq!(list(result, "/relatedLocations").len(), list(finding, "/places").len());
        let suppressions = list(result, "/suppressions");
        assert_eq!(suppressions.len() == 1, finding["waived"] == true, "{id}");
        assert!(result["suppressions"].is_array());
        for suppression in suppressions {
            assert_eq!((&suppression["kind"], &suppression["status"]), (&"inSource".into(), &"accepted".into()));
            assert_eq!(suppression["justification"], finding["waiver"]["reason"]);
        }
    }
    assert!(findings.iter().any(|finding| finding["waived"] == true));
}

#[test]
fn sarif_describes_every_rule_and_the_run() {
    let project = whole();
    let log = valid(&project.run("check --format sarif --fail-on warning").out);
    let listed = project.run("explain --list").out;
    let rules = list(&log, "/runs/0/tool/driver/rules");
    assert!(rules.len() >= 39);
    for rule in rules {
        let id = text(rule, "/id");
        assert!(listed.lines().any(|line| line.split_whitespace().next() == Some(id)), "{id}");
        for path in ["/shortDescription/text", "/fullDescription/text", "/help/text", "/help/markdown", "/defaultConfiguration/level"] {
            assert!(!text(rule, path).is_empty(), "{id}{path}");
        }
        assert!(text(rule, "/helpUri").ends_with(&format!("/content/rules/{id}.md")), "{id}");
        assert!(text(rule, "/help/text").starts_with(id), "{id}");
    }
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!((&invocation["executionSuccessful"], &invocation["exitCode"]), (&true.into(), &1.into()));
    assert_eq!(log["runs"][0]["columnKind"], "unicodeCodePoints");
    assert_eq!(log["runs"][0]["tool"]["driver"]["semanticVersion"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn no_text_of_a_page_becomes_a_link_or_a_control_character_in_sarif() {
    let log = valid(&hostile().run("check --format sarif").out);
    let mut seen = 0;
    for result in results(&log) {
        let messages = list(result, "/relatedLocations").iter().map(|location| text(location, "/message/text"));
        for message in messages.chain([text(result, "/message/text")]) {
            assert!(!message.replace("\\](", "").contains("]("), "{message}");
            assert!(!message.contains(['\u{1b}', '\u{202e}', '\r']), "{message:?}");
            seen += usize::from(message.contains("\\](https://evil.example)"));
        }
    }
    assert!(seen > 0);
}

/// The byte that a column of a line begins at.
fn offset(file: &str, line: &Value, column: &Value) -> usize {
    let number = |value: &Value| usize::try_from(value.as_u64().expect("a number")).expect("small");
    let start = file.split_inclusive('\n').take(number(line) - 1).map(str::len).sum::<usize>();
    start + file[start..].chars().take(number(column) - 1).map(char::len_utf8).sum::<usize>()
}

#[test]
fn a_fix_in_sarif_mends_the_file() {
    let project = hostile();
    let log = valid(&project.run("check --format sarif").out);
    let fixed: Vec<&Value> = results(&log).iter().filter(|result| !list(result, "/fixes").is_empty()).collect();
    let rules: BTreeSet<&str> = fixed.iter().map(|result| text(result, "/ruleId")).collect();
    assert_eq!(rules, BTreeSet::from(["absolute-link", "unknown-key"]));
    for result in fixed {
        let change = &result["fixes"][0]["artifactChanges"][0];
        let path = decoded(text(change, "/artifactLocation/uri"));
        let before = std::fs::read(project.path(&path)).expect("the file");
        let file = String::from_utf8(before.clone()).expect("UTF-8").replace('\u{feff}', "");
        let region = &change["replacements"][0]["deletedRegion"];
        let (start, end) =
            (offset(&file, &region["startLine"], &region["startColumn"]), offset(&file, &region["endLine"], &region["endColumn"]));
        let inserted = text(change, "/replacements/0/insertedContent/text");
        project.write(&path, format!("{}{inserted}{}", &file[..start], &file[end..]));
        let id = text(result, "/partialFingerprints/forewarnFindingId~1v1");
        assert!(project.findings("").iter().all(|finding| finding["id"] != id), "{id}: `{inserted}` did not mend it");
        project.write(&path, before);
    }
}

#[test]
fn relative_addresses_begin_where_the_tool_runs() {
    let project = Project::empty();
    project.run("init docs/book");
    project.write("docs/book/content/a b.md", "[x](y.md)\n");
    let log = valid(&project.run("check --root ./docs/book --format sarif").out);
    let place = &results(&log)[0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!((text(place, "/uri"), text(place, "/uriBaseId")), ("docs/book/content/a%20b.md", "%SRCROOT%"));
    assert!(project.run("check --root docs/book --format github").out.starts_with("::error file=docs/book/content/a b.md,line=1,col=5,"));
    let elsewhere = project.path("docs/book");
    let log = valid(&project.run(&format!("check --root \"{}\" --format sarif", elsewhere.display())).out);
    assert_eq!(text(&results(&log)[0], "/locations/0/physicalLocation/artifactLocation/uri"), "content/a%20b.md");
}

/// A line of a job's log, as GitHub's runner reads it (`ActionCommand` in actions/runner): the command, its properties and what it says.
fn command(line: &str) -> Option<(String, BTreeMap<String, String>, String)> {
    let rest = line.trim_start().strip_prefix("::")?;
    let (head, data) = rest.split_once("::")?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let plain = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",").replace("%25", "%");
    let pairs = properties.split(',').filter_map(|pair| pair.split_once('=')).map(|(key, value)| (key.to_owned(), plain(value)));
    Some((name.to_owned(), pairs.collect(), data.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")))
}

#[test]
fn github_reads_one_annotation_for_each_open_finding_and_nothing_else() {
    let project = hostile();
    let findings = project.findings("");
    let open: Vec<&Value> = findings.iter().filter(|finding| finding["waived"] == false).collect();
    let out = project.run("check --format github").out;
    assert!(!out.contains(['\u{1b}', '\u{202e}', '\r']), "{out:?}");
    let (commands, others): (Vec<&str>, Vec<&str>) = out.lines().partition(|line| command(line).is_some());
    assert_eq!(commands.len(), open.len());
    assert!(matches!(others.as_slice(), [last] if last.contains(" errors, ") && !last.contains("::")), "{others:?}");
    for line in commands {
        let (name, properties, said) = command(line).expect("a command");
        let first = said.lines().next().unwrap_or_default();
        let level = if name == "notice" { "info" } else { &name };
        let matches = |finding: &&&Value| {
            properties["title"] == finding["rule"] && properties["file"] == finding["path"] && level == finding["level"]
        };
        let finding = open.iter().find(matches).unwrap_or_else(|| panic!("no finding for {line}"));
        if properties.contains_key("line") {
            assert!(
                open.iter().any(|finding| matches(&finding) && properties["line"].parse() == Ok(finding["line"].as_u64().unwrap_or(0))),
                "{line}"
            );
        }
        assert!(!first.is_empty() && said.contains(&format!("\nat {}", text(finding, "/path"))), "{line}");
    }
}

#[test]
fn github_gets_what_matters_most_first() {
    let out = hostile().run("check --format github").out;
    let names: Vec<String> = out.lines().filter_map(|line| command(line).map(|(name, ..)| name)).collect();
    let rank = |name: &String| ["error", "warning", "notice"].iter().position(|known| known == name).expect("a level");
    assert!(names.is_sorted_by_key(rank), "{names:?}");
}

/// The attribute of an element.
fn attribute<'d>(node: Node<'d, 'd>, name: &str) -> &'d str {
    node.attribute(name).unwrap_or_default()
}

#[test]
fn junit_is_xml_with_a_case_for_each_finding_and_each_clean_file() {
    let project = hostile();
    let findings = project.findings("");
    let xml = project.run("check --format junit").out;
    let document = Document::parse(&xml).unwrap_or_else(|error| panic!("{error}\n{xml}"));
    let cases: Vec<Node<'_, '_>> = document.descendants().filter(|node| node.has_tag_name("testcase")).collect();
    let named = |node: &Node<'_, '_>| node.attribute("name") != Some("no findings");
    assert_eq!(cases.iter().filter(|case| named(case)).count(), findings.len());
    let root = document.root_element();
    let count = |tag: &str| document.descendants().filter(|node| node.has_tag_name(tag)).count().to_string();
    assert_eq!(attribute(root, "tests"), cases.len().to_string());
    assert_eq!((attribute(root, "failures"), attribute(root, "skipped")), (count("failure").as_str(), count("skipped").as_str()));
    let open = |level: &str| findings.iter().filter(|finding| finding["waived"] == false && finding["level"] == level).count();
    assert_eq!(attribute(root, "failures"), (open("error") + open("warning")).to_string());
    let waived = document.descendants().find(|node| node.has_tag_name("skipped")).expect("a waiver");
    assert!(attribute(waived, "message").starts_with("waived by ops until 2027-03-01: Accepted ]]> <&> ::error::"), "{waived:?}");
    let clean: BTreeSet<&str> = cases.iter().filter(|case| !named(case)).map(|case| attribute(*case, "classname")).collect();
    assert!(clean.contains("content/index.md") && !clean.contains("content/crlf.md"), "{clean:?}");
    let suites: Vec<&str> = root.children().filter(Node::is_element).map(|suite| attribute(suite, "name")).collect();
    assert!(suites.is_sorted() && suites.contains(&"forewarn.toml") && suites.contains(&"content/img/evil ü.svg"), "{suites:?}");
}

#[test]
fn every_format_has_every_finding_and_the_same_exit_code() {
    let project = hostile();
    let count = project.findings("").len();
    assert!(count > 10);
    let waived = project.findings("").iter().filter(|finding| finding["waived"] == true).count();
    let run = |format: &str, rest: &str| project.run(&format!("check --format {format} {rest}"));
    assert_eq!(results(&valid(&run("sarif", "--max 1").out)).len(), count);
    assert_eq!(run("github", "--max 1").out.lines().filter(|line| line.starts_with("::")).count(), count - waived);
    assert_eq!(run("junit", "--max 1").out.matches("<testcase ").count() - run("junit", "").out.matches("\"no findings\"").count(), count);
    assert_eq!(project.findings("--max 1").len(), count);
    for format in ["human", "json", "sarif", "github", "junit"] {
        for (rest, code) in [("", 1), ("--fail-on never", 0), ("--only absolute-link", 0), ("--only absolute-link --fail-on warning", 1)] {
            assert_eq!(run(format, rest).code, code, "{format} {rest}");
        }
        assert_eq!(run(format, "--only absolute-link -q").out, run(format, "--only absolute-link -q").out, "{format}");
    }
}
