//! Stands between clients and vendors' own systems: lets through what it may, and tells what was said.
//!
//! It connects to no other systems than those that it was given.
//!
//! Not here: what becomes of what was said (`recording`), and the listener (`net`).

mod asked;
pub(crate) mod gate;
mod redirect;
pub(crate) mod relay_answer;
pub(crate) mod systems;
pub(crate) mod upstream;

#[cfg(test)]
mod tests;
