//! Who is calling: `affiliateID` and `affiliateKey`, in the body of every request.

use serde_json::Value;
use subtle::ConstantTimeEq;

use crate::base::text::{counted, excerpt};
use crate::contract::cx::Cx;
use crate::contract::operation::{Call, Routed};
use crate::contract::reply::Why;
use crate::contract::surface::Credential;
use crate::vendors::infocu5::errors::{CREDENTIALS, Stop};
use crate::vendors::infocu5::members::{absent, with};
use crate::vendors::infocu5::model::{AFFILIATE_ID_CHARS, AFFILIATE_KEY_CHARS};
use crate::vendors::infocu5::store;
use crate::vendors::infocu5::wire::without_trailing_commas;
use crate::web::diagnosis::disguise::{readings, unfilled, within_more};
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
pub(crate) fn affiliate<'b>(
    cx: &Cx<'_>,
    call: &Call<'_>,
    body: &'b Value,
) -> Result<&'b str, Stop> {
    let id = text_member(call, body, ID, AFFILIATE_ID_CHARS)?;
    let key = text_member(call, body, KEY, AFFILIATE_KEY_CHARS)?;
    let known = store::key_of(cx.db(), id)?;
    if known.as_ref().is_some_and(|known| bool::from(known.as_bytes().ct_eq(key.as_bytes()))) {
        return Ok(id);
    }
    let told = match known {
        Some(known) => wrong_key(cx, id, key, &known)?,
        None => wrong_id(cx, id, key)?,
    };
    let Told { expected, found, hint, mended } = told;
    let mut why = Why::new(&CREDENTIALS, expected, found, hint);
    why.edit = mended.and_then(|(name, value)| with(body, name, value.into()));
    Err(Stop::because(&CREDENTIALS, why))
}

fn text_member<'b>(
    call: &Call<'_>,
    body: &'b Value,
    name: &str,
    chars: usize,
) -> Result<&'b str, Stop> {
    let expected = format!("{name}, text of {chars} letters and digits");
    match body.get(name) {
        Some(Value::String(text)) => Ok(text),
        Some(other) => {
            let found = format!("{name} is {}, not text", kind(other));
            let hint = match other {
                Value::Null => "the variable that it comes from is not set",
                Value::Array(_) => "send the text itself, without [ ]",
                Value::Object(_) => "send the text itself, not an object round it",
                _ => "send it as one text, in quotes",
            };
            Err(Stop::no(&CREDENTIALS, expected, found, hint))
        }
        None => {
            let hint = format!("send {name} in the body of every request");
            Err(absent(call, &CREDENTIALS, body, name, &expected, &hint))
        }
    }
}

/// What kind of JSON value it is, for people.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(true) => "true",
        Value::Bool(false) => "false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Which of the usual mistakes it is. The vendor tells none of this; the key itself is never named.
