//! What a journal says of a run: whether a condition holds, what clients do wrong although they are
//! answered, and whether a strict run is as it was expected.
//!
//! Not here: waiting for it (`sim::world`). Floors below: `contract`, `journal`.

pub(crate) mod coverage;
pub(crate) mod covered;
pub(crate) mod expectation;
pub(crate) mod findings;
pub(crate) mod verify;
