//! Fictional persons whom several vendors can draw on, so that the one who opted in with one vendor
//! is the contact of another and the call of a third.
//!
//! Not here: what a vendor makes of a person (the vendors), and a person's way across them
//! (`lineage`).

pub(crate) mod crowd;
pub(crate) mod names;
pub(crate) mod person;
pub(crate) mod roster;
