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
mod errors;
mod events;
mod later;
mod model;
mod ops;
mod routes;
mod seed;
mod settings;
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
use crate::contract::surface::Surface;
use crate::contract::timer::Timer;
use crate::contract::traffic::kind::Traffic;
use crate::contract::vendor::Trace;
use crate::contract::vendor::{EventError, Vendor};
use crate::web::message::{Request, Response};

/// The vendor.
#[derive(Debug)]
pub struct MaxContact;

impl Vendor for MaxContact {
    fn surface(&self) -> &'static Surface {
        &surface::SURFACE
    }

    fn schema(&self) -> &'static [&'static str] {
        &[include_str!("schema/0001.sql")]
    }

    fn statements(&self) -> Vec<(&'static str, &'static str)> {
        [store::statements(), later::STATEMENTS.to_vec()].concat()
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
        ops::faulted(cx, call, refusal)
    }

    fn wake(&self, cx: &mut Cx<'_>, timer: &Timer) -> Result<(), InternalError> {
        timers::wake(cx, timer)
    }

    fn seed(&self, cx: &mut Cx<'_>, source: &mut dyn loading::Source) -> Result<(), SeedError> {
        seed::load(cx, source)
    }

    fn begin_later(&self, cx: &mut Cx<'_>, late: Span) -> Result<(), InternalError> {
        Ok(later::begin(cx, late.as_millis())?)
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
