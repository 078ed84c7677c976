//! Tags and styling inside lines -> Markdown, or left and told.
//!
//! In: the lines of a page without boxes. Out: the same with `{{< ref >}}`, `{% link %}`, `{{ site.baseurl }}`, figures and videos as
//! Markdown, attribute lists and marks for a table of contents left out, ids of headings as forewarn takes them. Code is never touched.
//! A line stays one line. Absent: where a link leads (`links`).

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::lines::{Line, code, joined, line_starts};
use super::tags::{Manner, Tag, find};
use super::told::{Change, Told};

/// The longest list of attributes between braces, in letters.
const LIST: usize = 300;

/// What inline conversion gives beside the lines.
#[derive(Debug, Default)]
pub struct Ids {
    /// Ids of headings that have another form now, by the old one.
    pub renamed: HashMap<String, String>,
}

/// The lines with every tag changed that has a meaning here.
pub fn convert(lines: Vec<Line>, manners: &[Manner], told: &mut Told) -> (Vec<Line>, Ids) {
    let text = joined(&lines);
    let code = code(&text);
    let starts = line_starts(&text);
    let mut ids = Ids::default();
    let mut given = BTreeSet::new();
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    let mut left_out = false;
    // Headings may stand above a line of `=` or `-`.
    let underlines: Vec<bool> = lines.iter().skip(1).map(|next| is_underline(&next.text)).chain([false]).collect();
    for ((line, start), underlined) in lines.into_iter().zip(starts).zip(underlines) {
        let holes: Vec<Range<usize>> = holes(&code, start, line.text.len());
        let Some(line) = styled(line, &holes, &mut out, told) else {
            left_out = true;
            continue;
        };
        // Where a line went, the blank lines around it become one.
        if left_out && line.is_blank() && out.last().is_none_or(Line::is_blank) {
            continue;
        }
        left_out = false;
        let line = Line { text: tags(&line, &holes, manners, told), ..line };
        // A tag replaced before an id may have moved it; the id stands at the end, where no code span can follow.
        out.push(if holes.iter().any(|hole| hole.end >= line.text.len()) {
            line
        } else {
            heading_id(line, underlined, &mut given, &mut ids, told)
        });
    }
    (out, ids)
}

/// Whether a line makes a heading of the one above.
fn is_underline(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && (line.chars().all(|c| c == '=') || line.chars().all(|c| c == '-'))
}

/// The parts of a line that are code.
fn holes(code: &[Range<usize>], start: usize, length: usize) -> Vec<Range<usize>> {
    let first = code.partition_point(|range| range.end <= start);
    let inside = code[first..].iter().take_while(|range| range.start < start + length.max(1));
    inside.map(|range| range.start.saturating_sub(start)..(range.end - start).min(length)).collect()
}

fn tags(line: &Line, holes: &[Range<usize>], manners: &[Manner], told: &mut Told) -> String {
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let free = |range: &Range<usize>| !holes.iter().any(|hole| hole.start < range.end && range.start < hole.end);
    for manner in manners {
        let mut from = 0;
        while let Some(tag) = find(&line.text, from, *manner) {
            from = tag.range.end;
            if !free(&tag.range) {
                continue;
            }
            match replacement(&tag, *manner) {
                Some(new) => {
                    told.changed(Change::Tag, line.origin, &line.text[tag.range.clone()]);
                    edits.push((tag.range, new));
                }
                None => told.kept(line.origin, &line.text[tag.range]),
            }
        }
        if *manner == Manner::Liquid {
            for (range, new) in outputs(&line.text).into_iter().filter(|(range, _)| free(range)) {
                match new {
                    Some(new) => {
                        told.changed(Change::Tag, line.origin, &line.text[range.clone()]);
                        edits.push((range, new));
                    }
                    None => told.kept(line.origin, &line.text[range]),
                }
            }
        }
    }
    for directive in ["{{#include", "{{#rustdoc_include", "{{#playground", "{{#template", "--8<--"] {
        for (at, _) in line.text.match_indices(directive).filter(|(at, _)| free(&(*at..at + directive.len()))) {
            let rest = &line.text[at..];
            let near = &rest[..rest.char_indices().nth(LIST).map_or(rest.len(), |(end, _)| end)];
            let end = near.find("}}").map_or(near.len(), |end| end + 2);
            told.kept(line.origin, &rest[..end]);
        }
    }
    replaced(&line.text, edits)
}

