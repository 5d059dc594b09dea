//! The deterministic core: worlds, and everything in them that no vendor owns.
//!
//! A world takes inputs one at a time and answers each from its state; output is a function of
//! (seed, scenario, ordered inputs). Nothing here knows a vendor's fields, headers or tables, and
//! nothing here touches a socket.
//!
//! The floors, from the ground up; each knows those below it and none above:
//!
//! | floor | what it is |
//! | --- | --- |
//! | [`documents`] | what is told of a vendor from its tables: fidelity, OpenAPI, schema |
//! | [`fault`] | rules about which requests go wrong |
//! | [`journal`] | what happened, entry by entry |
//! | [`outside`] | what is outside a vendor: the far end of the line, people, what happens by itself |
//! | [`judge`] | what a journal says: conditions, findings, strict runs |
//! | [`loading`] | a scenario becomes rows, and rows a scenario |
//! | [`world`] | one world, and the engine behind its lock |
//! | [`worlds`] | all worlds of a process |

pub(crate) mod blocking;
pub(crate) mod documents;
pub(crate) mod fault;
pub(crate) mod journal;
pub(crate) mod judge;
pub(crate) mod loading;
pub(crate) mod outside;
pub(crate) mod world;
pub(crate) mod worlds;

#[cfg(test)]
mod tests;
