//! Moving a world's clock, and how it stands.

use std::time::Duration;

use crate::base::clock::{Clock, Mode};
use crate::base::time;
use crate::contract::reply::InternalError;
use crate::sim::loading::settings;
use crate::sim::world::engine::fired::Fired;
use crate::sim::world::engine::{Engine, due};

/// How far to move a clock on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    By(Duration),
    /// To a moment of world time.
    To {
        at_ms: i64,
    },
    /// To the next due timer; nowhere where none is set.
    Next,
}

/// What stepping a clock came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advanced {
    pub from_ms: i64,
    pub now_ms: i64,
    pub fired: Fired,
}

/// How a clock is to run from now on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClockTurn {
    pub mode: Mode,
    /// Where it is to stand; as it is now where left out.
    pub at_ms: Option<i64>,
}

/// How a world's clock stands.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockFacts {
    pub mode: Mode,
    pub now_ms: i64,
    pub next_due_ms: Option<i64>,
    /// Timers that wait.
    pub n_waiting: i64,
    /// Timers that were switched off, because their firing failed.
    pub n_failed: i64,
}

/// A clock does not go back.
#[derive(Debug, thiserror::Error)]
#[error(
    "the clock stands at {now} and does not go back to {at}; a reset or a rollback begins anew",
    now = time::rfc3339(*.now_ms), at = time::rfc3339(*.at_ms),
)]
pub struct Backwards {
    pub now_ms: i64,
    pub at_ms: i64,
}

impl Step {
    /// Reads `by` (in milliseconds) or `to`, of which one is given.
    ///
    /// # Errors
    /// Where none or both are, or the moment cannot be read.
    pub fn parse(by_ms: Option<i64>, to: Option<&str>) -> Result<Self, String> {
        match (by_ms, to) {
            // A length of time has no sign.
            (Some(by_ms), None) => Ok(Step::By(Duration::from_millis(by_ms.unsigned_abs()))),
            (None, Some("next")) => Ok(Step::Next),
            (None, Some(text)) => {
                let at_ms = time::parse_rfc3339(text).ok_or_else(|| {
                    format!(
                        "to is {text:?}; expected \"next\", or a time with its offset, such as \
                         \"2026-03-02T09:00:00Z\""
                    )
                })?;
                Ok(Step::To { at_ms })
            }
            _ => Err("expected either by, as in {\"by\":\"90m\"}, or to, as in \
                      {\"to\":\"next\"}"
                .to_owned()),
        }
    }
}

impl From<Duration> for Step {
    fn from(by: Duration) -> Self {
        Step::By(by)
    }
}

impl Engine {
    /// Moves the clock on and does all that becomes due on the way.
    ///
    /// # Errors
    /// Where the moment has passed already.
    pub(crate) fn advance(&mut self, step: Step) -> Result<Advanced, Backwards> {
        let from_ms = self.clock.now_ms();
        let until_ms = match step {
            Step::By(by) => {
                from_ms.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX))
            }
            Step::To { at_ms } => at_ms,
            Step::Next => self.next_due_ms.unwrap_or(from_ms).max(from_ms),
        };
        let fired = self.step_to(from_ms, until_ms)?;
        let now_ms = self.clock.now_ms();
        self.keep_clock();
        let detail = serde_json::json!({
            "by_ms": until_ms - from_ms, "to": time::rfc3339(until_ms), "fired": fired.n_fired,
        });
        self.note("advance", now_ms, detail, fired.effects.clone());
        Ok(Advanced { from_ms, now_ms, fired })
    }

    /// Lets the clock run otherwise from now on, or from a later moment.
    ///
    /// # Errors
    /// Where the moment has passed already.
    pub(crate) fn set_clock(&mut self, turn: ClockTurn) -> Result<Advanced, Backwards> {
        let from_ms = self.clock.now_ms();
        let at_ms = turn.at_ms.unwrap_or(from_ms);
        let fired = self.step_to(from_ms, at_ms)?;
        self.clock = match turn.mode {
            Mode::Frozen => Clock::frozen(at_ms),
            mode => Clock::starting_at(mode, at_ms),
        };
        self.keep_clock();
        let detail = serde_json::json!({ "mode": turn.mode.name(), "rate": turn.mode.rate(), "at": time::rfc3339(at_ms) });
        self.note("clock", at_ms, detail, fired.effects.clone());
        Ok(Advanced { from_ms, now_ms: self.clock.now_ms(), fired })
    }

    fn step_to(&mut self, from_ms: i64, until_ms: i64) -> Result<Fired, Backwards> {
        if until_ms < from_ms {
            return Err(Backwards { now_ms: from_ms, at_ms: until_ms });
        }
        let fired = self.fire_until(until_ms);
        self.clock.advance(until_ms.saturating_sub(from_ms));
        Ok(fired)
    }

    fn keep_clock(&mut self) {
        if let Err(error) = settings::save_clock(self.db.connection(), &mut self.clock) {
            tracing::error!(world = self.name, %error, "the clock cannot be kept");
        }
    }

    pub(crate) fn clock_facts(&mut self) -> Result<ClockFacts, InternalError> {
        let (n_waiting, n_failed) = due::counts(self.db.connection())?;
        Ok(ClockFacts {
            mode: self.clock.mode(),
            now_ms: self.clock.now_ms(),
            next_due_ms: self.next_due_ms,
            n_waiting,
            n_failed,
        })
    }
}
