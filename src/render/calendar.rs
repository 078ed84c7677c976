//! The lines of a calendar as RFC 5545 wants them (sections 3.1 and 3.3.11): escaped, folded at 75 octets, each ended by CR LF.

/// Octets of a line, without its end.
const LIMIT: usize = 75;

/// A calendar that is being written.
#[derive(Default)]
pub struct Lines(String);

impl Lines {
    /// A property whose value stands as it is: a date, a URL, a word of the format. Nothing that cannot be seen may be in it.
    pub fn raw(&mut self, property: &str, value: &str) {
        let line = format!("{property}:{value}");
        let mut rest = line.as_str();
        let mut limit = LIMIT;
        loop {
            let end = boundary(rest, limit);
            self.0.push_str(&rest[..end]);
            self.0.push_str("\r\n");
            rest = &rest[end..];
            if rest.is_empty() {
                return;
            }
            // The space that marks a folded line is part of it.
            self.0.push(' ');
            limit = LIMIT - 1;
        }
    }

    /// A property whose value is text. A line break is one in the calendar; nothing else that cannot be seen may be in it.
    pub fn text(&mut self, property: &str, value: &str) {
        let value = value.replace('\\', "\\\\").replace(',', "\\,").replace(';', "\\;").replace('\n', "\\n");
        self.raw(property, &value);
    }

    /// The whole text.
    pub fn into_text(self) -> String {
        self.0
    }
}

/// The last end of a character within so many octets.
fn boundary(text: &str, octets: usize) -> usize {
    (0..=octets.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(property: &str, value: &str) -> String {
        let mut lines = Lines::default();
        lines.text(property, value);
        lines.into_text()
    }

    #[test]
    fn what_means_something_is_escaped() {
        assert_eq!(written("SUMMARY", "a, b; c\\n\nd: \"e\""), "SUMMARY:a\\, b\\; c\\\\n\\nd: \"e\"\r\n");
    }

    #[test]
    fn lines_are_folded_at_75_octets_between_characters() {
        for value in ["x".repeat(67), "x".repeat(68), "x".repeat(141), "x".repeat(142), "x".repeat(1_000), "é手🚀".repeat(100)] {
            let text = written("SUMMARY", &value);
            assert!(text.split_terminator("\r\n").all(|line| (2..=75).contains(&line.len())), "{text}");
            assert_eq!(text.replace("\r\n ", ""), format!("SUMMARY:{value}\r\n"));
        }
        assert_eq!(written("SUMMARY", &"x".repeat(67)).lines().count(), 1);
        assert_eq!(written("SUMMARY", &"x".repeat(68)).lines().count(), 2);
    }
}
