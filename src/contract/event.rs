//! What happens outside a vendor's API, and why it may not.

use serde_json::Value;

use crate::contract::cx::Cx;
use crate::contract::fields::{Field, Row};
use crate::contract::reply::InternalError;

/// Something that happens outside the vendor's API and that a test can bring about.
#[derive(Debug)]
pub struct Event {
    pub name: &'static str,
    pub text: &'static str,
    pub fields: &'static [Field],
}

/// Why an event did not happen.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// The state does not allow it: what was expected, what is there, what to do.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Internal(#[from] InternalError),
}

impl From<rusqlite::Error> for EventError {
    fn from(error: rusqlite::Error) -> Self {
        EventError::Internal(error.into())
    }
}

/// The events of a vendor that declares none.
///
/// # Errors
/// Always: the vendor's table of events names one that nobody wrote.
pub fn undeclared(_: &mut Cx<'_>, name: &str, _: &Row<'_>) -> Result<Value, EventError> {
    let reason = format!("event {name} is declared but not written");
    Err(EventError::Internal(InternalError::new(reason)))
}
