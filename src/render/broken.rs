//! The panic boundary: a fault of ours on one page costs that page alone, and is said aloud.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::finding::{Element, Finding, Place};
use crate::source::{PagePath, Span};

use super::html::escape;

/// A page that could not be rendered, with one that says so in its place.
#[derive(Debug)]
pub struct Broken {
    /// The page that stands in for it.
    pub page: Vec<u8>,
    /// The finding for it: `internal-error`.
    pub finding: Box<Finding>,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.finding.message, self.finding.place.path)
    }
}

impl std::error::Error for Broken {}

/// Renders a page; a panic inside becomes a [`Broken`].
pub fn guarded(path: &PagePath, id: &str, title: &str, render: impl FnOnce() -> anyhow::Result<Vec<u8>>) -> anyhow::Result<Vec<u8>> {
    match catch_unwind(AssertUnwindSafe(render)) {
        Ok(result) => result,
        Err(_) => Err(anyhow::Error::new(broken(path, id, title))),
    }
}

fn broken(path: &PagePath, id: &str, title: &str) -> Broken {
    let place = Place::new(path, Span::new(0, 1));
    let finding = Finding::new("internal-error", place, Element::page(id), "rendering this page failed inside forewarn")
        .note("this is a fault of forewarn, not of the page; the other pages are whole")
        .help("please report it with the page's text");
    let page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><title>{title}</title></head><body><main><article><h1>{title}</h1>\
         <p>This page could not be rendered: an internal error of forewarn. Its source is <code>{path}</code>; the other pages are whole.</p>\
         </article></main></body></html>\n",
        title = escape(title),
        path = escape(path.as_str()),
    );
    Broken { page: page.into_bytes(), finding: Box::new(finding) }
}
