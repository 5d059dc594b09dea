//! One fixed reply: which requests it answers, and with what.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::contract::operation::Call;
use crate::sim::fault::canned::pattern;
use crate::sim::fault::headers::Headers;
use crate::web::message::Response;
use crate::web::params::{Json, Pairs};
use crate::web::xml::{Element, Reached, XmlPath};

/// One fixed reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Canned {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub on: CannedOn,
    pub status: u16,
    #[serde(default, skip_serializing_if = "Headers::is_empty")]
    pub headers: Headers,
    #[serde(default, skip_serializing_if = "CannedBody::is_empty")]
    pub body: CannedBody,
}

/// Which requests a fixed reply answers. What is left out fits everything.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct CannedOn {
    pub vendor: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub query: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub form: BTreeMap<String, String>,
    /// By JSON pointer.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub json: Map<String, Value>,
    /// By XML path.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub xml: BTreeMap<String, String>,
    /// Also in place of an operation that Ringback has.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub instead: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nth: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
}

/// A body as a scenario can say it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CannedBody {
    #[default]
    None,
    Text(String),
    /// Bytes that are no text.
    Base64(String),
}

impl CannedBody {
    /// A body of any bytes.
    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) if text.is_empty() => CannedBody::None,
            Ok(text) => CannedBody::Text(text),
            Err(error) => CannedBody::Base64(STANDARD.encode(error.as_bytes())),
        }
    }

    fn is_empty(&self) -> bool {
        *self == CannedBody::None
    }

    fn bytes(&self) -> Bytes {
        match self {
            CannedBody::None => Bytes::new(),
            CannedBody::Text(text) => Bytes::from(text.clone()),
            // It was read before it was kept.
            CannedBody::Base64(text) => STANDARD.decode(text).unwrap_or_default().into(),
        }
    }
}

impl CannedOn {
    /// Whether the request is one of those.
    pub(crate) fn fits(&self, vendor: &str, call: &Call<'_>) -> bool {
        let request = call.request;
        let pairs = |wanted: &BTreeMap<String, String>, sent: &[u8]| {
            wanted.is_empty() || holds(&Pairs::parse(sent), wanted)
        };
        self.vendor == vendor
            && (self.instead || call.operation.is_none())
            && self.method.as_deref().is_none_or(|wanted| request.method == *wanted)
            && self.path.as_deref().is_none_or(|wanted| pattern::fits(wanted, request.path()))
            && pairs(&self.query, request.query().unwrap_or_default().as_bytes())
            && pairs(&self.form, &request.body)
            && self.json_fits(call)
            && self.xml_fits(&request.body)
    }

    fn json_fits(&self, call: &Call<'_>) -> bool {
        if self.json.is_empty() {
            return true;
        }
        let read;
        let body = match &call.params.json {
            Json::Value(value) => value,
            // Not every vendor reads its bodies as JSON before the world is asked.
            _ => match serde_json::from_slice::<Value>(&call.request.body) {
                Ok(value) => {
                    read = value;
                    &read
                }
                Err(_) => return false,
            },
        };
        self.json.iter().all(|(pointer, wanted)| body.pointer(pointer) == Some(wanted))
    }

    fn xml_fits(&self, body: &[u8]) -> bool {
        if self.xml.is_empty() {
            return true;
        }
        let Ok(root) = Element::parse(body) else { return false };
        self.xml.iter().all(|(path, wanted)| {
            let reached = XmlPath::parse(path).map(|path| path.reach(&root));
            matches!(reached, Ok(Reached::Texts(texts)) if texts.contains(wanted))
        })
    }
}

fn holds(sent: &Pairs, wanted: &BTreeMap<String, String>) -> bool {
    let has = |name: &str, value: &str| sent.iter().any(|(n, v)| n == name && v == value);
    wanted.iter().all(|(name, value)| has(name, value))
}

impl Canned {
    /// What is sent. Headers come later, on top of those that every reply has.
    pub(crate) fn response(&self) -> Response {
        let mut response = Response::empty(StatusCode::from_u16(self.status).unwrap_or_default());
        response.body = self.body.bytes();
        if !response.body.is_empty() {
            let is_json = matches!(&self.body, CannedBody::Text(text)
                if serde_json::from_str::<Value>(text).is_ok_and(|it| it.is_object() || it.is_array()));
            let kind = if is_json { "application/json" } else { "text/plain" };
            response.headers.push((header::CONTENT_TYPE, HeaderValue::from_static(kind)));
        }
        response
    }

    /// The reply as the row of a scenario.
    pub(crate) fn stated(&self) -> Map<String, Value> {
        let Canned { name, on, status, headers, body } = self;
        let mut row = Map::new();
        let mut put = |field: &str, value: Value| {
            if !value.is_null() {
                row.insert(field.to_owned(), value);
            }
        };
        let some = |map: &BTreeMap<String, String>| {
            if map.is_empty() { Value::Null } else { json!(map) }
        };
        put("name", json!(name));
        put("vendor", json!(on.vendor));
        put("method", json!(on.method));
        put("path", json!(on.path));
        put("query", some(&on.query));
        put("form", some(&on.form));
        put("json", if on.json.is_empty() { Value::Null } else { json!(on.json) });
        put("xml", some(&on.xml));
        put("instead", if on.instead { true.into() } else { Value::Null });
        put("nth", json!(on.nth));
        put("every", json!(on.every));
        put("times", json!(on.times));
        put("status", json!(status));
        put("headers", if headers.is_empty() { Value::Null } else { json!(headers) });
        match body {
            CannedBody::None => {}
            CannedBody::Text(text) => put("body", json!(text)),
            CannedBody::Base64(text) => put("body_base64", json!(text)),
        }
        row
    }
}
