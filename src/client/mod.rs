//! The small HTTP client of the command line.

pub mod entry;
mod fetch;
pub(crate) mod judged;
pub mod lineage;
pub mod tail;
pub mod wait;

pub use fetch::{Arrival, FetchError, Fetched, Incoming, Outgoing, Target};
