//! Work that may block a thread, work that goes on to its end, and waiting for what others do.

use std::any::Any;
use std::pin::pin;

use tokio::sync::Notify;

use crate::contract::reply::{Doing, InternalError};

/// Runs work that takes long on a thread that may block.
///
/// # Errors
/// Where the work could not be run to its end.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, InternalError> {
    let done = one_kind(Box::new(move || Box::new(work()) as Done)).await?;
    let done =
        done.downcast::<T>().map_err(|_| InternalError::new("work ended as other work does"))?;
    Ok(*done)
}

type Done = Box<dyn Any + Send>;

/// All such work is one kind of task to the runtime: each kind of its own is kilobytes of the program.
async fn one_kind(work: Box<dyn FnOnce() -> Done + Send>) -> Result<Done, InternalError> {
    tokio::task::spawn_blocking(work).await.doing("end work that may block")
}

/// Does work to its end, even where nobody waits for it any more.
///
/// # Errors
/// Where it panicked.
pub(crate) async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, InternalError> {
    tokio::spawn(work).await.map_err(InternalError::new)
}

/// Rung whenever something has changed that others may wait for.
#[derive(Debug, Default)]
pub(crate) struct Bell(Notify);

impl Bell {
    pub(crate) fn ring(&self) {
        self.0.notify_waiters();
    }

    /// Waits until it is so, looking each time the bell rings.
    pub(crate) async fn until(&self, is_so: impl Fn() -> bool) {
        loop {
            let mut rung = pin!(self.0.notified());
            // Before the look, so that what happens after it is not missed.
            rung.as_mut().enable();
            if is_so() {
                return;
            }
            rung.await;
        }
    }
}
