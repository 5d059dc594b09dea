//! One world's database, in memory or in a file. The rest of the program sees a connection.
//!
//! In memory it stands on the copy-on-write page store: made from a sealed image in microseconds,
//! and put back to one as fast. In a file it is an ordinary SQLite database in WAL mode, and what is
//! done at once in memory takes what copying a file takes.
//!
//! A connection can be closed while the world rests: it costs far more memory than the pages, and
//! for a file three descriptors.

use std::cell::{Cell, OnceCell};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, OpenFlags};

use crate::base::planted::{self, Fault as Planted};
use crate::store::folder::connect;
use crate::store::folder::lease::{Ended, Lease};
use crate::store::folder::own::create_new;
use crate::store::folder::put_back::{PutBackError, put_back};
use crate::store::folder::trouble::StorageTrouble;
use crate::store::pages::image::Image;
use crate::store::pages::slot::Busy;
use crate::store::pages::space;
use crate::store::pages::space::Space;
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
    #[error("cannot go back to {path}: {source}; nothing was changed")]
    Saved { path: PathBuf, source: PutBackError },
    #[error(transparent)]
    Ended(#[from] Ended),
}

/// A state that a database can be made from or put back to. Clones of one in memory share it.
#[derive(Clone, Debug)]
pub enum Saved {
    Image(Image),
    /// A SQLite file, owned by whoever made it.
    File(PathBuf),
}

impl Saved {
    /// It in memory.
    ///
    /// # Errors
    /// Where its file cannot be read.
    pub(crate) fn image(&self) -> Result<Image, OpenError> {
        match self {
            Saved::Image(image) => Ok(image.clone()),
            Saved::File(path) => Ok(Image::from_bytes(fs::read(path)?).map_err(io::Error::other)?),
        }
    }

    /// A connection to it, for a read.
    ///
    /// # Errors
    /// Where its file cannot be opened.
    pub(crate) fn snapshot(&self) -> Result<Snapshot, OpenError> {
        match self {
            Saved::Image(image) => Ok(Snapshot::Space(Space::from_image(image))),
            // Nobody writes to it: whoever replaces it puts another file in its place.
            Saved::File(path) => Ok(Snapshot::File(connect::to_look(path, FLAGS)?)),
        }
    }
}

/// One world's database.
#[derive(Debug)]
pub struct Database {
    /// Declared before the place, so that it closes first. Empty while a world in memory rests.
    connection: OnceCell<Connection>,
    place: Place,
    /// How often the rows were replaced or their count began anew.
    epoch: Cell<u64>,
    /// Why the connection cannot write: what was the matter with the disk when it was opened.
    trouble: Option<StorageTrouble>,
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
    File(OneFile),
}

impl Sync {
    /// SQLite's word for it.
    fn pragma(self) -> &'static str {
        match self {
            Sync::Normal => "NORMAL",
            Sync::Full if planted::is(Planted::FullSyncIsNormal) => "NORMAL",
            Sync::Full => "FULL",
        }
    }
}

impl OpenError {
    /// What the error says of the disk; `None` where it is about something else.
    pub fn trouble(&self) -> Option<StorageTrouble> {
        match self {
            OpenError::File { source, .. }
            | OpenError::Copy(source)
            | OpenError::FileSchema { source: SchemaError::Sqlite { source, .. }, .. }
            | OpenError::Saved { source: PutBackError::Sqlite(source), .. } => {
                StorageTrouble::of(source)
            }
            OpenError::Io(source) => StorageTrouble::of_io(source),
            _ => None,
        }
    }
}

