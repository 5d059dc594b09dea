//! Who is calling: the bearer token, and the client account in the path that it has to belong to.

use http::header;
use subtle::{Choice, ConstantTimeEq};

use crate::contract::cx::Cx;
use crate::contract::operation::Routed;
use crate::contract::surface::Credential;
use crate::vendors::jtel::errors::{Stop, UNAUTHORIZED};
use crate::vendors::jtel::store;
use crate::web::message::Request;

/// The client account of a request. `segment` is the one in the path.
///
/// Source: jtel 1.
pub(crate) fn client(cx: &Cx<'_>, request: &Request, segment: &str) -> Result<i64, Stop> {
    let client_id = read_client(segment);
    let sent = bearer(request);
    if let (Some(client_id), Ok(token)) = (client_id, &sent) {
        let mut is_good = Choice::from(0);
        store::each_token(cx.db(), client_id, |known| {
            is_good |= known.as_bytes().ct_eq(token.as_bytes());
        })?;
        if bool::from(is_good) {
            return Ok(client_id);
        }
    }
    Err(diagnose(cx, segment, client_id, sent)?)
}

fn read_client(segment: &str) -> Option<i64> {
    let is_number = !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { segment.parse().ok() } else { None }
}

/// What a client is told by: its bearer token.
pub(crate) const CLAIMABLE: &[Credential] =
    &[Credential { name: "token", text: "the bearer token in Authorization", secret: true }];

/// The token of a request, whether it is good or not.
pub(crate) fn credentials(request: &Request, _routed: &Routed) -> Vec<(&'static str, String)> {
    bearer(request).into_iter().map(|token| (CLAIMABLE[0].name, token.to_owned())).collect()
}

/// Why there is no bearer token.
#[derive(Clone, Debug)]
enum NoToken {
    NoHeader,
    OtherScheme(String),
    Empty,
    NotText,
}

fn bearer(request: &Request) -> Result<&str, NoToken> {
    let Some(value) = request.headers.get(header::AUTHORIZATION) else {
        return Err(NoToken::NoHeader);
    };
    let value = value.to_str().map_err(|_| NoToken::NotText)?;
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(NoToken::OtherScheme(scheme.to_owned()));
    }
    if token.is_empty() { Err(NoToken::Empty) } else { Ok(token) }
}

/// Which of the usual mistakes it is. The vendor tells none of this; a token itself is never named.
fn diagnose(
    cx: &Cx<'_>,
    segment: &str,
    client_id: Option<i64>,
    sent: Result<&str, NoToken>,
) -> Result<Stop, Stop> {
    let no = |expected: String, found: String, hint: &str| {
        Ok(Stop::no(&UNAUTHORIZED, expected, found, hint))
    };
    let Some(client_id) = client_id else {
        let expected = "the ID of a client account as the segment behind /rest/v1.0/".to_owned();
        return no(expected, format!("{segment:?}"), "the ClientsID is an integer, such as 7");
    };
    let expected = format!("Authorization: Bearer with a token of client account {client_id}");
    let token = match sent {
        Ok(token) => token,
        Err(NoToken::NoHeader) => {
            let hint = "every call needs the token that the portal gave out";
            return no(expected, "no header Authorization".into(), hint);
        }
        Err(NoToken::OtherScheme(scheme)) if scheme.eq_ignore_ascii_case("Basic") => {
            let hint = "the vendor takes bearer tokens, not user and password";
            return no(expected, "Authorization: Basic".into(), hint);
        }
        // What stands there may be the token itself, so it is not shown.
        Err(NoToken::OtherScheme(_)) => {
            let hint = "write the word Bearer and a blank before the token";
            return no(expected, "Authorization without the scheme Bearer".into(), hint);
        }
        Err(NoToken::Empty) => {
            let hint = "the token is missing; is the variable empty that it comes from?";
            return no(expected, "Authorization: Bearer without a token".into(), hint);
        }
        Err(NoToken::NotText) => {
            let hint = "a token is plain ASCII";
            return no(expected, "Authorization with bytes that are no text".into(), hint);
        }
    };
    if !store::has_client(cx.db(), client_id)? {
        let found = match store::token(cx.db(), token)? {
            Some((owner, None)) => {
                format!("no client account {client_id}; the token is one of client account {owner}")
            }
            _ => format!("no client account {client_id}, and a token that nobody has"),
        };
        return no(expected, found, "check the ClientsID in the path, and which world was asked");
    }
    match store::token(cx.db(), token)? {
        Some((_, Some(revoked))) => {
            let found = format!("a token that was taken back at {revoked}");
            no(expected, found, "a replaced or removed token is dead at once; use the new one")
        }
        Some((owner, None)) => {
            let found = format!("a token of client account {owner}");
            let hint = format!("token and path belong together: use /rest/v1.0/{owner}/…");
            no(expected, found, &hint)
        }
        None if store::token(cx.db(), token.trim())?.is_some() => {
            no(expected, "a token with blanks around it".into(), "take the blanks away")
        }
        None => {
            let hint = "compare it with the scenario's; tokens are compared letter by letter";
            no(expected, "a token that nobody has".into(), hint)
        }
    }
}
