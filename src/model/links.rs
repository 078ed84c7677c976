//! Where the Markdown links of pages lead: as GitHub resolves them, and as the site does.

use std::collections::{HashMap, HashSet};

use crate::finding::{Element, Finding, Place};
use crate::parse::Document;
use crate::parse::nearest::{Guess, guess};
use crate::parse::outline::Link;
use crate::parse::url;
use crate::parse::value::PageKind;
use crate::source::{PagePath, Span};

use super::resolve::Things;
use super::{Page, PageIx, Target};

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    /// Out of the site, or to an e-mail address or telephone.
    External,
    /// To a URL that may not stand on the site.
    Unsafe,
    /// To a page, and to an anchor on it.
    Page(PageIx, Option<String>),
    /// To a process page as a whole.
    Process(PageIx),
    /// To a track, step or failure mode.
    Thing(Target),
    /// To a file that is copied, by its place in the handbook's assets.
    Asset(usize),
    /// Nowhere.
    Broken,
}

/// A link of a page with what it leads to.
pub type ResolvedLink = LinkTarget;

/// Everything that a link can lead to.
pub struct Places<'h> {
    pages: &'h [Page],
    things: &'h Things,
    by_path: HashMap<&'h str, PageIx>,
    assets: HashMap<&'h str, usize>,
    folders: HashMap<String, PageIx>,
    anchors: Vec<HashSet<&'h str>>,
    drafts: &'h HashSet<String>,
}

/// A link that was followed.
pub struct Followed {
    /// Where it leads.
    pub target: LinkTarget,
    /// What is wrong with it.
    pub finding: Option<Finding>,
}

impl<'h> Places<'h> {
    /// The places of a handbook; `drafts` are paths of pages that are left out.
    pub fn new(pages: &'h [Page], things: &'h Things, assets: &'h [PagePath], drafts: &'h HashSet<String>) -> Self {
        let files = pages.iter().enumerate().filter(|(_, page)| !page.from_settings);
        let by_path: HashMap<&str, PageIx> = files.map(|(index, page)| (page.path().as_str(), index)).collect();
        let folders = by_path.iter().filter_map(|(path, index)| {
            let (folder, file) = path.rsplit_once('/')?;
            matches!(file, "index.md" | "README.md").then(|| (folder.to_owned(), *index))
        });
        Self {
            pages,
            things,
            folders: folders.collect(),
            by_path,
            assets: assets.iter().enumerate().map(|(index, path)| (path.as_str(), index)).collect(),
            anchors: pages.iter().map(|page| anchors(&page.document)).collect(),
            drafts,
        }
    }

