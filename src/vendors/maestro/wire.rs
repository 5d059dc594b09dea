//! The vendor's CSV and XML, and its ways to say no.
//!
//! A list is written row by row, so that it can be streamed: [`List::begin`] writes what comes
//! before the rows, [`List::row`] one row, [`List::finish`] what comes behind them. A list without
//! rows is [`no_rows`], which is not always what the other two would give.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::{QuoteStyle, Terminator};
use http::{HeaderValue, StatusCode, header};
use quick_xml::escape::partial_escape;

use crate::base::time::Instant;
use crate::base::zone::Tz;
use crate::contract::cx::Cx;
use crate::vendors::maestro::model::{self, Caller};
use crate::vendors::maestro::variants::{
    CallTimeFormat, ContentDisposition, CsvBom, CsvEmpty, CsvEol, CsvHeader, CsvQuote, EmailSep,
    ErrorStyle, TimeZone, XmlNull, XmlShape,
};
use crate::web::message::Response;

const CSV: &str = "text/csv; charset=UTF-8";
const XML: &str = "text/xml; charset=UTF-8";
const LINE: &str = "text/plain; charset=UTF-8";

/// The columns of CSV and the elements of XML, in their order. `ANI` is in capitals, as documented.
pub(crate) const COLUMNS: [&str; 10] = [
    "customerEmail",
    "callName",
    "callTime",
    "conferenceEmail",
    "callUID",
    "callerUID",
    "ANI",
    "name",
    "email",
    "affiliate",
];

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Csv,
    Xml,
}

/// How lists are written: the request's format and the world's switches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    format: Format,
    zone: Tz,
    call_time: CallTimeFormat,
    email_sep: EmailSep,
    csv_header: CsvHeader,
    csv_quote: CsvQuote,
    csv_eol: CsvEol,
    csv_bom: CsvBom,
    csv_empty: CsvEmpty,
    xml_shape: XmlShape,
    xml_null: XmlNull,
    disposition: ContentDisposition,
}

impl Style {
    pub(crate) fn of(cx: &Cx<'_>, format: Format) -> Self {
        Style {
            format,
            zone: zone(cx),
            call_time: cx.variant(),
            email_sep: cx.variant(),
            csv_header: cx.variant(),
            csv_quote: cx.variant(),
            csv_eol: cx.variant(),
            csv_bom: cx.variant(),
            csv_empty: cx.variant(),
            xml_shape: cx.variant(),
            xml_null: cx.variant(),
            disposition: cx.variant(),
        }
    }

    /// A list as a response.
    pub(crate) fn respond(&self, body: Vec<u8>) -> Response {
        let response = Response::with_body(StatusCode::OK, self.media_type(), body);
        match (self.format, self.disposition) {
            (Format::Csv, ContentDisposition::Attachment) => response.header(
                header::CONTENT_DISPOSITION,
                HeaderValue::from_static("attachment; filename=\"callers.csv\""),
            ),
            _ => response,
        }
    }

    fn media_type(&self) -> &'static str {
        match self.format {
            Format::Csv => CSV,
            Format::Xml => XML,
        }
    }
}

/// The zone of the vendor's times.
pub(crate) fn zone(cx: &Cx<'_>) -> Tz {
    match cx.variant() {
        TimeZone::LosAngeles => Tz::LOS_ANGELES,
        TimeZone::Utc => Tz::UTC,
    }
}

/// A list that is being written.
#[derive(Debug)]
pub(crate) struct List<W: Write> {
    style: Style,
    /// The last `callTime` and its instant: rows of one call follow each other.
    time: (Option<Instant>, String),
    rows: Rows<W>,
}

#[derive(Debug)]
enum Rows<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Xml(W),
}

impl<W: Write> List<W> {
    /// Writes what comes before the rows.
    pub(crate) fn begin(mut out: W, style: Style) -> io::Result<Self> {
        let rows = match style.format {
            Format::Csv => {
                if style.csv_bom == CsvBom::On {
                    out.write_all(BOM)?;
                }
                let mut rows = csv_writer(out, &style);
                if style.csv_header == CsvHeader::On {
                    rows.write_record(COLUMNS)?;
                }
                Rows::Csv(Box::new(rows))
            }
            Format::Xml => {
                out.write_all(DECLARATION.as_bytes())?;
                out.write_all(match style.xml_shape {
                    XmlShape::Plain => b"<callers>",
                    XmlShape::Envelope => {
                        b"<response><code>0</code><message></message><value>".as_slice()
                    }
                })?;
                Rows::Xml(out)
            }
        };
        Ok(List { style, time: (None, String::new()), rows })
    }

