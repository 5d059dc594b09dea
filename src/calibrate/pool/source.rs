//! What a vendor's questions are made from, and what makes them.
//!
//! Not here: the questions (a file for each vendor).

use serde_json::Value;

use crate::base::time::Instant;
use crate::calibrate::pool::given::Given;
use crate::calibrate::question::Question;

/// What a vendor's questions are made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'s> {
    /// The vendor's section of the twin's scenario.
    pub(crate) rows: &'s Value,
    pub(crate) given: &'s Given,
    pub(crate) now: Instant,
    /// Whether the rows are what was seen of the account, and not what somebody knows of it.
    pub(crate) looked: bool,
}

/// One vendor's part of it.
#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) vendor: &'static str,
    /// The credentials that it takes, and what each is.
    pub(crate) credentials: &'static [(&'static str, &'static str)],
    /// The questions; the first is one that a good client asks.
    pub(crate) questions: fn(Source<'_>) -> Vec<Question>,
    /// Positions that follow the seed: switch and position.
    pub(crate) drawn: &'static [(&'static str, &'static str)],
    /// Whether some of the questions call a number.
    pub(crate) dials: bool,
}

/// The text of a member of a row, also where it is a number.
pub(crate) fn text(row: &Value, name: &str) -> String {
    match &row[name] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The rows of a collection.
pub(crate) fn rows<'v>(section: &'v Value, name: &str) -> Vec<&'v Value> {
    section[name].as_array().into_iter().flatten().collect()
}

/// The first rows, the last, and some between: enough to see how rows differ.
pub(crate) fn some<'v>(all: &[&'v Value], most: usize) -> Vec<&'v Value> {
    let step = all.len().div_ceil(most.max(1)).max(1);
    all.iter().step_by(step).copied().chain(all.last().copied()).take(most + 1).collect()
}

/// A text that differs from another in its last character.
pub(crate) fn spoilt(text: &str) -> String {
    let mut text = text.to_owned();
    let last = text.pop().unwrap_or('0');
    text.push(if last == 'x' { 'y' } else { 'x' });
    text
}

/// A text as a value in a query.
pub(crate) fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
