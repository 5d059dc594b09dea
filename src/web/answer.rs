//! What stands behind a listener.

use std::future::Future;
use std::time::Duration;

use http::StatusCode;

use crate::base::limits::FAULT_DELAY_MAX;
use crate::web::delivery::Delivery;
use crate::web::handshake::FailedHandshake;
use crate::web::message::{Request, Response};
use crate::web::stream::Chunks;
use crate::web::via::{Lead, Via};

/// An answer on its way out.
#[derive(Debug)]
pub struct Answered {
    pub response: Response,
    /// The body, where it is made while it is sent; the response's own is empty then.
    pub stream: Option<Chunks>,
    pub delivery: Delivery,
}

impl From<Response> for Answered {
    fn from(response: Response) -> Self {
        Answered { response, stream: None, delivery: Delivery::default() }
    }
}

/// Answers the requests of one listener.
pub trait Answer: Send + Sync + 'static {
    /// How long an answer is worked on for a client that has closed its side: it may still listen,
    /// or be gone. As long as any answer takes, unless those who go away commonly mean to end what
    /// they asked for.
    const HALF_CLOSED_MAX: Duration = FAULT_DELAY_MAX;

    /// Answers a request that came in whole.
    fn answer(&self, request: Request) -> impl Future<Output = Answered> + Send;

    /// Answers a request that broke a limit of the listener; `reason` says which. Its body was not
    /// read.
    fn refuse(&self, request: Request, status: StatusCode, reason: String) -> Response;

    /// Where a client is led that asks for another host by way of the listener.
    fn lead(&self, via: &Via) -> Lead;

    /// Takes note of a client that never came to ask: its handshake came to nothing.
    fn unmet(&self, failed: FailedHandshake);
}
