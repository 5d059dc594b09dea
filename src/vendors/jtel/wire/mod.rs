//! The vendor's JSON: envelopes here, entities in files of their own. Keys are in the order of the
//! contract's tables.
//!
//! A long list is head, rows, tail: the count stands behind the records, so that rows can go out as
//! they are read.

mod contact;
mod history;
mod import;
mod value;

use bytes::Bytes;
use http::StatusCode;
use rusqlite::Row;

pub(crate) use contact::{Form, contact, contact_of, contact_open};
pub(crate) use history::{code, entry};
pub(crate) use import::{Amiss, Given, kind, read_field};

use crate::contract::cx::Cx;
use crate::vendors::jtel::variants::{DateStyle, ResponseContentType};
use crate::vendors::jtel::wire::value::{date, flag, integer, key, push, text};
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
pub(crate) fn list_tail(out: &mut Vec<u8>, count: usize) {
    push(
        out,
        format_args!(r#"],"count":{count},"orderBy":"Name","ascending":true,"status":200}}"#),
    );
}

/// The `RECORDS` envelope up to the first record.
pub(crate) const RECORDS_HEAD: &str = r#"{"records":["#;

/// The `RECORDS` envelope behind the last record.
pub(crate) fn records_tail(out: &mut Vec<u8>, count: usize) {
    push(out, format_args!(r#"],"count":{count},"status":200}}"#));
}

/// As much as a body with one record takes, so that it is not moved while it grows.
const RECORDS_BYTES: usize = 4 * 1024;

/// Records on their way into a body, with the commas between them.
#[derive(Debug)]
pub(crate) struct Records {
    body: Vec<u8>,
    count: usize,
}

impl Records {
    pub(crate) fn new(head: &str) -> Self {
        let mut body = Vec::with_capacity(RECORDS_BYTES);
        body.extend_from_slice(head.as_bytes());
        Records { body, count: 0 }
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
    pub(crate) fn finish(mut self, tail: fn(&mut Vec<u8>, usize)) -> Vec<u8> {
        tail(&mut self.body, self.count);
        // The journal keeps it, and counts what is in it.
        self.body.shrink_to_fit();
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
