//! What is remembered from one reading to the next never shows: after any edits, reading, parsing and checking again gives what doing it
//! for the first time gives.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use forewarn::discover::{Changed, Discovered, discover, discover_again, read_asset};
use forewarn::model::Drafts;
use forewarn::pipeline::{Analysis, OnBroken, Parsed, Run, analyze, analyze_again, analyze_text, compile, compile_page};
use forewarn::render::Theme;
use forewarn::source::{PagePath, Source};
use proptest::prelude::*;

use crate::project::Project;

/// One thing that someone does to the files.
#[derive(Clone, Debug)]
enum Edit {
    Write(usize, usize),
    /// Puts words at a place in a file, in parts of its length.
    Words(usize, usize, usize),
    Remove(usize),
    Move(usize, usize),
    RemoveFolder,
    Settings(usize),
    Style(usize),
}

const PATHS: [&str; 9] = [
    "content/index.md",
    "content/a.md",
    "content/ops/index.md",
    "content/ops/deploy.md",
    "content/ops/db.md",
    "content/picture.svg",
    "content/notes.txt",
    "content/ops/.hidden.md",
    "content/a.md~",
];

const TEXTS: [&str; 10] = [
    "# One\n\nSee [deploy](/ops/deploy/) and [a](a.md).\n",
    "# Another\n\nPlain words.\n",
    "```page\nkind = \"process\"\nowner = \"ops\"\n```\n\n# Deploy\n\n## Steps\n\n1. **Freeze.** Stop.\n2. **Go.** Do.\n\n   ```step\n   uses = [\"db\"]\n   ```\n\n```failure\nclass = \"technical\"\ntitle = \"It stops\"\n```\n",
    "```page\nkind = \"system\"\ntitle = \"DB\"\n```\n\nThe database.\n",
    "```page\nkind = \"process\"\n```\n\n# Broken\n\n## Steps\n\n1. **A.** b\n\n```failure\nclass = \"nonsense\"\n```\n",
    "```page\ndraft = true\n```\n\n# Draft\n",
    "```page\nkind = \"",
    "",
    "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>",
    "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
];

const SETTINGS: [&str; 4] = [
    "title = \"One\"\n",
    "title = \"Two\"\nsteps_headings = [\"Schritte\"]\n",
    "title = \"Three",
    "title = \"Four\"\n[limits]\nfile_bytes = 60\n",
];

const WORDS: [&str; 6] = ["word", "\n\nA paragraph, and then some.\n\n", " ", "\n", "é", "[x](a.md)"];

/// A text with words put into it at one of the eight ends of its parts.
fn with_words(text: &str, part: usize, words: &str) -> String {
    let at = (0..=text.len() * part / 8).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    format!("{}{words}{}", &text[..at], &text[at..])
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop_oneof![
        6 => (0..PATHS.len(), 0..TEXTS.len()).prop_map(|(path, text)| Edit::Write(path, text)),
        6 => (0..PATHS.len(), 0..=8_usize, 0..WORDS.len()).prop_map(|(path, part, words)| Edit::Words(path, part, words)),
        2 => (0..PATHS.len()).prop_map(Edit::Remove),
        2 => (0..PATHS.len(), 0..PATHS.len()).prop_map(|(from, to)| Edit::Move(from, to)),
        1 => Just(Edit::RemoveFolder),
        1 => (0..SETTINGS.len()).prop_map(Edit::Settings),
        1 => (0..3_usize).prop_map(Edit::Style),
    ];
    proptest::collection::vec(edit, 1..10)
}

/// Does it, and names the paths as a watcher would.
fn apply(project: &Project, edit: &Edit) -> BTreeSet<String> {
    let named = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect();
    match edit {
        Edit::Write(path, text) => {
            let was_there = project.path("content/ops").is_dir();
            project.write(PATHS[*path], TEXTS[*text]);
            // Of a new folder one hears, and not always of what is in it.
            if was_there || !PATHS[*path].starts_with("content/ops/") { named(&[PATHS[*path]]) } else { named(&["content/ops"]) }
        }
        Edit::Words(path, part, words) => {
            let file = project.path(PATHS[*path]);
            if let Ok(text) = std::fs::read_to_string(&file) {
                std::fs::write(file, with_words(&text, *part, WORDS[*words])).expect("written");
            }
            named(&[PATHS[*path]])
        }
        Edit::Remove(path) => {
            let _ = std::fs::remove_file(project.path(PATHS[*path]));
            named(&[PATHS[*path]])
        }
        Edit::Move(from, to) => {
            if let Some(folder) = project.path(PATHS[*to]).parent().filter(|folder| folder.is_dir()) {
                assert!(folder.is_absolute());
                let _ = std::fs::rename(project.path(PATHS[*from]), project.path(PATHS[*to]));
            }
            named(&[PATHS[*from], PATHS[*to]])
        }
        Edit::RemoveFolder => {
            let _ = std::fs::remove_dir_all(project.path("content/ops"));
            named(&["content/ops"])
        }
        Edit::Settings(text) => {
            project.write("forewarn.toml", SETTINGS[*text]);
            named(&["forewarn.toml"])
        }
        Edit::Style(text) => {
            project.write("themes/default/static/style.css", format!("b {{ margin: {text}px }}"));
            named(&["themes/default/static/style.css"])
        }
    }
}

