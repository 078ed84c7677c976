//! A comparison as a comment on a pull request. The first line is hidden and names the comment, so that the next one can replace it.
//!
//! Titles, reasons and ids are text of strangers: what could be markup, a mention, a reference or a link stands in code spans, where
//! GitHub sees none of these.

use super::human::NAMES;
use super::sections::{Item, Piece, Section, hidden, sections};
use super::verdict::{lost, verdict};
use super::{Comparison, Detail, Of, commit, coverage, warning};
use crate::compare::Change;
use crate::report::escape;
use crate::report::summary::counted;

/// The line by which the comment is found again.
const NAME: &str = "<!-- forewarn diff -->\n";
/// Characters of a comment, below the 65 536 that GitHub takes.
const LIMIT: usize = 60_000;
/// Characters kept for what stands below the last item: ends of lists, the closing line.
const RESERVE: usize = 4_000;
/// Items of a section, and rows of the table, that are not folded away.
const OPEN: usize = 10;

/// The comparison as Markdown.
pub fn text(comparison: &Comparison<'_>, detail: Detail) -> String {
    let changes = &comparison.changes;
    let from = format!("{} ({})", code(comparison.name), commit(comparison));
    let rows = coverage(changes);
    let mut out = Limited { text: NAME.to_owned(), characters: NAME.len() };
    let verdict = verdict(changes, detail);
    if verdict.is_empty() {
        let covered = rows.first().map_or_else(String::new, |(_, total)| format!(", coverage {}", total.after));
        out.push(&format!("No difference in failure paths since {from}{covered}.\n"));
        out.warn(comparison);
        return out.text;
    }
    out.push("### Failure paths\n");
    for (what, ids) in lost(changes) {
        let names: Vec<String> = ids.iter().take(NAMES).map(|id| code(id)).collect();
        let more = if ids.len() > NAMES { format!(" and {} more", ids.len() - NAMES) } else { String::new() };
        out.push(&format!("\n> [!CAUTION]\n> **{} {what}:** {}{more}\n", ids.len(), names.join(", ")));
    }
    let lines: Vec<String> = verdict.iter().map(|line| format!("**{}**", capital(line))).collect();
    out.push(&format!("\n{}\\\nsince {from}\n", lines.join("\\\n")));
    out.warn(comparison);
    let row = |(of, row): &(Of, Change<String>)| {
        let name = match of {
            Of::All => "in all".to_owned(),
            Of::Class(class) => format!("class {}", cell(class)),
            Of::Page(page) => cell(page),
        };
        format!("| {name} | {} | {} |\n", row.before, row.after)
    };
    let lines: Vec<String> = rows.iter().map(row).collect();
    let table = |lines: &[String]| format!("\n| coverage | before | after |\n|---|---|---|\n{}", lines.concat());
    out.push(&table(&lines[..lines.len().min(OPEN)]));
    for section in sections(changes, detail) {
        draw(&section, &mut out);
    }
    if lines.len() > OPEN && out.fold(lines.len() - OPEN, "more rows of coverage") {
        out.push("\n| coverage | before | after |\n|---|---|---|\n");
        let left = lines[OPEN..].iter().skip_while(|line| out.try_push(line)).count();
        out.unfold(left);
    }
    match hidden(changes, detail) {
        0 => {}
        number => out.push(&format!("\n{} came or went that the check does not report.\n", capital(&counted(number, "info")))),
    }
    out.text
}

fn draw(section: &Section, out: &mut Limited) {
    out.push(&format!("\n#### {}\n\n", section.title));
    let open = section.items.len().min(OPEN);
    let mut left = section.items[..open].iter().skip_while(|item| out.try_push(&one(item))).count();
    let folded = &section.items[open..];
    if left == 0 && !folded.is_empty() && out.fold(folded.len(), "more") {
        out.push("\n");
        let left = folded.iter().skip_while(|item| out.try_push(&one(item))).count();
        out.unfold(left);
    } else {
        left += folded.len();
        if left > 0 {
            out.push(&format!("- and {left} more\n"));
        }
    }
}

/// A text that does not grow beyond what a comment holds.
struct Limited {
    text: String,
    characters: usize,
}

