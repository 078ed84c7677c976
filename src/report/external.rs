//! The URLs of a handbook that lead out of it, for a link checker of the user's choice: forewarn itself asks the network nothing.
//!
//! Enters: an analyzed handbook, and the files that are asked for. Leaves: every http(s) URL that a reader of the site can follow, once and
//! sorted, with the places where it is written. Absent: e-mail addresses and telephone numbers, edit links, the address of the site itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::model::Page;
use crate::parse::url;
use crate::parse::value::said;
use crate::pipeline::Analysis;
use crate::source::{PagePath, Span};

use super::select::is_selected;

/// URLs, each with its places: path, line, column.
#[derive(Debug, PartialEq, Eq)]
pub struct External(BTreeMap<String, BTreeSet<(PagePath, usize, usize)>>);

/// How they are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// One URL on a line.
    Urls,
    /// One URL on a line, each followed by its places.
    Places,
    /// JSON, with the places.
    Json,
}

impl External {
    /// Those in the files `paths`, or in all.
    pub fn of(analysis: &Analysis, paths: &[String]) -> Self {
        let mut found: BTreeMap<String, BTreeSet<(PagePath, usize, usize)>> = BTreeMap::new();
        for page in analysis.handbook.pages.iter().filter(|page| is_selected(page.path().as_str(), paths)) {
            each(page, &mut |target, span| {
                if let Some(url) = web(target) {
                    let position = analysis.sources.position(page.path(), span.start());
                    found.entry(url).or_default().insert((page.path().clone(), position.line, position.column));
                }
            });
        }
        Self(found)
    }

    /// The list as text.
    pub fn text(&self, listing: Listing) -> String {
        let place = |(path, line, column): &(PagePath, usize, usize)| format!("{path}:{line}:{column}");
        match listing {
            Listing::Urls => self.0.keys().map(|url| format!("{url}\n")).collect(),
            Listing::Places => {
                let places =
                    |places: &BTreeSet<_>| places.iter().map(|at| format!("  {}\n", super::escape::line(&place(at)))).collect::<String>();
                self.0.iter().map(|(url, at)| format!("{url}\n{}", places(at))).collect()
            }
            Listing::Json => {
                let place =
                    |(path, line, column): &(PagePath, usize, usize)| json!({"path": path.as_str(), "line": line, "column": column});
                let url = |(url, at): (&String, &BTreeSet<_>)| json!({"url": url, "places": at.iter().map(place).collect::<Vec<_>>()});
                format!("{:#}\n", json!({"version": 1, "external": self.0.iter().map(url).collect::<Vec<_>>()}))
            }
        }
    }
}

/// Every URL that a page writes, with its place.
fn each(page: &Page, see: &mut dyn FnMut(&str, Span)) {
    let document = &page.document;
    let (declared, _) = document.declared_markup();
    document.outline.links.iter().chain(&declared).for_each(|link| see(&link.target, link.span));
    if let Some(status_page) = page.system_keys().and_then(|keys| keys.status_page.as_ref()) {
        see(&status_page.value, status_page.span);
    }
    for metric in page.process_keys().into_iter().flat_map(|keys| keys.metric.iter().flatten()) {
        if let (Some(text), Some(source)) = (said(&metric.source), &metric.source) {
            see(text, source.span);
        }
    }
}

/// A URL as browsers read it, where it is one of the web: without what stands around it, and with nothing in it that ends a line.
fn web(target: &str) -> Option<String> {
    let target = target.trim();
    let target = if target.starts_with("//") { format!("https:{target}") } else { target.to_owned() };
    let is_web = url::unsafe_scheme(&target).is_none() && (target.starts_with("https://") || target.starts_with("http://"));
    (is_web && !target.contains(|c: char| c.is_whitespace() || c.is_control())).then_some(target)
}

#[cfg(test)]
mod tests {
    use super::web;

    #[test]
    fn only_urls_of_the_web_are_listed() {
        assert_eq!(web(" https://a.example/x#y ").as_deref(), Some("https://a.example/x#y"));
        assert_eq!(web("//a.example/x").as_deref(), Some("https://a.example/x"));
        for other in ["mailto:a@b.example", "tel:+1", "a.md", "#x", "javascript:x", "https://a.example/x y", "Grafana, https://a.example"] {
            assert_eq!(web(other), None, "{other}");
        }
    }
}
