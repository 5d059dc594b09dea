//! The data folder: finds its worlds, and makes, changes and deletes them, each in one step.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::Connection;

use crate::base::planted::{self, Fault as Planted};
use crate::store::adopt::{self, Age, Tables};
use crate::store::database::{Database, Saved};
pub(crate) use crate::store::folder::draft::Beginning;
use crate::store::folder::draft::{self, copy_database};
use crate::store::folder::error::FolderError;
use crate::store::folder::files::{Call, FileError, Files, Kind};
use crate::store::folder::home::{Home, checkpoint_file, seed_number};
use crate::store::folder::inspect;
use crate::store::folder::leftover;
use crate::store::folder::name::{GONE, NEW, is_name};
use crate::store::folder::own::{FILE_MODE, FOLDER_MODE};
use crate::store::folder::take_over;
use crate::store::folder::trouble::StorageTrouble;
use crate::store::pages::image::Image;
use crate::store::schema::{Component, FILE_TABLES};

/// What is written to see whether there is room: as much as SQLite needs to open a database.
const PROBE_BYTES: usize = 32 * 1024;

/// A folder of worlds, owned by one process.
#[derive(Debug)]
pub struct DataFolder {
    files: Files,
    root: PathBuf,
    worlds: PathBuf,
    /// Tells apart what is being prepared or removed. What an earlier process left was cleaned.
    next: AtomicU64,
    /// Held for as long as the process lives.
    _locks: (Taken, Option<Taken>),
}

/// The lock on a folder.
#[derive(Debug)]
struct Taken(File);

impl Drop for Taken {
    /// Closing the file is not enough: a process that is just being started holds it as well, until it
    /// becomes another program.
    fn drop(&mut self) {
        if let Err(error) = self.0.unlock() {
            tracing::debug!(%error, "the lock of the data folder ends with its file");
        }
    }
}

/// Locks the folder itself, so that it stays taken when somebody removes the file that says so. Not every
/// system and disk can: there the file is all.
fn hold(root: &Path, named: &Path) -> Result<Option<Taken>, FolderError> {
    let Ok(folder) = File::open(root) else { return Ok(None) };
    match folder.try_lock() {
        Ok(()) => Ok(Some(Taken(folder))),
        Err(TryLockError::WouldBlock) => Err(FolderError::InUse { path: named.to_owned() }),
        Err(TryLockError::Error(error)) => {
            tracing::debug!(%error, "the data folder is locked by its file alone");
            Ok(None)
        }
    }
}

/// A world that the folder holds, or what is in a world's place.
#[derive(Debug)]
pub struct Found {
    /// A world's name; otherwise that of the file or folder.
    pub name: String,
    pub state: State,
}

/// Whether a world can be opened.
#[derive(Debug)]
pub enum State {
    Whole(Arc<Home>),
    /// Left byte for byte as it is, with the reason.
    Unreadable(String),
}

/// A world's files, opened.
#[derive(Debug)]
pub struct Opened {
    pub db: Database,
    /// What a reset goes back to.
    pub origin: Saved,
    /// What a rollback can go back to, by name.
    pub checkpoints: BTreeMap<String, Saved>,
}