    /// Follows a link as written on a page.
    pub fn follow(&self, page: PageIx, link: &Link) -> Followed {
        let from = &self.pages[page];
        let complain = |rule: &'static str, message: String| {
            let element = Element::of(&from.id, from.document.thing_at(link.span.start())).part(&link.target);
            Finding::new(rule, Place::new(from.path(), link.span), element, message)
        };
        let broken = |finding: Finding| Followed { target: LinkTarget::Broken, finding: Some(finding) };
        if url::unsafe_scheme(&link.target).is_some() {
            return Followed { target: LinkTarget::Unsafe, finding: None };
        }
        if url::is_external(&link.target) {
            return Followed { target: LinkTarget::External, finding: None };
        }
        let (path, fragment) = split(&link.target);
        if path.is_empty() {
            return self.anchor(page, page, fragment, link, &complain);
        }
        let absolute = path.starts_with('/');
        let Some(full) = self.full_path(from.path(), &path, absolute) else {
            return broken(
                complain("broken-link", format!("this link leads out of `content/`: `{}`", link.target))
                    .help("link to the file's full URL instead"),
            );
        };
        let found = self.find(&full);
        let mut followed = match found {
            Some(Found::Page(target, _)) => self.anchor(page, target, fragment.clone(), link, &complain),
            Some(Found::Asset(asset)) => Followed { target: LinkTarget::Asset(asset), finding: None },
            None => {
                let draft = self.drafts.contains(&full) || self.drafts.contains(&format!("{full}.md"));
                let mut finding = complain("broken-link", format!("this link leads to no page or file: `{}`", link.target));
                if draft {
                    finding = finding
                        .note(format!("`{full}` is a draft, and drafts are left out"))
                        .help("build with `--drafts`, or link to it when it is no draft any more");
                } else if let Some(near) = self.nearest_path(from.path(), &full) {
                    finding = finding.help(format!("did you mean `{}`?", near.path));
                    if near.is_certain {
                        finding = retarget(finding, link, &near.path, fragment.as_deref());
                    }
                } else {
                    finding = finding.help("correct the path, or write the page");
                }
                return broken(finding);
            }
        };
        if followed.finding.is_none() {
            followed.finding = match found {
                Some(Found::Page(target, _)) if absolute => {
                    let relative = relative(from.path().as_str(), self.pages[target].path().as_str());
                    let finding = complain("absolute-link", format!("this link begins at the root: `{}`", link.target))
                        .note("it breaks where the site does not stand at the root of its host")
                        .help(format!("write it relative to this page: `{relative}`"));
                    Some(retarget(finding, link, &relative, fragment.as_deref()))
                }
                Some(Found::Page(target, false)) => {
                    let relative = relative(from.path().as_str(), self.pages[target].path().as_str());
                    let finding =
                        complain("link-differs-on-github", format!("this link works on the site and not on GitHub: `{}`", link.target))
                            .help(format!("link to the file: `{relative}`"));
                    Some(retarget(finding, link, &relative, fragment.as_deref()))
                }
                _ => None,
            };
        }
        followed
    }

    fn anchor(
        &self,
        from: PageIx,
        to: PageIx,
        fragment: Option<String>,
        link: &Link,
        complain: &dyn Fn(&'static str, String) -> Finding,
    ) -> Followed {
        let target = &self.pages[to];
        let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty()) else {
            let process = target.page_kind() == PageKind::Process;
            return Followed { target: if process { LinkTarget::Process(to) } else { LinkTarget::Page(to, None) }, finding: None };
        };
        if let Some(thing) = self.things.get(to, &fragment) {
            return Followed { target: LinkTarget::Thing(thing), finding: None };
        }
        if self.anchors[to].contains(fragment.as_str()) {
            let on_github = target.document.anchors.iter().any(|anchor| anchor.github == fragment);
            let finding = (!on_github && fragment != "top").then(|| {
                complain("link-differs-on-github", format!("this link works on the site and not on GitHub: `{}`", link.target))
                    .note("GitHub does not know ids between braces; its anchors are made of the whole heading")
            });
            return Followed { target: LinkTarget::Page(to, Some(fragment)), finding };
        }
        if let Some(anchor) = target.document.anchors.iter().find(|anchor| anchor.github == fragment) {
            let finding =
                complain("link-differs-on-github", format!("this link works on GitHub and is mended on the site: `{}`", link.target));
            let finding = finding.help(format!("link to `#{}`, which works on the site", anchor.id));
            return Followed { target: LinkTarget::Page(to, Some(anchor.id.clone())), finding: Some(finding) };
        }
        if target.document.raw_ids.contains(&fragment) {
            return Followed { target: LinkTarget::Page(to, Some(format!("user-{fragment}"))), finding: None };
        }
        let mut known: Vec<&str> = self.anchors[to].iter().copied().collect();
        known.sort_unstable();
        let near = guess(&fragment, &known);
        let place = if to == from { "this page".to_owned() } else { format!("`{}`", target.path()) };
        let mut finding = complain("broken-anchor", format!("nothing on {place} has the anchor `#{fragment}`"));
        finding = match near {
            Some(Guess { name, is_certain }) => {
                let finding = finding.help(format!("did you mean `#{name}`?"));
                let path = link.target.split_once('#').map_or("", |(path, _)| path);
                if is_certain { retarget(finding, link, path, Some(name)) } else { finding }
            }
            None => finding.help("link to a heading as GitHub names it: small letters, spaces as `-`, no punctuation"),
        };
        Followed { target: LinkTarget::Page(to, None), finding: Some(finding) }
    }

    /// The path from the root of the project that a link's path means, unless it leads out of `content/`.
    fn full_path(&self, from: &PagePath, path: &str, absolute: bool) -> Option<String> {
        let base = if absolute { "content" } else { from.as_str().rsplit_once('/').map_or("", |(folder, _)| folder) };
        let path = path.strip_prefix("/content/").unwrap_or(path);
        let mut parts: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()?),
                part => parts.push(part),
            }
        }
        let full = parts.join("/");
        (full == "content" || full.starts_with("content/")).then_some(full)
    }

    fn find(&self, full: &str) -> Option<Found> {
        if let Some(page) = self.by_path.get(full) {
            return Some(Found::Page(*page, true));
        }
        if let Some(page) = self.folders.get(full) {
            return Some(Found::Page(*page, true));
        }
        if let Some(asset) = self.assets.get(full) {
            return Some(Found::Asset(*asset));
        }
        let bare = full.strip_suffix(".html").unwrap_or(full);
        self.by_path.get(format!("{bare}.md").as_str()).map(|page| Found::Page(*page, false))
    }

    /// The page or file with the name, or else the nearest name, of one that does not exist.
    fn nearest_path(&self, from: &PagePath, full: &str) -> Option<NearPath> {
        fn name(path: &str) -> &str {
            path.rsplit('/').next().unwrap_or(path)
        }
        let wanted = name(full);
        if matches!(wanted, "index.md" | "README.md") {
            return None;
        }
        let mut paths: Vec<&str> = self.by_path.keys().chain(self.assets.keys()).copied().filter(|path| *path != from.as_str()).collect();
        paths.sort_unstable();
        let to = |path: &str, is_certain: bool| NearPath { path: relative(from.as_str(), path), is_certain };
        let mut same_name = paths.iter().copied().filter(|path| name(path) == wanted);
        if let Some(path) = same_name.next() {
            return Some(to(path, same_name.next().is_none()));
        }
        let bare = |name: &'h str| name.strip_suffix(".md").unwrap_or(name);
        let names: Vec<&str> = paths.iter().map(|path| bare(name(path))).collect();
        let found = guess(wanted.strip_suffix(".md").unwrap_or(wanted), &names)?;
        let mut named = paths.iter().copied().filter(|path| bare(name(path)) == found.name);
        let path = named.next()?;
        // A slip of the pen does not lead to another folder.
        let here = full.rsplit_once('/').map(|(folder, _)| folder) == path.rsplit_once('/').map(|(folder, _)| folder);
        Some(to(path, found.is_certain && here && named.next().is_none()))
    }
}

