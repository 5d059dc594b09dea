//! Why a world was not made.

use std::path::PathBuf;

use crate::base::limits::WORLDS_MAX;
use crate::contract::reply::InternalError;
use crate::sim::loading::scenario::LoadError;
use crate::sim::worlds::claims::ClaimError;
use crate::sim::worlds::name::NAME_CHARS_MAX;
use crate::store::adopt::AdoptError;
use crate::store::database::OpenError;

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
    #[error("cannot use {path}: {source}")]
    NotOurs { path: PathBuf, source: AdoptError },
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

impl From<rusqlite::Error> for MakeError {
    fn from(error: rusqlite::Error) -> Self {
        MakeError::Internal(error.into())
    }
}
