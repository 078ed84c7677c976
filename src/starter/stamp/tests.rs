//! `stamp` in the user's notation.

use super::*;
use crate::check::rule::Group;
use crate::starter::testing::{TODAY, analysis, findings_of};
use crate::starter::{Init, NewFile, init};

const DEPLOY: &str = r##"```page
kind = "process"
title = "Deploy"

[review]
every = "90d"   # a quarter
last  = 2026-01-02   # long ago

[[metric]]
name = "Time"
kind = "outcome"

[drills]
"steps-to-roll-back" = 2026-01-03 # in the office
"#steps-by-hand" = 2026-01-04
```

## Steps

1. **Put it live.**

   ```failure
   class = "technical"
   title = "It stops"

   [recover]
   text = "Start again"
   drilled = 2026-01-05 # alone

   [[action]]
   what = "Try"
   ```

   ```failure
   class = "human"
   title = "Nobody looks"
   recover = { text = "Look" }
   ```

   ```failure
   class = "scale"
   title = "Too many"
   recover = "Wait, or [roll back](#steps-to-roll-back)"
   ```

   ```failure
   class = "scale"
   title = "Far too many"
   recover = "Wait"
   ```

   > ```failure
   > class = "technical"
   > title = "It is quoted"
   >
   > [recover]
   >   text = "Start again"
   >
   > # the end
   > ```

## Steps to roll back

1. Back.

## Steps by hand

1. Copy.

## Steps that nobody tried

1. Try.

## What else

### The heading is its title

```failure
class = "technical"
```

Do this, then that.
"##;

fn stamped_in(text: &str, what: Stamp<'_>) -> anyhow::Result<Stamped> {
    let file = NewFile { path: "content/deploy.md".to_owned(), text: text.to_owned() };
    stamp(&analysis(&[file]), what, |_| Ok(text.to_owned()))
}

/// The lines that differ, with `-` before what was and `+` before what is.
fn difference(old: &str, new: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split('\n').collect(), new.split('\n').collect());
    let start = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let end = old[start..].iter().rev().zip(new[start..].iter().rev()).take_while(|(old, new)| old == new).count();
    let gone = old[start..old.len() - end].iter().map(|line| format!("-{line}"));
    gone.chain(new[start..new.len() - end].iter().map(|line| format!("+{line}"))).collect()
}

#[track_caller]
fn changes(what: Stamp<'_>, lines: &[&str]) {
    let stamped = stamped_in(DEPLOY, what).unwrap();
    assert_eq!(difference(DEPLOY, &stamped.text), lines);
    let line = stamped.text.lines().nth(stamped.line - 1).unwrap();
    assert_eq!(line, lines.last().unwrap().trim_start_matches('+'), "the line that is named");
    // The same in a file with BOM and CRLF.
    let other = format!("\u{feff}{}", DEPLOY.replace('\n', "\r\n"));
    let text = stamped_in(&other, what).unwrap().text;
    assert_eq!(text, format!("\u{feff}{}", stamped.text.replace('\n', "\r\n")));
    // Twice is as good as once.
    let again = stamped_in(&stamped.text, what).unwrap();
    assert_eq!(again.text, stamped.text);
    assert!(again.said.contains("already"), "{}", again.said);
    assert_eq!(again.line, stamped.line);
}

#[track_caller]
fn refused(what: Stamp<'_>, said: &str) {
    let error = stamped_in(DEPLOY, what).unwrap_err().to_string();
    assert!(error.contains(said), "{error}");
}

#[test]
fn a_review_is_dated_and_its_comment_stays() {
    changes(Stamp::Review("deploy"), &["-last  = 2026-01-02   # long ago", "+last  = 2026-11-20   # long ago"]);
}

#[test]
fn a_track_is_dated_under_drills() {
    changes(
        Stamp::Drill("deploy#steps-to-roll-back"),
        &["-\"steps-to-roll-back\" = 2026-01-03 # in the office", "+\"steps-to-roll-back\" = 2026-11-20 # in the office"],
    );
    changes(Stamp::Drill("deploy#steps-by-hand"), &["-\"#steps-by-hand\" = 2026-01-04", "+\"#steps-by-hand\" = 2026-11-20"]);
}

#[test]
fn a_track_that_was_never_drilled_gets_a_line() {
    changes(Stamp::Drill("deploy#steps-that-nobody-tried"), &["+steps-that-nobody-tried = 2026-11-20"]);
}

#[test]
fn a_failure_mode_in_a_list_item_keeps_its_indentation() {
    changes(Stamp::Drill("deploy#it-stops"), &["-   drilled = 2026-01-05 # alone", "+   drilled = 2026-11-20 # alone"]);
}

#[test]
fn a_failure_mode_in_a_quote_gets_a_line_of_the_quote() {
    changes(Stamp::Drill("deploy#it-is-quoted"), &["+   >   drilled = 2026-11-20"]);
}

#[test]
fn a_recovery_between_braces_stays_on_its_line() {
    changes(
        Stamp::Drill("deploy#nobody-looks"),
        &["-   recover = { text = \"Look\" }", "+   recover = { text = \"Look\", drilled = 2026-11-20 }"],
    );
}

#[test]
fn what_was_done_is_said_on_one_line() {
    let said = stamped_in(DEPLOY, Stamp::Drill("deploy#steps-to-roll-back")).unwrap().said;
    assert_eq!(said, "drill of `deploy#steps-to-roll-back` set to 2026-11-20 in content/deploy.md:14");
}

