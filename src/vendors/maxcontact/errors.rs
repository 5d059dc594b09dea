//! Every answer that is a refusal: code, text, status, and when.

use http::StatusCode;

use crate::contract::cx::Cx;
use crate::contract::evidence::Evidence::{Assumed, Inferred};
use crate::contract::operation::Call;
use crate::contract::reply::{self, InternalError, Refusal, Reply, Why};
use crate::vendors::maxcontact::store;
use crate::vendors::maxcontact::variants::{
    BadLogin, BadPathNumber, BadQueryNumber, BadToken, NoRight, TokenExpiry,
};
use crate::vendors::maxcontact::wire::entities::{Data, Envelope, Token};
use crate::vendors::maxcontact::wire::service::Service;
use crate::vendors::maxcontact::wire::style::Style;
use crate::vendors::maxcontact::wire::{answer, pages};
use crate::web::diagnosis::report::{Diagnosis, Edit};
use crate::web::message::Response;

pub(crate) static PATH: Refusal = Refusal {
    rule: "maxcontact.path",
    code: "404",
    text: "",
    when: "no endpoint has that path",
    evidence: Inferred("maxcontact 5.4"),
};

pub(crate) static METHOD: Refusal = Refusal {
    rule: "maxcontact.method",
    code: "405",
    text: "",
    when: "the endpoint takes another verb",
    evidence: Inferred("maxcontact 5.4"),
};

pub(crate) static BODY: Refusal = Refusal {
    rule: "maxcontact.body",
    code: "400",
    text: "",
    when: "the body of a lead management request cannot be read",
    evidence: Inferred("maxcontact 5.4"),
};

pub(crate) static LOGIN: Refusal = Refusal {
    rule: "maxcontact.login",
    code: "401",
    text: "",
    when: "login: unknown login, wrong password, Authorization missing or not Base64",
    evidence: Assumed("maxcontact 5.3"),
};

pub(crate) static TOKEN: Refusal = Refusal {
    rule: "maxcontact.token",
    code: "1",
    text: "A valid TokenKey is required",
    when: "no TokenKey cookie, or one that is not known",
    evidence: Assumed("maxcontact 5.3"),
};

pub(crate) static TOKEN_EXPIRED: Refusal = Refusal {
    rule: "maxcontact.token_expired",
    code: "2",
    text: "The TokenKey has expired",
    when: "the token's time is over",
    evidence: Assumed("maxcontact 5.3"),
};

pub(crate) static API_RIGHT: Refusal = Refusal {
    rule: "maxcontact.api_right",
    code: "3",
    text: "The user has no right to use the API",
    when: "the token is valid and its account may not use the API",
    evidence: Assumed("maxcontact 5.3"),
};

pub(crate) static USER_UNKNOWN: Refusal = Refusal {
    rule: "maxcontact.user_unknown",
    code: "11",
    text: "User {id} does not exist",
    when: "the UserID of the path is no agent's",
    evidence: Assumed("maxcontact 5.2"),
};

pub(crate) static NOT_LOGGED_IN: Refusal = Refusal {
    rule: "maxcontact.not_logged_in",
    code: "12",
    text: "User {id} is not logged in",
    when: "the agent is not logged in; this API does not log agents in",
    evidence: Assumed("maxcontact 5.2"),
};

pub(crate) static AGENT_STATE: Refusal = Refusal {
    rule: "maxcontact.agent_state",
    code: "13",
    text: "User {id} cannot {command} while {state}",
    when: "the agent's state does not allow the command, or its hands are full: two calls, of which \
           one that has ended counts until it is disposed of",
    evidence: Assumed("maxcontact 5.2"),
};

pub(crate) static CALL_UNKNOWN: Refusal = Refusal {
    rule: "maxcontact.call_unknown",
    code: "21",
    text: "Call {id} was not found for user {user}",
    when: "the call is not there, or another agent's",
    evidence: Assumed("maxcontact 5.2"),
};

