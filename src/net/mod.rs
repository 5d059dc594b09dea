//! Sockets: the only module, with `client`, that names hyper.

mod connection;
mod crowd;
pub mod descriptors;
pub mod doors;
mod exchange;
pub mod front;
mod io;
pub mod limits;
pub mod lobby;
mod outgoing;
mod pace;
pub mod server;
mod standing;
mod underway;
pub mod watched;
mod wire;
