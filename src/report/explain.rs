//! A rule's manual page -> text for the terminal, and the list of all rules.
//!
//! Enters: a rule and its page's Markdown. Leaves: text of at most 100 columns, but for code, which is never broken. Absent: reading the
//! page, and rendering Markdown in general: what a manual page does not use (footnotes, raw HTML) is left out.

use std::fmt::Write;

use annotate_snippets::renderer::{AnsiColor, Style};
use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use crate::check::rule::{DefaultLevel, Rule};
use crate::check::rules;
use crate::finding::Level;
use crate::parse::markdown;
use crate::parse::opening::{Opening, opening};

use super::escape;
use super::group::distinct;
use super::human::BOLD;

/// Columns of running text.
const WIDTH: usize = 100;
/// Columns of the list of rules.
const LIST: usize = 80;
/// Columns before the sentence of a rule in the list.
const INDENT: usize = 4;

/// The page of the rule `name`, from its Markdown. A first heading that is the rule's name gives way to a title with level and group;
/// without a page the rule's summary serves.
pub fn page(name: &str, markdown: &str, coloured: bool) -> String {
    let mut writer = Writer { coloured, ..Writer::default() };
    let Some(rule) = rules::find(name) else { return String::new() };
    writer.heading(&format!("{name} ({}, {})", level(rule.level), rule.group.name()), '=');
    let body = match opening(markdown) {
        Opening::Toml(fenced) | Opening::Yaml(fenced) => &markdown[fenced.body..],
        Opening::None | Opening::Unclosed(_) => markdown,
    };
    if body.trim().is_empty() {
        writer.inline.push_str(rule.summary);
        writer.paragraph();
    }
    for (event, _) in markdown::events(body) {
        writer.event(event, name);
    }
    format!("{}\n", writer.out.trim_end())
}

/// Every rule of the table in its order, which is by group: a line with name, level and group, and its sentence below. An empty line parts
/// the groups.
pub fn list(coloured: bool) -> String {
    let painted = |style: Style, text: String| if coloured { format!("{style}{text}{style:#}") } else { text };
    let wide = |text: fn(&Rule) -> String| rules::RULES.iter().map(|rule| text(rule).len()).max().unwrap_or(0);
    let (names, wide_levels) = (wide(|rule| rule.name.to_owned()), wide(|rule| short_level(rule.level)));
    let mut out = String::new();
    let mut group = None;
    for rule in rules::RULES {
        if group.replace(rule.group).is_some_and(|before| before != rule.group) {
            out.push('\n');
        }
        let name = painted(BOLD, format!("{:names$}", rule.name));
        let level = painted(paint(rule.level), format!("{:wide_levels$}", short_level(rule.level)));
        let _ = writeln!(out, "{name}  {level}  {}", rule.group.name());
        for line in wrapped(rule.summary, LIST - INDENT) {
            let _ = writeln!(out, "{}{}", " ".repeat(INDENT), painted(Style::new().dimmed(), line));
        }
    }
    out
}

/// The levels that a rule's findings can have before settings, the usual one first where the rule says which.
pub(super) fn levels(level: DefaultLevel) -> Vec<Level> {
    match level {
        DefaultLevel::Always(level) => vec![level],
        DefaultLevel::ByCriticality => vec![Level::Error, Level::Warning],
        DefaultLevel::Each(words) => {
            let named = words.split(|c: char| !c.is_alphabetic());
            let levels =
                named.filter_map(|word| [Level::Error, Level::Warning, Level::Info].into_iter().find(|level| level.name() == word));
            distinct(levels)
        }
    }
}

/// The levels alone: `error or warning`.
fn short_level(level: DefaultLevel) -> String {
    levels(level).into_iter().map(Level::name).collect::<Vec<_>>().join(" or ")
}

/// The colour of the highest level that a rule's findings can have.
fn paint(level: DefaultLevel) -> Style {
    let colour = match levels(level).into_iter().max() {
        Some(Level::Error) => AnsiColor::Red,
        Some(Level::Warning) => AnsiColor::Yellow,
        Some(Level::Info) | None => AnsiColor::Cyan,
    };
    colour.on_default()
}

/// A rule's level before settings; two where the process's criticality decides.
fn level(level: DefaultLevel) -> &'static str {
    match level {
        DefaultLevel::Always(level) => level.name(),
        DefaultLevel::ByCriticality => "error or warning",
        DefaultLevel::Each(words) => words,
    }
}

/// Text as it is being laid out.
#[derive(Default)]
struct Writer {
    coloured: bool,
    out: String,
    /// The running text of the paragraph, heading, item or cell that is open.
    inline: String,
    /// What lines begin with: quotes and the indents of items.
    margins: Vec<String>,
    /// The mark of an item whose first line is still to come.
    mark: Option<String>,
    /// The numbers of the lists that are open; none for a list of dots.
    lists: Vec<Option<u64>>,
    /// The code block that is open: its text, and whether it is shown.
    code: Option<(String, bool)>,
    rows: Vec<Vec<String>>,
    link: Option<String>,
    /// Depth inside something that is left out.
    silent: usize,
    headings: usize,
}

