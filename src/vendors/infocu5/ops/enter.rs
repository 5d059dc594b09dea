//! The checks that come before every function, in the order of the codes: 80, 100, 800.

use std::borrow::Cow;

use http::Method;
use serde_json::Value;

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply, Why};
use crate::vendors::infocu5::auth::{self, kind};
use crate::vendors::infocu5::errors::{self, Function, JSON, METHOD, PARAMETER, Stop};
use crate::vendors::infocu5::members::{MEMBERS, absent};
use crate::vendors::infocu5::variants::{LenientJson, ShowAllCase};
use crate::vendors::infocu5::wire;
use crate::web::diagnosis::report::{Asked, Kind, Wanted};
use crate::web::message::{Request, Response};
use crate::web::params::Json;

/// A request that has passed the checks.
#[derive(Debug)]
pub(crate) struct Entered<'b> {
    pub(crate) affiliate_id: &'b str,
    pub(crate) body: &'b Value,
}

/// Runs a function behind its checks, and turns a refusal into the vendor's words.
pub(crate) fn run(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
    function: Function,
    work: impl FnOnce(&mut Cx<'_>, &Entered<'_>) -> Result<Response, Stop>,
) -> Result<Reply, InternalError> {
    let answered = body(cx, call).and_then(|body| {
        // The function is known to exist, so its place in the order makes no difference here.
        let affiliate_id = auth::affiliate(cx, &body)?;
        work(cx, &Entered { affiliate_id, body: &body })
    });
    finish(cx, Some(function), answered)
}

/// The body as an object; 80 where it is none.
pub(crate) fn body<'c>(cx: &Cx<'_>, call: &Call<'c>) -> Result<Cow<'c, Value>, Stop> {
    let request = call.request;
    if request.method != Method::POST {
        let hint = "post the JSON object as the body; the vendor's text says \"posted\"";
        return Err(Stop::no(&METHOD, "POST", request.method.as_str(), hint));
    }
    let value = match &call.params.json {
        Json::Value(value) if value.is_object() => return Ok(Cow::Borrowed(value)),
        Json::Broken(_) if cx.variant::<LenientJson>() == LenientJson::TrailingComma => {
            wire::without_trailing_commas(&request.body).filter(Value::is_object)
        }
        _ => None,
    };
    value.map(Cow::Owned).ok_or_else(|| no_object(request))
}

/// Why a body is no JSON object.
fn no_object(request: &Request) -> Stop {
    let asked = Asked::new(Wanted::JsonObject).knowing(MEMBERS).refused();
    let Some((mut why, kind)) = Why::of_body(&JSON, request, &asked) else {
        let hint = "make the body with a JSON writer";
        return Stop::no(&JSON, "one JSON object as the body", "something else", hint);
    };
    let known = match kind {
        Kind::TrailingComma => "; the vendor's own getCalls example has it, and PHP refuses it",
        Kind::XmlInstead => "; XML was v2.4",
        _ => "",
    };
    why.hint.push_str(known);
    Stop::because(&JSON, why)
}

/// `showAll`, whether everything available is meant.
pub(crate) fn show_all(cx: &Cx<'_>, body: &Value) -> Result<bool, Stop> {
    let refuse = |found: String, hint: &str| {
        Err(Stop::no(&PARAMETER, "showAll: \"y\" or \"n\"", found, hint))
    };
    match body.get("showAll") {
        None => refuse(absent(body, "showAll"), "getAgents and getCampaigns need it"),
        Some(Value::String(text)) => match text.as_str() {
            "y" => Ok(true),
            "n" => Ok(false),
            "Y" if cx.variant::<ShowAllCase>() == ShowAllCase::Ignored => Ok(true),
            "N" if cx.variant::<ShowAllCase>() == ShowAllCase::Ignored => Ok(false),
            other => refuse(format!("{other:?}"), "one small letter"),
        },
        Some(other) => refuse(kind(other).into(), "send it as text, not as true or false"),
    }
}

pub(crate) fn finish(
    cx: &Cx<'_>,
    function: Option<Function>,
    answered: Result<Response, Stop>,
) -> Result<Reply, InternalError> {
    match answered {
        Ok(response) => Ok(Reply::ok(response)),
        Err(Stop::No(no)) => Ok(errors::refuse(cx, function, *no)),
        Err(Stop::Internal(error)) => Err(error),
    }
}
