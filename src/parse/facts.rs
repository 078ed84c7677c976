//! What model and check read of a page, and whether two versions of it say the same.
//!
//! Of a [`Document`] they read everything but the shape of the Markdown, and of that the links. Prose stands in no document; so most of
//! what one writes changes no fact, and moves some.
//!
//! Enters: two readings of a page. Leaves: where the places of the old one are in the new one, if that is all that differs.

use std::hash::{Hash, Hasher};

use crate::moved::{Difference, Moved};
use crate::source::Span;

use super::Document;
use super::outline::Outline;

/// Where the places of a page have moved to, if both readings give the same facts.
pub fn moved(old: &Document, old_text: &str, new: &Document, new_text: &str) -> Option<Moved> {
    let (before, after) = (Facts::of(old), Facts::of(new));
    (before.said == after.said).then(|| Moved::new(Difference::between(old_text, new_text), &before.places, &after.places)).flatten()
}

/// Everything that a value feeds to a hasher, kept apart: places, and all else. Two values of a type that derives [`Hash`] feed the same
/// only if they are the same.
#[derive(Default)]
struct Facts {
    said: Vec<u8>,
    places: Vec<Span>,
}

impl Facts {
    fn of(document: &Document) -> Self {
        let mut facts = Self::default();
        // No `..`: whoever adds something to a document decides here whether model and check read it.
        let Document {
            path,
            id,
            explicit_id,
            front,
            title,
            page_heading,
            title_heading,
            unknown_kind,
            body,
            outline: Outline { headings: _, lists: _, fences: _, links, raw_html: _, blocks: _, footnotes: _, too_deep },
            raw_ids,
            raw_links,
            foreign,
            anchors,
            blocks,
            tracks,
            failures,
            findings,
        } = document;
        (path, id, explicit_id, front, title, page_heading, title_heading, unknown_kind).hash(&mut facts);
        (body, links, too_deep, raw_ids, raw_links, foreign, anchors, blocks, tracks, failures, findings).hash(&mut facts);
        facts
    }
}

impl Hasher for Facts {
    fn finish(&self) -> u64 {
        0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.said.extend_from_slice(bytes);
    }

    /// A [`Span`], which is the only thing that comes this way.
    fn write_i128(&mut self, span: i128) {
        let (start, end) = ((span >> 64) as u64 as usize, span as u64 as usize);
        self.places.push(Span::new(start, end));
    }
}

#[cfg(test)]
mod tests {
    use crate::parse;
    use crate::settings::Settings;
    use crate::source::{PagePath, Source};

    use super::*;

    const PAGE: &str = "+++\nkind = \"process\"\n[context]\nintent = \"So that it is done.\"\n+++\n# Deploy\n\nSome words.\n\n## Steps\n\n\
        ### Build it\n\n```step\nminutes = 5\n```\n\nMore words.\n\n```failure\ntitle = \"It breaks\"\nclass = \"technical\"\n```\n\nAt the end, see [the rest](rest.md).\n";

    fn read(text: &str) -> Document {
        parse::parse(&Source::new(PagePath::new("content/deploy.md"), text), &Settings::default().parse_rules())
    }

    fn change(from: &str, to: &str) -> Option<Moved> {
        assert!(PAGE.contains(from), "{from}");
        let text = PAGE.replace(from, to);
        moved(&read(PAGE), PAGE, &read(&text), &text)
    }

    #[test]
    fn prose_is_no_fact() {
        for (from, to) in
            [("Some words.", "Other words, and more of them."), ("More words.", "More words.\n\nA paragraph."), ("Some words.\n\n", "")]
        {
            let text = PAGE.replace(from, to);
            let moved = change(from, to).unwrap_or_else(|| panic!("{from} → {to}"));
            let (old, new) = (read(PAGE), read(&text));
            assert_eq!(moved.span(old.failures[0].place), Some(new.failures[0].place));
            assert_eq!(moved.span(old.outline.links[0].span), Some(new.outline.links[0].span));
        }
        let text = format!("{PAGE}\n\na word\n");
        assert!(moved(&read(PAGE), PAGE, &read(&text), &text).is_some());
    }

    #[test]
    fn everything_else_is() {
        for (from, to) in [
            ("minutes = 5", "minutes = 6"),
            ("So that it is done.", "So that it is well done."),
            ("### Build it", "### Build"),
            ("It breaks", "It burns"),
            ("rest.md", "other.md"),
            ("# Deploy", "# Ship"),
            ("More words.", "#### A heading"),
            ("More words.", "[more](more.md)"),
            ("class = \"technical\"\n", ""),
            ("minutes = 5", "minutes = 5\nminuets = 5"),
        ] {
            assert!(change(from, to).is_none(), "{from} → {to}");
        }
    }
}
