//! Making worlds: from a scenario, and from the files of an earlier run.

use std::collections::BTreeMap;
use std::sync::{Arc, MutexGuard};

use rusqlite::Connection;

use crate::base::limits::SEALED_SEEDS_MAX;
use crate::base::lock;
use crate::base::seq::Seq;
use crate::contract::vendor::Vendors;
use crate::sim::blocking::blocking;
use crate::sim::loading::recipe::Recipe;
use crate::sim::loading::scenario::Scenario;
use crate::sim::loading::settings::HostGiven;
use crate::sim::world::basis::{Basis, Kept};
use crate::sim::world::{Stop, World};
use crate::sim::worlds::by_name::Worlds;
use crate::sim::worlds::extras::{self, Extras};
use crate::sim::worlds::folder::Keep;
use crate::sim::worlds::make_error::MakeError;
use crate::sim::worlds::readable;
use crate::sim::worlds::tables::components;
use crate::store::database::{Database, Saved};
use crate::store::folder::data_folder::{Beginning, DataFolder, State};
use crate::store::folder::home::Home;
use crate::store::pages::image::Image;

impl Worlds {
    /// Opens the worlds that the data folder holds; none in memory. Answers their names. One that
    /// cannot be opened is left as it is, and keeps its name.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn open_kept(&self) -> Result<Vec<String>, MakeError> {
        let Keep::Folder(folder) = &self.keep else { return Ok(Vec::new()) };
        let fresh = Database::empty_image(&components(self.vendors(), true))?;
        let (mut names, mut unreadable) = (Vec::new(), BTreeMap::new());
        for found in folder.found(&components(self.vendors(), true), &fresh)? {
            let opened = match found.state {
                State::Whole(home) => self.open_found(folder, home),
                State::Unreadable(reason) => Err(reason),
            };
            match opened {
                Ok(()) => names.push(found.name),
                Err(reason) => {
                    tracing::error!(
                        world = found.name,
                        reason,
                        "this world cannot be read; it is left as it is, the others are served"
                    );
                    unreadable.insert(found.name, reason);
                }
            }
        }
        *self.unreadable_mut() = unreadable;
        Ok(names)
    }

    pub(super) fn open_found(
        &self,
        folder: &Arc<DataFolder>,
        home: Arc<Home>,
    ) -> Result<(), String> {
        let name = home.name().to_owned();
        let (world, own) = self.open_home(folder, home).map_err(|error| said(&error))?;
        // What leads to it may have changed since it was made; it is served all the same.
        if let Err(error) = self.hosts().take(self.vendors(), &name, &world.hosts()) {
            tracing::warn!(world = name, "{error}; the hosts of this world lead nowhere");
        }
        self.insert(&name, world, own).map(drop).map_err(|error| said(&error))
    }

    /// Opens a world's files. A time to live counts from the start of this process.
    fn open_home(
        &self,
        folder: &Arc<DataFolder>,
        home: Arc<Home>,
    ) -> Result<(Arc<World>, Extras), MakeError> {
        let opened = folder.open(&home, &components(self.vendors(), true))?;
        let own = extras::kept(opened.db.connection())?;
        let name = home.name().to_owned();
        let kept = Kept { folder: Arc::clone(folder), home };
        let world = World::over(&name, Basis::in_files(opened, kept), &self.shared)?;
        Ok((world, own))
    }

    /// Opens a world that was made just now. Where that fails, nothing is left of it.
    pub(crate) fn open_made(
        &self,
        folder: &Arc<DataFolder>,
        home: &Arc<Home>,
    ) -> Result<Arc<World>, MakeError> {
        let made = self.open_home(folder, Arc::clone(home));
        if made.is_err()
            && let Err(error) = folder.delete(home)
        {
            tracing::error!(world = home.name(), %error, "what was made cannot be removed");
        }
        made.map(|(world, _)| world)
    }

    /// Makes a world from a scenario.
    ///
    /// # Errors
    /// Where the name is bad or taken, the scenario has mistakes, or there is no room.
    pub fn make(&self, name: &str, scenario: &mut dyn Scenario) -> Result<Arc<World>, MakeError> {
        self.make_with(name, scenario, Extras::default(), &Stop::default())
    }

    /// Makes a world from a scenario, with what is its own beside its state, unless `call` or the
    /// program stops before it is made.
    ///
    /// # Errors
    /// As for [`Worlds::make`], and where another world holds one of the claims, or gives one of the
    /// hosts to another vendor. Nothing is made or claimed then.
    pub fn make_with(
        &self,
        name: &str,
        scenario: &mut dyn Scenario,
        mut own: Extras,
        call: &Stop,
    ) -> Result<Arc<World>, MakeError> {
        let stop = call.within(&self.stop);
        let mut reserved = self.reserve(name)?;
        reserved.claim(std::mem::take(&mut own.claims))?;
        own.made_of = scenario.recipe(self.vendors().0);
        let hosts = scenario.settings(self.vendors().0).hosts;
        let seeded = self.seeded(scenario, &stop).map_err(|error| error.unless_stopped(&stop))?;
        reserved.take_hosts(&hosts)?;
        let world = self.begin(name, &seeded, &own, &stop)?;
        own.claims = std::mem::take(&mut reserved.claims);
        reserved.frees_hosts = false;
        self.insert(name, world, own)
    }

    /// A world that begins as an image says and goes back to it.
    pub(crate) fn begin(
        &self,
        name: &str,
        image: &Image,
        own: &Extras,
        stop: &Stop,
    ) -> Result<Arc<World>, MakeError> {
        if let Some(halt) = stop.told() {
            return Err(MakeError::Stopped(halt));
        }
        match &self.keep {
            Keep::Memory => {
                let basis = Basis::in_memory(image, Saved::Image(image.clone()));
                Ok(World::over(name, basis, &self.shared)?)
            }
            Keep::Folder(folder) => {
                let components = components(self.vendors(), true);
                let beginning = Beginning::Image(image);
                let prepare = |db: &Connection| prepare(db, own, self.vendors());
                let watch = |db: &mut Connection| stop.watch(db);
                let made = folder.make(name, &beginning, &components, watch, prepare);
                self.open_made(
                    folder,
                    &made.map_err(|error: MakeError| error.unless_stopped(stop))?,
                )
            }
        }
    }

    /// Loads a scenario that may have changed and has a world begin again from it; what was loaded
    /// of it before is not used for new worlds either. Where it has mistakes, all stays as it is.
    ///
    /// # Errors
    /// Where the scenario has mistakes or gives a host to a vendor that is another's, or SQLite fails.
    pub async fn reseed(
        self: &Arc<Self>,
        world: &Arc<World>,
        mut scenario: impl Scenario + Send + 'static,
    ) -> Result<Seq, MakeError> {
        let worlds = Arc::clone(self);
        let hosts = scenario.settings(self.vendors().0).hosts;
        let image = blocking(move || worlds.load(&mut scenario, &worlds.stop)).await??;
        let take = |hosts: &[HostGiven]| self.hosts().take(self.vendors(), world.name(), hosts);
        let before = take(&hosts)?;
        let reseeded = world.reseed(image).await;
        if reseeded.is_err() {
            // Nobody else has them by now.
            drop(take(&before));
        }
        Ok(reseeded?)
    }

    /// A sealed image of a scenario's state; the one that is there where it was loaded before.
    fn seeded(&self, scenario: &mut dyn Scenario, stop: &Stop) -> Result<Image, MakeError> {
        if let Some(recipe) = scenario.recipe(self.vendors().0)
            && let Some(image) = self.sealed().get(&recipe)
        {
            return Ok(image.clone());
        }
        self.load(scenario, stop)
    }

    /// A sealed image of a scenario's state, loaded whether it was before or not.
    fn load(&self, scenario: &mut dyn Scenario, stop: &Stop) -> Result<Image, MakeError> {
        let recipe = scenario.recipe(self.vendors().0);
        let mut db = Database::in_memory(&self.empty);
        db.wake()?;
        if let Some(db) = db.open_connection() {
            stop.watch(db)?;
        }
        World::seed(&db, self.vendors(), scenario)?;
        let image = db.seal()?;
        if let Some(recipe) = recipe {
            let mut sealed = self.sealed();
            if sealed.len() >= SEALED_SEEDS_MAX {
                sealed.pop_first();
            }
            sealed.insert(recipe, image.clone());
        }
        Ok(image)
    }

    fn sealed(&self) -> MutexGuard<'_, BTreeMap<Recipe, Image>> {
        lock::lock(&self.sealed)
    }
}

/// What is done in a world's database before the world is there: what is its own is written, and all
/// is read back.
pub(super) fn prepare(db: &Connection, own: &Extras, vendors: Vendors) -> Result<(), MakeError> {
    extras::keep(db, own)?;
    readable::check(db, vendors)
        .map_err(|reason| MakeError::Unfit(format!("the world could not be read back: {reason}")))
}

/// An error with its cause, where its own text does not say it.
fn said(error: &MakeError) -> String {
    let text = error.to_string();
    let cause = std::error::Error::source(error).map(ToString::to_string);
    match cause {
        Some(cause) if !text.contains(&cause) => format!("{text}: {cause}"),
        _ => text,
    }
}
