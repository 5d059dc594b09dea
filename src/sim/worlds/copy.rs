//! Copies of worlds: forks, exported files, and worlds made of them.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use crate::contract::reply::{Doing, InternalError};
use crate::sim::blocking::blocking;
use crate::sim::world::World;
use crate::sim::worlds::by_name::Worlds;
use crate::sim::worlds::exported;
use crate::sim::worlds::folder::{DataFolder, Keep, remove_if_there, write_image};
use crate::sim::worlds::make_error::MakeError;
use crate::sim::worlds::name::is_name;
use crate::sim::worlds::own::Own;
use crate::sim::worlds::tables::components;
use crate::store::adopt::{self, AdoptError};
use crate::store::database::{Database, Saved};
use crate::store::pages::image::Image;
use crate::store::pages::space::Space;

impl DataFolder {
    /// A copy that is on its way out. `number` is that of no other.
    fn export(&self, name: &str, number: u64) -> PathBuf {
        self.path.join(format!("{name}.export.{number}"))
    }
}

impl Worlds {
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
                    let own = folder.seed(name);
                    fs::copy(seed, &own).doing_at("copy the seed to", &own)?;
                }
                let made = self.make_file(folder, name, &copy, &Own::default());
                remove_if_there(&copy).doing_at("remove the copy", &copy)?;
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
                    let bytes = fs::read(&path).doing_at("read the copy", &path)?;
                    remove_if_there(&path).doing_at("remove the copy", &path)?;
                    adopt::without_journal(bytes).doing("take the journal out of the copy")?
                }
            };
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
                let seed = folder.seed(name);
                write_image(&image, &seed).doing_at("write the seed file", &seed)?;
                self.make_file(folder, name, &seed, &Own::default())?
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
        let db = space.open().doing("open the imported file")?;
        exported::take_export(&db, self.vendors().0).map_err(MakeError::Import)?;
        drop(db);
        Ok(space.snapshot().doing("close the imported file")?.flatten())
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
}
