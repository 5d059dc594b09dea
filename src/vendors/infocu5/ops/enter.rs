//! The checks that come before every function, in the order of the codes: 80, 100, 800.

use std::borrow::Cow;

use http::Method;
use serde_json::Value;

use crate::base::text::excerpt;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply, Why};
use crate::vendors::infocu5::auth::{self, kind};
use crate::vendors::infocu5::errors::{self, Function, JSON, METHOD, PARAMETER, Stop};
use crate::vendors::infocu5::members::{MEMBERS, absent, with};
use crate::vendors::infocu5::variants::{LenientJson, ShowAllCase};
use crate::vendors::infocu5::wire;
use crate::web::diagnosis::report::{Asked, Kind, Wanted};
use crate::web::message::Response;
use crate::web::params::Json;

/// A request that has passed the checks.
#[derive(Debug)]
pub(crate) struct Entered<'b> {
    pub(crate) call: &'b Call<'b>,
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
        let affiliate_id = auth::affiliate(cx, call, &body)?;
        work(cx, &Entered { call, affiliate_id, body: &body })
    });
    finish(cx, Some(function), answered)
}

/// The body as an object; 80 where it is none.
pub(crate) fn body<'c>(cx: &Cx<'_>, call: &Call<'c>) -> Result<Cow<'c, Value>, Stop> {
    let request = call.request;
    if request.method != Method::POST {
        let is_post = request.method.as_str().eq_ignore_ascii_case("POST");
        let hint = if is_post {
            "write the method in capitals: POST"
        } else {
            "post the JSON object as the body; the vendor's text says \"posted\""
        };
        let where_else = if has_members_in_query(call) {
            ", with the members in the query"
        } else if request.method == Method::GET && request.body.is_empty() {
            " without a body; a redirect makes that of a POST"
        } else {
            ""
        };
        let found = format!("{}{where_else}", request.method);
        return Err(Stop::no(&METHOD, "POST", found, hint));
    }
    let value = match &call.params.json {
        Json::Value(value) if value.is_object() => return Ok(Cow::Borrowed(value)),
        Json::Broken(_) if cx.variant::<LenientJson>() == LenientJson::TrailingComma => {
            wire::without_trailing_commas(&request.body).filter(Value::is_object)
        }
        _ => None,
    };
    value.map(Cow::Owned).ok_or_else(|| no_object(call))
}

/// Why a body is no JSON object.
fn no_object(call: &Call<'_>) -> Stop {
    let request = call.request;
    let asked = Asked::new(Wanted::JsonObject).knowing(MEMBERS).refused();
    let Some((mut why, kind)) = Why::of_body(&JSON, request, &asked) else {
        let hint = "make the body with a JSON writer";
        return Stop::no(&JSON, "one JSON object as the body", "something else", hint);
    };
    if kind == Kind::Empty && has_members_in_query(call) {
        why.found.push_str(", and the members in the query");
        why.hint = "send the members as a JSON object in the body".into();
    }
    let known = match kind {
        Kind::TrailingComma => "; the vendor's own getCalls example has it, and PHP refuses it",
        Kind::XmlInstead => "; XML was v2.4",
        _ => "",
    };
    why.hint.push_str(known);
    Stop::because(&JSON, why)
}

/// Whether the query has members of the body.
fn has_members_in_query(call: &Call<'_>) -> bool {
    call.params.query.iter().any(|(name, _)| MEMBERS.contains(&name))
}

/// `showAll`, whether everything available is meant.
pub(crate) fn show_all(cx: &Cx<'_>, entered: &Entered<'_>) -> Result<bool, Stop> {
    let Entered { call, body, .. } = entered;
    let expected = "showAll: \"y\" or \"n\"";
    let sent = match body.get("showAll") {
        None => {
            let hint = "getAgents and getCampaigns need it";
            return Err(absent(call, &PARAMETER, body, "showAll", expected, hint));
        }
        Some(Value::String(text)) => match text.as_str() {
            "y" => return Ok(true),
            "n" => return Ok(false),
            "Y" if cx.variant::<ShowAllCase>() == ShowAllCase::Ignored => return Ok(true),
            "N" if cx.variant::<ShowAllCase>() == ShowAllCase::Ignored => return Ok(false),
            other => other.to_owned(),
        },
        Some(Value::Array(items)) => match items.as_slice() {
            [Value::String(only)] => only.clone(),
            _ => String::new(),
        },
        Some(other) => other.to_string(),
    };
    let found = match &body["showAll"] {
        Value::String(text) => excerpt(text, SHOWN_CHARS_MAX),
        Value::Number(number) => format!("the number {number}"),
        other => kind(other).into(),
    };
    let meant = match sent.trim().trim_matches(['"', '\'']).to_lowercase().as_str() {
        "y" | "yes" | "true" | "1" | "on" | "all" => Some("y"),
        "n" | "no" | "false" | "0" | "off" | "own" => Some("n"),
        _ => None,
    };
    let hint = match meant {
        Some(meant) => format!("one small letter, as text: \"{meant}\""),
        None => "one small letter, as text: \"y\" for everything, \"n\" for one's own".into(),
    };
    let mut why = Why::new(&PARAMETER, expected, found, hint);
    why.edit = meant.and_then(|meant| with(body, "showAll", meant.into()));
    Err(Stop::because(&PARAMETER, why))
}

/// Most characters of a client's value that a reason shows.
const SHOWN_CHARS_MAX: usize = 60;

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
