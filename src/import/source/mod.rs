//! What made a source: which tool, recognised by its configuration, and what that says about pages, their order and their URLs.
//!
//! In: the files of a source. Out: a [`Layout`]. Absent: the pages' text.

mod docusaurus;
mod hugo;
mod jekyll;
mod mdbook;
mod mkdocs;
mod plain;

use std::collections::BTreeMap;

use crate::discover::Foreign;

use super::tags::Manner;

/// A tool whose handbooks can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// MkDocs and Material for it.
    MkDocs,
    /// mdBook.
    MdBook,
    /// GitBook.
    GitBook,
    /// Hugo.
    Hugo,
    /// Jekyll.
    Jekyll,
    /// Docusaurus.
    Docusaurus,
    /// Starlight.
    Starlight,
    /// VitePress.
    VitePress,
    /// None: a folder of Markdown.
    Plain,
}

impl Tool {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Tool::MkDocs => "MkDocs",
            Tool::MdBook => "mdBook",
            Tool::GitBook => "GitBook",
            Tool::Hugo => "Hugo",
            Tool::Jekyll => "Jekyll",
            Tool::Docusaurus => "Docusaurus",
            Tool::Starlight => "Starlight",
            Tool::VitePress => "VitePress",
            Tool::Plain => "a folder of Markdown",
        }
    }

    /// The tags that its pages may hold.
    pub fn manners(self) -> &'static [Manner] {
        match self {
            Tool::Hugo => &[Manner::Shortcode],
            Tool::Jekyll | Tool::GitBook => &[Manner::Liquid],
            Tool::Docusaurus | Tool::Starlight => &[Manner::Component],
            Tool::MkDocs | Tool::MdBook | Tool::VitePress | Tool::Plain => &[],
        }
    }
}

/// A place in the navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavPage {
    /// The page, from the root of the source.
    pub path: String,
    /// What the navigation calls it.
    pub title: Option<String>,
}

/// What is known of a folder of pages.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// What it is called.
    pub title: Option<String>,
    /// Its place among its neighbours.
    pub order: Option<f64>,
}

/// How URLs of pages are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urls {
    /// `a/b.md` is `/a/b/`.
    Folders,
    /// `a/b.md` is `/a/b.html`.
    Files,
    /// `a/b.md` is `/a/b`, relative to `/a/`.
    Bare,
    /// There are none: links lead to files.
    Sources,
}

/// How anchors of headings are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchors {
    /// As on GitHub.
    Github,
    /// As Python-Markdown does.
    Python,
}

/// What a source says about itself.
#[derive(Clone, Debug)]
pub struct Layout {
    /// What made it.
    pub tool: Tool,
    /// The folder of the pages, from the root of the source; empty for the root itself, else with `/` at its end.
    pub docs: String,
    /// The file that says so, where there is one.
    pub config: Option<String>,
    /// What the handbook is called.
    pub title: Option<String>,
    /// One sentence about it.
    pub description: Option<String>,
    /// Where its source stands.
    pub repository: Option<String>,
    /// Its language.
    pub language: Option<String>,
    /// The path of its site's root, with `/` at its end: `/handbook/`.
    pub base_path: String,
    /// The pages in their order, where there is a navigation.
    pub nav: Vec<NavPage>,
    /// What is known of folders, by their path below `docs`.
    pub sections: BTreeMap<String, Section>,
    /// Folders whose files stand at the root of the site, from the root of the source, with `/` at their end.
    pub statics: Vec<String>,
    /// How URLs are made.
    pub urls: Urls,
    /// How anchors are made.
    pub anchors: Anchors,
    /// Files that are no content and why, by the beginning of their path below the root: templates, outputs.
    pub apart: Vec<(String, &'static str)>,
    /// What whoever imports should know.
    pub notes: Vec<String>,
}

impl Layout {
    /// A folder of pages that nothing is known of.
    pub(super) fn new(tool: Tool, docs: &str) -> Self {
        let docs = docs.trim_matches('/').trim_start_matches("./");
        let docs = if matches!(docs, "" | ".") { String::new() } else { format!("{docs}/") };
        Self {
            tool,
            docs,
            config: None,
            title: None,
            description: None,
            repository: None,
            language: None,
            base_path: "/".to_owned(),
            nav: Vec::new(),
            sections: BTreeMap::new(),
            statics: Vec::new(),
            urls: Urls::Sources,
            anchors: Anchors::Github,
            apart: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Gives the site's root, from a URL or a path.
    fn at(&mut self, site: &str) {
        let path = site.split_once("://").map_or(site, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
        let path = path.trim_matches('/');
        self.base_path = if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
    }
}

/// What made the source.
pub fn recognise(files: &Foreign) -> Layout {
    mkdocs::layout(files)
        .or_else(|| mdbook::layout(files))
        .or_else(|| docusaurus::layout(files))
        .or_else(|| hugo::layout(files))
        .or_else(|| jekyll::layout(files))
        .or_else(|| mdbook::gitbook(files))
        .unwrap_or_else(|| plain::layout(files))
}

/// The first of these files that there is.
fn first<'n>(files: &Foreign, names: &[&'n str]) -> Option<&'n str> {
    names.iter().copied().find(|name| files.has(name))
}

/// The longest folder that all these paths lie in, with `/` at its end.
fn common_folder(paths: &[&str]) -> String {
    let folder = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let Some(mut common) = paths.first().map(|path| folder(path)) else { return String::new() };
    for path in paths {
        while !path.starts_with(&common) {
            let above = common.trim_end_matches('/').rfind('/').map_or(0, |at| at + 1);
            common.truncate(above);
        }
    }
    common
}
