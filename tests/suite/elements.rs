//! What a finding is about: the ids `rule@element`, which baselines, waivers and comparisons go by.

use crate::project::Project;

/// The ids of the findings, in the order of the report.
fn ids(project: &Project, rules: &str) -> Vec<String> {
    let findings = project.findings(&format!("--only {rules}"));
    findings.iter().map(|finding| finding["id"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn an_overdue_action_is_named_by_the_slug_of_its_words() {
    let action = "[[action]]\nwhat = \"Alert on `schema_version` drift!\"\ndue = 2026-10-20\n";
    let failure = format!("```failure\nclass = \"human\"\ntitle = \"It stops\"\n{action}{action}```\n");
    let project = Project::with(&[
        (
            "content/deploy.md",
            &format!("```page\nkind = \"process\"\ntitle = \"Deploy\"\n```\n\n## Steps\n\n1. Go.\n\n## Failures\n\n{failure}"),
        ),
        (
            "content/down.md",
            &format!("```page\nkind = \"incident\"\ntitle = \"Down\"\ndate = 2026-10-02\nprocess = \"deploy\"\n{action}```\n"),
        ),
    ]);
    assert_eq!(
        ids(&project, "overdue-action"),
        [
            "overdue-action@deploy#it-stops/alert-on-schema_version-drift",
            "overdue-action@deploy#it-stops/alert-on-schema_version-drift~2",
            "overdue-action@down/alert-on-schema_version-drift",
        ]
    );
}

const SERIOUS: &str = r#"```page
kind = "process"
title = "Deploy"
criticality = "critical"
depends_on = ["db", "sso"]
[context]
changes_production = true
```

## Steps

1. **Go.**

   ```step
   actor = "automation"
   reversible = false
   destroys = ["db"]
   temporary = "2h"
   acts_on = ["db"]
   ```

   ```failure
   class = "dependency"
   title = "Gone"
   of = "db"
   state = "down"
   ```
"#;

#[test]
fn questions_about_a_step_stand_at_the_step_those_about_a_process_or_system_at_its_page() {
    let settings = "[systems.db]\ntype = \"datastore\"\nexpires = 2026-11-21\n[systems.sso]\ntype = \"identity\"\n";
    let project = Project::with(&[("forewarn.toml", settings), ("content/deploy.md", SERIOUS)]);
    let mut found = ids(
        &project,
        "missing-context,missing-metric,review-overdue,high-priority-unanswered,premortem-overdue,all-at-once,unverified-process,deletion-without-scope,missing-abort,temporary-without-undo,wrong-signal-not-considered,dependencies-not-stated,limit-not-stated,return-load-not-considered,expiry-not-stated,expiry-near",
    );
    found.sort();
    let wanted = [
        "all-at-once@deploy#go",
        "deletion-without-scope@deploy#go",
        "dependencies-not-stated@db",
        "dependencies-not-stated@sso",
        "expiry-near@db",
        "expiry-not-stated@sso",
        "high-priority-unanswered@deploy#gone",
        "limit-not-stated@db",
        "missing-abort@deploy#go",
        "missing-context@deploy",
        "missing-metric@deploy",
        "premortem-overdue@deploy",
        "return-load-not-considered@db",
        "review-overdue@deploy",
        "temporary-without-undo@deploy#go",
        "unverified-process@deploy",
        "wrong-signal-not-considered@deploy#go",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn what_ends_soon_is_a_warning_and_what_has_ended_an_error() {
    let level = |day: &str| {
        let settings = format!("[systems.db]\nexpires = {day}\n[systems.sso]\n");
        let project = Project::with(&[("forewarn.toml", settings.as_str()), ("content/deploy.md", SERIOUS)]);
        let findings = project.findings("--only expiry-near");
        findings.first().map(|finding| finding["level"].as_str().unwrap_or_default().to_owned())
    };
    let levels = ["2026-11-19", "2026-11-20", "2026-12-20", "2026-12-21"].map(level);
    assert_eq!(levels, [Some("error".to_owned()), Some("warning".to_owned()), Some("warning".to_owned()), None]);
}
