//! Kolmisoft MOR, HTTP API, the four methods of the auto-dialer (X16 and later).
//!
//! A request is signed with a SHA-1 over some of its values and a secret key; every answer is XML
//! with status 200, refusals included. A hash that is refused is taken apart in `hash_diagnosis`, beside
//! the wire.
//!
//! Not here: the vendor's other methods, and making campaigns, which the API cannot do either.
//!
//! Sources: `contract.md` beside this file; its section numbers stand in every evidence tag.

mod api;
mod auth;
mod boards;
mod dialler;
mod digestion;
mod errors;
mod events;
mod hash;
mod hash_diagnosis;
mod hash_mistakes;
mod key;
mod method;
mod misnamed;
mod missing;
mod model;
mod ops;
mod params;
mod read_back;
mod recorded;
mod routes;
mod seed;
mod store;
mod surface;
#[cfg(test)]
mod tests;
mod traffic;
mod unread;
mod variants;
mod wire;
mod zone;

use crate::base::packed::packed;
use crate::contract::section;
use crate::contract::vendor::Vendor;

/// The vendor.
pub(super) static MOR: Vendor = Vendor {
    surface: &surface::SURFACE,
    contract: packed!("src/vendors/mor/contract.md"),
    rules: packed!("src/vendors/mor/rules.md"),
    schema: &[
        include_str!("schema/0001.sql"),
        include_str!("schema/0002.sql"),
        include_str!("schema/0003.sql"),
    ],
    statements: store::STATEMENTS,
    generators: &[],
    traffic: &traffic::TRAFFIC,
    traces: store::calls::TRACES,
    recorded: &recorded::RECORDED,
    route: routes::route,
    credentials: auth::credentials,
    derived: store::hashes::derived,
    no_operation: ops::no_operation,
    failure: errors::failure,
    refuse: ops::refuse,
    wake: dialler::wake,
    seed: seed::load,
    begin_later: section::nothing_to_move,
    event: events::happen,
};
