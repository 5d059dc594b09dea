//! Values of an import that do not fit: what to send instead, as far as the value tells.

use serde_json::{Map, Value};

use crate::contract::reply::Why;
use crate::vendors::jtel::errors::{BAD_FIELD, FIELD_TOO_LONG, Stop};
use crate::vendors::jtel::fields::{ContactField, Holds};
use crate::vendors::jtel::ops::lists::edited;
use crate::vendors::jtel::ops::mandatory::{CAMPAIGN_ID, CAMPAIGN_NAME};
use crate::vendors::jtel::wire::{Amiss, kind};
use crate::web::diagnosis::thousands::thousands;

/// Why a field does not take a value.
pub(crate) fn field(
    field: &ContactField,
    value: &Value,
    body: &Map<String, Value>,
    amiss: &Amiss,
) -> Stop {
    match amiss {
        Amiss::Type { expected, .. } => {
            let expected = format!("{}: {expected}", field.name);
            let (hint, mended) = retyped(field, value);
            let mut why = Why::new(&BAD_FIELD, expected, kind(value), hint);
            why.edit = mended.and_then(|value| edited(&with(body, field.name, value)));
            Stop::about(field.name, &BAD_FIELD, why)
        }
        Amiss::TooLong { n_chars, chars_max } => {
            let (n_chars, chars_max) = (*n_chars, *chars_max);
            let expected = format!("{} of at most {chars_max} characters", field.name);
            let found = format!("{n_chars} characters");
            let text = value.as_str().unwrap_or_default();
            // In prose a blank is a sign; between the groups of an account or a number it is not.
            let is_sign = |it: &char| !it.is_whitespace();
            let n_signs = if GROUPED.iter().any(|it| field.name.starts_with(it)) {
                text.chars().filter(is_sign).count()
            } else {
                text.trim().chars().count()
            };
            let limit = "the limit is the CSV import's; the switch length_policy can cut instead";
            let hint = if n_signs <= chars_max {
                format!("without its blanks it has {n_signs}; {limit}")
            } else {
                limit.into()
            };
            Stop::of(field.name, &FIELD_TOO_LONG, expected, found, hint)
        }
    }
}

/// What the names of fields begin with whose text people write in groups.
const GROUPED: &[&str] = &["AccountIBAN", "AccountBIC", "AccountN", "Phone", "Fax"];

/// A body with another value in a member.
fn with(body: &Map<String, Value>, name: &str, value: Value) -> Value {
    let mut body = body.clone();
    body.insert(name.to_owned(), value);
    Value::Object(body)
}

/// What to send instead of a value of another type, and that value where it is exact.
fn retyped(field: &ContactField, value: &Value) -> (String, Option<Value>) {
    let lenient = "the switch field_types can take it as it is";
    match (field.holds, value) {
        (Holds::Text, Value::Number(number)) if !number.is_f64() => (
            format!("write it in quotes: \"{number}\"; {lenient}"),
            Some(number.to_string().into()),
        ),
        (Holds::Text, Value::Bool(flag)) => {
            (format!("write it in quotes: \"{flag}\"; {lenient}"), Some(flag.to_string().into()))
        }
        (Holds::Text, Value::Array(_)) if field.name.starts_with("PhoneNumber") => {
            ("send one number; each of the six has a field of its own".into(), None)
        }
        (Holds::Text, Value::Array(_)) => ("send one text, not an array".into(), None),
        (Holds::Text, Value::Object(_)) => {
            ("send the text itself, not an object round it".into(), None)
        }
        (Holds::Text, Value::Number(number)) => {
            // A spreadsheet's or a language's own way of writing a large number.
            let whole = whole(number.as_f64());
            let digits = whole.map(|whole| format!(": \"{whole}\"")).unwrap_or_default();
            (format!("send it as text, in quotes, with all its digits{digits}"), None)
        }
        (Holds::Text, _) => ("send it as text, in quotes".into(), None),
        (Holds::Integer, Value::String(text)) => match text.trim().parse::<i64>() {
            Ok(number) => {
                (format!("take the quotes away: {number}; {lenient}"), Some(number.into()))
            }
            Err(_) => ("send a whole number, without quotes".into(), None),
        },
        (Holds::Integer, Value::Number(number)) => {
            let whole = whole(number.as_f64());
            match whole {
                Some(whole) => {
                    (format!("write it without a fraction: {whole}"), Some(whole.into()))
                }
                None => ("send a whole number of at most 64 bits".into(), None),
            }
        }
        (Holds::Number, Value::String(text)) => {
            if let Some((number, or)) = amount(text) {
                let or = or.map(|or| format!(", or {or} where the sign in it is a decimal one"));
                let or = or.unwrap_or_default();
                return (format!("write digits and a decimal point alone: {number}{or}"), None);
            }
            let point = text.trim().replace(',', ".");
            let number = point.parse::<f64>().ok().and_then(serde_json::Number::from_f64);
            match number {
                Some(number) if text.contains(',') => {
                    (format!("write a decimal point and no quotes: {number}"), Some(number.into()))
                }
                Some(number) => {
                    (format!("take the quotes away: {number}; {lenient}"), Some(number.into()))
                }
                None => ("send a number, without quotes".into(), None),
            }
        }
        (_, Value::Array(_)) => ("send one number, not an array".into(), None),
        (_, Value::Object(_)) => ("send the number itself, not an object round it".into(), None),
        _ => ("send a number, or null where there is none".into(), None),
    }
}

