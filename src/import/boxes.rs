//! Boxes, tabs and wrappers of other tools that span lines -> alerts and plain Markdown.
//!
//! In: the lines of a page. Out: the same with `!!! note`, `??? tip`, `::: warning`, `{% hint %}`, `{{% notice %}}`, `<Aside>` as alerts that
//! GitHub and forewarn show, tabs one below the other under bold names, wrappers without a meaning left out. Code is never touched.
//! Absent: tags inside a line (`inline`).

use std::collections::HashMap;

use super::lines::{Line, fenced};
use super::tags::{Manner, Tag, alone};
use super::told::{Change, Told};

/// How deep boxes are looked into; what nests deeper stays as it is.
const DEPTH: usize = 12;

/// The lines with every box changed.
pub fn convert(lines: Vec<Line>, manners: &[Manner], told: &mut Told) -> Vec<Line> {
    let reading = Reading { manners };
    reading.convert(lines, DEPTH, told)
}

struct Reading<'m> {
    manners: &'m [Manner],
}

/// What is made of what stands between an opening and its end.
enum Made {
    /// An alert of that word, with a bold title.
    Alert(&'static str, Option<String>),
    /// A tab under its bold name.
    Tab(String),
    /// Nothing around it.
    Plain,
    /// Fenced code in a language.
    Code(String),
}

/// Where it ends.
enum End {
    /// At the first line that is indented less.
    Indent(usize),
    /// At a line of colons.
    Colons,
    /// At the closing tag.
    Tag(Manner),
}

impl Reading<'_> {
    fn convert(&self, lines: Vec<Line>, depth: usize, told: &mut Told) -> Vec<Line> {
        let Some(depth) = depth.checked_sub(1) else { return lines };
        let is_code = fenced(&lines);
        let ends = self.ends(&lines, &is_code);
        let mut out: Vec<Line> = Vec::with_capacity(lines.len());
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            let opened = if is_code[at] { None } else { self.opening(line) };
            let Some((made, end, what)) = opened else {
                match (is_code[at], quoted_note(line)) {
                    (false, Some(note)) if !in_quote(&lines, at) => {
                        told.changed(Change::Box, line.origin, "bold note in a quote");
                        out.extend(note);
                    }
                    _ => out.push(line.clone()),
                }
                at += 1;
                continue;
            };
            let Some((last, next)) = extent(&lines, &ends, at, &end) else {
                told.kept(line.origin, &what);
                out.push(line.clone());
                at += 1;
                continue;
            };
            let origin = line.origin;
            let inner: Vec<Line> = lines[at + 1..last].to_vec();
            let own = line.indent();
            let (inner, indent) = match end {
                End::Indent(columns) => (inner.iter().map(|line| line.dedented(columns)).collect(), own),
                End::Tag(Manner::Component) => {
                    let least = inner.iter().filter(|line| !line.is_blank()).map(Line::indent).min().unwrap_or(0);
                    (inner.iter().map(|line| line.dedented(least)).collect(), own)
                }
                End::Colons | End::Tag(_) => (inner.iter().map(|line| line.dedented(own)).collect(), own),
            };
            let inner = if matches!(made, Made::Code(_)) { inner } else { self.convert(inner, depth, told) };
            told.changed(if matches!(made, Made::Alert(..)) { Change::Box } else { Change::Tabs }, origin, &what);
            if !matches!(made, Made::Plain) && out.last().is_some_and(|line| !line.is_blank()) {
                out.push(Line::new("", origin));
            }
            out.extend(dress(made, inner, indent, origin));
            at = next;
            if lines.get(at).is_some_and(|line| !line.is_blank()) && out.last().is_some_and(|line| !line.is_blank()) {
                out.push(Line::new("", origin));
            }
        }
        out
    }

    /// What a line opens, where it ends, and what it is called in a report.
    fn opening(&self, line: &Line) -> Option<(Made, End, String)> {
        let text = line.text.trim();
        let own = line.indent();
        if let Some((mark, rest)) = ["!!!", "???+", "???"].iter().find_map(|mark| Some((*mark, text.strip_prefix(mark)?))) {
            let rest = rest.trim_start();
            let word = rest.split([' ', '"']).next().unwrap_or_default();
            let known = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
            if !known {
                return None;
            }
            let quoted = rest.split_once('"').and_then(|(_, rest)| rest.rsplit_once('"')).map(|(title, _)| title.to_owned());
            let (alert, own_title) = alert(word);
            let title = quoted.map_or(own_title, |title| Some(title).filter(|title| !title.is_empty()));
            return Some((Made::Alert(alert, title), End::Indent(own + 4), format!("{mark} {word}")));
        }
        if let Some(title) =
            text.strip_prefix("===").map(|rest| rest.trim_start_matches(['!', '+', ' '])).filter(|rest| rest.starts_with('"'))
        {
            let title = title.trim_matches('"').to_owned();
            return Some((Made::Tab(title), End::Indent(own + 4), "=== tab".to_owned()));
        }
        if text.starts_with(":::") {
            return colons(text);
        }
        self.manners.iter().find_map(|manner| {
            let tag = alone(text, *manner).filter(|tag| !tag.closes && !tag.whole)?;
            let made = paired(*manner, &tag)?;
            Some((made, End::Tag(*manner), shown(*manner, &tag.name)))
        })
    }

    /// For each line that opens something with an end of its own, the line of that end.
    fn ends(&self, lines: &[Line], is_code: &[bool]) -> HashMap<usize, usize> {
        let mut ends = HashMap::new();
        let mut colons: Vec<usize> = Vec::new();
        let mut tags: HashMap<(Manner, String), Vec<usize>> = HashMap::new();
        for (index, line) in lines.iter().enumerate().filter(|(index, _)| !is_code[*index]) {
            let text = line.text.trim();
            if text.starts_with(":::") {
                if text.trim_start_matches(':').trim().is_empty() {
                    ends.extend(colons.pop().map(|opening| (opening, index)));
                } else {
                    colons.push(index);
                }
                continue;
            }
            for manner in self.manners {
                let Some(tag) = alone(text, *manner).filter(|tag| !tag.whole) else { continue };
                let open = tags.entry((*manner, tag.name)).or_default();
                if tag.closes {
                    ends.extend(open.pop().map(|opening| (opening, index)));
                } else {
                    open.push(index);
                }
            }
        }
        ends
    }
}

