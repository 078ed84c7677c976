//! What `export` prints for other programs: the register of failure modes, and the calendar of what comes due.

use std::collections::BTreeSet;

use icalendar::{Calendar, Component};
use snapbox::{IntoData, assert_data_eq, str};

use crate::battery::{built, refused, whole};
use crate::project::Project;

/// A handbook in which something of every kind comes due.
fn busy() -> Project {
    whole()
        .file(
            "forewarn.toml",
            "title = \"Acme\"\nbase_url = \"https://acme.example/book/\"\n\n[review]\nevery = \"6 months\"\n\n[systems.sso]\nexpires = \"never because it has no licence\"\n",
        )
        .file("content/ops.md", "```page\nkind = \"role\"\ntitle = \"Operations\"\n```\n")
        .file(
            "content/deploy.md",
            r##"```page
kind = "process"
title = "Deploy"
owner = "ops"
criticality = "critical"

[review]
every = "90d"
last = 2026-09-14

[drills]
"steps-to-roll-back" = 2026-08-01

[[waive]]
rule = "class-not-considered"
reason = "The other classes are written in the autumn review."
by = "ops"
until = 2026-12-01
```

## Steps

1. **Ship.** Send it.

   ```failure
   class = "technical"
   title = "The release is broken"
   severity = "critical"
   recover = { path = ["#steps-to-roll-back"] }

   [[action]]
   what = "Alert on the *error rate*"
   due = 2026-12-15

   [[action]]
   what = "Alert on the error rate"
   due = 2026-12-15
   done = 2026-11-01
   ```

   ```failure
   class = "technical"
   title = "The release is slow"
   severity = "major"
   recover = { path = ["#steps-to-roll-back"] }
   ```

   ```failure
   class = "technical"
   title = "The cache is cold"
   severity = "major"
   recover = { text = "Warm it.", drilled = 2026-10-31, by = "ops" }
   ```

   ```failure
   class = "technical"
   title = "Nobody has tried this one"
   severity = "major"
   recover = "Restore it."
   ```

## Steps to roll back

1. **Return.** Send the last one.
"##,
        )
        .file("content/old.md", "```page\nkind = \"process\"\ntitle = \"Old\"\nstatus = \"retired\"\nreview = { last = 2020-01-01 }\n```\n")
        .file("content/tls.md", "```page\nkind = \"system\"\ntitle = \"Edge certificate\"\nexpires = 2027-03-01\nrenewed_by = \"deploy\"\n```\n")
        .file(
            "content/2026-10-02.md",
            "```page\nkind = \"incident\"\ntitle = \"Down\"\ndate = 2026-10-02\nprocess = \"deploy\"\n\n[[action]]\nwhat = \"Ask the vendor\"\nowner = \"ops\"\ndue = 2026-10-20\n```\n",
        )
        .file("content/pm.md", "```page\nkind = \"premortem\"\ntitle = \"PM\"\nprocess = \"deploy\"\ndate = 2026-02-28\n```\n")
}

/// The calendar, read by a parser; what RFC 5545 wants of every line and event holds.
fn calendar(text: &str) -> Calendar {
    assert!(text.ends_with("END:VCALENDAR\r\n"), "{text:?}");
    for line in text.split_terminator("\r\n") {
        assert!(line.len() <= 75, "{} bytes: {line}", line.len());
        assert!(!line.contains(|c: char| c.is_control()), "{line:?}");
    }
    let calendar: Calendar = text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!((calendar.property_value("VERSION"), calendar.property_value("PRODID")), (Some("2.0"), Some("-//forewarn//reviews//EN")));
    let mut uids = BTreeSet::new();
    for event in calendar.events() {
        assert!(uids.insert(event.get_uid().expect("a UID").to_owned()), "a UID is there twice");
        assert_eq!(event.property_value("DTSTAMP"), Some("20261120T000000Z"));
        let start = &event.properties()["DTSTART"];
        assert_eq!(start.params()["VALUE"].value(), "DATE");
    }
    calendar
}

/// Day and title of each event, in the order of the calendar.
fn days(calendar: &Calendar) -> Vec<(String, String)> {
    let text = |event: &icalendar::Event, key: &str| event.property_value(key).unwrap_or_default().to_owned();
    calendar.events().map(|event| (text(event, "DTSTART"), text(event, "SUMMARY"))).collect()
}

