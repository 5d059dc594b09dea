//! The states that a world can go back to.

use std::collections::BTreeMap;

use crate::store::database::Saved;

/// Where a reset and a rollback go back to.
#[derive(Debug)]
pub(super) struct Saves {
    /// What a reset brings back.
    pub(super) origin: Saved,
    /// What a rollback brings back, by the name that it was kept under.
    pub(super) checkpoints: BTreeMap<String, Saved>,
}

impl Saves {
    /// Names of the checkpoints, in order.
    pub(super) fn names(&self) -> Vec<String> {
        self.checkpoints.keys().cloned().collect()
    }
}
