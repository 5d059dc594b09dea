//! Why a world was not made.

use crate::base::limits::WORLDS_MAX;
use crate::contract::reply::InternalError;
use crate::sim::loading::scenario::LoadError;
use crate::sim::world::clock::ClockError;
use crate::sim::world::{Halt, Stop};
use crate::sim::worlds::claims::ClaimError;
use crate::sim::worlds::hosts::HostError;
use crate::store::database::OpenError;
use crate::store::folder::error::FolderError;
use crate::store::folder::name::NAME_CHARS_MAX;
use crate::store::folder::trouble::StorageTrouble;

/// Why a world was not made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    #[error("a world is already called {0}")]
    Taken(String),
    #[error(
        "{0:?} cannot be a world's name; expected 1 to {NAME_CHARS_MAX} lower-case letters, digits, \
         `-` or `_`, beginning with a letter or digit"
    )]
    Name(String),
    #[error("there are {WORLDS_MAX} worlds already; delete one first")]
    TooMany,
    #[error(transparent)]
    Claim(#[from] ClaimError),
    #[error(transparent)]
    Host(#[from] HostError),
    /// The files of that name cannot be read, and are left as they are.
    #[error(
        "the data folder holds a world {name:?} that cannot be read ({reason}); it is left as it is; {}",
        cure(.reason)
    )]
    Unreadable { name: String, reason: String },
    #[error("{0}; nothing was made")]
    Unfit(String),
    /// It was told to stop before it was made.
    #[error("{0}; nothing was made")]
    Stopped(#[source] Halt),
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A copy's clock cannot stand where it is wanted.
    #[error(transparent)]
    Clock(#[from] ClockError),
    /// The file to import is none.
    #[error("{0}; nothing was made")]
    Import(String),
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Internal(#[from] InternalError),
}

/// What SQLite and the system say where a disk has no room.
const NO_ROOM: &[&str] = &["disk is full", "No space left", "Error code 13", "quota"];

/// What helps against a world that cannot be read.
pub(crate) fn cure(reason: &str) -> &'static str {
    if NO_ROOM.iter().any(|word| reason.contains(word)) {
        "make room on the disk, and the next request for it opens it"
    } else {
        "choose another name, or stop the program and move it away"
    }
}

impl MakeError {
    /// What it says of the disk; `None` where it is about something else.
    pub fn trouble(&self) -> Option<StorageTrouble> {
        match self {
            MakeError::Folder(error) => error.trouble(),
            MakeError::Open(error) => error.trouble(),
            MakeError::Internal(error) | MakeError::Load(LoadError::Internal(error)) => {
                error.trouble()
            }
            _ => None,
        }
    }

    /// The error of work that may have been told to stop: that is why it failed then.
    pub(super) fn unless_stopped(self, stop: &Stop) -> Self {
        stop.told().map_or(self, MakeError::Stopped)
    }
}

impl From<rusqlite::Error> for MakeError {
    fn from(error: rusqlite::Error) -> Self {
        MakeError::Internal(error.into())
    }
}
