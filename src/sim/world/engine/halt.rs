//! Why long work ends before its end, and how it is told.
//!
//! A flag is looked at between two firings, and by SQLite every so many steps of a long statement.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::store::folder::trouble::StorageTrouble;

/// Why work stopped. What was done before is whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Halt {
    #[error("the program stops")]
    Stopping,
    #[error("the world was deleted")]
    Deleted,
    #[error("who asked for it has gone away")]
    Gone,
    #[error("{0}")]
    Storage(StorageTrouble),
}

/// Tells work to stop; it stays told. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop(Arc<AtomicU8>);

/// What can be told, by the number that it is told with.
const REASONS: [Halt; 3] = [Halt::Stopping, Halt::Deleted, Halt::Gone];

impl Stop {
    /// Has the work stop. The first reason counts.
    pub(crate) fn tell(&self, why: &Halt) {
        let number = REASONS.iter().zip(1..).find_map(|(it, number)| (it == why).then_some(number));
        if let Some(number) = number {
            // Where another was told before, that one stays.
            let _ = self.0.compare_exchange(0, number, Ordering::AcqRel, Ordering::Acquire);
        }
    }

    /// Why the work is to stop; `None` while it is not.
    pub(crate) fn told(&self) -> Option<Halt> {
        let number = self.0.load(Ordering::Acquire);
        let idx = usize::from(number).checked_sub(1)?;
        REASONS.get(idx).cloned()
    }
}

/// Tells work to stop when who waits for it goes away.
#[derive(Debug, Default)]
pub(crate) struct StopWhenGone(pub(crate) Stop);

impl Drop for StopWhenGone {
    fn drop(&mut self) {
        self.0.tell(&Halt::Gone);
    }
}