#[test]
fn tables_that_are_not_there_begin_in_one_line() {
    let bare = "+++\nkind = \"process\"\ntitle = \"Deploy\"\n\n[context]\nintent = \"x\"\n+++\n\n## Steps\n\n1. Go.\n\n## Steps back\n\n1. Back.\n";
    let review = stamped_in(bare, Stamp::Review("deploy")).unwrap();
    assert_eq!(difference(bare, &review.text), ["+review.last = 2026-11-20"]);
    let drill = stamped_in(&review.text, Stamp::Drill("deploy#steps-back")).unwrap();
    assert_eq!(difference(&review.text, &drill.text), ["+drills.steps-back = 2026-11-20"]);
    let other = stamped_in(&drill.text, Stamp::Drill("deploy#steps")).unwrap();
    assert_eq!(difference(&drill.text, &other.text), ["+drills.steps = 2026-11-20"]);
    let file = NewFile { path: "content/deploy.md".to_owned(), text: other.text };
    let analysis = analysis(&[file]);
    assert_eq!(findings_of(&analysis, Group::Structure), Vec::<String>::new());
    let keys = analysis.handbook.page("deploy").unwrap().process_keys().unwrap();
    assert_eq!(keys.review.as_ref().unwrap().last.as_ref().unwrap().value, TODAY);
    assert_eq!(keys.drills.0.len(), 2);
}

#[test]
fn a_table_with_nothing_but_a_comment_gets_its_key() {
    let text = "```page\nkind = \"process\"\ntitle = \"D\"\n\n[review]\n# every = \"90d\"\n\n[volume]\nnow = \"1/week\"\n```\n\n## Steps\n\n1. Go.\n";
    let stamped = stamped_in(text, Stamp::Review("deploy")).unwrap();
    assert_eq!(difference(text, &stamped.text), ["+last = 2026-11-20"]);
}

#[test]
fn a_page_that_ends_without_a_line_end_and_one_that_is_indented_by_tabs() {
    let text = "## Steps\n\n1. Go.\n\n\t```failure\n\tclass = \"human\"\n\ttitle = \"It stops\"\n\t[recover]\n\ttext = \"x\"\n\t```";
    let page = format!("```page\nkind = \"process\"\ntitle = \"D\"\n```\n{text}");
    let stamped = stamped_in(&page, Stamp::Drill("deploy#it-stops")).unwrap();
    assert_eq!(difference(&page, &stamped.text), ["+\tdrilled = 2026-11-20"]);
    let open = page.strip_suffix("\n\t```").unwrap();
    let stamped = stamped_in(open, Stamp::Drill("deploy#it-stops")).unwrap();
    assert_eq!(stamped.text, format!("{open}\n\tdrilled = 2026-11-20\n"));
}

#[test]
fn every_drill_and_review_of_the_starter_can_be_stamped() {
    let files = init(Init { title: None, today: TODAY });
    let analysis = analysis(&files);
    let read = |path: &PagePath| Ok(files.iter().find(|file| file.path == path.as_str()).unwrap().text.clone());
    for name in ["deploy-website#steps-to-roll-back", "restore-database#the-load-stops-halfway", "database#the-database-is-down"] {
        let stamped = stamp(&analysis, Stamp::Drill(name), read).unwrap();
        let changed = difference(&read(&stamped.path).unwrap(), &stamped.text);
        assert_eq!(changed.len(), 2, "{changed:?}");
    }
    assert!(stamp(&analysis, Stamp::Review("restore-database"), read).is_ok());
}

#[test]
fn a_recovery_in_words_has_no_place_for_a_date() {
    refused(Stamp::Drill("deploy#too-many"), "`forewarn stamp drill deploy#steps-to-roll-back`");
    refused(Stamp::Drill("deploy#far-too-many"), "plain text, which has no place for a date");
    refused(Stamp::Drill("deploy#the-heading-is-its-title"), "the text under its heading");
}

#[test]
fn what_names_nothing_is_refused_with_the_nearest_name() {
    refused(Stamp::Drill("deplyo#steps"), "did you mean `deploy`?");
    refused(Stamp::Drill("deploy#steps-to-rol-back"), "did you mean `deploy#steps-to-roll-back`?");
    refused(Stamp::Drill("deploy"), "`deploy#steps-by-hand`");
    refused(Stamp::Drill("deploy#put-it-live"), "its track is `deploy#steps`");
    refused(Stamp::Review("nothing-like-it"), "no page has the id `nothing-like-it`");
    let files = init(Init { title: None, today: TODAY });
    let never = |_: &PagePath| -> anyhow::Result<String> { unreachable!("nothing is read") };
    let error = stamp(&analysis(&files), Stamp::Review("database"), never).unwrap_err().to_string();
    assert_eq!(error, "`database` is of kind system, and a process is wanted");
    let error = stamp(&analysis(&files), Stamp::Drill("github#x"), never).unwrap_err().to_string();
    assert!(error.contains("stands in `forewarn.toml`"), "{error}");
}

#[test]
fn a_file_that_changed_meanwhile_is_left_alone() {
    let file = NewFile { path: "content/deploy.md".to_owned(), text: DEPLOY.to_owned() };
    let error = stamp(&analysis(&[file]), Stamp::Review("deploy"), |_| Ok(DEPLOY.replace("1. Try", "1. Cry"))).unwrap_err();
    assert!(error.to_string().contains("changed while it was read"));
}
