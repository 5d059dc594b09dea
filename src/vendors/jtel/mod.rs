//! jtel Portal ACD, Dialler REST API v1.0: contacts and campaigns, and a dialler that works through
//! them on the world's clock.
//!
//! Not here: functions that change campaigns (none could be recovered), SOAP, web hooks.
//!
//! Sources: `contract.md` beside this file; its section numbers stand in every evidence tag. The
//! routes of lock, unlock, history and of contacts by `UserData` are assumed, and so is everything
//! that the dialler does.

mod api;
mod auth;
mod boards;
mod errors;
mod events;
mod fields;
mod generate;
mod incoming;
mod model;
mod ops;
mod read_back;
mod recorded;
mod routes;
mod seed;
mod store;
mod surface;
#[cfg(test)]
mod tests;
mod timers;
mod traffic;
mod variants;
mod wire;

use crate::base::packed::packed;
use crate::contract::secret;
use crate::contract::vendor::Vendor;
use crate::vendors::jtel::fields::{
    column_name, column_type, contact_declarations, contact_fields,
};

/// Version 1: the plain tables, and the one that is made from the table of fields.
const SCHEMA_1: &str = concat!(
    include_str!("schema/0001.sql"),
    "CREATE TABLE jtel_contact (
        id INTEGER PRIMARY KEY,
        client_id INTEGER NOT NULL,
        campaign_id INTEGER NOT NULL,
        locked INTEGER NOT NULL CHECK (locked IN (0, 1)),
        --- When the dialler may take it: 0 for at once, NULL for never.
        due_ms INTEGER,
        --- The same, while the contact is locked and was passed over.
        held_ms INTEGER",
    contact_fields!(contact_declarations),
    ") STRICT;",
    include_str!("schema/contact_indexes.sql"),
);

/// The vendor.
pub(super) static JTEL: Vendor = Vendor {
    surface: &surface::SURFACE,
    contract: packed!("src/vendors/jtel/contract.md"),
    rules: packed!("src/vendors/jtel/rules.md"),
    schema: &[SCHEMA_1],
    statements: store::ALL_STATEMENTS,
    generators: generate::GENERATORS,
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
    begin_later: store::dialler::begin_later,
    event: events::happen,
};
