//! The checks and lookups that operations share: who is calling, parameters, which contact is meant.

use http::{Method, StatusCode, header};
use percent_encoding::percent_decode_str;
use rand::RngExt;
use serde_json::{Map, Value};

use crate::base::nearest::slips_of;
use crate::base::planted::{self, Fault as Planted};
use crate::base::text::excerpt;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply, Why};
use crate::vendors::jtel::errors::{
    self, BAD_PARAMETER, JSON, MEDIA_TYPE, NO_CAMPAIGN, NO_CONTACT, Stop,
};
use crate::vendors::jtel::ops::slips;
use crate::vendors::jtel::variants::{Pick, RequestContentType};
use crate::vendors::jtel::{auth, store, wire};
use crate::web::diagnosis::body::diagnose;
use crate::web::diagnosis::report::{Asked, Body, Edit, Kind, Wanted};
use crate::web::message::Request;
use crate::web::message::Response;
use crate::web::params::Json;

/// Runs an operation behind the check of the token, and turns a refusal into the vendor's words.
pub(crate) fn run(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
    work: impl FnOnce(&mut Cx<'_>, i64) -> Result<Response, Stop>,
) -> Result<Reply, InternalError> {
    reply(cx, call, |cx, client_id| work(cx, client_id).map(Reply::ok))
}

/// Enters an operation whose answer may be a long one.
pub(crate) fn reply(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
    work: impl FnOnce(&mut Cx<'_>, i64) -> Result<Reply, Stop>,
) -> Result<Reply, InternalError> {
    let segment = call.params.path.first("ClientsID").unwrap_or_default();
    let mut answered = auth::client(cx, call.request, segment).and_then(|id| work(cx, id));
    if let Ok(reply) = &mut answered
        && call.request.method == Method::HEAD
    {
        // Nobody reads the rows of a long list.
        reply.rows = None;
    }
    errors::finish(cx, answered)
}

/// The `STATUS` envelope.
pub(crate) fn done(cx: &Cx<'_>) -> Response {
    wire::respond(cx, StatusCode::OK, wire::STATUS)
}

/// The ID in the path; `None` where it is greater than any that can be given out.
pub(crate) fn path_id(call: &Call<'_>) -> Option<i64> {
    call.params.path.first("id").and_then(|id| id.parse().ok())
}

/// A query parameter as text. One that is not UTF-8 cannot be read.
pub(crate) fn parameter<'c>(call: &Call<'c>, name: &'static str) -> Result<Option<&'c str>, Stop> {
    let query = call.request.query().unwrap_or_default();
    for pair in query.split('&') {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let Err(error) = percent_decode_str(value).decode_utf8() else { continue };
        if percent_decode_str(key).decode_utf8_lossy() == name {
            if let Some(why) = Why::of_query_value(&BAD_PARAMETER, call.request, name) {
                return Err(Stop::about(name, &BAD_PARAMETER, why));
            }
            let found = format!("{} ({error})", excerpt(value, NAME_CHARS_MAX));
            let hint = "encode the text as UTF-8 first, then its bytes with percent signs";
            let expected = format!("{name} in percent-encoded UTF-8");
            return Err(Stop::of(name, &BAD_PARAMETER, expected, found, hint));
        }
    }
    Ok(call.params.query.first(name))
}

/// A query parameter that is an integer.
pub(crate) fn integer_parameter(call: &Call<'_>, name: &'static str) -> Result<Option<i64>, Stop> {
    let Some(text) = parameter(call, name)? else { return Ok(None) };
    if let Ok(number) = text.parse() {
        return Ok(Some(number));
    }
    let asked = Asked::new(Wanted::Form).knowing(PARAMETERS);
    let query = Body::plain(call.request.query().unwrap_or_default().as_bytes());
    if let Some(found) = diagnose(&query, &asked) {
        let mut why = Why::diagnosed(&BAD_PARAMETER, found);
        why.at = why.at.map(|at| format!("{at} of the query"));
        // It is the query's, and there is no body to send.
        why.edit = None;
        return Err(Stop::about(name, &BAD_PARAMETER, why));
    }
    let hint =
        slips::no_integer(text).unwrap_or_else(|| "leave the parameter out, or send digits".into());
    let found = excerpt(text, NAME_CHARS_MAX);
    Err(Stop::of(name, &BAD_PARAMETER, format!("{name}: an integer"), found, hint))
}

/// Every parameter of the query.
const PARAMETERS: &[&str] =
    &["diallerCampaignsID", "userData", "languagesID", "overwriteDuplicates"];

/// The body of a POST as an object; `known` are the members that the function has.
pub(crate) fn body<'c>(
    cx: &Cx<'_>,
    call: &Call<'c>,
    known: &[&str],
) -> Result<&'c Map<String, Value>, Stop> {
    let request = call.request;
    let object = match &call.params.json {
        Json::Value(Value::Object(members)) => Some(members),
        _ => None,
    };
    let media_type = request.media_type();
    if cx.variant::<RequestContentType>() == RequestContentType::Strict
        && media_type.as_deref() != Some(JSON_TYPE)
    {
        let found = match request.header(&header::CONTENT_TYPE) {
            Some(value) => format!("Content-Type: {}", excerpt(value, NAME_CHARS_MAX)),
            None => match content_type_alike(request) {
                Some(name) => format!("no Content-Type, but {name}"),
                None => "no Content-Type".into(),
            },
        };
        let mut hint =
            "the vendor asks for this header on every function that sends POST data".to_owned();
        if found.contains(", but ") {
            hint = "the header is called Content-Type, with a hyphen".into();
        }
        if object.is_none()
            && let Some((body, _)) = Why::of_body(&MEDIA_TYPE, request, &asked(known))
        {
            hint = format!("the body is no JSON either, but {}; {}", body.found, body.hint);
        }
        let mut why = Why::new(&MEDIA_TYPE, "Content-Type: application/json", found, hint);
        why.at = Some("the header Content-Type".into());
        // Another header would not make JSON of another body.
        why.edit = object.map(|_| Edit::ContentType(JSON_TYPE.into()));
        return Err(Stop::because(&MEDIA_TYPE, why));
    }
    object.ok_or_else(|| {
        if let Some((mut why, kind)) = Why::of_body(&JSON, request, &asked(known)) {
            let is_in_query = |(name, _): (&str, &str)| known.contains(&name);
            if kind == Kind::Empty && call.params.query.iter().any(is_in_query) {
                why.found.push_str(", and the members in the query");
                why.hint = "send the members as a JSON object in the body".into();
            }
            return Stop::because(&JSON, why);
        }
        Stop::no(&JSON, "a JSON object", "something else", "make the body with a JSON writer")
    })
}

