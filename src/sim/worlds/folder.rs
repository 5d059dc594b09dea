//! Where worlds are kept.
//!
//! Not here: the files (`store::folder`).

use std::path::Path;
use std::sync::Arc;

use crate::store::database::Sync;
use crate::store::folder::data_folder::DataFolder;
use crate::store::folder::error::FolderError;
use crate::store::folder::files::Files;

/// Where worlds are kept.
#[derive(Debug)]
pub enum Keep {
    Memory,
    Folder(Arc<DataFolder>),
}

impl Keep {
    /// Takes a data folder for this process, making it where it is not there.
    ///
    /// # Errors
    /// Where it cannot be written, or another process has it.
    pub fn in_folder(path: &Path, sync: Sync) -> Result<Self, FolderError> {
        DataFolder::take(path, Files::new(sync)).map(|folder| Keep::Folder(Arc::new(folder)))
    }
}
