//! Moving a world's clock, and how it stands.

use crate::base::chain::Chain;
use crate::base::clock::{Clock, Mode};
use crate::base::time::{Instant, Span};
use crate::base::unfit::Unfit;
use crate::contract::reply::InternalError;
use crate::sim::loading::settings;
use crate::sim::world::engine::fired::Fired;
use crate::sim::world::engine::{Engine, due};

/// How far to move a clock on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    By(Span),
    /// To a moment of world time.
    To(Instant),
    /// To the next due timer; nowhere where none is set.
    Next,
}

/// What stepping a clock came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advanced {
    pub from: Instant,
    pub now: Instant,
    pub fired: Fired,
}

/// How a clock is to run from now on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClockTurn {
    pub mode: Mode,
    /// Where it is to stand; as it is now where left out.
    pub at: Option<Instant>,
}

/// How a world's clock stands.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockFacts {
    pub mode: Mode,
    pub now: Instant,
    pub next_due: Option<Instant>,
    /// Timers that wait.
    pub n_waiting: i64,
    /// Timers that were switched off, because their firing failed.
    pub n_failed: i64,
}

/// Why a clock is not moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    /// It does not go back.
    #[error(
        "the clock stands at {now} and does not go back to {at}; a reset or a rollback begins anew"
    )]
    Backwards { now: Instant, at: Instant },
    /// There is no time behind the end of the calendar.
    #[error(
        "the clock stands at {now} and goes on by {most} at the most, to the end of the year 9999; \
         found {by}",
        most = Instant::MAX.saturating_since(*now)
    )]
    Endless { now: Instant, by: Span },
}

impl Step {
    /// Reads `by` or `to`, of which one is given.
    ///
    /// # Errors
    /// Where none or both are, or the moment cannot be read.
    pub fn parse(by: Option<Span>, to: Option<&str>) -> Result<Self, String> {
        match (by, to) {
            (Some(by), None) => Ok(Step::By(by)),
            (None, Some("next")) => Ok(Step::Next),
            (None, Some(text)) => {
                let at = text.parse().map_err(|unfit: Unfit| {
                    format!(
                        "to: expected \"next\", or {}; found {}",
                        unfit.expected(),
                        unfit.found()
                    )
                })?;
                Ok(Step::To(at))
            }
            _ => Err("expected either by, as in {\"by\":\"90m\"}, or to, as in \
                      {\"to\":\"next\"}"
                .to_owned()),
        }
    }
}

impl From<Span> for Step {
    fn from(by: Span) -> Self {
        Step::By(by)
    }
}

impl Engine {
    /// Moves the clock on and does all that becomes due on the way.
    ///
    /// # Errors
    /// Where the moment has passed already.
    pub(crate) fn advance(&mut self, step: Step) -> Result<Advanced, StepError> {
        let from = self.clock.now();
        let until = match step {
            Step::By(by) => from.checked_add(by).ok_or(StepError::Endless { now: from, by })?,
            Step::To(at) => at,
            Step::Next => self.next_due.unwrap_or(from).max(from),
        };
        let fired = self.step_to(from, until)?;
        let now = self.clock.now();
        self.keep_clock();
        let detail = serde_json::json!({
            "by_ms": until.saturating_since(from).as_millis(),
            "to": until.to_string(),
            "fired": fired.n_fired,
        });
        self.note("advance", now, detail, fired.effects.clone());
        Ok(Advanced { from, now, fired })
    }

    /// Lets the clock run otherwise from now on, or from a later moment.
    ///
    /// # Errors
    /// Where the moment has passed already.
    pub(crate) fn set_clock(&mut self, turn: ClockTurn) -> Result<Advanced, StepError> {
        let from = self.clock.now();
        let at = turn.at.unwrap_or(from);
        let fired = self.step_to(from, at)?;
        self.clock = match turn.mode {
            Mode::Frozen => Clock::frozen_at(at),
            mode => Clock::running_from(mode, at),
        };
        self.keep_clock();
        let detail = serde_json::json!({ "mode": turn.mode.name(), "rate": turn.mode.rate(), "at": at.to_string() });
        self.note("clock", at, detail, fired.effects.clone());
        Ok(Advanced { from, now: self.clock.now(), fired })
    }

    fn step_to(&mut self, from: Instant, until: Instant) -> Result<Fired, StepError> {
        let by = until.checked_since(from).ok_or(StepError::Backwards { now: from, at: until })?;
        let fired = self.fire_until(until);
        self.clock.advance_by(by).map_err(|_| StepError::Endless { now: from, by })?;
        Ok(fired)
    }

    fn keep_clock(&mut self) {
        if let Err(error) = settings::save_clock(self.db.connection(), &mut self.clock) {
            tracing::error!(world = self.name, error = %Chain(&error), "the clock cannot be kept");
        }
    }

    pub(crate) fn clock_facts(&mut self) -> Result<ClockFacts, InternalError> {
        let (n_waiting, n_failed) = due::counts(self.db.connection())?;
        Ok(ClockFacts {
            mode: self.clock.mode(),
            now: self.clock.now(),
            next_due: self.next_due,
            n_waiting,
            n_failed,
        })
    }
}
