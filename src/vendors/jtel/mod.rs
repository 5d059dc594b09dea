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
mod errors;
mod events;
mod fields;
mod generate;
mod model;
mod ops;
mod routes;
mod seed;
mod store;
mod surface;
#[cfg(test)]
mod tests;
mod timers;
mod traffic;
mod unseed;
mod variants;
mod wire;

use serde_json::Value;

use crate::base::time::Span;
use crate::contract::cx::Cx;
use crate::contract::fields::Row;
use crate::contract::operation::{Call, Routed};
use crate::contract::reply::Refusal;
use crate::contract::reply::{InternalError, Reply};
use crate::contract::section as loading;
use crate::contract::section::SeedError;
use crate::contract::surface::{Generator, Surface};
use crate::contract::timer::Timer;
use crate::contract::traffic::kind::Traffic;
use crate::contract::vendor::Trace;
use crate::contract::vendor::{EventError, Vendor};
use crate::vendors::jtel::fields::{
    column_name, column_type, contact_declarations, contact_fields,
};
use crate::web::message::{Request, Response};

/// The vendor.
#[derive(Debug)]
pub struct Jtel;

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

impl Vendor for Jtel {
    fn surface(&self) -> &'static Surface {
        &surface::SURFACE
    }

    fn schema(&self) -> &'static [&'static str] {
        &[SCHEMA_1]
    }

    fn generators(&self) -> &'static [Generator] {
        generate::GENERATORS
    }

    fn statements(&self) -> Vec<(&'static str, &'static str)> {
        store::statements()
    }

    fn route(&self, request: &Request) -> Routed {
        routes::route(request)
    }

    fn credentials(&self, request: &Request, routed: &Routed) -> Vec<(&'static str, String)> {
        auth::credentials(request, routed)
    }

    fn no_operation(&self, cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
        ops::no_operation(cx, call)
    }

    fn failure(&self, _call: &Call<'_>) -> Response {
        errors::failure()
    }

    fn refuse(
        &self,
        cx: &mut Cx<'_>,
        call: &Call<'_>,
        refusal: &'static Refusal,
    ) -> Result<Response, InternalError> {
        let _ = call;
        Ok(errors::faulted(cx, refusal))
    }

    fn wake(&self, cx: &mut Cx<'_>, timer: &Timer) -> Result<(), InternalError> {
        timers::wake(cx, timer)
    }

    fn seed(&self, cx: &mut Cx<'_>, source: &mut dyn loading::Source) -> Result<(), SeedError> {
        seed::load(cx, source)
    }

    fn begin_later(&self, cx: &mut Cx<'_>, late: Span) -> Result<(), InternalError> {
        Ok(store::dialler::shift_dials(&cx.tx(), late.as_millis())?)
    }

    fn traffic(&self) -> &'static Traffic {
        &traffic::TRAFFIC
    }

    fn traces(&self) -> &'static [Trace] {
        store::TRACES
    }

    fn event(&self, cx: &mut Cx<'_>, name: &str, fields: &Row<'_>) -> Result<Value, EventError> {
        events::happen(cx, name, fields)
    }
}