/// The line after the last one inside, and the line to go on with.
fn extent(lines: &[Line], ends: &HashMap<usize, usize>, at: usize, end: &End) -> Option<(usize, usize)> {
    let End::Indent(columns) = end else { return ends.get(&at).map(|end| (*end, end + 1)) };
    let mut last = at + 1;
    for (index, line) in lines.iter().enumerate().skip(at + 1).filter(|(_, line)| !line.is_blank()) {
        if line.indent() < *columns {
            break;
        }
        last = index + 1;
    }
    Some((last, last))
}

fn shown(manner: Manner, name: &str) -> String {
    match manner {
        Manner::Shortcode => format!("{{{{< {name} >}}}}"),
        Manner::Liquid => format!("{{% {name} %}}"),
        Manner::Component => format!("<{name}>"),
    }
}

/// `:::note Title`, `:::note[Title]`, `::: tip Title`.
fn colons(text: &str) -> Option<(Made, End, String)> {
    let rest = text.trim_start_matches(':').trim();
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).unwrap_or(rest.len());
    let (word, title) = (&rest[..end], rest[end..].trim());
    if word.is_empty() {
        return None;
    }
    let what = format!("::: {word}");
    let title = title.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(title, |(title, _)| title);
    let title = if title.starts_with('{') { "" } else { title.trim() };
    let title = (!title.is_empty()).then(|| title.to_owned());
    if matches!(word, "code-group" | "tabs" | "steps" | "raw" | "v-pre") {
        return Some((Made::Plain, End::Colons, what));
    }
    if word == "tab" || word == "details" {
        return Some((Made::Tab(title.unwrap_or_else(|| "Details".to_owned())), End::Colons, what));
    }
    if !is_box(word) {
        return None;
    }
    let (alert, own) = alert(word);
    Some((Made::Alert(alert, title.or(own)), End::Colons, what))
}

