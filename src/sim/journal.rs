//! What happened in a world: one entry per input, in order.
//!
//! In memory the journal is a bounded ring of typed entries beside the database; bodies are shared
//! with the response that went out, and JSON is rendered when somebody reads. A persistent world
//! keeps the rendered, redacted entries in a table of its own file (`sim::ledger`).
//!
//! Not here: what lies below HTTP. A malformed head is answered by the HTTP library and counted.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::redact::Redactor;
use super::reply::{Effect, Outcome, Why};
use super::surface::Secret;
use crate::base::limits::{
    JOURNAL_BODY_BYTES_MAX, JOURNAL_BYTES_MAX, JOURNAL_PROCESS_BYTES_MAX, JOURNAL_ROWS_MAX,
};
use crate::base::time;
use crate::web::message::{Request, Response};
use crate::web::stream::Sent;

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
/// connection's buffer, and keeping one would keep all of it.
#[derive(Debug)]
pub struct Exchange {
    pub vendor: Option<&'static str>,
    pub operation: Option<&'static str>,
    secrets: &'static [Secret],
    method: Method,
    target: Box<str>,
    request_headers: Headers,
    request_body: Body,
    status: StatusCode,
    response_headers: Headers,
    response_body: Body,
    /// What went out, once a body that is made while it is sent has come to its end.
    streamed: Option<OnceLock<Sent>>,
}

/// Headers as `name: value` lines. Order and repetition are facts.
#[derive(Debug)]
struct Headers(Box<[u8]>);

/// A body, or as much of it as is kept.
#[derive(Debug)]
struct Body {
    kept: Bytes,
    /// The whole, where it was too long to keep.
    cut: Option<Box<Cut>>,
}

/// What is known of a body that was too long to keep.
#[derive(Clone, Debug)]
struct Cut {
    bytes: usize,
    sha256: String,
}

impl Headers {
    fn new<'a>(pairs: impl Iterator<Item = (&'a HeaderName, &'a HeaderValue)>) -> Self {
        let mut lines = Vec::with_capacity(256);
        for (name, value) in pairs {
            lines.extend_from_slice(name.as_str().as_bytes());
            lines.extend_from_slice(b": ");
            lines.extend_from_slice(value.as_bytes());
            // A value has no line end.
            lines.push(b'\n');
        }
        Headers(lines.into_boxed_slice())
    }

    fn render(&self, redactor: Redactor) -> Value {
        let text = String::from_utf8_lossy(&self.0);
        let pairs = text.lines().filter_map(|line| line.split_once(": "));
        pairs.map(|(name, value)| json!([name, redactor.header(name, value)])).collect()
    }
}

impl Body {
    /// Keeps a copy of what a client sent.
    fn received(body: &Bytes) -> Self {
        Body::cut(body).unwrap_or_else(|| Body { kept: Bytes::copy_from_slice(body), cut: None })
    }

    /// Shares what a world answered.
    fn sent(body: &Bytes) -> Self {
        Body::cut(body).unwrap_or_else(|| Body { kept: body.clone(), cut: None })
    }

    fn cut(body: &Bytes) -> Option<Self> {
        if body.len() <= JOURNAL_BODY_BYTES_MAX {
            return None;
        }
        let cut = Cut { bytes: body.len(), sha256: hex(&Sha256::digest(body)) };
        let kept = Bytes::copy_from_slice(&body[..JOURNAL_BODY_BYTES_MAX]);
        Some(Body { kept, cut: Some(Box::new(cut)) })
    }

    fn render(&self, shown: &mut Value, redactor: Redactor) {
        match std::str::from_utf8(&self.kept) {
            Ok(text) => shown["body"] = redactor.text(text).into(),
            // A body that was cut may end inside a character.
            Err(_) if self.cut.is_some() => {
                shown["body"] = redactor.text(&String::from_utf8_lossy(&self.kept)).into();
            }
            Err(_) => shown["body_base64"] = BASE64_STANDARD.encode(&self.kept).into(),
        }
        if let Some(cut) = &self.cut {
            shown["body_bytes"] = cut.bytes.into();
            shown["body_sha256"] = cut.sha256.clone().into();
        }
    }
}

impl Exchange {
    /// Records an exchange. Of bodies over the limit, the rest is kept as length and digest.
    pub fn new(
        vendor: Option<&'static str>,
        operation: Option<&'static str>,
        secrets: &'static [Secret],
        request: &Request,
        response: &Response,
    ) -> Self {
        Exchange {
            vendor,
            operation,
            secrets,
            method: request.method.clone(),
            target: request.target.to_string().into_boxed_str(),
            request_headers: Headers::new(request.headers.iter()),
            request_body: Body::received(&request.body),
            status: response.status,
            response_headers: Headers::new(
                response.headers.iter().map(|(name, value)| (name, value)),
            ),
            response_body: Body::sent(&response.body),
            streamed: None,
        }
    }

    /// The same for a reply whose body is made while it is sent.
    #[must_use]
    pub fn streaming(mut self) -> Self {
        self.streamed = Some(OnceLock::new());
        self
    }

    fn bytes(&self) -> usize {
        self.target.len()
            + self.request_headers.0.len()
            + self.request_body.kept.len()
            + self.response_headers.0.len()
            + self.response_body.kept.len()
    }

    fn render_request(&self, redactor: Redactor) -> Value {
        let mut shown = json!({
            "method": self.method.as_str(),
            "target": redactor.text(&self.target),
            "headers": self.request_headers.render(redactor),
        });
        self.request_body.render(&mut shown, redactor);
        shown
    }

    fn render_response(&self, redactor: Redactor) -> Value {
        let mut shown = json!({
            "status": self.status.as_u16(),
            "headers": self.response_headers.render(redactor),
        });
        match &self.streamed {
            None => self.response_body.render(&mut shown, redactor),
            Some(streamed) => shown["stream"] = streamed.get().map_or(Value::Null, stream_json),
        }
        shown
    }
}

/// What is known of a body that was made while it was sent.
pub(super) fn stream_json(sent: &Sent) -> Value {
    json!({ "bytes": sent.bytes, "sha256": sent.sha256, "whole": sent.whole })
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
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
            What::Exchange(exchange) => exchange.vendor,
            What::Action { vendor, .. } => *vendor,
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
                let redactor = Redactor::new(exchange.secrets, show_secrets);
                entry.insert("operation".into(), exchange.operation.into());
                entry.insert("outcome".into(), self.outcome.name().into());
                entry.insert("request".into(), exchange.render_request(redactor));
                entry.insert("response".into(), exchange.render_response(redactor));
                entry.insert("fault".into(), Value::Null);
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
            entry.insert("why".into(), why.to_json());
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

/// A bounded ring of entries.
#[derive(Debug)]
pub struct Journal {
    entries: VecDeque<Arc<Entry>>,
    bytes: usize,
    budget: Budget,
    /// Entries that had to go to make room.
    evicted: u64,
}

impl Journal {
    pub fn new(budget: Budget) -> Self {
        Journal { entries: VecDeque::new(), bytes: 0, budget, evicted: 0 }
    }

    pub fn push(&mut self, entry: Entry) {
        let bytes = entry.bytes();
        self.bytes += bytes;
        self.budget.0.fetch_add(bytes, Ordering::Relaxed);
        self.entries.push_back(Arc::new(entry));
        while self.is_over() && self.entries.len() > 1 {
            self.drop_first();
            self.evicted += 1;
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
    pub fn complete(&self, seq: u64, sent: Sent) {
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
