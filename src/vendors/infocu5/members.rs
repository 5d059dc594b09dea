//! The members of a request, and what stands there instead where one is missing.

use http::header;
use serde_json::{Map, Value};

use crate::base::limits::EDIT_BYTES_MAX;
use crate::base::text::excerpt;
use crate::contract::operation::Call;
use crate::contract::reply::{Refusal, Why};
use crate::vendors::infocu5::api::API;
use crate::vendors::infocu5::errors::Stop;
use crate::web::diagnosis::report::{Asked, Edit, Kind, Wanted};
use crate::web::diagnosis::swallowed::in_head;

/// Every member of a request.
pub(crate) const MEMBERS: &[&str] = &[
    "affiliateID",
    "affiliateKey",
    "dialerFunction",
    "showAll",
    "dateStart",
    "dateEnd",
    "filterCampaigns",
    "filterAgents",
];

/// Most characters of a client's name that a reason shows.
const NAME_CHARS_MAX: usize = 40;

/// The refusal of a request without a member; `hint` is for one that says nothing of it.
pub(crate) fn absent(
    call: &Call<'_>,
    refusal: &'static Refusal,
    body: &Value,
    name: &str,
    expected: &str,
    hint: &str,
) -> Stop {
    let members = body.as_object();
    let names = || members.into_iter().flat_map(|members| members.keys().map(String::as_str));
    if !names().any(|name| MEMBERS.contains(&name)) {
        let asked = Asked::new(Wanted::JsonObject).knowing(MEMBERS);
        if let Some((why, Kind::Wrapped)) = Why::of_body(refusal, call.request, &asked) {
            return Stop::because(refusal, why);
        }
    }
    let others = names().filter(|other| !MEMBERS.contains(other));
    let near =
        others.into_iter().find(|other| API.near(other, MEMBERS.iter().copied()) == Some(name));
    if let Some(near) = near {
        let found = format!("no member {name}, but {}", excerpt(near, NAME_CHARS_MAX));
        let hint = format!("call it {name}; names are compared letter by letter");
        let mut why = Why::new(refusal, expected, found, hint);
        why.edit = members.and_then(renamed);
        return Stop::because(refusal, why);
    }
    let (found, hint) = elsewhere(call, body, name)
        .unwrap_or_else(|| (format!("no member {name}"), hint.to_owned()));
    Stop::no(refusal, expected, found, hint)
}

/// The object with every misspelt member under its right name.
fn renamed(members: &Map<String, Value>) -> Option<Edit> {
    let mut renamed = Map::new();
    for (sent, value) in members {
        let is_known = MEMBERS.contains(&sent.as_str());
        let near = API.near(sent, MEMBERS.iter().copied()).filter(|_| !is_known);
        if renamed.insert(near.unwrap_or(sent).to_owned(), value.clone()).is_some() {
            return None;
        }
    }
    edited(&renamed)
}

/// An object to send instead, where it is short enough to be told.
pub(crate) fn edited(members: &Map<String, Value>) -> Option<Edit> {
    let text = Value::Object(members.clone()).to_string();
    (text.len() <= EDIT_BYTES_MAX).then(|| Edit::Body(text.into_bytes()))
}

/// The object with another value in a member.
pub(crate) fn with(body: &Value, name: &str, value: Value) -> Option<Edit> {
    let mut members = body.as_object()?.clone();
    members.insert(name.to_owned(), value);
    edited(&members)
}

/// Where a member stands that is not at the top of the body.
fn elsewhere(call: &Call<'_>, body: &Value, name: &str) -> Option<(String, String)> {
    let request = call.request;
    let place = format!("{name} goes into the JSON object of the body, at its top");
    let inside = body.as_object()?.iter().find(|(_, value)| value.get(name).is_some());
    if let Some((outer, _)) = inside {
        let outer = excerpt(outer, NAME_CHARS_MAX);
        return Some((format!("no member {name} at the top, but one in {outer}"), place));
    }
    if call.params.query.first(name).is_some() {
        return Some((format!("no member {name}, but a parameter in the query"), place));
    }
    if let Some(there) = in_head(request, name, name == "affiliateKey") {
        return Some((format!("no member {name}, but a {there}"), place));
    }
    if name.starts_with("affiliate") && request.headers.contains_key(header::AUTHORIZATION) {
        let found = format!("no member {name}, but a header Authorization");
        return Some((found, format!("there is no login by header; {place}")));
    }
    None
}
