//! Copy-on-write pages behind SQLite: what makes a world cheap to make, fork and put back.
//!
//! A [`space::Space`] holds the pages of one world, an [`image::Image`] a sealed state of one. To the rest of the
//! program a space is a `rusqlite::Connection`; snapshots and restores go past it, through a small
//! SQLite VFS, and copy pointers rather than rows.
//!
//! Not here: durability (nothing in it reaches a disk), schemas, and a pool of open connections. A
//! connection costs far more memory than the space behind it, so whoever has many spaces closes
//! those that rest; a space that is opened again has the same data, and one that is closed takes
//! little more than what is in its pages.
//!
//! Invariants:
//! - a space has at most one connection, and a snapshot or restore finds no statement open on it;
//! - after a restore, the header has a change counter, and for another schema also a schema cookie,
//!   that the connection has never seen, since these are what its caches go by;
//! - only `vfs` has unsafe code, and it decides nothing.
//!
//! Numbers behind the choices: reset and rollback by `ROLLBACK TO`, by `sqlite3_deserialize`, by
//! session changesets and by the backup interface were measured too. All of them take time that
//! grows with the database or with what was done to it.

mod header;
pub(crate) mod image;
mod page;
pub(crate) mod slot;
pub(crate) mod space;
#[cfg(test)]
mod tests;
mod vfs;
