//! Runs the steps of scenarios against a server and gives a verdict.
//!
//! The server is always spoken to over HTTP, whether it is this process, another Ringback or a
//! vendor's own sandbox, so that faults of delivery show and the verdicts are the same.
//!
//! Not here: reading steps (`scenario`), and starting a server (`embed`).

pub mod all;
mod compare;
pub mod github;
pub mod json;
pub mod junit;
pub mod plan;
pub mod report;
mod request;
pub mod run;
pub(crate) mod secrets;
pub mod tap;
pub mod text;
pub mod verdict;
