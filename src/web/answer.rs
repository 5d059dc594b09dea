//! What stands behind a listener.

use std::future::Future;

use http::StatusCode;

use super::message::{Request, Response};

/// Answers the requests of one listener.
pub trait Answer: Send + Sync + 'static {
    /// Answers a request that came in whole.
    fn answer(&self, request: Request) -> impl Future<Output = Response> + Send;

    /// Answers a request that broke a limit of the listener; `reason` says which. Its body was not
    /// read.
    fn refuse(&self, request: Request, status: StatusCode, reason: String) -> Response;
}
