//! TLS on the port of plain HTTP, by the real program.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `served` | what is asked over TLS is answered as over plain HTTP |
//! | `refused` | handshakes that come to nothing, and who learns of them |
//! | `faults` | faults byte by byte |
//! | `authority` | the authority, kept or not, and certificates of the user's |
//! | `clients` | verifiers that are not ours: OpenSSL, Python, curl, Java |

mod authority;
mod client;
mod clients;
mod faults;
mod refused;
mod served;
