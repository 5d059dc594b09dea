//! Threads, where the system may have none to give.

use std::io;
use std::ops::Deref;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use crate::base::lock::lock;

/// For so long a thread for work that may block waits for more: as long as any program lives. Where the
/// system gives no thread, work waits for one that is there; where none is there, tokio panics.
const KEPT: Duration = Duration::from_hours(10 * 365 * 24);

/// A runtime of more than one thread, whose threads stay.
pub(crate) fn many() -> Builder {
    let mut builder = Builder::new_multi_thread();
    builder.enable_all().thread_keep_alive(KEPT);
    builder
}

/// Begins the first of the threads for work that may block, so that there is one when the system gives
/// no more. As `Builder::build`, it panics where there is none even now.
pub(crate) fn begin_one(runtime: &Runtime) {
    drop(runtime.spawn_blocking(|| ()));
}

/// A runtime that may go away inside another one, where waiting for its threads is not allowed: they end by
/// themselves.
#[derive(Debug)]
pub(crate) struct Apart(
    /// `None` once it goes away.
    Option<Runtime>,
);

impl From<Runtime> for Apart {
    fn from(runtime: Runtime) -> Self {
        Apart(Some(runtime))
    }
}

impl Deref for Apart {
    type Target = Runtime;

    fn deref(&self) -> &Runtime {
        self.0.as_ref().expect("it is there until it goes away")
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

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
