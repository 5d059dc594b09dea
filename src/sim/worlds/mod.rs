//! The worlds of a process, by name.

pub mod claims;
mod copy;
mod exported;
pub mod folder;
mod make;
pub mod name;
pub mod own;
pub mod reaper;
pub mod remove;
mod strays;
pub mod tables;

use crate::sim::worlds::name::NAME_CHARS_MAX;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockWriteGuard};

use crate::base::limits::WORLDS_MAX;
use crate::contract::operation::Routed;
use crate::contract::reply::InternalError;
use crate::contract::vendor::{Vendor, Vendors};
use crate::sim::journal::ring::{Budget, Journal};
use crate::sim::loading::scenario::LoadError;
use crate::sim::world::metrics::Metrics;
use crate::sim::world::{Shared, World};
use crate::sim::worlds::claims::{Claim, ClaimError, Claims};
use crate::sim::worlds::folder::Keep;
use crate::sim::worlds::name::is_name;
use crate::sim::worlds::own::{Closing, Held, Own, OwnFacts};
use crate::sim::worlds::tables::components;
use crate::store::adopt::AdoptError;
use crate::store::database::{Database, OpenError};
use crate::store::pages::image::Image;
use crate::web::message::Request;

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

impl From<rusqlite::Error> for MakeError {
    fn from(error: rusqlite::Error) -> Self {
        MakeError::Internal(error.into())
    }
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

    /// Closes the listeners of all worlds; the worlds stay.
    pub fn close_listeners(&self) -> Vec<Closing> {
        let mut worlds = self.by_name_mut();
        let listening = worlds.values_mut().filter_map(|held| held.listening.take());
        listening.map(crate::sim::worlds::own::Listening::close).collect()
    }
}
