//! Connections to SQLite files: how a world's is set up, and how one is looked at without a trace.
//!
//! Not here: what is in the file, and whether it is a world's.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use rusqlite::{Connection, OpenFlags};

use crate::store::pages::space::{STATEMENTS_MAX, keep_plans};

/// How long a file's lock is waited for. One process owns a data folder, so only a person with a
/// SQLite shell can hold it.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// What stands in a URI as it is; SQLite decodes the rest.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.');

/// A file as SQLite's URI, with parameters such as `mode=ro`.
pub(crate) fn uri(path: &Path, parameters: &str) -> String {
    let path = percent_encode(path.as_os_str().as_encoded_bytes(), ENCODED);
    format!("file:{path}?{parameters}")
}

/// A file that SQLite keeps beside a database; `ending` is `-wal`, `-shm` or `-journal`.
pub(crate) fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push(ending);
    PathBuf::from(path)
}

/// Whether all of a database is in its file: nothing waits in a log or journal beside it.
pub(crate) fn is_settled(database: &Path) -> bool {
    let is_empty = |ending| fs::metadata(beside(database, ending)).map_or(true, |it| it.len() == 0);
    is_empty("-wal") && is_empty("-journal")
}

/// Opens a world's file to read and write, in WAL mode. `synchronous` is SQLite's word.
///
/// # Errors
/// Where SQLite cannot open it.
pub(crate) fn to_write(
    path: &Path,
    flags: OpenFlags,
    synchronous: &str,
) -> rusqlite::Result<Connection> {
    let flags = flags
        | OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(uri(path, ""), flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // Pragmas come before any transaction; SQLite ignores some of them inside one.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    keep_plans(&connection)?;
    // The first read opens what SQLite keeps beside the file, or shows that it cannot be opened.
    connection.execute_batch("SELECT 1 FROM sqlite_schema LIMIT 1")?;
    Ok(connection)
}

/// Opens a file to read what is committed in it and beside it.
///
/// # Errors
/// Where SQLite cannot open it.
pub(crate) fn to_read(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    reading(path, flags, "mode=ro")
}

/// Opens a settled file to read. Nothing is written beside it and no lock is taken, so it needs
/// neither room nor rights, and whoever opens it so sees to it that nobody writes meanwhile.
///
/// # Errors
/// Where SQLite cannot open it.
pub(crate) fn to_look(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    reading(path, flags, "mode=ro&immutable=1")
}

fn reading(path: &Path, flags: OpenFlags, parameters: &str) -> rusqlite::Result<Connection> {
    let flags = flags
        | OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(uri(path, parameters), flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    Ok(connection)
}
