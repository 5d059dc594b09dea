//! The journal of a persistent world: a table in the world's own file, written in the transaction
//! of the input that it records.
//!
//! Not here: what a row holds (`sim::journal::row`).

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::base::seq::Seq;
use crate::statements;

statements! {
    INSERT_ENTRY = "INSERT INTO ringback_journal (seq, entry) VALUES (:seq, :entry)";
    LIST_ENTRIES_AFTER = "
        SELECT seq, entry FROM ringback_journal WHERE seq > :after ORDER BY seq LIMIT :limit";
    LIST_ENTRIES_BEFORE = "
        SELECT seq, entry FROM ringback_journal WHERE seq > :after AND seq < :before
        ORDER BY seq DESC LIMIT :limit";
    SELECT_ENTRY_BY_SEQ = "SELECT entry FROM ringback_journal WHERE seq = :seq";
    SELECT_LAST_SEQ = "SELECT seq FROM sqlite_sequence WHERE name = 'ringback_journal'";
    COMPLETE_ENTRY = "
        UPDATE ringback_journal SET entry = json_set(entry, '$.response.stream', json(:stream))
        WHERE seq = :seq";
    DELETE_ENTRIES = "DELETE FROM ringback_journal";
}

pub(crate) fn insert(db: &Connection, seq: Seq, entry: &str) -> rusqlite::Result<()> {
    let params = named_params! { ":seq": seq, ":entry": entry };
    db.prepare_cached(INSERT_ENTRY)?.execute(params)?;
    Ok(())
}

/// The rows after `seq` with their numbers, oldest first.
pub(crate) fn after(
    db: &Connection,
    seq: Seq,
    limit: usize,
) -> rusqlite::Result<Vec<(Seq, String)>> {
    let params = named_params! { ":after": seq, ":limit": count(limit) };
    db.prepare_cached(LIST_ENTRIES_AFTER)?.query_map(params, numbered)?.collect()
}

/// The rows between two numbers, newest first.
pub(crate) fn before(
    db: &Connection,
    after: Seq,
    before: Seq,
    limit: usize,
) -> rusqlite::Result<Vec<(Seq, String)>> {
    let params = named_params! {
        ":after": after, ":before": before, ":limit": count(limit),
    };
    db.prepare_cached(LIST_ENTRIES_BEFORE)?.query_map(params, numbered)?.collect()
}

fn count(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn numbered(row: &Row<'_>) -> rusqlite::Result<(Seq, String)> {
    Ok((row.get(0)?, row.get(1)?))
}

pub(crate) fn get(db: &Connection, seq: Seq) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(SELECT_ENTRY_BY_SEQ)?
        .query_row(named_params! { ":seq": seq }, |row| row.get(0))
        .optional()
}

/// The last number given out, whether its entry is still there or not.
pub(crate) fn last_seq(db: &Connection) -> rusqlite::Result<Seq> {
    let seq: Option<Seq> =
        db.prepare_cached(SELECT_LAST_SEQ)?.query_row([], |row| row.get(0)).optional()?;
    Ok(seq.unwrap_or_default())
}

/// Completes the entry of a body that was made while it was sent.
pub(crate) fn complete(db: &Connection, seq: Seq, stream: &str) -> rusqlite::Result<()> {
    let params = named_params! { ":seq": seq, ":stream": stream };
    db.prepare_cached(COMPLETE_ENTRY)?.execute(params)?;
    Ok(())
}

pub(crate) fn clear(db: &Connection) -> rusqlite::Result<()> {
    db.prepare_cached(DELETE_ENTRIES)?.execute([])?;
    Ok(())
}
