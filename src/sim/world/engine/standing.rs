//! How a world stands, for those who hold its lock: reading, resting, and going back.

use rusqlite::Connection;
use serde_json::Value;

use crate::base::clock::Mode;
use crate::base::time::Instant;
use crate::contract::reply::InternalError;
use crate::contract::vendor::Vendors;
use crate::sim::journal::ring::Lost;
use crate::sim::judge::strict::Strict;
use crate::sim::loading::settings::Settings;
use crate::sim::loading::unseed::Beside;
use crate::sim::world::engine::Engine;
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
    pub(crate) fn strict(&self) -> &Strict {
        &self.strict
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
    pub(crate) fn last_seq(&self) -> u64 {
        self.seq
    }

    /// Entries of the journal that had to go to make room.
    pub(crate) fn evicted(&self) -> u64 {
        self.journal.evicted()
    }

    /// What is still known of those entries.
    pub(crate) fn lost(&self) -> Lost {
        self.journal.lost()
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
    pub(crate) fn wake(&self) -> bool {
        let has_rested = !self.db.is_open();
        if has_rested {
            self.db.connection();
        }
        has_rested
    }

    /// Closes the connection until it is needed, where that is possible; answers whether it is
    /// closed.
    pub(crate) fn rest(&mut self) -> bool {
        self.db.rest();
        self.memo.clear();
        self.cache.clear();
        !self.db.is_open()
    }

    /// Puts the rows back to a saved state, and all that follows from them.
    pub(crate) fn go_back(
        &mut self,
        saved: &Saved,
        action: &'static str,
        detail: Value,
    ) -> Result<u64, InternalError> {
        self.db.restore(saved, schema::FILE_TABLES)?;
        self.put_back()?;
        Ok(self.mark(action, detail))
    }

    /// All that a reader needs who takes his time: the world goes on meanwhile.
    pub(crate) fn read_aside(&mut self) -> Result<(Snapshot, Vendors, Beside), InternalError> {
        let beside = Beside {
            settings: self.settings.clone(),
            now: self.clock.now(),
            mode: self.clock.mode(),
            faults: self.faults.clone(),
            strict: self.strict.clone(),
        };
        Ok((self.db.snapshot()?, self.vendors, beside))
    }
}
