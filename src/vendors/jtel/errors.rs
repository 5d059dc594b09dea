//! Every answer that is not a success: status, text, and when.

use http::{HeaderValue, Method, StatusCode, header};

use crate::contract::cx::Cx;
use crate::contract::evidence::Evidence::{Assumed, Documented, Inferred};
use crate::contract::operation::Call;
use crate::contract::reply;
use crate::contract::reply::Refusal;
use crate::contract::reply::{InternalError, Reply, Why};
use crate::vendors::jtel::variants::{EmptyErrorBodies, NonNumericId, WrongMethod};
use crate::vendors::jtel::wire;
use crate::web::message::{Request, Response};

/// What a text of a refusal has in place of the parameter or field.
const SUBJECT: &str = "{name}";

pub(crate) static NO_ENDPOINT: Refusal = Refusal {
    rule: "jtel.endpoint",
    code: "404",
    text: "",
    when: "there is no such REST endpoint; the body is empty",
    evidence: Documented("jtel 5"),
};

pub(crate) static BAD_ID: Refusal = Refusal {
    rule: "jtel.id",
    code: "404",
    text: "",
    when: "an ID in the path is no number",
    evidence: Assumed("jtel 5"),
};

pub(crate) static METHOD: Refusal = Refusal {
    rule: "jtel.method",
    code: "405",
    text: "",
    when: "the path is known, and not with this method",
    evidence: Assumed("jtel 5"),
};

pub(crate) static UNAUTHORIZED: Refusal = Refusal {
    rule: "jtel.token",
    code: "401",
    text: "Unauthorized",
    when: "the token is bad, the client account is wrong, or they do not belong together",
    evidence: Assumed("jtel 5"),
};

pub(crate) static MEDIA_TYPE: Refusal = Refusal {
    rule: "jtel.content_type",
    code: "415",
    text: "",
    when: "a POST does not say that its body is JSON",
    evidence: Assumed("jtel 5"),
};

pub(crate) static JSON: Refusal = Refusal {
    rule: "jtel.json",
    code: "400",
    text: "Invalid JSON",
    when: "the body of a POST is empty, no JSON, or no JSON object",
    evidence: Assumed("jtel 5"),
};

pub(crate) static MISSING_PARAMETER: Refusal = Refusal {
    rule: "jtel.parameter_missing",
    code: "400",
    text: "Missing parameter: {name}",
    when: "a required parameter is missing or empty",
    evidence: Assumed("jtel 5"),
};

pub(crate) static BAD_PARAMETER: Refusal = Refusal {
    rule: "jtel.parameter",
    code: "400",
    text: "Invalid parameter: {name}",
    when: "a parameter cannot be read",
    evidence: Assumed("jtel 5"),
};

pub(crate) static MISSING_FIELD: Refusal = Refusal {
    rule: "jtel.field_missing",
    code: "400",
    text: "Missing field: {name}",
    when: "an import names no Name or no campaign, or a batch retrieval no list",
    evidence: Assumed("jtel 5"),
};

pub(crate) static NO_PHONE: Refusal = Refusal {
    rule: "jtel.phone_missing",
    code: "400",
    text: "At least one phone number is required",
    when: "an import has none of PhoneNumber1 to PhoneNumber6",
    evidence: Assumed("jtel 5"),
};

pub(crate) static BAD_FIELD: Refusal = Refusal {
    rule: "jtel.field",
    code: "400",
    text: "Invalid field: {name}",
    when: "a field of the body is of the wrong type",
    evidence: Assumed("jtel 4.5"),
};

pub(crate) static FIELD_TOO_LONG: Refusal = Refusal {
    rule: "jtel.field_length",
    code: "400",
    text: "Field too long: {name}",
    when: "a text is longer than its field; the lengths are those of the CSV import",
    evidence: Assumed("jtel 3.1"),
};

pub(crate) static NO_CAMPAIGN: Refusal = Refusal {
    rule: "jtel.campaign",
    code: "404",
    text: "Dialler campaign not found",
    when: "the client account has no such campaign; an empty list where the world answers so",
    evidence: Inferred("jtel 2.2"),
};

pub(crate) static NO_CONTACT: Refusal = Refusal {
    rule: "jtel.contact",
    code: "404",
    text: "Dialler contact not found",
    when: "the client account has no such contact; contacts by UserData and a batch leave it out",
    evidence: Assumed("jtel 4.3"),
};

pub(crate) static ON_A_CALL: Refusal = Refusal {
    rule: "jtel.on_a_call",
    code: "409",
    text: "Dialler contact is on a call",
    when: "lock_conflict is conflict, and a contact on a call is locked or unlocked",
    evidence: Assumed("jtel 4.6"),
};

pub(crate) static INTERNAL: Refusal = Refusal {
    rule: "jtel.internal",
    code: "500",
    text: "Internal error",
    when: "something failed that is not the client's fault",
    evidence: Assumed("jtel 5"),
};