impl DataFolder {
    /// Takes a folder for this process, making it where it is not there, and removes what an
    /// interruption left.
    ///
    /// # Errors
    /// Where it cannot be written, or another process has it.
    pub fn take(path: &Path, files: Files) -> Result<Self, FolderError> {
        let not_writable = |source| FolderError::NotWritable { path: path.to_owned(), source };
        if fs::metadata(path).is_ok_and(|about| !about.is_dir()) {
            let is_file = fs::metadata(path).is_ok_and(|about| about.is_file());
            let found = if is_file { Kind::File } else { Kind::Other };
            let wanted = Kind::Folder;
            return Err(FolderError::NotOfKind { path: path.to_owned(), wanted, found });
        }
        fs::DirBuilder::new()
            .recursive(true)
            .mode(FOLDER_MODE)
            .create(path)
            .map_err(not_writable)?;
        // Links on the way to the folder are its owner's; those below are nobody's.
        let root = fs::canonicalize(path).map_err(not_writable)?;
        let lock_path = root.join("ringback.lock");
        expect(&files, &lock_path, Kind::File)?;
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(FILE_MODE)
            .open(&lock_path)
            .map_err(not_writable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(FolderError::InUse { path: path.to_owned() });
            }
            Err(TryLockError::Error(source)) => return Err(not_writable(source)),
        }
        let locks = (Taken(lock), hold(&root, path)?);
        let worlds = root.join("worlds");
        if !expect(&files, &worlds, Kind::Folder)? {
            files.create_folder(&worlds)?;
            files.sync_folder(&root)?;
        }
        leftover::clean(&files, &worlds)?;
        Ok(DataFolder { files, root, worlds, next: AtomicU64::new(0), _locks: locks })
    }

    /// The worlds that the folder holds, in the order of their names; those of the flat layout are
    /// taken over first. `like` is a fresh database with all these tables. To be called before any
    /// world is open.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn found(&self, components: &[Component], like: &Image) -> Result<Vec<Found>, FolderError> {
        let tables = Tables::of(like)?;
        let look = |path: &Path| inspect::look(&self.files, path, components, &tables);
        let refused = take_over::take_over(&self.files, &self.root, &self.worlds, look)?;
        leftover::clean_flat(&self.files, &self.root, &self.worlds)?;
        let refused = refused
            .into_iter()
            .map(|it| Found { name: it.name, state: State::Unreadable(it.reason) });
        let mut found: Vec<Found> = refused.collect();
        for name in self.files.list(&self.worlds)? {
            if name.starts_with('.') {
                continue;
            }
            let state = self.state_of(&name, look);
            found.push(Found { name, state });
        }
        found.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(found)
    }

    /// Looks once more at a world that could not be read. None of its files may be open.
    ///
    /// # Errors
    /// Where the tables of `like` cannot be told.
    pub fn find(
        &self,
        name: &str,
        components: &[Component],
        like: &Image,
    ) -> Result<State, FolderError> {
        let tables = Tables::of(like)?;
        Ok(self.state_of(name, |path| inspect::look(&self.files, path, components, &tables)))
    }

    fn state_of(&self, name: &str, look: impl Fn(&Path) -> Result<Age, String>) -> State {
        let mut home = Home::new(&self.worlds, name);
        match self.look_over(&home, look) {
            Ok(age) => {
                home.age = age;
                State::Whole(Arc::new(home))
            }
            Err(reason) => State::Unreadable(reason),
        }
    }

    fn look_over(
        &self,
        home: &Home,
        look: impl Fn(&Path) -> Result<Age, String>,
    ) -> Result<Age, String> {
        if !is_name(home.name()) {
            return Err(FolderError::Name(home.name().to_owned()).to_string());
        }
        let says = |error: FolderError| error.to_string();
        expect(&self.files, home.path(), Kind::Folder).map_err(says)?;
        expect(&self.files, &home.checkpoints(), Kind::Folder).map_err(says)?;
        look(&home.world())
    }

    /// Opens a world that was found or made, and brings an older build's up to date: its seed and
    /// checkpoints first, each in one step, so that an interruption is gone on with.
    ///
    /// # Errors
    /// Where a file cannot be opened.
    pub fn open(&self, home: &Home, components: &[Component]) -> Result<Opened, FolderError> {
        let world = home.world();
        if home.age == Age::Older {
            self.renew(home, components)?;
        }
        self.files.call(Call::OpenDatabase, &world, || Ok(()))?;
        let lease = Arc::clone(&home.lease);
        let db = Database::leased(&world, self.files.sync(), lease, components)?;
        let number = seed_that_counts(&db, &world)?;
        for name in self.files.list(home.path())? {
            // A new seed that did not come to count, or an old one that was not removed.
            if seed_number(&name).is_some_and(|other| other != number) {
                leftover::remove(&self.files, &home.path().join(name));
            }
        }
        let checkpoints = self.checkpoints(home)?.into_iter();
        let checkpoints = checkpoints.map(|(name, path)| (name, Saved::File(path))).collect();
        Ok(Opened { db, origin: Saved::File(home.seed(number)), checkpoints })
    }

    fn checkpoints(&self, home: &Home) -> Result<BTreeMap<String, PathBuf>, FolderError> {
        let folder = home.checkpoints();
        if self.files.kind(&folder)?.is_none() {
            return Ok(BTreeMap::new());
        }
        let files = self.files.list(&folder)?;
        let named = files.iter().filter_map(|file| {
            let name = file.strip_suffix(".db").filter(|name| is_name(name))?;
            Some((name.to_owned(), folder.join(file)))
        });
        Ok(named.collect())
    }

    /// Brings what a world can go back to up to date. What cannot be is left, and told of when
    /// somebody wants to go back to it.
    fn renew(&self, home: &Home, components: &[Component]) -> Result<(), FolderError> {
        let names = self.files.list(home.path())?;
        let seeds = names.iter().filter(|name| seed_number(name).is_some());
        let seeds = seeds.map(|name| home.path().join(name));
        for path in seeds.chain(self.checkpoints(home)?.into_values()) {
            let fresh = path.with_file_name(self.unique(NEW));
            if let Err(error) = draft::renew(&self.files, &path, &fresh, components) {
                let path = path.display();
                tracing::warn!(%path, %error, "this older state cannot be brought up to date");
                leftover::remove(&self.files, &fresh);
            }
        }
        Ok(())
    }

    /// Makes a world. `watch` is shown the connection first, and can have its work stop. `prepare` runs
    /// on its database before the world is there: what is to be the
    /// world's own is written in it, and what the engine could not read is refused.
    ///
    /// # Errors
    /// Where the name is bad or something has it, `prepare` says so, or a file cannot be written.
    /// Nothing is left then.
    pub fn make<E: From<FolderError>>(
        &self,
        name: &str,
        beginning: &Beginning<'_>,
        components: &[Component],
        watch: impl FnOnce(&mut Connection) -> rusqlite::Result<()>,
        prepare: impl FnOnce(&Connection) -> Result<(), E>,
    ) -> Result<Arc<Home>, E> {
        if !is_name(name) {
            return Err(FolderError::Name(name.to_owned()).into());
        }
        let home = Home::new(&self.worlds, name);
        for path in [home.path(), &self.root.join(format!("{name}.db"))] {
            if self.files.kind(path).map_err(FolderError::from)?.is_some() {
                return Err(FolderError::Occupied { path: path.to_owned() }.into());
            }
        }
        let in_its_place = planted::is(Planted::WorldIsMadeInItsPlace);
        let draft = if in_its_place { home.path().to_owned() } else { self.scratch(NEW) };
        let made = draft::fill(&self.files, &draft, beginning, components, watch, prepare)
            .and_then(|()| self.arrive(&draft, home.path()).map_err(E::from));
        if made.is_err() {
            leftover::remove(&self.files, &draft);
        }
        made.map(|()| Arc::new(home))
    }

    fn arrive(&self, draft: &Path, home: &Path) -> Result<(), FolderError> {
        self.files.rename(draft, home)?;
        let synced = self.files.sync_folder(&self.worlds);
        if synced.is_err() {
            self.files.rename(home, draft)?;
        }
        Ok(synced?)
    }

    /// Deletes a world: from here on it is not there, and its lease has ended. One that was deleted
    /// already is left at that.
    ///
    /// # Errors
    /// Where its folder cannot be renamed; the world is there then. Where the disk cannot promise
    /// that it stays away.
    pub fn delete(&self, home: &Home) -> Result<(), FolderError> {
        let gone = self.scratch(GONE);
        let stays = planted::is(Planted::DeletedWorldComesBack);
        let go = || if stays { Ok(()) } else { self.files.rename(home.path(), &gone) };
        if home.lease.end(go)?.is_none() {
            return Ok(());
        }
        let synced = self.files.sync_folder(&self.worlds);
        leftover::remove(&self.files, &gone);
        Ok(synced?)
    }

    /// Keeps a world's state as it is now under a name; what has the name is replaced.
    ///
    /// # Errors
    /// Where the name is bad, or the copy cannot be written; what had the name stays then. Where all
    /// is written and the disk does not promise to keep the new name, which of both has it is open.
    pub fn checkpoint(&self, home: &Home, db: &Database, name: &str) -> Result<Saved, FolderError> {
        if !is_name(name) {
            return Err(FolderError::Name(name.to_owned()));
        }
        let folder = home.checkpoints();
        let (fresh, path) = (folder.join(self.unique(NEW)), folder.join(checkpoint_file(name)));
        let prepare = || {
            let is_there = expect(&self.files, &folder, Kind::Folder)?;
            if !is_there {
                self.files.create_folder(&folder)?;
                self.files.sync_folder(home.path())?;
            }
            expect(&self.files, &path, Kind::File)
        };
        let is_replaced = home.lease.during(prepare)??;
        // The copy holds the lease by itself.
        let written = copy_database(&self.files, db, &fresh).and_then(|()| {
            let name_it = || self.name_checkpoint(&fresh, &path, is_replaced);
            Ok(home.lease.during(name_it)??)
        });
        if written.is_err() {
            leftover::remove(&self.files, &fresh);
        }
        written.map(|()| Saved::File(path))
    }

    fn name_checkpoint(
        &self,
        fresh: &Path,
        path: &Path,
        is_replaced: bool,
    ) -> Result<(), FileError> {
        self.files.sync_file(fresh)?;
        self.files.rename(fresh, path)?;
        let synced = path.parent().map_or(Ok(()), |folder| self.files.sync_folder(folder));
        if synced.is_err() && !is_replaced {
            self.files.remove_file(path)?;
        }
        synced
    }

    /// Has a world begin again from another seed, which a reset goes back to from now on. The tables
    /// of [`FILE_TABLES`] stay.
    ///
    /// # Errors
    /// Where the seed cannot be written or the rows not be replaced; the world is as it was then.
    pub fn reseed(&self, home: &Home, db: &Database, image: &Image) -> Result<Saved, FolderError> {
        let number = seed_that_counts(db, &home.world())?;
        let next = (number + 1) % i64::from(i32::MAX);
        let path = home.seed(next);
        let write = || {
            self.files.remove_file(&path)?;
            self.files.write(&path, |file| image.write_to(file))?;
            self.files.sync_file(&path)?;
            self.files.sync_folder(home.path())
        };
        let written: Result<(), FileError> = home.lease.during(write)?;
        if let Err(error) = written {
            leftover::remove(&self.files, &path);
            return Err(error.into());
        }
        let seed = Saved::File(path.clone());
        let count = |db: &Connection| db.pragma_update(None, "user_version", next);
        if let Err(error) = db.restore_and(&seed, FILE_TABLES, count) {
            // A commit that failed on the disk may be found there at the next start all the same.
            if error.trouble().is_none() {
                leftover::remove(&self.files, &path);
            }
            return Err(error.into());
        }
        leftover::remove(&self.files, &home.seed(number));
        Ok(seed)
    }

    /// A world's state as it is now, without its journal, as a file's image.
    ///
    /// # Errors
    /// Where it cannot be copied.
    pub fn export(&self, db: &Database) -> Result<Image, FolderError> {
        let scratch = self.scratch(NEW);
        let copied = copy_database(&self.files, db, &scratch)
            .and_then(|()| Ok(self.files.read(&scratch)?));
        leftover::remove(&self.files, &scratch);
        Ok(adopt::without_journal(copied?)?)
    }

    /// Whether writing is possible, for whoever asks if the program is ready. Writes a few kilobytes
    /// and removes them.
    ///
    /// # Errors
    /// What is the matter.
    pub fn probe(&self) -> Result<(), StorageTrouble> {
        let scratch = self.scratch(NEW);
        let fill = |file: &mut File| file.write_all(&vec![0; PROBE_BYTES]);
        let written =
            self.files.write(&scratch, fill).and_then(|()| self.files.sync_file(&scratch));
        let removed = self.files.remove_file(&scratch);
        written.and(removed).map_err(|error| error.trouble())
    }

    /// A name beside the worlds that nobody reads.
    fn scratch(&self, prefix: &str) -> PathBuf {
        self.worlds.join(self.unique(prefix))
    }

    fn unique(&self, prefix: &str) -> String {
        format!("{prefix}{}", self.next.fetch_add(1, Ordering::Relaxed))
    }
}

/// Whether something is there; what is of another kind is refused.
fn expect(files: &Files, path: &Path, wanted: Kind) -> Result<bool, FolderError> {
    match files.kind(path)? {
        None => Ok(false),
        Some(kind) if kind == wanted => Ok(true),
        Some(found) => Err(FolderError::NotOfKind { path: path.to_owned(), wanted, found }),
    }
}

fn seed_that_counts(db: &Database, world: &Path) -> Result<i64, FolderError> {
    let number = db.connection().pragma_query_value(None, "user_version", |row| row.get(0));
    number.map_err(|source| FolderError::Prepare { path: world.to_owned(), source })
}
