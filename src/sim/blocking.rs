//! Work that may block a thread, and work that goes on to its end.

use crate::contract::reply::{Doing, InternalError};

/// Runs work that takes long on a thread that may block.
///
/// # Errors
/// Where the work could not be run to its end.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, InternalError> {
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
