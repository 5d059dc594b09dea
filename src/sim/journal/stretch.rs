//! A stretch of a journal: between which numbers, how many, and from which end they are counted.

use crate::base::seq::Seq;

/// A stretch of a journal. Its entries come oldest first, whichever end they are counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Entries with a greater number than this.
    pub after: Seq,
    /// The newest of those with a smaller number than this; where it is `None`, the oldest of all.
    pub before: Option<Seq>,
    /// So many at the most.
    pub limit: usize,
}

impl Stretch {
    /// Its entries, of those that lie within it, oldest first.
    pub(crate) fn pick<T>(self, within: impl DoubleEndedIterator<Item = T>) -> Vec<T> {
        if self.before.is_none() {
            return within.take(self.limit).collect();
        }
        let mut newest: Vec<T> = within.rev().take(self.limit).collect();
        newest.reverse();
        newest
    }
}
