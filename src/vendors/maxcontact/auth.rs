//! Who is calling: the password of a login, and the token of everything else.
//!
//! Neither passwords nor tokens are ever named in a reason.

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::header;
use subtle::ConstantTimeEq;

use crate::contract::cx::Cx;
use crate::contract::operation::Routed;
use crate::contract::surface::Credential;
use crate::vendors::maxcontact::errors::{API_RIGHT, LOGIN, Stop, TOKEN, TOKEN_EXPIRED};
use crate::vendors::maxcontact::store;
use crate::vendors::maxcontact::variants::{BasicPrefix, TwoTokenKeys};
use crate::web::message::Request;

/// The cookie, compared letter by letter. Documented: maxcontact 1.3.
pub(crate) const COOKIE: &str = "TokenKey";

/// What a client is told by. A token that a login draws is not known before; so the login and the
/// agent of a path can be claimed as well.
pub(crate) const CLAIMABLE: &[Credential] = &[
    Credential { name: COOKIE, text: "the cookie TokenKey", secret: true },
    Credential { name: LOGIN_NAME, text: "the login in the path of a login", secret: false },
    Credential { name: USER, text: "the UserID in the path", secret: false },
];

const LOGIN_NAME: &str = "login";
const USER: &str = "user";

/// The credentials of a request, whether they are good or not.
pub(crate) fn credentials(request: &Request, routed: &Routed) -> Vec<(&'static str, String)> {
    let mut sent: Vec<_> =
        token_keys(request).into_iter().map(|key| (COOKIE, key.into_owned())).collect();
    for (name, variable) in [(LOGIN_NAME, "login"), (USER, "UserID")] {
        let value = routed.params.path.first(variable);
        sent.extend(value.map(|value| (name, value.to_owned())));
    }
    sent
}

/// Checks the token of a request.
pub(crate) fn token(cx: &Cx<'_>, request: &Request) -> Result<(), Stop> {
    let keys = token_keys(request);
    let chosen = match cx.variant() {
        TwoTokenKeys::First => keys.first(),
        TwoTokenKeys::Last => keys.last(),
    };
    let Some(key) = chosen else { return Err(no_cookie(request)) };
    let Some(known) = store::token(cx.db(), key)? else {
        return Err(unknown_token(cx, key, keys.len())?);
    };
    let login = &known.login;
    if known.revoked {
        let found = format!("a token of {login:?} that was revoked");
        return Err(refuse_token(found, "log in again"));
    }
    if cx.has_come(known.expires) {
        let expected = format!("a token whose Expiry lies after {}", cx.now());
        let found =
            format!("one of {login:?} from {} that expired at {}", known.issued, known.expires);
        let hint = "keep the Expiry of the login's answer, and log in again before it has passed";
        return Err(Stop::no(&TOKEN_EXPIRED, &[], expected, found, hint));
    }
    if !known.api {
        let expected = "a token of an account that may use the API";
        let found = format!("a valid token of {login:?}, which may not");
        let hint = "the scenario's accounts say so (api = false), or an event took the right away";
        return Err(Stop::no(&API_RIGHT, &[], expected, found, hint));
    }
    Ok(())
}

/// The values of all `TokenKey` cookies, in order.
fn token_keys(request: &Request) -> Vec<Cow<'_, str>> {
    cookies(request).filter(|(name, _)| name == COOKIE).map(|(_, value)| value).collect()
}

/// The cookies of a request. One is read whatever bytes stand in another: clients put names of people
/// into cookies of their own.
fn cookies(request: &Request) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    let headers = request.headers.get_all(header::COOKIE).iter();
    let pairs = headers.flat_map(|value| value.as_bytes().split(|byte| *byte == b';'));
    pairs.filter_map(|pair| {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let (name, value) = (halves.next()?, halves.next()?);
        Some((text(name), text(value)))
    })
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes.trim_ascii())
}

fn refuse_token(found: impl Into<String>, hint: impl Into<String>) -> Stop {
    Stop::no(&TOKEN, &[], format!("Cookie: {COOKIE}=… with the token of a login"), found, hint)
}

