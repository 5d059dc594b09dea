//! A parameter that did not come, and where its value stands instead: under another name, in a
//! header, as a list in the body.

use http::header;
use serde_json::Value;

use crate::base::text::excerpt;
use crate::vendors::mor::api::API;
use crate::vendors::mor::hash::HASH_CHARS;
use crate::vendors::mor::params::Asked;
use crate::vendors::mor::unread;
use crate::web::diagnosis::swallowed::swallowed;
use crate::web::params::Json;

/// Characters of a name that a reason shows; the vendor's longest has twelve.
const NAME_CHARS_MAX: usize = 40;

/// A name as a reason shows it: as it is, where nothing in it has to be escaped.
fn shown(name: &str) -> String {
    let is_plain = name.bytes().all(|it| it.is_ascii_alphanumeric() || b"_-.[]".contains(&it));
    if is_plain && name.len() <= NAME_CHARS_MAX {
        return name.to_owned();
    }
    excerpt(name, NAME_CHARS_MAX)
}

/// The name under which a parameter may have been sent.
pub(crate) fn other_name(asked: &Asked<'_>, name: &str) -> Option<String> {
    let known: Vec<&str> = API.params.iter().map(|param| param.name).collect();
    let near = |sent: &str| API.near(sent, known.iter().copied()) == Some(name);
    let all = asked.all();
    let found = all.iter().find(|(sent, _)| !known.contains(sent) && near(sent));
    found.map(|(sent, _)| shown(sent))
}

/// What was found in place of a parameter, and the cure.
pub(crate) fn parameter(asked: &Asked<'_>, name: &str) -> (String, String) {
    if let Some(other) = other_name(asked, name) {
        return (format!("no {name}, but {other}"), format!("the parameter is called {name}"));
    }
    if let Some(kind) = odd_member(asked, name) {
        let found = format!("{name} as {kind} in the body");
        return (found, "send the value itself, as a text or a number".into());
    }
    if asked.get(name).is_some() {
        return (format!("{name} without a value"), format!("every method needs {name}"));
    }
    if let Some(told) = in_another(asked, name) {
        return told;
    }
    let hint = unread::media_type(asked.call);
    (format!("no {name}"), hint.unwrap_or_else(|| format!("every method needs {name}")))
}

/// What is told of a parameter that stands in the value of another, behind another sign than &.
fn in_another(asked: &Asked<'_>, name: &str) -> Option<(String, String)> {
    let all = asked.all();
    let found = swallowed(all.iter().map(|(sent, value)| (*sent, value.as_ref())), name)?;
    let words = format!("{name} in the value of {}, behind {}", shown(&found.by), found.sign);
    Some((words, found.cure.into()))
}

/// What a member of a JSON body is that cannot be a parameter's value.
pub(crate) fn odd_member(asked: &Asked<'_>, name: &str) -> Option<&'static str> {
    let Json::Value(Value::Object(members)) = &asked.call.params.json else { return None };
    match members.get(name)? {
        Value::Null => Some("null"),
        Value::Array(_) => Some("a list"),
        Value::Object(_) => Some("an object"),
        _ => None,
    }
}

/// Where a hash may stand that did not come as `hash`; `right` is the one that was wanted.
pub(crate) fn hash(asked: &Asked<'_>, right: &str) -> String {
    let all = asked.all();
    let known: Vec<&str> = API.params.iter().map(|param| param.name).collect();
    let by_value = all.iter().find(|(name, value)| *name != "hash" && value == right);
    if let Some((name, _)) = by_value {
        let name = shown(name);
        return format!("{name} holds the right hash; call the parameter hash");
    }
    let looks_so = |value: &str| {
        value.len() == HASH_CHARS && value.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let by_name = other_name(asked, "hash").or_else(|| {
        let other = all.iter().find(|(name, value)| !known.contains(name) && looks_so(value));
        other.map(|(name, _)| shown(name))
    });
    if let Some(name) = by_name {
        return format!("there is a parameter {name}; it has to be called hash, in small letters");
    }
    if asked.get("hash").is_some() {
        return "hash was sent empty".into();
    }
    if let Some((found, cure)) = in_another(asked, "hash") {
        return format!("{found}; {cure}");
    }
    in_header(asked)
        .or_else(|| unread::media_type(asked.call))
        .unwrap_or_else(|| "send hash in the query or the body".into())
}

/// A hash, or a login of another kind, in the request's headers.
fn in_header(asked: &Asked<'_>) -> Option<String> {
    let headers = &asked.call.request.headers;
    let is_hash = |text: &str| {
        let mut words = text.split(|it: char| !it.is_ascii_hexdigit());
        words.any(|word| word.len() == HASH_CHARS)
    };
    let found = headers.iter().find(|(_, value)| value.to_str().is_ok_and(is_hash));
    if let Some((name, _)) = found {
        let name = shown(name.as_str());
        return Some(format!(
            "a hash stands in the header {name}; this API reads query and body alone"
        ));
    }
    let hint = "an Authorization header means nothing here; send u, id and hash in the query or \
                the body";
    headers.contains_key(header::AUTHORIZATION).then(|| hint.to_owned())
}
