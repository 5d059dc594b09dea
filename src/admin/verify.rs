//! Asking a world's journal what really happened.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::Value;

use crate::admin::asked::Asked;
use crate::admin::condition::{AWAITED, CONDITION, VERDICT};
use crate::admin::endpoint::{Body, Endpoint, Serve, Told};
use crate::admin::plane::Admin;
use crate::admin::problem::Problem;
use crate::admin::reply::json;
use crate::base::limits::CONDITION_WAIT_MAX;
use crate::base::time::Span;
use crate::sim::blocking::blocking;
use crate::sim::judge::verify::condition::Condition;
use crate::sim::judge::verify::parse::Mistake;
use crate::sim::judge::verify::report::Outcome;
use crate::sim::judge::verify::verdict::Verdict;
use crate::web::message::Response;

/// The routes of this file.
pub(super) const ROWS: &[Endpoint] = &[
    Endpoint {
        name: "verify",
        method: Method::POST,
        path: "/v1/worlds/{world}/verify",
        text: "says whether a condition over the journal holds, and what came closest where not",
        query: &[],
        body: Body::Shape(&CONDITION),
        replies: &[
            Told::json(200, "it holds", &VERDICT),
            Told::json(422, "it does not hold, or that cannot be told", &VERDICT),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.verify(asked))),
    },
    Endpoint {
        name: "wait",
        method: Method::POST,
        path: "/v1/worlds/{world}/wait",
        text: "waits until a condition over the journal holds, or its timeout has passed",
        query: &[],
        body: Body::Shape(&AWAITED),
        replies: &[
            Told::json(200, "it holds", &VERDICT),
            Told::json(422, "the time has passed, or it can no longer hold", &VERDICT),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.wait(asked))),
    },
];

/// How long `wait` waits where it is not told.
const WAIT_DEFAULT: Duration = Duration::from_secs(30);

impl Admin {
    /// 200 where the condition holds, else 422 with the closest entries.
    pub(crate) async fn verify(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let condition = self.condition(asked.body())?;
        let show_secrets = self.show_secrets;
        let verdict = blocking(move || world.verify(&condition, show_secrets)).await??;
        Ok(answer(&verdict))
    }

    /// 200 as soon as the condition holds, else 422 when its `timeout` has passed.
    pub(crate) async fn wait(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let mut body = asked.body().clone();
        let patience = match body.as_object_mut().and_then(|it| it.shift_remove("timeout")) {
            None => WAIT_DEFAULT,
            Some(timeout) => patience(&timeout)?,
        };
        let condition = self.condition(&body)?;
        let verdict = world.verify_wait(&condition, patience, self.show_secrets).await?;
        Ok(answer(&verdict))
    }

    fn condition(&self, value: &Value) -> Result<Condition, Problem> {
        Condition::from_json(self.worlds.vendors(), value).map_err(|mistakes| mistaken(&mistakes))
    }
}

fn mistaken(mistakes: &[Mistake]) -> Problem {
    let lines: Vec<String> = mistakes.iter().map(Mistake::to_string).collect();
    let shown: Value = mistakes.iter().map(Mistake::to_json).collect();
    Problem::bad_request(lines.join("\n")).with("mistakes", shown)
}

fn patience(timeout: &Value) -> Result<Duration, Problem> {
    let length = timeout.as_str().and_then(|text| text.parse::<Span>().ok());
    let patience = length.map(Duration::from).filter(|it| *it <= CONDITION_WAIT_MAX);
    patience.ok_or_else(|| {
        Problem::bad_request(format!(
            "the condition#/timeout: found {timeout}; expected a length of real time such as \
             \"500ms\" or \"30s\", {} s at the most",
            CONDITION_WAIT_MAX.as_secs()
        ))
    })
}

/// A verdict as an answer. One that is no pass is an answer as well, not a failure to give one, so it
/// is no problem document.
fn answer(verdict: &Verdict) -> Response {
    let is_pass = verdict.outcome == Outcome::Pass;
    let status = if is_pass { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    json(status, &verdict.to_json())
}
