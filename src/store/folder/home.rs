//! One world's folder: where its files are, and the lease by which they are used.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::store::adopt::Age;
use crate::store::folder::lease::Lease;

/// A folder in a world's folder, with a file for each checkpoint.
pub(super) const CHECKPOINTS: &str = "checkpoints";

/// The folder of a world that is there, until the lease ends.
#[derive(Debug)]
pub struct Home {
    name: String,
    path: PathBuf,
    pub(super) lease: Arc<Lease>,
    /// Where it is an older build's, its seed and checkpoints are as well.
    pub(super) age: Age,
}

impl Home {
    pub(super) fn new(worlds: &Path, name: &str) -> Self {
        let path = worlds.join(name);
        Home { name: name.to_owned(), path, lease: Arc::default(), age: Age::Current }
    }

    /// The world's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn world(&self) -> PathBuf {
        world_in(&self.path)
    }

    pub(super) fn seed(&self, number: i64) -> PathBuf {
        seed_in(&self.path, number)
    }

    pub(super) fn checkpoints(&self) -> PathBuf {
        self.path.join(CHECKPOINTS)
    }
}

/// The database in a world's folder, also in one that is being prepared.
pub(super) fn world_in(folder: &Path) -> PathBuf {
    folder.join("world.db")
}

/// A seed in a world's folder. A world begins with number 0.
pub(super) fn seed_in(folder: &Path, number: i64) -> PathBuf {
    folder.join(format!("seed.{number}.db"))
}

/// The number in the name of a seed.
pub(super) fn seed_number(name: &str) -> Option<i64> {
    name.strip_prefix("seed.")?.strip_suffix(".db")?.parse().ok()
}

/// The name of a checkpoint's file.
pub(super) fn checkpoint_file(checkpoint: &str) -> String {
    format!("{checkpoint}.db")
}
