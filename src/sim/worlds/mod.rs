//! The worlds of a process, by name.
//!
//! [`Worlds`] is the list; making, copying and removing worlds stand beside it by theme. A name is
//! reserved for as long as a world of it is made or removed, so that no two touch the same files.
//!
//! Not here: what a world is (`sim::world`), and sockets: a world's own listener is somebody else's
//! (`extras`). Floors below: all of `sim`.

mod by_name;
pub(crate) mod claims;
mod copy;
mod exported;
pub(crate) mod extras;
pub(crate) mod folder;
pub(crate) mod hosts;
mod make;
mod make_error;
pub(crate) mod name;
mod readable;
pub(crate) mod reaper;
mod refusals;
pub(crate) mod remove;
mod reopen;
mod strays;
pub(crate) mod tables;

pub use by_name::Worlds;
pub(crate) use make_error::MakeError;
