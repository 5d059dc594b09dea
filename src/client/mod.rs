//! The small HTTP client of the command line.

pub(crate) mod address;
pub(crate) mod bodies;
pub(crate) mod control;
pub(crate) mod each;
pub(crate) mod enough;
pub(crate) mod entry;
mod fetch;
pub(crate) mod judged;
pub(crate) mod line;
pub(crate) mod lineage;
pub(crate) mod plain;
pub(crate) mod tail;
pub(crate) mod transfer;
pub(crate) mod wait;
pub(crate) mod wanted;
mod wire;

pub(crate) use fetch::{Arrival, FetchError, Incoming, Outgoing, Target};
