//! Why a login fails: which of the usual mistakes was made with its name and its password.
//!
//! Not here: the check itself (`auth`). Passwords are never named.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use http::header;
use md5::Md5;
use percent_encoding::percent_decode;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::base::nearest::nearest;
use crate::contract::cx::Cx;
use crate::vendors::maxcontact::errors::{LOGIN, Stop};
use crate::vendors::maxcontact::store;
use crate::web::diagnosis::disguise::{readings, unfilled, within_more};
use crate::web::message::Request;
use crate::web::params::Pairs;

/// Accounts that a reason lists, and that are compared with what came.
const LOGINS_MAX: i64 = 8;

/// Where a login carries its password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carried {
    Header,
    /// In the path, as it is: the old form.
    Path,
}

fn refuse(carried: Carried, found: impl Into<String>, hint: impl Into<String>) -> Stop {
    let expected = match carried {
        Carried::Header => "Authorization: Base64 of the password of the login in the path",
        Carried::Path => "the password of the login behind it in the path, as it is",
    };
    Stop::no(&LOGIN, &[], expected, found, hint)
}

/// Why there is no account of that login.
pub(crate) fn no_account(cx: &Cx<'_>, login: &str) -> Result<Stop, Stop> {
    let logins = store::some_logins(cx.db(), LOGINS_MAX)?;
    let shown = match logins.len() {
        0 => "this world has no accounts; seed them in [maxcontact] accounts".to_owned(),
        _ => format!("this world has {}", logins.join(", ")),
    };
    let agent = match login.parse() {
        Ok(id) => store::user(cx.db(), id)?.map(|_| "an agent's UserID"),
        Err(_) => store::users(cx.db())?
            .iter()
            .any(|it| it.full_name == login)
            .then_some("an agent's name"),
    };
    let hint = if let Some(near) = store::account_in_any_case(cx.db(), login)? {
        format!("did you mean {near:?}? Logins are compared letter by letter")
    } else if let Some(near) = nearest(login.trim(), logins.iter().map(String::as_str)) {
        if login.trim() == near {
            format!("take the blanks away: {near:?}")
        } else {
            format!("did you mean {near:?}?")
        }
    } else if let Some(what) = agent {
        format!("that is {what}; API accounts log in: {shown}")
    } else if login.starts_with(['{', '<', ':']) {
        format!("the placeholder of the documentation was sent as it is; {shown}")
    } else {
        shown
    };
    let expected = "a login of this world in the path";
    Ok(Stop::no(&LOGIN, &[], expected, format!("{login:?}, which is none"), hint))
}

/// Why there is no `Authorization` header.
pub(crate) fn no_header(request: &Request) -> Stop {
    let hint = "send the password's ASCII bytes as Base64 in the Authorization header, without a \
                scheme before it";
    let query = Pairs::parse(request.query().unwrap_or_default().as_bytes());
    let is_password = |name: &str| {
        ["password", "pass", "pwd", "passwd"].contains(&name.to_ascii_lowercase().as_str())
    };
    let other = request.headers.keys().find(|name| {
        let name = name.as_str();
        name.contains("auth") || name.contains("passw") || name.contains("api-key")
    });
    let found = if let Some((name, _)) = query.iter().find(|(name, _)| is_password(name)) {
        format!("no Authorization header, but {name} in the query")
    } else if let Some(name) = other {
        format!("no Authorization header, but {name}")
    } else if request.headers.contains_key(header::COOKIE) {
        "no Authorization header, but a cookie".to_owned()
    } else if !request.body.is_empty() {
        "no Authorization header, but a body".to_owned()
    } else {
        "no Authorization header".to_owned()
    };
    refuse(Carried::Header, found, hint)
}

/// Why the first of several headers is refused, where a later one is right.
pub(crate) fn sent_twice() -> Stop {
    let found = "more than one header Authorization, of which the first counts";
    refuse(Carried::Header, found, "send it once: a later one is right, so take away the first")
}

