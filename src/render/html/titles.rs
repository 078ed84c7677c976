//! The title of a step that is a list item, taken out of the item's text with its marks.

use super::escape::escape_into;
use super::writer::Writer;

/// The title of a list item that is a step, being taken out of its text.
pub(super) struct Taking {
    pub(super) sink: usize,
    pub(super) rest: Vec<char>,
    pub(super) begun: bool,
    pub(super) inside: usize,
    pub(super) bold: usize,
}

impl Writer<'_, '_> {
    /// Takes what belongs to the step's title out of `text`; the rest is written.
    pub(super) fn take(&mut self, mut taking: Taking, text: &str) {
        if !taking.rest.is_empty() {
            let mut taken = String::new();
            let mut left = text.len();
            for (at, c) in text.char_indices() {
                if !taking.begun && c.is_whitespace() {
                    continue;
                }
                taking.begun = true;
                let wanted = taking.rest.last().copied();
                let same = wanted == Some(c) || (c.is_whitespace() && wanted.is_some_and(char::is_whitespace));
                if !same {
                    // The title is not what the text begins with; what is left of it is not looked for.
                    taking.rest.clear();
                    left = at;
                    break;
                }
                taken.push(c);
                taking.rest.pop();
                if taking.rest.is_empty() {
                    left = at + c.len_utf8();
                    break;
                }
            }
            escape_into(&taken, &mut self.sinks[taking.sink].html);
            let ended = taking.rest.is_empty();
            self.taking = Some(taking);
            if ended && left < text.len() {
                self.after_title(&text[left..]);
            }
            return;
        }
        self.taking = Some(taking);
        self.after_title(text);
    }

    /// Text after the last character of a step's title: what closes the title is dropped.
    pub(super) fn after_title(&mut self, text: &str) {
        let Some(taking) = self.taking.take() else { return };
        if taking.inside > 0 {
            escape_into(text, &mut self.sinks[taking.sink].html);
            self.taking = Some(taking);
            return;
        }
        let rest = text.trim_start_matches(['.', ':', ' ', '\n', '\t']);
        if rest.is_empty() {
            self.taking = Some(taking);
            return;
        }
        let bold = taking.bold > 0;
        if bold {
            // Bold goes on after the title; it is bold in the body no more than the title is.
            self.taking = Some(taking);
        }
        self.put_escaped(rest);
    }
}
