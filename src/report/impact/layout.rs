//! Text in headings, lists and tables of at most 100 columns.

use super::super::escape;
use super::super::explain::wrapped;
use super::super::human::BOLD;

/// Columns of the text.
const WIDTH: usize = 100;
/// Columns of the names at the left of a table, at most; a longer one stands on a line of its own.
const NAMES: usize = 46;
/// How far a text is moved in that stands below its name.
const BELOW: usize = 4;
/// Rows of a table; the JSON has all.
const ROWS: usize = 10;

/// Text as it is laid out.
#[derive(Debug, Default)]
pub struct Layout {
    /// Whether headings are bold.
    pub coloured: bool,
    /// The text so far.
    pub out: String,
}

/// A name and what is said of it.
pub type Row = (String, String);

impl Layout {
    /// A line that stands out.
    pub fn strong(&mut self, indent: &str, text: &str) {
        for line in wrapped(&escape::line(text), WIDTH - indent.len()) {
            let line = if self.coloured { format!("{BOLD}{line}{BOLD:#}") } else { line };
            self.out.push_str(&format!("{indent}{line}\n"));
        }
    }

    /// A heading, with an empty line before it.
    pub fn heading(&mut self, text: &str) {
        self.out.push('\n');
        self.strong("", text);
    }

    /// Running text.
    pub fn lines(&mut self, indent: &str, text: &str) {
        for line in wrapped(&escape::line(text), WIDTH - indent.len()) {
            self.out.push_str(&format!("{indent}{line}\n"));
        }
    }

    /// A table, and how many rows of it are left out.
    pub fn table(&mut self, rows: &[Row]) {
        let shown = &rows[..rows.len().min(ROWS)];
        self.whole_table(shown);
        match rows.len() - shown.len() {
            0 => {}
            more => self.lines("  ", &format!("and {more} more; `--format json` has all")),
        }
    }

    /// A table of which nothing is left out.
    pub fn whole_table(&mut self, rows: &[Row]) {
        let long = rows.iter().map(|(name, _)| escape::line(name).chars().count()).filter(|long| *long <= NAMES).max();
        let wide = long.unwrap_or(NAMES) + 2;
        rows.iter().for_each(|(name, text)| self.row("  ", wide, name, text));
    }

    /// One row, with the text in lines below each other from the column `wide` on. A word that has no room there takes the text with it
    /// below the name.
    pub fn row(&mut self, indent: &str, wide: usize, name: &str, text: &str) {
        let name = escape::line(name);
        let room = WIDTH.saturating_sub(indent.len() + wide).max(20);
        let wrapped = |room: usize| text.lines().flat_map(|line| wrapped(&escape::line(line), room)).collect::<Vec<_>>();
        let mut texts = wrapped(room);
        let fits = texts.iter().all(|text| text.chars().count() <= room);
        let column = if fits { wide } else { BELOW };
        if !fits {
            texts = wrapped(WIDTH - indent.len() - BELOW);
        }
        let beside = fits && name.chars().count() + 2 <= wide && !texts.is_empty();
        let first = if beside { texts.remove(0) } else { String::new() };
        self.out.push_str(format!("{indent}{name:wide$}{first}").trim_end());
        self.out.push('\n');
        texts.iter().for_each(|text| self.out.push_str(&format!("{indent}{:column$}{text}\n", "")));
    }
}

#[cfg(test)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::*;

    #[test]
    fn long_names_and_long_texts_keep_their_columns() {
        let mut layout = Layout::default();
        layout.heading("What stops");
        let row = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        layout.table(&[
            row("Slack", "slack → sso"),
            row("A name that is a good deal too long to stand beside what is said of it", &"word ".repeat(24)),
            row("\u{202e}Control", "two\nlines"),
            row("An id", &format!("{}-down and so on", "the-database-is-".repeat(5))),
        ]);
        assert_data_eq!(
            layout.out,
            str![[r#"

What stops
  Slack            slack → sso
  A name that is a good deal too long to stand beside what is said of it
                   word word word word word word word word word word word word word word word word
                   word word word word word word word word
  /u{202e}Control  two
                   lines
  An id
      the-database-is-the-database-is-the-database-is-the-database-is-the-database-is--down and so
      on

"#]]
        );
    }

    #[test]
    fn a_long_table_says_how_much_is_left_out() {
        let mut layout = Layout::default();
        layout.table(&vec![("a".to_owned(), "b".to_owned()); 12]);
        assert!(layout.out.ends_with("  and 2 more; `--format json` has all\n"), "{}", layout.out);
        assert_eq!(layout.out.lines().count(), 11);
    }
}
