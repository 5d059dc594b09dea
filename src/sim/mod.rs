//! The deterministic core: worlds, and everything in them that no vendor owns.
//!
//! A world takes inputs one at a time and answers each from its state; output is a function of
//! (seed, scenario, ordered inputs). Nothing here knows a vendor's fields, headers or tables, and
//! nothing here touches a socket.

pub mod api;
pub mod claims;
pub mod counter;
pub mod cx;
pub mod evidence;
pub mod fault;
pub mod fidelity;
pub mod fields;
pub mod findings;
mod firing;
pub mod journal;
mod kept;
mod ledger;
pub mod line;
pub mod lineage;
pub mod live;
pub mod load;
mod memo;
pub mod metrics;
pub mod near;
pub mod openapi;
pub mod oracle;
mod ordered;
pub mod own;
pub mod people;
pub mod pool;
pub mod reaper;
mod record;
pub mod redact;
pub mod reply;
pub mod schema;
pub mod seed;
pub mod settings;
mod span;
pub mod strict;
pub mod surface;
mod table;
pub mod timer;
pub mod traffic;
mod unread;
pub mod unseed;
pub mod variant;
pub mod vendor;
pub mod verify;
pub mod world;
pub mod worlds;

#[cfg(test)]
mod tests;
