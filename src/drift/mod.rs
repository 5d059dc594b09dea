//! Drift: where two systems answer the same requests in different ways, operation by operation, with what
//! varies by its nature told apart.
//!
//! Not here: sending the requests (`replay`), and what a reply shows (`calibrate::features`).

mod asked;
mod compare;
mod explain;
mod finding;
mod held;
pub(crate) mod order;
pub(crate) mod report;
mod shape;
mod vary;

#[cfg(test)]
mod tests;
