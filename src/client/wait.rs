//! Waiting for a running Ringback: until it serves, or until something has happened in a world.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use super::control::{ControlError, escaped};
use super::fetch::{FetchError, Fetched, Target};
use crate::base::time::Span;

/// Between two questions whether it serves. A start takes some tens of milliseconds.
const ASK_AGAIN: Duration = Duration::from_millis(20);

/// Over the server's own patience, so that its verdict arrives.
const GRACE: Duration = Duration::from_secs(5);

/// Why waiting ended without what was waited for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WaitError {
    #[error("not ready after {waited:?}: {last}")]
    NotReady { waited: Duration, last: String },
    /// It was asked once, and said so at once.
    #[error("not ready: {0}")]
    NotNow(String),
    #[error("{0}")]
    Refused(String),
    #[error("{0} does not answer like ringback's admin listener")]
    NotRingback(String),
    #[error(transparent)]
    Fetch(#[from] FetchError),
}

/// Whether it serves right now.
///
/// # Errors
/// Where it does not, with the reason.
pub(crate) async fn ready(target: &Target, patience: Duration) -> Result<(), WaitError> {
    match timeout(patience, target.get("/readyz")).await {
        Err(_) => Err(WaitError::NotReady { waited: patience, last: "no answer in time".into() }),
        Ok(Err(error @ FetchError::Address(_))) => Err(error.into()),
        Ok(Err(error)) => Err(WaitError::NotNow(error.to_string())),
        Ok(Ok(fetched)) if fetched.status == StatusCode::OK => Ok(()),
        Ok(Ok(fetched)) => Err(WaitError::NotNow(told(target, &fetched))),
    }
}

/// Why it says that it is not ready, in its own words where it has some.
fn told(target: &Target, fetched: &Fetched) -> String {
    match target.refusal(fetched) {
        ControlError::Refused { text, .. } => text,
        _ => format!("readyz answers {}", fetched.status),
    }
}

/// Waits until it serves.
///
/// # Errors
/// Where it does not in time; the last reason is told.
pub(crate) async fn until_ready(target: &Target, patience: Duration) -> Result<(), WaitError> {
    let end = Instant::now() + patience;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        match ready(target, left).await {
            Err(WaitError::NotReady { last, .. } | WaitError::NotNow(last)) => {
                if Instant::now() + ASK_AGAIN >= end {
                    return Err(WaitError::NotReady { waited: patience, last });
                }
            }
            other => return other,
        }
        sleep(ASK_AGAIN).await;
    }
}

/// What waiting for a condition came to.
#[derive(Debug)]
pub(crate) struct Met {
    /// The verdict, as the control plane tells it.
    pub(crate) told: Value,
    /// How long it was waited for at most, as it was written.
    patience: String,
    /// Whether that was over.
    is_over: bool,
}

impl Met {
    /// That it does not hold, in words: what was waited for, how long, and what was there; `None` where it does.
    pub(crate) fn unmet(&self) -> Option<String> {
        if self.told["verdict"] == "pass" {
            return None;
        }
        let word = |name: &str| self.told[name].as_str().unwrap_or_default();
        let how = if self.is_over {
            format!("timed out after {} (--timeout)", self.patience)
        } else {
            // One entry too many does not go away again.
            "no longer to be met".to_owned()
        };
        let (expected, found) = (word("expected"), &self.told["found"]);
        Some(format!("{how}: expected {expected}, found {found}; {}", word("reason")))
    }
}

/// Waits until a condition over a world's journal holds or no longer can.
///
/// # Errors
/// Where the condition is refused or the server goes away.
pub(crate) async fn until_met(
    target: &Target,
    world: &str,
    mut condition: Value,
    patience: Duration,
) -> Result<Met, WaitError> {
    // One that brings its own time is left alone.
    if condition.is_object() && condition["timeout"].is_null() {
        let millis = || format!("{}ms", patience.as_millis());
        let written = Span::try_from(patience).map_or_else(|_| millis(), |span| span.to_string());
        condition["timeout"] = json!(written);
    }
    let own = condition["timeout"].as_str().unwrap_or_default().to_owned();
    let patience = own.parse::<Span>().map_or(patience, Duration::from);
    let begun = Instant::now();
    let path = format!("/v1/worlds/{}/wait", escaped(world));
    let fetched = target.post(&path, &condition, patience + GRACE).await?;
    let not_ringback = || WaitError::NotRingback(target.base.clone());
    let told: Value = serde_json::from_slice(&fetched.body).map_err(|_| not_ringback())?;
    if told["verdict"].is_string() {
        return Ok(Met { told, patience: own, is_over: begun.elapsed() >= patience });
    }
    Err(told["detail"].as_str().map_or_else(not_ringback, |it| WaitError::Refused(it.to_owned())))
}
