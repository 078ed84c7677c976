//! Footnotes: numbered by first mention, one section at the end of the page. Each gets one way back, so that notes that mention each
//! other in a ring stay as short as their text.

use std::collections::{HashMap, HashSet};

use crate::parse::slug::slug;

use super::escape::escape;

/// The footnotes of one page while it is written.
#[derive(Debug, Default)]
pub struct Footnotes {
    numbers: HashMap<String, usize>,
    ids: Vec<String>,
    taken: HashSet<String>,
    defined: Vec<(String, usize)>,
}

impl Footnotes {
    /// Names that ids of footnotes must not take.
    pub fn reserve<'i>(&mut self, ids: impl Iterator<Item = &'i str>) {
        self.taken.extend(ids.filter(|id| id.starts_with("fn")).map(str::to_owned));
    }

    /// The mention of a footnote.
    pub fn mention(&mut self, label: &str, html: &mut String) {
        let first = !self.numbers.contains_key(label);
        let number = self.number(label);
        let id = &self.ids[number - 1];
        let back = if first { format!(" id=\"fnref-{id}\"") } else { String::new() };
        html.push_str(&format!("<sup><a href=\"#fn-{id}\"{back}>{number}</a></sup>"));
    }

    /// Notes that a footnote is defined in a sink.
    pub fn define(&mut self, label: &str, sink: usize) {
        self.defined.push((label.to_owned(), sink));
    }

    /// The section of all footnotes. `text` gives the HTML of a sink.
    pub fn section(mut self, mut text: impl FnMut(usize) -> String) -> String {
        if self.defined.is_empty() {
            return String::new();
        }
        let mut notes: Vec<(usize, bool, String)> = Vec::new();
        let mut seen = HashSet::new();
        for (label, sink) in std::mem::take(&mut self.defined) {
            let mentioned = self.numbers.contains_key(&label);
            let number = if seen.insert(label.clone()) { self.number(&label) } else { usize::MAX };
            notes.push((number, mentioned, text(sink)));
        }
        notes.sort_by_key(|(number, ..)| *number);
        let mut html = String::from("<section class=\"footnotes\" aria-label=\"Footnotes\"><ol>");
        for (number, mentioned, text) in notes {
            let id = number.checked_sub(1).and_then(|at| self.ids.get(at));
            match id {
                Some(id) => html.push_str(&format!("<li id=\"fn-{id}\">{text}")),
                None => html.push_str(&format!("<li>{text}")),
            }
            if let Some(id) = id.filter(|_| mentioned) {
                html.push_str(&format!("<a href=\"#fnref-{id}\" aria-label=\"Back\">↩</a>"));
            }
            html.push_str("</li>");
        }
        html.push_str("</ol></section>");
        html
    }

    fn number(&mut self, label: &str) -> usize {
        if let Some(number) = self.numbers.get(label) {
            return *number;
        }
        let number = self.ids.len() + 1;
        let wanted = slug(label);
        let mut id = if wanted.is_empty() { number.to_string() } else { wanted.clone() };
        let mut next = 1;
        while !self.taken.insert(format!("fn-{id}")) || self.taken.contains(&format!("fnref-{id}")) {
            id = format!("{wanted}-{next}");
            next += 1;
        }
        self.ids.push(escape(&id));
        self.numbers.insert(label.to_owned(), number);
        number
    }
}
