//! The CSV files of a scenario as text in the place of their names: the shape in which a scenario
//! travels.
//!
//! Not here: what stands in them (`sheet_rows`).

use serde_json::Value as Json;

use crate::scenario::error::ScenarioError;
use crate::scenario::files::{Files, reason, stays_inside};
use crate::scenario::limits::CSV_BYTES_MAX;

/// The key that names a CSV file.
const CSV: &str = "csv";

/// Puts the text of each CSV file in the place of its name. What has lines is text already.
///
/// # Errors
/// Where a file cannot be read, or lies outside the scenario's folder.
pub(crate) fn take_in(json: &mut Json, files: &dyn Files) -> Result<(), ScenarioError> {
    match json {
        Json::Object(members) => {
            if members.len() == 1
                && let Some(Json::String(csv)) = members.get_mut(CSV)
                && !csv.contains('\n')
            {
                *csv = text_of(csv, files)?;
                return Ok(());
            }
            members.values_mut().try_for_each(|value| take_in(value, files))
        }
        Json::Array(items) => items.iter_mut().try_for_each(|item| take_in(item, files)),
        _ => Ok(()),
    }
}

fn text_of(file: &str, files: &dyn Files) -> Result<String, ScenarioError> {
    let failed = |reason: String| ScenarioError::Sheet { file: file.to_owned(), reason };
    if !stays_inside(file) {
        let outside = "expected a path inside the scenario's folder: relative, without \"..\"";
        return Err(failed(outside.to_owned()));
    }
    let bytes = files.read(file, CSV_BYTES_MAX).map_err(|error| failed(reason(&error)))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
