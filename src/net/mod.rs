//! Sockets: the only module, with `client`, that names hyper.

mod connection;
mod crowd;
pub(crate) mod descriptors;
pub(crate) mod doors;
mod exchange;
pub(crate) mod front;
mod io;
pub(crate) mod limits;
pub(crate) mod lobby;
mod outgoing;
mod pace;
pub(crate) mod server;
mod standing;
mod underway;
pub(crate) mod watched;
mod wire;
