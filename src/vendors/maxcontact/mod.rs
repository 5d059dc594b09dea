//! MaxContact, Telephony Data Services (agent remote control), with its token service and the
//! documented part of lead management.
//!
//! A client drives agents who are logged in already: it dials, holds, connects and dispositions for
//! them. Every telephony method is a GET, also those that change state, and answers XML unless the
//! request asks for JSON.
//!
//! Not here: the nine further methods of document version 1.8, callbacks, management and the lead
//! web API, of which nobody outside the vendor knows more than titles; see `surface`.
//!
//! Sources: `contract.md` beside this file; its section numbers stand in every evidence tag. The
//! state machine is `model::machine`, printed in `contract.md` 4.6.

mod api;
mod auth;
mod begin_later;
mod boards;
mod cookies;
mod errors;
mod events;
mod floor;
mod meant;
mod model;
mod no_login;
mod no_number;
mod no_token;
mod ops;
mod other_words;
mod read_back;
mod recorded;
mod routes;
mod seed;
mod settings;
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

/// The vendor.
pub(super) static MAXCONTACT: Vendor = Vendor {
    surface: &surface::SURFACE,
    contract: packed!("src/vendors/maxcontact/contract.md"),
    rules: packed!("src/vendors/maxcontact/rules.md"),
    schema: &[include_str!("schema/0001.sql"), include_str!("schema/0002.sql")],
    statements: &[
        store::accounts::STATEMENTS,
        store::agents::STATEMENTS,
        store::calls::STATEMENTS,
        store::leads::STATEMENTS,
        store::lists::STATEMENTS,
        begin_later::STATEMENTS,
    ],
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
    wake: timers::wake,
    seed: seed::load,
    begin_later: begin_later::begin_later,
    event: events::happen,
};
