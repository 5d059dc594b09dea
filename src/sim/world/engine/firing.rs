//! Firing timers: in the order (due, id), each with `now` at the time at which it was due.
//!
//! Many firings share a transaction, because one each costs more than most of them do. Where one
//! fails, its slice is taken back and done again one by one, so that only the one that fails is
//! lost: it is recorded and switched off.

use std::collections::VecDeque;

use crate::base::chain::Chain;
use crate::base::limits::FIRINGS_PER_INPUT_MAX;
use crate::base::time::Instant;
use crate::contract::reply::InternalError;
use crate::contract::scope::Ran;
use crate::contract::timer::Timer;
use crate::sim::outside::traffic::hourly;
use crate::sim::world::engine::fired::Fired;
use crate::sim::world::engine::{Engine, due};

/// Firings in one transaction. A commit is then spread thin, and doing a slice again is quick.
const SLICE: usize = 1024;

/// Timers that are read at once. Some of them are read again, when one that fires sets another that
/// comes before them.
const AHEAD: usize = 8;

/// Why a slice was taken back.
#[derive(Debug)]
enum Broken {
    /// This timer failed, after so many others.
    Timer {
        timer: Box<Timer>,
        n_before: usize,
        error: InternalError,
    },
    Database(InternalError),
}

impl From<rusqlite::Error> for Broken {
    fn from(error: rusqlite::Error) -> Self {
        Broken::Database(error.into())
    }
}

impl Engine {
    /// Fires all timers due at or before `until`; also those that become due by it.
    pub(crate) fn fire_until(&mut self, until: Instant) -> Fired {
        let mut all = Fired::default();
        // How many firings are to be done one by one, because a slice of them failed.
        let mut n_single = 0_usize;
        while self.next_due.is_some_and(|due| due <= until) {
            let most = if n_single > 0 { 1 } else { SLICE };
            match self.fire_slice(until, most) {
                Ok(slice) => {
                    n_single = n_single.saturating_sub(slice.n_fired);
                    all.append(slice);
                }
                Err(Broken::Timer { n_before, .. }) if most > 1 => {
                    self.rollback();
                    n_single = n_before + 1;
                }
                Err(Broken::Timer { timer, error, .. }) => {
                    self.rollback();
                    self.switch_off(&timer, &error);
                    all.note(*timer);
                    n_single = n_single.saturating_sub(1);
                }
                Err(Broken::Database(error)) => {
                    self.rollback();
                    tracing::error!(world = self.name, error = %Chain(&error), "timers cannot be fired");
                    self.next_due = None;
                }
            }
            if all.n_fired >= FIRINGS_PER_INPUT_MAX {
                tracing::error!(
                    world = self.name,
                    n_fired = all.n_fired,
                    "timers set timers without end"
                );
                break;
            }
        }
        all
    }

    /// Fires up to `most` timers in one transaction.
    fn fire_slice(&mut self, until: Instant, most: usize) -> Result<Fired, Broken> {
        self.db.connection().prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        let mut slice = Fired::default();
        let mut ahead = VecDeque::new();
        while slice.n_fired < most {
            if ahead.is_empty() {
                // A long run leaves its core to the requests of other worlds, several thousand times a
                // second.
                std::thread::yield_now();
                ahead = due::next(self.db.connection(), until, AHEAD.min(most))?;
            }
            let Some(due) = ahead.pop_front() else { break };
            match self.fire(&due) {
                Ok(done) => {
                    slice.effects.extend(done.effects);
                    if ahead.back().is_some_and(|last| done.timers.upsets(last.due)) {
                        ahead.clear();
                    }
                }
                Err(error) => {
                    return Err(Broken::Timer {
                        timer: Box::new(due),
                        n_before: slice.n_fired,
                        error,
                    });
                }
            }
            slice.note(due);
        }
        self.db.connection().prepare_cached("COMMIT")?.execute([])?;
        self.next_due = due::next_due(self.db.connection())?;
        Ok(slice)
    }

    fn fire(&self, due: &Timer) -> Result<Ran<()>, InternalError> {
        let vendor = self
            .vendors
            .find(&due.vendor)
            .ok_or_else(|| InternalError::new(format!("no vendor is called {}", due.vendor)))?;
        self.fenced(vendor, due.due, true, |cx| {
            due::take(cx.db(), due)?;
            hourly::wake(vendor, cx, due)
        })
    }

    fn switch_off(&mut self, timer: &Timer, error: &InternalError) {
        let (kind, key) = (&timer.kind, &timer.key);
        tracing::error!(world = self.name, kind, key, error = %Chain(error), "timer failed");
        let off = due::switch_off(self.db.connection(), timer, &Chain(error).to_string());
        match off.and_then(|()| due::next_due(self.db.connection())) {
            Ok(next_due) => self.next_due = next_due,
            Err(error) => {
                tracing::error!(world = self.name, error = %Chain(&error), "timers cannot be switched off");
                self.next_due = None;
            }
        }
    }
}
