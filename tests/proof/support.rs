//! What the proofs share with the tests.

#[path = "../it/support/linearisable.rs"]
pub(crate) mod linearisable;
