//! Where a page's front matter stands: between `+++` lines, between `---` lines, or in a fenced block `page`.

use crate::source::Span;

use super::place_map::PlaceMap;

/// A front matter at the very top of a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Opening<'t> {
    /// None at the top; a `page` block may follow.
    None,
    /// TOML between `+++`.
    Toml(Fenced<'t>),
    /// YAML between `---`.
    Yaml(Fenced<'t>),
    /// An opening line without a closing one.
    Unclosed(Span),
}

/// A text between two marks.
#[derive(Debug, PartialEq, Eq)]
pub struct Fenced<'t> {
    /// What stands between the marks.
    pub text: &'t str,
    /// From the text back to the page.
    pub places: PlaceMap,
    /// From mark to mark.
    pub span: Span,
    /// Where the Markdown begins.
    pub body: usize,
}

/// The front matter at the top of a text.
pub fn opening(text: &str) -> Opening<'_> {
    let Some(mark) = ["+++", "---"].into_iter().find(|mark| is_mark(text.lines().next().unwrap_or(""), mark)) else {
        return Opening::None;
    };
    let start = text.find('\n').map_or(text.len(), |at| at + 1);
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let bare = line.trim_end_matches('\n');
        if is_mark(bare, mark) || (mark == "---" && bare.trim_end() == "...") {
            let end = at + bare.trim_end().len();
            let fenced = Fenced {
                text: &text[start..at],
                places: PlaceMap::whole(Span::new(0, 3), start, at - start),
                span: Span::new(0, end),
                body: at + line.len(),
            };
            return if mark == "+++" { Opening::Toml(fenced) } else { Opening::Yaml(fenced) };
        }
        at += line.len();
    }
    let looks_like_yaml = text[start..].lines().next().is_some_and(|line| {
        line.split_once(':').is_some_and(|(key, _)| !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-'))
    });
    if mark == "+++" || looks_like_yaml { Opening::Unclosed(Span::new(0, 3)) } else { Opening::None }
}

fn is_mark(line: &str, mark: &str) -> bool {
    line.trim_end() == mark
}
