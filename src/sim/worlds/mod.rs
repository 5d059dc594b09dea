//! The worlds of a process, by name.
//!
//! [`Worlds`] is the list; making, copying and removing worlds stand beside it by theme. A name is
//! reserved for as long as a world of it is made or removed, so that no two touch the same files.
//!
//! Not here: what a world is (`sim::world`), and sockets: a world's own listener is somebody else's
//! (`extras`). Floors below: all of `sim`.

mod by_name;
pub mod claims;
mod copy;
mod exported;
pub mod extras;
pub mod folder;
mod make;
mod make_error;
pub mod name;
mod readable;
pub mod reaper;
pub mod remove;
mod strays;
pub mod tables;

pub use by_name::Worlds;
pub use make_error::MakeError;
