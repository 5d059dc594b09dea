//! Sources of traffic as a scenario states them and as rows keep them, and the timers by which they
//! come to pass.
//!
//! For each vendor that has any source, a timer fires at every full hour and lets the vendor plan the
//! hour: it draws what happens and sets timers for it, so that each thing comes into being at its
//! own time and a client that polls sees it then and not before.
//!
//! Not here: what a thing is and what it does (the vendors, each with kinds of its own).

pub(crate) mod hourly;
pub(crate) mod sources;
pub(crate) mod stated;
