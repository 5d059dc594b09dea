//! Faults: rules about which requests go wrong, and how.
//!
//! A fault is decided in the world, beside the request that it strikes, and carried out at the
//! socket (`web::delivery`). Of several rules that strike one request the first decides; all of
//! them count it.
//!
//! Not here: when a request asks its rules (`sim::world`). Floors below: `contract`.

pub mod declare;
pub mod kind;
pub mod look;
pub mod rule;
pub mod store;
pub mod struck;

#[cfg(test)]
mod tests;
