//! Sockets: the only module, with `client`, that names hyper.

mod connection;
mod conversation;
mod crowd;
pub(crate) mod descriptors;
pub(crate) mod doors;
mod exchange;
pub(crate) mod front;
mod io;
pub(crate) mod limits;
mod line;
mod link;
pub(crate) mod lobby;
mod outgoing;
mod pace;
mod prefixed;
pub(crate) mod proxy;
pub(crate) mod relay;
pub(crate) mod sealed;
pub(crate) mod server;
mod setting;
mod standing;
pub(crate) mod tls;
mod underway;
pub(crate) mod watched;
mod wire;
