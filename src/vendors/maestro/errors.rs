//! Every answer that is not a list of callers: code, text, and when. Also the reasons behind empty
//! lists, which on the wire are lists like any other.

use http::{HeaderValue, StatusCode, header};

use crate::contract::cx::Cx;
use crate::contract::evidence::Evidence::Assumed;
use crate::contract::operation::Call;
use crate::contract::reply;
use crate::contract::reply::Refusal;
use crate::contract::reply::{Doing, InternalError, Reply, Why};
use crate::vendors::maestro::wire::{self, Format, Style};
use crate::web::message::Response;

pub(crate) static NO_PATH: Refusal = Refusal {
    rule: "maestro.path",
    code: "404",
    text: "",
    when: "the path is none of the two functions'",
    evidence: Assumed("maestro 1"),
};

pub(crate) static METHOD: Refusal = Refusal {
    rule: "maestro.method",
    code: "405",
    text: "",
    when: "the method is neither GET nor POST",
    evidence: Assumed("maestro 1"),
};

pub(crate) static MISSING: Refusal = Refusal {
    rule: "maestro.missing",
    code: "-2",
    text: "Missing parameter: {name}",
    when: "a required parameter is not there, or empty",
    evidence: Assumed("maestro 5"),
};

pub(crate) static CREDENTIALS: Refusal = Refusal {
    rule: "maestro.credentials",
    code: "-5",
    text: "Invalid offer id or token",
    when: "offer_id and offer_token do not belong together",
    evidence: Assumed("maestro 5"),
};

pub(crate) static DATE: Refusal = Refusal {
    rule: "maestro.date",
    code: "-2",
    text: "Invalid parameter: {name}",
    when: "dateFrom or dateTo is not a date in the form YYYY-MM-DD HH:MM:SS",
    evidence: Assumed("maestro 5"),
};

pub(crate) static REVERSED_WINDOW: Refusal = Refusal {
    rule: "maestro.reversed_window",
    code: "-2",
    text: "Invalid parameter: {name}",
    when: "dateFrom lies after dateTo; refused with the variant reversed_window, else an empty list",
    evidence: Assumed("maestro 4.1"),
};

pub(crate) static UNKNOWN_CALL: Refusal = Refusal {
    rule: "maestro.unknown_call",
    code: "-2",
    text: "Invalid parameter: {name}",
    when: "no call has the UID; refused with the variant unknown_call, else an empty list",
    evidence: Assumed("maestro 4.1"),
};

pub(crate) static INTERNAL: Refusal = Refusal {
    rule: "maestro.internal",
    code: "-4",
    text: "Unhandled exception",
    when: "something failed that is not the client's fault",
    evidence: Assumed("maestro 5"),
};

pub(crate) static EMPTY_WINDOW: Refusal = Refusal {
    rule: "maestro.empty_window",
    code: "200",
    text: "",
    when: "nobody who opted in to the offer was in a call that ended in the window: an empty list, not refused",
    evidence: Assumed("maestro 4.4"),
};

pub(crate) static RUNNING_CALL: Refusal = Refusal {
    rule: "maestro.running_call",
    code: "200",
    text: "",
    when: "the call has not ended: an empty list, not refused",
    evidence: Assumed("maestro 7"),
};

pub(crate) static FOREIGN_CALL: Refusal = Refusal {
    rule: "maestro.foreign_call",
    code: "200",
    text: "",
    when: "the callers of the call opted in to other offers only: an empty list, not refused",
    evidence: Assumed("maestro 4.1"),
};

pub(crate) static NO_OPT_IN: Refusal = Refusal {
    rule: "maestro.no_opt_in",
    code: "200",
    text: "",
    when: "nobody in the call opted in to anything: an empty list, not refused",
    evidence: Assumed("maestro 4.1"),
};

pub(crate) static OTHER_TYPE: Refusal = Refusal {
    rule: "maestro.type",
    code: "200",
    text: "",
    when: "type is another word than XML: CSV, not refused",
    evidence: Assumed("maestro 4.5"),
};

pub(crate) static REFUSALS: &[&Refusal] = &[
    &NO_PATH,
    &METHOD,
    &MISSING,
    &CREDENTIALS,
    &DATE,
    &REVERSED_WINDOW,
    &UNKNOWN_CALL,
    &INTERNAL,
    &EMPTY_WINDOW,
    &RUNNING_CALL,
    &FOREIGN_CALL,
    &NO_OPT_IN,
    &OTHER_TYPE,
];

/// Why an operation stops before its end.
pub(crate) type Stop = reply::Stop<No>;

/// A refusal, or an empty list, and what is behind it.
#[derive(Debug)]
pub(crate) struct No {
    pub(crate) refusal: &'static Refusal,
    /// The parameter that the text names; empty where it names none.
    pub(crate) parameter: &'static str,
    pub(crate) why: Why,
}

impl No {
    pub(crate) fn new(
        refusal: &'static Refusal,
        parameter: &'static str,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        No { refusal, parameter, why: Why::new(refusal, expected, found, hint) }
    }

    fn message(&self) -> String {
        self.refusal.text.replace("{name}", self.parameter)
    }
}

impl From<No> for Stop {
    fn from(no: No) -> Self {
        Stop::No(Box::new(no))
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Stop::Internal(InternalError::new(error))
    }
}

/// Puts a refusal on the wire.
pub(crate) fn refuse(cx: &Cx<'_>, format: Format, no: No) -> Result<Reply, InternalError> {
    let response = match no.refusal.code {
        // A web server's own answers, whatever the application's style. Their bodies are not known.
        "404" => Response::empty(StatusCode::NOT_FOUND),
        "405" => Response::empty(StatusCode::METHOD_NOT_ALLOWED)
            .header(header::ALLOW, HeaderValue::from_static("GET, POST")),
        code => wire::refusal(cx.variant(), &Style::of(cx, format), code, &no.message())
            .doing("write a refusal")?,
    };
    Ok(Reply::refused_because(response, no.why))
}

/// An empty list with the reason why it is empty. The vendor refuses nothing here, so neither does
/// the journal; but this is what a client's author looks for.
pub(crate) fn empty(response: Response, no: No) -> Reply {
    let mut reply = Reply::ok(response);
    reply.why = Some(Box::new(no.why));
    reply
}

/// What is sent when Ringback itself fails. No world can be asked for its switches here, so they
/// stand at their defaults.
pub(crate) fn failure(call: &Call<'_>) -> Response {
    let kind = call.params.query.first("type").or_else(|| call.params.form.first("type"));
    let is_xml = kind.is_some_and(|kind| kind.eq_ignore_ascii_case("XML"));
    let format = if is_xml { Format::Xml } else { Format::Csv };
    wire::inband(format, INTERNAL.code, INTERNAL.text)
}
