//! Fixed replies: what a scenario answers where Ringback has no operation.
//!
//! They are asked after the faults, in their order; the first that fits answers, all that fit count.
//! Nothing is done for a request that one answers.
//!
//! Not here: when a request asks them (`sim::world`).

pub(crate) mod declare;
pub(crate) mod pattern;
pub(crate) mod reply;
pub(crate) mod standing;

#[cfg(test)]
mod tests;
