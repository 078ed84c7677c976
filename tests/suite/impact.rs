//! `forewarn impact`: what breaks when something fails, and the way back.

use std::path::Path;

use forewarn::model::Drafts;
use forewarn::parse::value::PageKind;
use forewarn::pipeline::{Run, analyze};
use forewarn::{discover, impact, report};
use serde_json::Value;
use snapbox::{assert_data_eq, str};

use crate::project::{Project, TODAY};

const SETTINGS: &str = r##"
hosted_on = ["wiki"]

[systems.dns]
title = "DNS"
depends_on = []
[systems.wiki]
depends_on = ["sso"]
[systems.ci]
title = "Pipeline"
depends_on = ["sso"]
[systems.chat]
title = "Chat"
depends_on = ["sso"]
fallback = ["phone"]
[systems.phone]
title = "Telephone"
depends_on = []
[systems.graphs]
depends_on = ["sso"]
[systems.probe]
depends_on = []

[roles.captain]
title = "Captain"
holders = 2
backup = "engineer"
channels = ["chat"]
[roles.engineer]
title = "Engineer on call"
hours = "24x7"
channels = ["chat", "phone"]
[roles.clerk]
channels = ["chat"]
"##;

const SSO: &str = r##"```page
kind = "system"
title = "Sign-on"
type = "identity"
depends_on = ["dns"]
external = true
owner = "engineer"
contact = "Page 6 of the **red** binder"
status_page = "https://status.sso.example"
fallback = ["probe", "chat"]
```

### Nobody can log in

```failure
class = "dependency"
severity = "major"
state = "access-lost"

[detect]
signal = "The `login` probe is red"
by = "alert"
via = ["probe"]
within = "5m"