impl Database {
    /// A database in memory, from a sealed image. Its connection is opened when it is needed.
    pub fn in_memory(image: &Image) -> Self {
        let place = Place::Memory(Space::from_image(image));
        let connection = OnceCell::new();
        Database { connection, place, epoch: Cell::new(0), trouble: None }
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

    /// A database in a file that is there, by a lease that ends when its world is deleted. It can
    /// rest.
    ///
    /// # Errors
    /// Where there is no file, it cannot be opened, is no database or is from a newer build, or the
    /// lease has ended.
    pub fn leased(
        path: &Path,
        sync: Sync,
        lease: Arc<Lease>,
        components: &[Component],
    ) -> Result<Self, OpenError> {
        let file = OneFile { path: path.to_owned(), sync, lease };
        let mut connection = file.open()?;
        schema::migrate(&mut connection, components)
            .map_err(|source| OpenError::FileSchema { path: file.path.clone(), source })?;
        let connection = OnceCell::from(connection);
        let (place, epoch) = (Place::File(file), Cell::new(0));
        Ok(Database { connection, place, epoch, trouble: None })
    }

    /// Opens the connection where the database rests, so that [`Database::connection`] cannot fail
    /// afterwards. To be called whenever the world's lock is taken.
    ///
    /// Where the disk is full or read-only, the rows of a file can be read all the same: the
    /// connection refuses writes then, and each further call tries for one that does not.
    ///
    /// # Errors
    /// Where it cannot be opened: the file is gone, the world was deleted, or there is no room for
    /// one more open file. The database goes on resting.
    pub fn wake(&mut self) -> Result<(), OpenError> {
        if self.is_open() && self.trouble.is_none() {
            return Ok(());
        }
        let opened = match &self.place {
            Place::Memory(space) => space.open().map_err(OpenError::from),
            Place::File(file) => file.open(),
        };
        let (connection, trouble) = match (opened, &self.place) {
            (Ok(connection), _) => (connection, None),
            (Err(_), _) if self.is_open() => return Ok(()),
            (Err(error), Place::File(file)) => {
                let (connection, trouble) = file.open_to_read(error)?;
                (connection, Some(trouble))
            }
            (Err(error), Place::Memory(_)) => return Err(error),
        };
        if self.is_open() {
            // What this connection has counted counts for nothing with the next.
            self.begin_epoch();
        }
        self.connection = OnceCell::from(connection);
        self.trouble = trouble;
        Ok(())
    }

    /// What was the matter with the disk when the database was woken and could only be read; `None`
    /// where it can be written.
    pub fn trouble(&self) -> Option<&StorageTrouble> {
        self.trouble.as_ref()
    }

    /// The connection, opened where the world has rested.
    ///
    /// # Panics
    /// Where it cannot be opened. For a file, whoever holds the world's lock has seen to that with
    /// [`Database::wake`]; in memory only memory can be lacking, and the world's fence would not
    /// help.
    pub fn connection(&self) -> &Connection {
        self.connection.get_or_init(|| match &self.place {
            Place::Memory(space) => space.open().expect("a space has one connection, ours"),
            Place::File(file) => file.open().expect("a file that rests is woken before it is used"),
        })
    }

    /// The open connection, to set it up; `None` where the database rests.
    pub fn open_connection(&mut self) -> Option<&mut Connection> {
        self.connection.get_mut()
    }

    pub fn is_file(&self) -> bool {
        matches!(self.place, Place::File(_))
    }

    pub fn is_open(&self) -> bool {
        self.connection.get().is_some()
    }

    /// Closes the connection until it is needed again; for a file, what is in its log goes into it
    /// first.
    pub fn rest(&mut self) {
        self.connection.take();
        self.trouble = None;
        self.begin_epoch();
    }

    /// The state that the rows are in. A database that rests is not woken: its next connection
    /// counts from 0.
    pub fn version(&self) -> Version {
        let n_changes = self.connection.get().map_or(0, Connection::total_changes);
        Version { epoch: self.epoch.get(), n_changes }
    }

    fn begin_epoch(&self) {
        self.epoch.set(self.epoch.get() + 1);
    }

    /// The state of a database in memory as it is now. That takes no longer for a large one.
    ///
    /// # Errors
    /// Where a statement or transaction is open, or the database is a file.
    pub fn image(&self) -> Result<Image, OpenError> {
        match &self.place {
            Place::Memory(space) => Ok(space.snapshot()?),
            Place::File(_) => Err(io::Error::other("a file has no image").into()),
        }
    }

    /// The state as one flat image that many worlds can stand on.
    ///
    /// # Errors
    /// As for [`Database::image`].
    pub fn seal(&self) -> Result<Image, OpenError> {
        Ok(self.image()?.flatten())
    }

    /// Copies the state as it is now to a file that is not there yet. Whether its bytes are safe is
    /// for the caller.
    ///
    /// # Errors
    /// Where a transaction is open, or the file is there or cannot be written.
    pub fn copy_to(&self, fresh: &Path) -> Result<(), OpenError> {
        match &self.place {
            Place::Memory(space) => {
                let image = space.snapshot()?;
                let mut file = create_new(fresh)?;
                Ok(image.write_to(&mut file)?)
            }
            Place::File(file) => {
                // SQLite takes an empty file as none, and would give one of its own to all to read.
                create_new(fresh)?;
                let uri = connect::uri(fresh, "");
                file.during(|| Ok(self.connection().execute("VACUUM INTO ?1", [uri]).map(drop)?))
            }
        }
    }

    /// Puts the database back to a saved state. Prepared statements survive. In a file, the tables
    /// named in `keep` stay as they are.
    ///
    /// # Errors
    /// Where a statement or transaction is open, the saved file is missing, damaged or of something
    /// else, or SQLite fails; the database is then as it was.
    pub fn restore(&self, saved: &Saved, keep: &[&str]) -> Result<(), OpenError> {
        self.restore_and(saved, keep, |_| Ok(()))
    }

    /// Puts the database back to a saved state; what `also` does is committed together with the rows
    /// of a file.
    ///
    /// # Errors
    /// As for [`Database::restore`], and where `also` says so.
    pub fn restore_and(
        &self,
        saved: &Saved,
        keep: &[&str],
        also: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<(), OpenError> {
        self.begin_epoch();
        match (&self.place, saved) {
            (Place::Memory(space), Saved::Image(image)) => Ok(space.restore(image)?),
            (Place::File(file), Saved::File(path)) => {
                let not_back = |source| OpenError::Saved { path: path.clone(), source };
                let db = self.connection();
                file.during(|| put_back(db, path, keep, also).map_err(not_back))
            }
            _ => Err(io::Error::other("the saved state is of another kind").into()),
        }
    }

    /// A second connection to the state as it is now, for a long read: writes and restores of this
    /// database do not reach it.
    ///
    /// # Errors
    /// Where a statement or transaction is open, or the file cannot be opened again.
    pub fn snapshot(&self) -> Result<Snapshot, OpenError> {
        match &self.place {
            Place::Memory(space) => Ok(Snapshot::Space(Space::from_image(&space.snapshot()?))),
            Place::File(file) => {
                let connection = file.during(|| Ok(connect::to_read(&file.path, FLAGS)?))?;
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
            Place::File(file) => fs::metadata(&file.path).map_or(0, |about| about.len()),
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

/// A connection beside a database in memory, which is put to one of its states after the other: to open
/// one and have its statements prepared takes far longer than most reads.
#[derive(Debug)]
pub(crate) struct Standing {
    /// Declared before its pages, so that it closes first.
    connection: Connection,
    space: Space,
    version: Version,
}

impl Standing {
    /// # Errors
    /// Where the connection cannot be opened.
    pub(crate) fn at(image: &Image, version: Version) -> Result<Self, OpenError> {
        let space = Space::from_image(image);
        let connection = space.open()?;
        Ok(Standing { connection, space, version })
    }

    /// Puts it to a state of the same database; says whether that is another one than it had.
    ///
    /// # Errors
    /// Where a statement is open.
    pub(crate) fn put_to(&mut self, image: &Image, version: Version) -> Result<bool, OpenError> {
        if self.version == version {
            return Ok(false);
        }
        self.space.restore(image)?;
        self.version = version;
        Ok(true)
    }

    pub(crate) fn version(&self) -> Version {
        self.version
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }
}

/// A link in a folder of worlds leads out of it.
const FLAGS: OpenFlags = OpenFlags::SQLITE_OPEN_NOFOLLOW;

/// A database's own file.
#[derive(Debug)]
struct OneFile {
    path: PathBuf,
    sync: Sync,
    lease: Arc<Lease>,
}

impl OneFile {
    fn during<T>(&self, work: impl FnOnce() -> Result<T, OpenError>) -> Result<T, OpenError> {
        self.lease.during(work)?
    }

    fn open(&self) -> Result<Connection, OpenError> {
        self.during(|| Ok(connect::to_write(&self.path, FLAGS, self.sync.pragma())?))
            .map_err(|error| self.named(error))
    }

    /// A connection that reads, where `error` says that the disk takes no writes. Nobody else can
    /// write meanwhile: the database has one connection.
    fn open_to_read(&self, error: OpenError) -> Result<(Connection, StorageTrouble), OpenError> {
        let Some(trouble) = error.trouble().filter(|_| connect::is_settled(&self.path)) else {
            return Err(error);
        };
        let opened = self.during(|| Ok(connect::to_look(&self.path, FLAGS)?));
        opened.map(|connection| (connection, trouble)).map_err(|_| error)
    }

    fn named(&self, error: OpenError) -> OpenError {
        match error {
            OpenError::Copy(source) => OpenError::File { path: self.path.clone(), source },
            other => other,
        }
    }
}
