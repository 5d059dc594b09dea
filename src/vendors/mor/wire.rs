//! The vendor's XML and its pages: two blanks of indent, LF, elements that are empty written as a
//! pair of tags (mor 1.7).

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use quick_xml::Writer;
use quick_xml::escape::partial_escape;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::base::time::{Instant, Span};
use crate::vendors::mor::model::Statistics;
use crate::vendors::mor::variants::CallTime;
use crate::vendors::mor::zone::{UnixTime, Zone, push_stamp, stamp};
use crate::web::message::Response;

/// How an answer goes out (mor 1.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    /// XML API Extension is on.
    pub(crate) xml: bool,
    /// The request carries `test=1`: shown, not downloaded.
    pub(crate) inline: bool,
}

pub(crate) fn respond(form: Form, body: impl Into<Bytes>) -> Response {
    let (media_type, attachment) = match (form.xml, form.inline) {
        (false, true) => ("text/html", None),
        (true, true) => ("application/xml", None),
        (false, false) => ("text/html", Some("attachment; filename=\"mor_api_response.html\"")),
        (true, false) => ("text/xml", Some("attachment; filename=\"mor_api_response.xml\"")),
    };
    let response = Response::with_body(StatusCode::OK, media_type, body);
    match attachment {
        None => response,
        Some(value) => {
            response.header(header::CONTENT_DISPOSITION, HeaderValue::from_static(value))
        }
    }
}

/// An element, with text or with others in it.
#[derive(Debug)]
enum Element<'t> {
    Text(&'static str, &'t str),
    Of(&'static str, Vec<Element<'t>>),
}

/// As much as most documents take.
const DOCUMENT_BYTES: usize = 512;

/// A document with its declaration and a line feed at its end.
fn document(root: &Element<'_>) -> Vec<u8> {
    let mut writer = Writer::new_with_indent(Vec::with_capacity(DOCUMENT_BYTES), b' ', 2);
    let written = writer
        .write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))
        .and_then(|()| write(&mut writer, root));
    let mut body = writer.into_inner();
    body.push(b'\n');
    // The journal keeps it, and counts what is in it.
    body.shrink_to_fit();
    written.map(|()| body).expect("writing to memory cannot fail")
}

fn write(writer: &mut Writer<Vec<u8>>, element: &Element<'_>) -> std::io::Result<()> {
    let (name, text) = match element {
        Element::Text(name, text) => (*name, Some(*text)),
        Element::Of(name, _) => (*name, None),
    };
    writer.write_event(Event::Start(BytesStart::new(name)))?;
    if let Some(text) = text {
        // Only &, < and > are escaped. An empty text keeps the end tag on the same line.
        let text = in_xml(text);
        writer.write_event(Event::Text(BytesText::from_escaped(partial_escape(text.as_ref()))))?;
    }
    if let Element::Of(_, inner) = element {
        inner.iter().try_for_each(|element| write(writer, element))?;
    }
    writer.write_event(Event::End(BytesEnd::new(name)))
}

