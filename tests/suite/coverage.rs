//! Coverage, summed by hand: what each page owes, what is met, and for which class it counts.

use serde_json::{Value, json};

use crate::project::Project;

const SETTINGS: &str = r#"
[systems.github]
[systems.chat]

[roles.captain]
holders = 2

[classes.security]
title = "Security"
"#;

/// Serious, and without a recovery: two obligations. Not serious, without detection: two as well.
const DB: &str = r#"```page
kind = "system"
title = "DB"
```

## Down

```failure
class = "dependency"
severity = "major"
detect = "No connection."
```

## Slow

```failure
class = "scale"
severity = "minor"
```

Wait.
"#;

const DEPLOY: &str = r##"```page
kind = "process"
title = "Deploy"
criticality = "critical"
depends_on = ["later", "github"]

[not_applicable]
scale = "It grows no more; but the database says that it may be slow."
human = "Nobody does it by hand; but a failure mode says otherwise."
technical = "TBD"

[[waive]]
rule = "dependency-without-failure-mode"
reason = "Both are asked in the next session."
by = "captain"
until = 2026-11-20
```

## Steps

1. **Migrate.**

   ```step
   actor = "automation"
   takeover = "#switch"
   uses = ["db"]
   ```

   ```failure
   class = "technical"
   title = "It stops"
   severity = "critical"
   detect = "The log ends."
   recover = { text = "Restore.", verify = "It answers." }
   ```

2. **Drop.**

   ```step
   reversible = false
   ```

3. **Move.**

   ```step
   reversible = "until #switch"
   uses = ["github", "db"]
   ```

4. **Switch.**

   ```step
   actor = "automation"
   may_use = ["chat"]
   ```

5. **Tell everybody.**

   ```failure
   class = "security"
   title = "The wrong people read it"
   severity = "major"
   recover = "Delete it."

   [[waive]]
   rule = "untested-recovery"
   reason = "It is drilled in the yearly game day."
   by = "captain"
   ```

   ```failure
   class = "human"
   title = "Nobody reads it"
   severity = "moderate"
   detect = "TBD"
   recover = "Call them."
   ```
"##;

const LATER: &str = r#"```page
kind = "process"
title = "Later"
status = "proposed"
not_applicable = { scale = "It does not grow." }
```

## Steps

1. **Do it.**
"#;

const GONE: &str = "```page\nkind = \"process\"\ntitle = \"Gone\"\nstatus = \"retired\"\n```\n\n## Steps\n\n1. **Do it.**\n";

fn coverage(settings: &str) -> Value {
    let project = Project::with(&[
        ("forewarn.toml", &format!("{SETTINGS}{settings}")),
        ("content/db.md", DB),
        ("content/deploy.md", DEPLOY),
        ("content/later.md", LATER),
        ("content/gone.md", GONE),
    ]);
    let report: Value = serde_json::from_str(&project.run("check --format json").out).expect("JSON");
    report["summary"]["coverage"].clone()
}

fn tally(met: usize, unmet: usize, waived: usize, not_applicable: usize) -> Value {
    json!({ "met": met, "unmet": unmet, "waived": waived, "not_applicable": not_applicable })
}

#[test]
fn each_obligation_counts_once_and_for_its_class() {
    let coverage = coverage("");
    // Deploy is considered, Later is not; of the steps, Migrate and Move can be hit, Drop and Switch cannot; It stops lacks decision and drill.
    assert_eq!(coverage["by_class"]["technical"], tally(1 + 2 + 3, 1 + 2 + 2, 0, 0));
    // Migrate has a takeover, Switch has none; Nobody reads it has a recovery, and no detection.
    assert_eq!(coverage["by_class"]["human"], tally(1 + 1 + 1, 1 + 1 + 1, 0, 0));
    // A reason beside a failure mode that applies, here an inherited one, is no "not applicable". Slow lacks detection.
    assert_eq!(coverage["by_class"]["scale"], tally(1 + 1, 1, 0, 1));
    // The database is answered on its page; Later and GitHub are waived. Down lacks a recovery, and is asked no more.
    assert_eq!(coverage["by_class"]["dependency"], tally(1 + 1 + 1, 1 + 1, 2, 0));
    // Detection, decision and verification are missing, the drill is waived.
    assert_eq!(coverage["by_class"]["security"], tally(1, 3, 1, 0));
    let total = tally(6 + 3 + 2 + 3 + 1, 5 + 3 + 1 + 2 + 3, 3, 1);
    for key in ["met", "unmet", "waived", "not_applicable"] {
        assert_eq!(coverage[key], total[key], "{key}");
    }
}

#[test]
fn settings_hide_findings_and_close_no_gap() {
    let whole = coverage("");
    for settings in ["[rules]\ncoverage = \"off\"\n", "[rules]\npreset = \"first-steps\"\nmissing-takeover = \"off\"\n"] {
        assert_eq!(coverage(settings), whole, "{settings}");
    }
}
