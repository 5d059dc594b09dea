//! The vendor that says nothing of itself: what a small one begins with.
//!
//! It answers in plain HTTP. A vendor whose words are known has its own in place of these.

use http::StatusCode;

use crate::contract::cx::Cx;
use crate::contract::evidence::Evidence;
use crate::contract::near::nearest_operation;
use crate::contract::operation::{Call, Routed};
use crate::contract::recorded::Recorded;
use crate::contract::reply::{InternalError, Refusal, Reply, Why};
use crate::contract::section::{Section, SeedError};
use crate::contract::surface::Surface;
use crate::contract::traffic::kind::Traffic;
use crate::contract::vendor::Vendor;
use crate::contract::{event, secret, section, timer};
use crate::web::message::{Request, Response};

impl Vendor {
    /// Nothing at all: no name, no tables, no operation. A vendor has at least a surface and a
    /// `route` of its own.
    pub const BARE: Vendor = Vendor {
        surface: &Surface::BARE,
        contract: || "",
        rules: || "",
        schema: &[],
        statements: &[],
        generators: &[],
        traffic: &Traffic::NONE,
        traces: &[],
        recorded: &Recorded::NONE,
        route: no_route,
        credentials: no_credentials,
        derived: secret::none_derived,
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

/// Of a vendor that says nothing of its own of a request that no operation takes.
static NO_OPERATION: Refusal = Refusal {
    rule: "no_operation",
    code: "404",
    text: "",
    when: "no operation takes the request",
    evidence: Evidence::Assumed("no word of the vendor's"),
};

/// The reason why no operation took a request, for a vendor that tells none.
pub(crate) fn no_operation(surface: &Surface, request: &Request) -> Why {
    let ways = surface.operations.iter().map(|it| format!("{} {}", it.method, it.path));
    let mut ways: Vec<String> = ways.collect();
    let n_more = ways.len().saturating_sub(WAYS_SHOWN_MAX);
    ways.truncate(WAYS_SHOWN_MAX);
    if n_more > 0 {
        ways.push(format!("{n_more} more"));
    }
    let expected =
        if ways.is_empty() { "an operation; there is none".into() } else { ways.join(" or ") };
    let found = format!("{} {}", request.method, request.path());
    let hint = match nearest_operation(surface, request) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("GET /openapi/{}.json of the control plane has all paths", surface.vendor),
    };
    Why::new(&NO_OPERATION, expected, found, hint)
}

/// Operations that a reason lists.
const WAYS_SHOWN_MAX: usize = 5;

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
