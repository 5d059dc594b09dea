//! Asks a journal what really happened: a condition over its entries, and a verdict that explains
//! itself.
//!
//! Not here: waiting (`sim::world`) and HTTP (`admin`).

pub(crate) mod check;
pub(crate) mod closed;
pub(crate) mod closest;
pub(crate) mod condition;
pub(crate) mod found;
pub(crate) mod parse;
pub(crate) mod place;
pub(crate) mod pointer;
pub(crate) mod report;
pub(crate) mod seen;
pub(crate) mod tally;
pub(crate) mod verdict;
pub(crate) mod words;

#[cfg(test)]
mod tests;
