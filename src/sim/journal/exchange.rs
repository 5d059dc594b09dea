//! A request and its reply as an entry keeps them.
//!
//! Bodies are shared with the response that went out; texts are made of what is kept when somebody
//! reads (`Exchange::asked`, `Exchange::answered`).
//!
//! Not here: how they are written (`web::exchange`, `sim::journal::shown`).

use std::borrow::Cow;
use std::io::Write;
use std::ops::Range;
use std::sync::OnceLock;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use sha2::{Digest, Sha256};

use crate::base::hex::hex;
use crate::base::limits::JOURNAL_BODY_BYTES_MAX;
use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::contract::surface::Surface;
use crate::sim::fault::canned::standing::Answering;
use crate::sim::fault::struck::Fault;
use crate::sim::journal::fault::{Canned, Struck};
use crate::sim::journal::mask::Mask;
use crate::sim::journal::name::Name;
use crate::sim::journal::trace::Trace;
use crate::sim::journal::unread::{self, Sent, Unread};
use crate::web::exchange::{Answered, Asked, Body, Message};
use crate::web::mask::masker::Masked;
use crate::web::message::{Request, Response};
use crate::web::stream;

/// A method of so many characters is a word of HTTP's; of more it may be what a client put in its place.
const METHOD_CHARS: usize = 8;

/// A request and its response, as small as they can be kept.
///
/// Everything is copied out of the message: what came in over a socket are slices of the
/// connection's buffer, and keeping one would keep all of it. It is copied into one piece, because
/// an entry is freed long after it was made, by another thread, and each piece costs.
#[derive(Debug)]
pub struct Exchange {
    whose: Whose,
    operation: Option<Name>,
    method: Method,
    /// `None` where no answer was made.
    status: Option<StatusCode>,
    /// Target, request headers, request body and response headers, one after the other; of an
    /// exchange that was read, the path behind them.
    text: Box<[u8]>,
    /// Where the four of them end.
    ends: [usize; 4],
    /// Where the vendor's own path lies in the text.
    path: Range<usize>,
    cut_request: Option<Box<Cut>>,
    response_body: Bytes,
    cut_response: Option<Box<Cut>>,
    /// What went out, once a body that is made while it is sent has come to its end.
    streamed: Option<OnceLock<stream::StreamEnd>>,
    /// The rule of the world's that struck it.
    fault: Option<Box<Struck>>,
    /// The fixed reply that answered it.
    canned: Option<Box<Canned>>,
    /// What nothing had read of it, of an exchange that was read back from where it was kept. The
    /// texts of such a one were masked when they were written.
    read_back: Option<Box<[Unread]>>,
}

/// The vendor that took a request.
#[derive(Clone, Debug)]
pub(crate) enum Whose {
    Nobody,
    Known(&'static Surface),
    /// One that this build does not have.
    Other(String),
}

/// An exchange as it was written.
#[derive(Debug)]
pub(crate) struct Written<'e> {
    pub(crate) whose: Whose,
    pub(crate) operation: Option<Name>,
    pub(crate) asked: Asked<'e>,
    pub(crate) answered: Option<Answered<'e>>,
    pub(crate) fault: Option<Struck>,
    pub(crate) canned: Option<Canned>,
    pub(crate) unread: Vec<Unread>,
}

/// What is known of a body that was too long to keep.
#[derive(Clone, Debug)]
struct Cut {
    bytes: u64,
    sha256: String,
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

/// The headers of such lines as texts.
fn headers<'t>(lines: &'t [u8], mask: Mask<'_>) -> Vec<(Cow<'t, str>, Cow<'t, str>)> {
    let lines = lines.split(|byte| *byte == b'\n');
    let pairs = lines.filter_map(|line| {
        let at = line.windows(2).position(|pair| pair == b": ")?;
        let text = String::from_utf8_lossy;
        let (name, value) = (text(&line[..at]), text(&line[at + 2..]));
        let value = mask.header(&name, value);
        Some((mask.header_name(name), value))
    });
    pairs.collect()
}

/// The `Content-Encoding` that such lines tell. Names of headers are kept in lower case.
fn encoding(headers: &[u8]) -> Option<&str> {
    let mut lines = headers.split(|byte| *byte == b'\n');
    let encoding = lines.find_map(|line| line.strip_prefix(b"content-encoding: "))?;
    std::str::from_utf8(encoding).ok()
}

