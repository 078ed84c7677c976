//! A handbook that another tool made -> a forewarn handbook, and a report of what became of it.
//!
//! ```text
//! source        which tool, and what its configuration says      -> Layout
//! sorting       files                                            -> pages, copies, what is left out
//! names         paths of files                                   -> paths of the handbook
//! page          front_matter, boxes, inline, html; in parallel   -> keys and lines
//! quoted_headings                                                -> anchors that links name
//! outlook       navigation, weights, folders                     -> title and place of each page
//! links         every link by the tool's own rules               -> edits, and what leads nowhere
//! settings      what would keep it from being built              -> forewarn.toml
//! report        everything that is to be told
//! ```
//!
//! Enters: a folder, read. Leaves: files to be written, and a report. The same folder gives the same bytes. Absent: reading, writing, any
//! run of a program that the folder holds. A page that cannot be read as it was meant is kept whole all the same.
//!
//! `fmea` is a way in of its own: rows of a table -> failure blocks.

mod boxes;
pub mod fmea;
mod front_matter;
mod html;
mod inline;
mod lines;
mod links;
mod names;
mod outlook;
mod page;
mod quoted_headings;
pub mod report;
mod settings;
mod sorting;
mod source;
mod suggest;
mod tags;
mod told;
mod values;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::discover::Foreign;
use crate::parse::{Document, parse};
use crate::settings::Settings;
use crate::source::{PagePath, Source};

use lines::line_starts;
use links::{Fate, Linked, Places};
use page::{Page, named_pages};
use report::{Place, Report};
use sorting::{served, sort};
use source::recognise;
use told::{Change, Told};

/// Whether proposals are made for pages that look like processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suggest {
    /// Beside each such page.
    Processes,
    /// None.
    Nothing,
}

/// What a file of the handbook holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// This text.
    Text(String),
    /// The bytes of that file of the source.
    Copy(String),
}

/// An import.
#[derive(Debug)]
pub struct Import {
    /// The files of the handbook, by path.
    pub files: BTreeMap<String, Content>,
    /// What is told of it.
    pub report: Report,
}

/// The file that holds the report, beside `content/`.
pub const REPORT: &str = "import-report.md";

/// Makes a handbook of a folder.
pub fn import(files: &Foreign, suggest: Suggest) -> Import {
    let layout = recognise(files);
    let mut report = Report { tool: layout.tool.name(), config: layout.config.clone(), notes: layout.notes.clone(), ..Report::default() };
    let sorted = sort(files, &layout, &mut report);
    let mut given = names::Names::default();
    let mut pages = named_pages(files, &layout, &sorted.pages, &mut given);
    let copied: Vec<(String, String)> =
        sorted.files.iter().map(|source| (source.clone(), format!("content/{}", given.file(&served(&layout, source))))).collect();
    pages.par_iter_mut().for_each(|page| page.read(files, &layout));
    let named: HashSet<String> = pages.iter().flat_map(|page| quoted_headings::fragments(&page.lines)).collect();
    pages.par_iter_mut().for_each(|page| page.lines = quoted_headings::anchored(std::mem::take(&mut page.lines), &named, layout.anchors));
    outlook::place(&mut pages, &layout, &mut given);
    let rules = Settings::read(None).0.parse_rules();
    let linked: Vec<Linked> = pages
        .par_iter()
        .map(|page| {
            let document = parse(&Source::new(PagePath::new(&page.new), &page.text()), &rules);
            Linked::new(page.source.clone(), page.new.clone(), page.url.clone(), page.renamed.clone(), document, layout.anchors)
        })
        .collect();
    let kept_apart = files.files.keys().filter(|path| !sorted.pages.contains(*path) && !sorted.copied.contains(*path)).cloned();
    let places = Places::new(&layout, &linked, &copied, kept_apart);
    let done: Vec<Relinked> =
        (0..pages.len()).into_par_iter().map(|index| relink(&pages[index], &linked[index].document, index, &places)).collect();
    let mut out: BTreeMap<String, Content> = BTreeMap::new();
    let wanted: BTreeSet<String> = done.iter().flat_map(|done| done.wanted.iter().cloned()).collect();
    for section in outlook::sections(&pages, &layout, &wanted) {
        report.made.push(section.path.clone());
        out.insert(section.path, Content::Text(section.text));
    }
    for (page, done) in pages.iter().zip(done) {
        gather(&mut report, page, done.told, done.broken);
        report.pages.push((page.source.clone(), page.new.clone()));
        if suggest == Suggest::Processes
            && let Some((path, text)) = suggest::proposal(&page.new, &done.text)
        {
            report.proposals.push((page.new.clone(), path.clone()));
            out.insert(path, Content::Text(text));
        }
        out.insert(page.new.clone(), Content::Text(done.text));
    }
    let used: BTreeSet<&str> = copied.iter().map(|(_, new)| new.as_str()).collect();
    debug_assert_eq!(used.len(), copied.len());
    for (source, new) in &copied {
        out.insert(new.clone(), Content::Copy(source.clone()));
    }
    report.files = copied;
    settings::write(&layout, &mut out, &mut report);
    report.left_out.sort();
    report.left_out.dedup();
    out.insert(REPORT.to_owned(), Content::Text(report.page()));
    Import { files: out, report }
}

