//! The worlds of a process, by name.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockWriteGuard};
use std::time::Duration;

use serde_json::Value;

use super::claims::{Claim, ClaimError, Claims};
use super::journal::{Budget, Entry, Exchange, Journal, What};
use super::load::{LoadError, Scenario};
use super::metrics::Metrics;
use super::own::{self, Closing, Held, Own, OwnFacts};
use super::redact::Redactor;
use super::reply::{InternalError, Outcome};
use super::vendor::{Routed, Vendor};
use super::world::{Shared, Vendors, World, blocking};
use super::{counter, fault, ledger, line, people, settings, timer, traffic, unseed};
use crate::base::clock;
use crate::base::limits::{SEALED_SEEDS_MAX, WORLDS_MAX};
use crate::store::adopt::{self, AdoptError};
use crate::store::database::{Database, OpenError, Saved, Sync};
use crate::store::pages::{Image, Space};
use crate::store::schema::{self, Component};
use crate::web::message::{Request, Response};

/// The world that always exists.
pub const DEFAULT: &str = "default";

/// Longest name of a world: it is part of paths, host names and file names.
pub const NAME_CHARS_MAX: usize = 63;

/// All worlds of a process.
#[derive(Debug)]
pub struct Worlds {
    shared: Shared,
    by_name: RwLock<BTreeMap<String, Held>>,
    claims: Claims,
    /// An empty database with every table, from which seeds are loaded.
    empty: Image,
    /// Seeds that were loaded, by the key of their scenario; equal seeds share one image.
    sealed: Mutex<BTreeMap<String, Image>>,
    keep: Keep,
    /// Names of worlds that are being made or deleted.
    being_made: Mutex<BTreeSet<String>>,
    /// Requests that no world or vendor took.
    strays: RwLock<(u64, Journal)>,
}

/// A name that is held while its world is made or deleted, and claims that the world will have.
#[derive(Debug)]
struct Reserved<'w> {
    worlds: &'w Worlds,
    name: String,
    claims: Vec<Claim>,
}

impl Reserved<'_> {
    fn claim(&mut self, claims: Vec<Claim>) -> Result<(), ClaimError> {
        self.worlds.claims.take(&self.name, &claims)?;
        self.claims = claims;
        Ok(())
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        self.worlds.claims.free(&self.claims);
        let mut names = self.worlds.being_made.lock().unwrap_or_else(PoisonError::into_inner);
        names.remove(&self.name);
    }
}

/// Where worlds are kept.
#[derive(Debug)]
pub enum Keep {
    Memory,
    Folder(DataFolder),
}

/// A folder of worlds, owned by one process.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    sync: Sync,
    /// Held for as long as the process lives.
    _lock: File,
}

/// A folder that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataFolderError {
    #[error("cannot write to the data folder {path}: {source}")]
    NotWritable { path: PathBuf, source: io::Error },
    #[error(
        "the data folder {path} is in use by another ringback; stop it or choose another folder"
    )]
    InUse { path: PathBuf },
}

/// A world that lives for a while only.
#[derive(Debug)]
pub(super) struct Mortal {
    pub(super) world: Arc<World>,
    pub(super) ttl: Duration,
}

/// A world whose time to live is over, unless it was used since.
#[derive(Debug)]
pub struct Expired {
    pub(super) world: Arc<World>,
    pub(super) last_used: u64,
}

impl Expired {
    pub fn name(&self) -> &str {
        self.world.name()
    }
}

