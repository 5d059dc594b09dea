//! A scenario file as the body of a call: the same shape as JSON, its CSV files within it as text.
//!
//! Not here: whether it is right; the program that makes a world of it says so.

use std::path::Path;

use serde_json::Value;

use crate::app::reading;
use crate::cli::failure::{Failure, bad_input};

/// Whether a scenario is named by its file, not by a name that the running program knows.
pub(crate) fn is_file(named: &str) -> bool {
    let end = Path::new(named).extension().and_then(|end| end.to_str()).unwrap_or_default();
    named.contains('/') || ["toml", "json"].iter().any(|known| end.eq_ignore_ascii_case(known))
}

/// Reads a scenario file: TOML, or JSON where its name ends so.
///
/// # Errors
/// Where it or a CSV file that it names cannot be read.
pub(crate) fn read(path: &Path) -> Result<Value, Failure> {
    reading::scenario_file(path).map_err(bad_input)
}
