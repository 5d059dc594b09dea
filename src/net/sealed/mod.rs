//! What a client that is sealed off finds in its network beside the vendors.
//!
//! | module | what it is |
//! | --- | --- |
//! | `question` | a question for a name, and its answer, as bytes |
//! | `names` | who answers such questions |
//! | `allowed` | a port of this machine's that is let through |
//! | `seen` | what was asked for and is nobody's here |
//!
//! Not here: how its sockets come to be (`run::sealed`).

pub(crate) mod allowed;
pub(crate) mod names;
mod question;
pub(crate) mod seen;
