//! The small HTTP client of the command line.

mod fetch;
pub mod lineage;
pub mod tail;
pub mod wait;

pub use fetch::{Arrival, FetchError, Fetched, Incoming, Outgoing, Target};
