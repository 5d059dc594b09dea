//! Replies of the control plane that are no errors: JSON.
//!
//! Not here: problem documents (`problem`), files and streams, which their routes make.

use http::StatusCode;
use serde_json::Value;

use crate::web::message::Response;

/// Media type of whatever is neither a file nor a problem document.
pub(crate) const JSON: &str = "application/json";

/// Media type of a scenario file.
pub(crate) const TOML: &str = "application/toml";

/// Media type of a text for people.
pub(crate) const MARKDOWN: &str = "text/markdown; charset=utf-8";

/// A JSON reply; one line, so that it can be piped.
pub(crate) fn json(status: StatusCode, value: &Value) -> Response {
    Response::with_body(status, JSON, format!("{value}\n"))
}

/// What was asked for, or what has become of it.
pub(crate) fn ok(value: &Value) -> Response {
    json(StatusCode::OK, value)
}

/// What is there now and was not before.
pub(crate) fn created(value: &Value) -> Response {
    json(StatusCode::CREATED, value)
}
