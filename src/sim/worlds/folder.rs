//! The folder of worlds that are kept in files.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::sim::worlds::name::is_name;
use crate::store::database::Sync;
use crate::store::pages::image::Image;

/// Where worlds are kept.
#[derive(Debug)]
pub enum Keep {
    Memory,
    Folder(DataFolder),
}

/// A folder of worlds, owned by one process.
#[derive(Debug)]
pub struct DataFolder {
    pub(crate) path: PathBuf,
    pub(crate) sync: Sync,
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

pub(crate) fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

pub(crate) fn write_image(image: &Image, path: &Path) -> io::Result<()> {
    let mut file = File::create(path)?;
    image.write_to(&mut file)?;
    file.sync_all()
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

    pub(crate) fn world(&self, name: &str) -> PathBuf {
        self.path.join(format!("{name}.db"))
    }

    pub(crate) fn seed(&self, name: &str) -> PathBuf {
        self.path.join(format!("{name}.seed.db"))
    }

    pub(crate) fn checkpoint(&self, world: &str, name: &str) -> PathBuf {
        // No world is called like this: a name has no dot.
        self.path.join(format!("{world}.checkpoint.{name}.db"))
    }

    /// The checkpoints of a world, by name.
    pub(crate) fn checkpoints(&self, world: &str) -> io::Result<BTreeMap<String, PathBuf>> {
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
    pub(crate) fn names(&self) -> io::Result<Vec<String>> {
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

    pub(crate) fn remove(&self, name: &str) -> io::Result<()> {
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
