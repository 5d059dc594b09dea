//! The CSV files of a scenario as text in the place of their names, and the bodies of fixed replies:
//! the shape in which a scenario travels.
//!
//! Not here: what stands in them (`sheet_rows`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

use crate::base::limits::REPLY_FILE_BYTES_MAX;

use crate::scenario::error::ScenarioError;
use crate::scenario::files::{Files, reason, stays_inside};
use crate::scenario::limits::CSV_BYTES_MAX;

/// The key that names the body of a fixed reply.
const BODY_FILE: &str = "body_file";

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
            if let Some(Json::String(file)) = members.get(BODY_FILE) {
                let bytes = bytes_of(&file.clone(), REPLY_FILE_BYTES_MAX, files)?;
                members.shift_remove(BODY_FILE);
                match String::from_utf8(bytes) {
                    Ok(text) => members.insert("body".to_owned(), text.into()),
                    Err(error) => {
                        let encoded = STANDARD.encode(error.as_bytes());
                        members.insert("body_base64".to_owned(), encoded.into())
                    }
                };
            }
            members.values_mut().try_for_each(|value| take_in(value, files))
        }
        Json::Array(items) => items.iter_mut().try_for_each(|item| take_in(item, files)),
        _ => Ok(()),
    }
}

fn text_of(file: &str, files: &dyn Files) -> Result<String, ScenarioError> {
    Ok(String::from_utf8_lossy(&bytes_of(file, CSV_BYTES_MAX, files)?).into_owned())
}

fn bytes_of(file: &str, bytes_max: u64, files: &dyn Files) -> Result<Vec<u8>, ScenarioError> {
    let failed = |reason: String| ScenarioError::Sheet { file: file.to_owned(), reason };
    if !stays_inside(file) {
        let outside = "expected a path inside the scenario's folder: relative, without \"..\"";
        return Err(failed(outside.to_owned()));
    }
    files.read(file, bytes_max).map_err(|error| failed(reason(&error)))
}
