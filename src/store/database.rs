//! One world's database, in memory or in a file. The rest of the program sees a connection.
//!
//! In memory it is made from a sealed image and put back to one. In a file it is an ordinary SQLite
//! database in WAL mode.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::image::{Image, open_in_memory};
use super::schema::{self, Component, SchemaError};

/// Prepared statements kept per connection. Each costs about 12 kB, and a world uses a few dozen.
pub const STATEMENTS_MAX: usize = 128;

/// When a commit to a file is safe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Sync {
    /// Survives the death of the process.
    #[default]
    Normal,
    /// Survives the loss of power as well.
    Full,
}

/// A database that cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("cannot open {path}")]
    File { path: PathBuf, source: rusqlite::Error },
    #[error("cannot use {path}: {source}")]
    FileSchema { path: PathBuf, source: SchemaError },
    #[error("cannot use a database in memory: {0}")]
    Memory(rusqlite::Error),
    #[error(transparent)]
    Schema(SchemaError),
}

/// One world's database.
#[derive(Debug)]
pub struct Database {
    connection: Connection,
    is_file: bool,
}

impl Database {
    /// A database in memory, from a sealed image.
    ///
    /// # Errors
    /// Where SQLite cannot open it.
    pub fn in_memory(image: &Image) -> Result<Self, OpenError> {
        let mut connection = open_in_memory().map_err(OpenError::Memory)?;
        image.copy_into(&mut connection).map_err(OpenError::Memory)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
        Ok(Database { connection, is_file: false })
    }

    /// An image of an empty database with these tables.
    ///
    /// # Errors
    /// Where a script cannot be applied.
    pub fn empty_image(components: &[Component]) -> Result<Image, OpenError> {
        let mut connection = open_in_memory().map_err(OpenError::Memory)?;
        schema::migrate(&mut connection, components).map_err(OpenError::Schema)?;
        Image::of(&connection).map_err(OpenError::Memory)
    }

    /// A database in a file, made when it is not there.
    ///
    /// # Errors
    /// Where the file cannot be opened or written, is no database, or is from a newer build.
    pub fn in_file(path: &Path, sync: Sync, components: &[Component]) -> Result<Self, OpenError> {
        let file = |source| OpenError::File { path: path.to_owned(), source };
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags).map_err(file)?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(file)?;
        // Pragmas come before any transaction; SQLite ignores some of them inside one.
        connection.pragma_update(None, "journal_mode", "WAL").map_err(file)?;
        let synchronous = match sync {
            Sync::Normal => "NORMAL",
            Sync::Full => "FULL",
        };
        connection.pragma_update(None, "synchronous", synchronous).map_err(file)?;
        connection.pragma_update(None, "foreign_keys", true).map_err(file)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
        schema::migrate(&mut connection, components)
            .map_err(|source| OpenError::FileSchema { path: path.to_owned(), source })?;
        Ok(Database { connection, is_file: true })
    }

    /// The state as it is now, as an image that many worlds can be made from.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub fn seal(&self) -> Result<Image, OpenError> {
        Image::of(&self.connection).map_err(OpenError::Memory)
    }

    /// Puts the database back to an image. Prepared statements survive.
    ///
    /// # Errors
    /// Where a statement is running, or SQLite fails.
    pub fn restore(&mut self, image: &Image) -> Result<(), OpenError> {
        image.copy_into(&mut self.connection).map_err(OpenError::Memory)
    }

    /// Puts a database in a file back to the content of another file, but for the tables named in
    /// `keep`. Costs what copying the rows costs.
    ///
    /// # Errors
    /// Where SQLite fails; the database is then as it was.
    pub fn restore_from(&self, seed: &Path, keep: &[&str]) -> rusqlite::Result<()> {
        let db = &self.connection;
        db.execute("ATTACH DATABASE ?1 AS seed", [seed.to_string_lossy()])?;
        let copied = copy_tables(db, keep);
        if copied.is_err() && !db.is_autocommit() {
            db.execute_batch("ROLLBACK")?;
        }
        db.execute_batch("DETACH DATABASE seed")?;
        copied
    }

    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    pub fn is_file(&self) -> bool {
        self.is_file
    }
}

/// Copies every table of the attached seed over the one of the same name.
fn copy_tables(db: &Connection, keep: &[&str]) -> rusqlite::Result<()> {
    db.execute_batch("BEGIN IMMEDIATE")?;
    let tables: Vec<String> = db
        .prepare("SELECT name FROM seed.sqlite_schema WHERE type = 'table' ORDER BY name")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    // Names come from our own schema; `sqlite_sequence` is among them, so counting ids go back too.
    for table in tables.iter().filter(|table| !keep.contains(&table.as_str())) {
        if table == "sqlite_sequence" {
            let kept = keep.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
            db.execute_batch(&format!(
                "DELETE FROM main.sqlite_sequence WHERE name NOT IN ({kept});
                 INSERT INTO main.sqlite_sequence SELECT * FROM seed.sqlite_sequence
                 WHERE name NOT IN ({kept});"
            ))?;
        } else {
            db.execute_batch(&format!(
                "DELETE FROM main.\"{table}\"; INSERT INTO main.\"{table}\" SELECT * FROM seed.\"{table}\";"
            ))?;
        }
    }
    db.execute_batch("COMMIT")
}

/// How long a file's lock is waited for. One process owns a data folder, so only a person with a
/// SQLite shell can hold it.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
