//! Ringback: a stand-in for five telephony vendors' HTTP APIs, with real state and the vendors' own
//! rules.
//!
//! # The map, in reading order
//!
//! | module | what it is |
//! | --- | --- |
//! | `base` | vocabulary: clock, seed, limits, instants as text |
//! | `web` | HTTP as values: request, response, parameters, routes |
//! | `store` | SQLite: opening, schema versions, the page store under worlds in memory |
//! | [`contract`] | what a vendor is written against: the table that it is, and what its functions get |
//! | `sim` | the deterministic core: worlds, their journal, timers and clocks |
//! | [`vendors`] | one folder per vendor, all of one shape |
//! | `scenario` | scenario files: read, checked, handed over row by row |
//! | `admin` | the control plane |
//! | `net` | sockets; with `client` the only modules that name hyper |
//! | `client` | the small HTTP client of the command line |
//! | `replay` | runs the steps of scenarios, compares, reports |
//! | `drift` | where two systems answer the same requests in different ways |
//! | `run` | a client as it is, led here, and the verdict over its run |
//! | [`embed`] | a Ringback inside another program, such as a test |
//! | `app`, `cli`, `exit` | the program |
//!
//! # The way of a request
//!
//! `net::server` accepts, and reads head and body within limits. `net::front` finds the world and the
//! vendor; the vendor's `route` finds the operation and reads the parameters, without any world.
//! `sim::world` waits at the gate, takes the lock, and the engine does the rest in one
//! synchronous stretch: read the clock, fire the timers due by then, take a sequence number, run the
//! operation, commit, journal. Then the bytes go out.
//!
//! # Invariants
//!
//! Those that a machine can check are lines of `tests/it/tidy/`.
//!
//! - Output is a function of (seed, scenario, ordered inputs). The same three give the same bytes.
//! - Only `base::clock` reads the system's clock. Nothing reads the system's randomness.
//! - Only `net` and `client` name hyper; only `net`, `client`, `embed`, `app`, `cli`, `run::command`,
//!   `sim::world` and `web::stream` name tokio.
//! - A vendor imports no other vendor, and holds no state: all of it is in the world's database.
//! - `sim` and `admin` know no vendor's fields, headers or tables.
//! - A vendor answers everything that a client can do wrong in its own words. Only Ringback's own
//!   faults are errors, and they are rolled back, logged once and worded by the vendor as well.
//! - `unsafe` stands in one file, the FFI of the page store.
//!
//! # Choices that a newcomer would undo
//!
//! *One lock per world, no engine thread.* A request takes microseconds; handing it to another
//! thread costs more than the work. What would change our mind: operations that wait for something.
//!
//! *No web framework.* Every byte on a vendor's route is the vendor's, refusals included, and a
//! request has to be whole before it is routed, because it is journaled. A framework's extractors and
//! rejections are what we would have to fight. What would change our mind: HTTP/2 vendors.
//!
//! *Panics unwind.* The world's fence turns a panic into a rolled-back transaction and the vendor's
//! own 500. `panic = "abort"` would lose every world of the process.

mod admin;
mod app;
mod base;
mod calibrate;
mod cli;
mod client;
pub mod contract;
mod drift;
pub mod embed;
mod exit;
mod explore;
#[doc(hidden)]
pub mod inside;
mod net;
mod recording;
mod replay;
mod run;
mod scenario;
mod sim;
mod store;
#[cfg(test)]
mod testing;
pub mod vendors;
mod web;

pub use embed::Ringback;
pub use vendors::VendorName;
