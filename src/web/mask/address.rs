//! Secrets in addresses and on the way: a password before a host, a segment of a path behind a
//! secret's name, and signed tokens that stand alone.
//!
//! Not here: the places in a path that a vendor declares (`place`), and parameters (`field`).

use memchr::memmem;

use super::sought::{Found, Sought, note};
use super::text::{byte, find};

/// What begins an authority.
const AUTHORITY: &[u8] = b"://";

/// What a JSON object begins with in Base64, and so a JSON web token.
const JWT: &[u8] = b"eyJ";

/// Fewest characters of a token's head: the shortest that names an algorithm has more.
const JWT_HEAD_MIN: usize = 10;

/// Fewest characters of a segment that is a secret although it has neither a digit nor a capital
/// letter inside: no word that goes on a path is so long.
const SEGMENT_CHARS_MIN: usize = 16;

/// Looks for all of them.
pub(crate) fn find_in(sought: &Sought<'_>, text: &[u8], found: &mut Vec<Found>) {
    if sought.show {
        return;
    }
    user_infos(text, found);
    signed_tokens(text, found);
    segments(sought, text, found);
}

/// `https://bob:secret@host`.
fn user_infos(text: &[u8], found: &mut Vec<Found>) {
    for at in memmem::find_iter(text, AUTHORITY) {
        let start = at + AUTHORITY.len();
        let is_end = |it: u8| {
            matches!(it, b'/' | b'?' | b'#' | b'"' | b'<' | b'>' | b'\\')
                || it.is_ascii_whitespace()
        };
        let end = find(text, start, is_end);
        let Some(host) = text[start..end].iter().rposition(|it| *it == b'@') else { continue };
        let user = &text[start..start + host];
        if let Some(colon) = user.iter().position(|it| *it == b':') {
            note(text, start + colon + 1..start + host, false, found);
        }
    }
}

/// `eyJ….….…`: head, claims and signature, each in Base64 for addresses.
fn signed_tokens(text: &[u8], found: &mut Vec<Found>) {
    let is_digit = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_');
    let run = |at: usize| find(text, at, |it| !is_digit(it));
    let mut next = 0;
    for start in memmem::find_iter(text, JWT) {
        // Of two that overlap, the first is the token.
        if start < next || start > 0 && is_digit(text[start - 1]) {
            continue;
        }
        let head = run(start);
        next = head;
        if head - start < JWT_HEAD_MIN || byte(text, head) != b'.' {
            continue;
        }
        let claims = run(head + 1);
        if claims > head + 1 && byte(text, claims) == b'.' {
            next = run(claims + 1);
            note(text, start..next, false, found);
        }
    }
}

/// `/password/Hq7…`: behind a name that means nothing but a secret.
fn segments(sought: &Sought<'_>, text: &[u8], found: &mut Vec<Found>) {
    let end = |at: usize| {
        let is_end = |it: u8| {
            matches!(
                it,
                b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'\\' | b'&' | b',' | b';'
            ) || it.is_ascii_whitespace()
        };
        find(text, at, is_end)
    };
    for slash in memchr::memchr_iter(b'/', text) {
        let name = slash + 1..end(slash + 1);
        if byte(text, name.end) != b'/' || !sought.names.is_plain(&text[name.clone()]) {
            continue;
        }
        let start = name.end + 1;
        let value = start..end(start);
        if is_telling(&text[value.clone()]) {
            note(text, value, false, found);
        }
    }
}

/// Whether a segment is more than a word, such as the `refresh` of `/token/refresh`.
fn is_telling(segment: &[u8]) -> bool {
    let has_digit = segment.iter().any(u8::is_ascii_digit);
    let has_capital = segment.iter().skip(1).any(u8::is_ascii_uppercase);
    let is_place = matches!(segment, [b'{', .., b'}']);
    !is_place && (has_digit || has_capital || segment.len() >= SEGMENT_CHARS_MIN)
}
