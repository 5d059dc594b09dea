//! What happened in a world: one entry per input, in order.
//!
//! In memory the journal is a bounded ring of typed entries beside the database; bodies are shared
//! with the response that went out, and JSON is rendered when somebody reads. A persistent world
//! keeps the rendered, redacted entries in a table of its own file (`sim::ledger`).
//!
//! Not here: what lies below HTTP. A malformed head is answered by the HTTP library and counted.

use std::collections::VecDeque;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::fault::Fault;
use super::redact::Redactor;
use super::reply::{Effect, Outcome, Why};
use super::surface::{Secret, Surface};
use super::unread::{self, Sent};
use crate::base::hex::hex;
use crate::base::limits::{
    JOURNAL_BODY_BYTES_MAX, JOURNAL_BYTES_MAX, JOURNAL_PROCESS_BYTES_MAX, JOURNAL_ROWS_MAX,
};
use crate::base::tally;
use crate::base::time;
use crate::web::message::{Request, Response};
use crate::web::stream;

/// The version of the entry's form.
pub const FORMAT: &str = "1.0";

/// One input and what came of it.
#[derive(Debug)]
pub struct Entry {
    pub seq: u64,
    pub at_ms: i64,
    pub what: What,
    pub outcome: Outcome,
    /// What timers did on the way to this input, then what the input itself did.
    pub effects: Vec<Effect>,
    pub why: Option<Box<Why>>,
    /// What went wrong, where it was Ringback's own fault or an event was not allowed.
    pub error: Option<String>,
}

/// The kinds of input.
#[derive(Debug)]
pub enum What {
    Exchange(Box<Exchange>),
    /// Something asked for on the admin listener: `load`, `reset`, `event`, `advance`.
    Action {
        name: &'static str,
        vendor: Option<&'static str>,
        detail: Value,
    },
}

/// A request and its response, as small as they can be kept.
///
/// Everything is copied out of the message: what came in over a socket are slices of the
/// connection's buffer, and keeping one would keep all of it. It is copied into one piece, because
/// an entry is freed long after it was made, by another thread, and each piece costs.
#[derive(Debug)]
pub struct Exchange {
    /// The vendor's; `None` where no vendor took the request.
    surface: Option<&'static Surface>,
    pub operation: Option<&'static str>,
    method: Method,
    status: StatusCode,
    /// Target, request headers, request body and response headers, one after the other.
    text: Box<[u8]>,
    /// Where the first three of them end.
    ends: [usize; 3],
    /// Where the vendor's own path lies in the target.
    path: (usize, usize),
    cut_request: Option<Box<Cut>>,
    response_body: Bytes,
    cut_response: Option<Box<Cut>>,
    /// What went out, once a body that is made while it is sent has come to its end.
    streamed: Option<OnceLock<stream::Sent>>,
    /// The rule of the world's that struck it.
    fault: Option<Box<Fault>>,
}

/// What is known of a body that was too long to keep.
#[derive(Clone, Debug)]
struct Cut {
    bytes: usize,
    sha256: String,
}

impl Cut {
    fn of(body: &[u8]) -> Option<Box<Self>> {
        let is_long = body.len() > JOURNAL_BODY_BYTES_MAX;
        is_long.then(|| Box::new(Cut { bytes: body.len(), sha256: hex(&Sha256::digest(body)) }))
    }
}

/// As much of a body as is kept.
fn kept(body: &[u8]) -> &[u8] {
    &body[..body.len().min(JOURNAL_BODY_BYTES_MAX)]
}

/// Appends headers as `name: value` lines. Order and repetition are facts.
fn push_headers<'a>(
    text: &mut Vec<u8>,
    pairs: impl Iterator<Item = (&'a HeaderName, &'a HeaderValue)>,
) {
    for (name, value) in pairs {
        text.extend_from_slice(name.as_str().as_bytes());
        text.extend_from_slice(b": ");
        text.extend_from_slice(value.as_bytes());
        // A value has no line end.
        text.push(b'\n');
    }
}

fn render_headers(lines: &[u8], redactor: Redactor) -> Value {
    let text = String::from_utf8_lossy(lines);
    let pairs = text.lines().filter_map(|line| line.split_once(": "));
    pairs.map(|(name, value)| json!([name, redactor.header(name, value)])).collect()
}

