//! Moving a world's clock, and how it stands.

use serde_json::Value;

use crate::base::clock::{Clock, Mode};
use crate::base::planted::{self, Fault as Planted};
use crate::base::time::{Instant, Span};
use crate::base::unfit::Unfit;
use crate::contract::reply::InternalError;
use crate::sim::journal::action;
use crate::sim::loading::settings;
use crate::sim::world::engine::fired::Fired;
use crate::sim::world::engine::firing::Walk;
use crate::sim::world::engine::halt::{Halt, Stop};
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
    /// When the next timer was due, where it was asked for; `None` where none was set.
    pub due: Option<Instant>,
    pub fired: Fired,
}

/// How a clock is to run from now on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClockChange {
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
                    let is_length = text.parse::<Span>().is_ok();
                    let hint = if is_length { "; a length of time goes under by" } else { "" };
                    format!(
                        "to: expected \"next\", or {}; found {}{hint}",
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

/// Why a clock was not moved, or not as far as it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    #[error(transparent)]
    Step(#[from] StepError),
    #[error(
        "the clock stands at {now} and was to go to {until}; what was due up to there is done \
         ({n_fired} firings), the rest is not: {why}"
    )]
    Halted { now: Instant, until: Instant, n_fired: usize, why: Halt },
    #[error(transparent)]
    Internal(#[from] InternalError),
}

impl Engine {
    /// Moves the clock on and does all that becomes due on the way, until `call` says to stop.
    ///
    /// # Errors
    /// Where the moment has passed already, or not all of the way was gone: the state is that of the
    /// last whole firing then, and the clock stands there.
    pub(crate) fn advance(&mut self, step: Step, call: &Stop) -> Result<Advanced, ClockError> {
        let from = self.clock.now();
        let due = self.next_due.filter(|_| step == Step::Next);
        let until = match step {
            Step::By(by) => from.checked_add(by).ok_or(StepError::Endless { now: from, by })?,
            Step::To(at) => at,
            Step::Next => self.next_due.unwrap_or(from).max(from),
        };
        let (fired, clock) = self.step_to(from, until, call)?;
        let detail = serde_json::json!({
            "by_ms": until.saturating_since(from).as_millis(),
            "to": until.to_string(),
            "fired": fired.count,
        });
        let advanced = self.end_step(action::ADVANCE, from, until, detail, fired, clock)?;
        Ok(Advanced { due, ..advanced })
    }

    /// Lets the clock run otherwise from now on, or from a later moment.
    ///
    /// # Errors
    /// As for [`Engine::advance`].
    pub(crate) fn set_clock(
        &mut self,
        turn: ClockChange,
        call: &Stop,
    ) -> Result<Advanced, ClockError> {
        let from = self.clock.now();
        let at = turn.at.unwrap_or(from);
        let (fired, clock) = self.step_to(from, at, call)?;
        let clock = match turn.mode {
            _ if fired.halted.is_some() => clock,
            Mode::Frozen => Clock::frozen_at(at),
            mode => Clock::running_from(mode, at),
        };
        let detail = serde_json::json!({
            "mode": turn.mode.name(), "rate": turn.mode.rate(), "at": at.to_string(),
        });
        self.end_step(action::CLOCK, from, at, detail, fired, clock)
    }

    /// Does what is due by now, where the clock runs by itself; answers whether anything was. That is
    /// no input of anybody's, and stands in the journal, as all that changes rows does.
    pub(crate) fn catch_up(&mut self) -> bool {
        if self.until_due().is_none_or(|left| left > Span::ZERO) {
            return false;
        }
        self.tell_start();
        let now = self.clock.now();
        let fired = self.fire_until(now);
        if fired.count == 0 {
            return false;
        }
        let detail = serde_json::json!({ "to": now.to_string(), "fired": fired.count });
        self.note(action::DUE, now, detail, fired.effects);
        true
    }

    /// How long it takes, in the system's time, until the next timer is due; `None` where the clock
    /// stands, or nothing is.
    pub(crate) fn until_due(&mut self) -> Option<Span> {
        self.clock.until(self.next_due?)
    }

    /// Fires what is due on the way. Answers the clock as it is to stand then.
    fn step_to(
        &mut self,
        from: Instant,
        until: Instant,
        call: &Stop,
    ) -> Result<(Fired, Clock), StepError> {
        let by = until.checked_since(from).ok_or(StepError::Backwards { now: from, at: until })?;
        let endless = |_| StepError::Endless { now: from, by };
        self.clock.clone().advance_by(by).map_err(endless)?;
        let mut walk = Walk { at: from, call };
        let fired = self.fire_on(until, Some(&mut walk));
        let mut clock = self.clock.clone();
        if fired.halted.is_none() {
            clock.advance_by(until.saturating_since(walk.at)).map_err(endless)?;
        }
        Ok((fired, clock))
    }

    /// Keeps the clock and journals the step, both or neither.
    fn end_step(
        &mut self,
        name: &'static str,
        from: Instant,
        until: Instant,
        mut detail: Value,
        fired: Fired,
        mut clock: Clock,
    ) -> Result<Advanced, ClockError> {
        let now = clock.now();
        if let Some(why) = &fired.halted {
            detail["stopped"] =
                serde_json::json!({ "at": now.to_string(), "why": why.to_string() });
        }
        let effects = fired.effects.clone();
        let kept = self.act(name, now, detail, effects, |db| {
            if planted::is(Planted::FileForgetsClock) {
                return Ok(());
            }
            Ok(settings::save_clock(db, &mut clock)?)
        });
        match (kept, fired.halted) {
            (Ok(_), None) => {
                self.clock = clock;
                Ok(Advanced { from, now, due: None, fired: Fired { halted: None, ..fired } })
            }
            (_, Some(why)) => Err(ClockError::Halted { now, until, n_fired: fired.count, why }),
            (Err(error), None) => Err(match error.trouble() {
                Some(trouble) => {
                    let (now, why) = (self.clock.now(), Halt::Storage(trouble));
                    ClockError::Halted { now, until, n_fired: fired.count, why }
                }
                None => ClockError::Internal(error),
            }),
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
