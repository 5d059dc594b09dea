//! Making worlds: from a scenario, and from the files of an earlier run.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, MutexGuard, PoisonError};

use crate::base::limits::SEALED_SEEDS_MAX;
use crate::contract::reply::Doing;
use crate::sim::blocking::blocking;
use crate::sim::loading::scenario::Scenario;
use crate::sim::world::World;
use crate::sim::worlds::by_name::Worlds;
use crate::sim::worlds::folder::{DataFolder, Keep, write_image};
use crate::sim::worlds::make_error::MakeError;
use crate::sim::worlds::own::{self, Own};
use crate::sim::worlds::tables::components;
use crate::store::adopt;
use crate::store::database::{Database, Saved};
use crate::store::pages::image::Image;

impl Worlds {
    /// Opens the worlds that the data folder holds; none in memory. Answers their names.
    ///
    /// # Errors
    /// Where one cannot be opened; it is left as it is.
    pub fn open_kept(&self) -> Result<Vec<String>, MakeError> {
        let Keep::Folder(folder) = &self.keep else { return Ok(Vec::new()) };
        let names = folder.names().doing_at("list the data folder", &folder.path)?;
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
                let seed = folder.seed(name);
                write_image(&seeded, &seed).doing_at("write the seed file", &seed)?;
                self.make_file(folder, name, &seed, &own)?
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
            write_image(&image, &fresh).doing_at("write the seed file", &fresh)?;
            fs::rename(&fresh, folder.seed(&name)).doing_at("rename the seed file", &fresh)?;
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

    /// A sealed image of a scenario's state, loaded whether it was before or not.
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

    pub(crate) fn make_file(
        &self,
        folder: &DataFolder,
        name: &str,
        from: &Path,
        own: &Own,
    ) -> Result<Arc<World>, MakeError> {
        // The world is not there until its file has its name, so that a crash leaves no half of it.
        let fresh = folder.path.join(format!("{name}.new"));
        fs::copy(from, &fresh).doing_at("copy the seed to the file", &fresh)?;
        fs::rename(&fresh, folder.world(name)).doing_at("rename the world's file", &fresh)?;
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
        let kept = folder.checkpoints(name);
        for (checkpoint, path) in kept.doing_at("list the checkpoints in", &folder.path)? {
            world.add_checkpoint(checkpoint, Saved::File(path));
        }
        Ok(world)
    }
}
