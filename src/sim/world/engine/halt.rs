//! Why long work ends before its end, and how it is told.
//!
//! A flag is looked at between two firings, and by SQLite every so many steps of a long statement.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use rusqlite::Connection;

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
    Storage(#[source] StorageTrouble),
}

/// Work that stopped before its end, and left all as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}; nothing was changed")]
pub(crate) struct Stopped(#[source] pub(crate) Halt);

/// Steps of SQLite's between two looks whether to stop: some hundred microseconds.
const STEPS_PER_LOOK: i32 = 10_000;

/// Tells work to stop; it stays told. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    own: Arc<AtomicU8>,
    /// Told as well when this one is.
    outer: Option<Arc<AtomicU8>>,
}

/// What can be told, by the number that it is told with.
const REASONS: [Halt; 3] = [Halt::Stopping, Halt::Deleted, Halt::Gone];

impl Stop {
    /// Has the work stop. The first reason counts.
    pub(crate) fn tell(&self, why: &Halt) {
        let number = REASONS.iter().zip(1..).find_map(|(it, number)| (it == why).then_some(number));
        if let Some(number) = number {
            // Where another was told before, that one stays.
            let _ = self.own.compare_exchange(0, number, Ordering::AcqRel, Ordering::Acquire);
        }
    }

    /// Why the work is to stop; `None` while it is not.
    pub(crate) fn told(&self) -> Option<Halt> {
        let told = |flag: &AtomicU8| {
            let idx = usize::from(flag.load(Ordering::Acquire)).checked_sub(1)?;
            REASONS.get(idx).cloned()
        };
        told(&self.own).or_else(|| told(self.outer.as_ref()?))
    }

    /// A flag that is told when this one is, or `outer`.
    #[must_use]
    pub(crate) fn within(&self, outer: &Stop) -> Stop {
        Stop { own: Arc::clone(&self.own), outer: Some(Arc::clone(&outer.own)) }
    }

    /// Has SQLite end a long statement on this connection soon after it is told.
    pub(crate) fn watch(&self, db: &mut Connection) -> rusqlite::Result<()> {
        let stop = self.clone();
        db.progress_handler(STEPS_PER_LOOK, Some(move || stop.told().is_some()))
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
