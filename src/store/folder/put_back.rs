//! Puts the rows of a world's file back to those of another file, in one transaction.
//!
//! The other file is opened read-only, and has to be whole and have every table of ours in the same
//! version: SQLite would make a missing file, and an empty one has no rows to complain of.
//!
//! Not here: which file that is.

use std::path::Path;

use rusqlite::Connection;

use crate::store::folder::connect;
/// How the other file is called while it is attached.
const SAVED: &str = "saved";

/// Why nothing was put back.
#[derive(Debug, thiserror::Error)]
pub enum PutBackError {
    /// The file is missing, damaged, or of something else.
    #[error("{0}")]
    NoState(String),
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// Replaces the rows of every table but those in `keep`; `also` runs in the same transaction.
///
/// # Errors
/// Where the other file is no such state, or SQLite fails. Nothing is changed then.
pub(crate) fn put_back(
    db: &Connection,
    saved: &Path,
    keep: &[&str],
    also: impl FnOnce(&Connection) -> rusqlite::Result<()>,
) -> Result<(), PutBackError> {
    // A link or folder of that name is not what was saved here.
    let is_file = saved.symlink_metadata().is_ok_and(|about| about.is_file());
    if !is_file {
        let there = saved.symlink_metadata().is_ok();
        let what = if there { "it is not a file" } else { "the file is not there" };
        return Err(PutBackError::NoState(what.to_owned()));
    }
    let uri = connect::uri(saved, "mode=ro");
    db.execute(&format!("ATTACH DATABASE ?1 AS {SAVED}"), [uri])
        .map_err(|error| PutBackError::NoState(format!("it cannot be read: {error}")))?;
    let done = check(db, keep).and_then(|tables| Ok(replace(db, &tables, keep, also)?));
    if done.is_err() && !db.is_autocommit() {
        db.execute_batch("ROLLBACK")?;
    }
    db.execute_batch(&format!("DETACH DATABASE {SAVED}"))?;
    done
}

/// The tables to replace.
fn check(db: &Connection, keep: &[&str]) -> Result<Vec<String>, PutBackError> {
    let no_state = |what: String| Err(PutBackError::NoState(what));
    let verdict =
        db.query_row(&format!("PRAGMA {SAVED}.quick_check(1)"), [], |row| row.get::<_, String>(0));
    match verdict {
        Ok(verdict) if verdict == "ok" => {}
        Ok(verdict) => return no_state(format!("it is damaged: {verdict}")),
        Err(error) => return no_state(format!("it is damaged: {error}")),
    }
    let theirs = tables(db, SAVED)?;
    let ours = tables(db, "main")?;
    if !theirs.iter().any(|name| name == "ringback_schema") {
        return no_state("it holds no world".to_owned());
    }
    let (saved, known) = (versions(db, SAVED)?, versions(db, "main")?);
    // The journal's tables are only those of a world in a file, and stay as they are.
    for (component, version) in known.iter().filter(|(name, _)| name != "journal") {
        let found = saved.iter().find(|(name, _)| name == component).map(|(_, version)| version);
        if found != Some(version) {
            let found = found.map_or_else(|| "none".to_owned(), |found| format!("version {found}"));
            return no_state(format!("expected version {version} of {component}, found {found}"));
        }
    }
    let is_kept = |name: &str| keep.contains(&name);
    // What a person has put into the world's file beside our tables is left alone.
    let is_ours = |name: &str| {
        let component = name.split_once('_').map_or("", |(component, _)| component);
        component == "ringback" || known.iter().any(|(known, _)| known == component)
    };
    let expected = |name: &&String| is_ours(name) && !is_kept(name);
    if let Some(absent) = ours.iter().filter(expected).find(|name| !theirs.contains(name)) {
        return no_state(format!("it has no table {absent:?}"));
    }
    if let Some(odd) = theirs.iter().filter(|name| !is_kept(name)).find(|it| !ours.contains(it)) {
        return no_state(format!("it has a table {odd:?} of something else"));
    }
    Ok(theirs.into_iter().filter(|name| !is_kept(name)).collect())
}

fn tables(db: &Connection, schema: &str) -> rusqlite::Result<Vec<String>> {
    let sql = format!("SELECT name FROM {schema}.sqlite_schema WHERE type = 'table' ORDER BY name");
    db.prepare(&sql)?.query_map([], |row| row.get(0))?.collect()
}

fn versions(db: &Connection, schema: &str) -> rusqlite::Result<Vec<(String, i64)>> {
    let sql = format!("SELECT component, version FROM {schema}.ringback_schema ORDER BY component");
    db.prepare(&sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

fn replace(
    db: &Connection,
    tables: &[String],
    keep: &[&str],
    also: impl FnOnce(&Connection) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    db.execute_batch("BEGIN IMMEDIATE")?;
    // Names come from our own schema; `sqlite_sequence` is among them, so counting ids go back too.
    for table in tables {
        let rows = if table == "sqlite_sequence" {
            let kept = keep.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
            format!("WHERE name NOT IN ({kept})")
        } else {
            String::new()
        };
        db.execute_batch(&format!(
            "DELETE FROM main.\"{table}\" {rows};
             INSERT INTO main.\"{table}\" SELECT * FROM {SAVED}.\"{table}\" {rows};"
        ))?;
    }
    also(db)?;
    db.execute_batch("COMMIT")
}
