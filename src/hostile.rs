//! What comes from strangers, as bytes: the ways in that fuzzing takes, and the tests with every input that is kept.
//!
//! In: bytes. Out: nothing, or a panic that says what did not hold. Each way in says what must hold whatever comes. Absent: files, sockets,
//! and the examples of the battery, which are tests of the program as a whole.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use html5gum::{Token, Tokenizer};
use jiff::civil::{Date, date};

use crate::containment::{inside, is_plain};
use crate::discover::{Discovered, source_of};
use crate::emit::manifest::{self, Manifest};
use crate::emit::plan::Plan;
use crate::emit::render_each;
use crate::model::Drafts;
use crate::parse::slug::{Anchors, slug};
use crate::parse::url::{is_external, unsafe_scheme};
use crate::pipeline::{OnBroken, Run, analyze, compile};
use crate::render::Theme;
use crate::render::csp::RESTORER;
use crate::render::relative::{absolute, encoded_path, relative};
use crate::report::{Format, Options, report};
use crate::serve::site_path;
use crate::settings::{self, Settings};
use crate::source::{PagePath, Sources};

const TODAY: Date = date(2026, 11, 20);

/// A way in, by the name of its folder in `tests/fuzz/corpus`.
pub type WayIn = (&'static str, fn(&[u8]));

/// Every way in.
pub const WAYS_IN: [WayIn; 5] = [("page", page), ("blocks", blocks), ("names", names), ("request", request), ("manifest", manifest)];

/// A page of the handbook, as the bytes of its file.
///
/// It is read, checked, reported and rendered without an error of ours; every finding stands in its text; no output holds a script of
/// its own, an event handler or a URL that runs something.
pub fn page(bytes: &[u8]) {
    handbook(&[("content/page.md", bytes)]);
}

/// The declarations of a process: front matter, a step, a decision and a failure mode with these bytes in them, and as the settings. The
/// same must hold as for a page.
pub fn blocks(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let fenced = |word: &str| format!("```{word}\n{text}\n```\n\n");
    let process = format!(
        "```page\nkind = \"process\"\n{text}\n```\n\n## Steps\n\n### One {{#one}}\n\n{}{}### Two\n\n{}## Failure modes\n\n{}",
        fenced("step"),
        fenced("failure"),
        fenced("decision"),
        fenced("failure"),
    );
    let before = format!("+++\n{text}\n+++\n\n# Page\n");
    let foreign = format!("---\n{text}\n---\n\n# Page\n");
    let pages = [("content/process.md", process), ("content/before.md", before), ("content/foreign.md", foreign)];
    let pages: Vec<(&str, &[u8])> = pages.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    handbook(&[&pages[..], &[(settings::FILE, bytes)]].concat());
}

/// A title and a path: what becomes anchors, file names and links.
///
/// A slug is plain and its own slug; anchors are never given twice; a path that is let in stays below its folder; a relative link leads
/// where it was made for.
pub fn names(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let id = slug(&text);
    assert_eq!(slug(&id), id, "a slug of a slug is another");
    assert!(!id.contains(['/', '\\', '"', '<', '>', '&', '#', '%', ' ']), "{id:?} means something in a URL");
    let mut anchors = Anchors::default();
    let given: Vec<String> = text.lines().map(|line| anchors.give(&slug(line))).collect();
    let mut once = given.clone();
    once.sort();
    once.dedup();
    assert_eq!(given.len(), once.len(), "an anchor is given twice");
    let base = Path::new("/handbook/content");
    if is_plain(&text) {
        let path = base.join(&*text);
        let parts = path.components().all(|part| !matches!(part, std::path::Component::ParentDir | std::path::Component::CurDir));
        assert!(path.starts_with(base) && parts, "{text:?} leads out");
        let there = format!("/{text}/");
        assert_eq!(absolute("/a/b/", &relative("/a/b/", &there)), Some(encoded_path(&there)), "a link leads elsewhere");
    } else {
        assert!(inside(base, &text).is_err(), "{text:?} is let in");
    }
}

/// The path of a request. What is let through is plain: below the site, decoded once.
pub fn request(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for base in ["/", "/repo/"] {
        if let Ok(path) = site_path(&text, base) {
            assert!(path.is_empty() || is_plain(path.strip_suffix('/').unwrap_or(&path)), "{text:?} leads out as {path:?}");
        }
    }
}

/// The list of the files that a build has written. What is believed names files that may be ours, and is written as it was read.
pub fn manifest(bytes: &[u8]) {
    let Ok(known) = Manifest::parse(bytes) else { return };
    assert!(known.files.keys().all(|path| is_plain(path) && manifest::may_be_ours(path)), "a manifest lists what is not ours");
    let again = known.text().and_then(|text| Manifest::parse(&text)).map(|again| again.files);
    assert!(again.is_ok_and(|again| again == known.files), "a manifest is not read as it was written");
}

/// A handbook of a few files, through every stage.
fn handbook(files: &[(&str, &[u8])]) {
    static THEME: LazyLock<anyhow::Result<Theme>> = LazyLock::new(|| Theme::new(&[]));
    let theme = THEME.as_ref();
    assert!(theme.is_ok(), "the default theme cannot be read: {:?}", theme.err());
    let Ok(theme) = theme else { return };
    let mut sources = Sources::default();
    let mut findings = Vec::new();
    for (path, bytes) in files {
        let (source, finding) = source_of(&PagePath::new(path), bytes);
        findings.extend(finding);
        if *path == settings::FILE {
            sources.settings = Some(Arc::new(source));
        } else {
            sources.pages.push(Arc::new(source));
        }
    }
    sources.pages.sort_by(|a, b| a.path.cmp(&b.path));
    let (settings, wrong) = Settings::read(sources.settings.as_deref());
    findings.extend(wrong);
    let discovered = Discovered { sources, settings, findings, notes: Vec::new(), changed: BTreeMap::new() };
    let analysis = analyze(discovered, Run { today: TODAY, drafts: Drafts::In, fail_inside: None });
    for finding in analysis.findings.iter() {
        assert_ne!(finding.rule, "internal-error", "{}", finding.message);
        let text = analysis.sources.get(&finding.place.path).map_or("", |source| &source.text);
        let (start, end) = (finding.place.span.start(), finding.place.span.end());
        assert!(text.get(start..end).is_some(), "`{}` marks {start}..{end}, which is no text of its file", finding.rule);
    }
    let all: Vec<_> = analysis.findings.iter().collect();
    report(&analysis, &all, &Options { verbose: true, max: 0, ..Options::default() });
    let told = report(&analysis, &all, &Options { format: Format::Json, ..Options::default() });
    assert!(serde_json::from_str::<serde_json::Value>(&told).is_ok(), "the report is no JSON");
    let site = compile(&analysis, theme, &|_| Ok(Vec::new()), OnBroken::Stop);
    let rendered = Plan::of(&site).and_then(|plan| {
        render_each(&plan, None, |output, bytes| {
            if output.path.ends_with(".html") {
                runs_nothing(&output.path, &bytes);
            }
            Ok(())
        })
    });
    assert!(rendered.is_ok(), "{:?}", rendered.err());
}

/// Holds an HTML file against what none of ours does.
fn runs_nothing(path: &str, html: &[u8]) {
    let mut inline = false;
    for token in Tokenizer::new(html) {
        let tag = match token {
            Ok(Token::StartTag(tag)) => tag,
            Ok(Token::String(text)) if inline => {
                assert_eq!(String::from_utf8_lossy(&text), RESTORER, "{path}: a script that is not ours");
                continue;
            }
            Ok(_) => {
                inline = false;
                continue;
            }
            Err(_) => continue,
        };
        let name = String::from_utf8_lossy(&tag.name);
        let attribute = |key: &str| tag.attributes.get(key.as_bytes()).map(|value| String::from_utf8_lossy(value));
        inline = name == "script" && attribute("src").is_none() && attribute("type").is_none_or(|kind| kind != "application/json");
        assert!(name != "script" || attribute("src").is_none_or(|from| !is_external(&from)), "{path}: a script from elsewhere");
        assert!(!["iframe", "object", "embed", "form", "base", "frame"].contains(&&*name), "{path}: <{name}>");
        for (key, value) in &tag.attributes {
            let (key, value) = (String::from_utf8_lossy(key), String::from_utf8_lossy(value));
            assert!(!key.starts_with("on") && key != "srcdoc" && key != "style", "{path}: <{name} {key}>");
            let is_url = ["href", "src", "action", "formaction", "xlink:href"].contains(&&*key);
            let runs = unsafe_scheme(&value).is_some_and(|scheme| scheme != "data" || name != "img");
            assert!(!(is_url && runs), "{path}: <{name} {key}={value:?}>");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_something_is_caught_and_what_is_ours_is_not() {
        for html in [
            "<script>alert(1)</script>",
            "<script src=\"https://a.example/x.js\"></script>",
            "<p onclick=\"x\">",
            "<p style=\"x\">",
            "<a href=\"java&#115;cript:x\">",
            "<img src=\"javascript:x\">",
            "<iframe src=\"x\">",
        ] {
            assert!(std::panic::catch_unwind(|| runs_nothing("x.html", html.as_bytes())).is_err(), "{html}");
        }
        let ours = format!(
            "<script>{RESTORER}</script><script src=\"../_theme/site.js\"></script><script type=\"application/json\">[\"<b>\"]</script><p>alert(1)"
        );
        runs_nothing("x.html", ours.as_bytes());
    }
}
