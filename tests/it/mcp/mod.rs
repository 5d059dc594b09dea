//! `ringback mcp`, driven line by line as an assistant drives it: one JSON message on each.
//!
//! Not here: the protocol's own client (`tests/outside/mcp/run`).

pub(crate) mod assistant;
mod conversation;
mod known;
mod reading;
mod writing;
