//! What a world's journal shows of its clients.

use http::Method;
use serde_json::Value;

use crate::admin::asked::Asked;
use crate::admin::condition::{CONDITION, VERDICT};
use crate::admin::endpoint::{Body, Endpoint, Serve, Told};
use crate::admin::plane::Admin;
use crate::admin::problem::Problem;
use crate::admin::reply::ok;
use crate::admin::shape::{Shape, always, maybe};
use crate::base::nearest::did_you_mean;
use crate::contract::reply::InternalError;
use crate::sim::blocking::blocking;
use crate::sim::judge::expectation::{Expectation, Judgement};
use crate::web::message::Response;

/// The routes of this file.
pub(super) const ROWS: &[Endpoint] = &[
    Endpoint {
        name: "list_findings",
        method: Method::GET,
        path: "/v1/worlds/{world}/findings",
        text: "what clients do wrong although they are answered, as the journal shows it",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "the findings, by their first entry", &FINDINGS)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.list_findings(asked))),
    },
    Endpoint {
        name: "show_strict",
        method: Method::GET,
        path: "/v1/worlds/{world}/strict",
        text: "what a world expects of its run",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "what it expects", &EXPECTED)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.show_strict(asked))),
    },
    Endpoint {
        name: "set_strict",
        method: Method::PUT,
        path: "/v1/worlds/{world}/strict",
        text: "makes a world strict, or not, and says what is expected of its run",
        query: &[],
        body: Body::Shape(&EXPECTING),
        replies: &[Told::json(200, "what it expects now", &EXPECTED)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.set_strict(asked))),
    },
];

static FINDINGS: Shape = Shape::Object(&[
    always("findings", Shape::List(&FINDING), "by their first entry"),
    always("more", Shape::Integer, "how many further ones there are"),
    always("entries", Shape::Integer, "entries that were looked at"),
    always("evicted", Shape::Integer, "entries that went to make room and were not looked at"),
    always(
        "strict",
        Shape::OrNull(&JUDGEMENT),
        "of a strict world: whether its run is as expected",
    ),
]);

static JUDGEMENT: Shape = Shape::Object(&[
    always("verdict", Shape::OneOf(&["pass", "fail", "inconclusive"]), "of the run so far"),
    always(
        "unexpected",
        Shape::List(&Shape::Object(&[
            always("seq", Shape::Integer, "number of the entry"),
            always("line", Shape::Text, "request and reply"),
            always("reason", Shape::Text, "why it should not be there"),
        ])),
        "the first hundred requests that were not expected",
    ),
    always("unexpected_count", Shape::Integer, "how many there are"),
    always("unmet", Shape::List(&VERDICT), "expectations that do not hold"),
    always("evicted", Shape::Integer, "entries that went to make room and were not judged"),
]);

/// What a world expects of its run.
static EXPECTED: Shape = Shape::Object(&[
    always("strict", Shape::Bool, "whether a run fails on whatever was not expected"),
    always("expect", Shape::List(&CONDITION), "conditions that have to hold in the end"),
]);

/// What a world is to expect of its run from now on.
static EXPECTING: Shape = Shape::Object(&[
    maybe(
        "strict",
        Shape::Bool,
        "whether a run fails on whatever was not expected; true if left out",
    ),
    maybe("expect", Shape::List(&CONDITION), "conditions that have to hold in the end"),
]);

static FINDING: Shape = Shape::Object(&[
    always("name", Shape::Text, "of what was found"),
    always("vendor", Shape::OrNull(&Shape::Text), "whose client it is"),
    always("what", Shape::Text, "what was seen"),
    always("entries", Shape::List(&Shape::Integer), "the entries that show it, the first of them"),
    always("count", Shape::Integer, "how many entries show it"),
    always("matters", Shape::Text, "why that is wrong"),
    always("remedy", Shape::Text, "what to do"),
]);

impl Admin {
    pub(crate) async fn list_findings(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let show_secrets = self.show_secrets;
        let look = move || Ok((world.findings(show_secrets)?, world.judge(show_secrets)?));
        let found: Result<_, InternalError> = blocking(look).await?;
        let (findings, judged) = found?;
        let mut shown = findings.to_json();
        shown["strict"] = judged.as_ref().map(Judgement::to_json).into();
        Ok(ok(&shown))
    }

    pub(crate) async fn show_strict(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let strict = world.expectation().await.to_json();
        Ok(ok(&world.masker(self.show_secrets).await?.json(strict)))
    }

    /// `{"strict": true, "expect": [{…}]}`; replaces what was expected.
    pub(crate) async fn set_strict(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let body = asked.body();
        let known = ["strict", "expect"];
        let stray =
            body.as_object().and_then(|it| it.keys().find(|name| !known.contains(&name.as_str())));
        if let Some(stray) = stray {
            let near = did_you_mean(stray, known);
            let known = known.join(", ");
            let detail = format!("unknown member {stray:?}; expected one of {known}{near}");
            return Err(Problem::bad_request(detail));
        }
        let is_on = strict(&body["strict"])?.unwrap_or(true);
        let strict = Expectation::new(is_on, &body["expect"], self.worlds.vendors())
            .map_err(|mistakes| Problem::bad_request(mistakes.join("\n")))?;
        let shown = strict.to_json();
        world.set_expectation(strict).await?;
        Ok(ok(&world.masker(self.show_secrets).await?.json(shown)))
    }
}

/// Whether a body wants a world to be strict; `None` where it does not say.
pub(crate) fn strict(wanted: &Value) -> Result<Option<bool>, Problem> {
    match wanted {
        Value::Null => Ok(None),
        Value::Bool(is_on) => Ok(Some(*is_on)),
        other => {
            let detail = format!("strict is {other}; expected true or false");
            Err(Problem::bad_request(detail))
        }
    }
}
