//! What happened in a world: one entry per input, in order.
//!
//! In memory the journal is a bounded ring of typed entries beside the database; bodies are shared
//! with the response that went out, and JSON is rendered when somebody reads. A persistent world
//! keeps the rendered, redacted entries in a table of its own file (`sim::journal::ledger`).
//!
//! Not here: what lies below HTTP. A malformed head is answered by the HTTP library and counted.

use std::io::Write;
use std::sync::OnceLock;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::base::hex::hex;
use crate::base::limits::JOURNAL_BODY_BYTES_MAX;
use crate::contract::secret::{Redactor, Secret};
use crate::contract::surface::Surface;
use crate::sim::fault::struck::Fault;
use crate::sim::journal::unread::{self, Sent};
use crate::web::message::{Request, Response};
use crate::web::stream;

/// A request and its response, as small as they can be kept.
///
/// Everything is copied out of the message: what came in over a socket are slices of the
/// connection's buffer, and keeping one would keep all of it. It is copied into one piece, because
/// an entry is freed long after it was made, by another thread, and each piece costs.
#[derive(Debug)]
pub struct Exchange {
    /// The vendor's; `None` where no vendor took the request.
    pub(crate) surface: Option<&'static Surface>,
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
    pub(crate) streamed: Option<OnceLock<stream::Sent>>,
    /// The rule of the world's that struck it.
    pub(crate) fault: Option<Box<Fault>>,
}

/// What is known of a body that was too long to keep.
#[derive(Clone, Debug)]
struct Cut {
    bytes: usize,
    sha256: String,
}

/// As much of a body as is kept.
pub(crate) fn kept(body: &[u8]) -> &[u8] {
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
pub(crate) fn stream_json(sent: &stream::Sent) -> Value {
    json!({ "bytes": sent.bytes, "sha256": sent.sha256, "whole": sent.whole })
}

impl Cut {
    fn of(body: &[u8]) -> Option<Box<Self>> {
        let is_long = body.len() > JOURNAL_BODY_BYTES_MAX;
        is_long.then(|| Box::new(Cut { bytes: body.len(), sha256: hex(&Sha256::digest(body)) }))
    }
}

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

    pub(crate) fn bytes(&self) -> usize {
        self.text.len() + self.response_body.len()
    }

    pub(crate) fn secrets(&self) -> &'static [Secret] {
        self.surface.map_or(&[], |surface| surface.secrets)
    }

    /// Parameters that the operation has not read, as far as the request is kept.
    pub(crate) fn unread(&self, redactor: Redactor) -> Vec<Value> {
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

    pub(crate) fn render_request(&self, redactor: Redactor) -> Value {
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
    pub(crate) fn render_response(&self, redactor: Redactor) -> Value {
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
