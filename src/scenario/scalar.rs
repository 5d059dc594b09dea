//! Single values: from a node of the tree, or from the text of a CSV cell.
//!
//! Not here: tables and collections (`checker`), and whether a reference leads anywhere (`keys`).

use std::borrow::Cow;

use crate::base::time::Instant;
use crate::base::time::span_text::TOO_LONG;
use crate::contract::fields::{Cell, Field, Kind};
use crate::scenario::mistake::Problem;
use crate::scenario::tree::{Value, quoted};

/// Separates the elements of a list in a CSV cell.
const LIST_SEPARATOR: char = '|';

/// A cell, or what is wrong with the value. Boxed, so that a result is as small as a cell: there are
/// millions of them.
type Read<'v> = Result<Cell<'v>, Box<Problem>>;

/// Reads a value of the tree. The problem says what is wrong with it, still without its name.
pub(crate) fn from_node<'n>(kind: &Kind, value: &'n Value) -> Read<'n> {
    match (kind, value) {
        (Kind::Bool, Value::Bool(flag)) => Ok(Cell::Bool(*flag)),
        (Kind::Integer { min, max }, Value::Integer(number)) => {
            if (min..=max).contains(&number) {
                return Ok(Cell::Integer(*number));
            }
            Err(Box::new(Problem::new(format!("is {number}"), kind.expected())))
        }
        (Kind::Decimal, Value::Integer(number)) => Ok(Cell::Decimal(decimal(*number))),
        (Kind::Decimal, Value::Decimal(number)) => Ok(Cell::Decimal(*number)),
        (Kind::Decimal, Value::Unfit(text)) if is_finite(text) => {
            Ok(Cell::Decimal(text.parse().unwrap_or_default()))
        }
        (Kind::Id, Value::Integer(number)) => Ok(Cell::Text(Cow::Owned(number.to_string()))),
        (Kind::Time, Value::Moment { at: Some(at), .. }) => Ok(Cell::Time(*at)),
        (Kind::Time, Value::Moment { text, at: None }) => Err(Box::new(not_a_time(text))),
        (
            Kind::Text | Kind::Id | Kind::OneOf(_) | Kind::Checked(_) | Kind::Time | Kind::Duration,
            Value::Text(text),
        ) => from_words(kind, text),
        _ => Err(Box::new(wrong_type(kind, value))),
    }
}

/// Reads a CSV cell. An empty cell of an optional field is an absent one, of a required text field
/// an empty text: CSV cannot tell them apart.
pub(crate) fn from_text<'t>(field: &Field, text: &'t str) -> Read<'t> {
    match (text.is_empty(), &field.kind) {
        (true, _) if !field.is_required() => Ok(Cell::Absent),
        (true, Kind::Text) => Ok(Cell::Text(Cow::Borrowed(""))),
        (true, kind) => Err(Box::new(Problem::new("is empty", kind.expected()))),
        (false, Kind::List(element)) => {
            let elements = text.split(LIST_SEPARATOR);
            let cells: Result<Box<[Cell<'t>]>, Box<Problem>> =
                elements.map(|text| scalar_from_text(element, text)).collect();
            cells.map(Cell::List)
        }
        (false, kind) => scalar_from_text(kind, text),
    }
}

fn scalar_from_text<'t>(kind: &Kind, text: &'t str) -> Read<'t> {
    let cell = match kind {
        Kind::Integer { min, max } => {
            let number = text.parse::<i64>().ok().filter(|number| (min..=max).contains(&number));
            number.map(Cell::Integer)
        }
        Kind::Decimal => {
            text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Cell::Decimal)
        }
        Kind::Bool => match text {
            "true" => Some(Cell::Bool(true)),
            "false" => Some(Cell::Bool(false)),
            _ => None,
        },
        _ => return from_words(kind, text),
    };
    cell.ok_or_else(|| Box::new(Problem::new(format!("is {}", quoted(text)), kind.expected())))
}

