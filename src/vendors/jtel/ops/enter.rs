//! The checks and lookups that operations share: who is calling, parameters, which contact is meant.

use http::{Method, StatusCode, header};
use percent_encoding::percent_decode_str;
use rand::RngExt;
use serde_json::{Map, Value};

use crate::base::text::excerpt;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply, Why};
use crate::vendors::jtel::errors::{
    self, BAD_PARAMETER, JSON, MEDIA_TYPE, MISSING_PARAMETER, NO_CAMPAIGN, NO_CONTACT, Stop,
};
use crate::vendors::jtel::fields::{FIELDS, USER_DATA};
use crate::vendors::jtel::variants::{Pick, RequestContentType};
use crate::vendors::jtel::{auth, store, wire};
use crate::web::diagnosis::report::{Asked, Edit, Wanted};
use crate::web::message::Response;
use crate::web::params::Json;

/// The query parameter of every function that goes by `UserData`.
pub(crate) const USER_DATA_PARAMETER: &str = "userData";

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
            let found = format!("{value} ({error})");
            let hint = "encode the text as UTF-8 first, then its bytes with percent signs";
            return Err(Stop::of(
                name,
                &BAD_PARAMETER,
                format!("{name} in percent-encoded UTF-8"),
                found,
                hint,
            ));
        }
    }
    Ok(call.params.query.first(name))
}

/// A query parameter that is an integer.
pub(crate) fn integer_parameter(call: &Call<'_>, name: &'static str) -> Result<Option<i64>, Stop> {
    let Some(text) = parameter(call, name)? else { return Ok(None) };
    text.parse().map(Some).map_err(|_| {
        let expected = format!("{name}: an integer");
        let hint = "leave the parameter out, or send digits";
        Stop::of(name, &BAD_PARAMETER, expected, format!("{text:?}"), hint)
    })
}

/// `userData`, which every function that goes by it needs.
pub(crate) fn user_data<'c>(call: &Call<'c>) -> Result<&'c str, Stop> {
    let found = match parameter(call, USER_DATA_PARAMETER)? {
        Some(text) if !text.is_empty() => return Ok(text),
        Some(_) => "an empty userData".to_owned(),
        None => {
            let mut others = call.params.query.iter().map(|(name, _)| name);
            match others.find(|name| name.eq_ignore_ascii_case(USER_DATA_PARAMETER)) {
                Some(other) => format!("{other}, in other capitals"),
                None => "no parameter userData in the query".to_owned(),
            }
        }
    };
    let hint = "send ?userData=…, percent-encoded; names are compared letter by letter";
    Err(Stop::of(USER_DATA_PARAMETER, &MISSING_PARAMETER, "userData in the query", found, hint))
}

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
            None => "no Content-Type".into(),
        };
        let hint = "the vendor asks for this header on every function that sends POST data";
        let mut why = Why::new(&MEDIA_TYPE, "Content-Type: application/json", found, hint);
        why.at = Some("the header Content-Type".into());
        // Another header would not make JSON of another body.
        why.edit = object.map(|_| Edit::ContentType(JSON_TYPE.into()));
        return Err(Stop::because(&MEDIA_TYPE, why));
    }
    object.ok_or_else(|| {
        let asked = Asked::new(Wanted::JsonObject).knowing(known).refused();
        if let Some((why, _)) = Why::of_body(&JSON, request, &asked) {
            return Stop::because(&JSON, why);
        }
        Stop::no(&JSON, "a JSON object", "something else", "make the body with a JSON writer")
    })
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
        Pick::LowestId => (first, "lowest_id"),
        Pick::HighestId => (*ids.last()?, "highest_id"),
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
    match cx.last_count("contact")? {
        Some(highest) if id <= highest => {
            no(format!("{id}, which is none"), "it was deleted, or never given out")
        }
        Some(highest) => {
            let found = format!("{id}; the highest ID so far is {highest}");
            no(found, "take the ID from the reply to the import")
        }
        None => no(format!("{id}, and no contact at all"), "seed or import contacts first"),
    }
}

/// There is no contact with that `UserData`.
pub(crate) fn no_user_data(
    cx: &Cx<'_>,
    call: &Call<'_>,
    client_id: i64,
    user_data: &str,
) -> Result<Stop, Stop> {
    let expected = format!("the UserData of a contact of client account {client_id}");
    let no = |found: String, hint: String| Ok(Stop::no(&NO_CONTACT, expected.clone(), found, hint));
    let (n_chars, chars_max) = (user_data.chars().count(), FIELDS[USER_DATA].chars_max);
    if let Some(chars_max) = chars_max.filter(|chars_max| n_chars > *chars_max) {
        let hint = format!("UserData has at most {chars_max} characters, so no contact has this");
        return no(format!("a text of {n_chars} characters"), hint);
    }
    let known =
        |text: &str| store::contact::ids(cx.db(), client_id, text, None).map(|ids| !ids.is_empty());
    let trimmed = user_data.trim();
    if trimmed != user_data && known(trimmed)? {
        let hint = format!("without the blanks around it there is one: {trimmed:?}");
        return no(format!("{user_data:?}"), hint);
    }
    for other in [user_data.to_uppercase(), user_data.to_lowercase()] {
        if other != user_data && known(&other)? {
            let hint = format!("in other capitals there is one: {other:?}");
            return no(format!("{user_data:?}"), hint);
        }
    }
    if let Some(why) = Why::of_query_value(&NO_CONTACT, call.request, USER_DATA_PARAMETER) {
        return Ok(Stop::because(&NO_CONTACT, why));
    }
    if let Some(owner) = store::contact::other_client(cx.db(), client_id, user_data)? {
        let found = format!("{user_data:?}, which client account {owner} has");
        return no(found, "the objects of another client account are as good as absent".into());
    }
    no(
        format!("{user_data:?}, which none has"),
        "after the last one is deleted, 404 is right".into(),
    )
}

/// There is no such campaign.
pub(crate) fn no_campaign(cx: &Cx<'_>, client_id: i64, id: Option<i64>) -> Result<Stop, Stop> {
    let owner = match id {
        Some(id) => store::client_of_campaign(cx.db(), id)?,
        None => None,
    };
    let shown = id.map_or_else(|| "an ID beyond all integers".to_owned(), |id| id.to_string());
    let found = match owner {
        Some(owner) => format!("{shown}, a campaign of client account {owner}"),
        None => format!("{shown}, which is none"),
    };
    let expected = format!("the ID of a campaign of client account {client_id}");
    let names = store::campaign_names(cx.db(), client_id)?;
    let hint = format!("GET …/dialler/campaigns lists the {} that there are", names.len());
    Ok(Stop::no(&NO_CAMPAIGN, expected, found, hint))
}
