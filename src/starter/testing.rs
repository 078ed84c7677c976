//! For the tests of this room: new files as a handbook in memory.

use std::sync::Arc;

use jiff::civil::Date;

use crate::check::rule::Group;
use crate::check::rules;
use crate::discover::Discovered;
use crate::model::Drafts;
use crate::pipeline::{Analysis, Run, analyze};
use crate::settings::{self, Settings};
use crate::source::{PagePath, Source, Sources};

use super::NewFile;

/// The day on which the tests run.
pub const TODAY: Date = Date::constant(2026, 11, 20);

/// All that is known of a handbook made of these files.
pub fn analysis(files: &[NewFile]) -> Analysis {
    let source = |file: &NewFile| Arc::new(Source::new(PagePath::new(&file.path), &file.text));
    let mut pages: Vec<Arc<Source>> = files.iter().filter(|file| file.path.ends_with(".md")).map(source).collect();
    pages.sort_by(|one, other| one.path.cmp(&other.path));
    let settings_source = files.iter().find(|file| file.path == settings::FILE).map(source);
    let (settings, findings) = Settings::read(settings_source.as_deref());
    let sources = Sources { settings: settings_source, pages, ..Sources::default() };
    let discovered = Discovered { sources, settings, findings, notes: Vec::new(), changed: Default::default() };
    analyze(discovered, Run { today: TODAY, drafts: Drafts::Out, fail_inside: None })
}

/// The ids of what rules of one group found.
pub fn findings_of(analysis: &Analysis, group: Group) -> Vec<String> {
    let of_group = analysis.findings.iter().filter(|finding| rules::find(finding.rule).is_some_and(|rule| rule.group == group));
    of_group.map(|finding| finding.id.clone()).collect()
}

/// The ids of everything that was found, infos included.
pub fn findings(analysis: &Analysis) -> Vec<String> {
    analysis.findings.iter().map(|finding| finding.id.clone()).collect()
}
