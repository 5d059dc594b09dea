//! Things that happen later, as rows.
//!
//! A firing is not an input: it takes no sequence number, and in it `now` is the time at which the
//! timer was due. Firings run in the order (due, id), so that stepping a clock in one stride or in
//! many comes to the same.

use rusqlite::{Connection, OptionalExtension, named_params};

use super::cx::Cx;
use crate::statements;

/// A timer that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timer {
    pub id: i64,
    pub due_ms: i64,
    pub vendor: String,
    /// What is to happen, in the vendor's terms: `call_answered`.
    pub kind: String,
    /// What it happens to.
    pub key: String,
    /// What else the vendor has to know then; empty for most.
    pub payload: String,
}

statements! {
    INSERT_TIMER = "
        INSERT INTO ringback_timer (due_ms, vendor, kind, key, payload)
        VALUES (:due_ms, :vendor, :kind, :key, :payload)";
    DELETE_TIMER_BY_ID = "DELETE FROM ringback_timer WHERE id = :id";
    DELETE_TIMERS_BY_KEY = "
        DELETE FROM ringback_timer
        WHERE vendor = :vendor AND kind = :kind AND key = :key AND key <> ''";
    NEXT_TIMER = "
        SELECT id, due_ms, vendor, kind, key, payload FROM ringback_timer
        WHERE failed IS NULL AND due_ms <= :until_ms ORDER BY due_ms, id LIMIT 1";
    NEXT_DUE = "SELECT MIN(due_ms) FROM ringback_timer WHERE failed IS NULL";
    COUNT_TIMERS = "SELECT COUNT(*) - COUNT(failed), COUNT(failed) FROM ringback_timer";
    SHIFT_TIMERS = "UPDATE ringback_timer SET due_ms = due_ms + :by_ms";
    FAIL_TIMER = "UPDATE ringback_timer SET failed = :reason WHERE id = :id";
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
        self.timers_changed = true;
        self.tx().prepare_cached(INSERT_TIMER)?.execute(named_params! {
            ":due_ms": due_ms, ":vendor": self.vendor, ":kind": kind, ":key": key,
            ":payload": payload,
        })?;
        Ok(())
    }

    /// Takes back the timers of that kind and key, which is not empty; it is no mistake if there are none.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub fn cancel_timers(&mut self, kind: &str, key: &str) -> rusqlite::Result<()> {
        self.timers_changed = true;
        self.tx()
            .prepare_cached(DELETE_TIMERS_BY_KEY)?
            .execute(named_params! { ":vendor": self.vendor, ":kind": kind, ":key": key })?;
        Ok(())
    }
}

/// The first timer due at or before `until_ms`.
pub(super) fn next(db: &Connection, until_ms: i64) -> rusqlite::Result<Option<Timer>> {
    db.prepare_cached(NEXT_TIMER)?
        .query_row(named_params! { ":until_ms": until_ms }, |row| {
            Ok(Timer {
                id: row.get("id")?,
                due_ms: row.get("due_ms")?,
                vendor: row.get("vendor")?,
                kind: row.get("kind")?,
                key: row.get("key")?,
                payload: row.get("payload")?,
            })
        })
        .optional()
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
    Ok(())
}

/// Removes a timer that is about to fire.
pub(super) fn take(db: &Connection, id: i64) -> rusqlite::Result<()> {
    db.prepare_cached(DELETE_TIMER_BY_ID)?.execute(named_params! { ":id": id })?;
    Ok(())
}

/// Switches off a timer whose firing failed; it stays as a row, with the reason.
pub(super) fn switch_off(db: &Connection, id: i64, reason: &str) -> rusqlite::Result<()> {
    db.prepare_cached(FAIL_TIMER)?.execute(named_params! { ":id": id, ":reason": reason })?;
    Ok(())
}
