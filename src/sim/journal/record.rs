//! Journal entries as they are read, whichever journal they come from: typed ones out of memory, or
//! JSON out of a world's file, which was masked when it was written.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use crate::sim::journal::entry::Entry;
use crate::sim::journal::ring::Lost;

/// One entry.
#[derive(Clone, Debug)]
pub(crate) enum Record {
    Kept(Arc<Entry>),
    Written(Value),
}

/// What looks through a journal from its beginning on.
pub(crate) trait Walk {
    /// The last entry that was taken; 0 before the first.
    fn last_seq(&self) -> u64;

    /// Takes note of what went to make room, before the entries behind it are taken.
    fn lost(&mut self, lost: Lost);

    /// Takes the next entry.
    fn take(&mut self, world: &str, record: &Record);
}

impl Record {
    pub(crate) fn seq(&self) -> u64 {
        match self {
            Record::Kept(entry) => entry.seq,
            Record::Written(entry) => entry["seq"].as_u64().unwrap_or(0),
        }
    }

    /// The vendor and the operation, for a count of what there is.
    pub(crate) fn names(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Record::Kept(entry) => (entry.vendor(), entry.operation()),
            Record::Written(entry) => (entry["vendor"].as_str(), entry["operation"].as_str()),
        }
    }

    /// The entry with as much as is known, for looking at; never to be shown.
    pub(crate) fn unmasked(&self, world: &str) -> Cow<'_, Value> {
        match self {
            Record::Kept(entry) => Cow::Owned(entry.render(world, true)),
            Record::Written(entry) => Cow::Borrowed(entry),
        }
    }
}
