//! What happened in a world: one entry per input, in order.
//!
//! In memory the journal is a bounded ring of typed entries beside the database; a world that is
//! kept in a file has them in a table of that file.
//!
//! Not here: what lies below HTTP (a malformed head is answered by the HTTP library and counted),
//! and what a journal is asked (`sim::judge`). Floors below: `contract`, `fault`.

pub(crate) mod action;
pub(crate) mod entry;
pub(crate) mod exchange;
pub(crate) mod fault;
pub(crate) mod filter;
pub(crate) mod ledger;
pub(crate) mod mask;
pub(crate) mod name;
pub(crate) mod reason;
pub(crate) mod ring;
pub(crate) mod row;
pub(crate) mod secrets;
pub(crate) mod shown;
pub(crate) mod stretch;
pub(crate) mod tap;
mod trace;
pub(crate) mod unread;
pub(crate) mod walk;

#[cfg(test)]
mod tests;
