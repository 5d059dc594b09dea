//! What happened in a world: one entry per input, in order.
//!
//! In memory the journal is a bounded ring of typed entries beside the database; a world that is
//! kept in a file has them in a table of that file.
//!
//! Not here: what lies below HTTP (a malformed head is answered by the HTTP library and counted),
//! and what a journal is asked (`sim::judge`). Floors below: `contract`, `fault`.

pub mod action;
pub mod entry;
pub mod exchange;
pub mod fault;
pub mod filter;
pub mod ledger;
pub mod mask;
pub mod name;
pub mod reason;
pub mod ring;
pub mod row;
pub(crate) mod secrets;
pub mod shown;
pub mod unread;
pub mod walk;

#[cfg(test)]
mod tests;
