//! What a listener takes at the most; see `base::limits` for the reasons.

use std::time::Duration;

use crate::base::limits;

/// Limits of a listener.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub head_bytes_max: usize,
    pub headers_max: usize,
    pub body_bytes_max: usize,
    pub connections_max: usize,
    pub idle_timeout: Duration,
    pub head_timeout: Duration,
    pub body_timeout: Duration,
    pub write_timeout: Duration,
    /// Bytes that a client has to take in each `write_timeout` in which it lets us wait.
    pub write_bytes_min: u64,
    pub drain_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            head_bytes_max: limits::HEAD_BYTES_MAX,
            headers_max: limits::HEADERS_MAX,
            body_bytes_max: limits::BODY_BYTES_MAX,
            connections_max: limits::CONNECTIONS_MAX,
            idle_timeout: limits::IDLE_TIMEOUT,
            head_timeout: limits::HEAD_TIMEOUT,
            body_timeout: limits::BODY_TIMEOUT,
            write_timeout: limits::WRITE_TIMEOUT,
            write_bytes_min: limits::WRITE_BYTES_MIN,
            drain_timeout: limits::DRAIN_TIMEOUT,
        }
    }
}