/// What is made of a tag that has a closing one.
fn paired(manner: Manner, tag: &Tag) -> Option<Made> {
    let kind = ["type", "style", "color", "class"].iter().find_map(|key| tag.named(key));
    let title = tag.named("title").map(str::to_owned).filter(|title| !title.is_empty());
    let name = tag.name.to_lowercase();
    match (manner, name.as_str()) {
        (Manner::Shortcode, "notice" | "hint" | "callout" | "alert" | "admonition")
        | (Manner::Liquid, "hint")
        | (Manner::Component, "aside" | "admonition" | "callout" | "alert") => {
            let (alert, own) = alert(kind.or_else(|| tag.placed(0)).unwrap_or("note"));
            let placed = tag.placed(usize::from(kind.is_none())).map(str::to_owned).filter(|_| manner == Manner::Shortcode);
            Some(Made::Alert(alert, title.or(placed).or(own)))
        }
        (Manner::Shortcode | Manner::Component, word) if is_box(word) && word != "details" => {
            let (alert, own) = alert(word);
            Some(Made::Alert(alert, title.or_else(|| tag.placed(0).map(str::to_owned)).or(own)))
        }
        (_, "tabs" | "tabpane" | "tabbed" | "raw" | "steps" | "cards" | "cardgrid") => Some(Made::Plain),
        (_, "tab" | "tabitem" | "details" | "expand" | "step") => {
            let label =
                ["title", "label", "name", "header", "value", "summary"].iter().find_map(|key| tag.named(key)).or_else(|| tag.placed(0));
            Some(Made::Tab(label.unwrap_or("Details").to_owned()))
        }
        (_, "highlight") => Some(Made::Code(tag.placed(0).unwrap_or_default().to_owned())),
        _ => None,
    }
}

/// Words that open a box.
fn is_box(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "note"
            | "info"
            | "abstract"
            | "summary"
            | "tldr"
            | "todo"
            | "seealso"
            | "tip"
            | "hint"
            | "success"
            | "check"
            | "done"
            | "example"
            | "question"
            | "faq"
            | "help"
            | "quote"
            | "cite"
            | "important"
            | "warning"
            | "warn"
            | "attention"
            | "caution"
            | "danger"
            | "error"
            | "failure"
            | "fail"
            | "missing"
            | "bug"
            | "secondary"
            | "primary"
    )
}

/// The alert for a box of another tool, and the title that keeps what the alert does not say.
fn alert(word: &str) -> (&'static str, Option<String>) {
    let word = word.to_lowercase();
    match word.as_str() {
        "note" | "info" | "primary" | "secondary" | "" => ("NOTE", None),
        "tip" | "hint" => ("TIP", None),
        "important" => ("IMPORTANT", None),
        "warning" | "warn" | "attention" => ("WARNING", None),
        "caution" | "danger" | "error" => ("CAUTION", None),
        "success" | "check" | "done" => ("TIP", Some(titled(&word))),
        "failure" | "fail" | "missing" | "bug" => ("CAUTION", Some(titled(&word))),
        other => ("NOTE", Some(titled(other))),
    }
}

fn titled(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}", letters.as_str().replace(['-', '_'], " "))
}

/// The lines as they stand in the new page.
fn dress(made: Made, inner: Vec<Line>, indent: usize, origin: usize) -> Vec<Line> {
    let space = " ".repeat(indent);
    let first = inner.iter().position(|line| !line.is_blank()).unwrap_or(inner.len());
    let last = inner.iter().rposition(|line| !line.is_blank()).map_or(first, |last| last + 1);
    let inner = &inner[first..last];
    let indented =
        |line: &Line| if line.is_blank() { Line::new("", line.origin) } else { Line::new(format!("{space}{}", line.text), line.origin) };
    match made {
        Made::Alert(word, title) => {
            let mut out = vec![Line::new(format!("{space}> [!{word}]"), origin)];
            if let Some(title) = title {
                out.push(Line::new(format!("{space}> **{}**", title.trim()), origin));
                if !inner.is_empty() {
                    out.push(Line::new(format!("{space}>"), origin));
                }
            }
            out.extend(inner.iter().map(|line| {
                let text = if line.is_blank() { format!("{space}>") } else { format!("{space}> {}", line.text) };
                Line::new(text, line.origin)
            }));
            out
        }
        Made::Tab(name) => {
            let head = [Line::new(format!("{space}**{}**", name.trim()), origin), Line::new("", origin)];
            head.into_iter().chain(inner.iter().map(indented)).collect()
        }
        Made::Plain => inner.iter().map(indented).collect(),
        Made::Code(language) => {
            let longest = inner.iter().map(|line| line.text.trim_start().chars().take_while(|c| *c == '`').count()).max().unwrap_or(0);
            let fence = "`".repeat(longest.max(2) + 1);
            let mut out = vec![Line::new(format!("{space}{fence}{language}"), origin)];
            out.extend(inner.iter().map(indented));
            out.push(Line::new(format!("{space}{fence}"), origin));
            out
        }
    }
}

