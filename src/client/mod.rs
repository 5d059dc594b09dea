//! The small HTTP client of the command line.

pub(crate) mod entry;
mod fetch;
pub(crate) mod judged;
pub(crate) mod lineage;
pub(crate) mod tail;
pub(crate) mod wait;

pub(crate) use fetch::{Arrival, FetchError, Incoming, Outgoing, Target};
