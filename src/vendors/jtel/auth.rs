//! Who is calling: the bearer token, and the client account in the path that it has to belong to.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::header;
use percent_encoding::percent_decode_str;
use subtle::{Choice, ConstantTimeEq};

use crate::base::text::excerpt;
use crate::contract::cx::Cx;
use crate::contract::operation::Routed;
use crate::contract::surface::Credential;
use crate::vendors::jtel::errors::{Stop, UNAUTHORIZED};
use crate::vendors::jtel::store;
use crate::web::diagnosis::disguise::{plain_signs, readings, unfilled, within_more};
use crate::web::diagnosis::whole::whole;
use crate::web::message::Request;
use crate::web::params::Pairs;

/// The client account of a request. `segment` is the one in the path.
///
/// Source: jtel 1.
pub(crate) fn client(cx: &Cx<'_>, request: &Request, segment: &str) -> Result<i64, Stop> {
    let client_id = read_client(segment);
    let sent = bearer(request);
    if let (Some(client_id), Ok(token)) = (client_id, &sent) {
        let mut is_good = Choice::from(0);
        for known in &store::tokens(cx, client_id)?.0 {
            is_good |= known.as_bytes().ct_eq(token.as_bytes());
        }
        if bool::from(is_good) {
            return Ok(client_id);
        }
    }
    Err(diagnose(cx, request, segment, client_id)?)
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
    /// The scheme, and the whole header.
    OtherScheme(String, String),
    /// Not even a scheme.
    NoValue,
    Empty,
    /// Signs that are none of ASCII; the whole header where they are text.
    NotAscii(Option<String>),
}

fn bearer(request: &Request) -> Result<&str, NoToken> {
    let Some(value) = request.headers.get(header::AUTHORIZATION) else {
        return Err(NoToken::NoHeader);
    };
    let value = value.to_str().map_err(|_| {
        NoToken::NotAscii(std::str::from_utf8(value.as_bytes()).ok().map(str::to_owned))
    })?;
    if value.trim().is_empty() {
        return Err(NoToken::NoValue);
    }
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(NoToken::OtherScheme(scheme.to_owned(), value.to_owned()));
    }
    if token.is_empty() { Err(NoToken::Empty) } else { Ok(token) }
}

/// What was found, and what to do about it.
type Found = (String, String);

fn found(found: impl Into<String>, hint: impl Into<String>) -> Found {
    (found.into(), hint.into())
}

/// Which of the usual mistakes it is. The vendor tells none of this; a token itself is never named.
fn diagnose(
    cx: &Cx<'_>,
    request: &Request,
    segment: &str,
    client_id: Option<i64>,
) -> Result<Stop, Stop> {
    let Some(client_id) = client_id else {
        let (found, hint) = wrong_segment(segment);
        let expected = "the ID of a client account as the segment behind /rest/v1.0/";
        return Ok(Stop::no(&UNAUTHORIZED, expected, found, hint));
    };
    let (found, hint) = match bearer(request) {
        _ if let Some(told) = sent_twice(cx, request)? => told,
        Err(NoToken::NoHeader) => elsewhere(cx, request)?,
        Err(NoToken::OtherScheme(scheme, whole)) => other_scheme(cx, &scheme, &whole)?,
        Err(NoToken::NoValue) => found(
            "an Authorization header without a value",
            "write Bearer, a blank, and the token; is the variable empty that it comes from?",
        ),
        Err(NoToken::Empty) => found(
            "Authorization: Bearer without a token",
            "the token is missing; is the variable empty that it comes from?",
        ),
        Err(NoToken::NotAscii(text)) => not_ascii(cx, text.as_deref())?,
        Ok(token) if store::has_client(cx.db(), client_id)? => wrong_token(cx, client_id, token)?,
        Ok(token) => no_account(cx, client_id, token)?,
    };
    let expected = format!("Authorization: Bearer with a token of client account {client_id}");
    Ok(Stop::no(&UNAUTHORIZED, expected, found, hint))
}

/// Why a segment is no client account.
fn wrong_segment(segment: &str) -> Found {
    if let Some(unfilled) = unfilled(segment) {
        return found(unfilled.words(segment), unfilled.cure());
    }
    let shown = excerpt(segment, SEGMENT_CHARS_MAX);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let hint = if is_number(segment) {
        "the ClientsID is an integer of 64 bits, such as 7".to_owned()
    } else if read_client(segment.trim()).is_some() {
        format!("take the blank away: /rest/v1.0/{}/…", segment.trim())
    } else if segment.strip_suffix(".0").or(segment.strip_prefix('+')).is_some_and(is_number) {
        let digits = segment.trim_start_matches('+').trim_end_matches(".0");
        format!("the ClientsID is digits alone: /rest/v1.0/{digits}/…")
    } else if let Some(whole) = whole(segment) {
        format!("{}: /rest/v1.0/{}/…", whole.cure, whole.digits)
    } else if let Some(digits) = segment.strip_prefix('-').filter(|digits| is_number(digits)) {
        format!("a ClientsID has no sign: /rest/v1.0/{digits}/…")
    } else if ["dialler", "dialer"].contains(&segment.to_lowercase().as_str()) {
        "the ClientsID is missing: /rest/v1.0/{ClientsID}/dialler/…".to_owned()
    } else {
        "the ClientsID is an integer, such as 7; the account's name is not taken".to_owned()
    };
    found(shown, hint)
}

