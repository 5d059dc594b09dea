//! The vendor's JSON: members in the order of its document, values as it writes them.

use std::fmt::Write;
use std::ops::Range;

use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;

use crate::base::time::Instant;
use crate::contract::cx::Cx;
use crate::contract::reply::Refusal;
use crate::vendors::infocu5::model::{Agent, Campaign, NewCall};
use crate::vendors::infocu5::variants::{CallsShape, CampaignsShape, ContentType, MissingValue};
use crate::web::message::Response;

/// The default media type. Assumed: the document names none.
const JSON: &str = "application/json";

/// What PHP sends when a script sets nothing.
pub(crate) const HTML: &str = "text/html; charset=UTF-8";

/// What every success begins with; `responseDetails` follows.
const SUCCESS: &str = r#"{"responseCode":1,"responseMessage":"Success","responseDetails":"#;

fn respond(cx: &Cx<'_>, body: impl Into<Bytes>) -> Response {
    let media_type = match cx.variant() {
        ContentType::ApplicationJson => JSON,
        ContentType::TextHtml => HTML,
    };
    Response::with_body(StatusCode::OK, media_type, body)
}

/// The body of everything that is not a success: no `responseDetails`.
fn refusal_body(refusal: &Refusal) -> String {
    let mut body = format!(r#"{{"responseCode":{},"responseMessage":"#, refusal.code);
    text(&mut body, refusal.text);
    body.push('}');
    body
}

pub(crate) fn refusal(cx: &Cx<'_>, refusal: &Refusal) -> Response {
    respond(cx, refusal_body(refusal))
}

/// A refusal where no world can be asked for its switches.
pub(crate) fn failure(refusal: &Refusal) -> Response {
    Response::with_body(StatusCode::OK, JSON, refusal_body(refusal))
}

pub(crate) fn agents(cx: &Cx<'_>, agents: &[Agent]) -> Response {
    let mut body = String::from(SUCCESS);
    list(&mut body, agents, |body, agent| {
        object(
            body,
            &[
                ("agentID", &agent.id),
                ("agentNameFirst", &agent.name_first),
                ("agentNameLast", &agent.name_last),
            ],
        );
    });
    body.push('}');
    respond(cx, missing_values(cx, body))
}

pub(crate) fn campaigns(cx: &Cx<'_>, campaigns: &[Campaign]) -> Response {
    let shape = cx.variant::<CampaignsShape>();
    let mut body = String::from(SUCCESS);
    list(&mut body, campaigns, |body, campaign| {
        body.push('{');
        member(body, "campaignID", &campaign.id);
        body.push(',');
        member(body, "campaignName", &campaign.name);
        if matches!(shape, CampaignsShape::Products | CampaignsShape::Both) {
            body.push_str(r#","campaignProducts":"#);
            list(body, &campaign.lists, |body, entry| {
                body.push('{');
                member(body, "listID", &entry.id);
                body.push(',');
                member(body, "listName", &entry.name);
                body.push_str(r#","listMapping":"#);
                list(body, &entry.mappings, mapping);
                body.push('}');
            });
        }
        if matches!(shape, CampaignsShape::Lists | CampaignsShape::Both) {
            body.push_str(r#","campaignLists":"#);
            // The mappings of all lists in a row; the lists' ids and names are lost.
            let flat: Vec<_> = campaign.lists.iter().flat_map(|entry| &entry.mappings).collect();
            list(body, &flat, |body, entry| mapping(body, entry));
        }
        body.push('}');
    });
    body.push('}');
    respond(cx, missing_values(cx, body))
}

fn mapping(body: &mut String, mapping: &crate::vendors::infocu5::model::Mapping) {
    body.push('{');
    member(body, "dialerID", &mapping.dialer_id);
    body.push(',');
    member(body, "dialerName", &mapping.dialer_name);
    body.push_str(r#","fields":"#);
    // Kept as the JSON array that goes out.
    body.push_str(&mapping.fields);
    body.push('}');
}

/// The record of a call as it is kept: an object with the sixteen members, without `callID`.
pub(crate) fn call_record(call: &NewCall<'_>) -> String {
    let mut record = String::with_capacity(RECORD_BYTES);
    object(
        &mut record,
        &[
            ("callDate", &call_date(call.date)),
            ("callCampaignID", call.campaign_id),
            ("callCampaignName", call.campaign_name),
            ("callListID", call.list_id),
            ("callListName", call.list_name),
            ("callAgentName", call.agent_name),
            ("callContact", call.contact),
            ("callType", call.direction),
            ("callNumberInbound", call.number_inbound),
            ("callNumberOutbound", call.number_outbound),
            ("callTime", call.time_total),
            ("callQueueTime", call.time_queue),
            ("callTalkTime", call.time_talk),
            ("callHoldTime", call.time_hold),
            ("callHandleTime", call.time_handle),
            ("callAfterCallWorkTime", call.time_after_call),
        ],
    );
    record
}

/// About the size of one record on the wire.
const RECORD_BYTES: usize = 512;

/// Collects the records of getCalls in the shape that is asked for. As bytes: what was kept as text
/// need not be looked at again.
#[derive(Debug)]
pub(crate) struct Calls {
    body: Vec<u8>,
    shape: CallsShape,
    n_records: usize,
    /// Where each record lies in the body, for as long as the ids are 0, 1, 2 …: PHP encodes an
    /// array with such keys as a JSON array.
    counting: Option<Vec<Range<usize>>>,
}

impl Calls {
    pub(crate) fn new(cx: &Cx<'_>) -> Self {
        let shape = cx.variant();
        let counting = (shape != CallsShape::Array).then(Vec::new);
        let mut body = Vec::with_capacity(CALLS_BYTES);
        body.extend_from_slice(SUCCESS.as_bytes());
        body.push(if shape == CallsShape::Array { b'[' } else { b'{' });
        Calls { body, shape, n_records: 0, counting }
    }

    /// One more call, with its record as it goes over the wire.
    pub(crate) fn push(&mut self, id: &str, record: &[u8]) {
        if self.n_records > 0 {
            self.body.push(b',');
        }
        if self.shape != CallsShape::Array {
            self.id(id);
            self.body.push(b':');
        }
        let start = self.body.len();
        if self.shape == CallsShape::Keyed {
            self.body.extend_from_slice(record);
        } else {
            self.body.extend_from_slice(br#"{"callID":"#);
            self.id(id);
            self.body.push(b',');
            self.body.extend_from_slice(record.strip_prefix(b"{").unwrap_or(record));
        }
        if is_php_index(id, self.n_records) {
            if let Some(records) = &mut self.counting {
                records.push(start..self.body.len());
            }
        } else {
            self.counting = None;
        }
        self.n_records += 1;
    }

    fn id(&mut self, id: &str) {
        if is_plain(id) {
            self.body.push(b'"');
            self.body.extend_from_slice(id.as_bytes());
            self.body.push(b'"');
        } else {
            self.body.extend_from_slice(Value::from(id).to_string().as_bytes());
        }
    }

    pub(crate) fn n_records(&self) -> usize {
        self.n_records
    }

    pub(crate) fn respond(mut self, cx: &Cx<'_>) -> Response {
        if let Some(records) = &self.counting {
            let mut body = SUCCESS.as_bytes().to_vec();
            body.push(b'[');
            for (idx, record) in records.iter().enumerate() {
                if idx > 0 {
                    body.push(b',');
                }
                body.extend_from_slice(&self.body[record.clone()]);
            }
            body.push(b']');
            self.body = body;
        } else {
            self.body.push(if self.shape == CallsShape::Array { b']' } else { b'}' });
        }
        self.body.push(b'}');
        match cx.variant() {
            MissingValue::Empty => respond(cx, self.body),
            MissingValue::Null => respond(cx, with_null(&String::from_utf8_lossy(&self.body))),
        }
    }
}

/// Room for a few records. Not more: the journal keeps the reply, with what room is left in it.
const CALLS_BYTES: usize = 4 * 1024;

/// Whether PHP would take a text key for this number.
fn is_php_index(id: &str, idx: usize) -> bool {
    id.parse() == Ok(idx) && (id == "0" || !id.starts_with(['0', '+']))
}

/// `2022-01-01T20:58:19+00:00`: always GMT, and written with an offset, not with `Z`.
pub(crate) fn call_date(date: Instant) -> String {
    date.utc().format("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

/// Empty texts as null, where that is asked for. In JSON text an empty string behind a colon is
/// always a value: a quote inside a string is escaped.
fn missing_values(cx: &Cx<'_>, body: String) -> String {
    match cx.variant() {
        MissingValue::Empty => body,
        MissingValue::Null => with_null(&body),
    }
}

fn with_null(body: &str) -> String {
    body.replace(r#":"""#, ":null")
}

fn list<T>(body: &mut String, items: &[T], mut each: impl FnMut(&mut String, &T)) {
    body.push('[');
    for (idx, item) in items.iter().enumerate() {
        if idx > 0 {
            body.push(',');
        }
        each(body, item);
    }
    body.push(']');
}

fn object(body: &mut String, members: &[(&str, &str)]) {
    body.push('{');
    for (idx, (name, value)) in members.iter().enumerate() {
        if idx > 0 {
            body.push(',');
        }
        member(body, name, value);
    }
    body.push('}');
}

fn member(body: &mut String, name: &str, value: &str) {
    // Names are the vendor's and need no escaping.
    let _ = write!(body, "\"{name}\":");
    text(body, value);
}

/// A JSON string.
fn text(body: &mut String, value: &str) {
    if is_plain(value) {
        body.push('"');
        body.push_str(value);
        body.push('"');
    } else {
        body.push_str(&Value::from(value).to_string());
    }
}

/// Whether a text is a JSON string as it is, but for its quotes.
fn is_plain(value: &str) -> bool {
    value.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\')
}

/// Reads a body in which commas before a closing brace or bracket do not count; `None` where it is
/// no JSON even so.
pub(crate) fn without_trailing_commas(body: &[u8]) -> Option<Value> {
    let mut kept = Vec::with_capacity(body.len());
    let mut in_string = false;
    let mut escaped = false;
    for (at, byte) in body.iter().copied().enumerate() {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = byte == b'\\' && !escaped;
        } else if byte == b'"' {
            in_string = true;
        } else if byte == b',' {
            let next = body[at + 1..].iter().find(|byte| !byte.is_ascii_whitespace());
            if matches!(next, Some(b'}' | b']')) {
                continue;
            }
        }
        kept.push(byte);
    }
    serde_json::from_slice(&kept).ok()
}