/// The number of a text with thousands or with the sign of a currency, and what it is as well where
/// one sign parts three digits, as in `1,250`; `None` for any other text.
fn amount(text: &str) -> Option<(String, Option<String>)> {
    let bare: String =
        text.trim().chars().filter(|it| !it.is_whitespace() && !"€$£".contains(*it)).collect();
    let bare = bare.trim_end_matches("EUR").trim_start_matches("EUR");
    let (minus, bare) = bare.strip_prefix('-').map_or(("", bare), |rest| ("-", rest));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |whole: &str, fraction: &str| {
        let whole: String = whole.chars().filter(|it| !",.'".contains(*it)).collect();
        let is_number = !whole.is_empty() && is_digits(&whole) && is_digits(fraction);
        let point = if fraction.is_empty() { "" } else { "." };
        is_number.then(|| format!("{minus}{whole}{point}{fraction}"))
    };
    let as_whole = number(bare, "");
    let (number, or) = match bare.rfind(['.', ',']) {
        None => (as_whole, None),
        Some(at) => {
            let (whole, sign, fraction) = (&bare[..at], &bare[at..=at], &bare[at + 1..]);
            let with_point = number(whole, fraction);
            let is_zero = whole.bytes().all(|byte| byte == b'0');
            if whole.contains(sign) {
                // Only thousands are parted more than once.
                (thousands(bare).map(|it| format!("{minus}{}", it.number)), None)
            } else if fraction.len() != 3 || is_zero || whole.contains([',', '.', '\'']) {
                (with_point, None)
            } else {
                (as_whole, with_point)
            }
        }
    };
    let number = number?;
    let is_plain = text.trim().replace(',', ".") == number;
    (!is_plain && text.trim().parse::<f64>().is_err()).then_some((number, or))
}

/// The whole number that a fraction stands for.
fn whole(number: Option<f64>) -> Option<i64> {
    // Beyond this a double does not hold every integer.
    const MOST: f64 = 9e15;
    let number = number.filter(|number| number.fract() == 0.0 && number.abs() < MOST)?;
    format!("{number}").parse().ok()
}

/// Why a value is no campaign's ID; `of_name` is the campaign of that name.
pub(crate) fn campaign_id(value: &Value, of_name: Option<i64>, body: &Map<String, Value>) -> Stop {
    let expected = format!("{CAMPAIGN_ID}: an integer");
    let (found, hint, mended) = match (value, of_name) {
        (Value::String(name), Some(id)) => {
            let mut body = body.clone();
            body.remove(CAMPAIGN_ID);
            body.insert(CAMPAIGN_NAME.into(), name.clone().into());
            (
                format!("the name of campaign {id}"),
                format!("send it as {CAMPAIGN_NAME}, or its ID: {id}"),
                Some(Value::Object(body)),
            )
        }
        (Value::String(text), None) => match text.trim().parse::<i64>() {
            Ok(id) => (
                kind(value).to_owned(),
                format!("send the ID as a number without quotes: {id}"),
                Some(with(body, CAMPAIGN_ID, id.into())),
            ),
            Err(_) => (
                "a text that is no campaign's name".to_owned(),
                format!("send the ID as a number without quotes, or the name as {CAMPAIGN_NAME}"),
                None,
            ),
        },
        (Value::Number(number), _) => match whole(number.as_f64()) {
            Some(id) => (
                kind(value).to_owned(),
                format!("write the ID without a fraction: {id}"),
                Some(with(body, CAMPAIGN_ID, id.into())),
            ),
            None => (kind(value).to_owned(), "IDs are integers of 64 bits".into(), None),
        },
        (Value::Array(items), _) => (
            kind(value).to_owned(),
            "one contact goes into one campaign; send its ID itself".into(),
            match items.as_slice() {
                [only] if only.as_i64().is_some() => Some(with(body, CAMPAIGN_ID, only.clone())),
                _ => None,
            },
        ),
        (Value::Object(members), _) => {
            let only = members.values().next().filter(|it| members.len() == 1 && it.is_i64());
            let hint = match only {
                Some(id) => format!("send the ID itself, not an object round it: {id}"),
                None => "send the ID itself, not an object round it".into(),
            };
            let mended = only.map(|id| with(body, CAMPAIGN_ID, id.clone()));
            (kind(value).to_owned(), hint, mended)
        }
        _ => (kind(value).to_owned(), "send the ID of the campaign, a number".into(), None),
    };
    let mut why = Why::new(&BAD_FIELD, expected, found, hint);
    why.edit = mended.and_then(|body| edited(&body));
    Stop::about(CAMPAIGN_ID, &BAD_FIELD, why)
}

/// What to send instead of a value that is neither true nor false.
pub(crate) fn no_flag(text: &str) -> &'static str {
    let bare = text.trim().trim_matches(['"', '\'']).to_lowercase();
    let is_bare = bare == text;
    match bare.as_str() {
        "" => "the value is empty; write true or false, or leave the parameter out",
        "true" | "false" if text.contains(['"', '\'']) => "take the quotes away",
        "true" | "false" if text.trim() != text => "take the blanks away",
        "true" | "false" => "write it in small letters",
        "1" | "yes" | "y" | "on" | "t" | "ja" if is_bare => "write true",
        "0" | "no" | "n" | "off" | "f" | "nein" if is_bare => "write false",
        _ => "write true or false",
    }
}
