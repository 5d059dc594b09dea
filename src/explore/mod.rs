//! A client under every reading: which positions of the switches it depends on without saying so.
//!
//! | module | what it is |
//! | --- | --- |
//! | `seen` | the exchanges of a run |
//! | `touched` | which other positions would have changed a reply of it, and where |
//! | `words` | what a client takes for granted, in a line |
//! | `report` | what was found, for people and programs |
//!
//! Not here: running the client (`run`, `replay`), and the order of runs (`cli`).

pub(crate) mod report;
pub(crate) mod seen;
pub(crate) mod touched;
mod words;
