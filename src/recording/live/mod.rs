//! Recordings that are made while clients are answered: what was taken is written down at once, cleared of
//! credentials, and made a scenario at the end.
//!
//! Not here: answering clients (`sim::world`, `net::relay`).

pub(crate) mod ear;
pub(crate) mod ended;
mod files;
mod finish;
mod journal;
mod keeper;
mod line;
mod masking;
mod part;
pub(crate) mod recorder;
pub(crate) mod resume;

#[cfg(test)]
mod tests;
