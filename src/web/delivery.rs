//! What happens to a response on its way out. Decided in the world, carried out at the socket.

use std::time::Duration;

/// How a response is delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// Real time that passes before anything else happens.
    pub late_by: Duration,
    pub how: How,
}

/// What becomes of it then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum How {
    /// All of it is sent, at once.
    #[default]
    Whole,
    /// The head at once, the body in pieces with a pause between two.
    Drip { bytes: u64, pause: Duration },
    /// The body lacks its last byte; its announced length is right.
    Malform,
    /// The body ends early, after so many bytes or half of it, and the connection with it.
    Truncate { bytes: Option<u64> },
    /// The connection is reset after the head.
    ResetAfterHead,
    /// Nothing is sent; the connection is closed.
    Close,
    /// Nothing is sent; the connection is reset.
    Reset,
    /// Nothing is sent for as long as the client waits, up to a limit.
    Hang,
}