[recover]
text = "Use the kit, as in [Roll back](../deploy.md#steps-to-roll-back)."
by = "engineer"
uses = ["phone"]
decide = "The engineer, alone"
verify = "Two people got in"
within = "30m"
drilled = 2026-10-01
escalate = { after = "10m", to = "captain" }
```
"##;

const DEPLOY: &str = r##"```page
kind = "process"
title = "Deploy"
criticality = "critical"
owner = "captain"
```

## Steps

1. **Back up.** The database.

   ```step
   role = "captain"
   uses = ["ci"]
   ```

2. **Ship.** Merge and wait.

   ```step
   actor = "automation"
   role = "captain"
   requires = ["#back-up"]
   acts_on = ["graphs"]
   takeover = "#steps-by-hand"
   abort = "Press the `red` button"
   timeout = "20m"
   on_timeout = "#steps-to-roll-back"
   retry = 2
   idempotent = true
   ```

   ```failure
   class = "technical"
   title = "Errors rise"
   severity = "critical"
   likelihood = "likely"
   detect = { signal = "The error rate", by = "alert", via = ["graphs"] }
   recover = { path = ["#steps-to-roll-back"], by = "captain", alternative = ["#steps-by-hand"] }
   ```

   ```failure
   class = "human"
   title = "The wrong commit is shipped"
   detect = { signal = "A customer calls", via = ["graphs", "phone"] }
   recover = { path = ["#steps-to-roll-back"], escalate = { to = "captain" } }
   ```

3. **Tell the others.** In one sentence.

   ```step
   may_use = ["chat"]
   ```

4. **Look again.** After an hour.

## Steps to roll back

1. **Re-run the pipeline.** With the former commit.

   ```step
   role = "engineer"
   uses = ["ci"]
   ```

## Steps by hand

1. **Copy the files.** From the other host.
"##;

const RETIRED: &str = r##"```page
kind = "process"
title = "Old deploy"
status = "retired"
depends_on = ["sso"]
```

## Steps

1. **Ship.** By hand.

   ```failure
   class = "human"
   title = "Gone"
   detect = "Seen."
   recover = { text = "Go.", uses = ["sso"], by = "captain" }
   ```
"##;

const DRILL: &str = r##"```page
kind = "process"
title = "Drill"
depends_on = ["deploy"]
```

## Steps

1. **Is it a good day?**

   ```decision
   by = "captain"
   otherwise = "#not-today"
   [[branch]]
   when = "yes"
   to = "#play"
   ```

2. **Play.** For an hour.

   ```failure
   class = "technical"
   title = "It is no play any more"
   detect = "Seen."
   recover = { path = ["deploy"] }
   ```

3. **Write it down.** On one page.
4. **Not today.** Then next week.
"##;

const INCIDENT: &str = r##"```page
kind = "incident"
title = "Errors in May"
date = 2026-05-04
process = "deploy"
failure = "deploy#errors-rise"
recovery_worked = false
```
"##;

fn handbook() -> Project {
    Project::with(&[
        ("forewarn.toml", SETTINGS),
        ("content/systems/sso.md", SSO),
        ("content/deploy.md", DEPLOY),
        ("content/drill.md", DRILL),
        ("content/old.md", RETIRED),
        ("content/incidents/may.md", INCIDENT),
    ])
}

fn json(project: &Project, id: &str) -> Value {
    let ran = project.run(&format!("impact {id} --format json"));
    assert_eq!(ran.code, 0, "{id}: {}", ran.err);
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{id}: {error}: {}", ran.out))
}

/// The values under a key of each entry of a list, joined.
fn each<'v>(list: &'v Value, key: &str) -> Vec<&'v str> {
    list.as_array().expect("a list").iter().map(|entry| entry[key].as_str().expect("an id")).collect()
}

/// A chain as one reads it.
fn chain(entry: &Value) -> String {
    let links = entry["chain"].as_array().expect("a chain").iter();
    links.map(|link| link.as_str().expect("an id")).collect::<Vec<_>>().join(" → ")
}

#[test]
fn a_system_takes_with_it_what_hangs_on_it() {
    let impact = json(&handbook(), "dns");
    assert_eq!((impact["version"].as_i64(), &impact["kind"], &impact["title"]), (Some(1), &"system".into(), &"DNS".into()));
    assert_eq!(each(&impact["stops"]["systems"], "id"), ["sso", "wiki", "ci", "chat", "graphs"]);
    assert_eq!(chain(&impact["stops"]["systems"][2]), "ci → sso → dns");
    assert_eq!(each(&impact["stops"]["processes"], "id"), ["deploy", "drill"]);
    assert_eq!(chain(&impact["stops"]["processes"][1]), "drill → deploy → ci → sso → dns");
    assert_eq!(each(&impact["stops"]["steps"], "id"), ["deploy#back-up", "deploy#re-run-the-pipeline"]);
    assert_eq!(chain(&impact["stops"]["steps"][0]), "deploy#back-up → ci → sso → dns");
}

#[test]
fn a_system_that_fails_closes_other_ways_back_and_silences_other_signals() {
    let impact = json(&handbook(), "sso");
    let closed = &impact["closed"];
    // The whole process is on the way of the third; one without a second way comes before one with.
    assert_eq!(each(closed, "failure"), ["deploy#the-wrong-commit-is-shipped", "drill#it-is-no-play-any-more", "deploy#errors-rise"]);
    assert_eq!(each(closed, "alternative"), ["none", "none", "open"]);
    assert_eq!(chain(&closed[2]), "deploy#steps-to-roll-back → deploy#re-run-the-pipeline → ci → sso");
    assert_eq!(chain(&closed[1]), "deploy → deploy#back-up → ci → sso");
    assert_eq!(each(&impact["blind"], "failure"), ["deploy#errors-rise", "deploy#the-wrong-commit-is-shipped"]);
    assert_eq!((&impact["blind"][0]["left"], &impact["blind"][1]["left"]), (&serde_json::json!([]), &serde_json::json!(["phone"])));
    assert_eq!(each(&impact["misled"], "id"), ["deploy#ship"]);
    assert_eq!(each(&impact["hampered"], "id"), ["deploy#tell-the-others"]);
    assert_eq!(each(&impact["held"], "id"), ["deploy#ship"], "what it requires stops");
}

#[test]
fn a_system_that_fails_cuts_people_off_and_hides_the_handbook() {
    let impact = json(&handbook(), "sso");
    assert_eq!(each(&impact["people"], "role"), ["captain", "clerk", "engineer"]);
    assert_eq!(impact["people"][0]["left"], serde_json::json!([]));
    assert_eq!(impact["people"][2]["left"], serde_json::json!(["phone"]));
    assert_eq!(impact["handbook"], serde_json::json!({ "chain": ["wiki", "sso"], "offline_copy": false }));
    assert_eq!(json(&handbook(), "chat")["handbook"], Value::Null);
}

#[test]
fn the_way_back_says_all_that_is_declared() {
    let impact = json(&handbook(), "sso");
    let way = &impact["ways_back"][0];
    for (key, value) in [
        ("failure", "sso#nobody-can-log-in"),
        ("state", "access-lost"),
        ("decide", "The engineer, alone"),
        ("by", "engineer"),
        ("within", "30m"),
        ("verify", "Two people got in"),
        ("drilled", "2026-10-01"),
    ] {
        assert_eq!(way[key], value, "{key}");
    }
    assert_eq!(way["detect"]["via"], serde_json::json!(["probe"]));
    assert_eq!(way["escalate"], serde_json::json!({ "after": "10m", "to": "captain" }));
    assert_eq!(way["path"], serde_json::json!(["deploy#steps-to-roll-back"]), "by a link");
    assert_eq!(way["needs_what_failed"], serde_json::json!(["deploy#steps-to-roll-back", "deploy#re-run-the-pipeline", "ci", "sso"]));
    assert_eq!(impact["contact"], "Page 6 of the **red** binder");
    assert_eq!(impact["fallback"], serde_json::json!([{ "id": "probe", "stands": true }, { "id": "chat", "stands": false }]));
}

#[test]
fn nobody_in_a_role_leaves_steps_ways_back_and_calls() {
    let impact = json(&handbook(), "captain");
    assert_eq!(impact["kind"], "role");
    assert_eq!(impact["steps"], serde_json::json!(["deploy#back-up", "deploy#ship", "drill#is-it-a-good-day"]));
    assert_eq!(impact["recoveries"], serde_json::json!(["deploy#errors-rise"]), "the retired process counts for nothing");
    assert_eq!(impact["escalations"], serde_json::json!(["sso#nobody-can-log-in", "deploy#the-wrong-commit-is-shipped"]));
    assert_eq!((&impact["backup"], &impact["owns"]), (&"engineer".into(), &serde_json::json!(["deploy"])));
    let stands_in = json(&handbook(), "engineer");
    assert_eq!((&stands_in["backs_up"], &stands_in["backup"]), (&serde_json::json!(["captain"]), &Value::Null));
    assert_eq!(stands_in["helps"], serde_json::json!(["deploy#errors-rise", "deploy#the-wrong-commit-is-shipped"]));
}

#[test]
fn a_step_that_fails_blocks_what_is_reached_only_through_it() {
    let project = handbook();
    let ship = json(&project, "deploy#ship");
    assert_eq!(ship["behind"], serde_json::json!(["deploy#tell-the-others", "deploy#look-again"]));
    assert_eq!((&ship["takeover"], &ship["on_timeout"]), (&"deploy#steps-by-hand".into(), &"deploy#steps-to-roll-back".into()));
    assert_eq!(ship["abort"], "Press the `red` button");
    assert_eq!(each(&ship["ways_back"], "failure"), ["deploy#errors-rise", "deploy#the-wrong-commit-is-shipped"]);
    let backup = json(&project, "deploy#back-up");
    assert_eq!(backup["required_by"], serde_json::json!(["deploy#ship"]));
    assert_eq!(backup["recoveries"], serde_json::json!(["drill#it-is-no-play-any-more"]), "the whole process is that way back");
    let play = json(&project, "drill#play");
    assert_eq!(play["behind"], serde_json::json!(["drill#write-it-down"]), "the last step has another way");
    assert_eq!(play["entered_from"], serde_json::json!([{ "step": "drill#is-it-a-good-day", "as": "branch" }]));
}

#[test]
fn a_track_is_a_way_back_for_others() {
    let track = json(&handbook(), "deploy#steps-to-roll-back");
    assert_eq!(track["kind"], "track");
    assert_eq!(
        track["recoveries"],
        serde_json::json!(["deploy#errors-rise", "deploy#the-wrong-commit-is-shipped", "sso#nobody-can-log-in"])
    );
    assert_eq!(track["entered_from"], serde_json::json!([{ "step": "deploy#ship", "as": "on_timeout" }]));
    let by_hand = json(&handbook(), "deploy#steps-by-hand");
    assert_eq!(by_hand["alternatives"], serde_json::json!(["deploy#errors-rise"]));
}

#[test]
fn a_process_is_needed_by_processes_and_ways_back() {
    let process = json(&handbook(), "deploy");
    assert_eq!(each(&process["stops"]["processes"], "id"), ["drill"]);
    assert_eq!(each(&process["closed"], "failure"), ["drill#it-is-no-play-any-more"]);
    assert_eq!(process["recoveries"], serde_json::json!(["sso#nobody-can-log-in"]), "over one of its tracks");
    assert_eq!(each(&process["ways_back"], "failure"), ["deploy#errors-rise", "deploy#the-wrong-commit-is-shipped"]);
}

#[test]
fn a_failure_mode_says_what_it_hits_and_when_it_came_true() {
    let mode = json(&handbook(), "deploy#errors-rise");
    assert_eq!((&mode["kind"], &mode["of"]), (&"failure".into(), &Value::Null));
    assert_eq!((&mode["steps"], &mode["incidents"]), (&serde_json::json!(["deploy#ship"]), &serde_json::json!(["may"])));
    assert_eq!(json(&handbook(), "sso#nobody-can-log-in")["of"], "sso");
}

#[test]
fn a_system_that_renews_nothing_and_a_process_that_does() {
    let project = handbook().file(
        "content/systems/cert.md",
        "```page\nkind = \"system\"\ntitle = \"Certificate\"\nexpires = 2027-01-01\nrenewed_by = \"drill\"\n```\n",
    );
    assert_eq!(json(&project, "drill")["renews"], serde_json::json!(["cert"]));
    assert!(project.run("impact drill").out.contains("Certificate  good until 2027-01-01"));
}

