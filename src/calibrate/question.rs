//! What is asked of a vendor: a request, or a few that belong together, with values that stand for
//! what an earlier reply gave.
//!
//! Not here: which are worth asking (`pool`), and what a reply shows (`features`).

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue, Method, Uri};
use serde_json::Value;

use crate::web::message::Request;

/// How dear a question is to whoever owns the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Risk {
    /// It changes nothing.
    Reads,
    /// It makes rows of its own and takes them away, or changes nothing that lasts.
    Writes,
    /// It calls a number that the user gave.
    Dials,
}

/// One request. `{{name}}` in its path, headers and body stands for what an earlier reply of the same
/// question gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    /// Path and query, as they go out.
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Names, and where their values stand in the reply.
    pub(crate) captures: Vec<(&'static str, Spot)>,
    /// Whether it takes back what an earlier one made, so that it is sent also where one between them failed.
    pub(crate) ends: bool,
}

/// Where a value stands in a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    /// A pointer into JSON; the first that is there.
    Json(&'static [&'static str]),
}

/// A question: one or a few requests, asked in order.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    /// In words, for the report.
    pub(crate) name: String,
    pub(crate) asks: Vec<Ask>,
    pub(crate) risk: Risk,
    /// Whether a refusal for bad credentials is what it is after.
    pub(crate) bad_credentials: bool,
}

/// A reply as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Values by the names that stand for them.
pub(crate) type Bound = BTreeMap<&'static str, String>;

impl Ask {
    pub(crate) fn new(method: Method, path: impl Into<String>) -> Self {
        let (headers, body, captures) = Default::default();
        let ends = method == Method::DELETE;
        Ask { method, path: path.into(), headers, body, captures, ends }
    }

    pub(crate) fn get(path: impl Into<String>) -> Self {
        Ask::new(Method::GET, path)
    }

    #[must_use]
    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    #[must_use]
    pub(crate) fn json(self, body: &Value) -> Self {
        self.raw("application/json", body.to_string())
    }

    #[must_use]
    pub(crate) fn raw(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", media_type)
    }

    #[must_use]
    pub(crate) fn capture(mut self, name: &'static str, spot: Spot) -> Self {
        self.captures.push((name, spot));
        self
    }

    /// Takes back what an earlier one made.
    #[must_use]
    pub(crate) fn ending(self) -> Self {
        Ask { ends: true, ..self }
    }

    /// As a request that a world answers; `None` where it cannot be written as one.
    pub(crate) fn request(&self, bound: &Bound) -> Option<Request> {
        let path = filled(&self.path, bound);
        if path.contains("{{") {
            return None;
        }
        let target: Uri = path.parse().ok()?;
        let mut request = Request::new(self.method.clone(), target);
        for (name, value) in &self.headers {
            let name = HeaderName::try_from(name.as_str()).ok()?;
            request.headers.append(name, HeaderValue::try_from(filled(value, bound)).ok()?);
        }
        request.body = self.body_bytes(bound).into();
        Some(request)
    }

    /// The body with what was captured.
    pub(crate) fn body_bytes(&self, bound: &Bound) -> Vec<u8> {
        match std::str::from_utf8(&self.body) {
            Ok(text) if text.contains("{{") => filled(text, bound).into_bytes(),
            _ => self.body.clone(),
        }
    }

    /// Takes what a reply gives.
    pub(crate) fn take(&self, heard: &Heard, bound: &mut Bound) {
        for (name, Spot::Json(pointers)) in &self.captures {
            let json: Value = serde_json::from_slice(&heard.body).unwrap_or_default();
            let found = pointers.iter().find_map(|pointer| json.pointer(pointer));
            let text = match found {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Null) | None => continue,
                Some(other) => other.to_string(),
            };
            bound.insert(name, text);
        }
    }

    /// In a line, without values that could be secret.
    pub(crate) fn line(&self) -> String {
        let path = self.path.split('?').next().unwrap_or_default();
        format!("{} {path}", self.method)
    }
}

impl Question {
    pub(crate) fn reads(name: impl Into<String>, ask: Ask) -> Self {
        Question { name: name.into(), asks: vec![ask], risk: Risk::Reads, bad_credentials: false }
    }

    pub(crate) fn writes(name: impl Into<String>, asks: Vec<Ask>) -> Self {
        Question { name: name.into(), asks, risk: Risk::Writes, bad_credentials: false }
    }

    pub(crate) fn dials(name: impl Into<String>, asks: Vec<Ask>) -> Self {
        Question { risk: Risk::Dials, ..Question::writes(name, asks) }
    }

    #[must_use]
    pub(crate) fn refused(self) -> Self {
        Question { bad_credentials: true, ..self }
    }

    /// What it costs: requests, and more where it writes.
    pub(crate) fn cost(&self) -> u32 {
        let n_asks = u32::try_from(self.asks.len()).unwrap_or(u32::MAX);
        n_asks.saturating_add(u32::from(self.risk != Risk::Reads))
    }
}

impl Heard {
    /// In the place of a reply to what could not be asked, because an earlier one did not give what it
    /// needs.
    pub(crate) fn not_asked() -> Self {
        Heard { status: 0, headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A text with what stands for values replaced by them.
pub(crate) fn filled(text: &str, bound: &Bound) -> String {
    let mut text = text.to_owned();
    for (name, value) in bound {
        if text.contains("{{") {
            text = text.replace(&format!("{{{{{name}}}}}"), value);
        }
    }
    text
}