/// A page with its links.
struct Relinked {
    text: String,
    told: Told,
    broken: Vec<(links::Broken, String, usize)>,
    wanted: BTreeSet<String>,
}

fn relink(page: &Page, document: &Document, index: usize, places: &Places<'_>) -> Relinked {
    let text = page.text();
    let starts = line_starts(&text);
    let mut done = Relinked { text: String::new(), told: page.told.clone(), broken: Vec::new(), wanted: BTreeSet::new() };
    let mut edits = Vec::new();
    for link in document.outline.links.iter().chain(&document.raw_links) {
        let origin = page.origin(starts.partition_point(|start| *start <= link.span.start()));
        let mut edit = |new: String, done: &mut Relinked| match links::destination(&text, link.span.start()..link.span.end(), &link.target)
        {
            Some(range) => {
                done.told.changed(Change::Link, origin, &link.target);
                edits.push((range, new));
            }
            None => done.told.note(origin, format!("the link `{}` leads to `{new}` now and could not be changed", link.target)),
        };
        match places.follow(index, &link.target, &mut done.wanted) {
            Fate::Same => {}
            Fate::Changed(new) => edit(new, &mut done),
            Fate::Broken { why, target, new } => {
                if let Some(new) = new {
                    edit(new, &mut done);
                }
                done.broken.push((why, target, origin));
            }
        }
    }
    // What forewarn says of the page's Markdown and HTML: it is shown otherwise than at the other tool.
    for finding in document.findings.iter().filter(|finding| finding.place.path == document.path) {
        let origin = page.origin(starts.partition_point(|start| *start <= finding.place.span.start()));
        done.told.kept(origin, &finding.message);
    }
    edits.sort_by_key(|(range, _): &(std::ops::Range<usize>, String)| range.start);
    edits.dedup_by_key(|(range, _)| range.start);
    done.text = inline::replaced(&text, edits);
    done
}

/// Adds what is told of a page to the report.
fn gather(report: &mut Report, page: &Page, told: Told, broken: Vec<(links::Broken, String, usize)>) {
    let place = |line| Place { path: page.source.clone(), line };
    for (change, line, what) in told.changes {
        report.changes.entry(change).or_default().push((place(line), what));
    }
    for (line, what) in told.kept {
        report.kept.entry(what).or_default().insert(place(line));
    }
    report.notes.extend(told.notes.into_iter().map(|(line, note)| format!("`{}`: {note}", place(line))));
    for (why, target, line) in broken {
        report.broken.entry((why, target)).or_default().insert(place(line));
    }
}

