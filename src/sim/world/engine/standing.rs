//! How a world stands, for those who hold its lock: reading, resting, and going back.

use std::error::Error;

use rusqlite::Connection;
use rusqlite::Error::ToSqlConversionFailure;
use serde_json::Value;

use crate::base::chain::Chain;
use crate::base::clock::Mode;
use crate::base::seq::Seq;
use crate::base::time::Instant;
use crate::contract::reply::InternalError;
use crate::contract::vendor::Vendors;
use crate::sim::journal::entry::{Action, Entry, What};
use crate::sim::journal::ledger;
use crate::sim::journal::row;
use crate::sim::judge::expectation::Expectation;
use crate::sim::loading::read_back::InMemoryState;
use crate::sim::loading::settings::Settings;
use crate::sim::world::engine::Engine;
use crate::sim::world::engine::halt::{Stop, Stopped};
use crate::sim::world::engine::room::{self, Gone};
use crate::store::database::{Saved, Snapshot};
use crate::store::schema;

impl Engine {
    /// The world's rows, for reading.
    pub(crate) fn connection(&self) -> &Connection {
        self.db.connection()
    }

    pub(crate) fn vendors(&self) -> Vendors {
        self.vendors
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What is expected of the run.
    pub(crate) fn expectation(&self) -> &Expectation {
        &self.expectation
    }

    /// The switches as they stand, by vendor and name.
    pub(crate) fn variants_json(&self) -> Value {
        self.settings.variants_json(self.vendors.0)
    }

    pub(crate) fn clock_mode(&self) -> Mode {
        self.clock.mode()
    }

    pub(crate) fn now(&mut self) -> Instant {
        self.clock.now()
    }

    /// The number of the last input.
    pub(crate) fn last_seq(&self) -> Seq {
        self.seq
    }

    /// Entries of the journal that had to go to make room, and what is still known of them.
    pub(crate) fn gone(&self) -> Result<Gone, InternalError> {
        if self.db.is_file() {
            return Ok(room::gone(self.db.connection())?);
        }
        Ok(Gone { evicted: self.journal.evicted(), lost: self.journal.lost() })
    }

    /// Whether the world is kept in a file.
    pub(crate) fn is_kept(&self) -> bool {
        self.db.is_file()
    }

    /// Bytes that the world holds for itself alone.
    pub(crate) fn own_bytes(&self) -> u64 {
        self.db.own_bytes()
    }

    /// Opens the connection where it is closed; answers whether it was.
    ///
    /// # Errors
    /// Where it cannot be opened. The world goes on resting.
    pub(crate) fn wake(&mut self) -> Result<bool, InternalError> {
        let has_rested = !self.db.is_open();
        self.db.wake().map_err(|error| match error.trouble() {
            Some(trouble) => InternalError::new(trouble),
            None => error.into(),
        })?;
        Ok(has_rested)
    }

    /// Closes the connection until it is needed, where that is possible; answers whether it is
    /// closed.
    pub(crate) fn rest(&mut self) -> bool {
        self.db.rest();
        self.memo.clear();
        self.cache.clear();
        !self.db.is_open()
    }

    /// Learns the credentials that stand in the rows now. Whoever is about to replace them calls this
    /// before: those that go are in the journal still.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub(crate) fn learn_secrets(&self) -> Result<(), InternalError> {
        if self.secrets.is_up_to(self.seq) {
            return Ok(());
        }
        self.secrets.learn(self.db.connection(), self.seq)
    }

    /// An error with all that led to it, as the log may show it: it may quote what a client sent.
    pub(super) fn told(&self, error: &(dyn Error + 'static)) -> String {
        // Where they cannot be read, those that were seen have to do.
        let _ = self.learn_secrets();
        self.secrets.masker(false).sentence(&Chain(error).to_string()).into_owned()
    }

    /// Puts the rows back to a saved state, with all that follows from them. In a file the journal's
    /// marker is committed with the rows.
    pub(crate) fn go_back(
        &mut self,
        saved: &Saved,
        action: &'static str,
        detail: Value,
        call: &Stop,
    ) -> Result<Seq, InternalError> {
        self.learn_secrets()?;
        if !self.db.is_file() {
            self.db.restore(saved, schema::FILE_TABLES)?;
            self.put_back()?;
            let seq = self.mark(action, detail);
            self.tell_start();
            return Ok(seq);
        }
        let seq = self.seq.next();
        let mut risen = None;
        let also = |engine: &Engine, db: &Connection| {
            let mut up = engine.rise().map_err(|error| ToSqlConversionFailure(Box::new(error)))?;
            let what = What::Action(Action { name: action.into(), vendor: None, detail });
            let entry = Entry::action(seq, up.now(), what, Vec::new());
            let text = row::write(&entry, &engine.name, &engine.secrets.masker(false));
            let text = text.map_err(|error| ToSqlConversionFailure(Box::new(error)))?;
            ledger::insert(db, seq, &text)?;
            risen = Some(up);
            Ok(())
        };
        let put = self.stoppable(call, |engine| {
            let engine = &*engine;
            engine.db.restore_and(saved, schema::FILE_TABLES, |db| also(engine, db))
        })?;
        self.cache.clear();
        self.room.forget();
        if let (Err(_), Some(halt)) = (&put, call.within(&self.stop).told()) {
            return Err(InternalError::new(Stopped(halt)));
        }
        put?;
        self.seq = seq;
        if let Some(risen) = risen {
            self.take_up(risen);
        }
        self.tapped.acted(action);
        self.tell_start();
        Ok(seq)
    }

    /// All that a reader needs who takes his time: the world goes on meanwhile.
    pub(crate) fn read_aside(
        &mut self,
    ) -> Result<(Snapshot, Vendors, InMemoryState), InternalError> {
        let beside = InMemoryState {
            settings: self.settings.clone(),
            now: self.clock.now(),
            mode: self.clock.mode(),
            faults: self.faults.clone(),
            expectation: self.expectation.clone(),
        };
        Ok((self.db.snapshot()?, self.vendors, beside))
    }
}