    /// Writes one row.
    pub(crate) fn row(&mut self, caller: &Caller<'_>) -> io::Result<()> {
        if self.time.0 != Some(caller.call_start) {
            let at = caller.call_start;
            let text = match self.style.call_time {
                CallTimeFormat::Sql => model::sql_time(self.style.zone, at),
                CallTimeFormat::JavaDate => model::java_date(self.style.zone, at),
            };
            self.time = (Some(at), text);
        }
        let customer_emails = self.style.emails(caller.customer_emails);
        let conference_emails = self.style.emails(caller.conference_emails);
        let values: [&str; COLUMNS.len()] = [
            &customer_emails,
            caller.call_name,
            &self.time.1,
            &conference_emails,
            caller.call_uid,
            caller.uid,
            caller.ani,
            caller.name,
            caller.email,
            caller.affiliate,
        ];
        match &mut self.rows {
            Rows::Csv(rows) => Ok(rows.write_record(values)?),
            Rows::Xml(out) => xml_row(out, &self.style, &values),
        }
    }

    /// Writes what comes behind the rows.
    pub(crate) fn finish(self) -> io::Result<W> {
        match self.rows {
            Rows::Csv(rows) => rows.into_inner().map_err(csv::IntoInnerError::into_error),
            Rows::Xml(mut out) => {
                out.write_all(match self.style.xml_shape {
                    XmlShape::Plain => b"\n</callers>",
                    XmlShape::Envelope => b"</value></response>".as_slice(),
                })?;
                Ok(out)
            }
        }
    }
}

impl List<Vec<u8>> {
    /// The bytes so far, but for what the CSV writer still holds back.
    pub(crate) fn n_bytes(&self) -> usize {
        match &self.rows {
            Rows::Csv(rows) => rows.get_ref().len(),
            Rows::Xml(out) => out.len(),
        }
    }
}

/// A whole list without rows.
pub(crate) fn no_rows(style: Style) -> io::Result<Vec<u8>> {
    match (style.format, style.csv_empty) {
        (Format::Csv, CsvEmpty::ZeroBytes) => Ok(Vec::new()),
        _ => List::begin(Vec::new(), style)?.finish(),
    }
}

const BOM: &[u8] = b"\xef\xbb\xbf";

/// What every XML document begins with.
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

fn csv_writer<W: Write>(out: W, style: &Style) -> csv::Writer<W> {
    csv::WriterBuilder::new()
        .quote_style(match style.csv_quote {
            CsvQuote::Minimal => QuoteStyle::Necessary,
            CsvQuote::All => QuoteStyle::Always,
        })
        .terminator(match style.csv_eol {
            CsvEol::Crlf => Terminator::CRLF,
            CsvEol::Lf => Terminator::Any(b'\n'),
        })
        .from_writer(out)
}

impl Style {
    fn emails<'e>(&self, addresses: &'e str) -> Cow<'e, str> {
        match self.email_sep {
            EmailSep::Comma => addresses.into(),
            EmailSep::Semicolon => addresses.replace(',', ";").into(),
        }
    }
}

fn xml_row(out: &mut impl Write, style: &Style, values: &[&str; COLUMNS.len()]) -> io::Result<()> {
    // The plain list is indented, the envelope stands on one line.
    let (before, within) = match style.xml_shape {
        XmlShape::Plain => ("\n  ", "\n    "),
        XmlShape::Envelope => ("", ""),
    };
    write!(out, "{before}<caller>")?;
    for (name, value) in COLUMNS.iter().zip(values) {
        if value.is_empty() && style.xml_null == XmlNull::Omit {
            continue;
        }
        write!(out, "{within}<{name}>{}</{name}>", partial_escape(*value))?;
    }
    write!(out, "{before}</caller>")
}

/// A refusal, in the world's style.
pub(crate) fn refusal(
    error_style: ErrorStyle,
    style: &Style,
    code: &'static str,
    message: &str,
) -> io::Result<Response> {
    Ok(match error_style {
        ErrorStyle::Inband => inband(style.format, code, message),
        ErrorStyle::Http => {
            let status = match code {
                "-2" => StatusCode::BAD_REQUEST,
                "-5" => StatusCode::FORBIDDEN,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            };
            Response::with_body(status, LINE, message.to_owned())
        }
        ErrorStyle::FalseLine => {
            Response::with_body(StatusCode::OK, LINE, format!("FALSE,{message}"))
        }
        ErrorStyle::Empty => style.respond(no_rows(*style)?),
    })
}

/// A refusal inside a 200: the envelope in XML, else one line.
pub(crate) fn inband(format: Format, code: &str, message: &str) -> Response {
    match format {
        Format::Csv => Response::with_body(StatusCode::OK, LINE, format!("{code},{message}")),
        Format::Xml => {
            let message = partial_escape(message);
            let body = format!(
                "{DECLARATION}<response><code>{code}</code><message>{message}</message>\
                 <value></value></response>"
            );
            Response::with_body(StatusCode::OK, XML, body)
        }
    }
}
