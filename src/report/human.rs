//! The report for people: blocks in rustc's manner, what was left out, where to begin, and one line that says it all.

use std::fmt::Write;

use crate::finding::{Finding, Level};
use crate::pipeline::Analysis;

use super::group::{self, Block};
use super::order::{self, Criticalities};
use super::summary::{Summary, counted};
use super::{Options, draw, escape, start_here};

/// The report on the selected findings.
pub fn text(analysis: &Analysis, findings: &[&Finding], options: &Options) -> String {
    let lowest = if options.verbose { Level::Info } else { Level::Warning };
    let shown: Vec<&Finding> = findings.iter().copied().filter(|finding| finding.waived.is_none() && finding.level >= lowest).collect();
    let criticalities = Criticalities::of(&analysis.handbook);
    let mut blocks = group::blocks(&shown, &analysis.handbook);
    order::sort(&mut blocks, &criticalities);
    let summary = Summary::of(analysis, findings);
    let most = if options.max == 0 { blocks.len() } else { options.max.min(blocks.len()) };
    let (drawn, cut) = blocks.split_at(most);
    let mut out = String::new();
    for block in drawn {
        out.push_str(&draw::draw(block, analysis, options));
        out.push_str("\n\n");
    }
    let hidden = if lowest > Level::Info && !options.quiet { summary.counts.infos } else { 0 };
    let edits = if options.quiet { 0 } else { shown.iter().filter(|finding| finding.patch.is_some()).count() };
    out.push_str(&left_out(cut, hidden, edits));
    if options.quiet {
        return if out.is_empty() { out } else { format!("{}\n", out.trim_end()) };
    }
    out.push_str(&advice(&blocks, analysis, &criticalities, options));
    out.push_str(&summary.line(&options.set_aside, options.seconds));
    out.push('\n');
    out
}

