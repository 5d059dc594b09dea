//! The journal of a world in memory: a bounded ring of entries.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::base::limits::{JOURNAL_BYTES_MAX, JOURNAL_PROCESS_BYTES_MAX, JOURNAL_ROWS_MAX};
use crate::base::seq::Seq;
use crate::base::tally;
use crate::base::time::Instant;
use crate::sim::journal::entry::Entry;
use crate::web::stream;

/// Bytes held by all journals of the process together.
#[derive(Clone, Debug, Default)]
pub struct Budget(Arc<AtomicUsize>);

/// A bounded ring of entries.
#[derive(Debug)]
pub(crate) struct Journal {
    entries: VecDeque<Arc<Entry>>,
    bytes: usize,
    budget: Budget,
    /// Entries that had to go to make room.
    evicted: u64,
    lost: Lost,
}

/// What is still known of the entries that had to go to make room and that nobody cleared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lost {
    pub count: u64,
    /// The number of the last of them.
    pub last_seq: Seq,
    /// The latest world time of any of them.
    pub latest: Instant,
}

impl Budget {
    pub fn bytes(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Default for Lost {
    /// None.
    fn default() -> Self {
        Lost { count: 0, last_seq: Seq::NONE, latest: Instant::MIN }
    }
}

impl Lost {
    /// How many of them come after an entry, at the most.
    pub(crate) fn count_after(self, seq: Seq) -> u64 {
        self.last_seq.since(seq).min(self.count)
    }
}

impl Journal {
    pub(crate) fn new(budget: Budget) -> Self {
        Journal { entries: VecDeque::new(), bytes: 0, budget, evicted: 0, lost: Lost::default() }
    }

    /// Adds an entry in its place: behind all with a lower number. Most are the last.
    pub(crate) fn push(&mut self, entry: Entry) {
        let bytes = entry.bytes();
        self.bytes += bytes;
        self.budget.0.fetch_add(bytes, Ordering::Relaxed);
        let n_later = self.entries.iter().rev().take_while(|it| it.seq > entry.seq).count();
        self.entries.insert(self.entries.len() - n_later, Arc::new(entry));
        while self.is_over() && self.entries.len() > 1 {
            if let Some(entry) = self.entries.front() {
                let latest = entry.at.max(self.lost.latest);
                // One that came late may be older than those that went before it.
                let last_seq = entry.seq.max(self.lost.last_seq);
                self.lost = Lost { count: self.lost.count + 1, last_seq, latest };
            }
            self.drop_first();
            self.evicted += 1;
            tally::JOURNAL_EVICTED.add(1);
        }
    }

    fn is_over(&self) -> bool {
        self.entries.len() > JOURNAL_ROWS_MAX
            || self.bytes > JOURNAL_BYTES_MAX
            || self.budget.0.load(Ordering::Relaxed) > JOURNAL_PROCESS_BYTES_MAX
    }

    fn drop_first(&mut self) {
        if let Some(entry) = self.entries.pop_front() {
            self.bytes -= entry.bytes();
            self.budget.0.fetch_sub(entry.bytes(), Ordering::Relaxed);
        }
    }

    pub(crate) fn clear(&mut self) {
        while !self.entries.is_empty() {
            self.drop_first();
        }
        self.lost = Lost::default();
    }

    /// What went to make room since the journal was last cleared.
    pub(crate) fn lost(&self) -> Lost {
        self.lost
    }

    pub(crate) fn evicted(&self) -> u64 {
        self.evicted
    }

    /// Entries after `seq`, oldest first.
    pub(crate) fn after(&self, seq: Seq) -> impl Iterator<Item = &Arc<Entry>> {
        self.within(seq, None)
    }

    /// Entries after one number and before another, oldest first.
    pub(crate) fn within(
        &self,
        after: Seq,
        before: Option<Seq>,
    ) -> impl DoubleEndedIterator<Item = &Arc<Entry>> {
        let start = self.entries.partition_point(|entry| entry.seq <= after);
        let is_before = |entry: &Arc<Entry>| before.is_none_or(|before| entry.seq < before);
        let end = self.entries.partition_point(is_before);
        self.entries.range(start..end.max(start))
    }

    /// Completes the entry of a body that was made while it was sent.
    pub(crate) fn complete(&self, seq: Seq, sent: stream::StreamEnd) {
        if let Some(exchange) = self.get(seq).and_then(|entry| entry.exchange()) {
            exchange.complete(sent);
        }
    }

    pub(crate) fn get(&self, seq: Seq) -> Option<&Arc<Entry>> {
        self.after(seq.previous()?).next().filter(|entry| entry.seq == seq)
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.budget.0.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}
