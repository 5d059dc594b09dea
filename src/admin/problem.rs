//! Errors of the control plane, as problem documents (RFC 9457).

use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Map, Value, json};

use crate::base::nearest::nearest;
use crate::web::message::Response;

/// Media type of a problem document.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// Media type of everything else here.
pub(crate) const JSON: &str = "application/json";

/// One error.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    /// A word for programs, the same for all errors of a kind.
    kind: &'static str,
    /// What was expected and what was found, for people.
    detail: Box<str>,
    more: Map<String, Value>,
    /// One more header. Boxed: few problems have one, and all are returned by value.
    header: Option<Box<(HeaderName, HeaderValue)>>,
}

impl Problem {
    pub fn new(status: StatusCode, kind: &'static str, detail: impl Into<String>) -> Self {
        Problem { status, kind, detail: detail.into().into(), more: Map::new(), header: None }
    }

    pub fn not_found(kind: &'static str, detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::NOT_FOUND, kind, detail)
    }

    /// A name that is not there: those that are, and the nearest of them.
    pub fn unknown(status: StatusCode, what: &str, name: &str, known: &[&'static str]) -> Self {
        let mut detail = match known {
            [] => format!("there is no {what} called {name:?}; there are none here"),
            known => {
                format!("there is no {what} called {name:?}; expected one of {}", known.join(", "))
            }
        };
        if let Some(near) = nearest(name, known.iter().copied()) {
            detail = format!("{detail}; did you mean {near:?}?");
        }
        Problem::new(status, "no-such-name", detail)
    }

    pub fn bad_request(detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::BAD_REQUEST, "bad-request", detail)
    }

    pub fn internal(detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }

    /// A body or a query with mistakes, as their own JSON tells them.
    pub fn mistaken(detail: impl Into<String>, told: &Value) -> Self {
        let problem = Problem::bad_request(detail).with("mistakes", told["mistakes"].clone());
        // How many there are beyond those.
        if told["more"] == 0 { problem } else { problem.with("more", told["more"].clone()) }
    }

    /// The same with one more member.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// The same with a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.header = Some(Box::new((name, value)));
        self
    }

    pub fn into_response(self) -> Response {
        let mut problem = json!({
            "type": format!("urn:ringback:problem:{}", self.kind),
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        if let Some(members) = problem.as_object_mut() {
            members.extend(self.more);
        }
        let response = Response::with_body(self.status, PROBLEM_JSON, format!("{problem}\n"));
        match self.header.map(|header| *header) {
            Some((name, value)) => response.header(name, value),
            None => response,
        }
    }
}

/// A JSON reply; one line, so that it can be piped.
pub fn json_response(status: StatusCode, value: &Value) -> Response {
    Response::with_body(status, JSON, format!("{value}\n"))
}

pub(crate) fn internal(error: impl std::fmt::Display) -> Problem {
    Problem::internal(error.to_string())
}
