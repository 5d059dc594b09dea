//! A running program's control plane: one call, its answer as JSON, and what it says where it
//! refuses.
//!
//! Not here: files that go in or out (`transfer`).

use std::time::Duration;

use http::{Method, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::Value;

use super::fetch::{FetchError, Fetched, Target};

/// Time for an answer. A long advance or a large scenario takes minutes, and is not given up.
const PATIENCE: Duration = Duration::from_hours(1);

/// What needs no escape in a segment of a path or a value of a query.
const ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b':');

/// A text as it stands in a path or a query.
pub(crate) fn escaped(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// Why there is no answer of the kind that was asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ControlError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// It refuses, in its own words.
    #[error("{text}")]
    Refused {
        status: StatusCode,
        text: String,
        /// Where it is a balancer that cannot say itself: the processes to ask, each for its own.
        processes: Vec<String>,
    },
    #[error("{0} does not answer like ringback's admin listener")]
    NotRingback(String),
}

/// What a balancer calls its answer where each process is to be asked.
const OF_EACH: &str = "urn:ringback:problem:of-each-process";

/// A problem document, as far as it is told.
#[derive(Deserialize)]
struct Problem {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    processes: Vec<String>,
    detail: String,
    #[serde(default)]
    mistakes: Vec<Mistake>,
    /// How many mistakes there are beyond those.
    #[serde(default)]
    more: u64,
    /// The field that the one mistake is about.
    field: Option<String>,
}

#[derive(Deserialize)]
struct Mistake {
    message: String,
}

impl Target {
    /// Makes one call. No body goes with it where it is `Value::Null`.
    ///
    /// # Errors
    /// Where nothing answers, it refuses, or the answer is none of Ringback's.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<Value, ControlError> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let fetched = self.fetch(method, path, body.into(), PATIENCE).await?;
        self.answer(&fetched)
    }

    fn answer(&self, fetched: &Fetched) -> Result<Value, ControlError> {
        let not_ringback = || ControlError::NotRingback(self.base.clone());
        let value: Value = serde_json::from_slice(&fetched.body).map_err(|_| not_ringback())?;
        // A verdict that is no pass has a status of its own and is an answer all the same.
        if fetched.status.is_success() || value["verdict"].is_string() {
            return Ok(value);
        }
        Err(self.refusal(fetched))
    }

    /// What a reply says that is a refusal.
    pub(crate) fn refusal(&self, fetched: &Fetched) -> ControlError {
        match serde_json::from_slice::<Problem>(&fetched.body) {
            Ok(mut problem) => {
                let is_of_each = problem.kind == OF_EACH;
                let processes = std::mem::take(&mut problem.processes);
                let processes = if is_of_each { processes } else { Vec::new() };
                ControlError::Refused { status: fetched.status, text: problem.told(), processes }
            }
            Err(_) => ControlError::NotRingback(self.base.clone()),
        }
    }
}

impl Problem {
    /// All of it for people: the mistakes, each with its place, or the one that there is.
    fn told(self) -> String {
        let Problem { detail, mistakes, more, field, .. } = self;
        let mut text = match field {
            Some(field) if !detail.contains(&field) => format!("{field}: {detail}"),
            _ => detail,
        };
        // The detail says the same, or that there are some.
        for Mistake { message } in &mistakes {
            if !text.contains(message) {
                text = format!("{text}\n{message}");
            }
        }
        if more > 0 && !text.contains("more") {
            text = format!("{text}\nand {more} more");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(problem: &Value) -> String {
        let target = Target::at("http://127.0.0.1:1", None);
        let body = problem.to_string().into();
        target.refusal(&Fetched { status: StatusCode::BAD_REQUEST, body }).to_string()
    }

    #[test]
    fn each_mistake_is_told_once_with_its_place() {
        let mistakes = serde_json::json!([{ "message": "the body#/a: no" }]);
        let detail = "the scenario has mistakes; nothing was made";
        let problem = serde_json::json!({ "detail": detail, "mistakes": mistakes, "more": 2 });
        assert_eq!(told(&problem), format!("{detail}\nthe body#/a: no\nand 2 more"));
        let problem = serde_json::json!({ "detail": "the body#/a: no", "mistakes": mistakes });
        assert_eq!(told(&problem), "the body#/a: no");
        let problem = serde_json::json!({ "detail": "expected one of x", "field": "then" });
        assert_eq!(told(&problem), "then: expected one of x");
        assert!(told(&serde_json::json!({})).contains("does not answer like"));
    }

    #[test]
    fn only_a_balancer_that_says_so_has_processes() {
        let found = |kind: &str| {
            let problem =
                serde_json::json!({ "type": kind, "detail": "d", "processes": ["a1", "a2"] });
            let (status, body) = (StatusCode::MISDIRECTED_REQUEST, problem.to_string().into());
            match Target::at("http://127.0.0.1:1", None).refusal(&Fetched { status, body }) {
                ControlError::Refused { processes, .. } => processes.join(" "),
                other => other.to_string(),
            }
        };
        assert_eq!(found(OF_EACH), "a1 a2");
        assert_eq!(found("urn:other"), "");
    }

    #[test]
    fn names_stand_in_paths_whatever_they_hold() {
        assert_eq!(escaped("a-b_c.d~2026-03-02T09:00:00Z"), "a-b_c.d~2026-03-02T09:00:00Z");
        assert_eq!(escaped("a/b?c&d é"), "a%2Fb%3Fc%26d%20%C3%A9");
    }
}