fn run() -> Run {
    Run { today: jiff::civil::date(2026, 11, 20), drafts: Drafts::Out, fail_inside: None }
}

/// Everything that can be seen of a handbook: its findings and the bytes of its site.
fn seen(root: &Path, analysis: &Analysis) -> Vec<(String, Vec<u8>)> {
    let theme = Theme::new(&analysis.sources.theme).expect("a theme");
    let read = |path: &PagePath| read_asset(root, path);
    let site = compile(analysis, &theme, &read, OnBroken::StandIn);
    let mut seen: Vec<_> = site.outputs.iter().map(|output| (output.path.clone(), (output.bytes)().expect("a page"))).collect();
    seen.push(("findings".to_owned(), format!("{:#?}", analysis.findings).into_bytes()));
    seen
}

/// What is made of a page whose new text says the same to model and check is what a clean build gives. Says whether it was made.
fn page_ahead(root: &Path, before: &Analysis, parsed: &Parsed, source: &Arc<Source>, clean: &Analysis) -> bool {
    let Some((analysis, _, page)) = analyze_text(before, parsed, source) else { return false };
    assert_eq!(format!("{:#?}", analysis.findings), format!("{:#?}", clean.findings), "{}", source.text);
    assert_eq!(analysis.coverage, clean.coverage);
    let read = |path: &PagePath| read_asset(root, path);
    let theme = Theme::new(&clean.sources.theme).expect("a theme");
    let old = compile(before, &theme, &read, OnBroken::StandIn);
    let made = compile_page(&analysis, &theme, &read, "/", old.lookups.as_ref().expect("lookups"), page);
    let whole = compile(clean, &theme, &read, OnBroken::StandIn);
    for output in &made.outputs {
        let other = whole.outputs.iter().find(|other| other.path == output.path).expect("the same output");
        if other.source != output.source {
            continue;
        }
        let text = |output: &forewarn::render::Output<'_>| String::from_utf8((output.bytes)().expect("a page")).expect("text");
        assert_eq!(text(output), text(other), "{}", output.path);
    }
    true
}

#[test]
fn words_in_our_own_handbook_change_what_they_stand_in_and_nothing_else() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut handbook = discover(root).expect("our handbook");
    // Rule pages are many, and all alike.
    handbook.sources.pages.retain(|page| !page.path.as_str().starts_with("content/rules/m"));
    let (before, parsed) = analyze_again(handbook.clone(), run(), None);
    let mut ahead = 0;
    for (number, page) in handbook.sources.pages.iter().enumerate().filter(|(number, _)| number % 5 == 0) {
        let text = with_words(&page.text, number % 9, WORDS[number % WORDS.len()]);
        let source = Arc::new(Source::new(page.path.clone(), &text));
        let mut next = handbook.clone();
        next.sources.pages[number] = Arc::clone(&source);
        let (clean, _) = analyze_again(next, run(), Some(&parsed));
        ahead += usize::from(page_ahead(root, &before, &parsed, &source, &clean));
    }
    assert!(ahead >= 10, "only {ahead} texts were told from facts");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(24), failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn after_any_edits_all_is_as_after_a_clean_build(edits in edits()) {
        let project = Project::with(&[("forewarn.toml", SETTINGS[0]), ("content/index.md", TEXTS[0]), ("content/ops/deploy.md", TEXTS[2]), ("content/a.md", TEXTS[1])]);
        let root = project.path("");
        let mut known: Discovered = discover(&root).expect("a handbook");
        let (mut before, mut parsed): (Analysis, Parsed) = analyze_again(known.clone(), run(), None);
        for edit in &edits {
            let changed = Changed::Paths(apply(&project, edit));
            let again = discover_again(&root, &known, &changed).expect("a handbook");
            let (analysis, parsed_again) = analyze_again(again.clone(), run(), Some(&parsed));
            let clean = analyze(discover(&root).expect("a handbook"), run());
            let (seen, expected) = (seen(&root, &analysis), seen(&root, &clean));
            for ((path, bytes), (clean_path, clean_bytes)) in seen.iter().zip(&expected) {
                prop_assert_eq!(path, clean_path, "after {:?}", edit);
                prop_assert_eq!(String::from_utf8_lossy(bytes), String::from_utf8_lossy(clean_bytes), "{} after {:?}", path, edit);
            }
            prop_assert_eq!(seen.len(), expected.len());
            let pages = || known.sources.pages.iter().zip(&again.sources.pages);
            let mut different = pages().filter(|(old, new)| old.path != new.path || old.text != new.text);
            let around = known.sources.settings.as_ref().map(|source| &source.text) == again.sources.settings.as_ref().map(|source| &source.text) && known.sources.assets == again.sources.assets && known.findings == again.findings;
            if let (true, Some((_, source)), None) = (around && known.sources.pages.len() == again.sources.pages.len(), different.next(), different.next()) {
                page_ahead(&root, &before, &parsed, source, &clean);
            }
            before = analysis;
            known = again;
            parsed = parsed_again;
        }
    }
}