pub(crate) static CALL_STATE: Refusal = Refusal {
    rule: "maxcontact.call_state",
    code: "22",
    text: "Call {id} is {state}",
    when: "the call's state does not allow the command",
    evidence: Assumed("maxcontact 5.2"),
};

pub(crate) static PARAM: Refusal = Refusal {
    rule: "maxcontact.param",
    code: "31",
    text: "Parameter {name} is not valid",
    when: "a parameter is missing, or its value makes no sense",
    evidence: Assumed("maxcontact 5.2"),
};

pub(crate) static PATH_NUMBER: Refusal = Refusal {
    rule: "maxcontact.path_number",
    code: "31",
    text: "Parameter {name} is not valid",
    when: "an id in the path is no number",
    evidence: Assumed("maxcontact 5.3"),
};

pub(crate) static QUERY_NUMBER: Refusal = Refusal {
    rule: "maxcontact.query_number",
    code: "400",
    text: "",
    when: "a number in the query is none",
    evidence: Inferred("maxcontact 5.3"),
};

pub(crate) static RESULT_CODE: Refusal = Refusal {
    rule: "maxcontact.result_code",
    code: "32",
    text: "Result code '{code}' is not valid",
    when: "the result code is missing or not known",
    evidence: Assumed("maxcontact 5.2"),
};

pub(crate) static PHONE: Refusal = Refusal {
    rule: "maxcontact.phone",
    code: "33",
    text: "Phone number '{n}' is not valid",
    when: "a phone number is missing or has other characters than digits",
    evidence: Assumed("maxcontact 5.2"),
};

pub(crate) static LEAD: Refusal = Refusal {
    rule: "maxcontact.lead",
    code: "34",
    text: "Lead {id} does not exist",
    when: "the lead is not there",
    evidence: Assumed("maxcontact 5.2"),
};

pub(crate) static LEAD_PHONE: Refusal = Refusal {
    rule: "maxcontact.lead_phone",
    code: "35",
    text: "Lead phone {id} does not exist",
    when: "the lead phone is not there",
    evidence: Assumed("maxcontact 5.2"),
};

pub(crate) static NONE_IMPORTED: Refusal = Refusal {
    rule: "maxcontact.none_imported",
    code: "0",
    text: "OK",
    when: "no line of an imported file has a usable number; sent as success",
    evidence: Assumed("maxcontact 2.4"),
};

pub(crate) static FORMAT: Refusal = Refusal {
    rule: "maxcontact.format",
    code: "200",
    text: "",
    when: "nothing names a format: XML, not refused; told at a login, and where something speaks of JSON",
    evidence: Assumed("maxcontact 1.4"),
};

pub(crate) static INTERNAL: Refusal = Refusal {
    rule: "maxcontact.internal",
    code: "400",
    text: "",
    when: "something failed that is not the client's fault; the platform answers 400, not 500",
    evidence: Inferred("maxcontact 5.4"),
};

pub(crate) static REFUSALS: &[&Refusal] = &[
    &PATH,
    &METHOD,
    &BODY,
    &LOGIN,
    &TOKEN,
    &TOKEN_EXPIRED,
    &API_RIGHT,
    &USER_UNKNOWN,
    &NOT_LOGGED_IN,
    &AGENT_STATE,
    &CALL_UNKNOWN,
    &CALL_STATE,
    &PARAM,
    &PATH_NUMBER,
    &QUERY_NUMBER,
    &RESULT_CODE,
    &PHONE,
    &LEAD,
    &LEAD_PHONE,
    &NONE_IMPORTED,
    &FORMAT,
    &INTERNAL,
];