/// Why a world was not made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    #[error("a world is already called {0}")]
    Taken(String),
    #[error(
        "{0:?} cannot be a world's name; expected 1 to {NAME_CHARS_MAX} lower-case letters, digits, \
         `-` or `_`, beginning with a letter or digit"
    )]
    Name(String),
    #[error("there are {WORLDS_MAX} worlds already; delete one first")]
    TooMany,
    #[error(transparent)]
    Claim(#[from] ClaimError),
    #[error("cannot use {path}: {source}")]
    NotOurs { path: PathBuf, source: AdoptError },
    /// The file to import is none.
    #[error("{0}; nothing was made")]
    Import(String),
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Internal(#[from] InternalError),
}

impl From<rusqlite::Error> for MakeError {
    fn from(error: rusqlite::Error) -> Self {
        MakeError::Internal(error.into())
    }
}

impl DataFolder {
    /// Takes a folder for this process, making it where it is not there.
    ///
    /// # Errors
    /// Where it cannot be written, or another process has it.
    pub fn take(path: &Path, sync: Sync) -> Result<Self, DataFolderError> {
        let not_writable = |source| DataFolderError::NotWritable { path: path.to_owned(), source };
        fs::create_dir_all(path).map_err(not_writable)?;
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join("ringback.lock"))
            .map_err(not_writable)?;
        match lock.try_lock() {
            Ok(()) => Ok(DataFolder { path: path.to_owned(), sync, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(DataFolderError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => Err(not_writable(source)),
        }
    }

    fn world(&self, name: &str) -> PathBuf {
        self.path.join(format!("{name}.db"))
    }

    fn seed(&self, name: &str) -> PathBuf {
        self.path.join(format!("{name}.seed.db"))
    }

    /// A copy that is on its way out. `number` is that of no other.
    fn export(&self, name: &str, number: u64) -> PathBuf {
        self.path.join(format!("{name}.export.{number}"))
    }

    fn checkpoint(&self, world: &str, name: &str) -> PathBuf {
        // No world is called like this: a name has no dot.
        self.path.join(format!("{world}.checkpoint.{name}.db"))
    }

    /// The checkpoints of a world, by name.
    fn checkpoints(&self, world: &str) -> io::Result<BTreeMap<String, PathBuf>> {
        let mut found = BTreeMap::new();
        for file in fs::read_dir(&self.path)? {
            let file = file?;
            let file_name = file.file_name();
            let name = file_name.to_str().and_then(|name| name.strip_suffix(".db"));
            let name = name.and_then(|name| name.strip_prefix(world)?.strip_prefix(".checkpoint."));
            if let Some(name) = name {
                found.insert(name.to_owned(), file.path());
            }
        }
        Ok(found)
    }

    /// Names of the worlds that are in the folder.
    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for file in fs::read_dir(&self.path)? {
            let file_name = file?.file_name();
            let name = file_name.to_str().and_then(|name| name.strip_suffix(".db"));
            if let Some(name) = name.filter(|name| is_name(name)) {
                names.push(name.to_owned());
            }
        }
        names.sort();
        Ok(names)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let world = self.world(name);
        for end in ["", "-wal", "-shm"] {
            let mut file = world.clone().into_os_string();
            file.push(end);
            remove_if_there(Path::new(&file))?;
        }
        for checkpoint in self.checkpoints(name)?.values() {
            remove_if_there(checkpoint)?;
        }
        remove_if_there(&self.seed(name))
    }
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Whether a text can be a world's name.
pub fn is_name(text: &str) -> bool {
    let is_inner = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
    };
    (1..=NAME_CHARS_MAX).contains(&text.len())
        && text.bytes().all(is_inner)
        && text.as_bytes()[0].is_ascii_alphanumeric()
}

impl Worlds {
    /// No world yet.
    ///
    /// # Errors
    /// Where the vendors' tables cannot be made.
    pub fn new(vendors: Vendors, keep: Keep) -> Result<Self, OpenError> {
        let metrics = Arc::new(Metrics::new(vendors));
        let shared = Shared { vendors, budget: Budget::default(), pool: Arc::default(), metrics };
        let empty = Database::empty_image(&components(vendors, false))?;
        let strays = RwLock::new((0, Journal::new(shared.budget.clone())));
        let (by_name, claims, sealed, being_made) = Default::default();
        Ok(Worlds { shared, by_name, claims, empty, sealed, keep, being_made, strays })
    }

    pub fn metrics(&self) -> &Metrics {
        &self.shared.metrics
    }

    /// Bytes that the journals of all worlds hold.
    pub fn journal_bytes(&self) -> usize {
        self.shared.budget.bytes()
    }

    pub fn vendors(&self) -> Vendors {
        self.shared.vendors
    }

    /// Opens the worlds that the data folder holds; none in memory. Answers their names.
    ///
    /// # Errors
    /// Where one cannot be opened; it is left as it is.
    pub fn open_kept(&self) -> Result<Vec<String>, MakeError> {
        let Keep::Folder(folder) = &self.keep else { return Ok(Vec::new()) };
        let names = folder.names().map_err(InternalError::new)?;
        let components = components(self.vendors(), true);
        let fresh = Database::empty_image(&components)?;
        for name in &names {
            let path = folder.world(name);
            let db = Database::in_file(&path, folder.sync, &components)?;
            adopt::check_own(db.connection(), &fresh)
                .map_err(|source| MakeError::NotOurs { path, source })?;
            // A time to live counts from the start of this process.
            let own = own::kept(db.connection())?;
            self.insert(name, self.file_world(folder, name, db)?, own)?;
        }
        Ok(names)
    }

    /// Makes a world from a scenario.
    ///
    /// # Errors
    /// Where the name is bad or taken, the scenario has mistakes, or there is no room.
    pub fn make(&self, name: &str, scenario: &mut dyn Scenario) -> Result<Arc<World>, MakeError> {
        self.make_with(name, scenario, Own::default())
    }

    /// Makes a world from a scenario, with what is its own beside its state.
    ///
    /// # Errors
    /// As for [`Worlds::make`], and where another world holds one of the claims. Nothing is made or
    /// claimed then.
    pub fn make_with(
        &self,
        name: &str,
        scenario: &mut dyn Scenario,
        mut own: Own,
    ) -> Result<Arc<World>, MakeError> {
        let mut reserved = self.reserve(name)?;
        reserved.claim(std::mem::take(&mut own.claims))?;
        let seeded = self.seeded(scenario)?;
        let world = match &self.keep {
            Keep::Memory => {
                let db = Database::in_memory(&seeded);
                World::over(name, db, Saved::Image(seeded), &self.shared)?
            }
            Keep::Folder(folder) => {
                write_image(&seeded, &folder.seed(name)).map_err(InternalError::new)?;
                self.make_file(folder, name, &folder.seed(name), &own)?
            }
        };
        own.claims = std::mem::take(&mut reserved.claims);
        self.insert(name, world, own)
    }

    /// Loads a scenario that may have changed and has a world begin again from it; what was loaded
    /// of it before is not used for new worlds either. Where it has mistakes, all stays as it is.
    ///
    /// # Errors
    /// Where the scenario has mistakes, or SQLite fails.
    pub async fn reseed(
        self: &Arc<Self>,
        world: &Arc<World>,
        mut scenario: impl Scenario + Send + 'static,
    ) -> Result<u64, MakeError> {
        let (worlds, name) = (Arc::clone(self), world.name().to_owned());
        let seed = blocking(move || {
            let image = worlds.load(&mut scenario)?;
            let Keep::Folder(folder) = &worlds.keep else { return Ok(Saved::Image(image)) };
            let fresh = folder.path.join(format!("{name}.seed.new"));
            write_image(&image, &fresh).map_err(InternalError::new)?;
            fs::rename(&fresh, folder.seed(&name)).map_err(InternalError::new)?;
            Ok::<_, MakeError>(Saved::File(folder.seed(&name)))
        });
        Ok(world.reseed(seed.await??).await?)
    }

    /// A sealed image of a scenario's state; the one that is there where it was loaded before.
    fn seeded(&self, scenario: &mut dyn Scenario) -> Result<Image, MakeError> {
        let key = scenario.key();
        if let Some(key) = &key
            && let Some(image) = self.sealed().get(key)
        {
            return Ok(image.clone());
        }
        self.load(scenario)
    }

    /// The same, loaded whether it was before or not.
    fn load(&self, scenario: &mut dyn Scenario) -> Result<Image, MakeError> {
        let key = scenario.key();
        let db = Database::in_memory(&self.empty);
        World::seed(&db, self.vendors(), scenario)?;
        let image = db.seal()?;
        if let Some(key) = key {
            let mut sealed = self.sealed();
            if sealed.len() >= SEALED_SEEDS_MAX {
                sealed.pop_first();
            }
            sealed.insert(key, image.clone());
        }
        Ok(image)
    }

    fn sealed(&self) -> MutexGuard<'_, BTreeMap<String, Image>> {
        self.sealed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a world that begins where another is now. Its journal begins anew, and it has no
    /// checkpoints; a reset brings back the other's seed.
    ///
    /// # Errors
    /// Where the name is bad or taken, or there is no room.
    pub async fn fork(&self, world: &Arc<World>, name: &str) -> Result<Arc<World>, MakeError> {
        let _reserved = self.reserve(name)?;
        match &self.keep {
            Keep::Memory => {
                let (Saved::Image(now), origin) = world.branch(None).await? else {
                    return Err(InternalError::new("a world in memory has an image").into());
                };
                let db = Database::in_memory(&now);
                self.insert(name, World::over(name, db, origin, &self.shared)?, Own::default())
            }
            Keep::Folder(folder) => {
                let copy = folder.path.join(format!("{name}.fork"));
                let (_, origin) = world.branch(Some(copy.clone())).await?;
                if let Saved::File(seed) = origin {
                    fs::copy(seed, folder.seed(name)).map_err(InternalError::new)?;
                }
                let made = self.make_file(folder, name, &copy, &Own::default());
                remove_if_there(&copy).map_err(InternalError::new)?;
                let made = made?;
                made.begin_journal()?;
                self.insert(name, made, Own::default())
            }
        }
    }

    /// A world's state as one SQLite file: rows, timers, counters, settings, switches and the clock,
    /// but neither journal nor checkpoints. Credentials are in it as they are.
    ///
    /// # Errors
    /// Where a copy cannot be made.
    pub async fn export(&self, world: &Arc<World>) -> Result<Image, MakeError> {
        let copy = match &self.keep {
            Keep::Memory => None,
            Keep::Folder(folder) => Some(folder.export(world.name(), self.shared.pool.id())),
        };
        let (state, _) = world.branch(copy).await?;
        let name = world.name().to_owned();
        blocking(move || {
            let image = match state {
                Saved::Image(image) => image,
                Saved::File(path) => {
                    let bytes = fs::read(&path).map_err(InternalError::new)?;
                    remove_if_there(&path).map_err(InternalError::new)?;
                    adopt::without_journal(bytes).map_err(InternalError::new)?
                }
            };
            let space = Space::from_image(&image);
            settings::save_export(&space.open().map_err(InternalError::new)?, &name)?;
            Ok(space.snapshot().map_err(InternalError::new)?)
        })
        .await?
    }

    /// Makes a world of an exported file. A reset brings it back to what the file held.
    ///
    /// # Errors
    /// Where the name is bad or taken, there is no room, or the file is cut short, damaged, foreign
    /// or of a newer build. Nothing is made then.
    pub fn import(&self, name: &str, bytes: Vec<u8>) -> Result<Arc<World>, MakeError> {
        let _reserved = self.reserve(name)?;
        let image = self.adopt(bytes)?;
        let world = match &self.keep {
            Keep::Memory => {
                let db = Database::in_memory(&image);
                World::over(name, db, Saved::Image(image), &self.shared)?
            }
            Keep::Folder(folder) => {
                write_image(&image, &folder.seed(name)).map_err(InternalError::new)?;
                self.make_file(folder, name, &folder.seed(name), &Own::default())?
            }
        };
        self.insert(name, world, Own::default())
    }

    /// Looks over an exported file.
    fn adopt(&self, bytes: Vec<u8>) -> Result<Image, MakeError> {
        let refused = |error: AdoptError| MakeError::Import(error.to_string());
        let components = components(self.vendors(), false);
        let image = adopt::adopt(bytes, &components, &self.empty).map_err(refused)?;
        let space = Space::from_image(&image);
        let db = space.open().map_err(InternalError::new)?;
        settings::take_export(&db, self.vendors().0).map_err(MakeError::Import)?;
        drop(db);
        Ok(space.snapshot().map_err(InternalError::new)?.flatten())
    }

    /// Where a checkpoint of a world is kept; `None` for worlds in memory.
    ///
    /// # Errors
    /// Where the name is bad.
    pub fn checkpoint_path(&self, world: &str, name: &str) -> Result<Option<PathBuf>, MakeError> {
        if !is_name(name) {
            return Err(MakeError::Name(name.to_owned()));
        }
        let Keep::Folder(folder) = &self.keep else { return Ok(None) };
        Ok(Some(folder.checkpoint(world, name)))
    }

    fn make_file(
        &self,
        folder: &DataFolder,
        name: &str,
        from: &Path,
        own: &Own,
    ) -> Result<Arc<World>, MakeError> {
        // The world is not there until its file has its name, so that a crash leaves no half of it.
        let fresh = folder.path.join(format!("{name}.new"));
        fs::copy(from, &fresh).map_err(InternalError::new)?;
        fs::rename(&fresh, folder.world(name)).map_err(InternalError::new)?;
        let db =
            Database::in_file(&folder.world(name), folder.sync, &components(self.vendors(), true))?;
        own::keep(db.connection(), own)?;
        self.file_world(folder, name, db)
    }

    fn file_world(
        &self,
        folder: &DataFolder,
        name: &str,
        db: Database,
    ) -> Result<Arc<World>, MakeError> {
        let world = World::over(name, db, Saved::File(folder.seed(name)), &self.shared)?;
        for (checkpoint, path) in folder.checkpoints(name).map_err(InternalError::new)? {
            world.add_checkpoint(checkpoint, Saved::File(path));
        }
        Ok(world)
    }

    /// Holds a name while a world is made, so that no other of that name writes to its files.
    fn reserve(&self, name: &str) -> Result<Reserved<'_>, MakeError> {
        if !is_name(name) {
            return Err(MakeError::Name(name.to_owned()));
        }
        let mut being_made = self.being_made.lock().unwrap_or_else(PoisonError::into_inner);
        let by_name = self.by_name.read().unwrap_or_else(PoisonError::into_inner);
        if by_name.contains_key(name) || being_made.contains(name) {
            return Err(MakeError::Taken(name.to_owned()));
        }
        if by_name.len() + being_made.len() >= WORLDS_MAX {
            return Err(MakeError::TooMany);
        }
        being_made.insert(name.to_owned());
        Ok(Reserved { worlds: self, name: name.to_owned(), claims: Vec::new() })
    }

    fn insert(&self, name: &str, world: Arc<World>, own: Own) -> Result<Arc<World>, MakeError> {
        let mut worlds = self.by_name_mut();
        let taken = worlds.contains_key(name);
        if taken || worlds.len() >= WORLDS_MAX {
            self.claims.free(&own.claims);
            let name = name.to_owned();
            return Err(if taken { MakeError::Taken(name) } else { MakeError::TooMany });
        }
        worlds.insert(name.to_owned(), Held::new(Arc::clone(&world), own));
        Ok(world)
    }

    fn by_name_mut(&self) -> RwLockWriteGuard<'_, BTreeMap<String, Held>> {
        self.by_name.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at one world's entry.
    fn held<T>(&self, name: &str, look: impl FnOnce(&Held) -> T) -> Option<T> {
        self.by_name.read().unwrap_or_else(PoisonError::into_inner).get(name).map(look)
    }

    pub fn get(&self, name: &str) -> Option<Arc<World>> {
        self.held(name, |held| Arc::clone(&held.world))
    }

    /// The world that has claimed a credential of a request; `None` where none has.
    pub fn claimed(
        &self,
        vendor: &'static dyn Vendor,
        request: &Request,
        routed: &Routed,
    ) -> Option<Arc<World>> {
        // A world that is being made or deleted may hold claims and not be there.
        self.get(&self.claims.holder(vendor, request, routed)?)
    }

    /// What a world has of the process beside its state, as it may be shown.
    pub fn own_facts(&self, name: &str, show_secrets: bool) -> OwnFacts {
        self.held(name, |held| held.facts(show_secrets)).unwrap_or_default()
    }

    /// Worlds that live for a while only. The default world is none of them.
    pub(super) fn mortal(&self) -> Vec<Mortal> {
        let worlds = self.by_name.read().unwrap_or_else(PoisonError::into_inner);
        let mortal = worlds.values().filter(|held| held.world.name() != DEFAULT);
        let mortal = mortal.filter_map(|held| {
            let ttl = held.ttl?;
            Some(Mortal { world: Arc::clone(&held.world), ttl })
        });
        mortal.collect()
    }

    /// Ends what waits for a journal, when the program stops.
    pub fn close(&self) {
        for world in self.all() {
            world.close();
        }
    }

    /// All worlds, in the order of their names.
    pub fn all(&self) -> Vec<Arc<World>> {
        self.by_name
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .values()
            .map(|held| Arc::clone(&held.world))
            .collect()
    }

    /// Removes a world and what is kept of it, and frees what it claimed. `None` where there is none
    /// of that name. The answer is ready when the world's own listener is closed.
    ///
    /// # Errors
    /// Where its file cannot be removed.
    pub fn delete(&self, name: &str) -> Result<Option<Closing>, InternalError> {
        self.delete_if(name, |_| true)
    }

    /// Removes a world whose time to live is over. `None` where it has been used since.
    ///
    /// # Errors
    /// Where its file cannot be removed.
    pub fn delete_expired(&self, expired: &Expired) -> Result<Option<Closing>, InternalError> {
        let Expired { world, last_used } = expired;
        self.delete_if(world.name(), |held| {
            Arc::ptr_eq(&held.world, world) && world.last_used() == *last_used && !world.is_busy()
        })
    }

    fn delete_if(
        &self,
        name: &str,
        wanted: impl FnOnce(&Held) -> bool,
    ) -> Result<Option<Closing>, InternalError> {
        // The name stays taken until the files are gone, so that no new world finds them.
        let (held, _reserved) = {
            let mut being_made = self.being_made.lock().unwrap_or_else(PoisonError::into_inner);
            let mut worlds = self.by_name_mut();
            if !worlds.get(name).is_some_and(wanted) {
                return Ok(None);
            }
            let Some(held) = worlds.remove(name) else { return Ok(None) };
            being_made.insert(name.to_owned());
            let claims = held.claims.clone();
            (held, Reserved { worlds: self, name: name.to_owned(), claims })
        };
        let closing = held.listening.map(super::own::Listening::close);
        if let Keep::Folder(folder) = &self.keep {
            folder.remove(name).map_err(InternalError::new)?;
        }
        Ok(Some(closing.unwrap_or_else(|| Box::pin(std::future::ready(())))))
    }

    /// Closes the listeners of all worlds; the worlds stay.
    pub fn close_listeners(&self) -> Vec<Closing> {
        let mut worlds = self.by_name_mut();
        let listening = worlds.values_mut().filter_map(|held| held.listening.take());
        listening.map(super::own::Listening::close).collect()
    }

    /// Notes a request that no world or vendor took, with the reason.
    pub fn stray(&self, request: &Request, response: &Response, reason: &str) {
        let mut strays = self.strays.write().unwrap_or_else(PoisonError::into_inner);
        strays.0 += 1;
        let exchange = Exchange::new(None, None, request, response);
        let entry = Entry {
            seq: strays.0,
            at_ms: clock::system_now_ms(),
            what: What::Exchange(Box::new(exchange)),
            outcome: Outcome::Refused,
            effects: Vec::new(),
            why: None,
            error: Some(reason.to_owned()),
        };
        strays.1.push(entry);
    }

    /// Requests that no world or vendor took, oldest first.
    pub fn strays(&self, after: u64, limit: usize) -> Vec<Value> {
        let strays = self.strays.read().unwrap_or_else(PoisonError::into_inner);
        // Nobody knows whose secrets they may hold, so every vendor's are masked.
        let redact = |mut entry: Value| {
            for vendor in self.vendors().0 {
                entry = Redactor::new(vendor.surface().secrets, false).value(entry);
            }
            entry
        };
        strays.1.after(after).take(limit).map(|it| redact(it.render("", false))).collect()
    }
}

fn write_image(image: &Image, path: &Path) -> io::Result<()> {
    let mut file = File::create(path)?;
    image.write_to(&mut file)?;
    file.sync_all()
}

/// The tables of a world: the core's, the vendors', and in a file the journal's.
pub fn components(vendors: Vendors, persistent: bool) -> Vec<Component> {
    let mut all = vec![schema::CORE];
    if persistent {
        all.push(schema::JOURNAL);
    }
    all.extend(
        vendors
            .0
            .iter()
            .map(|vendor| Component { name: vendor.surface().vendor, scripts: vendor.schema() }),
    );
    all
}

/// Every SQL statement of the core and the vendors by name, for the test that prepares them all.
pub fn statements(vendors: Vendors) -> Vec<(&'static str, &'static str)> {
    let core = [
        counter::STATEMENTS,
        fault::STATEMENTS,
        adopt::STATEMENTS,
        ledger::STATEMENTS,
        line::STATEMENTS,
        own::STATEMENTS,
        people::STATEMENTS,
        schema::STATEMENTS,
        settings::STATEMENTS,
        timer::STATEMENTS,
        traffic::STATEMENTS,
    ];
    let mut all = core.concat();
    all.extend(vendors.0.iter().flat_map(|vendor| vendor.statements()));
    for surface in vendors.0.iter().map(|vendor| vendor.surface()) {
        all.extend(surface.read_back.iter().map(|back| (back.name, back.rows)));
        all.extend(surface.omitted.iter().map(|omitted| (omitted.what, omitted.count)));
    }
    all.extend(unseed::READ_BACK.iter().map(|back| (back.name, back.rows)));
    all
}
