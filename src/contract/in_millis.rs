//! For vendors that still count time in an `i64` of milliseconds: what the types of `base::time` say,
//! in numbers. Goes when the last of them has moved.

use rand::rngs::ChaCha8Rng;

use crate::base::time::{Instant, Span};
use crate::contract::cx::Cx;
use crate::contract::fields::Row;
use crate::contract::traffic::spread::Spread;

impl From<i64> for Instant {
    fn from(ms: i64) -> Self {
        Instant::clamped_from_millis(ms)
    }
}

impl From<i64> for Span {
    fn from(ms: i64) -> Self {
        Span::clamped_from_millis(ms)
    }
}

impl Cx<'_> {
    /// As [`Cx::now`].
    pub fn now_ms(&self) -> i64 {
        self.now().as_millis()
    }
}

impl Row<'_> {
    /// As [`Row::opt_time`].
    #[track_caller]
    pub fn opt_time_ms(&self, name: &str) -> Option<i64> {
        self.opt_time(name).map(Instant::as_millis)
    }

    /// As [`Row::time`].
    #[track_caller]
    pub fn time_ms(&self, name: &str) -> i64 {
        self.time(name).as_millis()
    }

    /// As [`Row::opt_duration`].
    #[track_caller]
    pub fn opt_duration_ms(&self, name: &str) -> Option<i64> {
        self.opt_duration(name).map(Span::as_millis)
    }

    /// As [`Row::duration`].
    #[track_caller]
    pub fn duration_ms(&self, name: &str) -> i64 {
        self.duration(name).as_millis()
    }
}

impl Spread {
    /// As [`Spread::draw_seconds`].
    pub fn draw_seconds_ms(self, draw: &mut ChaCha8Rng) -> i64 {
        self.draw_seconds(draw).as_millis()
    }
}
