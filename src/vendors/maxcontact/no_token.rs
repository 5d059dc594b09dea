//! Why a request has no token that counts: it stands elsewhere, under another name, or is written
//! otherwise than it was given out.
//!
//! Not here: what a token is good for (`auth`). Tokens are never named.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::header;
use percent_encoding::percent_decode_str;

use crate::base::nearest::nearest;
use crate::base::text::excerpt;
use crate::contract::cx::Cx;
use crate::vendors::maxcontact::cookies::{COOKIE, cookies};
use crate::vendors::maxcontact::errors::{Stop, TOKEN};
use crate::vendors::maxcontact::store;
use crate::web::diagnosis::disguise::{Unfilled, plain_signs, unfilled};
use crate::web::diagnosis::whole::whole;
use crate::web::message::Request;
use crate::web::params::Pairs;

/// Tokens that are compared with what came, the latest first.
const KNOWN_MAX: i64 = 100;

/// Fewest characters of a token that was cut.
const CUT_CHARS_MIN: usize = 8;

/// Characters of a name that a reason shows.
const NAME_CHARS_MAX: usize = 40;

/// Bytes of a body in which a token is looked for.
const BODY_BYTES_MAX: usize = 65_536;

const LOG_IN: &str = "log in at …/apitoken/login/{login} and send its TokenKey in the Cookie header \
                      by hand: the login sets no cookie";

pub(crate) fn refuse(found: impl Into<String>, hint: impl Into<String>) -> Stop {
    Stop::no(&TOKEN, &[], format!("Cookie: {COOKIE}=… with the token of a login"), found, hint)
}

/// A name as a reason shows it: as it is, where nothing in it has to be escaped.
fn shown(name: &str) -> String {
    let is_plain = name.bytes().all(|it| it.is_ascii_alphanumeric() || b"_-.".contains(&it));
    if is_plain && name.len() <= NAME_CHARS_MAX {
        return name.to_owned();
    }
    excerpt(name, NAME_CHARS_MAX)
}

/// How a text that is no token holds one.
fn written(text: &str, tokens: &[String]) -> Option<(&'static str, &'static str)> {
    let dense = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|it| it.to_ascii_lowercase()).collect()
    };
    let is = |holds: &dyn Fn(&str) -> bool| tokens.iter().any(|token| holds(token));
    let decoded = BASE64_STANDARD.decode(text).ok().and_then(|it| String::from_utf8(it).ok());
    let plain = percent_decode_str(text).decode_utf8_lossy().into_owned();
    if plain != text && tokens.contains(&plain) {
        Some(("a known token, percent-encoded", "send it as the login gave it"))
    } else if is(&|token| text == format!("\"{token}\"")) {
        Some(("a known token in quotation marks", "send it without the quotation marks"))
    } else if is(&|token| text.eq_ignore_ascii_case(token)) {
        Some(("a known token in other capitals", "tokens are compared letter by letter"))
    } else if text.contains('{') && is(&|token| text.contains(token)) && text.contains(':') {
        Some(("the whole answer of a login", "send the value of its member TokenKey alone"))
    } else if is(&|token| text.contains(token)) {
        Some(("a known token with something around it", "send the token alone"))
    } else if !text.is_ascii() && tokens.contains(&plain_signs(text)) {
        Some((
            "a known token with signs that only look like its own",
            "write the signs of the keyboard: a text program put others in their place",
        ))
    } else if is(&|token| dense(text) == dense(token)) {
        Some((
            "a known token without the signs between its parts",
            "send it letter by letter as the login gave it",
        ))
    } else if is(&|token| text.len() >= CUT_CHARS_MIN && token.starts_with(text)) {
        Some(("the beginning of a known token", "send all of it"))
    } else if decoded.is_some_and(|it| tokens.contains(&it)) {
        Some(("a known token in Base64", "send it as the login gave it"))
    } else {
        None
    }
}

/// Why a request without the cookie has none.
pub(crate) fn no_cookie(cx: &Cx<'_>, request: &Request) -> rusqlite::Result<Stop> {
    let tokens = store::latest_tokens(cx.db(), KNOWN_MAX)?;
    let holds = |text: &str| tokens.iter().any(|token| text.contains(token.as_str()));
    let sent: Vec<_> = cookies(request).collect();
    if let Some((name, _)) = sent.iter().find(|(name, _)| name.eq_ignore_ascii_case(COOKIE)) {
        let hint = format!("write {COOKIE} in these capitals; cookie names are compared exactly");
        return Ok(refuse(format!("a cookie {name}"), hint));
    }
    for (sign, words) in [(", ", "a comma"), (",", "a comma"), ("&", "an &"), (" ", "a blank")] {
        if sent.iter().any(|(_, value)| value.contains(&format!("{sign}{COOKIE}="))) {
            let found = format!("{words} between two cookies");
            return Ok(refuse(found, "separate cookies by a semicolon"));
        }
    }
    let is_header = |name: &str| name.to_ascii_lowercase().starts_with("cookie:");
    if sent.iter().any(|(name, _)| is_header(name)) {
        let hint = format!("the header's name is not a part of its value: write {COOKIE}=<token>");
        return Ok(refuse("a Cookie header with its own name in its value", hint));
    }
    let other = sent.iter().find(|(name, value)| {
        holds(value) || nearest(name, [COOKIE]).is_some() || name.eq_ignore_ascii_case("token")
    });
    if let Some((name, _)) = other {
        let hint = format!("the cookie is called {COOKIE}, in these letters");
        return Ok(refuse(format!("a cookie {}", shown(name)), hint));
    }
    if let Some(stop) = elsewhere(request, &holds) {
        return Ok(stop);
    }
    if !sent.is_empty() {
        let names: Vec<_> = sent.iter().map(|(name, _)| shown(name)).collect();
        let found = format!("cookies, but not this one: {}", names.join(", "));
        let hint = format!("add {COOKIE}=… to the same header, behind a semicolon");
        return Ok(refuse(found, hint));
    }
    Ok(if request.headers.contains_key(header::COOKIE) {
        let hint = format!("write the header as Cookie: {COOKIE}=<token>, with an equals sign");
        refuse("a Cookie header without name=value", hint)
    } else if request.headers.contains_key(header::AUTHORIZATION) {
        let hint = "Authorization is for the login alone; every other request carries the cookie";
        refuse("an Authorization header and no cookie", hint)
    } else {
        refuse("no cookie", LOG_IN)
    })
}

