//! INFOCU5 (Focu5 Commerce), Dialer API v3.1.
//!
//! One URL for all functions: the JSON member `dialerFunction` picks one, and the outcome is a
//! number in the body, whatever the HTTP status.
//!
//! Not here: `addLeads` and the XML profile of v2.4, whose answers nobody outside the vendor knows.
//!
//! Sources: `contract.md` beside this file; its section numbers stand in every evidence tag.

mod api;
mod auth;
mod boards;
mod dates;
mod errors;
mod events;
mod members;
mod model;
mod ops;
mod php_json;
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
pub(super) static INFOCU5: Vendor = Vendor {
    surface: &surface::SURFACE,
    contract: packed!("src/vendors/infocu5/contract.md"),
    rules: packed!("src/vendors/infocu5/rules.md"),
    schema: &[
        include_str!("schema/0001.sql"),
        include_str!("schema/0002.sql"),
        include_str!("schema/0003.sql"),
    ],
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
