//! A list whose copies share their members: what two versions of a handbook have in common is there once, and a copy costs no text.

use std::ops::Index;
use std::sync::Arc;

/// A list of things that nobody changes.
#[derive(Debug, PartialEq, Eq)]
pub struct Shared<T>(Vec<Arc<T>>);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Shared<T> {
    /// All members, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator + Clone {
        self.0.iter().map(|member| &**member)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A member; nothing beyond the last.
    pub fn get(&self, index: usize) -> Option<&T> {
        self.0.get(index).map(|member| &**member)
    }

    /// The same list with other members at some places of it.
    #[must_use]
    pub fn with(&self, others: impl IntoIterator<Item = (usize, T)>) -> Self {
        let mut members = self.0.clone();
        for (index, member) in others {
            if let Some(place) = members.get_mut(index) {
                *place = Arc::new(member);
            }
        }
        Self(members)
    }
}

impl<T> Index<usize> for Shared<T> {
    type Output = T;

    fn index(&self, index: usize) -> &T {
        &self.0[index]
    }
}

impl<T> FromIterator<T> for Shared<T> {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        Self(members.into_iter().map(Arc::new).collect())
    }
}
