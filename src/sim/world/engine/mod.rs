//! What stands behind a world's lock. One input at a time is taken, given a sequence number and one
//! reading of the clock, answered, and journaled.
//!
//! The way of an input: read the clock, fire the timers due by then, take a number, run the
//! operation (in a transaction if it may write), commit, journal. A panic or an error of Ringback's
//! own rolls the transaction back and leaves a journal entry.
//!
//! Not here: waiting, threads, listeners (`sim::world`, `net`).

pub(crate) mod asked;
mod begin;
pub(crate) mod beside;
pub(crate) mod clock;
mod costs;
pub(crate) mod due;
mod entries;
pub(crate) mod event;
pub(crate) mod exchange;
pub(crate) mod fired;
mod firing;
mod gathered;
pub(crate) mod halt;
mod memo;
pub(crate) mod merge;
pub(crate) mod room;
pub(crate) mod rules;
pub(crate) mod share;
mod standing;
mod tapped;
mod tapping;
mod told;
pub(crate) mod turn;

use std::cell::Cell;
use std::sync::Arc;

use http::HeaderValue;
use rusqlite::Connection;
use serde_json::Value;

use crate::base::clock::Clock;
use crate::base::planted::{self, Fault as Planted};
use crate::base::seq::Seq;
use crate::base::time::{Instant, rfc3339};
use crate::contract::cache::Cache;
use crate::contract::cx::Cx;
use crate::contract::reply::{Effect, InternalError};
use crate::contract::scope::{Ran, Scope};
use crate::contract::variant::Switches;
use crate::contract::vendor::{Vendor, Vendors};
use crate::sim::fault;
use crate::sim::fault::struck::Faults;
use crate::sim::journal::action;
use crate::sim::journal::entry::{Action, Entry, What};
use crate::sim::journal::ring::Journal;
use crate::sim::journal::row;
use crate::sim::journal::secrets::Secrets;
use crate::sim::judge::expectation::Expectation;
use crate::sim::loading::settings::{self, Settings};
use crate::sim::world::engine::costs::Costs;
use crate::sim::world::engine::halt::Stop;
use crate::sim::world::engine::memo::Memo;
use crate::sim::world::engine::room::Room;
use crate::sim::world::engine::share::Gathered;
use crate::sim::world::engine::tapping::Tapped;
use crate::store::database::Database;

/// Everything of a world that its lock guards.
#[derive(Debug)]
pub(crate) struct Engine {
    name: String,
    db: Database,
    vendors: Vendors,
    /// What is known of its secrets.
    secrets: Arc<Secrets>,
    /// Who is told of its inputs.
    tapped: Tapped,
    settings: Settings,
    clock: Clock,
    seq: Seq,
    /// The journal of a world in memory; a world in a file has a table instead.
    journal: Journal,
    /// How full that table is.
    room: Room,
    /// Told when the program stops or the world is deleted.
    stop: Stop,
    /// When the next timer is due, so that nothing due costs one comparison.
    next_due: Option<Instant>,
    /// Which requests go wrong, and how.
    faults: Faults,
    /// What is expected of the run.
    expectation: Expectation,
    memo: Memo,
    /// What reads have cost.
    costs: Costs,
    /// The switches that were asked for since a request came in.
    switches: Cell<Switches>,
    cache: Cache,
    /// The `Date` header of the last reply, and the second it was made for.
    date: (i64, HeaderValue),
    /// What requests of a world in a file share.
    gathered: Gathered,
}

impl Engine {
    /// Notes an admin action that needs no vendor.
    pub(crate) fn mark(&mut self, name: &'static str, detail: Value) -> Seq {
        let now = self.clock.now();
        self.note(name, now, detail, Vec::new())
    }

    /// Journals an admin action. The action has been done, so a journal that cannot be written is
    /// told in the log.
    fn note(
        &mut self,
        name: &'static str,
        at: Instant,
        detail: Value,
        effects: Vec<Effect>,
    ) -> Seq {
        self.seq = self.seq.next();
        let what = What::Action(Action { name: name.into(), vendor: None, detail });
        let entry = Entry::action(self.seq, at, what, effects);
        if let Err(error) = self.commit(entry) {
            tracing::error!(world = self.name, action = name, %error, "action could not be journaled");
        }
        self.seq
    }

    /// Does an action of the admin's together with its entry: where one of them fails, nothing is
    /// done.
    fn act(
        &mut self,
        name: &'static str,
        at: Instant,
        detail: Value,
        effects: Vec<Effect>,
        work: impl FnOnce(&Connection) -> Result<(), InternalError>,
    ) -> Result<Seq, InternalError> {
        self.begin()?;
        if let Err(error) = work(self.db.connection()) {
            self.rollback();
            return Err(error);
        }
        self.seq = self.seq.next();
        let what = What::Action(Action { name: name.into(), vendor: None, detail });
        self.commit(Entry::action(self.seq, at, what, effects))?;
        Ok(self.seq)
    }