/// A text with edits made, which do not overlap.
pub fn replaced(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (range, new) in edits {
        if range.start >= at {
            out.push_str(&text[at..range.start]);
            out.push_str(&new);
            at = range.end;
        }
    }
    out.push_str(&text[at..]);
    out
}

fn replacement(tag: &Tag, manner: Manner) -> Option<String> {
    let first = || tag.placed(0).map(destination);
    match (manner, tag.name.as_str()) {
        (Manner::Shortcode, "ref" | "relref") => tag.named("path").map(destination).or_else(first),
        (Manner::Shortcode, "figure" | "img" | "image") => {
            let source = tag.named("src").map(destination).or_else(first)?;
            let words = tag.named("alt").or_else(|| tag.named("caption")).unwrap_or_default();
            let caption = tag.named("caption").map(|caption| format!(" *{caption}*")).unwrap_or_default();
            Some(format!("![{words}]({source}){caption}"))
        }
        (Manner::Shortcode, "youtube") => {
            let id = tag.named("id").or_else(|| tag.placed(0))?;
            Some(format!("[Video](https://www.youtube.com/watch?v={id})"))
        }
        (Manner::Liquid, "link") => tag.placed(0).map(|path| format!("/{}", destination(path.trim_start_matches('/')))),
        (Manner::Liquid, "post_url") => first(),
        (Manner::Liquid, "raw") => Some(String::new()),
        (Manner::Liquid, "embed") => tag.named("url").map(|url| format!("<{url}>")),
        _ => None,
    }
}

/// A path that may be the destination of a link.
fn destination(path: &str) -> String {
    path.replace(' ', "%20").replace('(', "%28").replace(')', "%29")
}

/// Liquid's `{{ … }}`: addresses as they are, everything else nothing.
fn outputs(text: &str) -> Vec<(Range<usize>, Option<String>)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("{{").map(|at| at + from) {
        let Some(end) = text[at..].find("}}").map(|end| at + end + 2) else { break };
        from = end;
        if text[at..].starts_with("{{#") || text[at..].starts_with("{{<") || text[at..].starts_with("{{%") {
            continue;
        }
        let inner = text[at + 2..end - 2].trim().trim_matches('-').trim();
        let (value, filters) = inner.split_once('|').map_or((inner, ""), |(value, filters)| (value.trim(), filters.trim()));
        let quoted = value.len() >= 2 && value.starts_with(['"', '\'']) && value.ends_with(['"', '\'']);
        let address = matches!(filters, "relative_url" | "absolute_url" | "prepend: site.baseurl" | "prepend:site.baseurl");
        let new = match value {
            "site.baseurl" | "site.url" if filters.is_empty() => Some(String::new()),
            _ if quoted && address => {
                let path = destination(&value[1..value.len() - 1]);
                Some(if path.starts_with('/') { path } else { format!("/{path}") })
            }
            _ => None,
        };
        found.push((at..end, new));
    }
    found
}

/// Words of an attribute list that make the paragraph after it, or before it, a box.
fn boxed(list: &str) -> Option<(&'static str, bool)> {
    list.split_whitespace().filter_map(|word| word.strip_prefix('.')).find_map(|class| {
        let (class, titled) = class.strip_suffix("-title").map_or((class, false), |class| (class, true));
        let alert = match class {
            "note" | "info" | "new" | "highlight" => "NOTE",
            "tip" => "TIP",
            "important" => "IMPORTANT",
            "warning" => "WARNING",
            "caution" | "danger" => "CAUTION",
            _ => return None,
        };
        Some((alert, titled))
    })
}

