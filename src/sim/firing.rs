//! Firing timers: in the order (due, id), each with `now` at the time at which it was due.
//!
//! Many firings share a transaction, because one each costs more than most of them do. Where one
//! fails, its slice is taken back and done again one by one, so that only the one that fails is
//! lost: it is recorded and switched off.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Value, json};

use super::ordered::{Done, Ordered};
use super::reply::{Effect, InternalError};
use super::timer::{self, Timer};
use super::traffic;
use crate::base::limits::{FIRINGS_PER_INPUT_MAX, FIRINGS_SHOWN_MAX};
use crate::base::tally;
use crate::base::time;

/// Firings in one transaction. A commit is then spread thin, and doing a slice again is quick.
const SLICE: usize = 1024;

/// Timers that are read at once. Some of them are read again, when one that fires sets another that
/// comes before them.
const AHEAD: usize = 8;

/// What fired on the way to some moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fired {
    pub n_fired: usize,
    /// How many of each vendor's kinds.
    pub by_kind: BTreeMap<(String, String), usize>,
    /// The first of them, in order.
    pub first: Vec<Timer>,
    pub effects: Vec<Effect>,
}

impl Fired {
    fn note(&mut self, timer: Timer) {
        self.n_fired += 1;
        tally::TIMERS_FIRED.add(1);
        let kind = (timer.vendor.clone(), timer.kind.clone());
        *self.by_kind.entry(kind).or_default() += 1;
        if self.first.len() < FIRINGS_SHOWN_MAX {
            self.first.push(timer);
        }
    }

    fn append(&mut self, later: Fired) {
        self.n_fired += later.n_fired;
        for (kind, n_fired) in later.by_kind {
            *self.by_kind.entry(kind).or_default() += n_fired;
        }
        let room = FIRINGS_SHOWN_MAX - self.first.len();
        self.first.extend(later.first.into_iter().take(room));
        self.effects.extend(later.effects);
    }

    /// Counts by kind: `{"jtel": {"call_ends": 12}}`.
    pub fn kinds_json(&self) -> Value {
        let mut vendors = Value::Object(serde_json::Map::new());
        for ((vendor, kind), n_fired) in &self.by_kind {
            vendors[vendor][kind] = (*n_fired).into();
        }
        vendors
    }
}

impl Timer {
    pub fn to_json(&self) -> Value {
        json!({
            "at": time::rfc3339(self.due_ms),
            "vendor": self.vendor,
            "kind": self.kind,
            "key": self.key,
        })
    }
}

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

impl Ordered {
    /// Fires all timers due at or before `until_ms`; also those that become due by it.
    pub(super) fn fire_until(&mut self, until_ms: i64) -> Fired {
        let mut all = Fired::default();
        // How many firings are to be done one by one, because a slice of them failed.
        let mut n_single = 0_usize;
        while self.next_due_ms.is_some_and(|due_ms| due_ms <= until_ms) {
            let most = if n_single > 0 { 1 } else { SLICE };
            match self.fire_slice(until_ms, most) {
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
                    tracing::error!(world = self.name, %error, "timers cannot be fired");
                    self.next_due_ms = None;
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
    fn fire_slice(&mut self, until_ms: i64, most: usize) -> Result<Fired, Broken> {
        self.db.connection().prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        let mut slice = Fired::default();
        let mut ahead = VecDeque::new();
        while slice.n_fired < most {
            if ahead.is_empty() {
                // A long run leaves its core to the requests of other worlds, several thousand times a
                // second.
                std::thread::yield_now();
                ahead = timer::next(self.db.connection(), until_ms, AHEAD.min(most))?;
            }
            let Some(due) = ahead.pop_front() else { break };
            match self.fire(&due) {
                Ok(done) => {
                    slice.effects.extend(done.effects);
                    if ahead.back().is_some_and(|last| done.timers.upsets(last)) {
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
        self.next_due_ms = timer::next_due_ms(self.db.connection())?;
        Ok(slice)
    }

    fn fire(&self, due: &Timer) -> Result<Done<()>, InternalError> {
        let vendor = self
            .vendors
            .find(&due.vendor)
            .ok_or_else(|| InternalError::new(format!("no vendor is called {}", due.vendor)))?;
        self.fenced(vendor, due.due_ms, true, |cx| {
            timer::take(cx.db(), due)?;
            traffic::wake(vendor, cx, due)
        })
    }

    fn switch_off(&mut self, timer: &Timer, error: &InternalError) {
        let (kind, key) = (&timer.kind, &timer.key);
        tracing::error!(world = self.name, kind, key, %error, "timer failed");
        let off = timer::switch_off(self.db.connection(), timer, &error.to_string());
        match off.and_then(|()| timer::next_due_ms(self.db.connection())) {
            Ok(next_due_ms) => self.next_due_ms = next_due_ms,
            Err(error) => {
                tracing::error!(world = self.name, %error, "timers cannot be switched off");
                self.next_due_ms = None;
            }
        }
    }
}
