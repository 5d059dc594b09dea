//! The small HTTP client of the command line.

mod fetch;
pub mod lineage;
pub mod tail;
pub mod wait;

pub use fetch::{FetchError, Fetched, Target};
