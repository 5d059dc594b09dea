//! A scenario file as the body of a call: the same shape as JSON, its CSV files within it as text.
//!
//! Not here: whether it is right; the program that makes a world of it says so.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

use crate::cli::failure::{Failure, bad_input};

/// The member that names a CSV file.
const CSV: &str = "csv";

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
    let text = text_of(path)?;
    let unread = |reason: String| bad_input(format!("{}: {}", path.display(), reason.trim_end()));
    let is_json = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
    let mut scenario = if is_json {
        serde_json::from_str(&text).map_err(|error| unread(format!("not JSON: {error}")))?
    } else {
        let table = text.parse::<toml::Table>().map_err(|error| unread(error.to_string()))?;
        json(table.into())
    };
    inline(&mut scenario, path.parent().unwrap_or(Path::new("")))?;
    Ok(scenario)
}

fn text_of(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path)
        .map_err(|error| bad_input(format!("cannot read {}: {error}", path.display())))
}

fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(flag) => flag.into(),
        // JSON has no moments; scenarios in JSON have them as text.
        toml::Value::Datetime(moment) => moment.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(json).collect(),
        toml::Value::Table(table) => {
            table.into_iter().map(|(key, value)| (key, json(value))).collect::<Map<_, _>>().into()
        }
    }
}

/// Puts the text of each CSV file in the place of its name.
fn inline(value: &mut Value, folder: &Path) -> Result<(), Failure> {
    match value {
        Value::Object(members) => {
            if let (1, Some(Value::String(file))) = (members.len(), members.get(CSV))
                // A text with lines is the rows already.
                && !file.contains('\n')
            {
                let text = text_of(&folder.join(file))?;
                members.insert(CSV.into(), text.into());
                return Ok(());
            }
            members.values_mut().try_for_each(|inner| inline(inner, folder))
        }
        Value::Array(items) => items.iter_mut().try_for_each(|item| inline(item, folder)),
        _ => Ok(()),
    }
}
