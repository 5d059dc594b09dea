//! Stands between clients and a vendor's own system: lets through what it may, and tells what was said.
//!
//! It connects to no other system than the one that it was given.
//!
//! Not here: what becomes of what was said (`recording`), and the listener (`net`).

mod asked;
pub(crate) mod gate;
mod redirect;
pub(crate) mod relay_answer;
pub(crate) mod upstream;

#[cfg(test)]
mod tests;
