//! The steps of a scenario, as values: what is sent, what is expected, what is taken along.
//!
//! Not here: running them (`replay`).

mod capture;
mod check;
mod expectation;
pub(crate) mod fields;
pub(crate) mod read;
mod reader;
mod send;

use std::fmt;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::base::time::Span;

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
    pub timeout: Option<Span>,
    /// The headers of the reply as it was recorded; none where that is not known.
    pub recorded: Vec<(String, String)>,
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
    Event {
        vendor: String,
        name: String,
        with: Json,
    },
    Advance(String),
    /// A piece of scenario for the world as it is.
    Seed(Json),
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

/// The body of a request, still with its variables.
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

/// What an expectation asks of the reply.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    Status(u16),
    /// One of `fields::ARRIVALS`.
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

/// What an expectation asks of a header.
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

/// The part of a reply that a variable takes its value from.
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