/// A text without the characters that XML has no place for: a reader would stop at them. The replacement
/// is what the vendor's platform puts there (mor 1.7).
fn in_xml(text: &str) -> Cow<'_, str> {
    let is_foreign = |it: char| !is_xml(it);
    if text.contains(is_foreign) {
        Cow::Owned(text.replace(is_foreign, "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// XML 1.0, production 2.
fn is_xml(it: char) -> bool {
    matches!(it, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn in_page(inner: Vec<Element<'_>>) -> Vec<u8> {
    document(&Element::Of("page", vec![Element::Of("status", inner)]))
}

/// One element inside `page/status`.
pub(crate) fn page(name: &'static str, text: &str) -> Vec<u8> {
    in_page(vec![Element::Text(name, text)])
}

/// One element inside `status` alone.
pub(crate) fn bare(name: &'static str, text: &str) -> Vec<u8> {
    document(&Element::Of("status", vec![Element::Text(name, text)]))
}

/// A text directly inside `status`.
pub(crate) fn bare_text(text: &str) -> Vec<u8> {
    document(&Element::Text("status", text))
}

/// The document for a function that is none; it has no declaration.
pub(crate) fn undefined_method(name: &str) -> String {
    let name = in_xml(name);
    let name = partial_escape(name.as_ref());
    format!("<error><type>Undefined method</type><name>{name}</name></error>")
}

/// The rows of poll results as they are put together (mor 3.4).
#[derive(Debug)]
pub(crate) struct Poll<'s> {
    text: String,
    separator: &'s str,
    zone: Zone,
}

impl<'s> Poll<'s> {
    pub(crate) fn new(separator: &'s str, zone: Zone) -> Self {
        Poll { text: String::new(), separator, zone }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Begins a row.
    pub(crate) fn number(&mut self, number: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(number);
    }

    /// A time that is there; one that is not leaves no gap.
    pub(crate) fn time(&mut self, at: Instant) {
        self.text.push_str(self.separator);
        push_stamp(&mut self.text, self.zone.local(at));
    }

    /// An answer to the poll. Nothing is quoted: separators inside the text are taken out.
    pub(crate) fn answer(&mut self, at: Instant, text: &str) {
        self.time(at);
        self.text.push_str(self.separator);
        if text.contains(self.separator) {
            self.text.push_str(&text.replace(self.separator, ""));
        } else {
            self.text.push_str(text);
        }
    }

    pub(crate) fn into_page(self) -> Vec<u8> {
        page("ivr_poll_results_string", &self.text)
    }
}

/// The statistics document. Two elements in it are called `failed`: a count and a group (mor 4.8).
pub(crate) fn statistics(
    name: &str,
    period: (UnixTime, UnixTime),
    zone: Zone,
    figures: &Statistics,
    call_time: CallTime,
) -> Vec<u8> {
    let (start, end) = (stamp(zone.local(period.0)), stamp(zone.local(period.1)));
    let seconds = |length: Span| match (call_time, length) {
        (CallTime::AlwaysEmpty, _) | (CallTime::EmptyWhenZero, Span::ZERO) => String::new(),
        (_, length) => length.as_secs().to_string(),
    };
    let (billed, billed_long) = (seconds(figures.billed), seconds(figures.billed_long));
    let n_calls = figures.n_calls().max(1);
    let share = |n: i64| (n.to_string(), format!("{}%", n * 100 / n_calls));
    let [total, executed, completed] =
        [figures.n_numbers, figures.n_executed, figures.n_completed].map(|n| n.to_string());
    let answered = share(figures.n_answered);
    let no_answer = share(figures.n_no_answer);
    let busy = share(figures.n_busy);
    let failed = share(figures.n_failed);
    in_page(vec![
        Element::Text("campaign_name", name),
        Element::Of(
            "campaign_statistics",
            vec![
                Element::Of(
                    "period",
                    vec![Element::Text("period_start", &start), Element::Text("period_end", &end)],
                ),
                Element::Text("total_numbers", &total),
                Element::Text("failed", &executed),
                Element::Text("completed", &completed),
                Element::Text("total_call_time", &billed),
                Element::Text("total_call_time_longer_than_10s", &billed_long),
                group(["answered", "answered_calls", "answered_percent"], &answered),
                group(["no_answer", "no_answer_calls", "no_answer_percent"], &no_answer),
                group(["busy", "busy_calls", "busy_percent"], &busy),
                group(["failed", "failed_calls", "failed_percent"], &failed),
            ],
        ),
    ])
}

/// The calls of one outcome: a count and a share.
fn group<'t>(names: [&'static str; 3], (n, share): &'t (String, String)) -> Element<'t> {
    let [name, calls, percent] = names;
    Element::Of(name, vec![Element::Text(calls, n), Element::Text(percent, share)])
}

/// The page of a web server that has no such file. Assumed: the vendor's is not known.
const NOT_FOUND_PAGE: &str = "<!DOCTYPE html>\n<html>\n<head><title>404 Not Found</title></head>\n\
    <body><h1>Not Found</h1></body>\n</html>\n";

pub(crate) fn not_found() -> Response {
    Response::with_body(StatusCode::NOT_FOUND, "text/html", NOT_FOUND_PAGE)
}

/// The page of a Rails application that failed.
const FAILURE_PAGE: &str = "<!DOCTYPE html>\n<html>\n\
    <head><title>We're sorry, but something went wrong (500)</title></head>\n\
    <body><h1>We're sorry, but something went wrong.</h1></body>\n</html>\n";

/// The page of a Rails application that failed, with its status.
pub(crate) fn failure() -> Response {
    Response::with_body(StatusCode::INTERNAL_SERVER_ERROR, "text/html", FAILURE_PAGE)
}
