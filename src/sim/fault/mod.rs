//! Faults: rules about which requests go wrong, and how.
//!
//! A fault is decided in the world, beside the request that it strikes, and carried out at the
//! socket (`web::delivery`). Of several rules that strike one request the first decides; all of
//! them count it.
//!
//! Not here: when a request asks its rules (`sim::world`). Floors below: `contract`.

pub(crate) mod asked;
pub(crate) mod canned;
pub(crate) mod declare;
pub(crate) mod headers;
pub(crate) mod kind;
pub(crate) mod look;
mod preset;
pub(crate) mod retry_after;
pub(crate) mod rule;
pub(crate) mod rule_id;
pub(crate) mod store;
pub(crate) mod struck;

#[cfg(test)]
mod tests;
