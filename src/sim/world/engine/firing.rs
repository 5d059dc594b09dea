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
use crate::sim::loading::settings;
use crate::sim::outside::traffic::hourly;
use crate::sim::world::engine::fired::Fired;
use crate::sim::world::engine::halt::{Halt, Stop};
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

/// A clock that is on its way: it goes along with the firings, so that it stands at the last whole
/// one wherever the way ends.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    /// How far it has come.
    pub(super) at: Instant,
    /// Says when whoever asked for it has gone away.
    pub(super) call: &'a Stop,
}

impl Engine {
    /// Fires all timers due at or before `until`; also those that become due by it.
    pub(crate) fn fire_until(&mut self, until: Instant) -> Fired {
        self.fire_on(until, None)
    }

    /// Fires all that is due until a moment, with the clock going along.
    pub(super) fn fire_on(&mut self, until: Instant, mut walk: Option<&mut Walk<'_>>) -> Fired {
        let mut all = Fired::default();
        // How many firings are to be done one by one, because a slice of them failed.
        let mut n_single = 0_usize;
        while self.next_due.is_some_and(|due| due <= until) && all.halted.is_none() {
            let most = if n_single > 0 { 1 } else { SLICE };
            match self.fire_slice(until, most, walk.as_deref_mut()) {
                Ok(slice) => {
                    n_single = n_single.saturating_sub(slice.count);
                    all.append(slice);
                }
                // The disk is no timer's fault; they fire when it is well again.
                Err(Broken::Timer { error, .. } | Broken::Database(error))
                    if error.trouble().is_some() =>
                {
                    self.rollback();
                    tracing::error!(world = self.name, %error, "timers wait");
                    all.halted = error.trouble().map(Halt::Storage);
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
                    tracing::error!(
                        world = self.name,
                        error = self.told(&error),
                        "timers cannot be fired"
                    );
                    self.next_due = None;
                }
            }
            if all.count >= FIRINGS_PER_INPUT_MAX {
                tracing::error!(
                    world = self.name,
                    n_fired = all.count,
                    "timers set timers without end"
                );
                break;
            }
        }
        all
    }

    /// Fires up to `most` timers in one transaction.
    fn fire_slice(
        &mut self,
        until: Instant,
        most: usize,
        walk: Option<&mut Walk<'_>>,
    ) -> Result<Fired, Broken> {
        if let Some(trouble) = self.db.trouble() {
            return Err(Broken::Database(InternalError::new(trouble.clone())));
        }
        // Firings have a transaction of their own.
        self.settle().map_err(Broken::Database)?;
        self.db.connection().prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        let mut slice = Fired::default();
        let mut ahead = VecDeque::new();
        let mut last = None;
        while slice.count < most {
            let gone = || walk.as_ref().and_then(|walk| walk.call.told());
            slice.halted = self.stop.told().or_else(gone);
            if slice.halted.is_some() {
                break;
            }
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
                        n_before: slice.count,
                        error,
                    });
                }
            }
            last = Some(due.due);
            slice.note(due);
        }
        self.commit_slice(walk, last)?;
        Ok(slice)
    }

    /// Commits firings, the last of which was due at `last`, with the clock that goes along.
    fn commit_slice(
        &mut self,
        walk: Option<&mut Walk<'_>>,
        last: Option<Instant>,
    ) -> Result<(), Broken> {
        let db = self.db.connection();
        let gone = last.zip(walk).filter(|(last, walk)| *last > walk.at);
        let moved = gone.map(|(last, walk)| {
            let mut clock = self.clock.clone();
            // It is on its way to a later moment, which was found to be in the calendar.
            let _ = clock.advance_by(last.saturating_since(walk.at));
            (clock, last, walk)
        });
        let Some((mut clock, last, walk)) = moved else {
            db.prepare_cached("COMMIT")?.execute([])?;
            self.next_due = due::next_due(db)?;
            return Ok(());
        };
        if self.db.is_file() {
            settings::save_clock(db, &mut clock)?;
        }
        db.prepare_cached("COMMIT")?.execute([])?;
        self.next_due = due::next_due(db)?;
        self.clock = clock;
        walk.at = last;
        Ok(())
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
        tracing::error!(world = self.name, kind, key, error = self.told(error), "timer failed");
        let off = due::switch_off(self.db.connection(), timer, &Chain(error).to_string());
        match off.and_then(|()| due::next_due(self.db.connection())) {
            Ok(next_due) => self.next_due = next_due,
            Err(error) => {
                tracing::error!(
                    world = self.name,
                    error = self.told(&error),
                    "timers cannot be switched off"
                );
                self.next_due = None;
            }
        }
    }
}
