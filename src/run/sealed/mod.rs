//! A client that is sealed off: a network of its own in which this program is all there is.
//!
//! The guard goes into namespaces of its own before it starts the client. The sockets that it makes
//! there and hands out are served out here, as any other: a connection belongs to the network in which
//! its listener was made.
//!
//! | module | what it is |
//! | --- | --- |
//! | `plan` | which sockets there are to be inside, and what for |
//! | `files` | what tells names inside: hosts, resolver, order of lookup |
//! | `netlink` | messages to the kernel's network |
//! | `inside` | the guard's part |
//! | `outside` | our part |
//! | `refusal` | where the system refuses, in words |
//!
//! Not here: who serves the sockets (`app`, `net::sealed`).

pub(crate) mod files;
#[cfg(target_os = "linux")]
pub(super) mod inside;
#[cfg(target_os = "linux")]
mod netlink;
#[cfg(target_os = "linux")]
pub(super) mod outside;
pub(crate) mod plan;
pub(crate) mod refusal;