#[test]
fn what_is_paged_at_three_reads_from_what_stops_to_the_way_back() {
    let ran = handbook().run("impact sso");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_data_eq!(
        ran.out,
        str![[r#"
Sign-on (sso) · identity · run by another organisation · owned by Engineer on call
When it fails: 4 systems, 2 processes and 2 steps stop; 2 ways back from other failures are closed;
2 roles cannot be reached; this handbook cannot be read.

Systems that stop
  wiki      wiki → sso
  Pipeline  ci → sso
  Chat      chat → sso · meanwhile: Telephone
  graphs    graphs → sso

Processes that stop
  Deploy (critical)  deploy → ci → sso
                     at Back up, Re-run the pipeline
  Drill              drill → deploy → ci → sso

Ways back from other failures that are closed now
  The wrong commit is shipped  Steps to roll back → Re-run the pipeline → ci → sso
  It is no play any more       deploy → Back up → ci → sso

Ways back of which only the second is open
  Errors rise (critical)  Steps to roll back → Re-run the pipeline → ci → sso

People who are not reached as usual
  Captain           not at all (only by Chat)
  clerk             not at all (only by Chat)
  Engineer on call  by Telephone, not by Chat

This handbook
  cannot be read: wiki → sso; and there is no offline copy

Signals of other failures that do not arrive now
  Errors rise (critical)  graphs → sso
  1 other comes on fewer ways than usual

Steps that must not begin: one that they require stops
  Deploy (critical)  Ship

Automated steps whose signal is gone
  Deploy (critical)  Ship

Steps that go on and miss it
  Deploy (critical)  Tell the others

The way back
  Nobody can log in (major, access-lost)
    content/systems/sso.md:15
    notice   The `login` probe is red · alert, by probe, within 5m
    decide   The engineer, alone
    do       Steps to roll back (deploy#steps-to-roll-back). Use the kit, as in Roll back.
    closed   Steps to roll back → Re-run the pipeline → ci → sso; there is no second way
    needs    phone
    who      Engineer on call, within 30m; after 10m call Captain
    normal   Two people got in
    drilled  2026-10-01

Whom to call, and what stands in for it
  owner    Engineer on call · 24x7 · reached by Chat, Telephone
  contact  Page 6 of the red binder
  state    https://status.sso.example
  instead  probe (probe), Chat (hangs on it: chat → sso)

"#]]
    );
}

#[test]
fn a_role_reads_from_what_waits_to_who_steps_in() {
    assert_data_eq!(
        handbook().run("impact captain").out,
        str![[r#"
Captain (captain) · 2 people · reached by Chat
When nobody is there: 3 steps wait; 1 way back has nobody to go it; 2 calls for help end here;
Engineer on call steps in.

Ways back that it goes
  Errors rise (critical)  deploy#errors-rise

Ways back on which it does a step
  It is no play any more  drill#it-is-no-play-any-more

Calls for help that end here
  Nobody can log in (major)    sso#nobody-can-log-in
  The wrong commit is shipped  deploy#the-wrong-commit-is-shipped

Steps that wait
  Deploy (critical)  Back up, Ship
  Drill              Is it a good day?

Pages that it owns
  Deploy

Who steps in
  Engineer on call (engineer) · 24x7 · reached by Chat, Telephone

"#]]
    );
}

#[test]
fn a_step_reads_from_what_is_behind_it_to_what_can_hit_it() {
    assert_data_eq!(
        handbook().run("impact deploy#ship").out,
        str![[r#"
Ship (deploy#ship) · a step of Deploy · automated, watched by Captain
When it fails: 2 steps behind it are not reached; 1 way back leads over it.

Steps behind it that are not reached
  Tell the others, Look again

Ways back that lead over it
  It is no play any more  drill#it-is-no-play-any-more

The way out
  take over  Steps by hand (deploy#steps-by-hand)
  stop it    Press the `red` button
  too long   after 20m: Steps to roll back (deploy#steps-to-roll-back)
  try again  2 times; doing it twice does no harm

What can hit it, and the way back
  Errors rise (critical)
    content/deploy.md:32
    notice   The error rate · alert, by graphs
    do       Steps to roll back (deploy#steps-to-roll-back)
    or       Steps by hand (deploy#steps-by-hand)
    who      Captain
    drilled  never

  The wrong commit is shipped
    content/deploy.md:41
    notice   A customer calls · by graphs, phone
    do       Steps to roll back (deploy#steps-to-roll-back)
    who      call Captain
    drilled  never

"#]]
    );
}

#[test]
fn a_name_that_names_nothing_gets_the_nearest_names() {
    let project = handbook()
        .file("content/notes.md", "# Notes\n")
        .file("content/later.md", "+++\nkind = \"system\"\ntitle = \"L\"\ndraft = true\n+++\n");
    for (id, said) in [
        ("ssso", "nothing has the id `ssso`; did you mean `sso`?"),
        ("Sign-On", "nothing has the id `Sign-On`; did you mean `sso`?"),
        ("ship", "nothing has the id `ship`; did you mean `deploy#ship` or `old#ship`?"),
        ("deploi#ship", "nothing has the id `deploi`; did you mean `deploy#ship`?"),
        ("deploy#shipp", "nothing on `deploy` has the id `shipp`; did you mean `deploy#ship`?"),
        ("may", "`may` is an incident, and an incident has happened; did you mean `deploy`?"),
        ("notes", "`notes` is a page, and a system, role, process, track, step or failure mode is wanted"),
        ("later", "`later` is a draft, `content/later.md`, and drafts are left out"),
        ("zzzzzz", "nothing has the id `zzzzzz`; `forewarn export model` lists all ids"),
    ] {
        let ran = project.run(&format!("impact {id}"));
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{id}");
        assert_eq!(ran.err.trim_end(), format!("error: {said}"));
    }
}

#[test]
fn a_handbook_that_cannot_be_read_whole_says_so_beside_the_answer() {
    let project = handbook()
        .file("content/bad.md", "```page\nkind = \"process\"\ntitle = \"Bad\"\ndepends_on = [\"nothing\"]\n```\n\n## Steps\n\n1. One.\n");
    let ran = project.run("impact sso");
    assert_eq!(ran.code, 0);
    assert_eq!(
        ran.err.trim_end(),
        "note: 1 declaration cannot be read or leads nowhere, so something may be missing here; `forewarn check` shows it"
    );
    assert_eq!(project.run("impact sso --quiet").err, "");
}

#[test]
fn everything_in_our_own_handbook_has_an_impact_that_fits_a_terminal() {
    let discovered = discover::discover(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("our own handbook");
    let today = TODAY.parse().expect("a day");
    let analysis = analyze(discovered, Run { today, drafts: Drafts::Out, fail_inside: None });
    let handbook = &analysis.handbook;
    let things = |page: usize| {
        let document = &handbook.pages[page].document;
        let tracks = document.tracks.iter().flat_map(|track| std::iter::once(&track.id).chain(track.steps.iter().map(|step| &step.id)));
        tracks.chain(document.failures.iter().map(|failure| &failure.id)).map(move |thing| format!("{}#{thing}", handbook.pages[page].id))
    };
    let kinds = [PageKind::Process, PageKind::System, PageKind::Role];
    let pages = (0..handbook.pages.len()).filter(|page| kinds.contains(&handbook.pages[*page].page_kind()));
    let ids: Vec<String> = pages.flat_map(|page| std::iter::once(handbook.pages[page].id.clone()).chain(things(page))).collect();
    assert!(ids.len() > 300, "{}", ids.len());
    for id in ids {
        let found = impact::impact(handbook, impact::find(handbook, &id).expect("what an id names"));
        let text = report::impact::text(&analysis, &found, false);
        assert_eq!(text.lines().find(|line| line.chars().count() > 100), None, "{id}");
        let json: Value = serde_json::from_str(&report::impact::json(handbook, &found)).expect("JSON");
        assert_eq!(json["id"], id);
    }
}