struct Told {
    expected: String,
    found: String,
    hint: String,
    /// The member that makes the pair right, with its value.
    mended: Option<(&'static str, String)>,
}

fn wrong_id(cx: &Cx<'_>, id: &str, key: &str) -> rusqlite::Result<Told> {
    let expected = "the affiliateID of an affiliate of this world".to_owned();
    let told = |found: String, hint: &str, mended: Option<String>| {
        let mended = mended.map(|id| (ID, id));
        Ok(Told { expected: expected.clone(), found, hint: hint.to_owned(), mended })
    };
    if store::affiliate_with_key(cx.db(), id)?.is_some() {
        let found = "the key of an affiliate as affiliateID".to_owned();
        return told(found, "affiliateID and affiliateKey are exchanged", None);
    }
    let shown = excerpt(id, SHOWN_CHARS_MAX);
    if let Some(near) = store::affiliate_in_any_case(cx.db(), id)? {
        let found = format!("{shown}, which differs from {near:?} in its capitals");
        return told(found, "an affiliateID is compared letter by letter", Some(near));
    }
    for reading in readings(id) {
        if store::key_of(cx.db(), &reading.value)?.is_some() {
            let found = format!("an affiliateID {}: {shown}", reading.how);
            return told(found, reading.cure, Some(reading.value));
        }
    }
    if is_placeholder(id) {
        let hint = "that is the placeholder of the vendor's examples; put your own id in its place";
        return told(format!("affiliateID {shown}"), hint, None);
    }
    if let Some(unfilled) = unfilled(id) {
        return told(unfilled.words(id), unfilled.cure(), None);
    }
    if id.is_empty() {
        let hint = "the text is empty; is the variable set that it comes from?";
        return told("an empty affiliateID".into(), hint, store::affiliate_with_key(cx.db(), key)?);
    }
    let owner = store::affiliate_with_key(cx.db(), key)?;
    let id_chars = id.chars().count();
    if id_chars != AFFILIATE_ID_CHARS {
        let found =
            format!("affiliateID {shown} of {}", counted(id_chars, "character", "characters"));
        let hint = match &owner {
            Some(_) => "an affiliateID has 12 letters and digits; the key is one of this world's",
            None => "an affiliateID has 12 letters and digits",
        };
        return told(found, hint, owner);
    }
    if let Some(owner) = owner {
        let found = format!("{shown}, which is none, with the key of {owner:?}");
        return told(found, "id and key are a pair; use both of the same affiliate", Some(owner));
    }
    let hint = "seed the affiliate in [infocu5] affiliates, or check which world was asked";
    told(format!("{shown}, which is none"), hint, None)
}

fn wrong_key(cx: &Cx<'_>, id: &str, key: &str, known: &str) -> rusqlite::Result<Told> {
    let expected = format!("the affiliateKey that belongs to {id:?}");
    let told = |found: String, hint: &str, mended: Option<(&'static str, String)>| {
        Ok(Told { expected: expected.clone(), found, hint: hint.to_owned(), mended })
    };
    if known.eq_ignore_ascii_case(key) {
        let found = "the right key in other capitals".to_owned();
        let hint = "an affiliateKey is compared letter by letter";
        return told(found, hint, Some((KEY, known.to_owned())));
    }
    if let Some(reading) = readings(key).into_iter().find(|reading| reading.value == known) {
        let found = format!("the right key {}", reading.how);
        return told(found, reading.cure, Some((KEY, known.to_owned())));
    }
    if let Some(replaced) = store::key_replaced(cx.db(), id, key)? {
        let found = format!("the key that was replaced at {replaced}");
        let hint = "an affiliate has one key at a time; use the new one";
        return told(found, hint, Some((KEY, known.to_owned())));
    }
    if let Some(owner) = store::affiliate_with_key(cx.db(), key)? {
        let found = format!("the key of {owner:?}");
        return told(found, "id and key are a pair; use both of the same affiliate", None);
    }
    if key.is_empty() {
        let hint = "the text is empty; is the variable set that it comes from?";
        return told("an empty affiliateKey".into(), hint, None);
    }
    if is_placeholder(key) {
        let hint =
            "that is the placeholder of the vendor's examples; put your own key in its place";
        return told("_AFFILIATE_KEY_".into(), hint, None);
    }
    if let Some(unfilled) = unfilled(key) {
        return told(unfilled.words(key), unfilled.cure(), None);
    }
    if let Some(reading) = within_more(key, known) {
        let found = format!("the right key {}", reading.how);
        return told(found, reading.cure, Some((KEY, known.to_owned())));
    }
    let key_chars = key.chars().count();
    if key_chars != AFFILIATE_KEY_CHARS {
        let found = format!("a key of {}", counted(key_chars, "character", "characters"));
        let hint = if key_chars < AFFILIATE_KEY_CHARS {
            "an affiliateKey has 32 letters and digits; was it cut?"
        } else {
            "an affiliateKey has 32 letters and digits; something was added"
        };
        return told(found, hint, None);
    }
    let found = "a key of the right length that nobody has".to_owned();
    told(found, "compare the key with the scenario's; it may have been rotated", None)
}

/// Whether it is one of the words that the vendor's examples print.
fn is_placeholder(text: &str) -> bool {
    ["_AFFILIATE_ID_", "_AFFILIATE_KEY_"].contains(&text.trim())
}

/// Most characters of an id that a reason shows.
const SHOWN_CHARS_MAX: usize = 60;
