//! The steps of a scenario: what a replay does, one after the other, and what it expects.
//!
//! Not here: reading them (`steps`), and replaying them (`replay`).

use std::fmt;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::contract::fields::{Field, Kind, Rows};
use crate::scenario::steps::{advance, one_line};

/// Most rounds of one step. A load test is another tool's work.
const ROUNDS_MAX: i64 = 10_000;

/// How a reply may arrive.
pub const ARRIVALS: &[&str] = &["whole", "cut", "none", "late"];

pub(crate) const STEPS: Kind = Kind::Rows(&Rows { fields: STEP });

pub(crate) const STEP: &[Field] = &[
    Field::required("name", Kind::Checked(one_line), "What happens, in a line."),
    Field::optional("send", Kind::TextOr(SEND), "A request: HTTP as text, or a table."),
    Field::optional("event", Kind::Table(EVENT), "Something outside the vendor's API."),
    Field::optional(
        "advance",
        Kind::Checked(advance),
        "How far the clock moves: a length of time, an instant, or \"next\".",
    ),
    Field::optional("verify", Kind::Any, "What must have happened so far."),
    Field::optional("expect", Kind::Table(EXPECT), "What comes back."),
    Field::optional("repeat", Kind::Integer { min: 1, max: ROUNDS_MAX }, "How many times."),
    Field::optional("each", Kind::Table(EACH), "Once for each row of a CSV file."),
    Field::optional("timeout", Kind::Duration, "How long a reply may take, in real time."),
];

const SEND: &[Field] = &[
    Field::required("method", Kind::Text, "GET, POST and so on."),
    Field::required("path", Kind::Text, "The target, with its query."),
    Field::optional("headers", Kind::Map(&Kind::Text), "Headers by name."),
    Field::optional("body", Kind::Text, "The body as it is."),
    Field::optional("json", Kind::Any, "A body that is sent as JSON."),
    Field::optional("form", Kind::Map(&Kind::Any), "A body that is sent as a form."),
];

const EVENT: &[Field] = &[
    Field::required("vendor", Kind::Text, "Whose event it is."),
    Field::required("name", Kind::Text, "The event, as the vendor lists it."),
    Field::optional("with", Kind::Map(&Kind::Any), "Its fields."),
];

const EXPECT: &[Field] = &[
    Field::optional("status", Kind::Integer { min: 100, max: 599 }, "The status."),
    Field::optional("reply", Kind::OneOf(ARRIVALS), "How the reply arrives; whole if left out."),
    Field::optional(
        "headers",
        Kind::Map(&Kind::Any),
        "Headers by name: their value, or true or false for whether they are there.",
    ),
    Field::optional("body", Kind::Text, "The whole body, as exact text."),
    Field::optional("body_contains", Kind::Any, "A text in the body, or a list of them."),
    Field::optional("regex", Kind::Any, "A pattern that the body holds, or a list of them."),
    Field::optional(
        "json",
        Kind::Any,
        "Members that the JSON body has; a table, a list, or JSON as text.",
    ),
    Field::optional(
        "xml",
        Kind::Any,
        "Elements that the XML body has, as text; or a table of paths and values.",
    ),
    Field::optional(
        "csv",
        Kind::Any,
        "The rows of the CSV body: as text, as lists of cells, or as tables by column.",
    ),
    Field::optional("fields", Kind::Map(&Kind::Any), "Single values by JSON pointer or XML path."),
    Field::optional(
        "capture",
        Kind::Map(&Kind::TextOr(CAPTURE)),
        "Variables for later steps: a JSON pointer or XML path, or where else to take it from.",
    ),
];

const CAPTURE: &[Field] = &[
    Field::optional("path", Kind::Text, "A JSON pointer or XML path into the body."),
    Field::optional("header", Kind::Text, "A header's value."),
    Field::optional("regex", Kind::Text, "The first group of a pattern, or all that it matches."),
];

const EACH: &[Field] = &[Field::required("csv", Kind::Text, "A CSV file beside the scenario.")];

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub name: String,
    pub at: Mark,
    pub action: Action,
    /// Where it says what it does.
    pub action_at: Mark,
    pub expect: Vec<Expectation>,
    pub captures: Vec<Capture>,
    pub rounds: Vec<Round>,
    /// How long a reply may take, in real time.
    pub timeout_ms: Option<i64>,
}

/// One time that a step is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// The row that it is taken for; the step where there is none.
    pub at: Mark,
    /// Variables that hold in this round only.
    pub variables: Vec<(String, String)>,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Send(Box<Send>),
    Event { vendor: String, name: String, with: Json },
    Advance(String),
    Verify(Json),
}

/// A request, still with its variables.
#[derive(Clone, Debug, PartialEq)]
pub struct Send {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Body,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Text(String),
    Json(Json),
    Form(Vec<(String, Json)>),
}

/// One thing that is expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    pub at: Mark,
    pub wanted: Wanted,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    Status(u16),
    /// One of [`ARRIVALS`].
    Arrival(String),
    Header {
        name: String,
        value: HeaderWanted,
    },
    Body(String),
    Contains(String),
    Regex(String),
    /// What the JSON body has, with the places of what is inside, by pointer.
    Json {
        value: Json,
        marks: Vec<(String, Mark)>,
    },
    /// An element that the XML body has.
    Xml(String),
    /// All rows, all cells, the header among them.
    Cells(Vec<(Mark, Vec<Json>)>),
    /// All rows behind the header; of each the cells of these columns.
    Columns(Vec<(Mark, Vec<(String, Json)>)>),
    /// A single value by JSON pointer or XML path.
    Field {
        path: String,
        value: Json,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderWanted {
    Value(String),
    There,
    Absent,
}

/// A variable and where its value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    pub at: Mark,
    pub name: String,
    pub from: Origin,
    /// Takes the first group, or all that matches, out of what was found there.
    pub regex: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A JSON pointer or XML path into the body.
    Path(String),
    Header(String),
    Body,
}

/// Where a part of a step stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    pub file: Arc<str>,
    /// From 1; 0 in JSON that has been parsed.
    pub line: u32,
    pub column: u32,
    /// In JSON: the value.
    pub pointer: Option<String>,
    /// For a text over several lines: how far below `line` its first line stands.
    pub(crate) lines_below: Option<u32>,
}

impl Mark {
    /// The place of a line of the text that stands here; lines count from 0.
    #[must_use]
    pub fn text_line(&self, line: usize) -> Mark {
        let mut mark = self.clone();
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        match self.lines_below {
            Some(below) if below + line > 0 => {
                mark.line = self.line.saturating_add(below).saturating_add(line);
                mark.column = 1;
            }
            _ => {}
        }
        mark
    }
}

impl fmt::Display for Mark {
    /// `demo.toml:7:3`, or `scenario#/step/0` in JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(pointer) = self.pointer.as_ref().filter(|pointer| !pointer.is_empty()) {
            write!(f, "#{pointer}")?;
        }
        if self.line > 0 { write!(f, ":{}:{}", self.line, self.column) } else { Ok(()) }
    }
}