fn body<'b>(bytes: &'b [u8], headers: &[u8], cut: Option<&'b Cut>, mask: Mask<'_>) -> Body<'b> {
    let shown = match mask.body(bytes, encoding(headers)) {
        None => match std::str::from_utf8(bytes) {
            Ok(text) => Body::Text(text.into()),
            Err(_) => Body::Bytes(bytes.into()),
        },
        Some(Masked::Text(text)) => Body::Text(text.into()),
        Some(Masked::Bytes(bytes)) => Body::Bytes(bytes.into()),
        // Nothing of it is shown, as if it had been cut at its beginning.
        Some(Masked::Opaque { bytes, sha256 }) => {
            Body::Cut { head: "".into(), bytes: bytes as u64, sha256: sha256.into() }
        }
    };
    let Some(cut) = cut else { return shown };
    // A body that was cut may end inside a character.
    let head = match shown {
        Body::Text(head) | Body::Cut { head, .. } => head,
        Body::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned().into(),
        Body::Streamed(_) => "".into(),
    };
    Body::Cut { head, bytes: cut.bytes, sha256: cut.sha256.as_str().into() }
}

/// Where the path as the vendor sees it lies in the target. A target in absolute form has a scheme
/// and a host before it.
fn path_within(request: &Request, target_end: usize) -> Range<usize> {
    let query_bytes = request.query().map_or(0, |query| query.len() + 1);
    let end = target_end.saturating_sub(query_bytes);
    // A prefix with nothing behind it leaves no path of the vendor's own.
    let path_bytes = request.target.path().len().saturating_sub(request.path_start);
    end.saturating_sub(path_bytes)..end
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

impl Cut {
    fn of(body: &[u8]) -> Option<Box<Self>> {
        let is_long = body.len() > JOURNAL_BODY_BYTES_MAX;
        is_long
            .then(|| Box::new(Cut { bytes: body.len() as u64, sha256: hex(&Sha256::digest(body)) }))
    }

    fn read(body: &Body<'_>) -> Option<Box<Self>> {
        match body {
            Body::Cut { bytes, sha256, .. } => {
                Some(Box::new(Cut { bytes: *bytes, sha256: sha256.clone().into_owned() }))
            }
            _ => None,
        }
    }
}

/// Appends headers that were read, which have to keep to their lines.
fn push_read(text: &mut Vec<u8>, message: &Message<'_>) -> Result<(), String> {
    for (name, value) in message.pairs() {
        if name.contains([':', '\n']) || value.contains('\n') {
            return Err(format!(
                "header {}; expected a name without a colon and no line end in name or value",
                excerpt(name, EXCERPT_CHARS_MAX)
            ));
        }
        for part in [name, ": ", value, "\n"] {
            text.extend_from_slice(part.as_bytes());
        }
    }
    Ok(())
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
        let response_end = text.len();
        let cut_response = Cut::of(&response.body);
        Exchange {
            whose: surface.map_or(Whose::Nobody, Whose::Known),
            operation: operation.map(Cow::Borrowed),
            method: request.method.clone(),
            status: Some(response.status),
            text: text.into_boxed_slice(),
            ends: [target_end, headers_end, body_end, response_end],
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
            canned: None,
            read_back: None,
        }
    }

    /// An exchange as it was when it was written.
    ///
    /// # Errors
    /// Says what was found and what was expected.
    pub(crate) fn read(written: Written<'_>) -> Result<Self, String> {
        let Written { whose, operation, asked, answered, fault, canned, unread } = written;
        let method = asked.method.parse().map_err(|_| {
            let found = excerpt(&asked.method, EXCERPT_CHARS_MAX);
            format!("method {found}; expected the name of an HTTP method")
        })?;
        let status = answered.as_ref().map(|it| {
            StatusCode::from_u16(it.status)
                .map_err(|_| format!("status {}; expected 100 to 999", it.status))
        });
        let mut text = asked.target.as_bytes().to_vec();
        let target_end = text.len();
        push_read(&mut text, &asked.message)?;
        let headers_end = text.len();
        text.extend_from_slice(asked.message.body.bytes());
        let body_end = text.len();
        let none = Message::default();
        let response = answered.as_ref().map_or(&none, |it| &it.message);
        push_read(&mut text, response)?;
        let response_end = text.len();
        text.extend_from_slice(asked.path.as_bytes());
        Ok(Exchange {
            whose,
            operation,
            method,
            status: status.transpose()?,
            path: response_end..text.len(),
            text: text.into_boxed_slice(),
            ends: [target_end, headers_end, body_end, response_end],
            cut_request: Cut::read(&asked.message.body),
            response_body: Bytes::copy_from_slice(response.body.bytes()),
            cut_response: Cut::read(&response.body),
            streamed: match &response.body {
                Body::Streamed(None) => Some(OnceLock::new()),
                Body::Streamed(Some(sent)) => Some(sent.clone().into_owned().into()),
                _ => None,
            },
            fault: fault.map(Box::new),
            canned: canned.map(Box::new),
            read_back: Some(unread.into_boxed_slice()),
        })
    }

    /// The exchange as one that a fault struck, if any did.
    #[must_use]
    pub fn struck_by(mut self, fault: Option<Fault>) -> Self {
        self.fault = fault.map(|fault| Box::new(fault.into()));
        if self.fault.as_ref().is_some_and(|fault| !fault.kind.has_reply()) {
            self.status = None;
        }
        self
    }

    /// The exchange as one that a fixed reply answered, if any did.
    #[must_use]
    pub(crate) fn answered_by(mut self, answering: Option<Answering>) -> Self {
        self.canned = answering.map(|answering| Box::new(answering.into()));
        self
    }

    /// The exchange as one whose body is made while it is sent.
    #[must_use]
    pub fn streaming(mut self) -> Self {
        self.streamed = Some(OnceLock::new());
        self
    }

    /// Completes a body that was made while it was sent.
    pub(crate) fn complete(&self, sent: stream::StreamEnd) {
        if let Some(streamed) = &self.streamed {
            // It is completed once, by the thread that made it.
            let _ = streamed.set(sent);
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.text.len() + self.response_body.len()
    }

    /// The name of the vendor that took the request.
    pub fn vendor(&self) -> Option<&str> {
        match &self.whose {
            Whose::Nobody => None,
            Whose::Known(surface) => Some(surface.vendor),
            Whose::Other(name) => Some(name),
        }
    }

    /// The name of the operation that took it.
    pub fn operation(&self) -> Option<&str> {
        self.operation.as_deref()
    }

    /// The rule of the world's that struck it.
    pub fn fault(&self) -> Option<&Struck> {
        self.fault.as_deref()
    }

    /// The fixed reply that answered it.
    pub(crate) fn canned(&self) -> Option<&Canned> {
        self.canned.as_deref()
    }

    /// The status of the reply; `None` where no answer was made.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// What the request says of the run that it belongs to.
    pub(crate) fn trace(&self) -> Option<Trace<'_>> {
        let [target_end, headers_end, ..] = self.ends;
        Trace::find(&self.text[target_end..headers_end])
    }

    /// Parameters that the operation has not read, as far as the request is kept.
    pub(crate) fn unread(&self, mask: Mask<'_>) -> Cow<'_, [Unread]> {
        if let Some(unread) = &self.read_back {
            let shown = |it: &Unread| Unread { name: unread::shown(&it.name, mask), ..it.clone() };
            return unread.iter().map(shown).collect();
        }
        let (Whose::Known(surface), Some(operation)) = (&self.whose, &self.operation) else {
            return Cow::Borrowed(&[]);
        };
        let [target_end, headers_end, body_end, _] = self.ends;
        let query = &self.text[self.path.end..target_end];
        // A form that was cut may end inside a name.
        let is_form = self.cut_request.is_none()
            && is_form(&self.text[target_end..headers_end])
            && body_end > headers_end;
        let body = &self.text[headers_end..body_end];
        let (form, json): (&[u8], &[u8]) = match (is_form, self.cut_request.is_none()) {
            (true, _) => (body, &[]),
            (false, true) => (&[], body),
            (false, false) => (&[], &[]),
        };
        let sent = Sent { query: query.strip_prefix(b"?").unwrap_or_default(), form, json };
        unread::unread(surface, operation, sent, mask).into()
    }

    /// The request as it may be shown.
    pub(crate) fn asked(&self, mask: Mask<'_>) -> Asked<'_> {
        let [target_end, headers_end, body_end, _] = self.ends;
        let text = |part: Range<usize>| String::from_utf8_lossy(&self.text[part]);
        let target = mask.target(text(0..target_end));
        let path = text(self.path.clone());
        // The path is a part of the target, but for one that was read back.
        let is_clean = self.path.end <= target_end && matches!(target, Cow::Borrowed(_));
        let path = if is_clean { path } else { mask.target(path) };
        let headers_kept = &self.text[target_end..headers_end];
        let method = Cow::Borrowed(self.method.as_str());
        // Any word is a method where a client sends its credential in its place.
        let is_usual = method.len() <= METHOD_CHARS;
        Asked {
            method: if is_usual { method } else { mask.header_name(method) },
            target,
            path,
            message: Message {
                headers: headers(headers_kept, mask),
                body: body(
                    &self.text[headers_end..body_end],
                    headers_kept,
                    self.cut_request.as_deref(),
                    mask,
                ),
            },
        }
    }

    /// What was answered, be it that it arrived or not; `None` where no answer was made.
    pub(crate) fn answered(&self, mask: Mask<'_>) -> Option<Answered<'_>> {
        let [_, _, body_end, response_end] = self.ends;
        let headers_kept = &self.text[body_end..response_end];
        let body = match &self.streamed {
            None => body(&self.response_body, headers_kept, self.cut_response.as_deref(), mask),
            Some(streamed) => Body::Streamed(streamed.get().map(Cow::Borrowed)),
        };
        let headers = headers(headers_kept, mask);
        let message = Message { headers, body };
        Some(Answered { status: self.status?.as_u16(), message })
    }
}
