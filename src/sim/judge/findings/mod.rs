//! What a journal shows of a client that gets its replies and is wrong all the same: the oracles
//! that the vendors declare, always on.
//!
//! They are worked out when they are asked for, from the entries that the journal holds.

mod closed;
pub(crate) mod found;
pub(crate) mod looking;
mod own;
mod taken;
pub(crate) mod watch;

#[cfg(test)]
mod tests;