impl Limited {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.characters += text.chars().count();
    }

    /// Adds a text where there is room for it.
    fn try_push(&mut self, text: &str) -> bool {
        let fits = self.characters + text.chars().count() + RESERVE <= LIMIT;
        if fits {
            self.push(text);
        }
        fits
    }

    fn fold(&mut self, number: usize, what: &str) -> bool {
        self.try_push(&format!("\n<details><summary>{number} {what}</summary>\n"))
    }

    fn unfold(&mut self, left: usize) {
        if left > 0 {
            self.push(&format!("\nand {left} more\n"));
        }
        self.push("\n</details>\n");
    }

    fn warn(&mut self, comparison: &Comparison<'_>) {
        if let Some(warning) = warning(comparison) {
            self.push(&format!("\n{}.\n", capital(&warning)));
        }
    }
}

fn one(item: &Item) -> String {
    let more: String = item.more.iter().map(|line| format!("\\\n  {}", marked(line))).collect();
    format!("- **{}** {}{more}\n", item.word, marked(&item.line))
}

fn marked(line: &[Piece]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Ours(text) => text.clone(),
        Piece::Code(text) | Piece::Place(text) => code(text),
        Piece::Words(text) | Piece::Message(text) => message(text),
    };
    line.iter().map(piece).collect()
}

/// A code span: nothing in it is markup.
fn code(text: &str) -> String {
    let text = escape::line(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    match text.trim() {
        "" => "` `".to_owned(),
        _ if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) => format!("{fence} {text} {fence}"),
        _ => format!("{fence}{text}{fence}"),
    }
}

/// A code span in a table, where a bar would end the cell.
fn cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// A text whose author meant code by backticks: what stands in them becomes a code span, and so does every word that could be more than
/// a word. Where the backticks are not in pairs, that is as safe.
fn message(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(index, part)| if index % 2 == 1 { code(part) } else { words(part) }).collect()
}

/// A text in which every word that could be more than a word stands in a code span.
fn words(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let runs = words.chunk_by(|a, b| is_plain(a) == is_plain(b)).map(|run| {
        let text = run.join(" ");
        if run.first().is_some_and(|word| is_plain(word)) { text } else { code(&text) }
    });
    runs.collect::<Vec<_>>().join(" ")
}

/// Whether a word is letters and digits with such punctuation as never means anything to GitHub within a line: no markup, mention,
/// reference, emoji or address.
fn is_plain(word: &str) -> bool {
    const HARMLESS: &str = "'\"’“”„«»-–—.,;?!%()/+=→…";
    let word = word.strip_suffix(':').unwrap_or(word);
    let harmless = |c: char| c.is_alphanumeric() && !crate::portable::is_invisible(c) || HARMLESS.contains(c);
    let is_hash = word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit()) && word.bytes().any(|byte| byte.is_ascii_digit());
    let lower = word.to_ascii_lowercase();
    word.chars().all(harmless) && !is_hash && !lower.contains("gh-") && !lower.contains("www.")
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::{cell, code, message, words};

    #[test]
    fn a_code_span_holds_anything() {
        assert_eq!(code("deploy#x"), "`deploy#x`");
        assert_eq!(code("a ``b`"), "``` a ``b` ```");
        assert_eq!(code(" "), "` `");
        assert_eq!(code("a\nb"), "`a\\nb`");
        assert_eq!(cell("a|b"), "`a\\|b`");
    }

    #[test]
    fn no_word_of_a_stranger_is_markup_a_mention_a_reference_or_a_link() {
        assert_eq!(words("The migration stops halfway."), "The migration stops halfway.");
        assert_eq!(words("ask @octocat in #12, GH-12 or org/repo#3"), "ask `@octocat` in `#12, GH-12` or `org/repo#3`");
        assert_eq!(words("<img src=x> **loud** [a](b) www.example.org"), "`<img src=x> **loud** [a](b) www.example.org`");
        assert_eq!(words("a https://x.example :tada: 1234567 $x$ ~~y~~ a_b"), "a `https://x.example :tada: 1234567 $x$ ~~y~~ a_b`");
        assert_eq!(words("(WWW.x.example) &amp; e.g. this, that: 3/4"), "`(WWW.x.example) &amp;` e.g. this, that: 3/4");
        assert_eq!(words(""), "");
    }

    #[test]
    fn the_names_in_a_message_become_code_whatever_they_hold() {
        assert_eq!(message("failure mode `A | b` has no recovery"), "failure mode `A | b` has no recovery");
        assert_eq!(message("step `@all ` ` <b>` goes <i>"), "step ` @all  ` `  <b> ` goes `<i>`");
    }
}
