//! One world's database, in memory or in a file. The rest of the program sees a connection.
//!
//! In memory it stands on the copy-on-write page store: made from a sealed image in microseconds,
//! and put back to one as fast. Its connection can be closed while the world rests, because it costs
//! far more memory than the pages. In a file it is an ordinary SQLite database in WAL mode, and the
//! same things take what copying a file takes.

use std::cell::{Cell, OnceCell};
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use rusqlite::{Connection, OpenFlags};

use crate::store::pages::image::Image;
use crate::store::pages::slot::Busy;
use crate::store::pages::space::{self, STATEMENTS_MAX, Space};
use crate::store::schema::{self, Component, SchemaError};

/// When a commit to a file is safe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Sync {
    /// Survives the death of the process.
    #[default]
    Normal,
    /// Survives the loss of power as well.
    Full,
}

/// A database that cannot be opened or copied.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("cannot open {path}")]
    File { path: PathBuf, source: rusqlite::Error },
    #[error("cannot use {path}: {source}")]
    FileSchema { path: PathBuf, source: SchemaError },
    #[error("cannot open a database in memory")]
    Memory(#[from] space::OpenError),
    #[error("cannot take or put back the state")]
    Busy(#[from] Busy),
    #[error(transparent)]
    Schema(SchemaError),
    #[error("cannot copy the database")]
    Copy(#[from] rusqlite::Error),
    #[error("cannot copy the file")]
    Io(#[from] io::Error),
}

/// A state that a database can be made from or put back to. Clones of one in memory share it.
#[derive(Clone, Debug)]
pub enum Saved {
    Image(Image),
    /// A SQLite file, owned by whoever made it.
    File(PathBuf),
}

/// One world's database.
#[derive(Debug)]
pub struct Database {
    /// Declared before the place, so that it closes first. Empty while a world in memory rests.
    connection: OnceCell<Connection>,
    place: Place,
    /// How often the rows were replaced or their count began anew.
    epoch: Cell<u64>,
}

/// A state of the rows: where it is equal, they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Version {
    epoch: u64,
    /// Rows changed since the connection was opened, also those that were changed back.
    n_changes: u64,
}

#[derive(Debug)]
enum Place {
    Memory(Space),
    File(PathBuf),
}

impl Database {
    /// A database in memory, from a sealed image. Its connection is opened when it is needed.
    pub fn in_memory(image: &Image) -> Self {
        let place = Place::Memory(Space::from_image(image));
        Database { connection: OnceCell::new(), place, epoch: Cell::new(0) }
    }

    /// An image of an empty database with these tables.
    ///
    /// # Errors
    /// Where a script cannot be applied.
    pub fn empty_image(components: &[Component]) -> Result<Image, OpenError> {
        let space = Space::empty();
        let mut connection = space.open()?;
        schema::migrate(&mut connection, components).map_err(OpenError::Schema)?;
        Ok(space.snapshot()?.flatten())
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
        space::keep_plans(&connection).map_err(file)?;
        schema::migrate(&mut connection, components)
            .map_err(|source| OpenError::FileSchema { path: path.to_owned(), source })?;
        let connection = OnceCell::from(connection);
        let place = Place::File(path.to_owned());
        Ok(Database { connection, place, epoch: Cell::new(0) })
    }

    /// The connection, opened where the world has rested.
    ///
    /// # Panics
    /// Where the memory for it is lacking. The world's fence does not reach here; neither would it
    /// help.
    pub fn connection(&self) -> &Connection {
        self.connection.get_or_init(|| match &self.place {
            Place::Memory(space) => space.open().expect("a space has one connection, ours"),
            Place::File(_) => unreachable!("a file is opened when it is made, and never rests"),
        })
    }

    pub fn is_file(&self) -> bool {
        matches!(self.place, Place::File(_))
    }

    pub fn is_open(&self) -> bool {
        self.connection.get().is_some()
    }

    /// Closes the connection of a database in memory until it is needed again. A file stays open.
    pub fn rest(&mut self) {
        if !self.is_file() {
            self.connection.take();
            self.begin_epoch();
        }
    }

    /// The state that the rows are in.
    pub fn version(&self) -> Version {
        Version { epoch: self.epoch.get(), n_changes: self.connection().total_changes() }
    }

    fn begin_epoch(&self) {
        self.epoch.set(self.epoch.get() + 1);
    }

    /// The state as it is now. In memory that takes no longer for a large one; a file is copied to
    /// `path`. What is there already is replaced only when the copy is whole.
    ///
    /// # Errors
    /// Where a statement or transaction is open, or the file cannot be written.
    pub fn save(&self, path: Option<&Path>) -> Result<Saved, OpenError> {
        match (&self.place, path) {
            (Place::Memory(space), _) => Ok(Saved::Image(space.snapshot()?)),
            (Place::File(_), Some(path)) => {
                let fresh = path.with_extension("part");
                // Left over from a copy that did not come to its end.
                match fs::remove_file(&fresh) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        return Err(error.into());
                    }
                    _ => {}
                }
                self.connection().execute("VACUUM INTO ?1", [fresh.to_string_lossy()])?;
                fs::rename(&fresh, path)?;
                Ok(Saved::File(path.to_owned()))
            }
            (Place::File(_), None) => Err(io::Error::other("a file is saved to a file").into()),
        }
    }

    /// The state as one flat image that many worlds can stand on.
    ///
    /// # Errors
    /// Where a statement or transaction is open, or the database is a file.
    pub fn seal(&self) -> Result<Image, OpenError> {
        match self.save(None)? {
            Saved::Image(image) => Ok(image.flatten()),
            Saved::File(_) => Err(io::Error::other("a file has no image").into()),
        }
    }

    /// Puts the database back to a saved state. Prepared statements survive. In a file, the tables
    /// named in `keep` stay as they are.
    ///
    /// # Errors
    /// Where a statement or transaction is open, or SQLite fails; the database is then as it was.
    pub fn restore(&self, saved: &Saved, keep: &[&str]) -> Result<(), OpenError> {
        self.begin_epoch();
        match (&self.place, saved) {
            (Place::Memory(space), Saved::Image(image)) => Ok(space.restore(image)?),
            (Place::File(_), Saved::File(path)) => Ok(self.copy_from(path, keep)?),
            _ => Err(io::Error::other("the saved state is of another kind").into()),
        }
    }

    fn copy_from(&self, saved: &Path, keep: &[&str]) -> rusqlite::Result<()> {
        let db = self.connection();
        db.execute("ATTACH DATABASE ?1 AS seed", [saved.to_string_lossy()])?;
        let copied = copy_tables(db, keep);
        if copied.is_err() && !db.is_autocommit() {
            db.execute_batch("ROLLBACK")?;
        }
        db.execute_batch("DETACH DATABASE seed")?;
        copied
    }

    /// A second connection to the state as it is now, for a long read: writes and restores of this
    /// database do not reach it.
    ///
    /// # Errors
    /// Where a statement or transaction is open, or the file cannot be opened again.
    pub fn snapshot(&self) -> Result<Snapshot, OpenError> {
        match &self.place {
            Place::Memory(space) => Ok(Snapshot::Space(Space::from_image(&space.snapshot()?))),
            Place::File(path) => {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                let connection = Connection::open_with_flags(path, flags)?;
                connection.busy_timeout(BUSY_TIMEOUT)?;
                // The first read of a transaction fixes what it sees.
                connection.execute_batch("BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1")?;
                Ok(Snapshot::File(connection))
            }
        }
    }

    /// Bytes that this database holds for itself alone.
    pub fn own_bytes(&self) -> u64 {
        match &self.place {
            Place::Memory(space) => space.delta_bytes(),
            Place::File(path) => fs::metadata(path).map_or(0, |about| about.len()),
        }
    }
}

/// The state of one moment, to be read at leisure.
#[derive(Debug)]
pub enum Snapshot {
    Space(Space),
    File(Connection),
}

impl Snapshot {
    /// Reads from it.
    ///
    /// # Errors
    /// Where a connection cannot be opened, or `read` says so.
    pub fn read<E: From<OpenError>>(
        &self,
        read: impl FnOnce(&Connection) -> Result<(), E>,
    ) -> Result<(), E> {
        match self {
            Snapshot::Space(space) => {
                let connection = space.open().map_err(OpenError::from)?;
                read(&connection)
            }
            Snapshot::File(connection) => read(connection),
        }
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
                "DELETE FROM main.\"{table}\";
                 INSERT INTO main.\"{table}\" SELECT * FROM seed.\"{table}\";"
            ))?;
        }
    }
    db.execute_batch("COMMIT")
}

/// How long a file's lock is waited for. One process owns a data folder, so only a person with a
/// SQLite shell can hold it.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
