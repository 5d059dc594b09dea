//! All worlds of a process under their names, and the names that are being made.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, RwLock, RwLockWriteGuard};

use crate::base::clock::Stopwatch;
use crate::base::limits::WORLDS_MAX;
use crate::base::lock;
use crate::base::seq::Seq;
use crate::contract::operation::Routed;
use crate::contract::vendor::{Vendor, Vendors};
use crate::sim::blocking::Bell;
use crate::sim::journal::ring::Journal;
use crate::sim::journal::secrets;
use crate::sim::journal::tap::Tap;
use crate::sim::loading::recipe::Recipe;
use crate::sim::loading::settings::HostGiven;
use crate::sim::world::metrics::Metrics;
use crate::sim::world::{Halt, Shared, Stop, World};
use crate::sim::worlds::claims::{Claim, ClaimError, Claims};
use crate::sim::worlds::extras::{Closing, Extras, ExtrasFacts, ExtrasWanted, Slot};
use crate::sim::worlds::folder::Keep;
use crate::sim::worlds::hosts::{HostError, Hosts};
use crate::sim::worlds::make_error::MakeError;
use crate::sim::worlds::tables::components;
use crate::store::database::{Database, OpenError};
use crate::store::folder::name::is_name;
use crate::store::folder::trouble::StorageTrouble;
use crate::store::pages::image::Image;
use crate::web::message::Request;

/// All worlds of a process.
#[derive(Debug)]
pub struct Worlds {
    pub(super) shared: Shared,
    pub(super) by_name: RwLock<BTreeMap<String, Slot>>,
    pub(super) claims: Claims,
    /// Which hosts are whose; worlds bring some along.
    hosts: Arc<Hosts>,
    /// An empty database with every table, from which seeds are loaded.
    pub(super) empty: Image,
    /// Seeds that were loaded, by the recipe of their world; equal seeds share one image.
    pub(super) sealed: Mutex<BTreeMap<Recipe, Image>>,
    pub(super) keep: Keep,
    /// Told when the program stops, for worlds that are being made.
    pub(super) stop: Stop,
    /// Names of worlds that are being made or deleted.
    pub(super) being_made: Mutex<BTreeSet<String>>,
    /// Told whenever one of those names is let go.
    let_go: Bell,
    /// What stands in a world's place in the data folder and cannot be read, and why.
    unreadable: RwLock<BTreeMap<String, String>>,
    /// When each of them was tried once more.
    pub(super) reopened: Mutex<BTreeMap<String, Stopwatch>>,
    /// Requests that no world or vendor took.
    pub(super) strays: RwLock<(Seq, Journal)>,
    /// Who looks at a world once more before it is deleted.
    pub(super) farewell: Farewell,
}

/// Looks at a world.
type Look = Box<dyn Fn(&World) + Send + Sync>;

/// Who looks at worlds before they are deleted, if anybody does.
#[derive(Default)]
pub(super) struct Farewell(OnceLock<Look>);

impl fmt::Debug for Farewell {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Farewell").field(&self.0.get().is_some()).finish()
    }
}

impl Farewell {
    pub(super) fn look(&self, world: &World) {
        if let Some(look) = self.0.get() {
            look(world);
        }
    }
}

/// A name that is held while its world is made or deleted, and claims and hosts that the world will
/// have.
#[derive(Debug)]
pub(super) struct Reserved<'w> {
    pub(super) worlds: &'w Worlds,
    pub(super) name: String,
    pub(super) claims: Vec<Claim>,
    /// Whether its hosts go where it is let go.
    pub(super) frees_hosts: bool,
}

impl Reserved<'_> {
    /// Takes the hosts that the world's scenario gives to vendors.
    pub(super) fn take_hosts(&mut self, given: &[HostGiven]) -> Result<(), HostError> {
        self.worlds.hosts.take(self.worlds.vendors(), &self.name, given)?;
        self.frees_hosts = true;
        Ok(())
    }

    pub(super) fn claim(&mut self, claims: Vec<Claim>) -> Result<(), ClaimError> {
        self.worlds.claims.take(&self.name, &claims)?;
        self.claims = claims;
        Ok(())
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        self.worlds.claims.free(&self.claims);
        if self.frees_hosts {
            self.worlds.hosts.free(&self.name);
        }
        let mut names = lock::lock(&self.worlds.being_made);
        names.remove(&self.name);
        self.worlds.let_go.ring();
    }
}

