//! JSON and XML as the platform writes them (1.5, 1.6).

use std::fmt::Write as _;

use chrono::DateTime;

const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
const NAMESPACE: &str = "http://schemas.datacontract.org/2004/07/MaxContact.Services.";

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Form {
    Json,
    Xml,
}

/// What stands in a member.
#[derive(Clone, Debug)]
pub(super) enum Datum {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    /// Milliseconds since 1970; no step comes by summer time.
    Date(i64),
    /// With the name of its type; members are in order.
    Object(&'static str, Vec<(&'static str, Datum)>),
    /// With the name of its elements' type.
    Array(&'static str, Vec<Datum>),
}

impl Datum {
    fn json(&self, out: &mut String, is_iso: bool) {
        match self {
            Datum::Null => out.push_str("null"),
            Datum::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Datum::Int(value) => {
                let _ = write!(out, "{value}");
            }
            Datum::Text(text) => {
                let text = serde_json::Value::from(text.as_str()).to_string();
                out.push_str(&text.replace('/', "\\/"));
            }
            Datum::Date(ms) if is_iso => {
                let _ = write!(out, "\"{}\"", iso(*ms));
            }
            Datum::Date(ms) => {
                let _ = write!(out, "\"\\/Date({ms}+0000)\\/\"");
            }
            Datum::Object(_, members) => {
                out.push('{');
                for (idx, (name, value)) in members.iter().enumerate() {
                    let comma = if idx > 0 { "," } else { "" };
                    let _ = write!(out, "{comma}\"{name}\":");
                    value.json(out, is_iso);
                }
                out.push('}');
            }
            Datum::Array(_, all) => {
                out.push('[');
                for (idx, value) in all.iter().enumerate() {
                    out.push_str(if idx > 0 { "," } else { "" });
                    value.json(out, is_iso);
                }
                out.push(']');
            }
        }
    }

    /// As an element; `mark` goes into its begin.
    fn xml(&self, name: &str, mark: &str, out: &mut String) {
        let inner = match self {
            Datum::Null => {
                let _ = write!(out, "<{name}{mark} i:nil=\"true\"/>");
                return;
            }
            Datum::Bool(value) => value.to_string(),
            Datum::Int(value) => value.to_string(),
            Datum::Text(text) => {
                text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
            }
            Datum::Date(ms) => iso(*ms),
            Datum::Object(_, members) => {
                let mut inner = String::new();
                for (name, value) in members {
                    value.xml(name, "", &mut inner);
                }
                inner
            }
            Datum::Array(of, all) => {
                let mut inner = String::new();
                for value in all {
                    value.xml(of, "", &mut inner);
                }
                inner
            }
        };
        if inner.is_empty() {
            let _ = write!(out, "<{name}{mark}/>");
        } else {
            let _ = write!(out, "<{name}{mark}>{inner}</{name}>");
        }
    }
}

fn iso(ms: i64) -> String {
    let time = DateTime::from_timestamp_millis(ms).unwrap_or_default();
    let text = time.format("%Y-%m-%dT%H:%M:%S%.3f").to_string();
    let text = text.trim_end_matches('0').trim_end_matches('.');
    // A time without a fraction has lost no zeros of its seconds.
    let text =
        if text.len() < 19 { time.format("%Y-%m-%dT%H:%M:%S").to_string() } else { text.into() };
    format!("{text}+00:00")
}

/// A whole answer; `Data` in an envelope has its type told in XML.
pub(super) fn written(
    form: Form,
    root: &str,
    service: &str,
    members: &[(&'static str, Datum)],
    is_iso: bool,
) -> String {
    let mut out = String::new();
    if form == Form::Json {
        Datum::Object("", members.to_vec()).json(&mut out, is_iso);
        return out;
    }
    let mut inner = String::new();
    for (name, value) in members {
        let mark = match value {
            Datum::Object(of, _) => format!(" i:type=\"{of}\""),
            Datum::Array(of, _) => format!(" i:type=\"ArrayOf{of}\""),
            _ => String::new(),
        };
        value.xml(name, &mark, &mut inner);
    }
    let _ = write!(
        out,
        "<{root} xmlns=\"{NAMESPACE}{service}\" xmlns:i=\"{INSTANCE}\">{inner}</{root}>"
    );
    out
}