/// What is asked of a body that is no object.
fn asked<'k>(known: &'k [&'k str]) -> Asked<'k> {
    Asked::new(Wanted::JsonObject).knowing(known).refused()
}

/// The media type of every body.
const JSON_TYPE: &str = "application/json";

/// Most characters of a client's name or header that a reason shows.
pub(crate) const NAME_CHARS_MAX: usize = 60;

/// The contact that a function by `UserData` acts on.
///
/// Source: jtel 4.2.
pub(crate) fn pick(cx: &mut Cx<'_>, operation: &str, user_data: &str, ids: &[i64]) -> Option<i64> {
    let first = *ids.first()?;
    if ids.len() == 1 {
        return Some(first);
    }
    let (picked, how) = match cx.variant() {
        Pick::LowestId if !planted::is(Planted::DeletePicksTheLast) => (first, "lowest_id"),
        Pick::LowestId | Pick::HighestId => (*ids.last()?, "highest_id"),
        Pick::SeededRandom => {
            let drawn = |id: &i64| drawn(cx, operation, user_data, *id);
            (ids.iter().copied().min_by_key(drawn)?, "seeded_random")
        }
    };
    let matching = listed(ids);
    cx.effect(format!(
        "userData {user_data:?} is that of contacts {matching}: {picked} taken (pick is {how})"
    ));
    Some(picked)
}

/// The order in which contacts with the same `UserData` are listed: by ID, unless nobody may rely on
/// an order.
pub(crate) fn in_database_order(cx: &Cx<'_>, user_data: &str, ids: &mut [i64]) {
    if cx.variant::<Pick>() == Pick::SeededRandom {
        ids.sort_by_key(|id| drawn(cx, "list", user_data, *id));
    }
}

/// A value that belongs to a contact and a purpose, so that other contacts coming and going do not
/// move it.
fn drawn(cx: &Cx<'_>, purpose: &str, user_data: &str, id: i64) -> u64 {
    cx.random("jtel.pick", &[purpose, user_data, &id.to_string()]).random()
}

/// Most IDs that a text names.
const IDS_NAMED_MAX: usize = 10;

fn listed(ids: &[i64]) -> String {
    let named: Vec<String> = ids.iter().take(IDS_NAMED_MAX).map(i64::to_string).collect();
    let more = ids.len().saturating_sub(IDS_NAMED_MAX);
    if more > 0 { format!("{} and {more} more", named.join(", ")) } else { named.join(", ") }
}

/// A header that is called as Content-Type is but for what joins its parts.
fn content_type_alike(request: &Request) -> Option<&str> {
    let folded = |name: &str| name.replace(['-', '_'], "");
    let names = request.headers.keys().map(header::HeaderName::as_str);
    names.into_iter().find(|name| folded(name).ends_with("contenttype"))
}

/// IDs that a hint names.
const NEAR_MAX: usize = 3;

/// There is no contact of that ID.
pub(crate) fn no_contact(cx: &Cx<'_>, client_id: i64, id: Option<i64>) -> Result<Stop, Stop> {
    let expected = format!("the ID of a contact of client account {client_id}");
    let no = |found: String, hint: &str| Ok(Stop::no(&NO_CONTACT, expected.clone(), found, hint));
    let Some(id) = id else {
        return no("an ID beyond all integers".into(), "IDs are integers of 64 bits");
    };
    if let Some(owner) = store::contact::owner(cx.db(), id)? {
        let found = format!("{id}, a contact of client account {owner}");
        return no(found, "the objects of another client account are as good as absent");
    }
    if store::client_of_campaign(cx.db(), id)?.is_some() {
        let hint = format!("a campaign is read with GET …/dialler/campaigns/{id}");
        return Ok(Stop::no(&NO_CONTACT, expected, format!("{id}, the ID of a campaign"), hint));
    }
    if id == client_id {
        let hint = "the client account stands behind /rest/v1.0/; GET …/dialler/contacts lists its contacts";
        return no(format!("{id}, the ID of the client account"), hint);
    }
    if let Some(contact) = store::history::contact_of(cx.db(), id)? {
        let found = format!("{id}, the ID of a row in the history of contact {contact}");
        return no(found, "send the row's DiallerContactsID");
    }
    if store::campaign_of_code(cx.db(), id)?.is_some() {
        return no(format!("{id}, the ID of a result code"), "send the contact's own ID");
    }
    if id < 1 {
        return no(format!("{id}, which is none"), "the IDs that the vendor gives out begin at 1");
    }
    let near = near_contacts(cx, client_id, id)?;
    match cx.last_count("contact")? {
        Some(highest) if id <= highest => {
            no(format!("{id}, which is none"), &format!("it was deleted, or never given out{near}"))
        }
        Some(highest) => {
            let found = format!("{id}; the highest ID so far is {highest}");
            no(found, &format!("take the ID from the reply to the import{near}"))
        }
        None => no(format!("{id}, and no contact at all"), "seed or import contacts first"),
    }
}

/// The client account's contacts whose IDs are a slip away, as they stand behind a hint.
fn near_contacts(cx: &Cx<'_>, client_id: i64, id: i64) -> rusqlite::Result<String> {
    let mut near = Vec::new();
    for other in slips_of(id) {
        if near.len() < NEAR_MAX && store::contact::owner(cx.db(), other)? == Some(client_id) {
            near.push(other.to_string());
        }
    }
    Ok(if near.is_empty() { String::new() } else { format!("; near it: {}", near.join(", ")) })
}

/// There is no such campaign.
pub(crate) fn no_campaign(cx: &Cx<'_>, client_id: i64, id: Option<i64>) -> Result<Stop, Stop> {
    let owner = match id {
        Some(id) => store::client_of_campaign(cx.db(), id)?,
        None => None,
    };
    let expected = format!("the ID of a campaign of client account {client_id}");
    let names = store::campaign_names(cx.db(), client_id)?;
    let lists = format!("GET …/dialler/campaigns lists the {} that there are", names.len());
    let (found, hint) = match (id, owner) {
        (None, _) => ("an ID beyond all integers".to_owned(), "IDs are integers of 64 bits".into()),
        (Some(id), Some(owner)) => (format!("{id}, a campaign of client account {owner}"), lists),
        (Some(id), None) if store::contact::owner(cx.db(), id)?.is_some() => {
            (format!("{id}, the ID of a contact"), lists)
        }
        (Some(id), None) if id == client_id => {
            (format!("{id}, the ID of the client account"), lists)
        }
        (Some(id), None) if store::campaign_of_code(cx.db(), id)?.is_some() => {
            (format!("{id}, the ID of a result code"), lists)
        }
        (Some(id), None) => (format!("{id}, which is none"), lists),
    };
    Ok(Stop::no(&NO_CAMPAIGN, expected, found, hint))
}
