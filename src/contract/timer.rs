//! Things that happen later, as rows, as far as a vendor sets and cancels them.
//!
//! A firing is not an input: it takes no sequence number, and in it `now` is the time at which the
//! timer was due. Firings run in the order (due, id), so that stepping a clock in one stride or in
//! many comes to the same.
//!
//! Not here: the queue of what is due, and firing (`sim::world`).

use rusqlite::{named_params, params};
use serde_json::{Value, json};

use crate::base::time;
use crate::contract::cx::Cx;
use crate::statements;

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

// Those of every firing have parameters by place: to find one by its name takes as long as to bind it.
statements! {
    INSERT_TIMER = "
        INSERT INTO ringback_timer (due_ms, id, vendor, kind, key, payload)
        VALUES (?1, (SELECT COALESCE(MAX(id), 0) + 1 FROM ringback_timer WHERE due_ms = ?1),
            ?2, ?3, ?4, ?5)";
    DELETE_TIMERS_BY_KEY = "
        DELETE FROM ringback_timer
        WHERE vendor = :vendor AND kind = :kind AND key = :key AND key <> ''";
}

/// A timer that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timer {
    pub due_ms: i64,
    /// Counts those that are due at the same time, in the order in which they were set.
    pub id: i64,
    pub vendor: String,
    /// What is to happen, in the vendor's terms: `call_answered`.
    pub kind: String,
    /// What it happens to.
    pub key: String,
    /// What else the vendor has to know then; empty for most.
    pub payload: String,
}

impl Cx<'_> {
    /// Lets the vendor be woken at `due_ms`, or at once when that has passed. A timer with an empty
    /// key is cheaper, and cannot be taken back.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub fn set_timer(&mut self, due_ms: i64, kind: &str, key: &str) -> rusqlite::Result<()> {
        self.set_timer_with(due_ms, kind, key, "")
    }

    /// The same, with something to be handed over then.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub fn set_timer_with(
        &mut self,
        due_ms: i64,
        kind: &str,
        key: &str,
        payload: &str,
    ) -> rusqlite::Result<()> {
        let earliest_ms = self.timers.earliest_ms.map_or(due_ms, |earliest| earliest.min(due_ms));
        self.timers.earliest_ms = Some(earliest_ms);
        let values = params![due_ms, self.vendor, kind, key, payload];
        self.tx().prepare_cached(INSERT_TIMER)?.execute(values)?;
        Ok(())
    }

    /// Takes back the timers of that kind and key, which is not empty; it is no mistake if there are none.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub fn cancel_timers(&mut self, kind: &str, key: &str) -> rusqlite::Result<()> {
        self.timers.are_cancelled = true;
        self.tx()
            .prepare_cached(DELETE_TIMERS_BY_KEY)?
            .execute(named_params! { ":vendor": self.vendor, ":kind": kind, ":key": key })?;
        Ok(())
    }
}
