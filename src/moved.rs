//! Where two versions of one text differ, and where everything around that has moved to.
//!
//! Enters: two texts, and places that are known in both. Leaves: the place in the new text of a place in the old one. Absent: what the
//! texts mean.

use std::collections::HashMap;

use crate::source::Span;

/// The one stretch in which two texts differ: what is before it, and what is after it, is the same in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    start: usize,
    old_end: usize,
    new_end: usize,
}

impl Difference {
    /// The smallest stretch, found from both ends, in bytes.
    pub fn between(old: &str, new: &str) -> Self {
        let (old, new) = (old.as_bytes(), new.as_bytes());
        let start = old.iter().zip(new).take_while(|(old, new)| old == new).count();
        let (old_rest, new_rest) = (&old[start..], &new[start..]);
        let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(old, new)| old == new).count();
        Self { start, old_end: old.len() - end, new_end: new.len() - end }
    }

    /// Whether a place in the old text can be this one in the new text. Where something was put in at the very place, both sides of it can.
    fn admits(&self, old: usize, new: usize) -> bool {
        (old <= self.start && new == old) || (old >= self.old_end && new == old - self.old_end + self.new_end)
    }

    /// Where a place in the old text must be in the new one; nothing where it was changed, or could be either side of the change.
    fn place(&self, old: usize) -> Option<usize> {
        match () {
            () if old < self.start => Some(old),
            () if old > self.old_end => Some(old - self.old_end + self.new_end),
            () => None,
        }
    }
}

/// The places of one text in another version of it.
#[derive(Clone, Debug)]
pub struct Moved {
    difference: Difference,
    known: HashMap<Span, Span>,
}

impl Moved {
    /// The places of two readings, in the same order; nothing where a place of one cannot be that of the other.
    pub fn new(difference: Difference, old: &[Span], new: &[Span]) -> Option<Self> {
        let pairs = || old.iter().copied().zip(new.iter().copied());
        let all = old.len() == new.len()
            && pairs().all(|(old, new)| difference.admits(old.start(), new.start()) && difference.admits(old.end(), new.end()));
        if !all {
            return None;
        }
        let mut known: HashMap<Span, Span> = HashMap::with_capacity(old.len());
        for (old, new) in pairs() {
            // Two things at one place that are at two places now: whoever speaks of the place may mean either.
            if *known.entry(old).or_insert(new) != new {
                return None;
            }
        }
        Some(Self { difference, known })
    }

    /// Where a place of the old text is now; nothing where that cannot be said.
    pub fn span(&self, old: Span) -> Option<Span> {
        let by_itself = || Some(Span::new(self.difference.place(old.start())?, self.difference.place(old.end())?));
        self.known.get(&old).copied().or_else(by_itself)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pair = ((usize, usize), (usize, usize));

    fn moved(old: &str, new: &str, pairs: &[Pair]) -> Option<Moved> {
        let span = |(start, end)| Span::new(start, end);
        let (before, after): (Vec<Span>, Vec<Span>) = pairs.iter().map(|(old, new)| (span(*old), span(*new))).unzip();
        Moved::new(Difference::between(old, new), &before, &after)
    }

    #[test]
    fn what_is_after_the_difference_moves_and_what_is_before_stays() {
        let moved = moved("one two three", "one and two three", &[]).unwrap();
        assert_eq!(moved.span(Span::new(0, 3)), Some(Span::new(0, 3)));
        assert_eq!(moved.span(Span::new(8, 13)), Some(Span::new(12, 17)));
        assert_eq!(moved.span(Span::new(0, 13)), Some(Span::new(0, 17)));
    }

    #[test]
    fn what_was_changed_has_no_place_of_its_own() {
        let moved = moved("one two three", "one 2 three", &[]).unwrap();
        assert_eq!(moved.span(Span::new(4, 7)), None);
        assert_eq!(moved.span(Span::new(0, 3)), Some(Span::new(0, 3)));
    }

    #[test]
    fn known_places_say_what_an_addition_at_their_edge_belongs_to() {
        // "ab" is put after "one": whether it belongs to the first word, the readings say.
        assert_eq!(moved("one", "oneab", &[]).unwrap().span(Span::new(0, 3)), None);
        assert_eq!(moved("one", "oneab", &[((0, 3), (0, 5))]).unwrap().span(Span::new(0, 3)), Some(Span::new(0, 5)));
        assert_eq!(moved("one", "oneab", &[((0, 3), (0, 3))]).unwrap().span(Span::new(0, 3)), Some(Span::new(0, 3)));
        assert!(moved("one", "oneab", &[((0, 3), (0, 4))]).is_none());
        assert!(moved("one", "oneab", &[((0, 3), (0, 3)), ((0, 3), (0, 5))]).is_none());
    }
}
