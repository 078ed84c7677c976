//! A comparison for people, at most 100 columns wide: a verdict, which versions, then what changed, section by section.

use std::fmt::Write;

use annotate_snippets::renderer::{AnsiColor, Effects, Style};

use super::sections::{Item, Piece, Section, Tone, hidden, sections};
use super::verdict::{lost, verdict};
use super::{Comparison, Detail, Of, commit, coverage, warning};
use crate::report::escape;
use crate::report::human::BOLD;
use crate::report::summary::counted;

/// Columns of a line.
const WIDTH: usize = 100;
/// Columns before the text of an item: the mark and its word.
const INDENT: usize = 16;
/// Ways back that are named when they are gone.
pub(super) const NAMES: usize = 5;
/// Items of a section that are shown, unless everything is asked for.
const ITEMS: usize = 20;

/// The comparison as text.
pub fn text(comparison: &Comparison<'_>, coloured: bool, detail: Detail) -> String {
    let changes = &comparison.changes;
    let from = format!("`{}` ({})", escape::line(comparison.name), commit(comparison));
    let rows = coverage(changes);
    let total = rows.first().map(|(_, total)| total);
    let verdict = verdict(changes, detail);
    if verdict.is_empty() {
        let covered = total.map_or_else(String::new, |total| format!(" · coverage {}", total.after));
        let warning = warning(comparison).map_or_else(String::new, |warning| format!("note: {warning}\n"));
        return format!("no difference in failure paths between {from} and the work tree{covered}\n{warning}");
    }
    let pen = Pen { coloured };
    let mut out = String::new();
    for (what, ids) in lost(changes) {
        let names: Vec<String> = ids.iter().take(NAMES).map(|id| format!("`{}`", escape::line(id))).collect();
        let more = if ids.len() > NAMES { format!(" and {} more", ids.len() - NAMES) } else { String::new() };
        for line in wrap(&format!("{} {what}: {}{more}", ids.len(), names.join(", ")), WIDTH) {
            let _ = writeln!(out, "{}", pen.toned(&line, Tone::Worse));
        }
    }
    for line in verdict.iter().flat_map(|line| wrap(line, WIDTH)) {
        let _ = writeln!(out, "{}", pen.bold(&line));
    }
    let _ = writeln!(out, "{}", wrap(&format!("from {from} to the work tree"), WIDTH).join("\n"));
    if let Some(total) = total {
        let before = if total.before == total.after { String::new() } else { format!("{} → ", total.before) };
        let _ = writeln!(out, "coverage {before}{}", total.after);
    }
    if let Some(warning) = warning(comparison) {
        let _ = writeln!(out, "note: {warning}");
    }
    for section in sections(changes, detail) {
        draw(&section, pen, detail, &mut out);
    }
    if rows.len() > 1 {
        let _ = writeln!(out, "\n{}", pen.bold("Coverage"));
        let most = if detail == Detail::Full { rows.len() } else { ITEMS };
        let name = |of: &Of| match of {
            Of::All => "in all".to_owned(),
            Of::Class(class) => format!("class {}", escape::line(class)),
            Of::Page(page) => format!("`{}`", escape::line(page)),
        };
        let shown: Vec<(String, &str, &str)> = rows.iter().take(most).map(|(of, row)| (name(of), &*row.before, &*row.after)).collect();
        let width = |of: &dyn Fn(&(String, &str, &str)) -> usize| shown.iter().map(of).max().unwrap_or(0);
        let (first, second) = (width(&|row| row.0.chars().count()), width(&|row| row.1.chars().count()));
        for (name, before, after) in &shown {
            let _ = writeln!(out, "  {name:first$}  {before:second$}  →  {after}");
        }
        more(rows.len() - shown.len(), &mut out);
    }
    match hidden(changes, detail) {
        0 => {}
        number => drop(writeln!(out, "\n{} came or went that the check does not report: `-v` shows them", counted(number, "info"))),
    }
    out
}

fn draw(section: &Section, pen: Pen, detail: Detail, out: &mut String) {
    let _ = writeln!(out, "\n{}", pen.bold(section.title));
    let most = if detail == Detail::Full { section.items.len() } else { ITEMS.min(section.items.len()) };
    for item in &section.items[..most] {
        let Item { mark, word, tone, line, more } = item;
        let head = format!("  {mark} {word:<width$}", width = INDENT - 4);
        for (index, text) in wrap(&plain(line), WIDTH - INDENT).iter().enumerate() {
            let _ = match index {
                0 => writeln!(out, "{}{text}", pen.toned(&head, *tone)),
                _ => writeln!(out, "{:INDENT$}{text}", ""),
            };
        }
        for line in more.iter().flat_map(|line| wrap(&plain(line), WIDTH - INDENT - 2)) {
            let _ = writeln!(out, "{:INDENT$}  {line}", "");
        }
    }
    more(section.items.len() - most, out);
}

fn more(number: usize, out: &mut String) {
    if number > 0 {
        let _ = writeln!(out, "  … and {number} more: `-v` shows them");
    }
}

fn plain(line: &[Piece]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Ours(text) => text.clone(),
        Piece::Code(text) => format!("`{}`", escape::line(text)),
        Piece::Words(text) | Piece::Message(text) | Piece::Place(text) => escape::line(text).into_owned(),
    };
    line.iter().map(piece).collect()
}

/// Breaks a text between words. A word that is wider than the line stays whole.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let columns = word.chars().count();
        match lines.last_mut().filter(|_| used + 1 + columns <= width) {
            Some(line) => {
                line.push(' ');
                line.push_str(word);
                used += 1 + columns;
            }
            None => {
                lines.push(word.to_owned());
                used = columns;
            }
        }
    }
    lines
}

/// Colours, where they are wanted.
#[derive(Clone, Copy)]
struct Pen {
    coloured: bool,
}

impl Pen {
    fn bold(self, text: &str) -> String {
        self.styled(text, BOLD)
    }

    fn toned(self, text: &str, tone: Tone) -> String {
        match tone {
            Tone::Worse => self.styled(text, Style::new().fg_color(Some(AnsiColor::BrightRed.into())).effects(Effects::BOLD)),
            Tone::Better => self.styled(text, Style::new().fg_color(Some(AnsiColor::Green.into()))),
            Tone::Neutral => self.styled(text, Style::new().fg_color(Some(AnsiColor::Yellow.into()))),
        }
    }

    fn styled(self, text: &str, style: Style) -> String {
        if self.coloured { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn lines_break_between_words_and_a_long_word_stays_whole() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("one incomprehensible two", 7), ["one", "incomprehensible", "two"]);
        assert_eq!(wrap("", 7), [""; 0]);
    }
}
