//! A world's clock, and the only reader of the system's.
//!
//! A clock is `frozen` (moves only when it is advanced), `real` (the system's time plus an offset)
//! or `scaled` (a rate from an anchor). It never runs backwards within an epoch, whatever the
//! system's clock does.
//!
//! Not here: timers, and who may move a clock (`sim::world`).

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// How a world's time passes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mode {
    Frozen,
    Real,
    /// So many world seconds to each second of the system's clock.
    Scaled {
        rate: f64,
    },
}

impl Mode {
    /// The word for it in scenarios and on the admin listener.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Frozen => "frozen",
            Mode::Real => "real",
            Mode::Scaled { .. } => "scaled",
        }
    }

    /// World seconds to a real one, where it is scaled.
    pub fn rate(self) -> Option<f64> {
        if let Mode::Scaled { rate } = self { Some(rate) } else { None }
    }
}

/// One world's clock.
#[derive(Clone, Debug)]
pub struct Clock {
    mode: Mode,
    /// World time at the anchor.
    world_ms: i64,
    /// The system's time at the anchor; not read when frozen.
    system_ms: i64,
    /// The latest reading given out, so that no later one lies before it.
    last_ms: i64,
}

impl Clock {
    pub fn frozen(at_ms: i64) -> Self {
        Clock { mode: Mode::Frozen, world_ms: at_ms, system_ms: 0, last_ms: at_ms }
    }

    /// The system's time from now on.
    pub fn real() -> Self {
        let now_ms = system_now_ms();
        Clock { mode: Mode::Real, world_ms: now_ms, system_ms: now_ms, last_ms: now_ms }
    }

    /// A clock that stands at `at_ms` now and runs in `mode` from here.
    pub fn starting_at(mode: Mode, at_ms: i64) -> Self {
        Clock { mode, world_ms: at_ms, system_ms: system_now_ms(), last_ms: at_ms }
    }

    /// A clock as it was kept by [`Clock::kept`]. Time that passed meanwhile counts, but for a
    /// frozen one.
    pub fn resumed(mode: Mode, world_ms: i64, system_ms: i64) -> Self {
        Clock { mode, world_ms, system_ms, last_ms: world_ms }
    }

    /// World time and the system's at this moment, for [`Clock::resumed`].
    pub fn kept(&mut self) -> (i64, i64) {
        match self.mode {
            Mode::Frozen => (self.now_ms(), 0),
            Mode::Real | Mode::Scaled { .. } => (self.now_ms(), system_now_ms()),
        }
    }

    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Reads the clock. Readings never go back.
    pub fn now_ms(&mut self) -> i64 {
        let now_ms = match self.mode {
            Mode::Frozen => self.world_ms,
            Mode::Real => self.world_ms.saturating_add(system_now_ms() - self.system_ms),
            Mode::Scaled { rate } => {
                self.world_ms.saturating_add(scale(system_now_ms() - self.system_ms, rate))
            }
        };
        self.last_ms = self.last_ms.max(now_ms);
        self.last_ms
    }

    /// Moves the clock on by `by_ms`, in any mode. A negative step is not taken.
    pub fn advance(&mut self, by_ms: i64) {
        self.world_ms = self.world_ms.saturating_add(by_ms.max(0));
        self.now_ms();
    }
}

/// `elapsed_ms` of the system's time in world time. Fractions of a millisecond are dropped.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "milliseconds of a process's life fit a double exactly, and `as` saturates"
)]
fn scale(elapsed_ms: i64, rate: f64) -> i64 {
    (elapsed_ms as f64 * rate) as i64
}

/// The system's clock. Nothing else in the crate reads it.
#[expect(clippy::disallowed_methods, reason = "the one rightful reader of the system's clock")]
pub fn system_now_ms() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
}

/// Measures how long something took, by a clock that only goes forward.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "the one rightful reader of the system's clock")]
    pub fn start() -> Self {
        Stopwatch(Instant::now())
    }

    pub fn elapsed_ns(self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frozen_moves_only_when_advanced_and_never_back() {
        let mut clock = Clock::frozen(1000);
        assert_eq!(clock.now_ms(), 1000);
        clock.advance(250);
        assert_eq!(clock.now_ms(), 1250);
        clock.advance(-500);
        assert_eq!(clock.now_ms(), 1250);
    }

    #[test]
    fn real_follows_the_system_and_keeps_what_was_advanced() {
        let mut clock = Clock::real();
        let before_ms = clock.now_ms();
        clock.advance(60_000);
        assert!(clock.now_ms() >= before_ms + 60_000);
    }

    #[test]
    fn scaled_starts_at_its_anchor() {
        let mut clock = Clock::starting_at(Mode::Scaled { rate: 60.0 }, 5000);
        assert!(clock.now_ms() >= 5000);
        assert_eq!(scale(1000, 60.0), 60_000);
    }
}
