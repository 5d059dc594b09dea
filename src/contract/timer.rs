//! Things that happen later, as rows, as far as a vendor sets and cancels them.
//!
//! A firing is not an input: it takes no sequence number, and in it `now` is the time at which the
//! timer was due. Firings run in the order (due, id), so that stepping a clock in one stride or in
//! many comes to the same.
//!
//! Not here: the queue of what is due, and firing (`sim::world`).

use rusqlite::types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef};
use rusqlite::{ToSql, named_params, params};
use serde_json::{Value, json};

use crate::base::time::Instant;
use crate::contract::cx::Cx;
use crate::contract::reply::InternalError;
use crate::statements;

// Those of every firing have parameters by place: to find one by its name takes as long as to bind it.
statements! {
    INSERT_TIMER = "
        INSERT INTO ringback_timer (due_ms, id, vendor, kind, key, payload)
        VALUES (?1, (SELECT COALESCE(MAX(id), 0) + 1 FROM ringback_timer WHERE due_ms = ?1),
            ?2, ?3, ?4, ?5)";
    FIRST_TIMER_BY_KEY = "
        SELECT MIN(due_ms) FROM ringback_timer
        WHERE vendor = :vendor AND kind = :kind AND key = :key AND key <> ''";
    DELETE_TIMERS_BY_KEY = "
        DELETE FROM ringback_timer
        WHERE vendor = :vendor AND kind = :kind AND key = :key AND key <> ''";
}

/// Which of the timers that are due at the same time, in the order in which they were set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimerId(i64);

impl ToSql for TimerId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for TimerId {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        i64::column_result(value).map(TimerId)
    }
}

/// A timer that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timer {
    /// When it is due.
    pub due: Instant,
    pub id: TimerId,
    pub vendor: String,
    /// What is to happen, in the vendor's terms: `call_answered`.
    pub kind: String,
    /// What it happens to.
    pub key: String,
    /// What else the vendor has to know then; empty for most.
    pub payload: String,
}

impl Timer {
    /// The timer as the control plane shows it.
    pub fn to_json(&self) -> Value {
        json!({
            "at": self.due.to_string(),
            "vendor": self.vendor,
            "kind": self.kind,
            "key": self.key,
        })
    }
}

impl Cx<'_> {
    /// Lets the vendor be woken at `due`, or at once when that has passed. A timer with an empty
    /// key is cheaper, and cannot be taken back.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub fn set_timer(&mut self, due: Instant, kind: &str, key: &str) -> rusqlite::Result<()> {
        self.set_timer_with(due, kind, key, "")
    }

    /// Lets the vendor be woken as [`Cx::set_timer`] does, with something to be handed over then.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub fn set_timer_with(
        &mut self,
        due: Instant,
        kind: &str,
        key: &str,
        payload: &str,
    ) -> rusqlite::Result<()> {
        let earliest = self.timers.earliest.map_or(due, |earliest| earliest.min(due));
        self.timers.earliest = Some(earliest);
        let values = params![due, self.vendor, kind, key, payload];
        self.tx().prepare_cached(INSERT_TIMER)?.execute(values)?;
        Ok(())
    }

    /// When the first of the timers of that kind and key is due, which is not empty.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub fn timer_due(&self, kind: &str, key: &str) -> rusqlite::Result<Option<Instant>> {
        self.db().prepare_cached(FIRST_TIMER_BY_KEY)?.query_row(
            named_params! { ":vendor": self.vendor, ":kind": kind, ":key": key },
            |row| row.get(0),
        )
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

/// The timers of a vendor that sets none.
///
/// # Errors
/// Always: a timer that nobody can run is Ringback's own fault.
pub fn unknown(_: &mut Cx<'_>, timer: &Timer) -> Result<(), InternalError> {
    Err(InternalError::new(format!("no timer of kind {} is known here", timer.kind)))
}
