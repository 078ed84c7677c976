//! A page on its way: its file of the source, its new path, and its Markdown as lines that know where they came from.
//!
//! In: the text of a file. Out: front matter, and lines without boxes and tags of the other tool. Absent: its place among others (`outlook`),
//! where its links lead (`links`).

use std::collections::{BTreeSet, HashMap};

use crate::discover::{Foreign, ForeignFile};

use super::front_matter::{self, Front};
use super::lines::{self, Line, joined, lines};
use super::source::Layout;
use super::told::{Change, Told};
use super::{boxes, html, inline, names, outlook};

/// A page on its way.
pub(super) struct Page {
    /// The file of the source, from its root.
    pub(super) source: String,
    /// Its path without ending, below the pages' folder.
    pub(super) stem: String,
    /// Its path in the handbook, with `content/`.
    pub(super) new: String,
    /// The path of its URL at the other tool.
    pub(super) url: String,
    /// What its front matter says.
    pub(super) front: Front,
    /// Its Markdown.
    pub(super) lines: Vec<Line>,
    /// Ids of headings that have another form now.
    pub(super) renamed: HashMap<String, String>,
    /// Its front matter, as forewarn reads it.
    pub(super) block: Option<String>,
    /// What is told of it.
    pub(super) told: Told,
}

/// The pages of a source with their new paths. Pages of folders take theirs first, so that a page of the same name gives way.
pub(super) fn named_pages(files: &Foreign, layout: &Layout, paths: &BTreeSet<String>, given: &mut names::Names) -> Vec<Page> {
    let mut stems: Vec<(String, String)> = paths
        .iter()
        .filter_map(|source| Some((source.clone(), names::stem(source)?.strip_prefix(&layout.docs).unwrap_or(source).to_owned())))
        .collect();
    let rank = |stem: &str| match stem.rsplit('/').next() {
        Some("index" | "_index") => 0,
        Some(name) if name.eq_ignore_ascii_case("readme") => 1,
        _ => 2,
    };
    stems.sort_by(|(_, a), (_, b)| rank(a).cmp(&rank(b)).then_with(|| a.cmp(b)));
    // A folder has one page of its own: `index.md` wins, and a README beside it becomes an ordinary page.
    let mut owned: BTreeSet<String> = BTreeSet::new();
    let mut pages: Vec<Page> = stems
        .into_iter()
        .map(|(source, stem)| {
            let folder = stem.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
            let second = names::is_index(&stem) && !owned.insert(folder.clone());
            let wish = match (second, stem.ends_with("_index") || stem.ends_with("index")) {
                (false, _) => stem.clone(),
                (true, true) => format!("{folder}/index-2").trim_start_matches('/').to_owned(),
                (true, false) => format!("{folder}/read-me").trim_start_matches('/').to_owned(),
            };
            let new = format!("content/{}", given.page(&wish));
            Page {
                source,
                stem,
                new,
                url: String::new(),
                front: Front::default(),
                lines: Vec::new(),
                renamed: HashMap::new(),
                block: None,
                told: Told::default(),
            }
        })
        .collect();
    pages.sort_by(|a, b| a.source.cmp(&b.source));
    debug_assert!(pages.iter().all(|page| files.has(&page.source)));
    pages
}

impl Page {
    /// Reads front matter and lines.
    pub(super) fn read(&mut self, files: &Foreign, layout: &Layout) {
        let Some(ForeignFile::Text { text, decoded }) = files.files.get(&self.source) else { return };
        if let Some(encoding) = decoded {
            self.told.note(1, format!("it is no UTF-8 and was read as {encoding}"));
        }
        let (front, body, first) = front_matter::read(text);
        if let Some(language) = front.language {
            self.told.changed(Change::FrontMatter, 1, language);
        }
        if let Some(fault) = &front.fault {
            self.told.note(1, format!("its front matter cannot be read, and is kept whole in `[extra]`: {fault}"));
        }
        self.front = front;
        let manners = layout.tool.manners();
        let mut body = lines(&text[body..], first);
        if self.source.ends_with(".mdx") {
            without_modules(&mut body, &mut self.told);
        }
        let boxed = boxes::convert(body, manners, &mut self.told);
        let (converted, ids) = inline::convert(boxed, manners, &mut self.told);
        self.lines = html::allowed(inline::marked(converted), &mut self.told);
        self.renamed = ids.renamed;
        self.url = outlook::url(self, layout);
    }

    /// The first heading of level 1, as it is written, if the page begins with one.
    pub(super) fn heading(&self) -> Option<&str> {
        self.lines.iter().find(|line| !line.is_blank()).and_then(|line| line.text.strip_prefix("# ")).map(str::trim)
    }

    /// How many lines stand before its Markdown.
    fn before(&self) -> usize {
        self.block.as_ref().map_or(0, |block| block.matches('\n').count() + 1)
    }

    /// The whole page.
    pub(super) fn text(&self) -> String {
        let body = joined(&self.lines);
        match &self.block {
            Some(block) => format!("{block}\n{}", body.trim_start_matches('\n')),
            None => body,
        }
    }

    /// The line of the source behind a line of the page, both from 1.
    pub(super) fn origin(&self, line: usize) -> usize {
        let blank = if self.block.is_some() { self.lines.iter().take_while(|line| line.text.is_empty()).count() } else { 0 };
        let at = (line + blank).saturating_sub(self.before() + 1);
        self.lines.get(at).or(self.lines.last()).map_or(1, |line| line.origin)
    }
}

/// Takes imports and exports of MDX out of a page.
fn without_modules(body: &mut Vec<Line>, told: &mut Told) {
    let is_code = lines::fenced(body);
    let mut at = 0;
    body.retain(|line| {
        let module =
            !is_code[at] && (line.text.starts_with("import ") && line.text.contains(['\'', '"']) || line.text.starts_with("export const "));
        at += 1;
        if module {
            told.changed(Change::Styling, line.origin, &line.text);
        }
        !module
    });
}