/// Signs that a token may lack to be told as cut; with more gone it is another text.
const CUT_CHARS_MAX: usize = 4;

/// Most characters of a segment that a reason shows.
const SEGMENT_CHARS_MAX: usize = 60;

/// Whether a token is or was one of an account.
fn is_known(cx: &Cx<'_>, token: &str) -> rusqlite::Result<bool> {
    Ok(store::token(cx.db(), token)?.is_some())
}

/// The token in a value that may have the scheme before it.
fn without_scheme(value: &str) -> &str {
    let value = value.trim();
    match value.get(..BEARER.len()) {
        Some(scheme) if scheme.eq_ignore_ascii_case(BEARER) => value[BEARER.len()..].trim(),
        _ => value,
    }
}

/// Why the first of several headers `Authorization` is no good, where a later one is.
fn sent_twice(cx: &Cx<'_>, request: &Request) -> rusqlite::Result<Option<Found>> {
    let values = request.headers.get_all(header::AUTHORIZATION);
    let values: Vec<&str> = values.iter().filter_map(|value| value.to_str().ok()).collect();
    for later in values.iter().skip(1) {
        if is_known(cx, without_scheme(later))? {
            let words =
                format!("{} headers Authorization, of which the first counts", values.len());
            let hint = "send it once: a later one of them has a token, so take away the first";
            return Ok(Some(found(words, hint)));
        }
    }
    Ok(None)
}

/// Why a header with signs outside ASCII holds no token.
fn not_ascii(cx: &Cx<'_>, text: Option<&str>) -> rusqlite::Result<Found> {
    let odd = |text: &str| text.chars().find(|it| !it.is_ascii());
    let Some((text, odd)) = text.and_then(|text| Some((text, odd(text)?))) else {
        return Ok(found("Authorization with bytes that are no UTF-8", "a token is plain ASCII"));
    };
    let sign = format!("{} (U+{:04X})", odd.escape_debug(), u32::from(odd));
    if is_known(cx, without_scheme(&plain_signs(text)))? {
        let hint =
            "write the sign of the keyboard that it looks like: a text program put another there";
        return Ok(found(format!("a token with {sign} in its header"), hint));
    }
    Ok(found(format!("Authorization with {sign} in it"), "a token is plain ASCII"))
}

/// Where a token stands instead of in `Authorization`.
fn elsewhere(cx: &Cx<'_>, request: &Request) -> rusqlite::Result<Found> {
    let cure = "send it as Authorization: Bearer, a blank, and the token";
    let but = |words: String| {
        Ok(found(format!("no header Authorization, but a token in the {words}"), cure))
    };
    for (name, value) in &request.headers {
        let Ok(value) = value.to_str() else { continue };
        if *name == header::COOKIE {
            for pair in value.split(';') {
                let (name, value) = pair.trim().split_once('=').unwrap_or_default();
                let plain = percent_decode_str(value).decode_utf8_lossy();
                if is_known(cx, without_scheme(&plain))? {
                    return but(format!("cookie {}", excerpt(name, SEGMENT_CHARS_MAX)));
                }
            }
        } else if is_known(cx, without_scheme(value))? {
            return but(format!("header {name}"));
        }
    }
    let query = Pairs::parse(request.query().unwrap_or_default().as_bytes());
    for (name, value) in query.iter() {
        if is_known(cx, without_scheme(value))? {
            return but(format!("query as {}", excerpt(name, SEGMENT_CHARS_MAX)));
        }
    }
    Ok(found("no header Authorization", "every call needs the token that the portal gave out"))
}

