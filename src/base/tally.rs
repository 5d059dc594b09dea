//! Counts of what the process has done, for `/metrics`. They are the process's, not a world's: no
//! answer of any world depends on them.

use std::sync::atomic::{AtomicU64, Ordering};

/// A number that many threads count up, and some down.
#[derive(Debug, Default)]
pub struct Tally(AtomicU64);

/// Timers that fired, in all worlds.
pub(crate) static TIMERS_FIRED: Tally = Tally::new();

/// Faults that struck a request.
pub(crate) static FAULTS_FIRED: Tally = Tally::new();

/// Journal entries that had to go to make room.
pub(crate) static JOURNAL_EVICTED: Tally = Tally::new();

/// Connections that were accepted, on all listeners.
pub(crate) static CONNECTIONS: Tally = Tally::new();

/// Connections that are open.
pub(crate) static CONNECTIONS_OPEN: Tally = Tally::new();

/// Heads that are no HTTP.
pub(crate) static HEADS_MALFORMED: Tally = Tally::new();

/// Heads that did not come in time.
pub(crate) static HEADS_SLOW: Tally = Tally::new();

/// Connections that broke off in an exchange.
pub(crate) static CONNECTIONS_BROKEN: Tally = Tally::new();

/// Connections that were closed to make room for others.
pub(crate) static CONNECTIONS_MADE_ROOM: Tally = Tally::new();

/// TLS handshakes that succeeded.
pub(crate) static HANDSHAKES: Tally = Tally::new();

/// TLS handshakes that came to nothing, in the order of `web::handshake::Cause`.
pub(crate) static HANDSHAKES_FAILED: [Tally; 9] = [const { Tally::new() }; 9];

/// Log lines that nobody took.
pub(crate) static LOG_LINES_LOST: Tally = Tally::new();

impl Tally {
    pub const fn new() -> Self {
        Tally(AtomicU64::new(0))
    }

    pub fn add(&self, number: u64) {
        self.0.fetch_add(number, Ordering::Relaxed);
    }

    pub fn take_one(&self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }

    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
