//! Why the folder of worlds does not do what it was asked.

use std::io;
use std::path::PathBuf;

use crate::store::adopt::AdoptError;
use crate::store::database::OpenError;
use crate::store::folder::files::{FileError, Kind};
use crate::store::folder::lease::Ended;
use crate::store::folder::name::NAME_CHARS_MAX;
use crate::store::folder::trouble::StorageTrouble;

/// A step that was not done; nothing is left of it.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("cannot write to the data folder {path}: {source}")]
    NotWritable { path: PathBuf, source: io::Error },
    #[error(
        "the data folder {path} is in use by another ringback; stop it or choose another folder"
    )]
    InUse { path: PathBuf },
    #[error("expected {wanted} at {path}, found {found}; move it away")]
    NotOfKind { path: PathBuf, wanted: Kind, found: Kind },
    #[error(
        "{0:?} cannot be a name; expected 1 to {NAME_CHARS_MAX} lower-case letters, digits, `-` or \
         `_`, beginning with a letter or digit"
    )]
    Name(String),
    #[error(
        "{path} is there, and is no world of this process; move it away or choose another name"
    )]
    Occupied { path: PathBuf },
    #[error("{path} is still beside the database that was closed")]
    NotClosed { path: PathBuf },
    #[error(transparent)]
    File(#[from] FileError),
    #[error("cannot prepare {path}: {source}")]
    Prepare { path: PathBuf, source: rusqlite::Error },
    #[error(transparent)]
    Database(#[from] OpenError),
    #[error(transparent)]
    Adopt(#[from] AdoptError),
    #[error(transparent)]
    Ended(#[from] Ended),
}

impl FolderError {
    /// What the error says of the disk; `None` where it is about something else.
    pub fn trouble(&self) -> Option<StorageTrouble> {
        match self {
            FolderError::NotWritable { source, .. } => StorageTrouble::of_io(source),
            FolderError::File(error) => Some(error.trouble()),
            FolderError::Prepare { source, .. } => StorageTrouble::of(source),
            FolderError::Database(error) => error.trouble(),
            _ => None,
        }
    }
}
