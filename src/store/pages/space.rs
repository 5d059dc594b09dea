//! The pages of one world, and a connection to them.

use crate::store::pages::slot::Busy;
use crate::store::pages::vfs;
use std::sync::Arc;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::store::pages::image::Image;
use crate::store::pages::slot::{Guards, Slot};

/// Prepared statements kept per connection. Each costs about 12 kB, and a world uses a few dozen.
pub(crate) const STATEMENTS_MAX: usize = 128;

/// - `journal_mode`: the pages themselves take a transaction back (`slot`), at a fraction of what SQLite's
///   own journal costs. A statement that fails half way leaves what it has done until then: whoever sees
///   one fail takes its transaction back.
/// - `synchronous`: there is no disk to wait for.
/// - `temp_store`: the VFS has no files but databases.
/// - `locking_mode`: EXCLUSIVE would not notice a restore.
/// - `cache_size`: in kB. A page is in memory twice while it is cached; more than this was slower.
/// - `mmap_size`: mapping saves little here and would hand out pointers into the pages.
const PRAGMAS: &str = "PRAGMA journal_mode = OFF;
     PRAGMA synchronous = OFF;
     PRAGMA temp_store = MEMORY;
     PRAGMA locking_mode = NORMAL;
     PRAGMA cache_size = -2000;
     PRAGMA mmap_size = 0;";

/// A connection that cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("expected a space without a connection, found one open")]
    AlreadyOpen,
    #[error("register the page store with SQLite (code {code})")]
    Register { code: i32 },
    #[error("open a connection to a space")]
    Sqlite(#[source] rusqlite::Error),
}

/// The pages of one world. At most one connection at a time looks at them.
///
/// Where the space is dropped first, its connection keeps the pages until it is closed.
#[derive(Debug)]
pub struct Space {
    slot: Arc<Slot>,
}

/// Plans a statement without looking at what is bound to it. SQLite would otherwise plan some
/// statements anew for every value, which costs more than running them.
///
/// # Errors
/// Where SQLite fails.
pub(crate) fn keep_plans(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

impl Space {
    /// A space without pages: a database without tables.
    pub fn empty() -> Self {
        Space { slot: Slot::register(Image::empty()) }
    }

    /// A space that begins as an image, and shares its pages until it writes them.
    pub fn from_image(image: &Image) -> Self {
        Space { slot: Slot::register(image.clone()) }
    }

    /// Opens the connection.
    ///
    /// # Errors
    /// Where one is open, or SQLite fails.
    pub fn open(&self) -> Result<Connection, OpenError> {
        vfs::register().map_err(|code| OpenError::Register { code })?;
        if !self.slot.admit() {
            return Err(OpenError::AlreadyOpen);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Connection::open_with_flags_and_vfs(self.slot.name(), flags, vfs::NAME);
        self.slot.dismiss();
        let connection = opened.map_err(OpenError::Sqlite)?;
        connection.execute_batch(PRAGMAS).map_err(OpenError::Sqlite)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
        keep_plans(&connection).map_err(OpenError::Sqlite)?;
        Ok(connection)
    }

    /// Whether a connection is open.
    pub fn is_open(&self) -> bool {
        self.slot.is_open()
    }

    /// The state as it is now. Takes no longer for a large one.
    ///
    /// # Errors
    /// Where a statement or transaction is open.
    pub fn snapshot(&self) -> Result<Image, Busy> {
        self.slot.snapshot()
    }

    /// Puts the state back to that of an image, be it an earlier one of this space or any other. The
    /// connection and its prepared statements go on.
    ///
    /// Where the image has other tables, the connection learns of them with the next statement that
    /// runs, not with the next that is prepared. Until then `prepare` may accept a table that went
    /// (running the statement then fails as it should), or refuse an index of a name that was taken
    /// before. One small read first, and it knows.
    ///
    /// # Errors
    /// Where a statement or transaction is open.
    pub fn restore(&self, image: &Image) -> Result<(), Busy> {
        self.slot.restore(image, Guards::ALL)
    }

    /// Bytes of the pages that only this space holds: what goes when it goes. Pages that a snapshot
    /// or fork holds as well are nobody's. Looks at every page over the base.
    ///
    /// While a statement is open it is [`Space::delta_bytes`].
    pub fn private_bytes(&self) -> u64 {
        self.slot.sole_bytes()
    }

    /// Bytes of the pages over the flat base, whoever else shares them, counted as whole pages; what
    /// a limit goes by. Takes no longer for many.
    ///
    /// While a statement is open, it is as it was when that began.
    pub fn delta_bytes(&self) -> u64 {
        self.slot.delta_bytes()
    }

    /// A restore with a guard taken out, to show what it is there for.
    #[cfg(test)]
    pub(crate) fn restore_with(&self, image: &Image, guards: Guards) -> Result<(), Busy> {
        self.slot.restore(image, guards)
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        self.slot.deregister();
    }
}