fn render_body(shown: &mut Value, redactor: Redactor, body: &[u8], cut: Option<&Cut>) {
    match std::str::from_utf8(body) {
        Ok(text) => shown["body"] = redactor.text(text).into(),
        // A body that was cut may end inside a character.
        Err(_) if cut.is_some() => {
            shown["body"] = redactor.text(&String::from_utf8_lossy(body)).into();
        }
        Err(_) => shown["body_base64"] = BASE64_STANDARD.encode(body).into(),
    }
    if let Some(cut) = cut {
        shown["body_bytes"] = cut.bytes.into();
        shown["body_sha256"] = cut.sha256.clone().into();
    }
}

/// Where the path as the vendor sees it lies in the target. A target in absolute form has a scheme
/// and a host before it.
fn path_within(request: &Request, target_end: usize) -> (usize, usize) {
    let query_bytes = request.query().map_or(0, |query| query.len() + 1);
    let end = target_end.saturating_sub(query_bytes);
    // A prefix with nothing behind it leaves no path of the vendor's own.
    let path_bytes = request.target.path().len().saturating_sub(request.path_start);
    (end.saturating_sub(path_bytes), end)
}

/// About the size of a small request's target and headers with the headers of its reply.
const TEXT_BYTES: usize = 512;

impl Exchange {
    /// Records an exchange. Of bodies over the limit, the rest is kept as length and digest.
    pub fn new(
        surface: Option<&'static Surface>,
        operation: Option<&'static str>,
        request: &Request,
        response: &Response,
    ) -> Self {
        let mut text =
            Vec::with_capacity(TEXT_BYTES + request.body.len().min(JOURNAL_BODY_BYTES_MAX));
        // Writing to a vector cannot fail.
        let _ = write!(text, "{}", request.target);
        let target_end = text.len();
        push_headers(&mut text, request.headers.iter());
        let headers_end = text.len();
        text.extend_from_slice(kept(&request.body));
        let body_end = text.len();
        push_headers(&mut text, response.headers.iter().map(|(name, value)| (name, value)));
        let cut_response = Cut::of(&response.body);
        Exchange {
            surface,
            operation,
            method: request.method.clone(),
            status: response.status,
            text: text.into_boxed_slice(),
            ends: [target_end, headers_end, body_end],
            path: path_within(request, target_end),
            cut_request: Cut::of(&request.body),
            // What was answered is shared; a slice of it would keep the whole.
            response_body: match &cut_response {
                Some(_) => Bytes::copy_from_slice(kept(&response.body)),
                None => response.body.clone(),
            },
            cut_response,
            streamed: None,
            fault: None,
        }
    }

    /// The same for one that a fault struck.
    #[must_use]
    pub fn struck_by(mut self, fault: Option<Fault>) -> Self {
        self.fault = fault.map(Box::new);
        self
    }

    /// The same for a reply whose body is made while it is sent.
    #[must_use]
    pub fn streaming(mut self) -> Self {
        self.streamed = Some(OnceLock::new());
        self
    }

    fn bytes(&self) -> usize {
        self.text.len() + self.response_body.len()
    }

