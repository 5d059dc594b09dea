//! Calls of the control plane that a replay uses, and why a scenario cannot be run with it.

use http::{Method, StatusCode};
use serde_json::Value as Json;

use crate::client::{FetchError, Target};

/// Why a scenario could not be run at all.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The control plane says no, in its own words: its detail, then each mistake.
    #[error("{0}")]
    Refused(String),
    #[error("{path} cannot be read: {error}")]
    Unread { path: String, error: serde_json::Error },
    #[error("no name is free for a world at the server")]
    NoName,
}

/// An answer of the control plane.
pub(crate) struct Controlled {
    pub(crate) status: StatusCode,
    pub(crate) text: String,
}

impl Controlled {
    /// # Errors
    /// Where it is a refusal.
    pub(crate) fn whole(self) -> Result<Json, RunError> {
        let body: Json = serde_json::from_str(&self.text).unwrap_or_default();
        if self.status.is_success() {
            return Ok(body);
        }
        let detail = body["detail"].as_str().unwrap_or(&self.text);
        let mistakes = body["mistakes"].as_array().into_iter().flatten();
        let told = mistakes.filter_map(|it| it["message"].as_str());
        // The detail of some says what is in its only mistake.
        let told = told.filter(|it| !detail.contains(it));
        Err(RunError::Refused(std::iter::once(detail).chain(told).collect::<Vec<_>>().join("\n")))
    }
}

/// Makes a call.
///
/// # Errors
/// Where nothing answers.
pub(crate) async fn control(
    admin: &Target,
    method: Method,
    path: &str,
    body: &Json,
) -> Result<Controlled, FetchError> {
    let fetched = admin.send(method, path, body).await?;
    let text = String::from_utf8_lossy(&fetched.body).into_owned();
    Ok(Controlled { status: fetched.status, text })
}
