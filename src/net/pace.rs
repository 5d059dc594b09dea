//! How fast a client takes what is sent to it.
//!
//! Only the time counts in which it lets us wait: a body that is made slowly, or dripped by a fault,
//! costs its client nothing.

use std::time::Duration;

/// What a client has taken lately.
#[derive(Debug)]
pub(crate) struct Pace {
    window: Duration,
    bytes_min: u64,
    /// How long it has let us wait.
    waited: Duration,
    /// What it has taken since it first did.
    n_bytes: u64,
}

impl Pace {
    /// It has to take so many bytes in each such time in which it lets us wait.
    pub(crate) fn new(window: Duration, bytes_min: u64) -> Self {
        Pace { window, bytes_min, waited: Duration::ZERO, n_bytes: 0 }
    }

    /// It took some bytes, and let us wait so long before. Answers whether that is fast enough.
    pub(crate) fn took(&mut self, n_bytes: usize, waited: Duration) -> bool {
        self.waited += waited;
        if self.waited.is_zero() {
            // What fits into the system's buffers has not been taken by anybody.
            return true;
        }
        self.n_bytes += n_bytes as u64;
        if self.waited < self.window {
            return true;
        }
        let is_enough = self.n_bytes >= self.bytes_min;
        self.waited = Duration::ZERO;
        self.n_bytes = 0;
        is_enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_is_measured_by_what_it_takes_while_it_is_waited_for() {
        let second = Duration::from_secs(1);
        let mut slow = Pace::new(10 * second, 1000);
        assert!(slow.took(1_000_000, Duration::ZERO), "the buffers were empty");
        assert!((0..9).all(|_| slow.took(99, second)));
        assert!(!slow.took(99, second));
        let mut steady = Pace::new(10 * second, 1000);
        assert!((0..100).all(|_| steady.took(100, second)));
        // One that was fast before has no credit for it.
        assert!(!(0..10).all(|_| steady.took(99, second)));
        let mut swift = Pace::new(10 * second, 1000);
        assert!((0..100).all(|_| swift.took(1, Duration::ZERO)));
    }
}