impl Worlds {
    /// No world yet.
    ///
    /// # Errors
    /// Where the vendors' tables cannot be made.
    pub fn new(vendors: Vendors, keep: Keep) -> Result<Self, OpenError> {
        let metrics = Arc::new(Metrics::new(vendors));
        let names = secrets::names(vendors);
        let (budget, pool, own_secrets) = Default::default();
        let shared = Shared { vendors, names, own_secrets, budget, pool, metrics, tap: None };
        let empty = Database::empty_image(&components(vendors, false))?;
        let strays = RwLock::new((Seq::NONE, Journal::new(shared.budget.clone())));
        let (by_name, claims, sealed, being_made, let_go, stop) = Default::default();
        let (unreadable, reopened) = Default::default();
        let hosts = Arc::new(Hosts::of(vendors));
        Ok(Worlds {
            shared,
            by_name,
            claims,
            hosts,
            empty,
            sealed,
            keep,
            stop,
            being_made,
            let_go,
            unreadable,
            reopened,
            strays,
            farewell: Farewell::default(),
        })
    }

    /// Has each world looked at before it is deleted. Who comes second does not count.
    pub fn before_deleting(&self, look: Box<dyn Fn(&World) + Send + Sync>) {
        let _ = self.farewell.0.set(look);
    }

    /// Has every world mask a secret of the process itself. It comes before the first world.
    #[must_use]
    pub fn with_own_secret(mut self, secret: Option<&str>) -> Self {
        self.shared.own_secrets = Arc::new(secret.map(str::to_owned).into_iter().collect());
        self
    }

    /// With hosts that were given to vendors beside their own. They come before the first world.
    #[must_use]
    pub(crate) fn with_hosts(mut self, hosts: Hosts) -> Self {
        self.hosts = Arc::new(hosts);
        self
    }

    /// Which hosts are whose.
    pub(crate) fn hosts(&self) -> &Arc<Hosts> {
        &self.hosts
    }

    /// With somebody who is told of each input of every world that is made from now on.
    #[must_use]
    pub(crate) fn with_tap(mut self, tap: Option<Arc<dyn Tap>>) -> Self {
        self.shared.tap = tap;
        self
    }

    /// Who is told of inputs.
    pub(crate) fn tap(&self) -> Option<Arc<dyn Tap>> {
        self.shared.tap.clone()
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
    pub(super) fn reserve(&self, name: &str) -> Result<Reserved<'_>, MakeError> {
        if !is_name(name) {
            return Err(MakeError::Name(name.to_owned()));
        }
        if let Some(reason) = self.unreadable(name) {
            return Err(MakeError::Unreadable { name: name.to_owned(), reason });
        }
        let mut being_made = lock::lock(&self.being_made);
        let by_name = lock::read(&self.by_name);
        if by_name.contains_key(name) || being_made.contains(name) {
            return Err(MakeError::Taken(name.to_owned()));
        }
        if by_name.len() + being_made.len() >= WORLDS_MAX {
            return Err(MakeError::TooMany);
        }
        being_made.insert(name.to_owned());
        let (claims, frees_hosts) = Default::default();
        Ok(Reserved { worlds: self, name: name.to_owned(), claims, frees_hosts })
    }

    pub(super) fn insert(
        &self,
        name: &str,
        world: Arc<World>,
        own: Extras,
    ) -> Result<Arc<World>, MakeError> {
        let mut worlds = self.by_name_mut();
        let taken = worlds.contains_key(name);
        if taken || worlds.len() >= WORLDS_MAX {
            self.claims.free(&own.claims);
            if !taken {
                self.hosts.free(name);
            }
            let name = name.to_owned();
            return Err(if taken { MakeError::Taken(name) } else { MakeError::TooMany });
        }
        worlds.insert(name.to_owned(), Slot::new(Arc::clone(&world), own));
        Ok(world)
    }

