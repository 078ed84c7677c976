//! Anchors that the last build had and the new one lacks, where a page of the last build linked to them: a link in an alert, a ticket or a
//! bookmark that led there leads to the top of the page now.
//!
//! In: the old pages, which still lie in the output, and the new ones in the staging. Out: each such anchor with the pages that linked to
//! it. Links count from pages of another file: a page and what is made of it name their own anchors, and what is made of the whole handbook
//! names everybody's. Pages that are gone, and those of which only the way to the new address is left, are told as such, not anchor by
//! anchor. Absent: errors; an old page that cannot be read tells nothing.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::Read;
use std::path::Path;

use percent_encoding::percent_decode_str;
use rayon::prelude::*;

use super::Work;
use super::files::Files;
use super::stage::{Fate, Made, Staging};
use crate::source::PagePath;

/// An anchor that is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vanished {
    /// The path of the page that had it: `deploy/index.html`.
    pub page: String,
    /// Its name, without `#`.
    pub anchor: String,
    /// The paths of the pages that linked to it, sorted.
    pub linked_from: Vec<String>,
}

/// The anchors that are gone, by page and name.
pub(super) fn of(work: &Work<'_, '_>, staging: &Staging, made: &[Made<'_>]) -> Vec<Vanished> {
    let Work { files, plan, survey, target, .. } = *work;
    let (out, tree) = (target.folder(), staging.tree());
    let changed = made.par_iter().filter(|made| made.fate == Fate::Changed && is_page(made.path));
    let gone: BTreeMap<&str, BTreeSet<String>> = changed
        .filter_map(|made| {
            let (old, new) = (text(files, &out.join(made.path))?, text(files, &tree.join(made.path))?);
            let gone = if new.contains("http-equiv=\"refresh\"") { BTreeSet::new() } else { missing(&old, &new) };
            (!gone.is_empty()).then_some((made.path, gone))
        })
        .collect();
    if gone.is_empty() {
        return Vec::new();
    }
    let sources: HashMap<&str, Option<&PagePath>> =
        plan.outputs.iter().map(|output| (output.path.as_str(), output.source.as_ref())).collect();
    let source = |path: &str| sources.get(path).copied();
    let from = survey.ours.par_iter().map(|(path, _)| path.as_str()).filter(|path| is_page(path) && source(path) != Some(None));
    let linked: Vec<(&str, (String, String))> = from
        .flat_map_iter(|from| {
            let text = text(files, &out.join(from)).unwrap_or_default();
            let counts = |(page, anchor): &(String, String)| {
                let known = gone.get(page.as_str()).is_some_and(|gone| gone.contains(anchor));
                known && (source(from).is_none() || source(from) != source(page))
            };
            let found: HashSet<(String, String)> = links(from, &text).filter(counts).collect();
            found.into_iter().map(move |to| (from, to))
        })
        .collect();
    let mut vanished: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for (from, to) in linked {
        vanished.entry(to).or_default().insert(from.to_owned());
    }
    let told = |((page, anchor), from): (_, BTreeSet<String>)| Vanished { page, anchor, linked_from: from.into_iter().collect() };
    vanished.into_iter().map(told).collect()
}

fn is_page(path: &str) -> bool {
    path.ends_with(".html")
}

fn text(files: &dyn Files, path: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    files.read(path).ok()?.read_to_end(&mut bytes).ok()?;
    String::from_utf8(bytes).ok()
}

/// The anchors of one version of a page that the other lacks.
fn missing(old: &str, new: &str) -> BTreeSet<String> {
    let kept: HashSet<Cow<'_, str>> = values(new, " id=\"").collect();
    values(old, " id=\"").filter(|id| !kept.contains(id)).map(Cow::into_owned).collect()
}

/// Where the links of a page lead that have an anchor: the path of a file of the site, and the anchor.
fn links<'t>(from: &'t str, text: &'t str) -> impl Iterator<Item = (String, String)> + 't {
    values(text, " href=\"").filter_map(move |href| {
        let (path, anchor) = href.split_once('#')?;
        if path.contains(':') || path.starts_with('/') || anchor.is_empty() {
            return None;
        }
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        Some((resolved(from, &decoded(path))?, decoded(anchor)))
    })
}

/// The values of an attribute, as pages write it.
fn values<'t>(text: &'t str, opening: &'static str) -> impl Iterator<Item = Cow<'t, str>> {
    text.match_indices(opening).filter_map(move |(at, _)| {
        let rest = &text[at + opening.len()..];
        let value = &rest[..rest.find('"')?];
        Some(match value.contains('&') {
            true => Cow::Owned(
                value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&"),
            ),
            false => Cow::Borrowed(value),
        })
    })
}

/// The file that a relative URL on a page leads to.
fn resolved(from: &str, path: &str) -> Option<String> {
    if path.is_empty() {
        return Some(from.to_owned());
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    if path.ends_with('/') || path.ends_with("..") || path == "." {
        parts.push("index.html");
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_compared_by_name() {
        let old = "<h2 id=\"a\">A</h2><h2 class=\"x\" id=\"größe\">B</h2><li id=\"a&amp;b\">";
        let new = "<h2 id=\"a\">A</h2><h3 data-id=\"größe\">";
        assert_eq!(missing(old, new).into_iter().collect::<Vec<_>>(), ["a&b", "größe"]);
        assert!(missing(old, old).is_empty());
    }

    #[test]
    fn links_lead_to_files_of_the_site() {
        let to =
            |href: &str| links("a/b/index.html", &format!("<a href=\"{href}\">")).next().map(|(page, anchor)| format!("{page} {anchor}"));
        assert_eq!(to("#x").as_deref(), Some("a/b/index.html x"));
        assert_eq!(to("../c/#gr%C3%B6%C3%9Fe").as_deref(), Some("a/c/index.html größe"));
        assert_eq!(to("../../#x").as_deref(), Some("index.html x"));
        assert_eq!(to("./#x").as_deref(), Some("a/b/index.html x"));
        assert_eq!(to("../../old.html#x").as_deref(), Some("old.html x"));
        for elsewhere in ["https://a.example/#x", "/a/#x", "../c/", "../../../#x", "#"] {
            assert_eq!(to(elsewhere), None, "{elsewhere}");
        }
    }
}
