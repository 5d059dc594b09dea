//! What looks through a journal from its beginning on, whichever journal it is.

use crate::base::seq::Seq;
use crate::sim::journal::entry::Entry;
use crate::sim::journal::ring::Lost;

/// What looks through a journal from its beginning on.
pub(crate) trait Walk {
    /// The last entry that was taken; 0 before the first.
    fn last_seq(&self) -> Seq;

    /// Takes note of what went to make room, before the entries behind it are taken.
    fn lost(&mut self, lost: Lost);

    /// Takes the next entry.
    fn take(&mut self, entry: &Entry);
}
