//! Who is calling: `affiliateID` and `affiliateKey`, in the body of every request.

use serde_json::Value;
use subtle::ConstantTimeEq;

use crate::contract::cx::Cx;
use crate::contract::operation::Routed;
use crate::contract::surface::Credential;
use crate::vendors::infocu5::errors::{CREDENTIALS, Stop};
use crate::vendors::infocu5::members::absent;
use crate::vendors::infocu5::model::{AFFILIATE_ID_CHARS, AFFILIATE_KEY_CHARS};
use crate::vendors::infocu5::store;
use crate::vendors::infocu5::wire::without_trailing_commas;
use crate::web::message::Request;
use crate::web::params::Json;

/// What a client is told by: both halves of its credentials.
pub(crate) const CLAIMABLE: &[Credential] = &[
    Credential { name: ID, text: "the member affiliateID of the body", secret: false },
    Credential { name: KEY, text: "the member affiliateKey of the body", secret: true },
];

const ID: &str = "affiliateID";
const KEY: &str = "affiliateKey";

/// The credentials of a request, whether they are good or not.
pub(crate) fn credentials(request: &Request, routed: &Routed) -> Vec<(&'static str, String)> {
    let mended;
    let body = match &routed.params.json {
        Json::Value(body) => body,
        // Whether the comma is taken is for the world to say.
        Json::Broken(_) => match without_trailing_commas(&request.body) {
            Some(body) => {
                mended = body;
                &mended
            }
            None => return Vec::new(),
        },
        Json::Absent => return Vec::new(),
    };
    let text = |name| Some((name, body.get(name)?.as_str()?.to_owned()));
    [ID, KEY].into_iter().filter_map(text).collect()
}

/// The affiliate of a request.
pub(crate) fn affiliate<'b>(cx: &Cx<'_>, body: &'b Value) -> Result<&'b str, Stop> {
    let id = text_member(body, "affiliateID", AFFILIATE_ID_CHARS)?;
    let key = text_member(body, "affiliateKey", AFFILIATE_KEY_CHARS)?;
    let known = store::key_of(cx.db(), id)?;
    if known.as_ref().is_some_and(|known| bool::from(known.as_bytes().ct_eq(key.as_bytes()))) {
        return Ok(id);
    }
    Err(diagnose(cx, id, key, known.as_deref())?)
}

fn text_member<'b>(body: &'b Value, name: &str, chars: usize) -> Result<&'b str, Stop> {
    let value = body.get(name);
    if let Some(text) = value.and_then(Value::as_str) {
        return Ok(text);
    }
    let found = match value {
        None => absent(body, name),
        Some(other) => format!("{name} is {}, not text", kind(other)),
    };
    let expected = format!("{name}, text of {chars} letters and digits");
    Err(Stop::no(
        &CREDENTIALS,
        expected,
        found,
        format!("send {name} in the body of every request"),
    ))
}

/// What kind of JSON value it is, for people.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Which of the usual mistakes it is. The vendor tells none of this; the key itself is never named.
fn diagnose(cx: &Cx<'_>, id: &str, key: &str, known: Option<&str>) -> Result<Stop, Stop> {
    let refuse = |expected: String, found: String, hint: &str| {
        Ok(Stop::no(&CREDENTIALS, expected, found, hint))
    };
    let (id_chars, key_chars) = (id.chars().count(), key.chars().count());
    let Some(known) = known else {
        let expected = "the affiliateID of an affiliate of this world".to_owned();
        if id_chars != AFFILIATE_ID_CHARS {
            let found = format!("affiliateID {id:?} of {id_chars} characters");
            return refuse(expected, found, "an affiliateID has 12 letters and digits");
        }
        if let Some(near) = store::affiliate_in_any_case(cx.db(), id)? {
            let found = format!("{id:?}, which differs from {near:?} in its capitals");
            return refuse(expected, found, "an affiliateID is compared letter by letter");
        }
        let hint = "seed the affiliate in [infocu5] affiliates, or check which world was asked";
        return refuse(expected, format!("{id:?}, which is none"), hint);
    };
    let expected = format!("the affiliateKey that belongs to {id:?}");
    if key_chars != AFFILIATE_KEY_CHARS {
        let found = format!("a key of {key_chars} characters");
        return refuse(expected, found, "an affiliateKey has 32 letters and digits; was it cut?");
    }
    if known.eq_ignore_ascii_case(key) {
        let found = "the right key in other capitals".to_owned();
        return refuse(expected, found, "an affiliateKey is compared letter by letter");
    }
    if key.trim() != key {
        let found = "a key with blanks around it".to_owned();
        return refuse(expected, found, "take the blanks away; keys are not trimmed");
    }
    if let Some(owner) = store::affiliate_with_key(cx.db(), key)? {
        let found = format!("the key of {owner:?}");
        return refuse(expected, found, "id and key are a pair; use both of the same affiliate");
    }
    let found = "a key of the right length that nobody has".to_owned();
    refuse(expected, found, "compare the key with the scenario's; it may have been rotated")
}