/// What is not shown, and how to see it; and what the tool can mend by itself.
fn left_out(cut: &[Block<'_>], infos: usize, edits: usize) -> String {
    let mut out = String::new();
    match cut.iter().map(Block::len).sum::<usize>() {
        0 => {}
        1 => out.push_str("1 more finding is not shown: `forewarn check --max 0` shows all\n"),
        number => drop(writeln!(out, "{number} more findings are not shown: `forewarn check --max 0` shows all")),
    }
    match infos {
        0 => {}
        1 => out.push_str("1 info is not shown: `-v` shows it\n"),
        number => drop(writeln!(out, "{number} infos are not shown: `-v` shows them")),
    }
    match edits {
        0 => {}
        1 => out.push_str("1 edit is certain: `forewarn check --fix` makes it\n"),
        number => drop(writeln!(out, "{number} edits are certain: `forewarn check --fix` makes them")),
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

fn advice(blocks: &[Block<'_>], analysis: &Analysis, criticalities: &Criticalities<'_>, options: &Options) -> String {
    let acts = start_here::acts(blocks, &analysis.handbook, criticalities);
    if acts.is_empty() {
        return String::new();
    }
    let mut out = if options.coloured { format!("{BOLD}Start here:{BOLD:#}\n") } else { "Start here:\n".to_owned() };
    for (index, act) in acts.iter().enumerate() {
        let place = &act.finding.place;
        let line = analysis.sources.position(&place.path, place.span.start()).line;
        let path = escape::line(place.path.as_str());
        let at = if analysis.sources.get(&place.path).is_some() { format!("{path}:{line}") } else { path.into_owned() };
        let closes = if act.closes > 1 { format!(" (closes {})", counted(act.closes, "gap")) } else { String::new() };
        let _ = writeln!(out, "  {}. {at}: {}{closes}", index + 1, escape::line(&act.finding.message));
    }
    out.push('\n');
    out
}

/// What stands out in a terminal.
pub(super) const BOLD: annotate_snippets::renderer::Style =
    annotate_snippets::renderer::Style::new().effects(annotate_snippets::renderer::Effects::BOLD);

#[cfg(test)]
mod tests {
    use snapbox::{IntoData, assert_data_eq, str};

    use super::super::sample::{DEPLOY, analysis, finding, place};
    use super::super::{Options, report, select};
    use super::*;
    use crate::finding::{Element, Patch, Place, Waiver};
    use crate::source::{PagePath, Span};

    const PAGES: &[(&str, &str)] = &[("content/deploy.md", DEPLOY)];
    const PATH: &str = "content/deploy.md";

    fn shown(pages: &[(&str, &str)], findings: Vec<Finding>, options: &Options) -> String {
        let analysis = analysis(pages, findings);
        report(&analysis, &select(&analysis.findings, &[], &[]), options)
    }

    fn options() -> Options {
        Options { seconds: 0.08, ..Options::default() }
    }

    fn mode(rule: &'static str, level: Level, thing: &str, title: &str, lacks: &str) -> Finding {
        let fence = DEPLOY.find(&format!("```failure\ntitle = \"{title}\"")).unwrap();
        let at = Place::new(&PagePath::new(PATH), Span::new(fence, fence + 10));
        finding(rule, level, at, Element::thing("deploy", thing), &format!("failure mode `{title}` has no {lacks}"))
    }

    fn stops(rule: &'static str, lacks: &str) -> Finding {
        mode(rule, Level::Error, "the-migration-stops-halfway", "The migration stops halfway", lacks)
    }

    fn asleep(rule: &'static str, lacks: &str) -> Finding {
        mode(rule, Level::Error, "the-release-captain-is-asleep", "The release captain is asleep", lacks)
    }

    fn step(rule: &'static str, id: &str, title: &str, lacks: &str) -> Finding {
        let at = place(PAGES, PATH, title);
        finding(rule, Level::Error, at, Element::thing("deploy", id), &format!("step `{title}` has no {lacks}"))
            .note("when the automation stops, somebody must go on by hand")
            .help("add `takeover = \"#…\"` with the step or track by which a human goes on")
    }

    #[test]
    fn a_handbook_without_findings_is_one_calm_line() {
        let page = ("content/index.md", "# Home\n");
        assert_data_eq!(
            shown(&[page], Vec::new(), &options()),
            str![[r#"
0 errors, 0 warnings, 0 waived · 0 processes in 0.08 s

"#]]
        );
        assert_eq!(shown(&[page], Vec::new(), &Options { quiet: true, ..options() }), "");
    }

    #[test]
    fn a_finding_shows_its_place_second_places_note_and_help() {
        let recovery = stops("missing-recovery", "recovery")
            .note("whoever is called at 3 AM finds nothing here")
            .help("add `recover = \"…\"` to this block, or a `path` to the steps that lead back")
            .mark(place(PAGES, PATH, "Migrate the database"), "can hit this step");
        assert_data_eq!(
            shown(PAGES, vec![recovery], &options()),
            str![[r#"
error[missing-recovery]: failure mode `The migration stops halfway` has no recovery
  --> content/deploy.md:25:1
   |
17 | 2. Migrate the database {#migrate}
   |    -------------------- can hit this step
...
25 | ```failure
   | ^^^^^^^^^^
   |
   = note: whoever is called at 3 AM finds nothing here
   = help: add `recover = "…"` to this block, or a `path` to the steps that lead back

Start here:
  1. content/deploy.md:25: failure mode `The migration stops halfway` has no recovery

1 error, 0 warnings, 0 waived · coverage 91 % (11 of 12) · 1 process in 0.08 s

"#]]
        );
    }

    #[test]
    fn what_is_missing_on_one_failure_mode_is_one_block() {
        let findings = vec![
            stops("missing-detection", "detection").note("nobody notices").help("add `detect = \"…\"`"),
            stops("missing-recovery", "recovery").note("nobody knows the way back").help("add `recover = \"…\"`"),
        ];
        assert_data_eq!(
            shown(PAGES, findings, &options()),
            str![[r#"
error[missing-detection, missing-recovery]: failure mode `The migration stops halfway` has no detection and no recovery
  --> content/deploy.md:25:1
   |
25 | ```failure
   | ^^^^^^^^^^
   |
   = note: nobody notices
   = note: nobody knows the way back
   = help: add `detect = "…"`
   = help: add `recover = "…"`

Start here:
  1. content/deploy.md:25: failure mode `The migration stops halfway` has no recovery (closes 2 gaps)

2 errors, 0 warnings, 0 waived · coverage 83 % (10 of 12) · 1 process in 0.08 s

"#]]
        );
    }

    #[test]
    fn the_same_missing_on_many_failure_modes_is_one_block_with_their_names() {
        let findings = vec![stops("missing-detection", "detection"), asleep("missing-detection", "detection")];
        assert_data_eq!(
            shown(PAGES, findings, &options()),
            str![[r#"
error[missing-detection]: 2 failure modes of `Deploy` have no detection
  --> content/deploy.md:25:1
   |
25 | ```failure
   | ^^^^^^^^^^ The migration stops halfway
...
31 | ```failure
   | ^^^^^^^^^^ The release captain is asleep

Start here:
  1. content/deploy.md:25: failure mode `The migration stops halfway` has no detection
  2. content/deploy.md:31: failure mode `The release captain is asleep` has no detection

2 errors, 0 warnings, 0 waived · coverage 83 % (10 of 12) · 1 process in 0.08 s

"#]]
        );
    }

    #[test]
    fn steps_without_takeover_are_one_block_with_a_mark_each() {
        let findings = vec![
            step("missing-takeover", "build", "Build the release", "takeover"),
            step("missing-takeover", "migrate", "Migrate the database", "takeover"),
        ];
        assert_data_eq!(
            shown(PAGES, findings, &options()),
            str![[r##"
error[missing-takeover]: 2 steps of `Deploy` have no takeover
  --> content/deploy.md:11:4
   |
11 | 1. Build the release {#build}
   |    ^^^^^^^^^^^^^^^^^
...
17 | 2. Migrate the database {#migrate}
   |    ^^^^^^^^^^^^^^^^^^^^
   |
   = note: when the automation stops, somebody must go on by hand
   = help: add `takeover = "#…"` with the step or track by which a human goes on

Start here:
  1. content/deploy.md:11: step `Build the release` has no takeover
  2. content/deploy.md:17: step `Migrate the database` has no takeover

2 errors, 0 warnings, 0 waived · coverage 100 % (12 of 12) · 1 process in 0.08 s

"##]]
        );
    }

    #[test]
    fn classes_not_considered_are_one_block_with_their_questions() {
        let class = |class: &str, question: &str| {
            let element = Element::page("deploy").part(class);
            finding(
                "class-not-considered",
                Level::Warning,
                place(PAGES, PATH, "# Deploy"),
                element,
                &format!("no failure mode of class {class} in `Deploy`"),
            )
            .note(question)
            .help(format!("add a `failure` block with `class = \"{class}\"`"))
        };
        let findings =
            vec![class("scale", "ten times as many arrive: what breaks first?"), class("dependency", "a system is down: what then?")];
        assert_data_eq!(
            shown(PAGES, findings, &options()),
            str![[r#"
warning[class-not-considered]: no failure mode of 2 classes in `Deploy`: scale and dependency
 --> content/deploy.md:1:1
  |
1 | # Deploy
  | ^^^^^^^^
  |
  = note: ten times as many arrive: what breaks first?
  = note: a system is down: what then?
  = help: add a `failure` block with `class = "scale"`; the others likewise

Start here:
  1. content/deploy.md:1: no failure mode of class scale in `Deploy`
  2. content/deploy.md:1: no failure mode of class dependency in `Deploy`

0 errors, 2 warnings, 0 waived · coverage 83 % (10 of 12) · 1 process in 0.08 s

"#]]
        );
    }

    #[test]
    fn broken_anchors_to_one_page_are_one_block() {
        let pages: &[(&str, &str)] = &[
            ("content/a.md", "# A\n\n[one](b.md#one) and [two](b.md#two)\n"),
            ("content/b.md", "# B\n\n[three](#three)\n"),
            ("content/sub/c.md", "# C\n\n[four](../b.md#four)\n"),
        ];
        let anchor = |page: &str, path: &str, target: &str| {
            let message = format!("nothing on `content/b.md` has the anchor `{target}`");
            finding("broken-anchor", Level::Error, place(pages, path, target), Element::page(page).part(target), &message)
                .help(format!("did you mean `#{}s`?", target.rsplit('#').next().unwrap()))
        };
        let findings = vec![
            anchor("a", "content/a.md", "b.md#one"),
            anchor("a", "content/a.md", "b.md#two"),
            anchor("b", "content/b.md", "#three"),
            anchor("c", "content/sub/c.md", "../b.md#four"),
        ];
        assert_data_eq!(
            shown(pages, findings, &options()),
            str![[r#"
error[broken-anchor]: 4 links lead to anchors that `content/b.md` does not have
 --> content/a.md:3:7
  |
3 | [one](b.md#one) and [two](b.md#two)
  |       ^^^^^^^^            ^^^^^^^^ did you mean `#twos`?
  |       |
  |       did you mean `#ones`?
  |
 ::: content/b.md:3:9
  |
3 | [three](#three)
  |         ^^^^^^ did you mean `#threes`?
  |
 ::: content/sub/c.md:3:8
  |
3 | [four](../b.md#four)
  |        ^^^^^^^^^^^^ did you mean `#fours`?

Start here:
  1. content/a.md:3: nothing on `content/b.md` has the anchor `b.md#one`

4 errors, 0 warnings, 0 waived · 0 processes in 0.08 s

"#]]
        );
    }

    #[test]
    fn a_known_change_is_shown_as_a_patch() {
        let pages: &[(&str, &str)] = &[("content/a.md", "# A\n\n```page\nkind = \"process\"\ncriticalty = \"major\"\n```\n")];
        let at = place(pages, "content/a.md", "criticalty");
        let mut unknown =
            finding("unknown-key", Level::Error, at.clone(), Element::page("a").part("criticalty"), "a process has no key `criticalty`")
                .help("did you mean `criticality`?");
        unknown.patch = Some(Patch { place: at, replacement: "criticality".into() });
        assert_data_eq!(
            shown(pages, vec![unknown], &options()),
            str![[r#"
error[unknown-key]: a process has no key `criticalty`
 --> content/a.md:5:1
  |
5 | criticalty = "major"
  | ^^^^^^^^^^
  |
help: did you mean `criticality`?
  |
5 | criticality = "major"
  |         +

1 edit is certain: `forewarn check --fix` makes it

Start here:
  1. content/a.md:5: a process has no key `criticalty`

1 error, 0 warnings, 0 waived · coverage 100 % (4 of 4) · 1 process in 0.08 s

"#]]
        );
    }

    #[test]
    fn a_patch_may_insert_lines_and_take_them_away() {
        let pages: &[(&str, &str)] = &[("content/a.md", "# A\n\none\ntwo\nthree\n")];
        let edit = |text: &str, replacement: &str| {
            let mut finding =
                finding("unclosed-markup", Level::Warning, place(pages, "content/a.md", "two"), Element::page("a"), "a fence is left open");
            finding.patch = Some(Patch { place: place(pages, "content/a.md", text), replacement: replacement.into() });
            shown(pages, vec![finding], &Options { quiet: true, ..options() })
        };
        assert_data_eq!(
            edit("two\n", ""),
            str![[r#"
warning[unclosed-markup]: a fence is left open
 --> content/a.md:4:1
  |
4 | two
  | ^^^
  |
help: change this
  |
4 - two
  |

"#]]
        );
        assert_data_eq!(
            edit("\nthree", "\n~~~\nthree"),
            str![[r#"
warning[unclosed-markup]: a fence is left open
 --> content/a.md:4:1
  |
4 | two
  | ^^^
  |
help: change this
  |
4 ~ two
5 + ~~~
  |

"#]]
        );
    }

    #[test]
    fn findings_that_each_say_something_else_keep_their_words_in_one_block() {
        let overdue = |thing: &str, text: &str, message: &str| {
            let element = Element::thing("deploy", thing).part("x");
            finding("overdue-action", Level::Warning, place(PAGES, PATH, text), element, message).note("it can happen again").help("do it")
        };
        let findings = vec![
            overdue("build", "Build the release", "`Sign the image` was due on 2026-09-30, yesterday, and is not done"),
            overdue("migrate", "Migrate the database", "`Alert on drift` was due on 2026-09-01, 30 days ago, and is not done"),
        ];
        assert_data_eq!(
            shown(PAGES, findings, &Options { quiet: true, ..options() }),
            str![[r#"
warning[overdue-action]: 2 actions of `Deploy` are overdue
  --> content/deploy.md:11:4
   |
11 | 1. Build the release {#build}
   |    ^^^^^^^^^^^^^^^^^ `Sign the image` was due on 2026-09-30, yesterday, and is not done
...
17 | 2. Migrate the database {#migrate}
   |    ^^^^^^^^^^^^^^^^^^^^ `Alert on drift` was due on 2026-09-01, 30 days ago, and is not done
   |
   = note: it can happen again
   = help: do it

"#]]
        );
    }

    #[test]
    fn a_finding_with_very_many_places_shows_twenty_and_all_when_asked() {
        let page: String = (0..30).map(|line| format!("user {line:02}\n")).collect();
        let page = format!("# A\n{page}");
        let pages: &[(&str, &str)] = &[("content/a.md", &page)];
        let system = finding("limit-not-stated", Level::Warning, place(pages, "content/a.md", "# A"), Element::page("a"), "no limit");
        let mark = |found: Finding, user: usize| found.mark(place(pages, "content/a.md", &format!("user {user:02}")), "it needs it");
        let system = (0..30).fold(system, mark);
        let text = |max: usize| shown(pages, vec![system.clone()], &Options { max, quiet: true, ..options() });
        assert_eq!(text(20).matches("it needs it").count(), 19);
        assert!(text(20).contains("11 more places are not shown: `forewarn check --max 0` shows all"), "{}", text(20));
        assert_eq!(text(0).matches("it needs it").count(), 30);
    }

    #[test]
    fn a_file_without_text_shows_its_path_alone() {
        let picture = Place::new(&PagePath::new("content/img/Flow.png"), Span::default());
        let other = Place::new(&PagePath::new("content/img/flow.png"), Span::default());
        let collision =
            finding("url-collision", Level::Error, picture, Element::page("/img/flow.png"), "two files want the URL `/img/flow.png`")
                .mark(other, "the other file")
                .help("rename one of them");
        assert_data_eq!(
            shown(&[("content/index.md", "# Home\n")], vec![collision], &options()),
            str![[r#"
error[url-collision]: two files want the URL `/img/flow.png`
--> content/img/Flow.png
::: content/img/flow.png: the other file
 = help: rename one of them

Start here:
  1. content/img/Flow.png: two files want the URL `/img/flow.png`

1 error, 0 warnings, 0 waived · 0 processes in 0.08 s

"#]]
        );
    }

    #[test]
    fn what_cannot_be_seen_is_shown_and_columns_count_characters() {
        let text = "# Größe\n\nsee\t[手順\u{202e}](x.md) \u{1b}[31mred\n";
        let pages: &[(&str, &str)] = &[("content/a.md", text)];
        let link = finding(
            "broken-link",
            Level::Error,
            place(pages, "content/a.md", "x.md"),
            Element::page("a").part("x.md"),
            "this link leads to no page: `x\u{202e}`",
        )
        .note("\u{1b}[2Jgone");
        let text = shown(pages, vec![link], &options());
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{1}']), "{text:?}");
        assert_data_eq!(
            text,
            str![[r#"
error[broken-link]: this link leads to no page: `x\u{202e}`
 --> content/a.md:3:11
  |
3 | see    [手順\u{202e}](x.md) \u{1b}[31mred
  |                       ^^^^
  |
  = note: \u{1b}[2Jgone

Start here:
  1. content/a.md:3: this link leads to no page: `x\u{202e}`

1 error, 0 warnings, 0 waived · 0 processes in 0.08 s

"#]]
            .raw()
        );
    }

    #[test]
    fn a_page_of_one_line_of_megabytes_is_cut_around_the_mark() {
        let text = format!("{}[here](x.md){}", "word ".repeat(1_000_000), " word".repeat(1_000_000));
        let pages: &[(&str, &str)] = &[("content/a.md", &text)];
        let link = finding(
            "broken-link",
            Level::Error,
            place(pages, "content/a.md", "x.md"),
            Element::page("a").part("x.md"),
            "this link leads to no page",
        );
        assert_data_eq!(
            shown(pages, vec![link], &options()),
            str![[r#"
error[broken-link]: this link leads to no page
 --> content/a.md:1:5000008
  |
1 | …rd word word word word word word word word [here](x.md) word word word word word word word word word wor…
  |                                                    ^^^^

Start here:
  1. content/a.md:1: this link leads to no page

1 error, 0 warnings, 0 waived · 0 processes in 0.08 s

"#]]
        );
    }

    #[test]
    fn blocks_are_cut_and_infos_hidden_with_a_word_on_how_to_see_them() {
        let findings = || {
            let mut info = stops("missing-decision", "decision");
            info.level = Level::Info;
            vec![
                info,
                stops("missing-recovery", "recovery"),
                step("missing-takeover", "build", "Build the release", "takeover"),
                step("step-without-failure-mode", "migrate", "Migrate the database", "failure mode"),
            ]
        };
        let text = shown(PAGES, findings(), &Options { max: 1, ..options() });
        assert_data_eq!(
            text,
            str![[r##"
error[missing-takeover]: step `Build the release` has no takeover
  --> content/deploy.md:11:4
   |
11 | 1. Build the release {#build}
   |    ^^^^^^^^^^^^^^^^^
   |
   = note: when the automation stops, somebody must go on by hand
   = help: add `takeover = "#…"` with the step or track by which a human goes on

2 more findings are not shown: `forewarn check --max 0` shows all
1 info is not shown: `-v` shows it

Start here:
  1. content/deploy.md:25: failure mode `The migration stops halfway` has no recovery
  2. content/deploy.md:11: step `Build the release` has no takeover
  3. content/deploy.md:17: step `Migrate the database` has no failure mode

3 errors, 0 warnings, 1 info, 0 waived · coverage 91 % (11 of 12) · 1 process in 0.08 s

"##]]
        );
        let all = shown(PAGES, findings(), &Options { max: 0, verbose: true, ..options() });
        assert!(!all.contains("not shown"), "{all}");
        assert!(all.contains("missing-decision"), "{all}");
        assert!(all.contains("3 errors, 0 warnings, 1 info, 0 waived"), "{all}");
    }

    #[test]
    fn waived_findings_are_counted_and_not_shown() {
        let mut waived = stops("missing-recovery", "recovery");
        waived.waived = Some(Waiver { reason: "the way back is worked out in February".into(), by: "platform".into(), until: None });
        assert_data_eq!(
            shown(PAGES, vec![waived], &options()),
            str![[r#"
0 errors, 0 warnings, 1 waived · coverage 100 % (11 of 11) · 1 process in 0.08 s

"#]]
        );
    }

    #[test]
    fn blocks_come_by_level_then_criticality_then_group_then_place() {
        let pages: &[(&str, &str)] = &[
            ("content/a.md", "```page\nkind = \"process\"\n```\n# A\n"),
            ("content/b.md", "```page\nkind = \"process\"\ncriticality = \"critical\"\n```\n# B\n"),
        ];
        let at = |rule, level, path: &str, title: &str| {
            finding(
                rule,
                level,
                place(pages, path, title),
                Element::page(title.trim_start_matches("# ").to_lowercase()),
                &format!("{rule} in {path}"),
            )
        };
        let findings = vec![
            at("no-steps", Level::Warning, "content/a.md", "# A"),
            at("class-not-considered", Level::Warning, "content/b.md", "# B"),
            at("no-steps", Level::Warning, "content/b.md", "# B"),
            at("unknown-key", Level::Error, "content/a.md", "# A"),
        ];
        let text = shown(pages, findings, &Options { quiet: true, ..options() });
        let heads: Vec<&str> = text.lines().filter(|line| line.starts_with("error") || line.starts_with("warning")).collect();
        assert_eq!(
            heads,
            [
                "error[unknown-key]: unknown-key in content/a.md",
                "warning[no-steps]: no-steps in content/b.md",
                "warning[class-not-considered]: class-not-considered in content/b.md",
                "warning[no-steps]: no-steps in content/a.md",
            ]
        );
    }

    #[test]
    fn colours_come_only_when_asked_for() {
        let findings = || vec![stops("missing-recovery", "recovery")];
        assert!(!shown(PAGES, findings(), &options()).contains('\u{1b}'));
        assert!(shown(PAGES, findings(), &Options { coloured: true, ..options() }).contains("\u{1b}["));
    }
}
