//! A sealed state of a world: what worlds are made from and put back to.
//!
//! Copied page by page, in time that grows with its size.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};

/// A database that nobody writes to any more. Clones share it.
#[derive(Clone, Debug)]
pub struct Image(Arc<Mutex<Connection>>);

/// Pages copied in one step; there is nobody to make room for in between.
const PAGES_PER_STEP: i32 = i32::MAX;

impl Image {
    /// Copies the state of a database as it is now.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub fn of(db: &Connection) -> rusqlite::Result<Self> {
        let mut sealed = open_in_memory()?;
        copy(db, &mut sealed)?;
        Ok(Image(Arc::new(Mutex::new(sealed))))
    }

    /// Makes a database the same as this one, in place. Its prepared statements survive.
    ///
    /// # Errors
    /// Where a statement is running on it, or SQLite fails.
    pub fn copy_into(&self, db: &mut Connection) -> rusqlite::Result<()> {
        copy(&self.0.lock().unwrap_or_else(PoisonError::into_inner), db)
    }

    /// Writes an ordinary SQLite file. The file must not be there.
    ///
    /// # Errors
    /// Where it is there or cannot be written.
    pub fn write_to(&self, path: &Path) -> rusqlite::Result<()> {
        let sealed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sealed.execute("VACUUM INTO ?1", [path.to_string_lossy()])?;
        Ok(())
    }
}

/// An empty database in memory.
///
/// # Errors
/// Where SQLite fails.
pub fn open_in_memory() -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_in_memory_with_flags(flags)
}

fn copy(from: &Connection, to: &mut Connection) -> rusqlite::Result<()> {
    Backup::new(from, to)?.run_to_completion(PAGES_PER_STEP, Duration::ZERO, None)
}