impl Writer {
    fn event(&mut self, event: Event<'_>, name: &str) {
        match event {
            Event::Start(Tag::FootnoteDefinition(_) | Tag::HtmlBlock | Tag::MetadataBlock(_)) => self.silent += 1,
            Event::End(TagEnd::FootnoteDefinition | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_)) => self.silent -= 1,
            _ if self.silent > 0 => {}
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag, name),
            Event::Text(text) => match &mut self.code {
                Some((code, _)) => code.push_str(&text),
                None => self.inline.push_str(&text),
            },
            Event::Code(code) => {
                let _ = write!(self.inline, "`{}`", code.replace(' ', "\u{a0}"));
            }
            Event::SoftBreak => self.inline.push(' '),
            Event::HardBreak => self.inline.push('\n'),
            Event::TaskListMarker(done) => self.inline.push_str(if done { "[x] " } else { "[ ] " }),
            Event::Rule => self.block("---\n"),
            Event::Html(_) | Event::InlineHtml(_) | Event::FootnoteReference(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::CodeBlock(kind) => {
                self.paragraph();
                let info = match &kind {
                    CodeBlockKind::Fenced(info) => info.trim().to_owned(),
                    CodeBlockKind::Indented => String::new(),
                };
                let front = matches!(info.as_str(), "page" | "toml page");
                self.code = Some((String::new(), !front));
            }
            Tag::List(number) => {
                self.paragraph();
                self.lists.push(number);
            }
            Tag::Item => {
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                self.margins.push(" ".repeat(mark.len()));
                self.mark = Some(mark);
            }
            Tag::BlockQuote(_) => {
                self.paragraph();
                self.margins.push("> ".to_owned());
            }
            Tag::Link { dest_url, .. } => self.link = Some(dest_url.into_string()).filter(|url| url.contains("://")),
            Tag::TableHead | Tag::TableRow => self.rows.push(Vec::new()),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, name: &str) {
        match tag {
            TagEnd::Heading(level) => {
                let text = std::mem::take(&mut self.inline);
                self.headings += 1;
                if self.headings == 1 && level as usize == 1 {
                    if text.trim().trim_matches('`') != name {
                        self.inline = text;
                        self.paragraph();
                    }
                } else {
                    self.heading(&text, if level as usize <= 2 { '-' } else { '~' });
                }
            }
            TagEnd::Paragraph => self.paragraph(),
            TagEnd::CodeBlock => {
                if let Some((code, true)) = self.code.take() {
                    let mut block = String::new();
                    for line in code.lines() {
                        let line = escape::lines(line);
                        let _ = writeln!(block, "{}", if line.is_empty() { String::new() } else { format!("    {line}") });
                    }
                    self.block(&block);
                }
            }
            TagEnd::Item => {
                self.paragraph();
                self.margins.pop();
                self.mark = None;
            }
            TagEnd::List(_) => {
                self.lists.pop();
                if self.lists.is_empty() {
                    self.gap();
                }
            }
            TagEnd::BlockQuote(_) => {
                self.paragraph();
                self.margins.pop();
            }
            TagEnd::Link => {
                if let Some(url) = self.link.take()
                    && !self.inline.ends_with(&url)
                {
                    let _ = write!(self.inline, " ({url})");
                }
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.inline);
                if let Some(row) = self.rows.last_mut() {
                    row.push(cell);
                }
            }
            TagEnd::Table => self.table(),
            _ => {}
        }
    }

    /// A heading, bold in colour and underlined without.
    fn heading(&mut self, text: &str, line: char) {
        let text = escape::line(text.trim()).into_owned();
        self.gap();
        let _ = match self.coloured {
            true => writeln!(self.out, "{BOLD}{text}{BOLD:#}"),
            false => writeln!(
                self.out,
                "{text}
{}",
                line.to_string().repeat(text.chars().count())
            ),
        };
        self.out.push('\n');
    }

    /// Ends the running text, where there is some.
    fn paragraph(&mut self) {
        let text = std::mem::take(&mut self.inline);
        if text.trim().is_empty() {
            return;
        }
        let margin: usize = self.margins.iter().map(String::len).sum();
        let width = WIDTH.saturating_sub(margin).max(20);
        let lines: Vec<String> = text.trim().lines().flat_map(|line| wrapped(&escape::lines(line), width)).collect();
        self.block(&(lines.join("\n") + "\n"));
    }

    /// Adds lines behind the margins, and an empty line where none is inside a list.
    fn block(&mut self, lines: &str) {
        for line in lines.lines() {
            let mut margin = self.margins.concat();
            if let Some(mark) = self.mark.take() {
                margin.truncate(margin.len() - mark.len());
                margin.push_str(&mark);
            }
            let _ = writeln!(self.out, "{}", format!("{margin}{line}").trim_end());
        }
        let code = lines.starts_with("    ");
        if self.lists.is_empty() || code {
            self.gap();
        }
    }

    /// An empty line, unless there is one.
    fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn table(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let wide = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(wide).collect();
        let mut block = String::new();
        for (index, row) in rows.iter().enumerate() {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
            let _ = writeln!(block, "{}", escape::lines(cells.collect::<Vec<_>>().join("  ").trim_end()));
            if index == 0 {
                let _ = writeln!(block, "{}", widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>().join("  "));
            }
        }
        self.block(&block.replace('\u{a0}', " "));
    }
}

