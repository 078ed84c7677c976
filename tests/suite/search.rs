//! What can be found on a site: the files of the search data, what is in them, and what never is.

use crate::battery::{built, whole};
use crate::project::Project;

const DEPLOY: &str = r#"```page
kind = "process"
title = "Deploy to production"
owner = "platform"
tags = ["rollout"]
```

Words above the steps.

## Steps

1. **Migrate the schema.** The pipeline runs `just migrate`.

   ```step
   actor = "automation"
   role = "platform"
   uses = ["payments-db"]
   ```

   ```failure
   class = "technical"
   title = "The migration stops halfway"
   effect = "Half the rows carry the new schema"
   detect = "`schema_version` differs"
   recover = "Restore the snapshot."
   ```

## Afterwards

A word for Afterwards alone.
"#;

const DATABASE: &str = r#"```page
kind = "system"
title = "Payments database"
owner = "platform"
contact = "canary-contact"
```

Prose of the database.
"#;

const ROLE: &str = r#"```page
kind = "role"
title = "Platform engineer"
holders = 4242
hours = "Mon-Fri 09:17-17:43 Africa/Lagos"
channels = ["canary-channel"]
```
"#;

fn handbook() -> Project {
    whole()
        .file("content/processes/deploy-to-production.md", DEPLOY)
        .file("content/systems/payments-db.md", DATABASE)
        .file("content/roles/platform.md", ROLE)
        .file("content/systems/canary-channel.md", "```page\nkind = \"system\"\ntitle = \"Chat\"\n```\n")
}

fn text(project: &Project, path: &str) -> String {
    project.read(&format!("public/{path}"))
}

#[test]
fn everything_that_is_declared_is_found_and_texts_stand_by_section() {
    let project = handbook();
    let site = built(&project);
    let facts = text(&project, "search.js");
    assert!(facts.starts_with("forewarn.searchFacts({") && facts.ends_with(");\n"), "{facts}");
    let expected = [
        r#""sections":["index","processes","roles","systems"]"#,
        r#""left_out":false"#,
        r#"{"kind":"process","url":"processes/deploy-to-production/","id":"deploy-to-production","title":"Deploy to production""#,
        r#""words":["rollout"]"#,
        r#"["s","migrate-the-schema","Migrate the schema",1,"#,
        r#"["m","the-migration-stops-halfway","The migration stops halfway","technical",null,"schema_version differs""#,
        r#"["h","steps","Steps"]"#,
        r#"["h","afterwards","Afterwards"]"#,
        r#""title":"Risks""#,
    ];
    for expected in expected {
        assert!(facts.contains(expected), "{expected} is not in {facts}");
    }
    let texts: Vec<&String> = site.keys().filter(|path| path.starts_with("search-text-")).collect();
    assert_eq!(texts, ["search-text-index.js", "search-text-processes.js", "search-text-roles.js", "search-text-systems.js"]);
    let processes = text(&project, "search-text-processes.js");
    assert!(processes.starts_with("forewarn.searchTexts([["), "{processes}");
    // Each text stands under the thing that it is about: the page, the step (1), the failure mode (2), the heading (3).
    let page = facts_index(&facts, "deploy-to-production");
    for (thing, words) in [
        (-1, "Words above the steps."),
        (1, "The pipeline runs just migrate."),
        (2, "Half the rows carry the new schema. Restore the snapshot."),
        (3, "A word for Afterwards alone."),
    ] {
        let start = format!("[{page},{thing},\"");
        let row = processes.split("],[").find(|row| format!("[{}", row.trim_start_matches("forewarn.searchTexts([[")).starts_with(&start));
        assert!(row.is_some_and(|row| row.contains(words)), "{words} is not under {start} in {processes}");
    }
    assert!(!processes.contains("actor ="), "a block is no text: {processes}");
}

/// The place of a page in the list of pages.
fn facts_index(facts: &str, id: &str) -> usize {
    let before = facts.split(&format!("\"id\":\"{id}\"")).next().unwrap_or_default();
    before.matches("{\"kind\":").count() - 1
}

