//! Asks a journal what really happened: a condition over its entries, and a verdict that explains
//! itself.
//!
//! Not here: waiting (`sim::world`) and HTTP (`admin`).

pub mod check;
pub mod closest;
pub mod condition;
pub mod found;
pub mod parse;
pub mod place;
pub mod pointer;
pub mod report;
pub mod seen;
pub mod tally;
pub mod verdict;
pub mod words;

#[cfg(test)]
mod tests;
