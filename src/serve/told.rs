//! What a rebuild tells: a line for the terminal, findings for the browser, and plain pages where there is nothing better to show.
//!
//! In: a snapshot. Out: text. The browser gets the findings as the terminal shows them. Absent: sockets, printing.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use serde_json::{Value, json};

use crate::finding::{Finding, Level};
use crate::model::Page;
use crate::pipeline::Analysis;
use crate::render::html::escape;
use crate::report::{self, FailOn, Options};
use crate::source::PagePath;

use super::site::Snapshot;

/// The most faults that are told at once, and the most other findings of one page.
const MOST: usize = 50;

/// Counts of findings by level: `1 error, 2 warnings, 0 infos`.
fn counts(analysis: &Analysis) -> String {
    let of = |level: Level| analysis.findings.iter().filter(|finding| finding.level == level && finding.waived.is_none()).count();
    let s = |count: usize| if count == 1 { "" } else { "s" };
    let (errors, warnings, infos) = (of(Level::Error), of(Level::Warning), of(Level::Info));
    format!("{errors} error{}, {warnings} warning{}, {infos} info{}", s(errors), s(warnings), s(infos))
}

/// Milliseconds as one reads them.
fn time(took: Duration) -> String {
    if took < Duration::from_secs(10) { format!("{} ms", took.as_millis()) } else { format!("{:.1} s", took.as_secs_f64()) }
}

/// The line of the first compile.
pub(super) fn first(snapshot: &Snapshot, took: Duration) -> String {
    let analysis = snapshot.analysis();
    let pages = analysis.handbook.pages.len();
    format!("{pages} page{} · {} · {}", if pages == 1 { "" } else { "s" }, time(took), counts(analysis))
}

/// The line of a rebuild.
pub(super) fn rebuilt(snapshot: &Snapshot, changed: &str, rendered: usize, took: Duration) -> String {
    let pages = if rendered == 1 { "1 page rendered".to_owned() } else { format!("{rendered} pages rendered") };
    format!("changed {changed} · {pages} · {} · {}", time(took), counts(snapshot.analysis()))
}

/// The findings that the analysis before did not have, in full.
pub(super) fn new_findings(before: &Analysis, now: &Analysis, options: &Options) -> String {
    let known: HashSet<&str> = before.findings.iter().map(|finding| finding.id.as_str()).collect();
    let is_new = |finding: &&Finding| finding.waived.is_none() && !known.contains(finding.id.as_str());
    let new: Vec<&Finding> = now.findings.iter().filter(is_new).collect();
    if new.is_empty() { String::new() } else { report::report(now, &new, &Options { quiet: true, ..options.clone() }) }
}

/// The findings of a compiled handbook by what the browser does with them, as places in its list. Nothing that a waiver covers is among
/// them.
pub(super) struct Sorted {
    /// The faults of the handbook.
    faults: Vec<usize>,
    /// All others, by the page that they stand on or are about.
    others: HashMap<PagePath, Vec<usize>>,
}

impl Sorted {
    /// Sorts the findings of an analysis.
    pub(super) fn new(analysis: &Analysis) -> Self {
        let (mut faults, mut others): (_, HashMap<PagePath, Vec<usize>>) = (Vec::new(), HashMap::new());
        let mut of_rule: HashMap<(&str, Level), bool> = HashMap::new();
        for (index, finding) in analysis.findings.iter().enumerate().filter(|(_, finding)| finding.waived.is_none()) {
            let is_fault = || !report::reasons(&[finding], FailOn::Fault).is_empty();
            if *of_rule.entry((finding.rule, finding.level)).or_insert_with(is_fault) {
                faults.push(index);
                continue;
            }
            let about = analysis.handbook.page(&finding.element.page).filter(|page| !page.from_settings).map(Page::path);
            // A page from the settings has no text of its own.
            if finding.place.path.as_str() != crate::settings::FILE {
                others.entry(finding.place.path.clone()).or_default().push(index);
            }
            if let Some(about) = about.filter(|about| **about != finding.place.path) {
                others.entry(about.clone()).or_default().push(index);
            }
        }
        Self { faults, others }
    }
}

/// What the browser shows beside a page: every fault of the handbook, and the other findings of this page.
pub(super) fn findings(snapshot: &Snapshot, output: Option<&str>) -> Value {
    let (analysis, sorted) = (snapshot.analysis(), snapshot.sorted());
    let source = output.and_then(|path| snapshot.source(path)).flatten();
    let here = source.as_ref().and_then(|source| sorted.others.get(source)).into_iter().flatten();
    let others: Vec<Value> = here.take(MOST).map(|index| one(analysis, &analysis.findings[*index])).collect();
    let is_here = |fault: &Finding| Some(&fault.place.path) == source.as_ref() || fault.place.path.as_str() == crate::settings::FILE;
    let faults = sorted.faults.iter().map(|index| &analysis.findings[*index]);
    let (on_page, elsewhere): (Vec<&Finding>, Vec<&Finding>) = faults.partition(|fault| is_here(fault));
    let full = |fault: &Finding| {
        let mut value = one(analysis, fault);
        value["text"] = json!(block(analysis, fault));
        value["here"] = json!(is_here(fault));
        value
    };
    let count = sorted.faults.len();
    let told: Vec<Value> = on_page.into_iter().chain(elsewhere).take(MOST).map(full).collect();
    json!({ "trouble": snapshot.trouble(), "faults": told, "fault_count": count, "findings": others })
}

fn one(analysis: &Analysis, finding: &Finding) -> Value {
    let position = analysis.sources.position(&finding.place.path, finding.place.span.start());
    json!({
        "id": finding.id,
        "rule": finding.rule,
        "level": finding.level.name(),
        "message": finding.message,
        "path": finding.place.path.as_str(),
        "line": position.line,
        "column": position.column,
        "thing": finding.element.thing,
        "help": finding.help,
    })
}

/// A finding as the terminal shows it.
fn block(analysis: &Analysis, finding: &Finding) -> String {
    let options = Options { quiet: true, verbose: true, max: 0, ..Options::default() };
    report::report(analysis, &[finding], &options).trim_end().to_owned()
}

/// The page of a source that has had a fault for as long as this server runs.
pub(super) fn plain_page(snapshot: &Snapshot, source: Option<&PagePath>) -> Vec<u8> {
    let analysis = snapshot.analysis();
    let all: Vec<&Finding> = analysis.findings.iter().collect();
    let faults = report::reasons(&all, FailOn::Fault).into_iter().filter(|fault| Some(&fault.place.path) == source);
    let blocks: String = faults.map(|fault| format!("<pre>{}</pre>\n", escape(&block(analysis, fault)))).collect();
    let name = source.map_or("This page", PagePath::as_str);
    document(&format!("{name} cannot be read yet"), &format!("<p>It appears here as soon as this is mended:</p>\n{blocks}"))
}

/// The page of an output that the theme could not render.
pub(super) fn failed_page(why: &str) -> Vec<u8> {
    document("This page could not be rendered", &format!("<pre>{}</pre>\n", escape(why)))
}

fn document(title: &str, body: &str) -> Vec<u8> {
    let title = escape(title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n"
    )
    .into_bytes()
}
