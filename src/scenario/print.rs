//! Prints a scenario that is JSON as TOML.

use serde_json::Value;

/// A scenario as the text of a file.
///
/// # Errors
/// Where it is no object, or holds a value that TOML has no word for, such as null.
pub fn to_toml(scenario: &Value) -> Result<String, String> {
    toml::to_string(scenario).map_err(|error| error.to_string())
}