pub(crate) static REFUSALS: &[&Refusal] = &[
    &NO_ENDPOINT,
    &BAD_ID,
    &METHOD,
    &UNAUTHORIZED,
    &MEDIA_TYPE,
    &JSON,
    &MISSING_PARAMETER,
    &BAD_PARAMETER,
    &MISSING_FIELD,
    &NO_PHONE,
    &BAD_FIELD,
    &FIELD_TOO_LONG,
    &NO_CAMPAIGN,
    &NO_CONTACT,
    &ON_A_CALL,
    &INTERNAL,
];

/// Why an operation stops before its end.
pub(crate) type Stop = reply::Stop<No>;

/// A refusal and what is behind it.
#[derive(Debug)]
pub(crate) struct No {
    refusal: &'static Refusal,
    /// The parameter or field, where the text names one.
    subject: &'static str,
    why: Why,
    /// The methods that the path takes, where it is known and not with this one.
    allowed: Vec<Method>,
}

impl Stop {
    /// A refusal of the method.
    pub(crate) fn method(
        allowed: Vec<Method>,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let why = Why::new(&METHOD, expected, found, hint);
        Stop::No(Box::new(No { refusal: &METHOD, subject: "", why, allowed }))
    }

    pub(crate) fn no(
        refusal: &'static Refusal,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Stop::of("", refusal, expected, found, hint)
    }

    /// A refusal whose text names a parameter or field.
    pub(crate) fn of(
        subject: &'static str,
        refusal: &'static Refusal,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let why = Why::new(refusal, expected, found, hint);
        Stop::No(Box::new(No { refusal, subject, why, allowed: Vec::new() }))
    }

    /// A refusal whose reason is told already.
    pub(crate) fn because(refusal: &'static Refusal, why: Why) -> Self {
        Stop::about("", refusal, why)
    }

    /// A refusal whose text names a parameter or field, and whose reason is told already.
    pub(crate) fn about(subject: &'static str, refusal: &'static Refusal, why: Why) -> Self {
        Stop::No(Box::new(No { refusal, subject, why, allowed: Vec::new() }))
    }
}

/// An answer that the vendor does not refuse, with the reason why something is missing in it.
pub(crate) fn told(mut reply: Reply, stop: Stop) -> Result<Reply, Stop> {
    match stop {
        Stop::No(no) => {
            reply.why = Some(Box::new(no.why));
            Ok(reply)
        }
        internal @ Stop::Internal(_) => Err(internal),
    }
}

/// Puts an answer or a refusal on the wire.
pub(crate) fn finish(cx: &Cx<'_>, answered: Result<Reply, Stop>) -> Result<Reply, InternalError> {
    match answered {
        Ok(reply) => Ok(reply),
        Err(Stop::No(no)) => Ok(refuse(cx, *no)),
        Err(Stop::Internal(error)) => Err(error),
    }
}

fn refuse(cx: &Cx<'_>, no: No) -> Reply {
    let (status, text) = shown(cx, &no);
    let is_empty = text.is_empty()
        || match cx.variant() {
            EmptyErrorBodies::Never => false,
            EmptyErrorBodies::Unauthorized => status == StatusCode::UNAUTHORIZED,
            EmptyErrorBodies::Always => true,
        };
    let mut response = if is_empty {
        Response::empty(status)
    } else {
        wire::respond(cx, status, wire::error_body(status, &text))
    };
    if status == StatusCode::METHOD_NOT_ALLOWED
        && let Some(allowed) = allow(&no.allowed)
    {
        response = response.header(header::ALLOW, allowed);
    }
    Reply::refused_because(response, no.why)
}

/// The method that a request is answered by: a servlet does for HEAD what it does for GET, and sends
/// no body (assumed: jtel 1).
pub(crate) fn method(request: &Request) -> &Method {
    if request.method == Method::HEAD { &Method::GET } else { &request.method }
}

/// The header that names the methods of a path; `None` where they are not known.
fn allow(methods: &[Method]) -> Option<HeaderValue> {
    let mut names: Vec<&str> = methods.iter().map(Method::as_str).collect();
    if methods.contains(&Method::GET) {
        names.push(Method::HEAD.as_str());
    }
    let listed = (!names.is_empty()).then(|| names.join(", "));
    listed.and_then(|names| HeaderValue::from_str(&names).ok())
}

/// Status and text of a refusal in this world.
fn shown(cx: &Cx<'_>, no: &No) -> (StatusCode, String) {
    let rule = no.refusal.rule;
    if rule == METHOD.rule && cx.variant::<WrongMethod>() == WrongMethod::NotFound {
        return (StatusCode::NOT_FOUND, String::new());
    }
    if rule == BAD_ID.rule && cx.variant::<NonNumericId>() == NonNumericId::BadRequest {
        return (StatusCode::BAD_REQUEST, BAD_PARAMETER.text.replace(SUBJECT, no.subject));
    }
    (status(no.refusal), no.refusal.text.replace(SUBJECT, no.subject))
}

fn status(refusal: &Refusal) -> StatusCode {
    let code = refusal.code.parse().ok();
    code.and_then(|code| StatusCode::from_u16(code).ok()).unwrap_or(StatusCode::BAD_REQUEST)
}

/// What is sent when Ringback itself fails.
pub(crate) fn failure(_: &Call<'_>) -> Response {
    wire::failure(StatusCode::INTERNAL_SERVER_ERROR, INTERNAL.text)
}
