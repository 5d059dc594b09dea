//! MaestroConference, Opt-in Contact Retrieval API.
//!
//! Two functions, each on a URL of its own, list the callers who agreed to an offer's terms: those
//! of the calls that ended in a window of time, or those of one call. The list is CSV or XML.
//!
//! Not here: the sibling Conference Management and Conductor APIs (contract, section 8).
//!
//! Sources: `contract.md` beside this file; its section numbers stand in every evidence tag.

mod api;
mod auth;
mod boards;
mod dates;
mod errors;
mod events;
mod function;
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
mod variants;
mod wire;

use crate::base::packed::packed;
use crate::contract::secret;
use crate::contract::section;
use crate::contract::vendor::Vendor;

/// The vendor.
pub(super) static MAESTRO: Vendor = Vendor {
    surface: &surface::SURFACE,
    contract: packed!("src/vendors/maestro/contract.md"),
    rules: packed!("src/vendors/maestro/rules.md"),
    schema: &[include_str!("schema/0001.sql")],
    statements: &[store::STATEMENTS],
    generators: &[],
    traffic: &traffic::TRAFFIC,
    traces: store::TRACES,
    recorded: &recorded::RECORDED,
    route: routes::route,
    credentials: auth::credentials,
    derived: secret::none_derived,
    no_operation: ops::no_operation,
    failure: errors::failure,
    refuse: ops::refuse,
    wake: traffic::wake,
    seed: seed::load,
    begin_later: section::nothing_to_move,
    event: events::happen,
};
