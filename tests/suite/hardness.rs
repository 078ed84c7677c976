//! What the findings of hardness, and of ways through a process, are about: their ids, levels and places in the machine's notation.

use crate::project::Project;

/// A critical process in which most is weak, a proposed copy of it, and a system.
fn project() -> Project {
    let process = |status: &str| {
        format!(
            r##"```page
kind = "process"
title = "Deploy"
criticality = "critical"
status = "{status}"
tolerable_outage = "30m"
depends_on = ["db"]

[context]
changes_production = true
```

## Steps

1. **Migrate.** {{#m}}

   ```step
   id = "migrate"
   actor = "automation"
   writes = ["db", "ledger"]
   retry = 2
   idempotent = false
   requires = ["#snapshot"]
   ```

   ```failure
   class = "technical"
   title = "It stops"
   severity = "critical"
   detect = {{ by = "customer", within = "20m" }}
   recover = {{ path = ["#snapshot"], within = "20m" }}
   ```

2. **Snapshot.**

   ```failure
   class = "technical"
   title = "No room"
   severity = "minor"
   cause = "The disk is full"
   effect = "No snapshot"
   recover = {{ path = ["#snapshot"] }}
   ```

3. **Drop.**

   ```step
   reversible = false
   requires = ["other#elsewhere"]
   ```
"##
        )
    };
    let db = "```page\nkind = \"system\"\ntitle = \"DB\"\ntype = \"datastore\"\n```\n\n## Down\n\n```failure\nclass = \"technical\"\nstate = \"down\"\nseverity = \"major\"\ndetect = { by = \"alert\", within = \"1h\" }\n```\n\nWait.\n";
    Project::empty()
        .file("forewarn.toml", "[systems.ledger]\n")
        .file("content/deploy.md", process("active"))
        .file("content/db.md", db)
        .file("content/other.md", "```page\nkind = \"process\"\ntitle = \"Other\"\n```\n\n## Steps\n\n1. **Elsewhere.**\n")
        .file("content/plan.md", process("proposed"))
}

const RULES: [&str; 11] = [
    "unrated-failure-mode",
    "incomplete-failure-mode",
    "late-detection",
    "only-outage-considered",
    "irreversible-without-guard",
    "partial-completion-not-considered",
    "missing-timeout",
    "unbounded-retry",
    "missing-change-window",
    "requirement-not-on-path",
    "way-back-crosses-writes",
];

/// `level id` of each finding of these rules on a page, sorted.
fn found(page: &str) -> Vec<String> {
    let findings = project().findings(&format!("--only {}", RULES.join(",")));
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let of_page = findings.iter().filter(|finding| finding["page"] == page);
    let mut found: Vec<String> = of_page.map(|finding| format!("{} {}", text(&finding["level"]), text(&finding["id"]))).collect();
    found.sort();
    found
}

#[test]
fn each_finding_is_about_the_smallest_thing_that_must_change() {
    let expected = [
        "error irreversible-without-guard@deploy#drop",
        "error requirement-not-on-path@deploy#drop/other#elsewhere",
        "error requirement-not-on-path@deploy#migrate/snapshot",
        "warning incomplete-failure-mode@deploy#it-stops",
        "warning late-detection@deploy#it-stops",
        "warning missing-change-window@deploy",
        "warning missing-timeout@deploy#migrate",
        "warning partial-completion-not-considered@deploy#migrate",
        "warning unbounded-retry@deploy#migrate",
        "warning unbounded-retry@deploy#no-room",
        "warning unrated-failure-mode@deploy#it-stops",
        "warning unrated-failure-mode@deploy#no-room",
        "warning way-back-crosses-writes@deploy#it-stops",
    ];
    assert_eq!(found("deploy"), expected);
}

#[test]
fn findings_about_a_system_stand_on_its_page() {
    let expected = [
        "info unrated-failure-mode@db#down",
        "warning incomplete-failure-mode@db#down",
        "warning late-detection@db#down",
        "warning only-outage-considered@db",
    ];
    assert_eq!(found("db"), expected);
}

#[test]
fn a_proposed_process_is_told_the_same_as_infos_and_asked_no_outage_question() {
    let expected: Vec<String> = found("deploy")
        .iter()
        .filter(|line| !line.contains("requirement-not-on-path") && !line.contains("way-back-crosses-writes"))
        .filter_map(|line| Some(format!("info {}", line.split_once(' ')?.1.replace("@deploy", "@plan"))))
        .collect();
    let mut expected = expected;
    expected.sort();
    assert_eq!(found("plan"), expected);
}

#[test]
fn the_users_of_a_system_are_the_places_of_its_finding() {
    let findings = project().findings("--only only-outage-considered");
    let places = findings[0]["places"].as_array().expect("places");
    let paths: Vec<&str> = places.iter().filter_map(|place| place["path"].as_str()).collect();
    assert_eq!(paths, ["content/deploy.md", "content/plan.md"]);
}

#[test]
fn a_thousand_requirements_are_looked_at_in_a_moment() {
    let step = |number: usize| {
        let required = if number == 0 { String::new() } else { format!("requires = [\"#s{}\"]\n", number - 1) };
        format!("### S{number}\n\n```step\n{required}reversible = false\nguard = \"peer\"\n```\n\n")
    };
    let steps: String = (0..1_000).map(step).collect();
    let page = format!("```page\nkind = \"process\"\ntitle = \"P\"\ncriticality = \"critical\"\n```\n\n## Steps\n\n{steps}");
    let page = page.replace("#s998\"", "#s999\"");
    let findings = Project::empty().file("content/p.md", page).findings("--only requirement-not-on-path");
    let ids: Vec<&str> = findings.iter().filter_map(|finding| finding["id"].as_str()).collect();
    assert_eq!(ids, ["requirement-not-on-path@p#s999/s999"]);
}