    pub(super) fn by_name_mut(&self) -> RwLockWriteGuard<'_, BTreeMap<String, Slot>> {
        lock::write(&self.by_name)
    }

    /// Looks at one world's entry.
    pub(super) fn held<T>(&self, name: &str, look: impl FnOnce(&Slot) -> T) -> Option<T> {
        lock::read(&self.by_name).get(name).map(look)
    }

    pub fn get(&self, name: &str) -> Option<Arc<World>> {
        self.held(name, |held| Arc::clone(&held.world))
    }

    /// The world that has claimed a credential of a request; `None` where none has.
    pub fn claimed(
        &self,
        vendor: &'static Vendor,
        request: &Request,
        routed: &Routed,
    ) -> Option<Arc<World>> {
        // A world that is being made or deleted may hold claims and not be there.
        self.get(&self.claims.holder(vendor, request, routed)?)
    }

    /// What a world has of the process beside its state, as it may be shown.
    pub fn own_facts(&self, name: &str, show_secrets: bool) -> ExtrasFacts {
        self.held(name, |held| held.facts(show_secrets)).unwrap_or_default()
    }

    /// Ends long work, and what waits for a journal, when the program stops.
    pub fn close(&self) {
        self.stop.tell(&Halt::Stopping);
        for world in self.all() {
            world.end(&Halt::Stopping);
        }
    }

    /// What stands in the data folder in a world's place and cannot be read: names and reasons.
    pub fn all_unreadable(&self) -> BTreeMap<String, String> {
        lock::read(&self.unreadable).clone()
    }

    /// Why the world of a name cannot be read; `None` where it can, or there is none.
    pub fn unreadable(&self, name: &str) -> Option<String> {
        lock::read(&self.unreadable).get(name).cloned()
    }

    /// Names that are held while their worlds are being made or deleted.
    pub fn in_hand(&self) -> BTreeSet<String> {
        let being_made = lock::lock(&self.being_made);
        let by_name = lock::read(&self.by_name);
        being_made.iter().filter(|name| !by_name.contains_key(*name)).cloned().collect()
    }

    /// Waits until a name is not held by a world that is being made or deleted.
    pub async fn settled(&self, name: &str) {
        self.let_go.until(|| !lock::lock(&self.being_made).contains(name)).await;
    }

    /// What a world was made of; `None` where it is a fork, was imported, or is not there.
    pub(crate) fn made_of(&self, name: &str) -> Option<Recipe> {
        self.held(name, |held| held.made_of.clone()).flatten()
    }

    /// Where what a world has beside its state differs from what is wanted, by name.
    pub(crate) fn own_differs(&self, name: &str, wanted: &ExtrasWanted<'_>) -> Vec<&'static str> {
        self.held(name, |held| held.differs(wanted)).unwrap_or_default()
    }

    pub(super) fn unreadable_mut(&self) -> RwLockWriteGuard<'_, BTreeMap<String, String>> {
        lock::write(&self.unreadable)
    }

    /// Whether worlds can be written. May block for as long as the disk takes.
    ///
    /// # Errors
    /// What is the matter with the disk.
    pub fn probe(&self) -> Result<(), StorageTrouble> {
        match &self.keep {
            Keep::Memory => Ok(()),
            Keep::Folder(folder) => folder.probe(),
        }
    }

    /// All worlds, in the order of their names.
    pub fn all(&self) -> Vec<Arc<World>> {
        lock::read(&self.by_name).values().map(|held| Arc::clone(&held.world)).collect()
    }

    /// Closes the listeners of all worlds; the worlds stay.
    pub fn close_listeners(&self) -> Vec<Closing> {
        let mut worlds = self.by_name_mut();
        let listening = worlds.values_mut().filter_map(|held| held.listening.take());
        listening.map(crate::sim::worlds::extras::Listening::close).collect()
    }
}
