//! A world's folder that is being prepared: under a name that is never read, until it is renamed.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::store::database::{Database, OpenError, Saved};
use crate::store::folder::connect::beside;
use crate::store::folder::error::FolderError;
use crate::store::folder::files::{Call, Files};
use crate::store::folder::home::{CHECKPOINTS, Home, seed_in, world_in};
use crate::store::pages::image::Image;
use crate::store::schema::{self, Component};

/// What a world begins as.
#[derive(Debug)]
pub enum Beginning<'a> {
    /// As a seed or import says; a reset goes back to it.
    Image(&'a Image),
    /// As another world is now; a reset goes back to that one's seed.
    Fork { home: &'a Home, db: &'a Database, seed: &'a Saved },
}

const HAS_COMPONENT: &str = "SELECT COUNT(*) FROM ringback_schema WHERE component = ?1";

/// Files SQLite keeps beside a database. None is there once it was closed.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// No disk is waited for while the file does not count; the whole of it is synced before it does.
const PRAGMAS: &str = "
    PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;";

/// What a fork does not have from the other world: its journal, and what is its own. `VACUUM` takes
/// the bytes out of the file too.
const FORGET: &str = "
    DELETE FROM ringback_journal;
    DELETE FROM sqlite_sequence WHERE name = 'ringback_journal';
    DELETE FROM ringback_own;
    DELETE FROM ringback_gone;
    DELETE FROM ringback_made_of;
    VACUUM;";

/// Fills a folder with a whole world, closed and synced. What is left where that fails is for the
/// caller to remove.
pub(super) fn fill<E: From<FolderError>>(
    files: &Files,
    folder: &Path,
    beginning: &Beginning<'_>,
    components: &[Component],
    watch: impl FnOnce(&mut Connection) -> rusqlite::Result<()>,
    prepare: impl FnOnce(&Connection) -> Result<(), E>,
) -> Result<(), E> {
    let world = world_in(folder);
    lay_down(files, folder, beginning)?;
    let failed = |source| FolderError::Prepare { path: world.clone(), source };
    let mut db = open(files, &world)?;
    watch(&mut db).map_err(failed)?;
    db.execute_batch(PRAGMAS).map_err(failed)?;
    schema::migrate(&mut db, components).map_err(|source| schema_failed(&world, source))?;
    if let Beginning::Fork { .. } = beginning {
        db.execute_batch(FORGET).map_err(failed)?;
    }
    // Its seed is number 0, whatever that of the database was which it is made of.
    db.pragma_update(None, "user_version", 0).map_err(failed)?;
    prepare(&db)?;
    // The switch is a write of its own, which is better made where nothing counts yet.
    db.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
    close(files, &world, db)?;
    sync(files, folder).map_err(E::from)
}

/// Brings a seed or checkpoint up to date: a copy, which takes its place when it is whole.
pub(super) fn renew(
    files: &Files,
    path: &Path,
    fresh: &Path,
    components: &[Component],
) -> Result<(), FolderError> {
    let failed = |source| FolderError::Prepare { path: path.to_owned(), source };
    files.copy(path, fresh)?;
    let mut db = open(files, fresh)?;
    db.execute_batch(PRAGMAS).map_err(failed)?;
    // A seed has no journal, and gets none.
    let has_journal: bool =
        db.query_row(HAS_COMPONENT, [schema::JOURNAL.name], |row| row.get(0)).map_err(failed)?;
    let is_wanted = |it: &Component| has_journal || it.name != schema::JOURNAL.name;
    let wanted: Vec<_> = components.iter().copied().filter(is_wanted).collect();
    schema::migrate(&mut db, &wanted).map_err(|source| schema_failed(path, source))?;
    close(files, fresh, db)?;
    files.sync_file(fresh)?;
    files.rename(fresh, path)?;
    Ok(path.parent().map_or(Ok(()), |folder| files.sync_folder(folder))?)
}

/// Writes the files as they come.
fn lay_down(files: &Files, folder: &Path, beginning: &Beginning<'_>) -> Result<(), FolderError> {
    files.create_folder(folder)?;
    files.create_folder(&folder.join(CHECKPOINTS))?;
    let (world, seed) = (world_in(folder), seed_in(folder, 0));
    match beginning {
        Beginning::Image(image) => {
            files.write(&world, |file| image.write_to(file))?;
            files.write(&seed, |file| image.write_to(file))?;
        }
        Beginning::Fork { home, db, seed: Saved::File(path) } => {
            copy_database(files, db, &world)?;
            home.lease.during(|| files.copy(path, &seed))??;
        }
        Beginning::Fork { db, seed: Saved::Image(image), .. } => {
            copy_database(files, db, &world)?;
            files.write(&seed, |file| image.write_to(file))?;
        }
    }
    Ok(())
}

/// Writes a database as it is now to a name where nothing is.
pub(super) fn copy_database(files: &Files, db: &Database, fresh: &Path) -> Result<(), FolderError> {
    files.call(Call::Create, fresh, || Ok(()))?;
    db.copy_to(fresh)?;
    // Here it may be cut short, as far as a test can tell.
    files.call(Call::Fill, fresh, || Ok(()))?;
    Ok(())
}

fn open(files: &Files, world: &Path) -> Result<Connection, FolderError> {
    files.call(Call::OpenDatabase, world, || Ok(()))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    Connection::open_with_flags(world, flags)
        .map_err(|source| FolderError::Prepare { path: world.to_owned(), source })
}

fn close(files: &Files, world: &Path, db: Connection) -> Result<(), FolderError> {
    let failed = |source| FolderError::Prepare { path: world.to_owned(), source };
    files.call(Call::CloseDatabase, world, || Ok(()))?;
    db.close().map_err(|(_, source)| failed(source))?;
    for ending in BESIDE {
        let path = beside(world, ending);
        if files.kind(&path)?.is_some() {
            return Err(FolderError::NotClosed { path });
        }
    }
    Ok(())
}

/// Makes all of a world's folder safe: the files, then the names.
pub(super) fn sync(files: &Files, folder: &Path) -> Result<(), FolderError> {
    let checkpoints = folder.join(CHECKPOINTS);
    for within in [&checkpoints, folder] {
        for name in files.list(within)? {
            let path: PathBuf = within.join(name);
            if path != checkpoints {
                files.sync_file(&path)?;
            }
        }
        files.sync_folder(within)?;
    }
    Ok(())
}

fn schema_failed(world: &Path, source: schema::SchemaError) -> FolderError {
    let path = world.to_owned();
    OpenError::FileSchema { path, source }.into()
}
