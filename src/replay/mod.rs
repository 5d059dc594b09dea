//! Runs the steps of scenarios against a server and gives a verdict.
//!
//! The server is always spoken to over HTTP, whether it is this process, another Ringback or a
//! vendor's own sandbox, so that faults of delivery show and the verdicts are the same.
//!
//! Not here: reading steps (`scenario`), and starting a server (`embed`).

pub(crate) mod all;
mod call;
mod compare;
mod control;
pub(crate) mod difference;
pub(crate) mod enough;
pub(crate) mod error;
pub(crate) mod github;
pub(crate) mod heard;
pub(crate) mod html;
mod inputs;
pub(crate) mod json;
pub(crate) mod junit;
pub(crate) mod plan;
pub(crate) mod report;
mod request;
pub(crate) mod run;
pub(crate) mod said;
pub(crate) mod secrets;
mod session;
pub(crate) mod shrink;
pub(crate) mod site;
mod switches;
pub(crate) mod tap;
pub(crate) mod text;
mod then;
pub(crate) mod verdict;
