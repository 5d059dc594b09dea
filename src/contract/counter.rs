//! Ids that count up, from a row each.

use rusqlite::Error::ToSqlConversionFailure;
use rusqlite::{OptionalExtension, named_params, params};

use crate::base::limits::ID_MAX;
use crate::contract::cx::Cx;
use crate::statements;

statements! {
    RAISE_COUNT = "
        INSERT INTO ringback_counter (vendor, name, value) VALUES (:vendor, :name, :value)
        ON CONFLICT (vendor, name) DO UPDATE SET value = MAX(value, excluded.value)";
    SET_COUNT = "
        INSERT INTO ringback_counter (vendor, name, value) VALUES (:vendor, :name, :value)
        ON CONFLICT (vendor, name) DO UPDATE SET value = excluded.value";
    RAISE_BY_ONE = "
        UPDATE ringback_counter SET value = value + 1
        WHERE vendor = ?1 AND name = ?2 AND value < ?3";
    SELECT_COUNT = "SELECT value FROM ringback_counter WHERE vendor = ?1 AND name = ?2";
}

/// No id is left.
#[derive(Debug, thiserror::Error)]
#[error("the counter stands at {last}; ids end at {ID_MAX}, begin again with a reset")]
struct Ended {
    last: i64,
}

impl Cx<'_> {
    /// The next value of one of the vendor's counters, `first` on the first call.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub fn next_count(&self, name: &str, first: i64) -> rusqlite::Result<i64> {
        // The last of all may be a seeded row's.
        let raise = params![self.vendor, name, ID_MAX - 1];
        let is_raised = self.tx().prepare_cached(RAISE_BY_ONE)?.execute(raise)? > 0;
        match self.last_count(name)? {
            Some(last) if is_raised => Ok(last),
            Some(last) => Err(ToSqlConversionFailure(Box::new(Ended { last }))),
            None => {
                self.set_count(name, first)?;
                Ok(first)
            }
        }
    }

    /// The last value that a counter gave out; `None` where it gave out none.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub fn last_count(&self, name: &str) -> rusqlite::Result<Option<i64>> {
        self.db()
            .prepare_cached(SELECT_COUNT)?
            .query_row(params![self.vendor, name], |row| row.get(0))
            .optional()
    }

    /// Makes sure that a counter goes on after `value`, as when a seeded row carries that id. One
    /// that is no id of ours, as a row of history may have it, leaves the counter alone: the next
    /// free id is not after it.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub fn raise_count(&self, name: &str, value: i64) -> rusqlite::Result<()> {
        if value >= ID_MAX {
            return Ok(());
        }
        self.write_count(RAISE_COUNT, name, value)
    }

    /// Sets a counter, so that its next value is `value` + 1.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub fn set_count(&self, name: &str, value: i64) -> rusqlite::Result<()> {
        self.write_count(SET_COUNT, name, value)
    }

    fn write_count(&self, sql: &str, name: &str, value: i64) -> rusqlite::Result<()> {
        self.tx()
            .prepare_cached(sql)?
            .execute(named_params! { ":vendor": self.vendor, ":name": name, ":value": value })?;
        Ok(())
    }
}