fn no_cookie(request: &Request) -> Stop {
    let names: Vec<_> = cookies(request).map(|(name, _)| name).collect();
    if let Some(name) = names.iter().find(|name| name.eq_ignore_ascii_case(COOKIE)) {
        let hint = format!("write {COOKIE} in these capitals; cookie names are compared exactly");
        return refuse_token(format!("a cookie {name}"), hint);
    }
    if !names.is_empty() {
        let found = format!("cookies, but not this one: {}", names.join(", "));
        return refuse_token(
            found,
            format!("add {COOKIE}=… to the same header, behind a semicolon"),
        );
    }
    if request.headers.contains_key(header::COOKIE) {
        let hint = format!("write the header as Cookie: {COOKIE}=<token>");
        return refuse_token("a Cookie header without name=value", hint);
    }
    let in_query = request.query().is_some_and(|it| it.to_ascii_lowercase().contains("tokenkey="));
    let (found, hint) = if request.headers.contains_key(header::AUTHORIZATION) {
        (
            "an Authorization header and no cookie",
            "Authorization is for the login alone; every other request carries the cookie",
        )
    } else if in_query {
        ("the token in the query and no cookie", "the token is taken from the cookie alone")
    } else {
        (
            "no cookie",
            "log in at …/apitoken/login/{login} and send its TokenKey in the Cookie header by \
             hand: the login sets no cookie",
        )
    };
    refuse_token(found, hint)
}

fn unknown_token(cx: &Cx<'_>, key: &str, n_keys: usize) -> Result<Stop, Stop> {
    let quoted = key.len() > 1 && key.starts_with('"') && key.ends_with('"');
    let bare = key.trim_matches('"');
    let (found, hint) = if key.is_empty() {
        ("an empty token".to_owned(), "did the login succeed? Its answer was not looked at")
    } else if quoted && store::token(cx.db(), bare)?.is_some() {
        ("a known token in quotation marks".to_owned(), "send it without the quotation marks")
    } else if store::has_token_in_any_case(cx.db(), key)? {
        let found = "a known token in other capitals".to_owned();
        (found, "tokens are compared letter by letter")
    } else {
        (
            format!("a token of {} characters that no login has given out", key.len()),
            "tokens of another world, or from before a reset, are not known here; log in again",
        )
    };
    let found = match n_keys {
        1 => found,
        more => format!("{more} {COOKIE} cookies; the one that counts is {found}"),
    };
    Ok(refuse_token(found, hint))
}

/// Checks the password of a login that carries it in `Authorization`.
pub(crate) fn password(cx: &Cx<'_>, request: &Request, login: &str) -> Result<(), Stop> {
    let Some(value) = request.headers.get(header::AUTHORIZATION) else {
        let hint = "send the password's ASCII bytes as Base64 in the Authorization header, without \
                    a scheme before it";
        return Err(refuse_login("no Authorization header", hint));
    };
    let value = value.to_str().unwrap_or_default().trim();
    let known = known_password(cx, login)?;
    let with_scheme = strip_scheme(value);
    let encoded = match (with_scheme, cx.variant()) {
        (Some(("Basic", rest)), BasicPrefix::Accepted) => rest,
        (Some((scheme, rest)), _) => return Err(scheme_mistake(scheme, rest, login, &known)),
        (None, _) => value,
    };
    let Some(given) = decode(encoded) else {
        let is_plain = encoded == known;
        let (found, hint) = if is_plain {
            ("the password itself", "encode it: Base64 of its ASCII bytes")
        } else {
            (
                "a value that is not Base64",
                "send Base64 of the password's ASCII bytes, with its padding",
            )
        };
        return Err(refuse_login(found, hint));
    };
    if is_same(&given, &known) {
        return Ok(());
    }
    let (found, hint) = diagnose(&given, encoded, login, &known);
    Err(refuse_login(found, hint))
}

