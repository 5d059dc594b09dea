//! Work that may block a thread.

use crate::contract::reply::{Doing, InternalError};

/// Runs work that takes long on a thread that may block.
///
/// # Errors
/// Where the work could not be run to its end.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, InternalError> {
    tokio::task::spawn_blocking(work).await.doing("end work that may block")
}
