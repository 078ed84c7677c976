//! `forewarn.toml` of an imported handbook, and what keeps it from being built.
//!
//! In: the layout, and all files. Out: the settings, with the levels of those rules lowered that would withhold a handbook whose source was
//! no better. Absent: mending.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::check::rules;
use crate::discover::Discovered;
use crate::model::Drafts;
use crate::pipeline::{Run, analyze};
use crate::settings::{FILE, Settings, path};
use crate::source::{PagePath, Source, Sources};
use crate::starter::quoted;

use super::report::Report;
use super::source::Layout;
use super::{Content, sources};

/// Adds `forewarn.toml` and what a handbook has beside it.
pub(super) fn write(layout: &Layout, files: &mut BTreeMap<String, Content>, report: &mut Report) {
    let mut text = String::new();
    let keys = [
        ("title", layout.title.clone().or_else(|| Some("Team handbook".to_owned()))),
        ("description", layout.description.clone()),
        ("language", layout.language.clone()),
        ("repository", layout.repository.clone().filter(|address| address.starts_with("https://"))),
    ];
    for (key, value) in keys {
        let Some(value) = value.map(|value| value.split_whitespace().collect::<Vec<_>>().join(" ")) else { continue };
        let more = format!("{text}{key} = {}\n", quoted(&value));
        // What the other tool takes for an address or a language may be none of ours.
        if is_sound(&more) {
            text = more;
        } else {
            report.notes.push(format!("`{key}` of the source cannot stand in `forewarn.toml`: `{value}`"));
        }
    }
    report.lowered = withholding(files, &text);
    if !report.lowered.is_empty() {
        text.push_str("\n# The source had these faults, too. Mend them, then delete the line: what is here hides nothing from `forewarn check`.\n[rules]\n");
        report.lowered.iter().for_each(|rule| text.push_str(&format!("{rule} = \"warning\"\n")));
    }
    files.insert(FILE.to_owned(), Content::Text(text));
    files.insert(".gitignore".to_owned(), Content::Text("/public\n".to_owned()));
}

fn is_sound(text: &str) -> bool {
    Settings::read(Some(&Source::new(path(), text))).1.is_empty()
}

/// The rules that would keep the handbook from being built, in the order of their names.
fn withholding(files: &BTreeMap<String, Content>, settings: &str) -> Vec<&'static str> {
    let source = Arc::new(Source::new(path(), settings));
    let (read, findings) = Settings::read(Some(&source));
    let assets = files.iter().filter(|(_, content)| matches!(content, Content::Copy(_))).map(|(path, _)| PagePath::new(path)).collect();
    let sources = Sources { settings: Some(source), pages: sources(files), assets, ..Sources::default() };
    let discovered = Discovered { sources, settings: read, findings, notes: Vec::new(), changed: BTreeMap::new() };
    // No rule that withholds a handbook asks for the day.
    let analysis = analyze(discovered, Run { today: Date::constant(2000, 1, 1), drafts: Drafts::Out, fail_inside: None });
    let faults = analysis.findings.iter().filter(|finding| rules::find(finding.rule).is_some_and(|rule| rule.is_fault(finding.level)));
    faults.map(|finding| finding.rule).collect::<BTreeSet<_>>().into_iter().collect()
}