/// The path that a broken link probably meant.
struct NearPath {
    /// Relative to the page of the link.
    path: String,
    /// Whether it can hardly be another.
    is_certain: bool,
}

/// A finding with the edit that lets its link lead elsewhere, where the link stands in the text as it is read and needs no escapes.
fn retarget(finding: Finding, link: &Link, path: &str, fragment: Option<&str>) -> Finding {
    let fragment = fragment.map_or_else(String::new, |fragment| format!("#{fragment}"));
    let target = format!("{path}{fragment}");
    let plain = target.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '#' | '~'));
    if !plain || link.span.end() - link.span.start() != link.target.len() || link.target.contains('?') {
        return finding;
    }
    let place = finding.place.clone();
    finding.patch(place, target)
}

#[derive(Clone, Copy)]
enum Found {
    /// A page, and whether GitHub finds it as well.
    Page(PageIx, bool),
    Asset(usize),
}

/// A link's path without its query, decoded, and its fragment, decoded.
fn split(target: &str) -> (String, Option<String>) {
    let (path, fragment) = match target.split_once('#') {
        Some((path, fragment)) => (path, Some(url::percent_decoded(fragment))),
        None => (target, None),
    };
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    (url::percent_decoded(path), fragment)
}

/// Every anchor of a rendered page: headings by both their names, tracks, steps, failure modes, footnotes.
fn anchors(document: &Document) -> HashSet<&str> {
    let headings = document.anchors.iter().flat_map(|anchor| [Some(anchor.id.as_str()), anchor.also.as_deref()]).flatten();
    let tracks =
        document.tracks.iter().flat_map(|track| std::iter::once(track.id.as_str()).chain(track.steps.iter().map(|step| step.id.as_str())));
    let failures = document.failures.iter().map(|failure| failure.id.as_str());
    headings.chain(tracks).chain(failures).chain(["top"]).collect()
}

/// A path seen from a folder, both with `/`; nothing where it leads out of the root.
pub fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The relative path from one file to another, as GitHub resolves it.
pub fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let to: Vec<&str> = to.split('/').collect();
    let folders = &from[..from.len() - 1];
    let shared = folders.iter().zip(&to[..to.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", folders.len() - shared);
    up.chain(to[shared..].iter().copied()).collect::<Vec<_>>().join("/")
}

/// A link that stands in a declaration: its place is the whole value.
pub fn in_declaration(target: &str, span: Span) -> Link {
    Link { target: target.to_owned(), span, image: false }
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn relative_paths_go_up_and_down() {
        assert_eq!(relative("content/a/b.md", "content/c/d.md"), "../c/d.md");
        assert_eq!(relative("content/a.md", "content/b.md"), "b.md");
        assert_eq!(relative("content/a/b/c.md", "content/a/d.md"), "../d.md");
    }
}
