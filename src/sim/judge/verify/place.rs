//! The places in an entry that a rule can look at.

use serde_json::Value;

use crate::sim::judge::verify::found::plain;
use crate::sim::judge::verify::pointer::Pointer;
use crate::web::mask::masker::{Masker, is_tag};
use crate::web::xml::XmlPath;

/// Which of an exchange's two messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    Request = 0,
    Response = 1,
}

/// A place in an entry.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    Vendor,
    Operation,
    Action,
    Event,
    Outcome,
    /// The rule behind a refusal.
    Why,
    Error,
    Fault,
    Effect,
    Detail(Pointer),
    Method,
    /// The path as the vendor sees it.
    Path,
    Query(String),
    Form(String),
    /// A parameter wherever the vendor takes it from.
    Param(String),
    Status,
    Header(Body, String),
    Json(Body, Pointer),
    Xml(Body, XmlPath),
    Body(Body),
}

/// Longest text of a value that a report shows.
const SHOWN_CHARS_MAX: usize = 200;

impl Place {
    /// The place in words, as a condition names it: `query id`, `response json /code`.
    pub(crate) fn label(&self) -> String {
        let of = |body: &Body| if *body == Body::Response { "response " } else { "" };
        match self {
            Place::Vendor => "vendor".into(),
            Place::Operation => "operation".into(),
            Place::Action => "action".into(),
            Place::Event => "event".into(),
            Place::Outcome => "outcome".into(),
            Place::Why => "why".into(),
            Place::Error => "error".into(),
            Place::Fault => "fault".into(),
            Place::Effect => "effect".into(),
            Place::Detail(pointer) => format!("detail {}", pointer.text),
            Place::Method => "method".into(),
            Place::Path => "path".into(),
            Place::Query(name) => format!("query {name}"),
            Place::Form(name) => format!("form {name}"),
            Place::Param(name) => format!("param {name}"),
            Place::Status => "status".into(),
            Place::Header(body, name) => format!("{}header {name}", of(body)),
            Place::Json(body, pointer) => format!("{}json {}", of(body), pointer.text),
            Place::Xml(body, path) => format!("{}xml {path}", of(body)),
            Place::Body(body) => format!("{}body", of(body)),
        }
    }

    /// How much a match here says about whether an entry is the one that was meant.
    pub(crate) fn weight(&self) -> f64 {
        match self {
            Place::Vendor => 1.0,
            Place::Operation | Place::Event => 8.0,
            Place::Action => 4.0,
            Place::Outcome
            | Place::Why
            | Place::Error
            | Place::Fault
            | Place::Effect
            | Place::Detail(_)
            | Place::Method
            | Place::Status => 2.0,
            _ => 3.0,
        }
    }

    /// A value from here, or one that is expected here, as it may be shown: secrets masked, on one
    /// line, not too long.
    pub(crate) fn shown(&self, masker: &Masker, value: &Value) -> String {
        let shown = match self {
            Place::Query(name) | Place::Form(name) | Place::Param(name) => {
                masker.named([name.as_str()].into_iter(), value.clone())
            }
            Place::Header(_, name) => match value {
                Value::String(text) => {
                    masker.header(&name.to_lowercase(), text).into_owned().into()
                }
                // A condition may name a number here; it is no secret header's value.
                value => masker.named([name.as_str()].into_iter(), value.clone()),
            },
            Place::Json(_, pointer) | Place::Detail(pointer) => {
                masker.named(pointer.steps.iter().map(String::as_str), value.clone())
            }
            Place::Xml(_, path) => masker.named(path.names(), value.clone()),
            _ => masker.json(value.clone()),
        };
        excerpt(&shown)
    }
}

/// A value on one line, texts in quotes.
pub(crate) fn excerpt(value: &Value) -> String {
    if let Some(tag) = value.as_str().filter(|text| is_tag(text)) {
        return format!("{tag} (masked)");
    }
    let text = if value.is_string() { format!("{:?}", plain(value)) } else { value.to_string() };
    match text.char_indices().nth(SHOWN_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