/// The texts of a handbook as sources, in path order.
fn sources(files: &BTreeMap<String, Content>) -> Vec<Arc<Source>> {
    let page = |(path, content): (&String, &Content)| match content {
        Content::Text(text) if path.starts_with("content/") && path.ends_with(".md") && !is_hidden(path) => {
            Some(Arc::new(Source::new(PagePath::new(path), text)))
        }
        _ => None,
    };
    let mut sources: Vec<Arc<Source>> = files.iter().filter_map(page).collect();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with(['.', '_']))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::discover::ForeignFile;
    use crate::settings::FILE;

    fn folder(files: &[(&str, &str)]) -> Foreign {
        let text = |text: &str| ForeignFile::Text { text: text.to_owned(), decoded: None };
        Foreign { files: files.iter().map(|(path, said)| ((*path).to_owned(), text(said))).collect(), refused: Vec::new() }
    }

    /// Pieces that mean something to one of the tools, or nearly.
    const PIECES: &[&str] = &[
        "\n",
        "\n\n",
        "    ",
        "  ",
        "\t",
        "---\n",
        "+++\n",
        "title: x\n",
        "title = 1\n",
        "weight: 2.5\n",
        "aliases: [/a/, b]\n",
        "# A\n",
        "## B {#b_B}\n",
        "## B {: #c .d }\n",
        "!!! note \"x\"\n",
        "??? tip\n",
        "::: warning\n",
        ":::\n",
        "=== \"T\"\n",
        "```\n",
        "~~~sh\n",
        "> ",
        "> **Note** x\n",
        "- ",
        "1. ",
        "`",
        "``",
        "[a](b.md#c)",
        "[a](../b/)",
        "[a](</x y> \"t\")",
        "[a][r]\n",
        "[r]: /b.html#x\n",
        "![i](i.png)",
        "{{< ref \"b\" >}}",
        "{{< tabs >}}\n",
        "{{< /tabs >}}\n",
        "{{%",
        "%}}",
        "{{<",
        ">}}",
        "{{</* x */>}}",
        "{% link b.md %}",
        "{% hint style=\"info\" %}\n",
        "{% endhint %}\n",
        "{{%{%",
        "{{ site.baseurl }}",
        "{{",
        "}}",
        "{: .note }\n",
        "{:toc}\n",
        "{",
        "}",
        "<a name=\"x\" style='y'>",
        "<Tabs>\n",
        "</Tabs>\n",
        "<script>",
        "<!--",
        "-->",
        "<",
        "é",
        "\u{0}",
        "\u{202e}",
        "|a|b|\n|-|-|\n",
        "text ",
        "{{#include x",
        "[TOC]\n",
        "\\",
    ];
    const TOOLS: &[(&str, &str)] = &[
        ("mkdocs.yml", "docs_dir: .\nnav:\n  - X: a.md\n"),
        ("book.toml", "[book]\nsrc = \".\"\n"),
        ("hugo.toml", "contentDir = \".\"\n"),
        ("_config.yml", "permalink: pretty\n"),
        ("docusaurus.config.js", ""),
        ("none.txt", ""),
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// Whatever a page holds, it comes in, the handbook can be built, and twice the same comes out.
        #[test]
        fn any_page_comes_in(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40), tool in 0..TOOLS.len()) {
            let text = crate::source::normal_text(&pieces.concat()).into_owned();
            let (config, settings) = TOOLS[tool];
            let base = if config.starts_with("docusaurus") { "docs/" } else { "" };
            let (a, b) = (format!("{base}a.md"), format!("{base}b.md"));
            let files = folder(&[(config, settings), (&a, &text), (&b, "# B\n\n## x\n")]);
            let one = import(&files, Suggest::Processes);
            prop_assert!(one.files.contains_key("content/a.md") && one.files.contains_key("content/b.md"));
            let Some(Content::Text(settings)) = one.files.get(FILE) else { return Err(TestCaseError::fail("no settings")) };
            let all: Vec<&str> = settings.lines().filter(|line| line.ends_with("= \"warning\"")).filter_map(|line| line.split(' ').next()).collect();
            // As warnings, these leave a page that can be read; of others none may be left.
            let harmless = ["broken-anchor", "broken-link", "invalid-value", "nesting-too-deep", "unclosed-markup", "unsafe-url"];
            prop_assert!(all.iter().all(|rule| harmless.contains(rule)), "{all:?}\n{text}\n{:?}", one.files.get("content/a.md"));
            prop_assert_eq!(&one.files, &import(&files, Suggest::Processes).files);
        }
    }

    #[test]
    fn what_is_long_takes_no_longer_than_it_is_long() {
        // With a step for each pair of lines these would not end.
        let long = [
            ":::note\n".repeat(10_000),
            "{{<".repeat(20_000),
            "{{%{%".repeat(20_000),
            "{".repeat(30_000) + "}",
            "{{#include ".repeat(5_000),
            "## a\n".repeat(5_000) + &"[x](#a-9)\n".repeat(2_000),
        ];
        for text in long {
            for (config, settings) in [("mkdocs.yml", "docs_dir: .\n"), ("_config.yml", ""), ("hugo.toml", "contentDir = \".\"\n")] {
                assert!(import(&folder(&[(config, settings), ("a.md", &text)]), Suggest::Processes).files.contains_key("content/a.md"));
            }
        }
    }
}
