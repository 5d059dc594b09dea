//! What is told of a vendor, made from its tables; and the manual.
//!
//! Not here: the routes that show it (`admin`). Floors below: `contract`.

pub(crate) mod chapters;
pub(crate) mod fidelity;
pub(crate) mod findings;
pub(crate) mod openapi;
mod path_key;
pub(crate) mod schema;
