//! What is told of a vendor, made from its tables.
//!
//! Not here: the routes that show it (`admin`). Floors below: `contract`.

pub mod fidelity;
pub mod openapi;
pub mod schema;