/// The token in another place of the request.
fn elsewhere(request: &Request, holds: &dyn Fn(&str) -> bool) -> Option<Stop> {
    let hint = format!("send it in the header Cookie, as {COOKIE}=<token>");
    let header = request
        .headers
        .iter()
        .find(|(name, value)| *name != header::COOKIE && value.to_str().is_ok_and(holds));
    if let Some((name, _)) = header {
        let name = shown(name.as_str());
        return Some(refuse(format!("the token in the header {name}"), hint));
    }
    let query = Pairs::parse(request.query().unwrap_or_default().as_bytes());
    let is_name = |name: &str| name.eq_ignore_ascii_case(COOKIE);
    let in_query = query.iter().find(|(name, value)| holds(value) || is_name(name));
    if let Some((name, _)) = in_query {
        let name = shown(name);
        let hint = format!("the token is taken from the cookie alone; {hint}");
        return Some(refuse(format!("the token in the query, as {name}"), hint));
    }
    let body = &request.body[..request.body.len().min(BODY_BYTES_MAX)];
    holds(&String::from_utf8_lossy(body)).then(|| refuse("the token in the body", hint))
}

/// What a text is of this world that is no token: an agent, a password, the number of something.
fn of_this_world(cx: &Cx<'_>, key: &str) -> rusqlite::Result<Option<&'static str>> {
    let id = key.parse().ok().or_else(|| whole(key)?.digits.parse().ok());
    if let Some(id) = id {
        let is_agent = store::user(cx.db(), id)?.is_some();
        return Ok(Some(if is_agent { "the UserID of an agent" } else { "a number" }));
    }
    if store::users(cx.db())?.iter().any(|it| it.full_name == key) {
        return Ok(Some("the name of an agent"));
    }
    let decoded = BASE64_STANDARD.decode(key).unwrap_or_default();
    for login in store::some_logins(cx.db(), LOGINS_MAX)? {
        let Some((password, _)) = store::account(cx.db(), &login)? else { continue };
        if password == key {
            return Ok(Some("a password"));
        }
        if password.as_bytes() == decoded {
            return Ok(Some("a password in Base64"));
        }
    }
    Ok(None)
}

/// Accounts whose passwords are compared with what came.
const LOGINS_MAX: i64 = 8;

/// Why a cookie's value is no token. `keys` are the values of all cookies of the name.
pub(crate) fn unknown(cx: &Cx<'_>, key: &str, keys: &[&str]) -> rusqlite::Result<Stop> {
    let tokens = store::latest_tokens(cx.db(), KNOWN_MAX)?;
    let n_keys = keys.len();
    if keys.iter().any(|other| *other != key && tokens.iter().any(|token| token == other)) {
        let found =
            format!("{n_keys} {COOKIE} cookies, and the one that counts is none of a login");
        return Ok(refuse(found, "send one; another of them is known, so take away the rest"));
    }
    let n_chars = key.chars().count();
    let (found, hint) = if key.is_empty() {
        ("an empty token".to_owned(), "did the login succeed? Its answer was not looked at")
    } else if let Some((found, hint)) = written(key, &tokens) {
        (found.to_owned(), hint)
    } else if let Some(nothing) = unfilled(key) {
        let hint = match nothing {
            Unfilled::Word => {
                "the login's answer has the token as TokenKey, in these capitals; read that"
            }
            Unfilled::Placeholder => "put the token of a login there",
            Unfilled::Mask => nothing.cure(),
        };
        (nothing.words(key), hint)
    } else if store::has_token_in_any_case(cx.db(), key)? {
        ("a known token in other capitals".to_owned(), "tokens are compared letter by letter")
    } else if store::account(cx.db(), key)?.is_some() {
        ("a login in place of its token".to_owned(), "log in, and send the TokenKey of the answer")
    } else if let Some(what) = of_this_world(cx, key)? {
        let hint = "log in, and send the TokenKey of the answer";
        (format!("{what} in place of a token"), hint)
    } else {
        let characters = if n_chars == 1 { "character" } else { "characters" };
        (
            format!("a token of {n_chars} {characters} that no login has given out"),
            "tokens of another world, or from before a reset, are not known here; log in again",
        )
    };
    let found = match n_keys {
        1 => found,
        more => format!("{more} {COOKIE} cookies; the one that counts is {found}"),
    };
    Ok(refuse(found, hint))
}
