//! Strings of JSON, and what stands for them in other languages.

use std::ops::Range;

use crate::base::text::excerpt_bytes;
use crate::web::diagnosis::chars::{char_at, is_curly_double, is_curly_single};
use crate::web::diagnosis::report::Kind;
use crate::web::diagnosis::slips::Slips;

/// Characters of an escape that a cure repeats.
const ESCAPE_CHARS: usize = 8;

/// How a string is delimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quote {
    Double,
    Single,
    /// `\"`, from a text that was escaped once more than it was put into quotes.
    Escaped,
    CurlyDouble,
    CurlySingle,
}

impl Quote {
    /// The quote that begins at an offset, and its length.
    pub(super) fn at(bytes: &[u8], at: usize) -> Option<(Quote, usize)> {
        match bytes.get(at)? {
            b'"' => Some((Quote::Double, 1)),
            b'\'' => Some((Quote::Single, 1)),
            b'\\' if bytes.get(at + 1) == Some(&b'"') => Some((Quote::Escaped, 2)),
            0xe2 => match char_at(bytes, at)? {
                it if is_curly_double(it) => Some((Quote::CurlyDouble, 3)),
                it if is_curly_single(it) => Some((Quote::CurlySingle, 3)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The length of the quote that ends such a string, where one stands at an offset.
    fn closes(self, bytes: &[u8], at: usize) -> Option<usize> {
        match (self, Quote::at(bytes, at)?) {
            (Quote::Double, (Quote::Double, length))
            | (Quote::Single, (Quote::Single, length))
            | (Quote::Escaped, (Quote::Escaped, length))
            | (Quote::CurlyDouble, (Quote::CurlyDouble | Quote::Double, length))
            | (Quote::CurlySingle, (Quote::CurlySingle | Quote::Single, length)) => Some(length),
            _ => None,
        }
    }

    fn kind(self) -> Option<Kind> {
        match self {
            Quote::Double => None,
            Quote::Single => Some(Kind::SingleQuotes),
            Quote::Escaped => Some(Kind::EscapedQuotes),
            Quote::CurlyDouble | Quote::CurlySingle => Some(Kind::CurlyQuotes),
        }
    }

    fn cure(self) -> &'static str {
        match self {
            Quote::Escaped => "write \" without a backslash; the text was escaped once too often",
            Quote::CurlyDouble | Quote::CurlySingle => {
                "write the straight quote \" (U+0022) round names and texts"
            }
            Quote::Single | Quote::Double => {
                "write names and texts in double quotes, as a JSON writer does; a language's own print \
                 of a value is not JSON"
            }
        }
    }
}

/// A string that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    /// Between the quotes.
    pub(super) inner: Range<usize>,
    /// Behind the closing quote; `None` where the body ends before it.
    pub(super) end: Option<usize>,
}

/// Reads the string whose quote begins at `at`, and notes what JSON does not allow in it.
pub(super) fn read(bytes: &[u8], at: usize, slips: &mut Slips) -> Option<Text> {
    let (quote, length) = Quote::at(bytes, at)?;
    let start = at + length;
    if let Some(kind) = quote.kind() {
        slips.add(kind, at..start, Some(b"\"".to_vec()), || quote.cure().to_owned());
    }
    let mut here = start;
    while let Some(&byte) = bytes.get(here) {
        if let Some(length) = quote.closes(bytes, here) {
            if quote != Quote::Double && bytes[here..here + length] != *b"\"" {
                slips.add(
                    Kind::CurlyQuotes,
                    here..here + length,
                    Some(b"\"".to_vec()),
                    String::new,
                );
            }
            return Some(Text { inner: start..here, end: Some(here + length) });
        }
        here += match byte {
            b'\\' => escape(bytes, here, slips),
            0..0x20 => {
                control(byte, here, slips);
                1
            }
            b'"' => {
                // Inside other quotes, where it was plain text.
                slips.add(
                    Kind::UnescapedQuote,
                    here..here + 1,
                    Some(b"\\\"".to_vec()),
                    String::new,
                );
                1
            }
            _ => 1,
        };
    }
    Some(Text { inner: start..bytes.len(), end: None })
}

/// A control character that stands in a string as it is.
fn control(byte: u8, at: usize, slips: &mut Slips) {
    let escape = match byte {
        b'\n' => "\\n".to_owned(),
        b'\r' => "\\r".to_owned(),
        b'\t' => "\\t".to_owned(),
        _ => format!("\\u{byte:04x}"),
    };
    let instead = Some(escape.clone().into_bytes());
    if matches!(byte, b'\n' | b'\r') {
        slips.add(Kind::RawLineEnd, at..at + 1, instead, || {
            format!("write {escape} for a line end inside a text, or close the quote before it")
        });
    } else {
        slips.add(Kind::RawControl, at..at + 1, instead, || {
            format!("write {escape} for this control character inside a text")
        });
    }
}

/// Looks at the escape at `at`; its length.
fn escape(bytes: &[u8], at: usize, slips: &mut Slips) -> usize {
    match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
        Some(b'u') => unicode(bytes, at, slips),
        Some(b'x') if hex(bytes, at + 2, 2).is_some() => {
            let digits = String::from_utf8_lossy(&bytes[at + 2..at + 4]).into_owned();
            slips.add(Kind::BadEscape, at..at + 2, Some(b"\\u00".to_vec()), || {
                format!("write \\u00{digits} for \\x{digits}; JSON has no \\x")
            });
            4
        }
        Some(b'\'') => {
            slips.add(Kind::BadEscape, at..at + 2, Some(b"'".to_vec()), || {
                "write ' without a backslash".to_owned()
            });
            2
        }
        // The end of the body is the reader's to tell.
        None => 1,
        Some(_) => {
            let end = (at + 2..bytes.len().min(at + 5))
                .find(|end| bytes.get(*end).is_none_or(|it| it & 0xc0 != 0x80));
            let shown = excerpt_bytes(&bytes[at + 1..end.unwrap_or(bytes.len())], ESCAPE_CHARS);
            // A backslash that was meant as itself and one that was meant to escape look the same.
            slips.add(Kind::BadEscape, at..at + 1, None, || {
                format!(
                    "write \\\\ for a backslash; a backslash before {shown} is no escape of JSON"
                )
            });
            1
        }
    }
}

/// Looks at the `\u` at `at`; its length with that of the second half of a pair.
fn unicode(bytes: &[u8], at: usize, slips: &mut Slips) -> usize {
    let Some(unit) = hex(bytes, at + 2, 4) else {
        if bytes.len() < at + 6 && bytes[at + 2..].iter().all(u8::is_ascii_hexdigit) {
            return bytes.len() - at;
        }
        slips.add(Kind::BadEscape, at..at + 2, None, || {
            "write four hexadecimal digits behind \\u, or \\\\u where a backslash is meant"
                .to_owned()
        });
        return 2;
    };
    if !(0xd800..0xe000).contains(&unit) {
        return 6;
    }
    let second = if bytes[at + 6..].starts_with(b"\\u") { hex(bytes, at + 8, 4) } else { None };
    if unit < 0xdc00 && second.is_some_and(|it| (0xdc00..0xe000).contains(&it)) {
        return 12;
    }
    slips.add(Kind::LoneSurrogate, at..at + 6, None, || {
        format!(
            "write both halves of the pair or the character itself; \\u{unit:04x} is one half of a \
             UTF-16 pair, often left by cutting a text in the middle of an emoji"
        )
    });
    6
}

fn hex(bytes: &[u8], at: usize, count: usize) -> Option<u32> {
    let digits = bytes.get(at..at + count)?;
    let mut number = 0;
    for digit in digits {
        number = number * 16 + char::from(*digit).to_digit(16)?;
    }
    Some(number)
}

/// A word or a text as a JSON string.
pub(super) fn quoted(text: &[u8]) -> Option<Vec<u8>> {
    serde_json::to_vec(std::str::from_utf8(text).ok()?).ok()
}
