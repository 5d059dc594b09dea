//! Who may come in.
//!
//! Without a token the listener is bound to loopback and takes only loopback names in `Host`, so
//! that a page whose host name was re-bound to this machine cannot reach it. With a token any
//! `Host` will do. A foreign `Origin` or a cross-site fetch is refused in both, and a body must say
//! that it is what its route takes, which no plain form of another page can. A write without a body
//! says nothing of it: a page of another site cannot send one without its `Origin`.

use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use subtle::ConstantTimeEq;

use crate::admin::page;
use crate::admin::problem::Problem;
use crate::base::planted::{self, Fault as Planted};
use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::web::message::Request;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Paths that tell no secret and need no token: probes of a container, and what clients are to trust.
const OPEN: &[&str] = &["/livez", "/readyz", "/ca.pem"];

/// Whether somebody may come in at all, wherever they go.
pub(crate) fn check(request: &Request, token: Option<&str>) -> Result<(), Problem> {
    let n_hosts = request.headers.get_all(header::HOST).iter().count();
    if n_hosts > 1 {
        return Err(Problem::bad_request(format!("Host is there {n_hosts} times; expected once")));
    }
    // Of a target that names a host, `Host` says nothing.
    let host = match request.target.authority() {
        Some(authority) => authority.as_str(),
        None => request.header(&header::HOST).unwrap_or_default(),
    };
    if token.is_none() && !is_loopback(host) {
        return Err(forbidden(format!(
            "Host is {host:?}; without a token only localhost, 127.0.0.1 and [::1] are taken \
             (set RINGBACK_ADMIN_TOKEN to be reached by another name)"
        )));
    }
    let passes = request.method == Method::DELETE && planted::is(Planted::OriginPassesOnDelete);
    if let Some(origin) = request.headers.get(header::ORIGIN).filter(|_| !passes) {
        let origin = origin.to_str().unwrap_or_default();
        if origin.split_once("://").map(|(_, named)| named) != Some(host) {
            return Err(forbidden(format!("Origin is {origin:?}, which is not this listener")));
        }
    }
    let site = request.headers.get(SEC_FETCH_SITE);
    if site.is_some_and(|site| !matches!(site.as_bytes(), b"same-origin" | b"none")) {
        return Err(forbidden("a page of another site asks (Sec-Fetch-Site)"));
    }
    if let Some(token) = token.filter(|_| !is_open(request.path()) && !page::has(request.path())) {
        let sent = request.header(&header::AUTHORIZATION).unwrap_or_default();
        let sent = bearer(sent).unwrap_or_default();
        let begins = planted::is(Planted::TokenByItsBeginning) && sent.starts_with(token);
        let passes = request.method == Method::HEAD && planted::is(Planted::HeadNeedsNoToken);
        if !begins && !passes && !bool::from(sent.as_bytes().ct_eq(token.as_bytes())) {
            let detail = "expected Authorization: Bearer with the token of RINGBACK_ADMIN_TOKEN";
            let problem = Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", detail);
            return Err(
                problem.header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
            );
        }
    }
    Ok(())
}

/// Whether a body is of the media type that its route takes. One that is not there needs to say
/// nothing.
pub(crate) fn check_body(request: &Request, wanted: &[&str]) -> Result<(), Problem> {
    let found = match request.media_type() {
        Some(media_type) if wanted.contains(&media_type.as_str()) => return Ok(()),
        None if request.body.is_empty() => return Ok(()),
        Some(media_type) => excerpt(&media_type, EXCERPT_CHARS_MAX),
        None => "no Content-Type".to_owned(),
    };
    let wanted = wanted.join(" or ");
    let detail = format!("expected Content-Type: {wanted} with a body, found {found}");
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", detail))
}

/// The token in `Authorization`. The name of a scheme is the same in capitals and small letters, and one or
/// more blanks stand behind it (RFC 9110, 11.4).
fn bearer(sent: &str) -> Option<&str> {
    let (scheme, token) = sent.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim_start_matches(' '))
}

/// Whether a path needs no token.
pub(crate) fn is_open(path: &str) -> bool {
    OPEN.contains(&path)
}

fn forbidden(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "forbidden", detail)
}

/// Whether a `Host` is a name of this machine's own, with or without a port, and nothing else.
fn is_loopback(host: &str) -> bool {
    let digits = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let name = match host.rsplit_once(':') {
        Some((name, port)) if digits(port) => name,
        _ => host,
    };
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|own| name.eq_ignore_ascii_case(own))
}