/// Why a value is not the Base64 of anything.
pub(crate) fn no_base64(cx: &Cx<'_>, value: &str, known: &str) -> Result<Stop, Stop> {
    let bare = value.trim_matches('"').trim_end_matches('=');
    let decoded =
        BASE64_STANDARD_NO_PAD.decode(bare).or_else(|_| BASE64_URL_SAFE_NO_PAD.decode(bare));
    let is_right = decoded.as_ref().is_ok_and(|it| it == known.as_bytes());
    let is_known = |it: &str| decode(it).is_some_and(|it| it == known.as_bytes());
    let disguised = readings(value).into_iter().find(|reading| is_known(&reading.value));
    let (found, hint) = if value == known {
        ("the password itself", "encode it: Base64 of its ASCII bytes")
    } else if is_right && value.starts_with('"') {
        ("the right value in quotation marks", "send it without the quotation marks")
    } else if is_right && value.contains(['-', '_']) {
        ("the right value in the letters for URLs", "use + and / in place of - and _")
    } else if is_right && !value.trim_end().ends_with('=') {
        ("the right value without its padding", "keep the = at the end of Base64")
    } else if is_right {
        ("the right value with something around it", "send Base64 and nothing else")
    } else if let Some(unfilled) = unfilled(value) {
        return Ok(refuse(Carried::Header, unfilled.words(value), unfilled.cure()));
    } else if let Some(reading) = disguised {
        return Ok(refuse(
            Carried::Header,
            format!("the right value {}", reading.how),
            reading.cure,
        ));
    } else if let Some(reading) = within_more(value, &BASE64_STANDARD.encode(known)) {
        let found = format!("the right value {}", reading.how);
        return Ok(refuse(Carried::Header, found, reading.cure));
    } else if store::token(cx.db(), value)?.is_some() {
        ("a token", "tokens go into the cookie TokenKey; a login carries the password in Base64")
    } else if hex(value).is_some_and(|it| it == known.as_bytes()) {
        ("the password in hexadecimal digits", "write its bytes in Base64")
    } else if decoded.is_ok() && value.contains(['-', '_']) {
        ("Base64 in the letters for URLs", "use + and / in place of - and _, and padding")
    } else {
        (
            "a value that is not Base64",
            "send Base64 of the password's ASCII bytes, with its padding",
        )
    };
    Ok(refuse(Carried::Header, found, hint))
}

/// Why a value with a scheme before it is refused.
pub(crate) fn with_scheme(
    cx: &Cx<'_>,
    (scheme, rest): (&str, &str),
    login: &str,
    known: &str,
) -> Result<Stop, Stop> {
    let decoded = decode(rest).unwrap_or_default();
    let pair = format!("{login}:{known}");
    let (what, hint) = if decoded == known.as_bytes() {
        (
            "the right password behind it",
            "take the scheme away: the header holds the Base64 and nothing else",
        )
    } else if decoded == pair.as_bytes() {
        (
            "the right login:password pair behind it",
            "this is not HTTP Basic: send Base64 of the password alone, without scheme and login",
        )
    } else if store::token(cx.db(), rest)?.is_some() {
        (
            "a token behind it",
            "tokens go into the cookie TokenKey; a login carries Base64 of the password, without a \
             scheme",
        )
    } else {
        ("something else behind it", "send Base64 of the password alone, without a scheme")
    };
    Ok(refuse(Carried::Header, format!("the scheme {scheme} and {what}"), hint))
}

/// Why a password is not the account's.
pub(crate) fn wrong_password(
    cx: &Cx<'_>,
    carried: Carried,
    (given, encoded): (&[u8], &str),
    (login, known): (&str, &str),
) -> Result<Stop, Stop> {
    let (found, hint) = slip(carried, given, encoded, (login, known)).unwrap_or_default();
    if !found.is_empty() {
        return Ok(refuse(carried, found, hint));
    }
    let text = String::from_utf8_lossy(given);
    if let Some(reading) = within_more(&text, known) {
        return Ok(refuse(carried, format!("the right password {}", reading.how), reading.cure));
    }
    if let Some(unfilled) = unfilled(&text) {
        // The words of a password are not shown, whatever they are.
        let found = "a placeholder, or the word for no value, in place of the password";
        return Ok(refuse(carried, found, unfilled.cure()));
    }
    if let Some((former, replaced)) = store::former_password(cx.db(), login)?
        && given == former.as_bytes()
    {
        let found = format!("the password that was replaced at {replaced}");
        return Ok(refuse(
            carried,
            found,
            "an account has one password at a time; use the new one",
        ));
    }
    for other in store::some_logins(cx.db(), LOGINS_MAX)? {
        let theirs = store::account(cx.db(), &other)?;
        if theirs.is_some_and(|(password, _)| given == password.as_bytes()) {
            let found = format!("the password of {other:?}");
            return Ok(refuse(carried, found, "the login in the path is another one"));
        }
    }
    let hint = "compare it with the account's in [maxcontact] accounts, and with what the event \
                set_password made of it";
    Ok(refuse(carried, "another password", hint))
}