    fn secrets(&self) -> &'static [Secret] {
        self.surface.map_or(&[], |surface| surface.secrets)
    }

    /// Parameters that the operation has not read, as far as the request is kept.
    fn unread(&self, redactor: Redactor) -> Vec<Value> {
        let (Some(surface), Some(operation)) = (self.surface, self.operation) else {
            return Vec::new();
        };
        let [target_end, headers_end, body_end] = self.ends;
        let query = &self.text[self.path.1..target_end];
        // A form that was cut may end inside a name.
        let is_form = self.cut_request.is_none()
            && is_form(&self.text[target_end..headers_end])
            && body_end > headers_end;
        let form = if is_form { &self.text[headers_end..body_end] } else { &[] };
        let sent = Sent { query: query.strip_prefix(b"?").unwrap_or_default(), form };
        unread::unread(surface.api, operation, sent, redactor)
    }

    fn render_request(&self, redactor: Redactor) -> Value {
        let [target_end, headers_end, body_end] = self.ends;
        let mut shown = json!({
            "method": self.method.as_str(),
            "target": redactor.text(&String::from_utf8_lossy(&self.text[..target_end])),
            "path": redactor.text(&String::from_utf8_lossy(&self.text[self.path.0..self.path.1])),
            "headers": render_headers(&self.text[target_end..headers_end], redactor),
        });
        let body = &self.text[headers_end..body_end];
        render_body(&mut shown, redactor, body, self.cut_request.as_deref());
        shown
    }

    /// What was answered, be it that it arrived or not; null where no answer was made.
    fn render_response(&self, redactor: Redactor) -> Value {
        if self.fault.as_ref().is_some_and(|fault| !fault.has_reply()) {
            return Value::Null;
        }
        let mut shown = json!({
            "status": self.status.as_u16(),
            "headers": render_headers(&self.text[self.ends[2]..], redactor),
        });
        match &self.streamed {
            None => {
                render_body(
                    &mut shown,
                    redactor,
                    &self.response_body,
                    self.cut_response.as_deref(),
                );
            }
            Some(streamed) => shown["stream"] = streamed.get().map_or(Value::Null, stream_json),
        }
        shown
    }
}

/// Whether headers say that the body is a form. Names of headers are kept in lower case.
fn is_form(headers: &[u8]) -> bool {
    let mut lines = headers.split(|byte| *byte == b'\n');
    let kind = lines.find_map(|line| line.strip_prefix(b"content-type: "));
    kind.is_some_and(|kind| {
        let essence = kind.split(|byte| *byte == b';').next().unwrap_or_default();
        essence.trim_ascii().eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
    })
}

/// What is known of a body that was made while it was sent.
pub(super) fn stream_json(sent: &stream::Sent) -> Value {
    json!({ "bytes": sent.bytes, "sha256": sent.sha256, "whole": sent.whole })
}

/// Fixed cost of an entry, for the bound in bytes.
const ENTRY_BYTES: usize = 512;

impl Entry {
    /// An admin action that went well.
    pub fn action(seq: u64, at_ms: i64, what: What, effects: Vec<Effect>) -> Self {
        Entry { seq, at_ms, what, outcome: Outcome::Ok, effects, why: None, error: None }
    }

    /// About how much memory the entry holds.
    fn bytes(&self) -> usize {
        let what = match &self.what {
            What::Exchange(exchange) => exchange.bytes(),
            What::Action { .. } => 64,
        };
        let effects: usize = self.effects.iter().map(|effect| effect.text.len() + 32).sum();
        ENTRY_BYTES + what + effects
    }

    pub fn vendor(&self) -> Option<&'static str> {
        match &self.what {
            What::Exchange(exchange) => exchange.surface.map(|surface| surface.vendor),
            What::Action { vendor, .. } => *vendor,
        }
    }

    fn secrets(&self) -> &'static [Secret] {
        match &self.what {
            What::Exchange(exchange) => exchange.secrets(),
            What::Action { .. } => &[],
        }
    }

    pub fn operation(&self) -> Option<&'static str> {
        match &self.what {
            What::Exchange(exchange) => exchange.operation,
            What::Action { .. } => None,
        }
    }

    /// The entry as it may be shown.
    pub fn render(&self, world: &str, show_secrets: bool) -> Value {
        let mut entry = Map::new();
        entry.insert("seq".into(), self.seq.into());
        entry.insert("at".into(), time::rfc3339(self.at_ms).into());
        entry.insert("world".into(), world.into());
        entry.insert("vendor".into(), self.vendor().into());
        match &self.what {
            What::Exchange(exchange) => {
                let redactor = Redactor::new(exchange.secrets(), show_secrets);
                entry.insert("operation".into(), exchange.operation.into());
                entry.insert("outcome".into(), self.outcome.name().into());
                entry.insert("request".into(), exchange.render_request(redactor));
                entry.insert("response".into(), exchange.render_response(redactor));
                entry.insert("fault".into(), exchange.fault.as_ref().map(|it| it.to_json()).into());
                let unread = exchange.unread(redactor);
                if !unread.is_empty() {
                    entry.insert("unread".into(), unread.into());
                }
            }
            What::Action { name, detail, .. } => {
                entry.insert("action".into(), (*name).into());
                entry.insert("outcome".into(), self.outcome.name().into());
                entry.insert("detail".into(), detail.clone());
            }
        }
        let effects: Vec<Value> = self.effects.iter().map(Effect::to_json).collect();
        entry.insert("effects".into(), effects.into());
        if let Some(why) = &self.why {
            let redactor = Redactor::new(self.secrets(), show_secrets);
            entry.insert("why".into(), why.to_json(redactor));
        }
        if let Some(error) = &self.error {
            entry.insert("error".into(), error.as_str().into());
        }
        Value::Object(entry)
    }
}

