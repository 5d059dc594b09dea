//! The vendor that says nothing of itself: what a small one begins with.
//!
//! It answers in plain HTTP. A vendor whose words are known has its own in place of these.

use http::StatusCode;

use crate::contract::cx::Cx;
use crate::contract::operation::{Call, Routed};
use crate::contract::reply::{InternalError, Refusal, Reply};
use crate::contract::section::{Section, SeedError};
use crate::contract::surface::Surface;
use crate::contract::traffic::kind::Traffic;
use crate::contract::vendor::Vendor;
use crate::contract::{event, section, timer};
use crate::web::message::{Request, Response};

impl Vendor {
    /// Nothing at all: no name, no tables, no operation. A vendor has at least a surface and a
    /// `route` of its own.
    pub const BARE: Vendor = Vendor {
        surface: &Surface::BARE,
        contract: "",
        rules: "",
        schema: &[],
        statements: &[],
        generators: &[],
        traffic: &Traffic::NONE,
        traces: &[],
        route: no_route,
        credentials: no_credentials,
        no_operation: not_found,
        failure,
        refuse: plainly,
        wake: timer::unknown,
        seed: no_section,
        begin_later: section::nothing_to_move,
        event: event::undeclared,
    };
}

fn no_route(_: &Request) -> Routed {
    Routed::default()
}

fn no_credentials(_: &Request, _: &Routed) -> Vec<(&'static str, String)> {
    Vec::new()
}

#[expect(clippy::unnecessary_wraps, reason = "the table's type")]
fn not_found(_: &mut Cx<'_>, _: &Call<'_>) -> Result<Reply, InternalError> {
    Ok(Reply::ok(Response::empty(StatusCode::NOT_FOUND)))
}

fn failure(_: &Call<'_>) -> Response {
    Response::empty(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The refusal's text, with its code as the status where it is one.
#[expect(clippy::unnecessary_wraps, reason = "the table's type")]
fn plainly(
    _: &mut Cx<'_>,
    _: &Call<'_>,
    refusal: &'static Refusal,
) -> Result<Response, InternalError> {
    let status = refusal.code.parse().ok().and_then(|code| StatusCode::from_u16(code).ok());
    let status = status.unwrap_or(StatusCode::BAD_REQUEST);
    Ok(Response::with_body(status, "text/plain; charset=utf-8", refusal.text))
}

#[expect(clippy::unnecessary_wraps, reason = "the table's type")]
fn no_section(_: &mut Cx<'_>, _: &mut dyn Section) -> Result<(), SeedError> {
    Ok(())
}