/// Which of the usual mistakes it is.
fn slip(
    carried: Carried,
    given: &[u8],
    encoded: &str,
    (login, known): (&str, &str),
) -> Option<(&'static str, &'static str)> {
    let right = known.as_bytes();
    let text = String::from_utf8_lossy(given);
    let utf16: Vec<u8> = known.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let digests =
        [Md5::digest(right).to_vec(), Sha1::digest(right).to_vec(), Sha256::digest(right).to_vec()];
    let is_digest = |bytes: &[u8]| digests.iter().any(|digest| digest == bytes);
    let is_hex_of = |bytes: &[u8]| hex(&text) == Some(bytes.to_vec());
    Some(if !known.is_ascii() {
        (
            "an account whose password has characters outside ASCII",
            "such a password can never match: the platform turns each of them into a question mark",
        )
    } else if encoded.is_empty() {
        ("an Authorization header without a value", "send Base64 of the password's ASCII bytes")
    } else if given == format!("{login}:{known}").as_bytes() {
        ("Base64 of login:password", "encode the password alone; the login stands in the path")
    } else if given.trim_ascii() == right {
        (
            "the right password with white space around it",
            "encode it without the line's end: echo adds one, printf does not",
        )
    } else if text.trim_matches(['"', '\'']).as_bytes() == right {
        ("the right password in quotation marks", "encode the password without the marks")
    } else if encoded == known && carried == Carried::Header {
        ("the password itself", "encode it: Base64 of its ASCII bytes")
    } else if decode(&text).is_some_and(|it| it == right) {
        match carried {
            Carried::Header => ("the password encoded twice", "encode it once"),
            Carried::Path => {
                ("the password in Base64", "in the path it stands as it is, percent-encoded")
            }
        }
    } else if given == utf16 || given.get(2..) == Some(&utf16[..]) {
        (
            "the right password in UTF-16",
            "encode its ASCII bytes: PowerShell's \"Unicode\" is UTF-16",
        )
    } else if given.strip_prefix(b"\xef\xbb\xbf") == Some(right) {
        ("the right password behind a byte order mark", "encode its ASCII bytes without the mark")
    } else if percent_decode(given).collect::<Vec<u8>>() == right {
        ("the right password, percent-encoded", "encode the password itself into Base64")
    } else if is_digest(given)
        || digests.iter().any(|it| is_hex_of(it))
        || hex(encoded).is_some_and(|it| is_digest(&it))
    {
        ("a digest of the password", "send the password itself in Base64, not a digest of it")
    } else if is_hex_of(right) || hex(encoded).is_some_and(|it| it == right) {
        ("the password in hexadecimal digits", "write its bytes in Base64")
    } else if given.eq_ignore_ascii_case(right) {
        ("the right password in other capitals", "passwords are compared letter by letter")
    } else {
        return None;
    })
}

/// Base64 with padding; white space in it does not count, as in .NET.
pub(crate) fn decode(encoded: &str) -> Option<Vec<u8>> {
    let dense: String = encoded.chars().filter(|it| !it.is_ascii_whitespace()).collect();
    BASE64_STANDARD.decode(dense).ok()
}

/// The bytes that hexadecimal digits stand for.
fn hex(text: &str) -> Option<Vec<u8>> {
    let is_hex = text.len().is_multiple_of(2) && text.bytes().all(|it| it.is_ascii_hexdigit());
    let bytes = (0..text.len()).step_by(2);
    if !is_hex || text.is_empty() {
        return None;
    }
    bytes.map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}
