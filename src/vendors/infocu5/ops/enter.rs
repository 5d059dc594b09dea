//! The checks that come before every function, in the order of the codes: 80, 100, 800.

use std::borrow::Cow;

use http::Method;
use serde_json::Value;

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::infocu5::auth::{self, kind};
use crate::vendors::infocu5::errors::{self, Function, JSON, METHOD, PARAMETER, Stop};
use crate::vendors::infocu5::variants::{LenientJson, ShowAllCase};
use crate::vendors::infocu5::wire;
use crate::web::message::Response;
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
    let refuse = |found: String, hint: &str| {
        Err(Stop::no(&JSON, "one JSON object as the body", found, hint))
    };
    let value = match &call.params.json {
        Json::Absent => {
            return refuse(
                "an empty body".into(),
                "send the members as a JSON object, not in the query and not as a form",
            );
        }
        Json::Value(value) => Cow::Borrowed(value),
        Json::Broken(error) => {
            let repaired = wire::without_trailing_commas(&request.body);
            let lenient = cx.variant::<LenientJson>() == LenientJson::TrailingComma;
            match (repaired, lenient) {
                (Some(value), true) => Cow::Owned(value),
                (Some(_), false) => {
                    let found = format!(
                        "a comma before the closing brace at line {}, column {}",
                        error.line, error.column
                    );
                    return refuse(
                        found,
                        "take the last comma away (the vendor's own getCalls example has it, and \
                         JSON does not allow it)",
                    );
                }
                (None, _) => return refuse(error.to_string(), guess_form(&request.body)),
            }
        }
    };
    if value.is_object() {
        return Ok(value);
    }
    refuse(kind(&value).into(), "the top level has to be an object, {…}")
}

/// What the client may have meant to send instead of JSON.
fn guess_form(body: &[u8]) -> &'static str {
    let trimmed = body.trim_ascii_start();
    if trimmed.starts_with(b"<") {
        "v3.1 takes JSON; XML was v2.4"
    } else if trimmed.starts_with(b"affiliateID=") || trimmed.starts_with(b"dialerFunction=") {
        "the members belong into a JSON object, not into a form"
    } else if trimmed.starts_with(b"\xef\xbb\xbf") {
        "take the byte-order mark away"
    } else {
        "check the body with a JSON parser"
    }
}

/// `showAll`, whether everything available is meant.
pub(crate) fn show_all(cx: &Cx<'_>, body: &Value) -> Result<bool, Stop> {
    let refuse = |found: String, hint: &str| {
        Err(Stop::no(&PARAMETER, "showAll: \"y\" or \"n\"", found, hint))
    };
    match body.get("showAll") {
        None => refuse("no member showAll".into(), "getAgents and getCampaigns need it"),
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
