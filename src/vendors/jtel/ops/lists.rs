//! The two lists of a batch retrieval: reading them, and what stands there instead.

use serde_json::{Map, Value, json};

use crate::base::limits::EDIT_BYTES_MAX;
use crate::base::text::excerpt;
use crate::contract::operation::Call;
use crate::contract::reply::Why;
use crate::vendors::jtel::api::API;
use crate::vendors::jtel::errors::{BAD_FIELD, JSON, MISSING_FIELD, Stop};
use crate::vendors::jtel::ops::enter::NAME_CHARS_MAX;
use crate::vendors::jtel::wire::kind;
use crate::web::diagnosis::report::{Asked, Edit, Kind, Wanted};
use crate::web::params::Json;

/// The members of a batch retrieval.
pub(crate) const LISTS: &[&str] = &["UserDataList", "IDList"];

/// `UserDataList`; empty where it is left out or null.
pub(crate) fn user_data(body: &Map<String, Value>) -> Result<Vec<&str>, Stop> {
    list(body, "UserDataList", "texts", Value::as_str)
}

/// `IDList`; empty where it is left out or null.
pub(crate) fn ids(body: &Map<String, Value>) -> Result<Vec<i64>, Stop> {
    list(body, "IDList", "integers", Value::as_i64)
}

fn list<'b, T>(
    body: &'b Map<String, Value>,
    name: &'static str,
    of: &str,
    read: impl Fn(&'b Value) -> Option<T>,
) -> Result<Vec<T>, Stop> {
    let value = match body.get(name) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(value) => value,
    };
    let wrong = match value {
        Value::Array(items) => match items.iter().position(|item| read(item).is_none()) {
            None => return Ok(items.iter().filter_map(read).collect()),
            Some(idx) => format!("{} as element {}", kind(&items[idx]), idx + 1),
        },
        other => kind(other).to_owned(),
    };
    let mended = mended(name, value);
    let hint = match (&mended, name) {
        (Some(items), _) => {
            format!("send {}", excerpt_of(&json!({ name: items })))
        }
        (None, "IDList") => "IDs are integers without quotes, in one array".to_owned(),
        (None, _) => "UserData is text in quotes, in one array".to_owned(),
    };
    let mut why = Why::new(&BAD_FIELD, format!("{name}: an array of {of}"), wrong, hint);
    why.at = Some(format!("the member {name}"));
    why.edit = mended.and_then(|items| {
        let mut body = body.clone();
        body.insert(name.into(), Value::Array(items));
        edited(&Value::Object(body))
    });
    Err(Stop::about(name, &BAD_FIELD, why))
}

/// A body to send instead, where it is short enough to be told.
pub(crate) fn edited(body: &Value) -> Option<Edit> {
    let text = body.to_string();
    (text.len() <= EDIT_BYTES_MAX).then(|| Edit::Body(text.into_bytes()))
}

/// JSON as a sentence shows it, without quotes of its own.
fn excerpt_of(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN_CHARS_MAX) {
        None => text,
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// Most characters of a mended list that a sentence shows.
const SHOWN_CHARS_MAX: usize = 80;

/// The list that was meant, where each of its elements can be told.
fn mended(name: &str, value: &Value) -> Option<Vec<Value>> {
    let items: Vec<Value> = match value {
        Value::Array(items) => match items.as_slice() {
            [Value::Array(inner)] => inner.clone(),
            _ => items.clone(),
        },
        Value::String(text) if name == "IDList" => {
            text.trim_matches(['[', ']']).split([',', ';']).map(|it| it.trim().into()).collect()
        }
        other => vec![other.clone()],
    };
    let item = |item: &Value| match (name, item) {
        ("IDList", Value::Number(number)) if number.is_f64() => {
            let number = number.to_string();
            number.strip_suffix(".0")?.parse::<i64>().ok().map(Value::from)
        }
        ("IDList", Value::Number(number)) => number.as_i64().map(Value::from),
        ("IDList", Value::String(text)) => text.trim().parse::<i64>().ok().map(Value::from),
        ("IDList", Value::Object(members)) => {
            members.get("ID").and_then(Value::as_i64).map(Value::from)
        }
        (_, Value::String(text)) => Some(text.clone().into()),
        (_, Value::Number(number)) => Some(number.to_string().into()),
        (_, Value::Object(members)) => {
            members.get("UserData").and_then(Value::as_str).map(Value::from)
        }
        _ => None,
    };
    items.iter().map(item).collect()
}

/// Both lists are missing or empty.
pub(crate) fn neither(call: &Call<'_>, body: &Map<String, Value>) -> Stop {
    let name = "UserDataList or IDList";
    let expected = "UserDataList or IDList with at least one element";
    let lists = "send {\"UserDataList\": [\"…\"], \"IDList\": [1]}, either or both";
    let no = |found: String, hint: String| Stop::of(name, &MISSING_FIELD, expected, found, hint);
    let others = || body.keys().map(String::as_str).filter(|name| !LISTS.contains(name));
    let of_contact = others().find(|name| OF_CONTACT.contains(name));
    if let Some(of_contact) = of_contact {
        let hint = "this is the batch retrieval; one contact is imported with POST \
                    …/dialler/contacts/import";
        return no(format!("neither, but {of_contact:?}, a contact's own"), hint.into());
    }
    let asked = Asked::new(Wanted::JsonObject).knowing(LISTS);
    if let Some((why, Kind::Wrapped)) = Why::of_body(&MISSING_FIELD, call.request, &asked) {
        return Stop::about(name, &MISSING_FIELD, why);
    }
    let near = others().find_map(|sent| Some((sent, API.near(sent, LISTS.iter().copied())?)));
    if let Some((sent, meant)) = near {
        let sent = excerpt(sent, NAME_CHARS_MAX);
        return no(format!("neither, but {sent}"), format!("call it {meant}; {lists}"));
    }
    let is_empty = body.keys().any(|name| LISTS.contains(&name.as_str()));
    no(if is_empty { "no element in either" } else { "neither" }.into(), lists.into())
}

/// Members by which a contact is known.
const OF_CONTACT: &[&str] =
    &["Name", "PhoneNumber1", "DiallerCampaignsID", "DiallerCampaignsName", "FirstName"];

/// A body that is no object: a list of IDs, of keys, or of contacts that somebody wants to import.
pub(crate) fn other_body(call: &Call<'_>, stop: Stop) -> Stop {
    let Json::Value(Value::Array(items)) = &call.params.json else { return stop };
    let Some(first) = items.first() else { return stop };
    let Some((mut why, _)) = Why::of_body(&JSON, call.request, &Asked::new(Wanted::JsonObject))
    else {
        return stop;
    };
    let name = match first {
        Value::Number(_) => "IDList",
        Value::String(_) => "UserDataList",
        Value::Object(members)
            if members.keys().any(|name| OF_CONTACT.contains(&name.as_str())) =>
        {
            why.hint = "this is the batch retrieval; contacts are imported one by one with POST \
                        …/dialler/contacts/import"
                .into();
            why.edit = None;
            return Stop::because(&JSON, why);
        }
        _ => return stop,
    };
    let lists = json!({ name: items });
    why.hint = format!("put the list into an object: {}", excerpt_of(&lists));
    why.edit = edited(&lists);
    Stop::because(&JSON, why)
}