/// The line without attribute lists and marks for a table of contents; nothing where that was all.
fn styled(line: Line, holes: &[Range<usize>], out: &mut Vec<Line>, told: &mut Told) -> Option<Line> {
    let text = line.text.trim();
    if !holes.is_empty() && holes.iter().any(|hole| hole.start == 0) {
        return Some(line);
    }
    if matches!(text, "[TOC]" | "[[_TOC_]]" | "[[toc]]") {
        told.changed(Change::Styling, line.origin, text);
        return None;
    }
    if let Some(list) = text.strip_prefix("{:").and_then(|rest| rest.strip_suffix('}')).filter(|list| !list.contains('{')) {
        if list.trim().starts_with("toc") && out.last().is_some_and(|last| last.text.trim_start().starts_with(['*', '-', '1'])) {
            out.pop();
        }
        match boxed(list) {
            Some((alert, titled)) => {
                told.changed(Change::Box, line.origin, text);
                out.push(Line::new(format!("\u{0}{alert}{}", if titled { "!" } else { "" }), line.origin));
            }
            None => told.changed(Change::Styling, line.origin, text),
        }
        return None;
    }
    let mut edits = Vec::new();
    let heading = text.starts_with('#') && text.trim_start_matches('#').starts_with(' ');
    for (at, _) in line.text.match_indices('{') {
        let near = line.text[at..].char_indices().take(LIST).find(|(_, c)| *c == '}');
        let Some(end) = near.map(|(end, _)| at + end + 1) else { continue };
        if holes.iter().any(|hole| hole.start < end && at < hole.end) {
            continue;
        }
        let inner = &line.text[at + 1..end - 1];
        let list = inner.strip_prefix(':').unwrap_or(inner).trim();
        let is_list = !list.is_empty()
            && list.split_whitespace().all(|word| word.starts_with(['.', '#']) || word.contains('=') && !word.contains(['(', '{', '$']));
        let before = line.text[..at].trim_end();
        if !is_list || heading && !inner.starts_with(':') {
            continue;
        }
        if heading {
            let id = list.split_whitespace().find_map(|word| word.strip_prefix('#'));
            told.changed(Change::Styling, line.origin, &line.text[at..end]);
            edits.push((at..end, id.map(|id| format!("{{#{id}}}")).unwrap_or_default()));
        } else if before.len() == at && before.ends_with([')', ']', '*', '_', '`', '}']) {
            told.changed(Change::Styling, line.origin, &line.text[at..end]);
            edits.push((at..end, String::new()));
        }
    }
    let text = replaced(&line.text, edits);
    Some(Line { text, ..line })
}

/// Marks for boxes that attribute lists left -> alerts: around the paragraph or quote after the mark, else around the one before it.
pub fn marked(lines: Vec<Line>) -> Vec<Line> {
    if !lines.iter().any(|line| line.text.starts_with('\u{0}')) {
        return lines;
    }
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    let mut lines = lines.into_iter().peekable();
    while let Some(line) = lines.next() {
        let Some(mark) = line.text.strip_prefix('\u{0}') else {
            out.push(line);
            continue;
        };
        let (alert, titled) = mark.strip_suffix('!').map_or((mark, false), |mark| (mark, true));
        // Code that a box took the first or last line of would be code no more.
        let is_fence = |line: &Line| ["```", "~~~"].iter().any(|mark| line.text.trim_start().starts_with(mark));
        let goes_in = |line: &Line| !line.is_blank() && !line.text.starts_with(['\u{0}', '#']) && !is_fence(line);
        let mut inner: Vec<Line> = Vec::new();
        while let Some(next) = lines.next_if(goes_in) {
            inner.push(next);
        }
        if inner.is_empty() && lines.peek().is_none_or(|next| !is_fence(next)) {
            while let Some(before) = out.pop_if(|before| goes_in(before)) {
                inner.insert(0, before);
            }
        }
        if inner.is_empty() {
            continue;
        }
        out.push(Line::new(format!("> [!{alert}]"), line.origin));
        for (at, inside) in inner.into_iter().enumerate() {
            let bare = inside.text.strip_prefix('>').map_or(inside.text.as_str(), |rest| rest.strip_prefix(' ').unwrap_or(rest));
            let text = if titled && at == 0 && !bare.trim().is_empty() { format!("**{}**", bare.trim()) } else { bare.to_owned() };
            out.push(Line::new(format!("> {text}").trim_end().to_owned(), inside.origin));
        }
    }
    out
}

