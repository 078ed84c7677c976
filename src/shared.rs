//! A list whose copies share their members: what two versions of a handbook have in common is there once, and a copy of a long list costs
//! little.

use std::ops::Index;
use std::sync::Arc;

/// Members that go together: a copy of the list touches none of them, and another list with one other member copies these.
const RUN: usize = 256;

/// A list of things that nobody changes.
#[derive(Debug, PartialEq, Eq)]
pub struct Shared<T> {
    /// Runs of [`RUN`] members; the last may be shorter.
    runs: Vec<Arc<[Arc<T>]>>,
    length: usize,
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self { runs: self.runs.clone(), length: self.length }
    }
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self { runs: Vec::new(), length: 0 }
    }
}

impl<T> Shared<T> {
    /// All members, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator + Clone {
        (0..self.length).map(|index| &self[index])
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// A member; nothing beyond the last.
    pub fn get(&self, index: usize) -> Option<&T> {
        self.runs.get(index / RUN)?.get(index % RUN).map(|member| &**member)
    }

    /// Where a member stands in a list that is sorted as `order` says.
    pub fn find(&self, order: impl Fn(&T) -> std::cmp::Ordering) -> Option<usize> {
        let (mut low, mut high) = (0, self.length);
        while low < high {
            let middle = low + (high - low) / 2;
            match order(&self[middle]) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }

    /// The same list with other members at some places of it.
    #[must_use]
    pub fn with(&self, others: impl IntoIterator<Item = (usize, T)>) -> Self {
        let mut runs = self.runs.clone();
        for (index, member) in others {
            if let Some(place) = runs.get_mut(index / RUN).and_then(|run| Arc::make_mut(run).get_mut(index % RUN)) {
                *place = Arc::new(member);
            }
        }
        Self { runs, length: self.length }
    }
}

impl<T> Index<usize> for Shared<T> {
    type Output = T;

    fn index(&self, index: usize) -> &T {
        &self.runs[index / RUN][index % RUN]
    }
}

impl<T> FromIterator<T> for Shared<T> {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        members.into_iter().map(Arc::new).collect()
    }
}

impl<T> FromIterator<Arc<T>> for Shared<T> {
    fn from_iter<I: IntoIterator<Item = Arc<T>>>(members: I) -> Self {
        let members: Vec<Arc<T>> = members.into_iter().collect();
        Self { runs: members.chunks(RUN).map(Arc::from).collect(), length: members.len() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_member_leaves_all_others_where_they_are() {
        let list: Shared<usize> = (0..1000).collect();
        let other = list.with([(300, 7), (999, 8), (1000, 9)]);
        assert_eq!((list[300], other[300], other[999], other.len()), (300, 7, 8, 1000));
        let expected: Vec<usize> = (0..1000)
            .map(|n| {
                if n == 300 {
                    7
                } else if n == 999 {
                    8
                } else {
                    n
                }
            })
            .collect();
        assert_eq!(other.iter().copied().collect::<Vec<_>>(), expected);
        assert!(std::ptr::eq(&list[301], &other[301]));
        assert_eq!((list.get(999), list.get(1000)), (Some(&999), None));
        assert_eq!((list.find(|n| n.cmp(&511)), list.find(|n| n.cmp(&1000))), (Some(511), None));
        assert_eq!(list.iter().next_back(), Some(&999));
    }
}
