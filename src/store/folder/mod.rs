//! Worlds that are kept: a folder of folders, where every change is one step that a crash leaves
//! undone or done.
//!
//! ```text
//! DATA/ringback.lock              held by the one process that uses the folder
//! DATA/worlds/NAME/world.db       rows, journal, what is the world's own
//! DATA/worlds/NAME/seed.N.db      what a reset goes back to; N is the `user_version` of world.db
//! DATA/worlds/NAME/checkpoints/CHECKPOINT.db
//! DATA/worlds/.new-…              being prepared; never read
//! DATA/worlds/.gone-…             being removed; never read
//! DATA/worlds/.take-NAME          being taken over from the layout that had all files in DATA
//! ```
//!
//! Invariants:
//! - a world is there when the folder `worlds/NAME` is, and nothing of it is outside;
//! - making, forking and importing prepare a folder under a name that is never read, with all
//!   databases closed and no log beside them, and rename it as the last step; deleting renames the
//!   folder first and removes it after;
//! - a checkpoint is prepared beside its name and renamed over it; a new seed gets a number of its
//!   own, and the transaction that replaces the rows makes that number count;
//! - reset and rollback are one transaction of SQLite's, from a file that is opened read-only and
//!   looked over first;
//! - under `Sync::Full`, a file's bytes are synced before the name that makes them count, then its
//!   folder, then the rename is done, then the folder above is synced;
//! - what an interruption leaves has a name that begins with `.new-` or `.gone-`, or is a seed whose
//!   number does not count; it is removed at the start, and nothing else is. A `.take-` folder is
//!   gone on with;
//! - no link is followed below the data folder, and what cannot be read is told of and left byte for
//!   byte as it is;
//! - who uses a world's path holds its lease. It ends with the world, so that a world which is still
//!   in somebody's hands never touches another of its name;
//! - where a step fails, what it has prepared is removed before the error is told.
//!
//! Not here: what stands in the rows ([`super::adopt`] looks at tables, the engine at their rows),
//! and which worlds are open.

pub(crate) mod connect;
pub(crate) mod data_folder;
mod draft;
pub(crate) mod error;
pub(crate) mod files;
pub(crate) mod home;
mod inspect;
pub(crate) mod lease;
mod leftover;
pub(crate) mod name;
pub(crate) mod own;
pub(crate) mod put_back;
mod take_over;
pub(crate) mod trouble;

#[cfg(test)]
mod tests;
