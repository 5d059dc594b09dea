//! Why there is no certificate to show.

use std::io;
use std::path::PathBuf;

/// Why there is no certificate to show.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error("cannot make a certificate: {0}")]
    Make(String),
    #[error("cannot read {path} ({flag}): {source}")]
    Read { flag: &'static str, path: PathBuf, source: io::Error },
    #[error("{path} ({flag}): {reason}")]
    Unfit { flag: &'static str, path: PathBuf, reason: String },
    #[error("cannot write {path} (--ca-dir): {source}")]
    Write { path: PathBuf, source: io::Error },
}

impl From<rcgen::Error> for TlsError {
    fn from(error: rcgen::Error) -> Self {
        TlsError::Make(error.to_string())
    }
}

impl From<rustls::Error> for TlsError {
    fn from(error: rustls::Error) -> Self {
        TlsError::Make(error.to_string())
    }
}
