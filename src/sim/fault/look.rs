//! The places in a request that a rule can look at.

use http::HeaderName;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::contract::operation::Call;
use crate::web::params::{Json, Pairs};

/// What a rule asks of one place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// `param u`, `query u`, `form u`, `header X-Name`, `json /0/UserData`, `path`, `body`.
    pub at: String,
    /// The whole value, as the client wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub equals: Option<String>,
    /// A part of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
}

/// The kinds of place, as messages name them.
pub(crate) const PLACES: &str =
    "param NAME, query NAME, form NAME, header NAME, json POINTER, path or body";

impl Look {
    /// Whether the place can be read at all.
    pub(crate) fn is_sound(&self) -> bool {
        match self.at.split_once(' ') {
            None => matches!(self.at.as_str(), "path" | "body"),
            Some(("header", name)) => name.parse::<HeaderName>().is_ok(),
            Some(("json", pointer)) => pointer.starts_with('/'),
            Some((kind, name)) => matches!(kind, "param" | "query" | "form") && !name.is_empty(),
        }
    }

    /// Whether one of the values that stand there is the one.
    pub(crate) fn fits(&self, call: &Call<'_>) -> bool {
        let is = |value: &str| {
            self.equals.as_deref().is_none_or(|wanted| value == wanted)
                && self.contains.as_deref().is_none_or(|part| value.contains(part))
        };
        let any = |pairs: &Pairs, name: &str| {
            pairs.iter().any(|(known, value)| known.eq_ignore_ascii_case(name) && is(value))
        };
        let request = call.request;
        match self.at.split_once(' ').unwrap_or((self.at.as_str(), "")) {
            ("path", _) => is(request.path()),
            ("body", _) => is(&String::from_utf8_lossy(&request.body)),
            ("header", name) => {
                let values = request.headers.get_all(name).iter();
                values.into_iter().any(|value| is(&String::from_utf8_lossy(value.as_bytes())))
            }
            ("query", name) => {
                any(&Pairs::parse(request.query().unwrap_or_default().as_bytes()), name)
            }
            ("form", name) => any(&Pairs::parse(&request.body), name),
            ("json", pointer) => {
                let body = json(call);
                body.as_ref()
                    .and_then(|body| body.pointer(pointer))
                    .is_some_and(|it| is(&plain(it)))
            }
            (_, name) => {
                let params = call.params;
                let member = json(call).and_then(|body| body.get(name).map(plain));
                any(&params.path, name)
                    || any(&params.query, name)
                    || any(&params.form, name)
                    || member.is_some_and(|value| is(&value))
            }
        }
    }
}

fn json(call: &Call<'_>) -> Option<Value> {
    match &call.params.json {
        Json::Value(value) => Some(value.clone()),
        // Not every vendor reads its bodies as JSON before the world is asked.
        _ => serde_json::from_slice(&call.request.body).ok(),
    }
}

/// A value as the client would have written it in a parameter.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
