//! The room as a whole: handbooks in the author's notation go in, diagrams come out; in words, as SVG, and as a page of the site.

use snapbox::{assert_data_eq, str};

use super::graph::{End, EndKind, Kind, Outlet, What};
use super::*;
use std::sync::Arc;

use crate::discover::Discovered;
use crate::model::Drafts;
use crate::pipeline::{Analysis, Run, analyze};
use crate::render::atlas::Atlas;
use crate::settings::Settings;
use crate::source::{PagePath, Source, Sources};

fn analysis(pages: &[(&str, &str)]) -> Analysis {
    let settings_source = Arc::new(Source::new(PagePath::new("forewarn.toml"), "title = \"Handbook\""));
    let (settings, findings) = Settings::read(Some(&settings_source));
    let mut sources: Vec<Arc<Source>> = pages.iter().map(|(path, text)| Arc::new(Source::new(PagePath::new(path), text))).collect();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    let sources = Sources { settings: Some(settings_source), pages: sources, theme: Vec::new(), assets: Vec::new() };
    let discovered = Discovered { sources, settings, findings, notes: Vec::new(), changed: Default::default() };
    analyze(discovered, Run { today: jiff::civil::date(2026, 11, 20), drafts: Drafts::Out, fail_inside: None })
}

/// What is made of the process `deploy` of a handbook.
fn of<T>(pages: &[(&str, &str)], make: impl Fn(&Here<'_>, PageIx) -> T) -> T {
    let analysis = analysis(pages);
    let atlas = Atlas::new(&analysis, std::sync::Arc::new(crate::render::atlas::Index::new(&analysis)));
    let page = analysis.handbook.ids.get("deploy").unwrap();
    make(&Here::on(&atlas, page), page)
}

fn process(body: &str) -> String {
    format!("+++\nkind = \"process\"\ntitle = \"Deploy\"\n+++\n\n{body}")
}

/// A process in words: one line for each step and each way out.
fn told(body: &str) -> String {
    told_with(body, &[])
}

fn told_with(body: &str, others: &[(&str, &str)]) -> String {
    let deploy = process(body);
    let pages: Vec<(&str, &str)> = others.iter().copied().chain([("content/deploy.md", deploy.as_str())]).collect();
    of(&pages, |here, page| tell(&graph::diagram(here, page).unwrap()))
}

fn tell(diagram: &Diagram) -> String {
    let mut told = String::new();
    for track in &diagram.tracks {
        told += &format!("== {}\n", track.title);
        for step in &track.steps {
            let what = match step.what {
                What::Human => "human",
                What::Automation => "automation",
                What::Decision => "decision",
            };
            let then: Vec<String> = step.then.iter().map(|next| (next + 1).to_string()).collect();
            let then = if step.end { "the end".to_owned() } else { then.join(", ") };
            told += &format!("{} {} ({what}) -> {then}\n", step.number, step.title);
            told += &outlets(&step.outlets);
        }
    }
    if !diagram.anywhere.is_empty() {
        told += &format!("== at any step\n{}", outlets(&diagram.anywhere));
    }
    told
}

fn outlets(outlets: &[Outlet]) -> String {
    let outlet = |outlet: &Outlet| {
        let kind = match &outlet.kind {
            Kind::Branch => "if ".to_owned(),
            Kind::Then | Kind::Aside => String::new(),
            Kind::Mode(class) => format!("{} ", class.letter),
            Kind::Modes(classes) => classes.iter().map(|(class, count)| format!("{}{count} ", class.letter)).collect(),
            Kind::Hole => "gap ".to_owned(),
        };
        let to: Vec<String> = outlet.to.iter().map(end).collect();
        format!("  {kind}{}: {}\n", outlet.text, if to.is_empty() { "-".to_owned() } else { to.join(", then ") })
    };
    outlets.iter().map(outlet).collect()
}

fn end(end: &End) -> String {
    match end.kind {
        EndKind::Step(number) => format!("step {number}"),
        EndKind::Elsewhere => format!("step {}", end.title),
        EndKind::Track => format!("track {}", end.title),
        EndKind::Process => format!("process {}", end.title),
        EndKind::Words => "words".to_owned(),
        EndKind::Hole => format!("? {}", end.href),
    }
}

const SMALL: &str = r##"## Steps

1. **Freeze the queue.**

   ```step
   id = "freeze"
   ```

   ```failure
   class = "human"
   title = "Nobody is awake"
   detect = "Silence"
   recover = "Call the deputy."
   ```

2. **Is it quiet?**

   ```decision
   otherwise = "#freeze"
   [[branch]]
   when = "no *large* customer is `busy`"
   to = "#migrate"
   ```

3. **Wait.**

   ```step
   next = "#freeze"
   ```

4. **Migrate the schema.**

   ```step
   id = "migrate"
   actor = "automation"
   takeover = "#steps-to-roll-back"
   timeout = "20m"
   on_timeout = "#steps-to-roll-back"
   ```

   ```failure
   class = "technical"
   title = "It stops halfway"
   detect = "An alert"
   [recover]
   path = ["#freeze", "#steps-to-roll-back", "restore"]
   ```

## Steps to roll back

1. Put it back.
2. Look.

## What can fail

### Twenty a week

```failure
class = "scale"
detect = "The calendar"
```
"##;

const RESTORE: (&str, &str) = ("content/restore.md", "+++\nkind = \"process\"\ntitle = \"Restore\"\n+++\n\n## Steps\n\n1. Restore.\n");

#[test]
fn a_process_says_how_it_goes_on_and_where_everything_else_ends() {
    assert_data_eq!(
        told_with(SMALL, &[RESTORE]),
        str![[r#"
== Steps
1 Freeze the queue (human) -> 2
  H Nobody is awake: words
2 Is it quiet? (decision) -> 4, 1
  if no large customer is busy: step 4
  if otherwise: step 1
3 Wait (human) -> 1
  then: step 1
4 Migrate the schema (automation) -> the end
  T It stops halfway: step 1, then track Steps to roll back, then process Restore
  after 20 min, or by hand: track Steps to roll back
== Steps to roll back
1 Put it back (human) -> 2
2 Look (human) -> the end
== at any step
  S Twenty a week: ? #Gap-missing-recovery--twenty-a-week

"#]]
    );
}

#[test]
fn what_nobody_says_ends_at_its_gap() {
    let body = "## Steps\n\n1. **Run.**\n\n   ```step\n   id = \"run\"\n   actor = \"automation\"\n   ```\n\n2. **Delete.**\n\n   ```step\n   id = \"delete\"\n   reversible = false\n   ```\n\n   ```failure\n   class = \"human\"\n   title = \"The wrong one\"\n   detect = \"x\"\n   ```\n";
    assert_data_eq!(
        told(body),
        str![[r#"
== Steps
1 Run (automation) -> 2
  gap if it fails: ? #Gap-step-without-failure-mode--run
  gap by hand: ? #Gap-missing-takeover--run
2 Delete (human) -> the end
  H The wrong one: ? #Gap-missing-recovery--the-wrong-one

"#]]
    );
}

#[test]
fn a_waived_gap_is_no_hole_in_the_drawing() {
    let body = "## Steps\n\n1. **Run.**\n\n   ```step\n   id = \"run\"\n   actor = \"automation\"\n   takeover = \"#steps-by-hand\"\n   [[waive]]\n   rule = \"step-without-failure-mode\"\n   reason = \"It is a dry run, and nothing can come of it.\"\n   by = \"x\"\n   ```\n\n## Steps by hand\n\n1. Walk.\n";
    assert_data_eq!(
        told(body),
        str![[r#"
== Steps
1 Run (automation) -> the end
  by hand: track Steps by hand
== Steps by hand
1 Walk (human) -> the end

"#]]
    );
}

#[test]
fn a_decision_without_branches_goes_on_and_one_with_a_lost_branch_says_so() {
    let body = "## Steps\n\n1. **Good?**\n\n   ```decision\n   ```\n\n2. **Better?**\n\n   ```decision\n   otherwise = \"#end\"\n   [[branch]]\n   when = \"maybe\"\n   ```\n\n3. **End.**\n\n   ```step\n   id = \"end\"\n   end = true\n   ```\n\n4. **Never.**\n";
    let told = told(body);
    assert!(told.contains("1 Good? (decision) -> 2\n"), "{told}");
    assert!(told.contains("  if maybe: ? #Gap-incomplete-decision--better\n"), "{told}");
    assert!(told.contains("3 End (human) -> the end\n"), "{told}");
}

#[test]
fn a_failure_mode_of_another_page_stands_at_the_step_that_it_names() {
    let other = "+++\nkind = \"process\"\ntitle = \"Other\"\n+++\n\n## Steps\n\n1. x\n\n## Failures\n\n### It collides\n\n```failure\nclass = \"technical\"\nat = \"deploy#run\"\ndetect = \"x\"\n```\n\nWait.\n";
    let told = told_with("## Steps\n\n1. **Run.**\n\n   ```step\n   id = \"run\"\n   ```\n\n2. b\n", &[("content/other.md", other)]);
    assert!(told.contains("1 Run (human) -> 2\n  T It collides: words\n"), "{told}");
}

#[test]
fn one_or_two_steps_without_anything_are_not_drawn() {
    let worth = |body: &str| of(&[("content/deploy.md", process(body).as_str())], |here, page| diagram(here, page).is_some());
    assert!(!worth("## Steps\n\n1. a\n2. b\n"));
    assert!(!worth("Nothing.\n"));
    assert!(worth("## Steps\n\n1. a\n2. b\n3. c\n"));
    assert!(worth("## Steps\n\n1. a\n\n## Elsewhere\n\n### It burns\n\n```failure\nclass = \"technical\"\n```\n\nRun.\n"));
}

#[test]
fn a_process_that_is_too_large_is_told_in_words_alone() {
    let steps: String = (1..=201).map(|step| format!("{step}. Step {step}\n")).collect();
    let view = of(&[("content/deploy.md", process(&format!("## Steps\n\n{steps}")).as_str())], |here, page| diagram(here, page).unwrap());
    assert_eq!(view.svg_html, None);
    assert!(view.text_html.contains("Step 201"));
    assert_eq!(view.summary, "201 steps");
}

fn small() -> DiagramView {
    of(&[RESTORE, ("content/deploy.md", process(SMALL).as_str())], |here, page| diagram(here, page).unwrap())
}

#[test]
fn a_small_process_is_drawn_like_this() {
    assert_data_eq!(small().svg_html.unwrap().replace("><", ">\n<"), snapbox::file!["small.svg"]);
}

#[test]
fn a_small_process_is_told_like_this() {
    assert_data_eq!(small().text_html.replace("<li>", "\n<li>"), snapbox::file!["small.html"]);
}

#[test]
fn the_same_process_gives_the_same_bytes() {
    let first = small();
    // The library's own names count on over the whole run; they must decide nothing.
    for _ in 0..20 {
        assert_eq!(small(), first);
    }
}

#[test]
fn from_elsewhere_the_links_lead_to_the_page() {
    let analysis = analysis(&[RESTORE, ("content/deploy.md", process(SMALL).as_str())]);
    let atlas = Atlas::new(&analysis, std::sync::Arc::new(crate::render::atlas::Index::new(&analysis)));
    let page = analysis.handbook.ids.get("deploy").unwrap();
    let view = diagram(&Here::beside(&atlas, "/deploy/premortem/", page, None), page).unwrap();
    let svg = view.svg_html.unwrap();
    assert!(svg.contains("href=\"../#migrate\"") && svg.contains("href=\"../#Gap-missing-recovery--twenty-a-week\""), "{svg}");
    assert!(!svg.contains("href=\"#migrate\""), "{svg}");
}

/// The parts of an SVG, parsed as XML: every tag is closed, every attribute stands once, every letter may stand in XML.
fn well_formed(svg: &str) -> Vec<String> {
    let all = format!("<all>{svg}</all>");
    let document = roxmltree::Document::parse(&all).unwrap_or_else(|error| panic!("{error}: {svg}"));
    let elements = document.root_element().descendants().skip(1).filter(roxmltree::Node::is_element);
    let name = |element: roxmltree::Node<'_, '_>| {
        let kept = |key: &str| key != "style" && !key.starts_with("on");
        assert!(element.attributes().all(|attribute| kept(attribute.name())), "{element:?}");
        element.tag_name().name().to_owned()
    };
    elements.map(name).collect()
}

#[test]
fn hostile_words_are_text() {
    let hostile = [
        "</text></svg><script>alert(1)</script>",
        "]]> <![CDATA[ <!-- --> <?xml ?> &#0; &nope;",
        "a\u{202e}b\u{2066}c\u{0}d\u{b}e\u{ffff}f\u{7f}g",
        "\" onload=\"alert(1)\" ' x='",
        "{{ site.title }}{% raw %}",
    ];
    for word in hostile {
        let title = word.replace('\\', "\\\\").replace('"', "\\\"").replace(|c: char| c.is_control(), " ");
        let body = format!(
            "## Steps\n\n### {word}\n\nx\n\n```failure\nclass = \"human\"\ntitle = \"{title}\"\n```\n\n### b\n\n```decision\notherwise = \"#c\"\n[[branch]]\nwhen = \"{title}\"\nto = \"#c\"\n```\n\n### c\n\n{word}\n\n## Steps {word}\n\n1. {word}\n"
        );
        let view = of(&[("content/deploy.md", process(&body).as_str())], |here, page| diagram(here, page).unwrap());
        let svg = view.svg_html.unwrap();
        let known = ["svg", "title", "desc", "path", "a", "rect", "circle", "use", "text", "tspan"];
        assert!(well_formed(&svg).iter().all(|tag| known.contains(&tag.as_str())), "{svg}");
        assert!(!svg.contains(['\u{202e}', '\u{2066}', '\u{0}', '\u{b}']), "{svg}");
        assert!(!view.text_html.contains("<script"), "{}", view.text_html);
    }
}
