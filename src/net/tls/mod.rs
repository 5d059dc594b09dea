//! TLS: the authority that the program signs with, the certificates that it shows, and what is said
//! of handshakes that came to nothing.
//!
//! Not here: how a connection is told to be TLS and is read (`net::line`).

pub(crate) mod authority;
pub(crate) mod certificates;
pub(crate) mod error;
pub(crate) mod failure;
mod folder;
mod provider;
mod user;
mod validity;
