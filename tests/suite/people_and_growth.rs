//! The ids and levels of findings on people and growth: what they are about, and what settings and status make of them.

use crate::project::Project;

/// Two processes and a system that share one role, and much that is not enough.
const SETTINGS: &str = r#"
[roles.dba]
holders = 1
hours = "Mon-Fri 08:00-18:00 Africa/Lagos"
access = []
minutes_per_week = 60

[roles.lead]

[systems.vault]
rate_limit = "10/week"
[[systems.vault.limit]]
what = "Keys, in `total`"
now = 9
max = 10
[[systems.vault.limit]]
what = "Keys, in `total`"
now = 1
max = 10
"#;

const DEPLOY: &str = r##"```page
kind = "process"
title = "Deploy"
criticality = "critical"
runs = "any time"
tolerable_outage = "1h"
[volume]
planned = "20/week"
```

## Steps

1. **Migrate.**

   ```step
   actor = "automation"
   role = "dba"
   takeover = "#type-it"
   uses = ["vault"]
   minutes = 5
   calls = 2
   ```

   ```failure
   class = "technical"
   title = "It stops"
   severity = "critical"

   [recover]
   path = ["#type-it"]
   by = "lead"
   per_unit = "5m"
   units = 775
   ```

   ```failure
   class = "human"
   title = "Nobody looks"
   severity = "critical"
   recover = { text = "Look.", by = "dba", uses = ["vault"] }
   ```

2. **Type it.**

   ```step
   role = "dba"
   uses = ["vault"]
   ```
"##;

fn project() -> Project {
    Project::with(&[("forewarn.toml", SETTINGS), ("content/deploy.md", DEPLOY)])
}

/// The findings of our rules, each as `level id`.
fn found(project: &Project) -> Vec<String> {
    let rules = [
        "single-holder hours-not-covered role-without-access missing-owner no-next-in-line holders-not-stated",
        "missing-volume capacity-exceeded rate-limit-exceeded limit-near recovery-does-not-scale",
    ];
    let findings = project.findings(&format!("--only {}", rules.join(" ")));
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut found: Vec<String> = findings.iter().map(|finding| format!("{} {}", text(&finding["level"]), text(&finding["id"]))).collect();
    found.sort();
    found
}

#[test]
fn what_only_a_proposed_process_asks_for_stays_an_info_whatever_the_settings_say() {
    let settings = |rules: &str| format!("[rules]\n{rules}\n\n[roles.dba]\nholders = 1\n\n[roles.lead]\n");
    let process = |status: &str| {
        format!(
            r##"```page
kind = "process"
title = "Deploy"
criticality = "critical"
status = "{status}"
depends_on = ["db"]
```

## Steps

1. **Migrate.**

   ```step
   role = "dba"
   ```

   ```failure
   class = "technical"
   title = "It stops"
   severity = "critical"
   recover = {{ text = "Restore.", by = "lead" }}
   ```
"##
        )
    };
    let db = "```page\nkind = \"system\"\ntitle = \"DB\"\n```\n\n## Down\n\n```failure\nclass = \"dependency\"\nstate = \"down\"\n```\n";
    let levels = |rules: &str, status: &str| {
        let files = [("forewarn.toml", settings(rules)), ("content/deploy.md", process(status)), ("content/db.md", db.to_owned())];
        let project = files.iter().fold(Project::empty(), |project, (path, text)| project.file(path, text));
        let findings = project.findings("--only single-holder holders-not-stated only-outage-considered");
        let mut levels: Vec<String> =
            findings.iter().map(|found| format!("{} {}", found["rule"].as_str().unwrap(), found["level"].as_str().unwrap())).collect();
        levels.sort();
        levels
    };
    for rules in ["preset = \"strict\"", "people = \"error\"\nhardness = \"error\"", "single-holder = \"warning\""] {
        let proposed = ["holders-not-stated info", "only-outage-considered info", "single-holder info"];
        assert_eq!(levels(rules, "proposed"), proposed, "{rules}");
        assert_eq!(levels(rules, "retired"), [""; 0], "{rules}");
    }
    let strict = ["holders-not-stated warning", "only-outage-considered warning", "single-holder warning"];
    assert_eq!(levels("preset = \"strict\"", "active"), strict);
    let error = ["holders-not-stated error", "only-outage-considered error", "single-holder error"];
    assert_eq!(levels("people = \"error\"\nhardness = \"error\"", "active"), error);
}

#[test]
fn each_finding_is_about_the_smallest_thing_that_must_change() {
    assert_eq!(
        found(&project()),
        [
            "error hours-not-covered@deploy#it-stops",
            "error hours-not-covered@deploy#nobody-looks",
            "error role-without-access@deploy#nobody-looks/vault",
            "error role-without-access@deploy#type-it/vault",
            "error single-holder@dba",
            "info holders-not-stated@lead",
            "info missing-volume@deploy",
            "warning capacity-exceeded@dba",
            "warning limit-near@vault/keys-in-total",
            "warning limit-near@vault/keys-in-total~2",
            "warning missing-owner@deploy",
            "warning missing-owner@vault",
            "warning no-next-in-line@deploy#it-stops",
            "warning no-next-in-line@deploy#nobody-looks",
            "warning rate-limit-exceeded@vault",
            "warning recovery-does-not-scale@deploy#it-stops",
        ]
    );
}

#[test]
fn on_a_proposed_process_all_of_it_is_an_info() {
    let project = project();
    project.write("content/deploy.md", DEPLOY.replace("runs =", "status = \"proposed\"\nruns ="));
    assert_eq!(
        found(&project),
        [
            "info holders-not-stated@lead",
            "info hours-not-covered@deploy#it-stops",
            "info hours-not-covered@deploy#nobody-looks",
            "info missing-owner@deploy",
            "info missing-volume@deploy",
            "info no-next-in-line@deploy#it-stops",
            "info no-next-in-line@deploy#nobody-looks",
            "info recovery-does-not-scale@deploy#it-stops",
            "info role-without-access@deploy#nobody-looks/vault",
            "info role-without-access@deploy#type-it/vault",
            "info single-holder@dba",
            "warning limit-near@vault/keys-in-total",
            "warning limit-near@vault/keys-in-total~2",
            "warning missing-owner@vault",
        ]
    );
}

#[test]
fn of_a_retired_process_nothing_is_left_but_its_system() {
    let project = project();
    project.write("content/deploy.md", DEPLOY.replace("runs =", "status = \"retired\"\nruns ="));
    assert_eq!(
        found(&project),
        ["warning limit-near@vault/keys-in-total", "warning limit-near@vault/keys-in-total~2", "warning missing-owner@vault"]
    );
}

#[test]
fn settings_have_the_last_word_on_levels() {
    let project = project();
    project.write("forewarn.toml", format!("[rules]\nsingle-holder = \"info\"\npeople = \"warning\"\ngrowth = \"off\"\n{SETTINGS}"));
    let found = found(&project);
    assert!(found.contains(&"info single-holder@dba".to_owned()), "{found:?}");
    assert!(found.iter().all(|finding| finding.starts_with("warning ") || finding.ends_with("single-holder@dba")), "{found:?}");
    assert!(!found.iter().any(|finding| finding.contains("capacity-exceeded")), "{found:?}");
}

#[test]
fn the_edge_of_the_calendar_is_no_reason_to_stop() {
    for today in ["0001-01-01", "9999-12-30"] {
        assert_ne!(project().run(&format!("check --today {today}")).code, 2, "{today}");
    }
}
