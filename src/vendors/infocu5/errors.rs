//! Every answer that is not a success: code, text, and when.

use http::{HeaderValue, StatusCode, header};

use crate::base::planted::{self, Fault as Planted};
use crate::contract::cx::Cx;
use crate::contract::evidence::Evidence::{Assumed, Inferred};
use crate::contract::operation::Call;
use crate::contract::reply;
use crate::contract::reply::Refusal;
use crate::contract::reply::{Reply, Why};
use crate::vendors::infocu5::variants::{BadParamCode, OtherMethod};
use crate::vendors::infocu5::wire;
use crate::web::message::Response;

pub(crate) static NO_PATH: Refusal = Refusal {
    rule: "infocu5.path",
    code: "404",
    text: "",
    when: "the path is none of /dialer/, /dialer/index.php and their x_dialer twins",
    evidence: Assumed("infocu5 1"),
};

pub(crate) static DIRECTORY: Refusal = Refusal {
    rule: "infocu5.directory",
    code: "301",
    text: "",
    when: "the path is a directory's without its slash: Apache sends the client to the one with it",
    evidence: Assumed("infocu5 1"),
};

pub(crate) static METHOD: Refusal = Refusal {
    rule: "infocu5.method",
    code: "80",
    text: "Improperly formatted request (JSON format required)",
    when: "the method is not POST",
    evidence: Assumed("infocu5 4.1"),
};

pub(crate) static JSON: Refusal = Refusal {
    rule: "infocu5.json",
    code: "80",
    text: "Improperly formatted request (JSON format required)",
    when: "the body is empty, no JSON, or no JSON object",
    evidence: Inferred("infocu5 4.1"),
};

pub(crate) static CREDENTIALS: Refusal = Refusal {
    rule: "infocu5.credentials",
    code: "100",
    text: "Invalid ID and Transaction Key combination",
    when: "affiliateID or affiliateKey is missing, unknown, or they do not belong together",
    evidence: Assumed("infocu5 4.1"),
};

pub(crate) static FUNCTION: Refusal = Refusal {
    rule: "infocu5.function",
    code: "800",
    text: "Invalid function",
    when: "dialerFunction is missing or names no function",
    evidence: Assumed("infocu5 4.1"),
};

pub(crate) static PARAMETER: Refusal = Refusal {
    rule: "infocu5.parameter",
    code: "900",
    text: "The interface encountered an error",
    when: "a parameter of the function is missing or cannot be used",
    evidence: Assumed("infocu5 4.5"),
};

pub(crate) static NO_CALLS: Refusal = Refusal {
    rule: "infocu5.no_calls",
    code: "340",
    text: "No Calls found",
    when: "no call in the window has ended, is the affiliate's to see and passes the filters: the code for an empty list",
    evidence: Inferred("infocu5 7"),
};

pub(crate) static NO_CAMPAIGNS: Refusal = Refusal {
    rule: "infocu5.no_campaigns",
    code: "340",
    text: "No Campaigns available",
    when: "getCampaigns finds nothing",
    evidence: Inferred("infocu5 7"),
};

pub(crate) static NO_AGENTS: Refusal = Refusal {
    rule: "infocu5.no_agents",
    code: "341",
    text: "No Agents available",
    when: "getAgents finds nothing",
    evidence: Inferred("infocu5 7"),
};

pub(crate) static INTERNAL: Refusal = Refusal {
    rule: "infocu5.internal",
    code: "900",
    text: "The interface encountered an error",
    when: "something failed that is not the client's fault",
    evidence: Inferred("infocu5 5"),
};

pub(crate) static REFUSALS: &[&Refusal] = &[
    &NO_PATH,
    &DIRECTORY,
    &METHOD,
    &JSON,
    &CREDENTIALS,
    &FUNCTION,
    &PARAMETER,
    &NO_CALLS,
    &NO_CAMPAIGNS,
    &NO_AGENTS,
    &INTERNAL,
];

/// Why an operation stops before its end.
pub(crate) type Stop = reply::Stop<No>;

/// A refusal and what is behind it.
#[derive(Debug)]
pub(crate) struct No {
    pub(crate) refusal: &'static Refusal,
    pub(crate) why: Why,
    /// Where the client is sent to.
    pub(crate) location: Option<String>,
}

impl Stop {
    pub(crate) fn no(
        refusal: &'static Refusal,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Stop::because(refusal, Why::new(refusal, expected, found, hint))
    }

    /// A refusal whose reason is told already.
    pub(crate) fn because(refusal: &'static Refusal, why: Why) -> Self {
        Stop::No(Box::new(No { refusal, why, location: None }))
    }

    /// A refusal that sends the client elsewhere.
    pub(crate) fn moved(
        location: String,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let why = Why::new(&DIRECTORY, expected, found, hint);
        Stop::No(Box::new(No { refusal: &DIRECTORY, why, location: Some(location) }))
    }
}

/// The function that a request asks for, as far as a code depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Agents,
    Calls,
    Campaigns,
}

impl Function {
    /// What the function says when it finds nothing.
    pub(crate) fn nothing(self) -> &'static Refusal {
        match self {
            Function::Agents => &NO_AGENTS,
            Function::Calls => &NO_CALLS,
            Function::Campaigns => &NO_CAMPAIGNS,
        }
    }
}

/// Puts a refusal on the wire.
pub(crate) fn refuse(cx: &Cx<'_>, function: Option<Function>, no: No) -> Reply {
    let shown = match (no.refusal.rule, cx.variant(), function) {
        ("infocu5.parameter", BadParamCode::Code80, _) => &JSON,
        ("infocu5.parameter", BadParamCode::Code340, Some(function)) => function.nothing(),
        _ => no.refusal,
    };
    let is_error = shown.rule == NO_CALLS.rule && planted::is(Planted::NothingFoundIsAnError);
    let shown = if is_error { &INTERNAL } else { shown };
    let mut response = if shown.rule == NO_PATH.rule {
        Response::with_body(StatusCode::NOT_FOUND, wire::HTML, NOT_FOUND_PAGE)
    } else if shown.rule == DIRECTORY.rule {
        moved(no.location.as_deref().unwrap_or("/dialer/"))
    } else {
        wire::refusal(cx, shown)
    };
    if no.refusal.rule == METHOD.rule && cx.variant::<OtherMethod>() == OtherMethod::Status405 {
        response.status = StatusCode::METHOD_NOT_ALLOWED;
        response = response.header(header::ALLOW, HeaderValue::from_static("POST"));
    }
    Reply::refused_because(response, no.why)
}

/// Apache's answer for a directory without its slash.
fn moved(location: &str) -> Response {
    let shown = location.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let page = format!(
        "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n\
         <html><head>\n<title>301 Moved Permanently</title>\n</head><body>\n\
         <h1>Moved Permanently</h1>\n\
         <p>The document has moved <a href=\"{shown}\">here</a>.</p>\n</body></html>\n"
    );
    let response = Response::with_body(StatusCode::MOVED_PERMANENTLY, wire::HTML, page);
    match HeaderValue::from_str(location) {
        Ok(location) => response.header(header::LOCATION, location),
        Err(_) => response,
    }
}

/// The page of a web server that has no such file. Assumed: the vendor's is not known.
const NOT_FOUND_PAGE: &str = "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n\
    <html><head>\n<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n\
    <p>The requested URL was not found on this server.</p>\n</body></html>\n";

/// What is sent when Ringback itself fails.
pub(crate) fn failure(_: &Call<'_>) -> Response {
    wire::failure(&INTERNAL)
}
