//! What is outside a vendor and drives it: the far end of the line, the people whom several vendors
//! know, and what happens by itself by the hour.
//!
//! [`mod@line`] and [`people`] are services that vendors call; beside `contract` they are all of the core
//! that a vendor may name. Floors below: `contract`.

pub(crate) mod line;
pub(crate) mod lineage;
pub(crate) mod people;
pub(crate) mod traffic;
