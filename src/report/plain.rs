//! A finding in plain lines, for formats that show no marks: what is the matter, why it matters here, what to do. Characters that cannot be
//! seen, or move what can, are shown as their codes.

use crate::finding::Finding;
use crate::pipeline::Analysis;

use super::escape;
use super::region::Region;

/// The message on the first line, then the note and the help, each begun with its name; no line break at the end.
pub fn lines(finding: &Finding) -> String {
    let mut text = escape::line(&finding.message).into_owned();
    for (name, words) in [("note", &finding.note), ("help", &finding.help)] {
        if let Some(words) = words {
            text.push_str(&format!("\n{name}: {}", escape::lines(words)));
        }
    }
    text
}

/// Where a finding is: `content/deploy.md:41:1`; the path alone where the file has no text.
pub fn place(finding: &Finding, analysis: &Analysis, base: &str) -> String {
    at(&finding.place, analysis, base)
}

/// The second places of a finding, a line each: `content/deploy.md:17:4: can hit this step`.
pub fn places(finding: &Finding, analysis: &Analysis, base: &str) -> Vec<String> {
    let marks = finding.places.iter();
    marks.map(|mark| format!("{}: {}", at(&mark.place, analysis, base), escape::line(&mark.label))).collect()
}

fn at(place: &crate::finding::Place, analysis: &Analysis, base: &str) -> String {
    let path = format!("{base}{}", escape::line(place.path.as_str()));
    match analysis.sources.get(&place.path) {
        Some(_) => {
            let Region { line, column, .. } = Region::of(place, &analysis.sources);
            format!("{path}:{line}:{column}")
        }
        None => path,
    }
}
