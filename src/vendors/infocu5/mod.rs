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
mod errors;
mod events;
mod model;
mod ops;
mod routes;
mod seed;
mod store;
mod surface;
#[cfg(test)]
mod tests;
mod traffic;
mod unseed;
mod variants;
mod wire;

use serde_json::Value;

use crate::contract::cx::Cx;
use crate::contract::fields::Row;
use crate::contract::operation::{Call, Routed};
use crate::contract::reply::Refusal;
use crate::contract::reply::{InternalError, Reply};
use crate::contract::section as loading;
use crate::contract::section::SeedError;
use crate::contract::surface::Surface;
use crate::contract::timer::Timer;
use crate::contract::traffic::kind::Traffic;
use crate::contract::vendor::Trace;
use crate::contract::vendor::{EventError, Vendor};
use crate::web::message::{Request, Response};

/// The vendor.
#[derive(Debug)]
pub struct Infocu5;

impl Vendor for Infocu5 {
    fn surface(&self) -> &'static Surface {
        &surface::SURFACE
    }

    fn schema(&self) -> &'static [&'static str] {
        &[include_str!("schema/0001.sql")]
    }

    fn statements(&self) -> Vec<(&'static str, &'static str)> {
        store::STATEMENTS.to_vec()
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

    fn seed(&self, cx: &mut Cx<'_>, source: &mut dyn loading::Source) -> Result<(), SeedError> {
        seed::load(cx, source)
    }

    fn wake(&self, cx: &mut Cx<'_>, timer: &Timer) -> Result<(), InternalError> {
        traffic::wake(cx, timer)
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
