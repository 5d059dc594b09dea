//! Kolmisoft MOR, HTTP API, the four methods of the auto-dialer (X16 and later).
//!
//! A request is signed with a SHA-1 over some of its values and a secret key; every answer is XML
//! with status 200, refusals included. A hash that is refused is taken apart in `diagnose`, beside
//! the wire.
//!
//! Not here: the vendor's other methods, and making campaigns, which the API cannot do either.
//!
//! Sources: `contract.md` beside this file; its section numbers stand in every evidence tag.

mod api;
mod asked;
mod auth;
mod diagnose;
mod dialler;
mod errors;
mod events;
mod hash;
mod key;
mod method;
mod mistakes;
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
pub struct Mor;

impl Vendor for Mor {
    fn surface(&self) -> &'static Surface {
        &surface::SURFACE
    }

    fn schema(&self) -> &'static [&'static str] {
        &[include_str!("schema/0001.sql")]
    }

    fn statements(&self) -> Vec<(&'static str, &'static str)> {
        store::STATEMENTS.concat()
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
        wire::failure()
    }

    fn refuse(
        &self,
        cx: &mut Cx<'_>,
        call: &Call<'_>,
        refusal: &'static Refusal,
    ) -> Result<Response, InternalError> {
        ops::faulted(cx, call, refusal)
    }

    fn wake(&self, cx: &mut Cx<'_>, timer: &Timer) -> Result<(), InternalError> {
        dialler::wake(cx, timer)
    }

    fn seed(&self, cx: &mut Cx<'_>, source: &mut dyn loading::Source) -> Result<(), SeedError> {
        seed::load(cx, source)
    }

    fn traffic(&self) -> &'static Traffic {
        &traffic::TRAFFIC
    }

    fn traces(&self) -> &'static [Trace] {
        store::calls::TRACES
    }

    fn event(&self, cx: &mut Cx<'_>, name: &str, fields: &Row<'_>) -> Result<Value, EventError> {
        events::happen(cx, name, fields)
    }
}
