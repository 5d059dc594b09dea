//! What a world stands on: its database, the states that it can go back to, and its folder.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::store::database::{Database, Saved};
use crate::store::folder::data_folder::{DataFolder, Opened};
use crate::store::folder::home::Home;
use crate::store::pages::image::Image;

/// A world's place in a data folder.
#[derive(Clone, Debug)]
pub struct Kept {
    pub folder: Arc<DataFolder>,
    pub home: Arc<Home>,
}

/// What a world is made over.
#[derive(Debug)]
pub struct Basis {
    pub db: Database,
    /// What a reset goes back to.
    pub origin: Saved,
    /// What a rollback can go back to, by name.
    pub checkpoints: BTreeMap<String, Saved>,
    /// None for a world in memory.
    pub kept: Option<Kept>,
}

impl Basis {
    /// A world in memory that begins as `now` says, and goes back to `origin`.
    pub fn in_memory(now: &Image, origin: Saved) -> Self {
        let (db, checkpoints) = (Database::in_memory(now), BTreeMap::new());
        Basis { db, origin, checkpoints, kept: None }
    }

    /// A world whose files are open.
    pub fn in_files(opened: Opened, kept: Kept) -> Self {
        let Opened { db, origin, checkpoints } = opened;
        Basis { db, origin, checkpoints, kept: Some(kept) }
    }
}

/// A world that stands still, for who copies it.
#[derive(Debug)]
pub(crate) struct Still<'w> {
    pub(crate) db: &'w Database,
    pub(crate) origin: &'w Saved,
    pub(crate) kept: Option<&'w Kept>,
}
