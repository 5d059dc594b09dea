//! Credentials in headers: the scheme of an `Authorization` and the names of cookies are kept, their
//! values are masked.

use std::ops::Range;

use super::known::is_telling;
use super::names::Spot;
use super::sought::{Found, Sought, note};
use super::text::{byte, closing_quote, find, is_blank, skip_blanks, trimmed};

/// Schemes that may stand before a credential. Another first word may be the credential itself.
const SCHEMES: &[&str] = &[
    "basic",
    "bearer",
    "digest",
    "token",
    "apikey",
    "api-key",
    "key",
    "negotiate",
    "ntlm",
    "oauth",
    "hmac",
    "mac",
    "hoba",
    "dpop",
    "scram-sha-256",
    "aws4-hmac-sha256",
    "kerberos",
    "session",
];

/// Cookies of fewer characters are settings (`lang=de`), unless their name is a secret's.
const COOKIE_CHARS_MIN: usize = 8;

/// A header that is a credential whatever the vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Authorization,
    Cookie,
    SetCookie,
}

pub(crate) fn standing(name: &[u8]) -> Option<Standing> {
    let is = |word: &str| name.eq_ignore_ascii_case(word.as_bytes());
    match name.len() {
        6 if is("cookie") => Some(Standing::Cookie),
        10 if is("set-cookie") => Some(Standing::SetCookie),
        13 if is("authorization") => Some(Standing::Authorization),
        19 if is("proxy-authorization") => Some(Standing::Authorization),
        _ => None,
    }
}

/// What is secret in the value of such a header.
pub(crate) fn values(
    sought: &Sought<'_>,
    text: &[u8],
    header: Standing,
    value: Range<usize>,
    found: &mut Vec<Found>,
) {
    if sought.show {
        return;
    }
    match header {
        Standing::Authorization => note(text, credential(text, value), false, found),
        Standing::Cookie => cookies(sought, text, value, usize::MAX, found),
        // What follows the first cookie are its attributes.
        Standing::SetCookie => cookies(sought, text, value, 1, found),
    }
}

/// What is secret in a value that a sentence tells: the word behind the scheme or the cookie's name,
/// if it ends the sentence or can be no word of it (`Authorization: Bearer with a token of client 7`).
pub(crate) fn told(
    sought: &Sought<'_>,
    text: &[u8],
    header: Standing,
    value: Range<usize>,
    found: &mut Vec<Found>,
) {
    if sought.show {
        return;
    }
    let value = credential(text, value);
    let word = value.start..find(&text[..value.end], value.start, is_blank);
    let is_last = word.end == value.end;
    let name = find(&text[..word.end], word.start, |it| it == b'=');
    let is_cookie = header != Standing::Authorization && name < word.end;
    let start = if is_cookie { name + 1 } else { word.start };
    let ends = |it: &u8| matches!(it, b',' | b';' | b'.' | b':' | b')' | b'"' | b'\'');
    let tail = text[start..word.end].iter().rev().take_while(|it| ends(it)).count();
    let word = start..word.end - tail;
    let Ok(told) = std::str::from_utf8(&text[word.clone()]) else { return };
    let is_word = told.eq_ignore_ascii_case("base64")
        || SCHEMES.iter().any(|it| told.eq_ignore_ascii_case(it));
    if is_telling(told) || is_last && !is_word && told.chars().any(char::is_alphanumeric) {
        note(text, word, false, found);
    }
}

/// What follows the scheme, or all of it where no scheme is known.
pub(crate) fn credential(text: &[u8], value: Range<usize>) -> Range<usize> {
    let value = trimmed(text, value);
    let word = find(&text[..value.end], value.start, is_blank);
    let is_scheme = |it: &str| text[value.start..word].eq_ignore_ascii_case(it.as_bytes());
    let has_scheme = word < value.end && SCHEMES.iter().any(|it| is_scheme(it));
    if has_scheme { skip_blanks(text, word)..value.end } else { value }
}

fn cookies(
    sought: &Sought<'_>,
    text: &[u8],
    list: Range<usize>,
    count: usize,
    found: &mut Vec<Found>,
) {
    let text = &text[..list.end];
    let mut at = list.start;
    for _ in 0..count {
        at = skip_blanks(text, at);
        if at >= text.len() {
            return;
        }
        let name = at..find(text, at, |it| matches!(it, b'=' | b';'));
        let has_value = byte(text, name.end) == b'=';
        let start = if has_value { name.end + 1 } else { name.start };
        let value = trimmed(text, cookie(text, start));
        at = find(text, value.end, |it| it == b';') + 1;
        let is_named = || sought.always(&text[trimmed(text, name.clone())], Spot::Field).is_some();
        if value.len() >= COOKIE_CHARS_MIN || has_value && is_named() {
            note(text, value, false, found);
        }
    }
}

/// A cookie's value, without quotes. A semicolon inside quotes is part of it.
fn cookie(text: &[u8], start: usize) -> Range<usize> {
    let start = skip_blanks(text, start);
    let plain = start..find(text, start, |it| it == b';');
    if byte(text, start) != b'"' {
        return plain;
    }
    match closing_quote(text, start + 1, b'"') {
        Some(close) if matches!(byte(text, skip_blanks(text, close + 1)), 0 | b';') => {
            start + 1..close
        }
        _ => plain,
    }
}