/// The kinds that are written as text in both.
fn from_words<'t>(kind: &Kind, text: &'t str) -> Read<'t> {
    let found = || format!("is {}", quoted(text));
    let problem = match kind {
        Kind::Text => return Ok(Cell::Text(Cow::Borrowed(text))),
        Kind::Id if !text.is_empty() => return Ok(Cell::Text(Cow::Borrowed(text))),
        Kind::OneOf(words) => {
            if words.contains(&text) {
                return Ok(Cell::Text(Cow::Borrowed(text)));
            }
            Problem::new(found(), kind.expected()).meant(text, words.iter().copied())
        }
        Kind::Checked(check) => match check(text) {
            Ok(()) => return Ok(Cell::Text(Cow::Borrowed(text))),
            Err(expected) => Problem::new(found(), expected),
        },
        Kind::Time => match text.parse() {
            Ok(at) => return Ok(Cell::Time(at)),
            Err(_) => not_a_time(text),
        },
        Kind::Duration => match text.parse() {
            Ok(length) => return Ok(Cell::Duration(length)),
            Err(unfit) if unfit.hint() == Some(TOO_LONG) => {
                Problem::new(found(), unfit.expected()).hint(TOO_LONG)
            }
            Err(_) => Problem::new(found(), kind.expected()),
        },
        _ => Problem::new(found(), kind.expected()),
    };
    Err(Box::new(problem))
}

fn not_a_time(text: &str) -> Problem {
    let problem = Problem::new(format!("is {}", quoted(text)), Kind::Time.expected());
    let would_be_one = |end: &str| format!("{text}{end}").parse::<Instant>().is_ok();
    if would_be_one("Z") {
        problem.hint("the offset is missing; append Z for UTC")
    } else if would_be_one("T00:00:00Z") {
        problem.hint("time of day and offset are missing; append T00:00:00Z for midnight UTC")
    } else {
        problem
    }
}

/// A value of another type than the field's.
pub(crate) fn wrong_type(kind: &Kind, value: &Value) -> Problem {
    let problem = Problem::new(format!("is {}", value.describe()), kind.expected());
    match (kind, value) {
        (Kind::Integer { min, max }, Value::Unfit(text)) if is_finite(text) => {
            let found = format!("is {}, which is too great", value.describe());
            Problem::new(found, format!("an integer from {min} to {max}"))
        }
        // Of JSON, where its digits are gone already.
        (Kind::Integer { min, max }, Value::Decimal(number))
            if number.is_finite() && *number > decimal(*max) =>
        {
            let found = format!("is a number of about {number:e}, which is too great");
            Problem::new(found, format!("an integer from {min} to {max}"))
        }
        (Kind::Integer { .. } | Kind::Decimal | Kind::Bool, Value::Text(text))
            if scalar_from_text(kind, text).is_ok() =>
        {
            problem.hint("write it without quotes")
        }
        (
            Kind::Text | Kind::OneOf(_) | Kind::Checked(_),
            Value::Integer(_) | Value::Decimal(_) | Value::Bool(_) | Value::Moment { .. },
        ) => problem.hint("write it in quotes"),
        (Kind::Duration, Value::Integer(number)) => {
            problem.hint(format!("add the unit, such as \"{number}ms\" or \"{number}s\""))
        }
        (Kind::Table(fields), Value::Text(text)) => match keyed(fields, text) {
            Some(written) => problem.hint(format!("write {written}")),
            None => problem,
        },
        (Kind::Rows(_), Value::Text(_)) => problem.hint("write { csv = \"…\" } for a file"),
        (Kind::Rows(_), Value::Table(_)) => problem.hint("put it in [ ]"),
        (Kind::List(element), value) if from_node(element, value).is_ok() => {
            problem.hint("put it in [ ]")
        }
        _ => problem,
    }
}

/// A table with a text as what one of its fields is told by: `{ mode = "frozen", … }` for `frozen`.
fn keyed(fields: &[Field], text: &str) -> Option<String> {
    let word = text.split(['@', ':']).next().unwrap_or(text);
    let field =
        fields.iter().find(|it| matches!(it.kind, Kind::OneOf(words) if words.contains(&word)))?;
    let needs = if fields.len() > 1 { ", …" } else { "" };
    Some(format!("{{ {} = \"{word}\"{needs} }}", field.name))
}

/// Whether a number that no `i64` holds is a finite one.
fn is_finite(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(f64::is_finite)
}

#[expect(clippy::cast_precision_loss, reason = "an amount above 2^53 is rounded, as JSON does")]
fn decimal(number: i64) -> f64 {
    number as f64
}
