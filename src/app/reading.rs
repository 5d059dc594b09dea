//! What a command reads for a program that runs: scenario files and JSON, in the words that the program
//! itself has for their mistakes.
//!
//! Not here: what a command makes of it.

use std::path::Path;

use serde_json::Value;

use crate::contract::fields::{Field, OwnedRow};
use crate::scenario::{fields_from_json, read_plain};
use crate::web::json_once;

/// A scenario file as JSON, its CSV files within it as text.
///
/// # Errors
/// What is wrong with it, a line each.
pub(crate) fn scenario_file(path: &Path) -> Result<Value, String> {
    read_plain(path).map_err(|error| error.to_string())
}

/// A text as JSON, each name once in its object.
///
/// # Errors
/// What is wrong with it, as the end of a sentence: "the body …".
pub(crate) fn json(text: &str) -> Result<Value, String> {
    json_once::read(text.as_bytes()).map_err(|fault| fault.to_string())
}

/// What a table of fields takes of a JSON object; `what` names it in messages.
///
/// # Errors
/// Everything that is wrong with it, a line each.
pub(crate) fn fields(
    fields: &'static [Field],
    what: &str,
    value: &Value,
) -> Result<OwnedRow, String> {
    fields_from_json(fields, what, value).map_err(|mistakes| mistakes.to_string())
}
