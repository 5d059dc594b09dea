//! Looks whether a file holds a world, without changing a byte of it or of what is beside it.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::store::adopt::{self, Age, Tables};
use crate::store::folder::connect::{self, beside};
use crate::store::folder::files::{Call, Files, Kind};
use crate::store::schema::Component;

/// What every SQLite file begins with.
pub(super) const MAGIC: &[u8; 16] = b"SQLite format 3\0";

const FLAGS: OpenFlags = OpenFlags::SQLITE_OPEN_NOFOLLOW;

/// Whether there is a world in the file that this build can open, and of what age.
///
/// # Errors
/// Why there is not, in words for whoever runs the program.
pub(super) fn look(
    files: &Files,
    path: &Path,
    components: &[Component],
    like: &Tables,
) -> Result<Age, String> {
    if !is_file(files, path)? {
        return Err("there is no database in it".to_owned());
    }
    let head = files.head(path, MAGIC.len() as u64).map_err(|error| error.to_string())?;
    if head.is_empty() {
        return Err("the database is empty".to_owned());
    }
    if head != MAGIC {
        return Err("expected a SQLite database, found something else".to_owned());
    }
    let has_log = is_file(files, &beside(path, "-wal"))?;
    let has_journal = is_file(files, &beside(path, "-journal"))?;
    let had_index = is_file(files, &beside(path, "-shm"))?;
    files.call(Call::OpenDatabase, path, || Ok(())).map_err(|error| error.to_string())?;
    let says = |error: rusqlite::Error| format!("it cannot be read: {error}");
    if has_journal {
        // Half a transaction is in the file. SQLite takes it back when it may write, and may do so
        // where the file is ours.
        let db = connect::to_look(path, FLAGS).map_err(says)?;
        adopt::check_ours(&db).map_err(|error| error.to_string())?;
        drop(db);
        let flags = FLAGS | OpenFlags::SQLITE_OPEN_READ_WRITE;
        let db = Connection::open_with_flags(path, flags).map_err(says)?;
        adopt::check_ours(&db).map_err(|error| error.to_string())?;
    }
    let opened =
        if has_log { connect::to_read(path, FLAGS) } else { connect::to_look(path, FLAGS) };
    let checked = opened
        .map_err(says)
        .and_then(|db| adopt::check_kept(&db, components, like).map_err(|error| error.to_string()));
    if !had_index {
        // SQLite's index of the log, made anew whenever the database is opened.
        files.remove_file(&beside(path, "-shm")).map_err(|error| error.to_string())?;
    }
    checked
}

/// Whether a file is there; what else is there is refused.
pub(super) fn is_file(files: &Files, path: &Path) -> Result<bool, String> {
    match files.kind(path).map_err(|error| error.to_string())? {
        None => Ok(false),
        Some(Kind::File) => Ok(true),
        Some(kind) => Err(format!("expected a file at {}, found {kind}", path.display())),
    }
}
