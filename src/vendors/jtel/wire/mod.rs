//! The vendor's JSON: envelopes here, entities in files of their own. Keys are in the order of the
//! contract's tables.
//!
//! A long list is head, rows, tail: the count stands behind the records, so that rows can go out as
//! they are read.

mod contact;
mod history;
mod import;

use std::io::Write;

use bytes::Bytes;
use http::StatusCode;
use rusqlite::Row;

pub(crate) use contact::{Form, contact, contact_open};
pub(crate) use history::{code, entry};
pub(crate) use import::{Amiss, Given, kind, read_field};

use crate::base::time;
use crate::contract::cx::Cx;
use crate::vendors::jtel::variants::{DateStyle, ResponseContentType};
use crate::web::message::Response;

/// The default media type. Assumed: the vendor says JSON and names no header (jtel 1).
const JSON: &str = "application/json;charset=UTF-8";

pub(crate) fn respond(cx: &Cx<'_>, status: StatusCode, body: impl Into<Bytes>) -> Response {
    let media_type = match cx.variant() {
        ResponseContentType::Charset => JSON,
        ResponseContentType::Plain => "application/json",
    };
    Response::with_body(status, media_type, body)
}

/// The `ERROR` envelope: exactly `status` and `error`.
pub(crate) fn error_body(status: StatusCode, error: &str) -> Vec<u8> {
    let mut body = Vec::with_capacity(64);
    push(&mut body, format_args!(r#"{{"status":{},"error":"#, status.as_u16()));
    text(&mut body, error.as_bytes());
    body.push(b'}');
    body
}

/// An error where no world can be asked for its switches.
pub(crate) fn failure(status: StatusCode, error: &str) -> Response {
    Response::with_body(status, JSON, error_body(status, error))
}

/// The `STATUS` envelope.
pub(crate) const STATUS: &str = r#"{"status":200}"#;

/// The `LIST` envelope up to the first record.
pub(crate) const LIST_HEAD: &str = r#"{"filter":"","limitStart":0,"limitPageSize":-1,"records":["#;

/// The `LIST` envelope behind the last record.
pub(crate) fn list_tail(count: usize) -> String {
    format!(r#"],"count":{count},"orderBy":"Name","ascending":true,"status":200}}"#)
}

/// The `RECORDS` envelope up to the first record.
pub(crate) const RECORDS_HEAD: &str = r#"{"records":["#;

/// The `RECORDS` envelope behind the last record.
pub(crate) fn records_tail(count: usize) -> String {
    format!(r#"],"count":{count},"status":200}}"#)
}

/// Records on their way into a body, with the commas between them.
#[derive(Debug)]
pub(crate) struct Records {
    body: Vec<u8>,
    count: usize,
}

impl Records {
    pub(crate) fn new(head: &str) -> Self {
        Records { body: head.into(), count: 0 }
    }

    /// The body, to write one more record into.
    pub(crate) fn next(&mut self) -> &mut Vec<u8> {
        if self.count > 0 {
            self.body.push(b',');
        }
        self.count += 1;
        &mut self.body
    }

    /// The body, with the last record still open.
    pub(crate) fn open(&mut self) -> &mut Vec<u8> {
        &mut self.body
    }

    pub(crate) fn n_bytes(&self) -> usize {
        self.body.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Closes the envelope.
    pub(crate) fn finish(mut self, tail: fn(usize) -> String) -> Vec<u8> {
        self.body.extend_from_slice(tail(self.count).as_bytes());
        self.body
    }
}

/// A campaign. The row is that of `store::each_campaign`.
pub(crate) fn campaign(out: &mut Vec<u8>, row: &Row<'_>, style: DateStyle) -> rusqlite::Result<()> {
    push(out, format_args!(r#"{{"ID":{},"ClientsID":{},"Name":"#, id(row, 0)?, id(row, 1)?));
    text(out, row.get_ref(2)?.as_bytes()?);
    integer(out, "LanguagesID", row.get(3)?);
    integer(out, "ContactPreviewTime", row.get(4)?);
    integer(out, "nMaxParallelLines", row.get(5)?);
    flag(out, "bCloseContactsOnIncomingCallsMatchCallerID", row.get(6)?);
    flag(out, "bCallerIDActive", row.get(7)?);
    key(out, "dtTo");
    date(out, row.get(8)?, style);
    integer(out, "AbortOnNoTelNumberResultCodesID", row.get(9)?);
    integer(out, "IncomingCallResultCodesID", row.get(10)?);
    out.push(b'}');
    Ok(())
}

fn id(row: &Row<'_>, idx: usize) -> rusqlite::Result<i64> {
    row.get(idx)
}

fn key(out: &mut Vec<u8>, name: &str) {
    push(out, format_args!(",\"{name}\":"));
}

fn integer(out: &mut Vec<u8>, name: &str, value: Option<i64>) {
    key(out, name);
    match value {
        Some(value) => push(out, format_args!("{value}")),
        None => out.extend_from_slice(b"null"),
    }
}

fn flag(out: &mut Vec<u8>, name: &str, value: bool) {
    key(out, name);
    out.extend_from_slice(if value { b"true" } else { b"false" });
}

fn opt_text(out: &mut Vec<u8>, name: &str, value: Option<&[u8]>) {
    key(out, name);
    match value {
        Some(value) => text(out, value),
        None => out.extend_from_slice(b"null"),
    }
}

/// An instant in the chosen style, or null.
fn date(out: &mut Vec<u8>, at_ms: Option<i64>, style: DateStyle) {
    let Some(at_ms) = at_ms else { return out.extend_from_slice(b"null") };
    let form = match style {
        DateStyle::ZMillis => "\"%Y-%m-%dT%H:%M:%S%.3fZ\"",
        DateStyle::ZMicros => "\"%Y-%m-%dT%H:%M:%S%.6fZ\"",
        DateStyle::NaiveMillis => "\"%Y-%m-%dT%H:%M:%S%.3f\"",
    };
    push(out, format_args!("{}", time::utc(at_ms).format(form)));
}

fn push(out: &mut Vec<u8>, what: std::fmt::Arguments<'_>) {
    // Writing to memory cannot fail.
    let _ = out.write_fmt(what);
}

/// A JSON string. The bytes are UTF-8, as everything that SQLite was given.
fn text(out: &mut Vec<u8>, value: &[u8]) {
    out.push(b'"');
    let mut start = 0;
    for (at, byte) in value.iter().enumerate() {
        let escape: &[u8] = match byte {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            0..0x20 => b"",
            _ => continue,
        };
        out.extend_from_slice(&value[start..at]);
        if escape.is_empty() {
            push(out, format_args!("\\u{byte:04x}"));
        } else {
            out.extend_from_slice(escape);
        }
        start = at + 1;
    }
    out.extend_from_slice(&value[start..]);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_as_json_asks() {
        let hard = "a\"b\\c\nd\re\tf\u{1}g é 漢 \u{7f}";
        let mut out = Vec::new();
        text(&mut out, hard.as_bytes());
        assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), hard);
        assert!(out.windows(6).any(|it| it == b"\\u0001"));
    }

    #[test]
    fn writes_dates_in_three_styles() {
        let check = |style, expected: &str| {
            let mut out = Vec::new();
            date(&mut out, Some(1_709_540_100_120), style);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        };
        check(DateStyle::ZMillis, "\"2024-03-04T08:15:00.120Z\"");
        check(DateStyle::ZMicros, "\"2024-03-04T08:15:00.120000Z\"");
        check(DateStyle::NaiveMillis, "\"2024-03-04T08:15:00.120\"");
    }
}
