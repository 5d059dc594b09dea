//! A scenario file as the body of a call: the same shape as JSON, its CSV files within it as text.
//!
//! Not here: whether it is right; the program that makes a world of it says so. Only where in the file it is
//! not is found out here.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use crate::app::RowsTold;
use crate::app::check::{Checked, Found, check};
use crate::app::reading;
use crate::cli::failure::{Failure, bad_input};
use crate::scenario::built_in::built_in_text;
use crate::scenario::mistake;

/// What a program says of a scenario that it makes no world of.
const MISTAKEN: &str = "the scenario has mistakes; nothing was made";

/// Whether a scenario is named by its file, not by a name that the running program knows.
pub(crate) fn is_file(named: &str) -> bool {
    let end = Path::new(named).extension().and_then(|end| end.to_str()).unwrap_or_default();
    named.contains('/')
        || ["toml", "json"].iter().any(|known| end.eq_ignore_ascii_case(known))
        || Path::new(named).is_file() && built_in_text(named).is_none()
}

/// What is said where the running program refuses a scenario: of a name that it does not know, with the
/// file that is not there; of a file, with the places in it, which the program that got JSON does not know.
pub(crate) fn told(named: &str, mut refused: Failure) -> Failure {
    if refused.text.starts_with("there is no scenario called") {
        let place = std::path::absolute(named).unwrap_or_else(|_| named.into());
        refused.text = format!("{}; nor is there a file {}", refused.text, place.display());
    } else if refused.text.starts_with(MISTAKEN)
        && is_file(named)
        && let Ok(all) = check(&[named.into()], &RowsTold(Arc::new(|_| ())))
        && let Some(Checked { file, found: Found::Mistakes(told), .. }) = all.first()
    {
        refused.text = format!("{MISTAKEN}\n{}", mistake::lines(file, told).join("\n"));
    }
    refused
}

/// Reads a scenario file: TOML, or JSON where its name ends so.
///
/// # Errors
/// Where it or a CSV file that it names cannot be read.
pub(crate) fn read(path: &Path) -> Result<Value, Failure> {
    reading::scenario_file(path).map_err(bad_input)
}
