//! What a recording came to.

use crate::recording::live::journal::Journal;

/// What it came to, beside its scenarios.
#[derive(Debug)]
pub(crate) struct Recording {
    /// How many requests there were, also those that are in no scenario.
    pub(crate) n_asked: usize,
    /// What is in no scenario of those that were made, and why.
    pub(crate) left_out: Vec<String>,
    /// Parts that no scenario could be made of, and why: they are in the file alone that grew.
    pub(crate) failed: Vec<String>,
    /// What was replaced, without a value.
    pub(crate) replaced: Vec<String>,
    /// Where it stood while it grew, to be taken away once the scenarios are written.
    pub(crate) journal: Journal,
}
