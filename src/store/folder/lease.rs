//! The right to a world's files, which ends when the world is deleted.
//!
//! A deleted world may still be in somebody's hands. Its files are under another name by then, and a
//! new world may have its old paths; whoever opens or writes by path holds the lease meanwhile, and
//! finds it ended.

use std::sync::RwLock;

/// Shared by a world's folder and its database.
#[derive(Debug, Default)]
pub struct Lease {
    has_ended: RwLock<bool>,
}

/// The world was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the world was deleted")]
pub struct Ended;

impl Lease {
    /// Does something by path. The lease does not end while it runs. Not to be called within
    /// itself: who waits to end the lease in between would hold up both.
    ///
    /// # Errors
    /// Where the lease has ended.
    pub fn during<T>(&self, work: impl FnOnce() -> T) -> Result<T, Ended> {
        let has_ended = lock::read(&self.has_ended);
        if *has_ended { Err(Ended) } else { Ok(work()) }
    }

    /// Moves the files away, and ends the lease where that succeeded. `None` where it had ended.
    ///
    /// # Errors
    /// What `work` says; the lease goes on then.
    pub fn end<T, E>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<Option<T>, E> {
        let mut has_ended = lock::write(&self.has_ended);
        if *has_ended {
            return Ok(None);
        }
        let done = work()?;
        *has_ended = true;
        Ok(Some(done))
    }
}
use crate::base::lock;