/// Bytes held by all journals of the process together.
#[derive(Clone, Debug, Default)]
pub struct Budget(Arc<AtomicUsize>);

impl Budget {
    pub fn bytes(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// A bounded ring of entries.
#[derive(Debug)]
pub struct Journal {
    entries: VecDeque<Arc<Entry>>,
    bytes: usize,
    budget: Budget,
    /// Entries that had to go to make room.
    evicted: u64,
    lost: Lost,
}

/// What is still known of the entries that had to go to make room and that nobody cleared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    pub count: u64,
    /// The number of the last of them.
    pub last_seq: u64,
    /// The latest world time of any of them.
    pub latest_ms: i64,
}

impl Lost {
    /// How many of them come after an entry, at the most.
    pub(super) fn count_after(self, seq: u64) -> u64 {
        self.last_seq.saturating_sub(seq).min(self.count)
    }
}

impl Journal {
    pub fn new(budget: Budget) -> Self {
        Journal { entries: VecDeque::new(), bytes: 0, budget, evicted: 0, lost: Lost::default() }
    }

    pub fn push(&mut self, entry: Entry) {
        let bytes = entry.bytes();
        self.bytes += bytes;
        self.budget.0.fetch_add(bytes, Ordering::Relaxed);
        self.entries.push_back(Arc::new(entry));
        while self.is_over() && self.entries.len() > 1 {
            if let Some(entry) = self.entries.front() {
                let latest_ms = entry.at_ms.max(self.lost.latest_ms);
                self.lost = Lost { count: self.lost.count + 1, last_seq: entry.seq, latest_ms };
            }
            self.drop_first();
            self.evicted += 1;
            tally::JOURNAL_EVICTED.add(1);
        }
    }

    fn is_over(&self) -> bool {
        self.entries.len() > JOURNAL_ROWS_MAX
            || self.bytes > JOURNAL_BYTES_MAX
            || self.budget.0.load(Ordering::Relaxed) > JOURNAL_PROCESS_BYTES_MAX
    }

    fn drop_first(&mut self) {
        if let Some(entry) = self.entries.pop_front() {
            self.bytes -= entry.bytes();
            self.budget.0.fetch_sub(entry.bytes(), Ordering::Relaxed);
        }
    }

    pub fn clear(&mut self) {
        while !self.entries.is_empty() {
            self.drop_first();
        }
        self.lost = Lost::default();
    }

    /// What went to make room since the journal was last cleared.
    pub fn lost(&self) -> Lost {
        self.lost
    }

    pub fn evicted(&self) -> u64 {
        self.evicted
    }

    /// Entries after `seq`, oldest first.
    pub fn after(&self, seq: u64) -> impl Iterator<Item = &Arc<Entry>> {
        let start = self.entries.partition_point(|entry| entry.seq <= seq);
        self.entries.range(start..)
    }

    /// Completes the entry of a body that was made while it was sent.
    pub fn complete(&self, seq: u64, sent: stream::Sent) {
        let entry = self.get(seq);
        if let Some(What::Exchange(exchange)) = entry.map(|entry| &entry.what)
            && let Some(streamed) = &exchange.streamed
        {
            // It is completed once, by the thread that made it.
            let _ = streamed.set(sent);
        }
    }

    pub fn get(&self, seq: u64) -> Option<&Arc<Entry>> {
        self.after(seq.checked_sub(1)?).next().filter(|entry| entry.seq == seq)
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.budget.0.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}
