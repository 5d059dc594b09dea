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
mod errors;
mod events;
mod function;
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
use crate::contract::reply::{InternalError, Refusal, Reply};
use crate::contract::section::{self as loading, SeedError};
use crate::contract::surface::Surface;
use crate::contract::timer::Timer;
use crate::contract::traffic::kind::Traffic;
use crate::contract::vendor::{EventError, Trace, Vendor};
use crate::web::message::{Request, Response};

/// The vendor.
#[derive(Debug)]
pub struct Maestro;

impl Vendor for Maestro {
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

    fn failure(&self, call: &Call<'_>) -> Response {
        errors::failure(call)
    }

    fn refuse(
        &self,
        cx: &mut Cx<'_>,
        call: &Call<'_>,
        refusal: &'static Refusal,
    ) -> Result<Response, InternalError> {
        ops::faulted(cx, call, refusal)
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
