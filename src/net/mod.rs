//! Sockets: the only module, with `client`, that names hyper.

pub mod doors;
pub mod front;
pub mod io;
mod outgoing;
pub mod server;
mod wire;
