//! Who is told of a world's inputs, and whether they know how it began.

use std::sync::Arc;

use crate::sim::journal::tap::Tap;

/// Actions after which the inputs that follow still go on from the same beginning. `event` is told by
/// itself, and a clock that moves on is in the time of what follows, with what is due on its way.
const GOES_ON: [&str; 5] = ["advance", "checkpoint", "due", "event", "strict"];

/// Who is told of a world's inputs, if anybody is.
#[derive(Debug, Default)]
pub(super) struct Tapped {
    pub(super) tap: Option<Arc<dyn Tap>>,
    /// Whether they know how the world began.
    pub(super) is_start_told: bool,
}

impl Tapped {
    pub(super) fn new(tap: Option<Arc<dyn Tap>>) -> Self {
        Tapped { tap, is_start_told: false }
    }

    /// Takes note of an action of the admin's.
    pub(super) fn acted(&mut self, action: &str) {
        if !GOES_ON.contains(&action) {
            self.is_start_told = false;
        }
    }
}