#[test]
fn the_calendar_has_everything_that_comes_due_by_day() {
    let ran = busy().run("export reviews");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let days = days(&calendar(&ran.out));
    let days: Vec<(&str, &str)> = days.iter().map(|(day, title)| (day.as_str(), title.as_str())).collect();
    assert_eq!(
        days,
        [
            ("20261020", "Action: Ask the vendor"),
            ("20261030", "Drill: Steps to roll back (Deploy)"),
            ("20261201", "Waiver ends: class-not-considered for Deploy"),
            ("20261213", "Review: Deploy"),
            ("20261215", "Action: Alert on the error rate"),
            ("20270129", "Drill: The cache is cold (Deploy)"),
            ("20270228", "Pre-mortem: Deploy"),
            ("20270301", "Expires: Edge certificate"),
        ]
    );
}

#[test]
fn the_calendar_is_read_as_it_is_written() {
    let out = busy().run("export reviews --format ics").out;
    let end = out.match_indices("END:VEVENT\r\n").nth(2).map(|(at, end)| at + end.len()).expect("three events");
    assert_data_eq!(
        out[..end].replace("\r\n", "\n"),
        str![[r#"
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//forewarn//reviews//EN
CALSCALE:GREGORIAN
X-WR-CALNAME:Acme: reviews
BEGIN:VEVENT
UID:forewarn-92abb26a68e4ea3dfe9a0e9dbdde1394
DTSTAMP:20261120T000000Z
DTSTART;VALUE=DATE:20261020
SUMMARY:Action: Ask the vendor
DESCRIPTION:About: Down\nOwner: Operations\nSource: content/2026-10-02.md
CATEGORIES:action
TRANSP:TRANSPARENT
URL:https://acme.example/book/2026-10-02/
END:VEVENT
BEGIN:VEVENT
UID:forewarn-f2d77a67a982916234156d1c5c55c139
DTSTAMP:20261120T000000Z
DTSTART;VALUE=DATE:20261030
SUMMARY:Drill: Steps to roll back (Deploy)
DESCRIPTION:Last drilled on 2026-08-01.\nDo it for real\, then: forewarn st
 amp drill deploy#steps-to-roll-back\nOwner: Operations\nSource: content/de
 ploy.md
CATEGORIES:drill
TRANSP:TRANSPARENT
URL:https://acme.example/book/deploy/#steps-to-roll-back
END:VEVENT
BEGIN:VEVENT
UID:forewarn-189f59a97338a5f80ad2cce1c378df77
DTSTAMP:20261120T000000Z
DTSTART;VALUE=DATE:20261201
SUMMARY:Waiver ends: class-not-considered for Deploy
DESCRIPTION:The other classes are written in the autumn review.\nSigned by 
 ops.\nMend what it covers\, or sign it anew with a later day.\nOwner: Oper
 ations\nSource: content/deploy.md
CATEGORIES:waiver
TRANSP:TRANSPARENT
URL:https://acme.example/book/deploy/
END:VEVENT

"#]]
        .raw()
    );
}

#[test]
fn an_event_keeps_its_id_when_its_day_or_another_page_changes() {
    let project = busy();
    let ids = |project: &Project| -> BTreeSet<String> {
        calendar(&project.run("export reviews").out).events().filter_map(|event| event.get_uid().map(str::to_owned)).collect()
    };
    let before = ids(&project);
    let page = project.read("content/deploy.md");
    project.write("content/deploy.md", page.replace("last = 2026-09-14", "last = 2026-11-01").replace("2026-12-15", "2027-01-15"));
    project.write("content/more.md", "```page\nkind = \"process\"\ntitle = \"More\"\nreview = { last = 2026-11-01 }\n```\n");
    let after = ids(&project);
    assert!(before.is_subset(&after));
    assert_eq!(after.len(), before.len() + 1);
    assert_eq!(project.run("export reviews").out, project.run("export reviews").out);
}

#[test]
fn a_calendar_for_everybody_names_no_people() {
    let project = busy();
    let unfolded = |text: &str| text.replace("\r\n ", "");
    let private = unfolded(&project.run("export reviews").out);
    assert!(private.contains("Owner: Operations") && private.contains("Signed by ops."), "{private}");
    project.write("forewarn.toml", project.read("forewarn.toml").replace("title", "audience = \"public\"\ntitle"));
    let public = project.run("export reviews").out;
    assert_eq!(days(&calendar(&public)).len(), 8);
    assert!(["Operations", "Signed", "Owner"].iter().all(|word| !unfolded(&public).contains(word)), "{public}");
}

#[test]
fn without_an_address_or_with_a_false_one_events_have_no_link() {
    let project = busy();
    let links = |project: &Project| -> Vec<String> {
        calendar(&project.run("export reviews").out).events().filter_map(|event| event.get_url().map(str::to_owned)).collect()
    };
    let all = links(&project);
    assert_eq!(all.len(), 8);
    assert!(all.contains(&"https://acme.example/book/deploy/#steps-to-roll-back".to_owned()), "{all:?}");
    assert!(all.contains(&"https://acme.example/book/2026-10-02/".to_owned()), "{all:?}");
    for base in ["", "base_url = \"javascript:alert(1)\"", "base_url = \"https://a.example/\\nX-EVIL:1\""] {
        project.write("forewarn.toml", format!("title = \"Acme\"\n{base}\n"));
        assert_eq!(links(&project), Vec::<String>::new(), "{base}");
    }
}

#[test]
fn no_text_of_a_page_breaks_the_calendar() {
    let nasty = "a, b; c\\\\n d\\nBEGIN:VEVENT\\r\\nEND:VCALENDAR\\u001b[31m \\u202e \\u2028 \\\"q\\\" 手順手順手順手順手順手順手順手順手順手順 größe";
    let long = "wort ".repeat(100_000);
    let project = Project::with(&[
        ("forewarn.toml", &format!("title = \"{nasty}\"\nbase_url = \"https://x.example\"\n")),
        (
            "content/größe, 100%.md",
            &format!(
                "```page\nkind = \"process\"\ntitle = \"{nasty}\"\nreview = {{ last = 2026-09-14, every = \"90d\" }}\n\n[[waive]]\nrule = \"no;steps,\\nX:1\"\nreason = \"{nasty}{long}\"\nby = \"{nasty}\"\nuntil = 2026-12-01\n```\n"
            ),
        ),
        (
            "content/db.md",
            &format!(
                "```page\nkind = \"system\"\ntitle = \"{long}\"\nexpires = 9999-12-31\n```\n\n```failure\nclass = \"human\"\ntitle = \"x\"\n\n[[action]]\nwhat = \"{nasty}\"\ndue = 0001-01-01\n\n[[action]]\nwhat = \"{nasty}\"\ndue = 0001-01-01\n```\n"
            ),
        ),
    ]);
    let out = project.run("export reviews").out;
    let calendar = calendar(&out);
    let days = days(&calendar);
    let order: Vec<&str> = days.iter().map(|(day, _)| day.as_str()).collect();
    assert_eq!(order, ["00010101", "00010101", "20261201", "20261213", "99991231"]);
    assert!(days[3].1.starts_with("Review: a, b; c\\n d BEGIN:VEVENT END:VCALENDAR [31m \"q\" 手順"), "{}", days[3].1);
    assert!(days[4].1.ends_with("wort…") && days[4].1.chars().count() < 140, "{}", days[4].1);
    assert_eq!((out.matches("\r\nBEGIN:VEVENT").count(), out.matches("\r\nEND:VCALENDAR").count()), (5, 1));
    let url = calendar.events().nth(3).and_then(|event| event.get_url().map(str::to_owned));
    assert_eq!(url.as_deref(), Some("https://x.example/gr%C3%B6%C3%9Fe,%20100%25/"));
}

#[test]
fn the_register_is_the_one_of_the_site() {
    let project = busy();
    let site = built(&project);
    for (command, file) in
        [("export risks", "risks.csv"), ("export risks --format csv", "risks.csv"), ("export risks --format json", "risks.json")]
    {
        let ran = project.run(command);
        assert_eq!((ran.code, ran.out.as_bytes()), (0, site[file].as_slice()), "{command}");
    }
    assert!(project.run("export risks").out.starts_with("id,title,page,"));
}

#[test]
fn the_model_and_the_schema_are_json_whether_asked_or_not() {
    let project = busy();
    for what in ["model", "schema"] {
        let plain = project.run(&format!("export {what}"));
        assert_eq!((plain.code, &plain.out), (0, &project.run(&format!("export {what} --format json")).out), "{what}");
        assert!(plain.out.starts_with('{'));
    }
}

#[test]
fn a_format_that_there_is_not_is_refused_with_those_that_there_are() {
    let project = busy();
    for (rest, said) in [
        ("model --format csv", "`export model` prints json, not csv"),
        ("schema --format ics", "`export schema` prints json, not ics"),
        ("reviews --format json", "`export reviews` prints ics, not json"),
        ("risks --format ics", "`export risks` prints csv or json, not ics"),
    ] {
        refused(&project, &format!("export {rest}"), said);
    }
    assert_eq!(project.run("export risks --format xml").code, 2);
    assert_eq!(project.run("export everything").code, 2);
}
