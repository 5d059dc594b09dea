//! What the control plane says of a strict world's run, read once.

use serde::Deserialize;

use crate::base::seq::Seq;

/// The part of a world's findings that says so.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    /// `None` where the world is not strict.
    pub(crate) strict: Option<Judged>,
}

/// Whether a run is as it was expected.
#[derive(Debug, Deserialize)]
pub(crate) struct Judged {
    pub(crate) verdict: String,
    pub(crate) unexpected: Vec<Unexpected>,
    pub(crate) unmet: Vec<Unmet>,
    /// Entries that went to make room.
    pub(crate) evicted: u64,
}

/// A request that was not expected.
#[derive(Debug, Deserialize)]
pub(crate) struct Unexpected {
    pub(crate) seq: Seq,
    pub(crate) line: String,
    pub(crate) reason: String,
}

/// An expectation that does not hold.
#[derive(Debug, Deserialize)]
pub(crate) struct Unmet {
    pub(crate) expected: String,
    #[serde(default)]
    pub(crate) reason: String,
}