/// The keys under which a scenario can replace code and text, and the rules that they stand for.
/// Success has no rule.
pub(crate) const CODE_KEYS: &[(&str, &str)] = &[
    ("OK", OK_RULE),
    ("E_TOKEN", "maxcontact.token"),
    ("E_TOKEN_EXPIRED", "maxcontact.token_expired"),
    ("E_API_RIGHT", "maxcontact.api_right"),
    ("E_USER_UNKNOWN", "maxcontact.user_unknown"),
    ("E_NOT_LOGGED_IN", "maxcontact.not_logged_in"),
    ("E_AGENT_STATE", "maxcontact.agent_state"),
    ("E_CALL_UNKNOWN", "maxcontact.call_unknown"),
    ("E_CALL_STATE", "maxcontact.call_state"),
    ("E_PARAM", "maxcontact.param"),
    ("E_RESULT_CODE", "maxcontact.result_code"),
    ("E_PHONE", "maxcontact.phone"),
    ("E_LEAD", "maxcontact.lead"),
    ("E_LEAD_PHONE", "maxcontact.lead_phone"),
];

/// The words of [`CODE_KEYS`], for the scenario's table.
pub(crate) const CODE_WORDS: [&str; CODE_KEYS.len()] = {
    let mut words = [""; CODE_KEYS.len()];
    let mut idx = 0;
    while idx < words.len() {
        words[idx] = CODE_KEYS[idx].0;
        idx += 1;
    }
    words
};

const OK_RULE: &str = "ok";

/// `ResponseCode` and `ResponseDetail` of success. Assumed: maxcontact 5.2.
const OK: (i64, &str) = (0, "OK");

/// Why an operation stops before its end.
pub(crate) type Stop = reply::Stop<No>;

