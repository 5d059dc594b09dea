//! How much of what the vendors declare a world's journal shows.

use http::Method;

use crate::admin::asked::Asked;
use crate::admin::endpoint::{Body, Endpoint, Serve, Told};
use crate::admin::plane::Admin;
use crate::admin::problem::Problem;
use crate::admin::reply::ok;
use crate::admin::shape::{Shape, always};
use crate::contract::reply::InternalError;
use crate::sim::blocking::blocking;
use crate::sim::judge::coverage::Coverage;
use crate::web::message::Response;

/// The routes of this file.
pub(super) const ROWS: &[Endpoint] = &[Endpoint {
    name: "show_coverage",
    method: Method::GET,
    path: "/v1/worlds/{world}/coverage",
    text: "how much of what the vendors declare the journal shows, and what clients never met",
    query: &[],
    body: Body::None,
    replies: &[Told::json(200, "by vendor", &COVERAGE)],
    serve: Serve::Later(|admin, asked| Box::pin(admin.show_coverage(asked))),
}];

static COVERAGE: Shape = Shape::Object(&[
    always("exchanges", Shape::Integer, "requests that vendors answered"),
    always("evicted", Shape::Integer, "entries that went to make room and were not looked at"),
    always("vendors", Shape::List(&OF_VENDOR), "the vendors that were asked"),
    always("not_asked", Shape::List(&Shape::Text), "the other vendors"),
    always("faults", Shape::List(&Shape::Text), "kinds of fault that struck"),
    always("never_met", Shape::List(&Shape::Text), "what clients usually meet and these never did"),
]);

static OF_VENDOR: Shape = Shape::Object(&[
    always("vendor", Shape::Text, "its name"),
    always(
        "operations",
        Shape::Object(&[
            always("asked", Shape::Map(&Shape::Integer), "how often each was"),
            always("never", Shape::List(&Shape::Text), "the others"),
        ]),
        "all that it declares",
    ),
    always(
        "refusals",
        Shape::Object(&[
            always("met", Shape::Map(&Shape::Integer), "how often each was, by rule"),
            always("never", Shape::List(&Shape::Text), "the others"),
        ]),
        "all that it declares",
    ),
    always("switches", Shape::Map(&POSITIONS), "all that it declares, by name"),
    always("machines", Shape::Map(&MOVES), "what goes from state to state, by name"),
]);

static MOVES: Shape = Shape::Object(&[
    always(
        "made",
        Shape::Map(&Shape::Integer),
        "how often each move was, as `ringing -> connected`",
    ),
    always("never", Shape::List(&Shape::Text), "the others"),
]);

static POSITIONS: Shape = Shape::Object(&[
    always("shown", Shape::List(&Shape::Text), "positions in which it stood while it was asked"),
    always("never", Shape::List(&Shape::Text), "the others"),
]);

impl Admin {
    pub(crate) async fn show_coverage(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let mut coverage = Coverage::new(self.worlds.vendors());
        let looked = move || {
            world.cover(&mut coverage)?;
            Ok::<_, InternalError>(coverage)
        };
        Ok(ok(&blocking(looked).await??.to_json()))
    }
}
