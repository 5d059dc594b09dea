//! Things that happen later, as rows.
//!
//! A firing is not an input: it takes no sequence number, and in it `now` is the time at which the
//! timer was due. Firings run in the order (due, id), so that stepping a clock in one stride or in
//! many comes to the same.

use std::collections::VecDeque;

use rusqlite::{Connection, named_params, params};

use super::cx::Cx;
use crate::statements;

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

// Those of every firing have parameters by place: to find one by its name takes as long as to bind it.
statements! {
    INSERT_TIMER = "
        INSERT INTO ringback_timer (due_ms, id, vendor, kind, key, payload)
        VALUES (?1, (SELECT COALESCE(MAX(id), 0) + 1 FROM ringback_timer WHERE due_ms = ?1),
            ?2, ?3, ?4, ?5)";
    DELETE_TIMER = "DELETE FROM ringback_timer WHERE due_ms = ?1 AND id = ?2";
    DELETE_TIMERS_BY_KEY = "
        DELETE FROM ringback_timer
        WHERE vendor = :vendor AND kind = :kind AND key = :key AND key <> ''";
    NEXT_TIMERS = "
        SELECT due_ms, id, vendor, kind, key, payload FROM ringback_timer
        WHERE due_ms <= ?1 ORDER BY due_ms, id LIMIT ?2";
    NEXT_DUE = "SELECT MIN(due_ms) FROM ringback_timer";
    COUNT_TIMERS = "
        SELECT (SELECT COUNT(*) FROM ringback_timer), (SELECT COUNT(*) FROM ringback_failed_timer)";
    // In two steps, so that none is moved to where another one still is.
    SHIFT_TIMERS = "UPDATE ringback_timer SET due_ms = due_ms + :by_ms, id = -id";
    SETTLE_SHIFTED_TIMERS = "UPDATE ringback_timer SET id = -id";
    INSERT_FAILED_TIMER = "
        INSERT INTO ringback_failed_timer (due_ms, vendor, kind, key, payload, reason)
        VALUES (:due_ms, :vendor, :kind, :key, :payload, :reason)";
}

/// What a piece of work did to the timers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Touched {
    /// When the first of those that were set is due.
    earliest_ms: Option<i64>,
    /// Whether any were taken back.
    are_cancelled: bool,
}

impl Touched {
    pub(super) fn is_any(self) -> bool {
        self.are_cancelled || self.earliest_ms.is_some()
    }

    /// Whether timers that were read before, up to the `last` of them, may not be the next any more.
    pub(super) fn upsets(self, last: &Timer) -> bool {
        self.are_cancelled || self.earliest_ms.is_some_and(|due_ms| due_ms < last.due_ms)
    }
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

/// The first timers due at or before `until_ms`, at most so many.
pub(super) fn next(
    db: &Connection,
    until_ms: i64,
    limit: usize,
) -> rusqlite::Result<VecDeque<Timer>> {
    let mut statement = db.prepare_cached(NEXT_TIMERS)?;
    let timers = statement.query_map(params![until_ms, limit.cast_signed() as i64], |row| {
        Ok(Timer {
            due_ms: row.get(0)?,
            id: row.get(1)?,
            vendor: row.get(2)?,
            kind: row.get(3)?,
            key: row.get(4)?,
            payload: row.get(5)?,
        })
    })?;
    timers.collect()
}

/// When the next timer is due; `None` where nothing is.
pub(super) fn next_due_ms(db: &Connection) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(NEXT_DUE)?.query_row([], |row| row.get(0))
}

/// How many timers wait, and how many were switched off.
pub(super) fn counts(db: &Connection) -> rusqlite::Result<(i64, i64)> {
    db.prepare_cached(COUNT_TIMERS)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Moves all timers on.
pub(super) fn shift(db: &Connection, by_ms: i64) -> rusqlite::Result<()> {
    db.prepare_cached(SHIFT_TIMERS)?.execute(named_params! { ":by_ms": by_ms })?;
    db.prepare_cached(SETTLE_SHIFTED_TIMERS)?.execute([])?;
    Ok(())
}

/// Removes a timer that is about to fire.
pub(super) fn take(db: &Connection, timer: &Timer) -> rusqlite::Result<()> {
    db.prepare_cached(DELETE_TIMER)?.execute(params![timer.due_ms, timer.id])?;
    Ok(())
}

/// Switches off a timer whose firing failed; it stays as a row, with the reason.
pub(super) fn switch_off(db: &Connection, timer: &Timer, reason: &str) -> rusqlite::Result<()> {
    let tx = db.unchecked_transaction()?;
    take(&tx, timer)?;
    tx.prepare_cached(INSERT_FAILED_TIMER)?.execute(named_params! {
        ":due_ms": timer.due_ms, ":vendor": timer.vendor, ":kind": timer.kind, ":key": timer.key,
        ":payload": timer.payload, ":reason": reason,
    })?;
    tx.commit()
}
