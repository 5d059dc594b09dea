//! Recordings of clients that talk to vendors: read, cleared of secrets and people, and made a
//! scenario that gives the same replies.
//!
//! Not here: what a vendor's replies show of its state (`recorded` in the vendors' folders).

pub(crate) mod exchange;
mod fit;
mod fixed;
pub(crate) mod har;
pub(crate) mod import;
pub(crate) mod live;
pub(crate) mod mask;
mod moves;
mod prepared;
mod pseudonyms;
mod sign;
mod tree;
mod whose;
mod write;

#[cfg(test)]
mod tests;
