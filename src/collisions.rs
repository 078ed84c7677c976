//! Outputs -> findings: two outputs that some file system or web server takes for one.
//!
//! Enters: the handbook and the list of all outputs, generated pages included. Leaves: one finding per URL, with all its sources named.

use std::collections::BTreeMap;

use crate::finding::{Element, Finding, Mark, Place};
use crate::model::Handbook;
use crate::portable::folded;
use crate::render::paths::SourceName;
use crate::source::Span;

/// The outputs that share a path after case folding and composition, or of which one is a folder of the other.
pub fn collisions(handbook: &Handbook, outputs: &[(String, SourceName)]) -> Vec<Finding> {
    let mut claims: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, (path, _)) in outputs.iter().enumerate() {
        claims.entry(folded(path)).or_default().push(index);
    }
    let mut shared: Vec<Vec<usize>> = Vec::new();
    for (path, claimed) in &claims {
        let folders = path.match_indices('/').filter_map(|(at, _)| claims.get(&path[..at]));
        let all: Vec<usize> = folders.flatten().chain(claimed).copied().collect();
        if all.len() > 1 {
            shared.push(all);
        }
    }
    shared.iter().filter_map(|claimed| finding(handbook, outputs, claimed)).collect()
}

fn finding(handbook: &Handbook, outputs: &[(String, SourceName)], claimed: &[usize]) -> Option<Finding> {
    let sources: Vec<&SourceName> = claimed.iter().map(|index| &outputs[*index].1).collect();
    if let [SourceName::Page { page: first, .. }, SourceName::Page { page: second, .. }] = sources.as_slice()
        && handbook.pages[*first].id == handbook.pages[*second].id
        && handbook.ids.is_given_twice(&handbook.pages[*first].id)
    {
        return None; // `duplicate-id` has said it.
    }
    let path = &outputs[*claimed.last()?].0;
    let url = format!("/{}", path.strip_suffix("index.html").unwrap_or(path));
    let mut places = sources.iter().filter_map(|source| Some((place(handbook, source)?, *source))).rev();
    let (first, own) = places.next()?;
    let marks: Vec<Mark> = places.map(|(place, source)| Mark { place, label: format!("{source} goes there as well") }).collect();
    let names: Vec<String> = sources.iter().map(ToString::to_string).collect();
    let message = format!("{} would stand at `{url}`", list(&names));
    let mut finding = Finding::new("url-collision", first, Element::page(url), message)
        .note("one would replace the other; letter case and composition make no difference, since some systems see none")
        .help(match own {
            SourceName::Alias { .. } => "delete the alias, or change it",
            _ => "rename one of the files",
        });
    finding.places = marks;
    Some(finding)
}

fn place(handbook: &Handbook, source: &SourceName) -> Option<Place> {
    let span = match source {
        SourceName::Page { page, .. } | SourceName::Beside { page, .. } => handbook.pages[*page].title_place(),
        SourceName::Alias { page, alias, .. } => handbook.pages[*page].document.front.page.aliases.get(*alias)?.span,
        SourceName::Asset { .. } | SourceName::Generated(_) => Span::default(),
    };
    Some(Place::new(source.file()?, span))
}

fn list(names: &[String]) -> String {
    match names {
        [all @ .., last] if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        _ => names.concat(),
    }
}
