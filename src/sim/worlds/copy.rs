//! Copies of worlds: forks, exported files, and worlds made of them.

use std::sync::Arc;

use rusqlite::Connection;

use crate::contract::reply::{Doing, InternalError};
use crate::sim::blocking::blocking;
use crate::sim::world::basis::Basis;
use crate::sim::world::{ClockChange, Halt, Stop, StopWhenGone, World};
use crate::sim::worlds::by_name::{Reserved, Worlds};
use crate::sim::worlds::exported;
use crate::sim::worlds::extras::Extras;
use crate::sim::worlds::make::prepare;
use crate::sim::worlds::make_error::MakeError;
use crate::sim::worlds::readable;
use crate::sim::worlds::tables::components;
use crate::store::adopt;
use crate::store::database::Saved;
use crate::store::folder::data_folder::{Beginning, DataFolder};
use crate::store::folder::home::Home;
use crate::store::pages::image::Image;
use crate::store::pages::space::Space;

/// A fork that is not open yet.
enum Copied {
    Image(Image, Saved),
    Files(Arc<DataFolder>, Arc<Home>),
}

impl Worlds {
    /// Makes a world that begins where another is now. Its journal begins anew, and it has no
    /// checkpoints; a reset brings back the other's seed. Its clock goes on as the other's, or as
    /// `clock` says. Where `call` or the program stops before it is made, nothing is.
    ///
    /// # Errors
    /// Where the name is bad or taken, there is no room, or the clock would have to go back. Nothing
    /// is made then.
    pub async fn fork(
        &self,
        world: &Arc<World>,
        name: &str,
        clock: Option<ClockChange>,
        call: &Stop,
    ) -> Result<Arc<World>, MakeError> {
        let mut reserved = self.reserve(name)?;
        let stop = call.within(&self.stop);
        let watched = stop.clone();
        let (vendors, wanted) = (self.vendors(), name.to_owned());
        let copied = world.while_still(stop.clone(), move |still| {
            let Some(kept) = still.kept else {
                return Ok(Copied::Image(still.db.image()?, still.origin.clone()));
            };
            let beginning = Beginning::Fork { home: &kept.home, db: still.db, seed: still.origin };
            let prepare = |db: &Connection| prepare(db, &Extras::default(), vendors);
            let components = components(vendors, true);
            let watch = |db: &mut Connection| watched.watch(db);
            let home = kept.folder.make(&wanted, &beginning, &components, watch, prepare)?;
            Ok::<_, MakeError>(Copied::Files(Arc::clone(&kept.folder), home))
        });
        let copied = copied.await?.map_err(|error| error.unless_stopped(&stop))?;
        let fork = match copied {
            Copied::Files(folder, home) => self.open_made(&folder, &home)?,
            Copied::Image(now, origin) => {
                World::over(name, Basis::in_memory(&now, origin), &self.shared)?
            }
        };
        if let Some(clock) = clock
            && let Err(error) = fork.set_clock_until(clock, stop.clone()).await
        {
            take_back(&fork);
            return Err(MakeError::from(error).unless_stopped(&stop));
        }
        self.led(&mut reserved, fork)
    }

    /// Has a copy's hosts lead to their vendors, and puts it into the list.
    fn led(&self, reserved: &mut Reserved<'_>, copy: Arc<World>) -> Result<Arc<World>, MakeError> {
        if let Err(error) = reserved.take_hosts(&copy.hosts()) {
            take_back(&copy);
            return Err(error.into());
        }
        reserved.frees_hosts = false;
        self.insert(&reserved.name, copy, Extras::default())
    }

    /// A world's state as one SQLite file: rows, timers, counters, settings, switches and the clock,
    /// but neither journal nor checkpoints. Credentials are in it as they are.
    ///
    /// # Errors
    /// Where a copy cannot be made.
    pub async fn export(&self, world: &Arc<World>) -> Result<Image, MakeError> {
        let waiting = StopWhenGone::default();
        let copied = world.while_still(waiting.0.clone(), |still| match still.kept {
            None => Ok::<_, MakeError>(still.db.image()?),
            Some(kept) => Ok(kept.folder.export(still.db)?),
        });
        let image = copied.await??;
        let name = world.name().to_owned();
        blocking(move || {
            let space = Space::from_image(&image);
            exported::save_export(&space.open().doing("open the copy")?, &name)?;
            Ok(space.snapshot().doing("close the copy")?)
        })
        .await?
    }

    /// Makes a world of an exported file. A reset brings it back to what the file held.
    ///
    /// # Errors
    /// Where the name is bad or taken, there is no room, or the file is cut short, damaged, foreign
    /// or of a newer build, and where `call` or the program stops before. Nothing is made then.
    pub fn import(&self, name: &str, bytes: Vec<u8>, call: &Stop) -> Result<Arc<World>, MakeError> {
        let mut reserved = self.reserve(name)?;
        let stop = call.within(&self.stop);
        let image = self.adopt(bytes, &stop).map_err(|error| error.unless_stopped(&stop))?;
        let world = self.begin(name, &image, &Extras::default(), &stop)?;
        self.led(&mut reserved, world)
    }

    /// Looks over an exported file.
    fn adopt(&self, bytes: Vec<u8>, stop: &Stop) -> Result<Image, MakeError> {
        let components = components(self.vendors(), false);
        let vendors = self.vendors();
        // A file of another kind is told so, and not what is missing in it.
        let check = |db: &Connection| {
            if exported::is_marked(db) { readable::check(db, vendors) } else { Ok(()) }
        };
        let image = adopt::adopt(bytes, &components, &self.empty, &|db| stop.watch(db), &check);
        let image = image.map_err(|error| MakeError::Import(error.to_string()))?;
        let space = Space::from_image(&image);
        let db = space.open().map_err(InternalError::new)?;
        exported::take_export(&db, vendors.0).map_err(MakeError::Import)?;
        drop(db);
        Ok(space.snapshot().doing("close the imported file")?.flatten())
    }
}

/// Removes what was made of a world that is not to be.
fn take_back(fork: &World) {
    fork.end(&Halt::Deleted);
    if let Some(kept) = fork.kept()
        && let Err(error) = kept.folder.delete(&kept.home)
    {
        tracing::error!(world = fork.name(), %error, "what was made cannot be removed");
    }
}
