//! Findings whose help is an edit -> the files with those edits made: `check --fix`.
//!
//! Enters: an analysis, the findings whose patches are wanted, and each file as it lies on disk. Leaves: new texts; BOM, line ends and
//! everything beside the edits stay byte for byte. Absent: reading and writing, and what an edit may be: a patch is certain, or it is none
//! (`finding::Patch`).

use std::collections::BTreeMap;

use anyhow::bail;

use crate::finding::{Finding, Patch};
use crate::parse::{self, Rules};
use crate::pipeline::Analysis;
use crate::settings::{self, Settings};
use crate::source::{PagePath, Source, normal_text};

/// A file with the edits made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The file.
    pub path: PagePath,
    /// The whole file.
    pub text: String,
    /// How many edits were made in it.
    pub edits: usize,
}

/// The files that the patches of some findings change, in path order. What a waiver covers is left alone; of two patches that touch each
/// other the first is made; one after which a file could not be read any more is not. `read` gives a file as it lies on disk.
///
/// Fails where a file is not the one that was analyzed.
pub fn fix(analysis: &Analysis, findings: &[&Finding], read: impl Fn(&PagePath) -> anyhow::Result<String>) -> anyhow::Result<Vec<Fixed>> {
    let mut files: BTreeMap<&PagePath, Vec<&Patch>> = BTreeMap::new();
    for patch in findings.iter().filter(|finding| finding.waived.is_none()).filter_map(|finding| finding.patch.as_ref()) {
        files.entry(&patch.place.path).or_default().push(patch);
    }
    let rules = analysis.handbook.settings.parse_rules();
    let mut fixed = Vec::new();
    for (path, patches) in files {
        let Some(source) = analysis.sources.get(path) else { continue };
        let raw = read(path)?;
        if normal_text(&raw) != *source.text {
            bail!("{path} changed while it was read; run again");
        }
        let edits = readable(source, apart(patches), &rules);
        if !edits.is_empty() {
            fixed.push(Fixed { path: path.clone(), text: spliced(&raw, &edits), edits: edits.len() });
        }
    }
    Ok(fixed)
}

/// The patches of one file in the order of their places, without those that touch the one before.
fn apart(mut patches: Vec<&Patch>) -> Vec<&Patch> {
    patches.sort_by_key(|patch| (patch.place.span, patch.replacement.as_str()));
    let mut apart: Vec<&Patch> = Vec::with_capacity(patches.len());
    for patch in patches {
        if apart.last().is_none_or(|last| last.place.span.end() < patch.place.span.start()) {
            apart.push(patch);
        }
    }
    apart
}

/// All patches, if the file can be read as well as before with them; else those with which it can, taken one after the other.
fn readable<'p>(source: &Source, patches: Vec<&'p Patch>, rules: &Rules) -> Vec<&'p Patch> {
    let before = torn(source, rules);
    let holds = |patches: &[&Patch]| torn(&Source::new(source.path.clone(), &spliced(&source.text, patches)), rules) <= before;
    if holds(&patches) {
        return patches;
    }
    let mut kept: Vec<&Patch> = Vec::new();
    for patch in patches {
        kept.push(patch);
        if !holds(&kept) {
            kept.pop();
        }
    }
    kept
}

/// How many declarations of a file are no TOML.
fn torn(source: &Source, rules: &Rules) -> usize {
    let findings = if source.path == settings::path() { Settings::read(Some(source)).1 } else { parse::parse(source, rules).findings };
    findings.iter().filter(|finding| finding.rule == "invalid-toml").count()
}

/// A file with patches made that lie apart, in order. Their places count in the text as it is read, without BOM and with `\n` for CRLF.
fn spliced(raw: &str, patches: &[&Patch]) -> String {
    let crlf = raw.contains("\r\n");
    let mut text = String::with_capacity(raw.len());
    let (mut kept, mut at) = (0, Raw::new(raw));
    for patch in patches {
        let (start, end) = (at.offset(patch.place.span.start()), at.offset(patch.place.span.end()));
        text.push_str(&raw[kept..start]);
        text.push_str(&if crlf { patch.replacement.replace('\n', "\r\n") } else { patch.replacement.clone() });
        kept = end;
    }
    text.push_str(&raw[kept..]);
    text
}

/// Goes along a file as it lies on disk and counts the bytes of the text as it is read.
struct Raw<'t> {
    raw: &'t str,
    /// Bytes of the file, and of the text, that lie behind.
    behind: (usize, usize),
}

impl<'t> Raw<'t> {
    fn new(raw: &'t str) -> Self {
        let bom = if raw.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { raw, behind: (bom, 0) }
    }

    /// Where a byte of the text lies in the file. Asked for in ascending order.
    fn offset(&mut self, wanted: usize) -> usize {
        let (mut file, mut text) = self.behind;
        let mut characters = self.raw[file..].chars().peekable();
        while text < wanted {
            let Some(character) = characters.next() else { break };
            file += character.len_utf8();
            text += match character {
                '\r' if characters.peek() == Some(&'\n') => 0,
                '\0' => '\u{fffd}'.len_utf8(),
                other => other.len_utf8(),
            };
        }
        self.behind = (file, text);
        file
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Place;
    use crate::source::Span;
    use proptest::prelude::*;

    fn patch(span: Span, replacement: &str) -> Patch {
        Patch { place: Place::new(&PagePath::new("content/a.md"), span), replacement: replacement.to_owned() }
    }

    #[test]
    fn of_two_patches_that_touch_each_other_the_first_is_made() {
        let (first, touches, apart_from_both) = (patch(Span::new(0, 4), "a"), patch(Span::new(4, 6), "b"), patch(Span::new(7, 9), "c"));
        assert_eq!(apart(vec![&apart_from_both, &touches, &first]), [&first, &apart_from_both]);
    }

    #[test]
    fn a_file_keeps_its_mark_and_its_line_ends() {
        let raw = "\u{feff}one\r\ntwo\r\nthree\r\n";
        let text = normal_text(raw);
        let at = |word: &str| text.find(word).map(|start| Span::new(start, start + word.len())).expect("the word");
        let edits = [patch(at("two"), "2\n2"), patch(at("three"), "3")];
        assert_eq!(spliced(raw, &edits.iter().collect::<Vec<_>>()), "\u{feff}one\r\n2\r\n2\r\n3\r\n");
    }

    proptest! {
        #[test]
        fn an_edit_of_the_file_is_an_edit_of_the_text(
            pieces in prop::collection::vec(prop::sample::select(vec!["a", "é", "\r\n", "\n", "\r", "\0", " "]), 0..20),
            bom in any::<bool>(),
            one in 0_usize..40,
            length in 0_usize..6,
        ) {
            let raw = format!("{}{}", if bom { "\u{feff}" } else { "" }, pieces.concat());
            let text = normal_text(&raw).into_owned();
            let floor = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let edit = patch(Span::new(floor(one), floor(one + length)), "x");
            let expected = format!("{}x{}", &text[..edit.place.span.start()], &text[edit.place.span.end()..]);
            let edited = spliced(&raw, &[&edit]);
            prop_assert_eq!(normal_text(&edited).into_owned(), expected);
        }
    }
}
