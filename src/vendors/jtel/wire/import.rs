//! Reading the body of an import: JSON values into what a field holds.

use rusqlite::types::Value as Sql;
use serde_json::Value;

use crate::contract::cx::Cx;
use crate::vendors::jtel::fields::{ContactField, Holds};
use crate::vendors::jtel::variants::{EmptyText, FieldTypes, LengthPolicy};

/// The switches that decide how values are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given {
    types: FieldTypes,
    lengths: LengthPolicy,
    empty: EmptyText,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Amiss {
    /// It is of another type: what was expected and what is there.
    Type {
        expected: &'static str,
        found: String,
    },
    TooLong {
        n_chars: usize,
        chars_max: usize,
    },
}

impl Given {
    pub(crate) fn of(cx: &Cx<'_>) -> Self {
        Given { types: cx.variant(), lengths: cx.variant(), empty: cx.variant() }
    }
}

/// Reads the value of a field that an import sets. Null and, by default, the empty text are null.
pub(crate) fn read_field(field: &ContactField, value: &Value, given: Given) -> Result<Sql, Amiss> {
    let wrong = || Amiss::Type { expected: expected(field), found: kind(value).to_owned() };
    let lenient = given.types == FieldTypes::Lenient;
    match (field.holds, value) {
        (_, Value::Null) => Ok(Sql::Null),
        (Holds::Text, Value::String(text)) => fit(field, text, given),
        (Holds::Text, Value::Number(number)) if lenient => fit(field, &number.to_string(), given),
        (Holds::Text, Value::Bool(flag)) if lenient => fit(field, &flag.to_string(), given),
        // The vendor's own example gives every field, empty ones as "".
        (_, Value::String(text)) if text.is_empty() => Ok(Sql::Null),
        (Holds::Integer, Value::Number(number)) => {
            number.as_i64().map(Sql::Integer).ok_or_else(wrong)
        }
        // SQLite keeps no sign of zero.
        (Holds::Number, Value::Number(number)) => {
            number.as_f64().map(|number| Sql::Real(number + 0.0)).ok_or_else(wrong)
        }
        (Holds::Integer, Value::String(text)) if lenient => {
            text.trim().parse().map(Sql::Integer).map_err(|_| wrong())
        }
        (Holds::Number, Value::String(text)) if lenient => {
            let number: Option<f64> = text.trim().parse().ok();
            let number = number.filter(|number| number.is_finite()).ok_or_else(wrong)?;
            Ok(Sql::Real(number + 0.0))
        }
        _ => Err(wrong()),
    }
}

fn fit(field: &ContactField, text: &str, given: Given) -> Result<Sql, Amiss> {
    if text.is_empty() && given.empty == EmptyText::Null {
        return Ok(Sql::Null);
    }
    let Some(chars_max) = field.chars_max.filter(|chars_max| text.len() > *chars_max) else {
        return Ok(Sql::Text(text.to_owned()));
    };
    let n_chars = text.chars().count();
    if n_chars <= chars_max {
        return Ok(Sql::Text(text.to_owned()));
    }
    match given.lengths {
        LengthPolicy::Refuse => Err(Amiss::TooLong { n_chars, chars_max }),
        LengthPolicy::Truncate => Ok(Sql::Text(text.chars().take(chars_max).collect())),
    }
}

fn expected(field: &ContactField) -> &'static str {
    match field.holds {
        Holds::Text => "text",
        Holds::Integer => "an integer",
        Holds::Number => "a number",
        Holds::Flag => "true or false",
        Holds::Time => "a date as text",
    }
}

/// Whether a number is greater than any ID: a reader of JSON has made a fraction of it.
fn is_beyond_integers(number: f64) -> bool {
    const MOST: f64 = 9.3e18;
    number.abs() > MOST
}

/// Whether a number is most likely a whole one that a program wrote with an exponent or a point: one
/// that people write with a fraction is smaller.
fn is_large_and_whole(number: f64) -> bool {
    const LEAST: f64 = 1e6;
    number.abs() >= LEAST && number.fract() == 0.0
}

/// What kind of JSON value it is, for people.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.as_f64().is_some_and(is_beyond_integers) => {
            "a number beyond all integers"
        }
        Value::Number(number)
            if number.is_f64() && number.as_f64().is_some_and(is_large_and_whole) =>
        {
            "a number with an exponent or a point in it"
        }
        Value::Number(number) if number.is_f64() => "a number with a fraction",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
