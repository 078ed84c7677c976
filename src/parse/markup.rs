//! What is wrong with a page's Markdown and HTML as such: open fences, comments and tags, raw HTML and URLs that may not stand on the site.

use crate::finding::{Element, Finding, Place};
use crate::source::{PagePath, Span};

use super::document::Document;
use super::outline::{Link, Outline, RawHtml};
use super::raw_html::{self, Seen, Target};
use super::url;

/// The findings about markup on a page, and the ids in its raw HTML.
pub fn read(document: &Document, text: &str) -> (Vec<Finding>, Vec<String>) {
    let about = About { document };
    let outline = &document.outline;
    let mut findings = Vec::new();
    findings.extend(open_fences(&about, outline));
    findings.extend(outline.links.iter().filter_map(|link| about.link(link)));
    let seen: Vec<Seen> = outline.raw_html.iter().map(|raw| raw_html::look(&raw.html)).collect();
    for (raw, seen) in outline.raw_html.iter().zip(&seen) {
        findings.extend(about.raw_html(raw, seen));
    }
    let pieces = seen.iter().enumerate().map(|(index, seen)| (index, seen.tags.as_slice()));
    for (index, name) in raw_html::unclosed(pieces) {
        let span = super::steps::first_line(text, outline.raw_html[index].span);
        let message = format!("the tag `<{name}>` is never closed");
        findings.push(about.finding("unclosed-markup", span, &name, message).help(format!("add `</{name}>` where it should end")));
    }
    findings.extend(declared(document));
    (findings, seen.into_iter().flat_map(|seen| seen.ids).collect())
}

/// The findings about markup in the prose of a page's declarations.
pub fn declared(document: &Document) -> Vec<Finding> {
    let about = About { document };
    let (links, raw) = document.declared_prose();
    let links = links.iter().filter_map(|link| about.link(link));
    let raw = raw.iter().flat_map(|raw| about.raw_html(raw, &raw_html::look(&raw.html)));
    links.chain(raw).collect()
}

/// The links and images in a page's raw HTML. A piece with anything outside the allow-list is not followed: that is its fault, and said.
pub fn raw_links(document: &Document) -> Vec<Link> {
    document.outline.raw_html.iter().flat_map(links_of).collect()
}

fn links_of(raw: &RawHtml) -> Vec<Link> {
    let seen = raw_html::look(&raw.html);
    let link = |target: Target| {
        // Where the piece stands in the file as it is read, the place is that of the URL.
        let as_written = raw.span.end() - raw.span.start() == raw.html.len();
        let at = raw.html.find(&target.url).filter(|_| as_written && !target.url.is_empty()).map(|at| raw.span.start() + at);
        let span = at.map_or(raw.span, |at| Span::new(at, at + target.url.len()));
        Link { target: target.url.trim().to_owned(), span, image: target.image }
    };
    if seen.outside.is_some() { Vec::new() } else { seen.urls.into_iter().map(link).collect() }
}

fn open_fences<'a>(about: &'a About<'_>, outline: &'a Outline) -> impl Iterator<Item = Finding> + 'a {
    outline.fences.iter().filter(|fence| !fence.closed).map(|fence| {
        about
            .finding("unclosed-markup", fence.opening, "fence", "this code block is never closed")
            .note("everything after it is taken as code")
            .help("end it with a line of as many marks as it begins with")
    })
}

struct About<'d> {
    document: &'d Document,
}

impl About<'_> {
    fn path(&self) -> &PagePath {
        &self.document.path
    }

    fn finding(&self, rule: &'static str, span: Span, part: &str, message: impl Into<String>) -> Finding {
        let element = Element::of(&self.document.id.value, self.document.thing_at(span.start())).part(part);
        Finding::new(rule, Place::new(self.path(), span), element, message)
    }

    fn link(&self, link: &Link) -> Option<Finding> {
        let what = if link.image { "image" } else { "link" };
        if let Some(scheme) = url::unsafe_scheme(&link.target) {
            return Some(self.unsafe_url(link.span, &link.target, what, &scheme));
        }
        (link.image && url::is_external(&link.target)).then(|| self.external_image(link.span, &link.target))
    }

    fn unsafe_url(&self, span: Span, target: &str, what: &str, scheme: &str) -> Finding {
        self.finding("unsafe-url", span, target, format!("this {what} has the scheme `{scheme}:`"))
            .note("such a URL can run a script or read a file on the machine of whoever opens the page")
            .help("use http, https, mailto, tel or a relative path")
    }

    fn external_image(&self, span: Span, target: &str) -> Finding {
        self.finding("external-image", span, target, "this image lies on another host")
            .note("the page must work when that host is down, so a link with the alternative text stands in its place")
            .help("copy the image into `content/` and link to the copy")
    }

    fn raw_html(&self, raw: &RawHtml, seen: &Seen) -> Vec<Finding> {
        let mut findings = Vec::new();
        if seen.open_comment {
            let message = "this comment is never closed";
            findings.push(self.finding("unclosed-markup", raw.span, "comment", message).help("end it with `-->`"));
        }
        if let Some((target, scheme)) = raw_html::unsafe_url(seen) {
            findings.push(self.unsafe_url(raw.span, target, "raw HTML", &scheme));
        }
        let elsewhere = |target: &&Target| target.image && url::is_external(&target.url) && url::unsafe_scheme(&target.url).is_none();
        if let Some(target) = seen.urls.iter().find(elsewhere) {
            findings.push(self.external_image(raw.span, &target.url));
        }
        if let Some(outside) = &seen.outside {
            let finding = self
                .finding(
                    "raw-html",
                    raw.span,
                    outside.trim_start_matches("the ").replace(['`'], "").replace(' ', "-").as_str(),
                    match outside.starts_with("the attribute") {
                        true => format!("{outside} is left out of this raw HTML"),
                        false => format!("raw HTML with {outside} is shown as text"),
                    },
                )
                .note("content alone must not be able to run a script or change the page around it")
                .help(match outside.starts_with("the element") {
                    true => {
                        "put a placeholder between backticks, or write `\\<` for `<`; `forewarn explain raw-html` lists what may stand here"
                    }
                    false => "write it in Markdown, or keep to the elements and attributes that `forewarn explain raw-html` lists",
                });
            findings.push(finding);
        }
        findings
    }
}
