//! Text whose UTF-8 was taken for one-byte characters and encoded again: `MÃ¼ller` for `Müller`. It is
//! valid, so nothing refuses it, and it is stored as it came.
//!
//! Not here: bytes that are no UTF-8 at all (`encoding`), and what is done with the finding.

use std::borrow::Cow;

use memchr::{memchr, memchr3};
use percent_encoding::percent_decode;

use crate::web::message::Request;

/// Bytes of a query or a body that are looked at. Names stand near the beginning of most; a file of
/// millions of lines has the slip in many of them.
const LOOKED_AT_MAX: usize = 256 * 1024;

/// Characters of a word that are told.
const WORD_CHARS_MAX: usize = 60;

/// A word as it came, and as it was before it was encoded once too often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Twice {
    pub(crate) sent: String,
    pub(crate) meant: String,
}

/// The first such word of a request's query or body.
pub(crate) fn of_request(request: &Request) -> Option<Twice> {
    let query = request.query().unwrap_or_default().as_bytes();
    of_bytes(query).or_else(|| of_bytes(&request.body))
}

/// The first such word of a text, percent-encoded or not.
fn of_bytes(bytes: &[u8]) -> Option<Twice> {
    let bytes = &bytes[..bytes.len().min(LOOKED_AT_MAX)];
    // Each request is looked at while its world waits, and most have neither such a letter nor an escape.
    memchr3(LEAD, b'%', b'\\', bytes)?;
    let plain = unescaped(bytes);
    memchr(LEAD, &plain)?;
    let text = String::from_utf8_lossy(&plain);
    text.split(is_joint).find_map(of_word)
}

/// The first byte of the letters that stand for the first byte of two or more: `Â` to `ô`.
const LEAD: u8 = 0xc3;

/// A text without the escapes of a form, or of JSON.
fn unescaped(bytes: &[u8]) -> Cow<'_, [u8]> {
    let has = |sign: &[u8]| memchr::memmem::find(bytes, sign).is_some();
    if has(b"%C3") || has(b"%c3") {
        return Cow::Owned(percent_decode(bytes).collect());
    }
    if (has(b"\\u00c") || has(b"\\u00C"))
        && let Ok(value) = serde_json::from_slice::<serde_json::Value>(bytes)
    {
        return Cow::Owned(value.to_string().into_bytes());
    }
    Cow::Borrowed(bytes)
}

/// What parts the words of any of the bodies.
fn is_joint(it: char) -> bool {
    it.is_ascii_whitespace() || "\"'<>&=,;:/\\(){}[]+|".contains(it)
}

fn of_word(word: &str) -> Option<Twice> {
    if word.is_ascii() || word.chars().count() > WORD_CHARS_MAX {
        return None;
    }
    let bytes: Option<Vec<u8>> = word.chars().map(one_byte).collect();
    let meant = String::from_utf8(bytes?).ok()?;
    (meant != word).then(|| Twice { sent: word.to_owned(), meant })
}

/// The byte that a character is in Windows-1252, or in Latin-1 where that has none.
fn one_byte(it: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(u32::from(it)) {
        return Some(byte);
    }
    let at = WINDOWS_1252.iter().position(|known| *known == it)?;
    Some(0x80 + u8::try_from(at).ok()?)
}

/// The characters of the bytes from 0x80 to 0x9f; a blank for a byte that has none.
const WINDOWS_1252: [char; 32] = [
    '€', ' ', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', ' ', 'Ž', ' ', ' ', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', ' ', 'ž', 'Ÿ',
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_encoded_once_too_often() {
        let is = |text: &str, sent: &str, meant: &str| {
            let found = of_bytes(text.as_bytes()).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((found.sent.as_str(), found.meant.as_str()), (sent, meant));
        };
        is(r#"{"Name":"MÃ¼ller","City":"Kiel"}"#, "MÃ¼ller", "Müller");
        is(r#"{"Name":"M\u00c3\u00bcller"}"#, "MÃ¼ller", "Müller");
        is("u=1&name=M%C3%83%C2%BCller", "MÃ¼ller", "Müller");
        is("Name,PhoneNum\nGÃ¶khan Ã–z,0770\n", "GÃ¶khan", "Gökhan");
        is("<Name>FranÃ§oise</Name>", "FranÃ§oise", "Françoise");
        is(
            r#"{"Name":"Å\u0081ukasz"}"#.replace("\\u0081", "\u{81}").as_str(),
            "Å\u{81}ukasz",
            "Łukasz",
        );
        is("Name=â‚¬uro Ã©", "â‚¬uro", "€uro");
    }

    #[test]
    fn finds_nothing_in_plain_text() {
        for text in
            ["", "Müller", "SÃO PAULO", "Ångström", "Ã", "Ñandú", "Łódź", "¿Qué?", "Êtes-vous Çela"]
        {
            assert_eq!(of_bytes(text.as_bytes()), None, "{text}");
        }
        assert_eq!(of_bytes(&[0xc3, 0x28, 0xff]), None);
    }
}