#[test]
fn above_the_budget_texts_are_left_out_and_that_is_said() {
    let project = handbook().file("forewarn.toml", "title = \"Battery\"\n[search]\nbytes = 400\n");
    let ran = project.run("build");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("more than 400 bytes (`search.bytes`)") && ran.err.contains("Pagefind"), "{}", ran.err);
    let site = project.tree("public");
    assert!(!site.keys().any(|path| path.starts_with("search-text-")), "{:?}", site.keys());
    let facts = text(&project, "search.js");
    assert!(facts.contains(r#""sections":[],"left_out":true"#) && facts.contains("The migration stops halfway"), "{facts}");
    let within = handbook();
    assert!(!within.run("build").err.contains("search.bytes"));
}

#[test]
fn what_tells_of_people_is_in_no_search_data_whoever_may_read_it() {
    for audience in ["internal", "public"] {
        let project = handbook().file("forewarn.toml", format!("title = \"Battery\"\naudience = \"{audience}\"\n"));
        for (path, bytes) in built(&project).into_iter().filter(|(path, _)| path.starts_with("search")) {
            let text = String::from_utf8(bytes).expect("UTF-8");
            for canary in ["canary-contact", "4242", "09:17"] {
                assert!(!text.contains(canary), "{audience}: {canary} is in {path}");
            }
        }
        // That a system is a channel of somebody is not said; the system itself is a page like any other.
        assert_eq!(text(&project, "search.js").matches("canary-channel").count(), 2);
    }
}

#[test]
fn drafts_leave_no_trace() {
    let draft = "+++\ntitle = \"canary-title\"\ndraft = true\ntags = [\"canary-tag\"]\n+++\n\n## canary-heading\n\ncanary-body\n";
    let project = handbook().file("content/canary-folder/canary-file.md", draft);
    for (path, bytes) in built(&project) {
        assert!(!path.contains("canary-f") && !String::from_utf8_lossy(&bytes).contains("canary-title"), "{path}");
        if path.starts_with("search") {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            assert!(!["canary-tag", "canary-heading", "canary-body", "canary-f"].iter().any(|canary| text.contains(canary)), "{path}");
        }
    }
}

#[test]
fn no_value_is_more_than_text() {
    let hostile = "</title></script><img src=x onerror=alert(1)>'<!-- ]]>\u{2028}\\";
    let written = hostile.replace('\\', "\\\\");
    let page = format!(
        "+++\ntitle = \"{written}\"\ndescription = \"{written}\"\ntags = [\"{written}\"]\nkind = \"process\"\n+++\n\n## Steps\n\n### Do it {{#x}}\n\n\
         ```failure\nclass = \"human\"\ntitle = \"{written}\"\ndetect = \"{written}\"\nrecover = \"{written}\"\n```\n\n`{hostile}`\n"
    );
    let project = whole().file("content/bad.md", page);
    let site = built(&project);
    for (path, bytes) in site.iter().filter(|(path, _)| path.starts_with("search")) {
        let text = std::str::from_utf8(bytes).expect("UTF-8");
        assert!(!text.contains(['<', '>', '\u{2028}', '\u{2029}']), "{path}: {text}");
        assert_eq!(text.lines().count(), 1, "{path}");
        assert!(text.contains("onerror"), "{path}");
    }
}

#[test]
fn folders_that_some_system_takes_for_one_are_one_section() {
    let project = whole().file("content/Ops/a.md", "# A\n\nfirst\n").file("content/ops/b.md", "# B\n\nsecond\n");
    let site = built(&project);
    assert!(!site.contains_key("search-text-Ops.js"));
    let ops = text(&project, "search-text-ops.js");
    assert!(ops.contains("first") && ops.contains("second"), "{ops}");
}

#[test]
fn the_same_handbook_gives_the_same_search_data() {
    let data = |project: &Project| {
        let mut site = built(project);
        site.retain(|path, _| path.starts_with("search"));
        site
    };
    assert_eq!(data(&handbook()), data(&handbook()));
}

#[test]
fn pages_carry_the_marks_of_pagefind_and_generated_ones_do_not() {
    let project = handbook();
    built(&project);
    let page = text(&project, "processes/deploy-to-production/index.html");
    assert!(page.contains("data-pagefind-body data-pagefind-filter=\"kind:process\"") && page.contains("data-pagefind-ignore"));
    for generated in ["risks/index.html", "gaps/index.html", "processes/deploy-to-production/checklist/index.html"] {
        assert!(!text(&project, generated).contains("data-pagefind-body"), "{generated}");
    }
}