/// A refusal and what is behind it.
#[derive(Debug)]
pub(crate) struct No {
    pub(crate) refusal: &'static Refusal,
    /// What stands for the names in the text: `("id", "101")`.
    fills: Vec<(&'static str, String)>,
    /// The verb that the endpoint takes, for a wrong one.
    allow: &'static str,
    expected: String,
    found: String,
    hint: String,
    /// Where in the request it is, where that is one place.
    at: Option<String>,
    /// The change itself, where it is exact.
    edit: Option<Edit>,
    /// What is wrong with the body, where that is the reason; it stands in place of all that.
    diagnosis: Option<Diagnosis>,
}

impl No {
    pub(crate) fn new(
        refusal: &'static Refusal,
        fills: &[(&'static str, &dyn std::fmt::Display)],
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        No {
            refusal,
            fills: fills.iter().map(|(name, value)| (*name, value.to_string())).collect(),
            allow: "",
            expected: expected.into(),
            found: found.into(),
            hint: hint.into(),
            at: None,
            edit: None,
            diagnosis: None,
        }
    }

    /// What was wanted.
    pub(crate) fn expected(&self) -> &str {
        &self.expected
    }

    /// The refusal with another hint.
    pub(crate) fn with_hint(self, hint: String) -> Self {
        No { hint, ..self }
    }

    /// The refusal with what was really found, and its cure.
    pub(crate) fn with_found(self, found: String, hint: String) -> Self {
        No { found, hint, ..self }
    }

    /// The refusal with its place in the request.
    pub(crate) fn with_place(self, at: String) -> Self {
        No { at: Some(at), ..self }
    }

    /// The refusal with the change that cures it.
    pub(crate) fn with_edit(self, edit: Edit) -> Self {
        No { edit: Some(edit), ..self }
    }

    /// The refusal with what the bytes of the body show.
    pub(crate) fn with_diagnosis(self, diagnosis: Diagnosis) -> Self {
        No { diagnosis: Some(diagnosis), ..self }
    }

    /// A verb that the endpoint does not take.
    pub(crate) fn wrong_method(
        allow: &'static str,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        No { allow, ..No::new(&METHOD, &[], allow, found, hint) }
    }
}

impl Stop {
    pub(crate) fn no(
        refusal: &'static Refusal,
        fills: &[(&'static str, &dyn std::fmt::Display)],
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Stop::No(Box::new(No::new(refusal, fills, expected, found, hint)))
    }
}

impl Stop {
    /// For a body that is not what was wanted there.
    pub(crate) fn diagnosed(refusal: &'static Refusal, diagnosis: Diagnosis) -> Self {
        let no = No::new(refusal, &[], "", "", "");
        Stop::No(Box::new(No { diagnosis: Some(diagnosis), ..no }))
    }
}

/// The envelope of success.
pub(crate) fn success(
    cx: &Cx<'_>,
    service: Service,
    data: Data,
) -> Result<Envelope, InternalError> {
    let (code, detail) = match store::code(cx.db(), OK_RULE)? {
        None => (OK.0, OK.1.to_owned()),
        Some((code, text)) => (code.unwrap_or(OK.0), text.unwrap_or_else(|| OK.1.to_owned())),
    };
    Ok(Envelope { service, data, code, detail, success: true })
}

/// Puts a refusal on the wire.
pub(crate) fn refuse(
    cx: &Cx<'_>,
    style: &Style,
    service: Service,
    no: No,
) -> Result<Reply, InternalError> {
    let with_envelope = |status: StatusCode, refusal: &Refusal| {
        let envelope = envelope(cx, service, refusal, &no.fills)?;
        Ok::<Response, InternalError>(answer::envelope(style, status, &envelope))
    };
    let response = match no.refusal.rule {
        "maxcontact.path" => pages::not_found(),
        "maxcontact.method" => pages::method_not_allowed(no.allow),
        "maxcontact.body" | "maxcontact.internal" => pages::request_error(),
        "maxcontact.login" => match cx.variant() {
            BadLogin::Unauthorized => Response::empty(StatusCode::UNAUTHORIZED),
            BadLogin::NullToken => {
                let shows_expiry = cx.variant::<TokenExpiry>() == TokenExpiry::Expiry;
                let expires = shows_expiry.then_some(cx.now());
                answer::token(style, &Token { expires, key: None })
            }
        },
        "maxcontact.token" | "maxcontact.token_expired" => match cx.variant() {
            BadToken::Unauthorized => with_envelope(StatusCode::UNAUTHORIZED, no.refusal)?,
            BadToken::Ok => with_envelope(StatusCode::OK, no.refusal)?,
            BadToken::Forbidden => with_envelope(StatusCode::FORBIDDEN, no.refusal)?,
            BadToken::Page => pages::request_error(),
        },
        "maxcontact.api_right" => match cx.variant() {
            NoRight::Forbidden => with_envelope(StatusCode::FORBIDDEN, no.refusal)?,
            NoRight::Ok => with_envelope(StatusCode::OK, no.refusal)?,
        },
        "maxcontact.path_number" => match cx.variant() {
            BadPathNumber::Envelope => with_envelope(StatusCode::OK, &PARAM)?,
            BadPathNumber::Page => pages::request_error(),
        },
        "maxcontact.query_number" => match cx.variant() {
            BadQueryNumber::Page => pages::request_error(),
            BadQueryNumber::Envelope => with_envelope(StatusCode::OK, &PARAM)?,
        },
        "maxcontact.none_imported" => {
            let envelope = success(cx, service, Data::Null)?;
            answer::envelope(style, StatusCode::OK, &envelope)
        }
        _ => with_envelope(StatusCode::OK, no.refusal)?,
    };
    let why = match no.diagnosis {
        Some(found) => Why::diagnosed(no.refusal, found),
        None => {
            Why { at: no.at, edit: no.edit, ..Why::new(no.refusal, no.expected, no.found, no.hint) }
        }
    };
    Ok(Reply::refused_because(response, why))
}

fn envelope(
    cx: &Cx<'_>,
    service: Service,
    refusal: &Refusal,
    fills: &[(&'static str, String)],
) -> Result<Envelope, InternalError> {
    let (code, text) = store::code(cx.db(), refusal.rule)?.unwrap_or_default();
    let own = refusal.code.parse().unwrap_or_default();
    let template = text.as_deref().unwrap_or(refusal.text);
    let detail = fills.iter().fold(template.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), value)
    });
    let code = code.unwrap_or(own);
    Ok(Envelope { service, data: Data::Null, code, detail, success: false })
}

/// What is sent when Ringback itself fails.
pub(crate) fn failure(_: &Call<'_>) -> Response {
    pages::request_error()
}
