//! Requests of a kept world that share a transaction: each in a savepoint of its own, so that one that
//! fails takes back its own changes alone. A commit to a file costs more than most requests do.
//!
//! Nobody may be answered before they are settled: what is not committed can still be lost, with all
//! that shared it.
//!
//! Not here: who gathers them and holds their answers back (`sim::world::stint`).

use rusqlite::Connection;

use crate::contract::reply::InternalError;
use crate::sim::world::engine::share::{Gathered, Share};
use crate::sim::world::engine::{Engine, due};

impl Engine {
    /// Has requests share a transaction from now on, until `settle_all`; answers whether they do. Not in
    /// memory, where a commit costs nothing, and not where each is told to somebody before it is answered.
    pub(crate) fn gather(&mut self) -> bool {
        let is_told = self.tapped.tap.is_some();
        self.gathered.is_on = self.db.is_file() && self.db.trouble().is_none() && !is_told;
        self.gathered.is_on
    }

    /// Has the request that is worked on now be part of what is shared now.
    pub(super) fn join(&mut self) {
        self.gathered.joined = self.gathered.share;
    }

    /// What the last request was part of.
    pub(crate) fn joined(&self) -> Share {
        self.gathered.joined
    }

    /// Ends the gathering: commits what is open. Answers what was lost since it began.
    pub(crate) fn settle_all(&mut self) -> Vec<Share> {
        // What it says is in the list.
        let _ = self.settle();
        self.gathered.is_on = false;
        std::mem::take(&mut self.gathered.lost)
    }

    /// Ends the gathering where nobody will be answered: takes back what is open.
    pub(crate) fn give_up(&mut self) {
        if !self.gathered.is_on {
            return;
        }
        self.gathered = Gathered { share: self.gathered.share, ..Gathered::default() };
        self.rollback();
    }

    /// Commits what requests have shared so far.
    ///
    /// # Errors
    /// Where it cannot be committed: all of it is taken back, and noted as lost.
    pub(super) fn settle(&mut self) -> Result<(), InternalError> {
        if !self.gathered.is_open {
            return Ok(());
        }
        let committed = run(self.db.connection(), "COMMIT");
        self.gathered.end(committed.is_err());
        committed.inspect_err(|error| {
            let error = self.told(error);
            tracing::error!(world = self.name, error, "requests could not be committed");
            self.rollback();
        })
    }

    /// Begins what an input does to the rows.
    pub(super) fn begin(&mut self) -> Result<(), InternalError> {
        let db = self.db.connection();
        if !self.gathered.is_on {
            return run(db, "BEGIN IMMEDIATE");
        }
        if !self.gathered.is_open {
            run(db, "BEGIN IMMEDIATE")?;
            self.gathered.is_open = true;
        }
        run(db, "SAVEPOINT request")?;
        self.gathered.is_inside = true;
        Ok(())
    }

    /// Whether it has begun.
    pub(super) fn has_begun(&self) -> bool {
        if self.gathered.is_on {
            return self.gathered.is_inside;
        }
        !self.db.connection().is_autocommit()
    }

    /// Ends what an input has begun, with what it did.
    pub(super) fn end(&mut self) -> Result<(), InternalError> {
        let db = self.db.connection();
        if !self.gathered.is_on {
            return run(db, "COMMIT");
        }
        run(db, "RELEASE request")?;
        self.gathered.is_inside = false;
        Ok(())
    }

    /// Takes back what is open. SQLite may have done so by itself, where the disk is full.
    pub(crate) fn rollback(&mut self) {
        self.cache.clear();
        self.room.forget();
        if self.db.is_file() {
            // Counts that were written are taken back with the rest.
            self.faults.touch();
        }
        if let Err(error) = self.take_back() {
            tracing::error!(world = self.name, %error, "rollback failed");
        }
        match due::next_due(self.db.connection()) {
            Ok(next) => self.next_due = next,
            Err(error) => {
                tracing::error!(
                    world = self.name,
                    error = self.told(&error),
                    "timers cannot be read"
                );
            }
        }
    }

    /// Takes back what an input did: all that is open, or its part of what it shares.
    fn take_back(&mut self) -> Result<(), InternalError> {
        let db = self.db.connection();
        if !self.gathered.is_open {
            return if db.is_autocommit() { Ok(()) } else { run(db, "ROLLBACK") };
        }
        if db.is_autocommit() {
            // What others did has gone with it.
            self.gathered.end(true);
            return Ok(());
        }
        if !std::mem::take(&mut self.gathered.is_inside) {
            return Ok(());
        }
        let taken = run(db, "ROLLBACK TO request").and_then(|()| run(db, "RELEASE request"));
        if taken.is_err() {
            self.gathered.end(true);
            if !db.is_autocommit() {
                run(db, "ROLLBACK")?;
            }
        }
        taken
    }
}

fn run(db: &Connection, statement: &str) -> Result<(), InternalError> {
    db.prepare_cached(statement)?.execute([])?;
    Ok(())
}