/// The line with an id between braces in the form that forewarn takes.
fn heading_id(line: Line, underlined: bool, given: &mut BTreeSet<String>, ids: &mut Ids, told: &mut Told) -> Line {
    let text = line.text.trim_end();
    let bare = text.trim_start_matches(' ');
    let level = bare.len() - bare.trim_start_matches('#').len();
    let marked = (1..=6).contains(&level) && bare[level..].starts_with([' ', '\t']) && text.len() - bare.len() < 4;
    if !(marked || underlined) || !text.ends_with('}') {
        return line;
    }
    let Some(open) = text.rfind('{') else { return line };
    let words: Vec<&str> = text[open + 1..text.len() - 1].split_whitespace().collect();
    let Some(id) = words.iter().find_map(|word| word.strip_prefix('#')) else { return line };
    let mut form = String::with_capacity(id.len());
    for c in id.chars().flat_map(char::to_lowercase) {
        let c = if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '-' };
        if !(c == '-' && form.is_empty()) {
            form.push(c);
        }
    }
    let is_new = !form.is_empty() && given.insert(form.clone());
    if is_new && form == *id && words.len() == 1 {
        return line;
    }
    told.changed(Change::Id, line.origin, id);
    if !form.is_empty() {
        ids.renamed.entry((*id).to_owned()).or_insert_with(|| form.clone());
    }
    let head = text[..open].trim_end();
    let text = if is_new { format!("{head} {{#{form}}}") } else { head.to_owned() };
    Line { text, ..line }
}

#[cfg(test)]
mod tests {
    use super::super::lines::lines;
    use super::*;

    fn converted(text: &str) -> (String, Told) {
        let mut told = Told::default();
        let (lines, _) = convert(lines(text, 1), &[Manner::Shortcode, Manner::Liquid], &mut told);
        (joined(&marked(lines)), told)
    }

    #[test]
    fn addresses_become_paths() {
        assert_eq!(converted("[a]({{< ref \"b c.md#d\" >}}) {{< relref path=\"e.md\" >}}\n").0, "[a](b%20c.md#d) e.md\n");
        assert_eq!(converted("[a]({% link x/y.md %}) [b]({{ site.baseurl }}/z/)\n").0, "[a](/x/y.md) [b](/z/)\n");
        assert_eq!(converted("![a]({{ '/i.png' | relative_url }})\n").0, "![a](/i.png)\n");
        assert_eq!(converted("{{< figure src=\"a.png\" alt=\"b\" caption=\"c\" >}}\n").0, "![b](a.png) *c*\n");
    }

    #[test]
    fn what_nobody_knows_stays_and_is_told() {
        let (text, told) = converted("{{< chart x >}} and {{ page.title }}\n{{#include a.rs}}\n");
        assert_eq!(text, "{{< chart x >}} and {{ page.title }}\n{{#include a.rs}}\n");
        assert_eq!(told.kept, [(1, "{{< chart x >}}".to_owned()), (1, "{{ page.title }}".to_owned()), (2, "{{#include a.rs}}".to_owned())]);
    }

    #[test]
    fn code_is_never_touched() {
        let text = "`{{ site.baseurl }}` and `[a](b){: .c }`\n\n```\n{{< ref \"a.md\" >}}\n[TOC]\n# a {#B}\n```\n\n    {: .note }\n";
        assert_eq!(converted(text).0, text);
    }

    #[test]
    fn styling_goes_and_boxes_stay() {
        assert_eq!(converted("[a](b){: .btn } ![c](d){ width=\"300\" }\n{: .fs-6 }\n").0, "[a](b) ![c](d)\n");
        assert_eq!(converted("{: .warning }\na\nb\n\nc\n").0, "> [!WARNING]\n> a\n> b\n\nc\n");
        assert_eq!(converted("{: .note-title }\n> T\n>\n> x\n").0, "> [!NOTE]\n> **T**\n>\n> x\n");
        assert_eq!(converted("a\n{: .tip }\n\nc\n").0, "> [!TIP]\n> a\n\nc\n");
        assert_eq!(converted("* TOC\n{:toc}\n\na {b} c\n").0, "a {b} c\n");
    }

    #[test]
    fn ids_get_the_form_that_forewarn_takes() {
        assert_eq!(converted("  # A {#My_Id}\n## B {: #b .c }\n## C {#b}\n## D {x}\n").0, "  # A {#my-id}\n## B {#b}\n## C\n## D {x}\n");
        assert_eq!(converted("A {#X_y}\n---\n\nb {#C_d}\n").0, "A {#x-y}\n---\n\nb {#C_d}\n");
    }
}
