//! A world's settings as rows: texts by name.
//!
//! Not here: what they mean.

use rusqlite::{Connection, OptionalExtension, named_params};
use serde_json::Value;

use crate::statements;

statements! {
    UPSERT_SETTING = "
        INSERT INTO ringback_setting (name, value) VALUES (:name, :value)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    SELECT_SETTING = "SELECT value FROM ringback_setting WHERE name = :name";
}

/// Keeps a setting, in place of what was kept under its name.
pub(crate) fn put(db: &Connection, name: &str, value: &str) -> rusqlite::Result<()> {
    db.prepare_cached(UPSERT_SETTING)?.execute(named_params! { ":name": name, ":value": value })?;
    Ok(())
}

/// A setting; `None` where there is none.
pub(crate) fn get(db: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(SELECT_SETTING)?
        .query_row(named_params! { ":name": name }, |row| row.get(0))
        .optional()
}

/// A setting that is JSON; `None` where there is none.
pub(crate) fn parsed(db: &Connection, name: &str) -> rusqlite::Result<Option<Value>> {
    let Some(text) = get(db, name)? else { return Ok(None) };
    let value = serde_json::from_str(&text);
    value.map(Some).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
    })
}
