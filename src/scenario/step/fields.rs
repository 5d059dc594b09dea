//! The fields of a step, as tables: what may stand in one, and what each means.

use crate::contract::fields::{Field, Kind, Rows};
use crate::scenario::step::check::{advance, one_line};

/// Most rounds of one step. A load test is another tool's work.
pub(super) const ROUNDS_MAX: i64 = 10_000;

/// How a reply may arrive.
pub(crate) const ARRIVALS: &[&str] = &["whole", "cut", "none", "late"];

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
    Field::optional(
        "seed",
        Kind::Map(&Kind::Any),
        "A piece of scenario that comes into the world.",
    ),
    Field::optional("verify", Kind::Any, "What must have happened so far."),
    Field::optional("expect", Kind::Table(EXPECT), "What comes back."),
    Field::optional("repeat", Kind::Integer { min: 1, max: ROUNDS_MAX }, "How many times."),
    Field::optional("each", Kind::Table(EACH), "Once for each row of a CSV file."),
    Field::optional("timeout", Kind::Duration, "How long a reply may take, in real time."),
    Field::optional(
        "recorded",
        Kind::Table(RECORDED),
        "What came beside it when it was recorded; a replay passes it over, drift compares it.",
    ),
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

const RECORDED: &[Field] =
    &[Field::optional("headers", Kind::Map(&Kind::Text), "The headers of the reply.")];

const EACH: &[Field] = &[Field::required("csv", Kind::Text, "A CSV file beside the scenario.")];
