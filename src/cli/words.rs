//! The body of a call from the words of a command: `on.vendor=jtel then=lose_reply`, or JSON.
//!
//! Names are the control plane's. What a name holds is read as its field is declared, so that digits
//! stay text where a text is wanted; a name that nobody declares is read as JSON where it is some.
//! Whether all of it is right, the control plane says.

use std::io::{self, Read};

use serde_json::{Map, Value};

use crate::app::reading;
use crate::cli::failure::{Failure, bad_input};
use crate::contract::fields::{Field, Kind};

/// The body that these words make; `example` is a word as this command takes it.
///
/// # Errors
/// Where a word is no `NAME=VALUE`, a name comes twice, or the JSON cannot be read.
pub(crate) fn body(words: &[String], fields: &[Field], example: &str) -> Result<Value, Failure> {
    match words {
        [word] if word == "-" => {
            let mut text = String::new();
            let read = io::stdin().read_to_string(&mut text);
            read.map_err(|error| bad_input(format!("stdin cannot be read: {error}")))?;
            json(&text)
        }
        [word] if word.trim_start().starts_with('{') => json(word),
        words => {
            let mut members = Map::new();
            for (idx, word) in words.iter().enumerate() {
                // It may be a value whose name was left out, and that a secret, so it is not repeated.
                let (name, value) = word.split_once('=').ok_or_else(|| {
                    bad_input(format!(
                        "word {} of the body is no NAME=VALUE; expected such as {example}, one JSON \
                         object, or - for one from stdin",
                        idx + 1
                    ))
                })?;
                put(&mut members, fields, name, value)?;
            }
            Ok(members.into())
        }
    }
}

fn json(text: &str) -> Result<Value, Failure> {
    reading::json(text).map_err(|fault| bad_input(format!("the body {fault}")))
}

/// Puts a value under a name, whose dots lead into tables.
fn put(
    members: &mut Map<String, Value>,
    fields: &[Field],
    name: &str,
    value: &str,
) -> Result<(), Failure> {
    let twice = || bad_input(format!("{name:?} is there twice; expected each name once"));
    let (first, rest) = match name.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (name, None),
    };
    let kind = fields.iter().find(|field| field.name == first).map(|field| &field.kind);
    let Some(rest) = rest else {
        let value = kind.map_or_else(|| any(value), |kind| read(kind, value));
        return match members.insert(first.to_owned(), value) {
            None => Ok(()),
            Some(_) => Err(twice()),
        };
    };
    let inner = match kind {
        // Its names are free, and may have dots.
        Some(Kind::Map(element)) => {
            let table = members.entry(first.to_owned()).or_insert_with(|| Map::new().into());
            let names = table.as_object_mut().ok_or_else(twice)?;
            return match names.insert(rest.to_owned(), read(element, value)) {
                None => Ok(()),
                Some(_) => Err(twice()),
            };
        }
        Some(Kind::Table(fields) | Kind::TextOr(fields)) => *fields,
        _ => &[],
    };
    let table = members.entry(first.to_owned()).or_insert_with(|| Map::new().into());
    put(table.as_object_mut().ok_or_else(twice)?, inner, rest, value)
}

/// A value as its field wants it; as text where it is no such value, which is then told.
pub(crate) fn read(kind: &Kind, text: &str) -> Value {
    match kind {
        Kind::Integer { .. } => text.parse::<i64>().map_or_else(|_| text.into(), Value::from),
        Kind::Decimal => text.parse::<f64>().map_or_else(|_| text.into(), Value::from),
        Kind::Bool => text.parse::<bool>().map_or_else(|_| text.into(), Value::from),
        Kind::List(element) if !text.starts_with('[') => {
            text.split('|').map(|part| read(element, part)).collect()
        }
        Kind::List(_)
        | Kind::OneOrMore(_)
        | Kind::Table(_)
        | Kind::Rows(_)
        | Kind::Any
        | Kind::TextOr(_)
        | Kind::Map(_) => any(text),
        Kind::Text
        | Kind::Id
        | Kind::Time
        | Kind::Duration
        | Kind::OneOf(_)
        | Kind::Checked(_)
        | Kind::File => text.into(),
    }
}

/// JSON where it is some, else text.
fn any(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FIELDS: &[Field] = &[
        Field::required("number", Kind::Text, ""),
        Field::required("call", Kind::Id, ""),
        Field::optional("times", Kind::INTEGER, ""),
        Field::optional("keys", Kind::List(&Kind::Text), ""),
        Field::optional("on", Kind::Table(&[Field::optional("vendor", Kind::Text, "")]), ""),
        Field::optional("headers", Kind::Map(&Kind::Text), ""),
    ];

    fn of(words: &[&str]) -> Result<Value, String> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        body(&words, FIELDS, "call=1000").map_err(|failure| failure.text)
    }

    #[test]
    fn words_are_read_as_their_fields_want_them() {
        assert_eq!(
            of(&["number=143", "call=1000", "times=2", "keys=a|b", "on.vendor=7", "free=[1]"]),
            Ok(json!({
                "number": "143", "call": "1000", "times": 2, "keys": ["a", "b"],
                "on": { "vendor": "7" }, "free": [1],
            }))
        );
        assert_eq!(
            of(&["headers.Retry-After=30", "headers.X.Y=a"]),
            Ok(json!({ "headers": { "Retry-After": "30", "X.Y": "a" } }))
        );
        assert!(of(&["headers.A=1", "headers.A=2"]).is_err_and(|told| told.contains("twice")));
        assert_eq!(of(&["times=many"]), Ok(json!({ "times": "many" })));
        assert_eq!(of(&["what=a=b"]), Ok(json!({ "what": "a=b" })));
        assert_eq!(of(&[r#"{"call":1}"#]), Ok(json!({ "call": 1 })));
        assert_eq!(of(&[]), Ok(json!({})));
    }

    #[test]
    fn words_that_make_no_body_are_told() {
        assert!(of(&["call=1", "SECRET"]).is_err_and(|told| {
            told.contains("word 2 of the body is no NAME=VALUE; expected such as call=1000,")
                && !told.contains("SECRET")
        }));
        assert!(of(&[r#"{"call":1,"call":2}"#]).is_err_and(|told| told.contains("duplicate")));
        assert!(of(&["call=1", "call=2"]).is_err_and(|told| told.contains("twice")));
        assert!(of(&["on=x", "on.vendor=jtel"]).is_err_and(|told| told.contains("twice")));
        assert!(of(&["{"]).is_err_and(|told| told.contains("not JSON")));
    }
}
