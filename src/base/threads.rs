//! Threads, where the system may have none to give.

use std::io;
use std::sync::Mutex;
use std::thread;

use crate::base::lock::lock;

/// Whether the system gives so many threads beside those that are there. Asked before a runtime is made: one
/// that gets some of its threads and not all of them waits for ever for those that it has got.
///
/// # Errors
/// Where it does not.
pub(crate) fn are_to_be_had(count: usize) -> io::Result<()> {
    let gate = Mutex::new(());
    thread::scope(|scope| {
        // None of them ends before all are there.
        let closed = lock(&gate);
        let begun: io::Result<Vec<_>> = (0..count)
            .map(|_| thread::Builder::new().spawn_scoped(scope, || drop(lock(&gate))))
            .collect();
        drop(closed);
        for thread in begun? {
            // It does nothing that could panic.
            let _ = thread.join();
        }
        Ok(())
    })
}