/// Whether the line before belongs to the same quote.
fn in_quote(lines: &[Line], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| lines.get(before)).is_some_and(|line| line.text.trim_start().starts_with('>'))
}

/// `> **Note**` and `> **Warning:** text`, as GitHub's alerts were written before there were any.
fn quoted_note(line: &Line) -> Option<Vec<Line>> {
    let text = line.text.trim_start();
    let space = &line.text[..line.text.len() - text.len()];
    let rest = text.strip_prefix('>')?.trim_start();
    let mark = ["**", "__"].into_iter().find(|mark| rest.starts_with(mark))?;
    let (word, after) = rest[2..].split_once(mark)?;
    let bare = word.trim_end_matches(':').trim();
    let named = match bare.to_lowercase().as_str() {
        "note" | "info" => "NOTE",
        "tip" | "hint" => "TIP",
        "important" => "IMPORTANT",
        "warning" | "attention" => "WARNING",
        "caution" | "danger" => "CAUTION",
        _ => return None,
    };
    let after = after.trim_start_matches([':', '\\']).trim();
    if !after.is_empty() && !word.ends_with(':') && !rest[2 + word.len() + 2..].trim_start().starts_with(':') {
        return None;
    }
    let mut out = vec![Line::new(format!("{space}> [!{named}]"), line.origin)];
    if !after.is_empty() {
        out.push(Line::new(format!("{space}> {after}"), line.origin));
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::super::lines::{joined, lines};
    use super::*;

    fn converted(text: &str) -> String {
        let mut told = Told::default();
        joined(&convert(lines(text, 1), &[Manner::Shortcode, Manner::Liquid, Manner::Component], &mut told))
    }

    #[test]
    fn boxes_become_alerts() {
        assert_eq!(converted("!!! warning \"Mind it\"\n    a\n\n    - b\n\nc\n"), "> [!WARNING]\n> **Mind it**\n>\n> a\n>\n> - b\n\nc\n");
        assert_eq!(converted("1. a\n\n    ??? note\n        b\n    c\n"), "1. a\n\n    > [!NOTE]\n    > b\n\n    c\n");
        assert_eq!(converted(":::tip[Do]\na\n:::\n"), "> [!TIP]\n> **Do**\n>\n> a\n");
        assert_eq!(converted("{% hint style=\"danger\" %}\na\n{% endhint %}\n"), "> [!CAUTION]\n> a\n");
        assert_eq!(converted("{{% notice info %}}\na\n{{% /notice %}}\n"), "> [!NOTE]\n> a\n");
        assert_eq!(converted("> **Note**\n> a\n"), "> [!NOTE]\n> a\n");
        assert_eq!(converted("> **Warning:** a\n> b\n"), "> [!WARNING]\n> a\n> b\n");
    }

    #[test]
    fn tabs_stand_one_below_the_other() {
        assert_eq!(
            converted("=== \"Linux\"\n\n    ```sh\n    a\n    ```\n\n=== \"Mac\"\n\n    b\n"),
            "**Linux**\n\n```sh\na\n```\n\n**Mac**\n\nb\n"
        );
        let mdx = "<Tabs>\n  <TabItem value=\"a\" label=\"A\">\n    x\n  </TabItem>\n</Tabs>\n";
        assert_eq!(converted(mdx), "**A**\n\nx\n");
    }

    #[test]
    fn code_and_what_never_ends_stay() {
        for text in [
            "```md\n!!! note\n    a\n```\n",
            ":::note\na\n",
            "!!!\n    a\n",
            "::: unheard\na\n:::\n",
            "> **Bold** words\n",
            "`{% raw %}`\n",
        ] {
            assert_eq!(converted(text), text);
        }
    }
}