/// What stands in `Authorization` where the scheme is not Bearer. It may be the token itself, so none
/// of it is shown but schemes that are known.
fn other_scheme(cx: &Cx<'_>, scheme: &str, whole: &str) -> rusqlite::Result<Found> {
    let rest = whole.get(scheme.len()..).unwrap_or_default().trim();
    if scheme.eq_ignore_ascii_case("Basic") {
        let text = BASE64_STANDARD.decode(rest).ok().and_then(|it| String::from_utf8(it).ok());
        let text = text.unwrap_or_default();
        let (user, password) = text.split_once(':').unwrap_or((&text, ""));
        for word in [user, password] {
            let hint = match store::token(cx.db(), word)? {
                Some((_, None)) => {
                    "the token is right, its scheme is not: write Bearer, a blank, and the token as \
                     it is, not in Base64"
                }
                Some((_, Some(_))) => {
                    "the token was taken back: write Bearer, a blank, and the new one as it is, not \
                     in Base64"
                }
                None => continue,
            };
            return Ok(found("Authorization: Basic with a token in it", hint));
        }
        let hint = "the vendor takes bearer tokens, not user and password";
        return Ok(found("Authorization: Basic", hint));
    }
    let write = "write the word Bearer and a blank before the token";
    let is_bearer = whole.get(..BEARER.len()).is_some_and(|it| it.eq_ignore_ascii_case(BEARER));
    if is_bearer && let Some(sign) = whole[BEARER.len()..].chars().next() {
        let blank = "one blank stands between Bearer and the token";
        if ":=,\t".contains(sign) {
            return Ok(found(format!("Authorization: Bearer with {sign:?} behind it"), blank));
        }
        if is_known(cx, without_scheme(whole))? {
            return Ok(found("Authorization: Bearer with no blank behind it", blank));
        }
    }
    if scheme.eq_ignore_ascii_case("Authorization:") {
        let hint = "the name of the header is not a part of its value: write Bearer, a blank, and the token";
        return Ok(found("Authorization with its own name in its value", hint));
    }
    let known = ["Token", "ApiKey", "Api-Key", "Digest", "JWT", "OAuth", "Key", "AccessToken"];
    if let Some(known) = known.iter().find(|known| known.eq_ignore_ascii_case(scheme)) {
        return Ok(found(format!("Authorization: {known}"), format!("{write}, not {known}")));
    }
    Ok(found("Authorization without the scheme Bearer", write))
}

const BEARER: &str = "Bearer";

/// Why a token opens nothing where there is no such client account.
fn no_account(cx: &Cx<'_>, client_id: i64, token: &str) -> rusqlite::Result<Found> {
    let whose = match store::token(cx.db(), token)? {
        Some((owner, None)) => {
            let campaign = match store::client_of_campaign(cx.db(), client_id)? {
                Some(_) => format!(", and {client_id} is a campaign's ID"),
                None => String::new(),
            };
            let hint = format!("use /rest/v1.0/{owner}/…, or check which world was asked");
            let words = format!(
                "no client account {client_id}; the token is one of client account {owner}{campaign}"
            );
            return Ok(found(words, hint));
        }
        Some((owner, Some(_))) => format!("; the token was one of client account {owner}"),
        None => ", and a token that no other has".to_owned(),
    };
    let hint = "check the ClientsID in the path, and which world was asked";
    Ok(found(format!("no client account {client_id}{whose}"), hint))
}

/// Why a token does not open an account that is there.
fn wrong_token(cx: &Cx<'_>, client_id: i64, token: &str) -> rusqlite::Result<Found> {
    match store::token(cx.db(), token)? {
        Some((_, Some(revoked))) => {
            let hint = "a replaced or removed token is dead at once; use the new one";
            return Ok(found(format!("a token that was taken back at {revoked}"), hint));
        }
        Some((owner, None)) => {
            let hint = format!("token and path belong together: use /rest/v1.0/{owner}/…");
            return Ok(found(format!("a token of client account {owner}"), hint));
        }
        None => {}
    }
    for reading in readings(token) {
        if is_known(cx, &reading.value)? {
            return Ok(found(format!("a token {}", reading.how), reading.cure));
        }
    }
    if let Some(unfilled) = unfilled(token) {
        return Ok(found(unfilled.words(token), unfilled.cure()));
    }
    if token.contains(',') {
        let hint = "send one token; several headers Authorization are joined with commas";
        return Ok(found("several tokens with commas", hint));
    }
    let known = &store::tokens(cx, client_id)?.0;
    if let Some(reading) = known.iter().find_map(|known| within_more(token, known)) {
        return Ok(found(format!("a token {}", reading.how), reading.cure));
    }
    let is_cut = known.iter().any(|known| {
        let lost = known.strip_prefix(token).or_else(|| known.strip_suffix(token));
        lost.is_some_and(|lost| (1..=CUT_CHARS_MAX).contains(&lost.chars().count()))
    });
    if is_cut && token.chars().count() > CUT_CHARS_MAX {
        let hint = "the token is cut at one end: send all of it";
        return Ok(found("a token that lacks its last or first signs", hint));
    }
    let hint = "compare it with the scenario's; tokens are compared letter by letter";
    Ok(found("a token that no client account has", hint))
}