/// Checks the password of a login that carries it in the path.
pub(crate) fn password_in_path(cx: &Cx<'_>, login: &str, password: &str) -> Result<(), Stop> {
    let known = known_password(cx, login)?;
    if is_same(password.as_bytes(), &known) {
        return Ok(());
    }
    let (found, hint) = diagnose(password.as_bytes(), password, login, &known);
    Err(refuse_login(found, hint))
}

/// .NET's ASCII decoder turns other bytes into question marks, so a password with any other
/// character never matches.
fn is_same(given: &[u8], known: &str) -> bool {
    given.is_ascii() && bool::from(given.ct_eq(known.as_bytes()))
}

fn refuse_login(found: impl Into<String>, hint: impl Into<String>) -> Stop {
    let expected = "Authorization: Base64 of the password of the login in the path";
    Stop::no(&LOGIN, &[], expected, found, hint)
}

fn known_password(cx: &Cx<'_>, login: &str) -> Result<String, Stop> {
    if let Some((password, _)) = store::account(cx.db(), login)? {
        return Ok(password);
    }
    let expected = "a login of this world in the path";
    let found = format!("{login:?}, which is none");
    let hint = match store::account_in_any_case(cx.db(), login)? {
        Some(near) => format!("did you mean {near:?}? Logins are compared letter by letter"),
        None => "seed it in [maxcontact] accounts, or check which world was asked".to_owned(),
    };
    Err(Stop::no(&LOGIN, &[], expected, found, hint))
}

/// Base64 with padding; white space in it does not count, as in .NET.
fn decode(encoded: &str) -> Option<Vec<u8>> {
    let dense: String = encoded.chars().filter(|it| !it.is_ascii_whitespace()).collect();
    BASE64_STANDARD.decode(dense).ok()
}

/// `Basic xyz` taken apart.
fn strip_scheme(value: &str) -> Option<(&'static str, &str)> {
    let (word, rest) = value.split_once(' ')?;
    let schemes = ["Basic", "Bearer", "Token", "Digest"];
    let scheme = schemes.into_iter().find(|known| known.eq_ignore_ascii_case(word))?;
    Some((scheme, rest.trim()))
}

fn scheme_mistake(scheme: &str, rest: &str, login: &str, known: &str) -> Stop {
    let decoded = decode(rest).unwrap_or_default();
    let pair = format!("{login}:{known}");
    let (what, hint) = if is_same(&decoded, known) {
        (
            "the right password behind it",
            "take the scheme away: the header holds the Base64 and nothing else",
        )
    } else if is_same(&decoded, &pair) {
        (
            "the right login:password pair behind it",
            "this is not HTTP Basic: send Base64 of the password alone, without scheme and login",
        )
    } else {
        ("something else behind it", "send Base64 of the password alone, without a scheme")
    };
    refuse_login(format!("the scheme {scheme} and {what}"), hint)
}

/// Which of the usual mistakes it is.
fn diagnose(given: &[u8], encoded: &str, login: &str, known: &str) -> (&'static str, &'static str) {
    let trimmed = given.trim_ascii();
    if !known.is_ascii() {
        (
            "an account whose password has characters outside ASCII",
            "such a password can never match: the platform turns each of them into a question mark",
        )
    } else if is_same(given, &format!("{login}:{known}")) {
        ("Base64 of login:password", "encode the password alone; the login stands in the path")
    } else if is_same(trimmed, known) {
        (
            "the right password with white space around it",
            "encode it without the line's end: echo adds one, printf does not",
        )
    } else if is_same(encoded.as_bytes(), known) {
        ("the password itself", "encode it: Base64 of its ASCII bytes")
    } else if decode(&String::from_utf8_lossy(given)).is_some_and(|it| is_same(&it, known)) {
        ("the password encoded twice", "encode it once")
    } else if given.eq_ignore_ascii_case(known.as_bytes()) {
        ("the right password in other capitals", "passwords are compared letter by letter")
    } else {
        ("another password", "compare it with the scenario's")
    }
}
