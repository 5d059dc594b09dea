//! Things that happen later, as rows.
//!
//! A firing is not an input: it takes no sequence number, and in it `now` is the time at which the
//! timer was due. Firings run in the order (due, id), so that stepping a clock in one stride or in
//! many comes to the same.

use std::collections::VecDeque;

use rusqlite::{Connection, named_params, params};

use crate::base::time::{Instant, Span};
use crate::contract::timer::Timer;
use crate::statements;

// Those of every firing have parameters by place: to find one by its name takes as long as to bind it.
statements! {
    DELETE_TIMER = "DELETE FROM ringback_timer WHERE due_ms = ?1 AND id = ?2";
    NEXT_TIMERS = "
        SELECT due_ms, id, vendor, kind, key, payload FROM ringback_timer
        WHERE due_ms <= ?1 ORDER BY due_ms, id LIMIT ?2";
    NEXT_DUE = "SELECT MIN(due_ms) FROM ringback_timer";
    COUNT_TIMERS = "
        SELECT (SELECT COUNT(*) FROM ringback_timer), (SELECT COUNT(*) FROM ringback_failed_timer)";
    // In two steps, so that none is moved to where another one still is.
    SHIFT_TIMERS = "UPDATE ringback_timer SET due_ms = MIN(due_ms + :by_ms, :end_ms), id = -id";
    SETTLE_SHIFTED_TIMERS = "UPDATE ringback_timer SET id = -id";
    INSERT_FAILED_TIMER = "
        INSERT INTO ringback_failed_timer (due_ms, vendor, kind, key, payload, reason)
        VALUES (:due_ms, :vendor, :kind, :key, :payload, :reason)";
}

/// The first timers due at or before `until_ms`, at most so many.
pub(crate) fn next(
    db: &Connection,
    until: Instant,
    limit: usize,
) -> rusqlite::Result<VecDeque<Timer>> {
    let mut statement = db.prepare_cached(NEXT_TIMERS)?;
    let timers = statement.query_map(params![until, limit.cast_signed() as i64], |row| {
        Ok(Timer {
            due: row.get(0)?,
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
pub(crate) fn next_due(db: &Connection) -> rusqlite::Result<Option<Instant>> {
    db.prepare_cached(NEXT_DUE)?.query_row([], |row| row.get(0))
}

/// How many timers wait, and how many were switched off.
pub(crate) fn counts(db: &Connection) -> rusqlite::Result<(i64, i64)> {
    db.prepare_cached(COUNT_TIMERS)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Moves all timers on.
pub(crate) fn shift(db: &Connection, by: Span) -> rusqlite::Result<()> {
    db.prepare_cached(SHIFT_TIMERS)?
        .execute(named_params! { ":by_ms": by, ":end_ms": Instant::MAX })?;
    db.prepare_cached(SETTLE_SHIFTED_TIMERS)?.execute([])?;
    Ok(())
}

/// Removes a timer that is about to fire.
pub(crate) fn take(db: &Connection, timer: &Timer) -> rusqlite::Result<()> {
    db.prepare_cached(DELETE_TIMER)?.execute(params![timer.due, timer.id])?;
    Ok(())
}

/// Switches off a timer whose firing failed; it stays as a row, with the reason.
pub(crate) fn switch_off(db: &Connection, timer: &Timer, reason: &str) -> rusqlite::Result<()> {
    let tx = db.unchecked_transaction()?;
    take(&tx, timer)?;
    tx.prepare_cached(INSERT_FAILED_TIMER)?.execute(named_params! {
        ":due_ms": timer.due, ":vendor": timer.vendor, ":kind": timer.kind, ":key": timer.key,
        ":payload": timer.payload, ":reason": reason,
    })?;
    tx.commit()
}
