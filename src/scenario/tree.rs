//! A scenario as a tree whose nodes know their place, the same for TOML and JSON.
//!
//! Owned, so that a document can keep the tree and hand out rows that borrow from it.

use std::borrow::Cow;

use serde_json::Value as Json;

use crate::base::time::Instant;
use crate::scenario::limits::VALUE_CHARS_MAX;
use crate::web::mask::masker::tagged;

/// A value and where it stands.
#[derive(Debug)]
pub(crate) struct Node {
    /// TOML: byte offset. JSON: the node's number in the order of the text, parents first.
    pub(crate) at: u32,
    pub(crate) value: Value,
}

/// What a scenario says at one place, in the types that TOML and JSON share.
#[derive(Debug)]
pub(crate) enum Value {
    /// Counts as left out.
    Null,
    Bool(bool),
    Integer(i64),
    /// A number that neither an `i64` nor a finite `f64` holds, as it was written.
    Unfit(String),
    Decimal(f64),
    Text(String),
    /// A TOML date or time, as text; with its instant where it has an offset.
    Moment {
        text: String,
        at: Option<Instant>,
    },
    List(Vec<Node>),
    Table(Table),
}

/// Entries in the order of the text.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) entries: Vec<Entry>,
}

/// A key of a table with its value.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_at: u32,
    pub(crate) node: Node,
}

impl Node {
    /// The root of a scenario that could not be read.
    pub(crate) fn empty() -> Self {
        Node { at: 0, value: Value::Table(Table::default()) }
    }

    /// The value as JSON, without the places.
    pub(crate) fn to_json(&self) -> Json {
        match &self.value {
            Value::Null => Json::Null,
            Value::Bool(flag) => (*flag).into(),
            Value::Integer(number) => (*number).into(),
            Value::Unfit(number) => number.as_str().into(),
            Value::Decimal(number) => (*number).into(),
            Value::Text(text) | Value::Moment { text, .. } => text.as_str().into(),
            Value::List(items) => items.iter().map(Node::to_json).collect(),
            Value::Table(table) => table
                .entries
                .iter()
                .map(|entry| (entry.key.clone(), entry.node.to_json()))
                .collect(),
        }
    }

    pub(crate) fn as_table(&self) -> Option<&Table> {
        if let Value::Table(table) = &self.value { Some(table) } else { None }
    }
}

impl Table {
    /// An entry that is there and not null.
    pub(crate) fn get(&self, key: &str) -> Option<&Entry> {
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        (!matches!(entry.node.value, Value::Null)).then_some(entry)
    }

    /// The entry that stands for a CSV file, if the table is `{ csv = … }`.
    pub(crate) fn as_csv(&self) -> Option<&Entry> {
        self.entries.first().filter(|entry| self.entries.len() == 1 && entry.key == "csv")
    }
}

impl Value {
    /// "the integer 5", for "… is the integer 5".
    pub(crate) fn describe(&self) -> String {
        match self {
            Value::Null => "null".into(),
            Value::Bool(flag) => flag.to_string(),
            Value::Integer(number) => format!("the integer {number}"),
            Value::Unfit(number) => format!("the number {}", excerpt(number)),
            Value::Decimal(number) => format!("the number {number}"),
            Value::Text(text) => format!("the text {}", quoted(text)),
            Value::Moment { text, .. } => format!("the time {text}"),
            Value::List(_) => "a list".into(),
            Value::Table(_) => "a table".into(),
        }
    }
}

impl Value {
    /// What may be told of a secret: what it is, but no character of it.
    pub(crate) fn describe_secret(&self) -> String {
        let kind = match self {
            Value::Integer(_) => "the integer",
            Value::Unfit(_) | Value::Decimal(_) => "the number",
            Value::Text(_) => "the text",
            Value::Moment { .. } => "the time",
            Value::Null | Value::Bool(_) | Value::List(_) | Value::Table(_) => {
                return self.describe();
            }
        };
        format!("{kind} {}", tagged(&self.plain()))
    }

    /// A scalar as it was written, without quotes; empty for what is none.
    pub(crate) fn plain(&self) -> Cow<'_, str> {
        match self {
            Value::Integer(number) => number.to_string().into(),
            Value::Decimal(number) => number.to_string().into(),
            Value::Unfit(text) | Value::Text(text) | Value::Moment { text, .. } => text.into(),
            Value::Null | Value::Bool(_) | Value::List(_) | Value::Table(_) => "".into(),
        }
    }
}

/// A text in quotes, on one line and not too long.
pub(crate) fn quoted(text: &str) -> String {
    format!("{:?}", excerpt(text))
}

fn excerpt(text: &str) -> String {
    match text.char_indices().nth(VALUE_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