    /// Runs work that may take long, so that SQLite ends it soon after the world or `call` is told to
    /// stop.
    fn stoppable<T>(
        &mut self,
        call: &Stop,
        work: impl FnOnce(&mut Self) -> T,
    ) -> Result<T, InternalError> {
        if let Some(db) = self.db.open_connection() {
            call.within(&self.stop).watch(db)?;
        }
        let done = work(self);
        if let Some(db) = self.db.open_connection() {
            db.progress_handler(0, None::<fn() -> bool>)?;
        }
        Ok(done)
    }

    /// Runs `work` behind the fence. On `Ok` its transaction, if any, is still open; on `Err` it
    /// has been rolled back.
    fn attempt<T>(
        &mut self,
        vendor: &'static Vendor,
        now: Instant,
        writes: bool,
        in_tx: bool,
        work: impl FnOnce(&mut Cx<'_>) -> Result<T, InternalError>,
    ) -> Result<Ran<T>, InternalError> {
        if in_tx {
            self.begin()?;
        }
        let ran = self.fenced(vendor, now, writes, work);
        match ran {
            Ok(done) => {
                if done.timers.is_any() {
                    self.next_due = due::next_due(self.db.connection())?;
                }
                Ok(done)
            }
            Err(error) => {
                self.rollback();
                Err(error)
            }
        }
    }

    /// Runs `work` behind the fence, in whatever transaction is open.
    pub(crate) fn fenced<T>(
        &self,
        vendor: &'static Vendor,
        now: Instant,
        writes: bool,
        work: impl FnOnce(&mut Cx<'_>) -> Result<T, InternalError>,
    ) -> Result<Ran<T>, InternalError> {
        self.fenced_with(&self.settings, vendor, now, writes, work)
    }

    /// Runs a vendor's function behind the fence, with settings that are not the world's yet.
    fn fenced_with<T>(
        &self,
        settings: &Settings,
        vendor: &'static Vendor,
        now: Instant,
        writes: bool,
        work: impl FnOnce(&mut Cx<'_>) -> Result<T, InternalError>,
    ) -> Result<Ran<T>, InternalError> {
        let surface = vendor.surface;
        let idx = self.vendors.position(vendor).ok_or_else(|| {
            InternalError::new(format!("vendor {} is not in this world", surface.vendor))
        })?;
        let scope = Scope {
            now,
            seed: settings.seed,
            db: self.db.connection(),
            cache: &self.cache,
            writes,
            variants: &settings.variants[idx],
            vendor: surface.vendor,
        };
        let ran = scope.fenced(work);
        // Nobody knows what a piece of work had asked for that broke off.
        let asked = ran.as_ref().map_or(Switches::ALL, |ran| ran.switches);
        self.switches.set(self.switches.get().and(asked));
        ran
    }

    /// Commits what is open and journals the entry: in a file in one transaction, in memory right
    /// after.
    fn commit(&mut self, entry: Entry) -> Result<(), InternalError> {
        if let Err(error) = self.write_entry(&entry) {
            self.rollback();
            return Err(error);
        }
        if let What::Action(Action { name, .. }) = &entry.what {
            debug_assert!(action::ALL.contains(&name.as_ref()), "{name}");
            self.tapped.acted(name);
        }
        if !self.db.is_file() {
            self.journal.push(entry);
        }
        Ok(())
    }

    fn write_entry(&mut self, entry: &Entry) -> Result<(), InternalError> {
        if self.db.is_file() {
            if let Some(trouble) = self.db.trouble() {
                return Err(InternalError::new(trouble.clone()));
            }
            if !self.has_begun() {
                self.begin()?;
            }
            let db = self.db.connection();
            if self.secrets.is_new() {
                self.secrets.learn(db, self.seq)?;
            }
            if !planted::is(Planted::FileForgetsCounts) {
                fault::store::save(db, &mut self.faults)?;
            }
            let shows_secrets = planted::is(Planted::FileIsNotMasked);
            let text = row::write(entry, &self.name, &self.secrets.masker(shows_secrets))?;
            self.room.insert(db, entry.seq, &text)?;
        }
        if self.has_begun() { self.end() } else { Ok(()) }
    }

    fn date_header(&mut self, now: Instant) -> HeaderValue {
        let second = now.as_secs();
        if self.date.0 != second {
            let text = rfc3339::http_date(now);
            let value = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
            self.date = (second, value);
        }
        self.date.1.clone()
    }

    /// Writes what stands beside the rows into them, and hands out the database to be copied. A copy
    /// that takes long ends in an error when the world or `call` is told to stop.
    pub(crate) fn copying<T>(
        &mut self,
        call: &Stop,
        work: impl FnOnce(&Database) -> T,
    ) -> Result<T, InternalError> {
        settings::save_clock(self.db.connection(), &mut self.clock)?;
        fault::store::save(self.db.connection(), &mut self.faults)?;
        self.stoppable(call, |engine| work(&engine.db))
    }
}