/// A text in lines of at most `width` characters, unless a word is longer. Code keeps together: its spaces come as no-break spaces.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut long = 0;
    for word in text.split([' ', '\t']).filter(|word| !word.is_empty()) {
        let chars = word.chars().count();
        if long > 0 && long + 1 + chars > width {
            lines.push(std::mem::take(&mut line));
            long = 0;
        }
        if long > 0 {
            line.push(' ');
            long += 1;
        }
        line.extend(word.chars().map(|c| if c == '\u{a0}' { ' ' } else { c }));
        long += chars;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::*;
    use crate::check::rules::RULES;

    const PAGE: &str = r#"# missing-takeover

```page
title = "missing-takeover"
```

An automated step has no `takeover`: when the automation stops halfway, nobody has written down how a human **takes over**, and the one on call reads the source of the pipeline instead of a page.

## Examples

Flagged:

````markdown
1. Migrate {#migrate}

   ```step
   actor = "automation"
   ```
````

- first, a [link](../guide/steps.md) and one [outside](https://example.org/a)
  - nested
- second with a very long text that must be wrapped at one hundred columns, and is indented there as its item is

1. one
2. two

| key | means |
|---|---|
| `takeover` | how |

> quoted
"#;

    #[test]
    fn a_page_reads_well_in_a_terminal() {
        assert_data_eq!(
            page("missing-takeover", PAGE, false),
            str![[r#"
missing-takeover (error or warning, coverage)
=============================================

An automated step has no `takeover`: when the automation stops halfway, nobody has written down how
a human takes over, and the one on call reads the source of the pipeline instead of a page.

Examples
--------

Flagged:

    1. Migrate {#migrate}

       ```step
       actor = "automation"
       ```

- first, a link and one outside (https://example.org/a)
  - nested
- second with a very long text that must be wrapped at one hundred columns, and is indented there as
  its item is

1. one
2. two

key         means
----------  -----
`takeover`  how

> quoted

"#]]
        );
    }

    #[test]
    fn headings_are_bold_in_colour() {
        assert_eq!(page("broken-link", "# A link leads nowhere\n\n## Why\n", true).matches("\u{1b}[1m").count(), 2);
    }

    #[test]
    fn without_a_page_the_summary_serves() {
        assert_data_eq!(
            page("broken-anchor", "", false),
            str![[r#"
broken-anchor (error, structure)
================================

A link leads to a page, and to no heading or id on it.

"#]]
        );
    }

    #[test]
    fn front_matter_is_left_out() {
        assert_data_eq!(
            page("broken-anchor", "+++\ntitle = \"x\"\n+++\n# Broken anchor\n\nText.\n", false),
            str![[r#"
broken-anchor (error, structure)
================================

Broken anchor

Text.

"#]]
        );
    }

    #[test]
    fn every_rule_is_listed_with_level_group_and_sentence() {
        let list = list(false);
        for rule in RULES {
            let row = [rule.name]
                .into_iter()
                .chain(short_level(rule.level).split(' '))
                .chain(rule.group.name().split(' '))
                .collect::<Vec<_>>()
                .join(" ");
            assert!(list.lines().any(|line| line.split_whitespace().collect::<Vec<_>>().join(" ") == row), "{row}");
        }
        let words = list.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(RULES.iter().all(|rule| words.contains(rule.summary)));
        assert!(list.lines().all(|line| line.chars().count() <= LIST), "{list}");
        let groups: std::collections::BTreeSet<_> = RULES.iter().map(|rule| rule.group).collect();
        assert_eq!(list.split("\n\n").count(), groups.len());
        assert!(super::list(true).contains("\u{1b}[1mmissing-recovery"));
    }

    #[test]
    fn levels_are_read_from_the_words_of_a_rule() {
        assert_eq!(short_level(DefaultLevel::Each("warning, error where it is past")), "warning or error");
        assert_eq!(short_level(DefaultLevel::ByCriticality), "error or warning");
        assert_eq!(short_level(DefaultLevel::Always(Level::Info)), "info");
    }
}
