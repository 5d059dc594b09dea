//! Bodies whose bytes are not UTF-8: compressed, in wider units, in one byte per character.

use crate::web::diagnosis::chars::windows_1252;
use crate::web::diagnosis::report::{Asked, Body, Diagnosis, Kind, Wanted};

/// How far an XML declaration reaches.
const DECLARATION_BYTES_MAX: usize = 200;

/// Bodies that are not text in any encoding with ASCII in it, seen from their first bytes.
pub(super) fn whole(body: &Body<'_>, asked: &Asked<'_>) -> Option<Diagnosis> {
    compressed(body, asked).or_else(|| wide(body.bytes, asked))
}

fn compressed(body: &Body<'_>, asked: &Asked<'_>) -> Option<Diagnosis> {
    let bytes = body.bytes;
    let is_text = || std::str::from_utf8(bytes).is_ok();
    let is_zlib = |second: u8| matches!(second, 0x01 | 0x5e | 0x9c | 0xda) && !is_text();
    let seen = match bytes {
        [0x1f, 0x8b, 0x08, ..] => Some("gzip"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("zstd"),
        [0x78, second, ..] if is_zlib(*second) => Some("deflate"),
        _ => None,
    };
    let said = body.content_encoding.map(str::trim).filter(|it| {
        let it = it.to_ascii_lowercase();
        matches!(it.as_str(), "gzip" | "x-gzip" | "deflate" | "br" | "zstd")
    });
    // A body that is text is not compressed, whatever its header says.
    let said = said.filter(|_| seen.is_some() || !is_text());
    let name = seen.or(said)?;
    let cure = match said {
        Some(said) => format!("send the body as it is, without Content-Encoding: {said}"),
        None => {
            format!("send the body as it is; it was compressed with {name} and no header says so")
        }
    };
    let found = Diagnosis::new(Kind::Compressed, bytes, 0, asked.wanted.words(), cure);
    Some(found.naming(format_args!("bytes compressed with {name}")))
}

/// UTF-16 and UTF-32, with a mark or seen from the zeros.
fn wide(bytes: &[u8], asked: &Asked<'_>) -> Option<Diagnosis> {
    let (kind, name, text) = match bytes {
        [0xff, 0xfe, 0, 0, rest @ ..] => {
            (Kind::Utf32, "UTF-32, little end first", utf_32(rest, true))
        }
        [0, 0, 0xfe, 0xff, rest @ ..] => {
            (Kind::Utf32, "UTF-32, big end first", utf_32(rest, false))
        }
        [0xff, 0xfe, rest @ ..] => (Kind::Utf16, "UTF-16, little end first", utf_16(rest, true)),
        [0xfe, 0xff, rest @ ..] => (Kind::Utf16, "UTF-16, big end first", utf_16(rest, false)),
        [1..=0x7f, 0, 0, 0, ..] => {
            (Kind::Utf32, "UTF-32, little end first", Some(utf_32(bytes, true)?))
        }
        [0, 0, 0, 1..=0x7f, ..] => {
            (Kind::Utf32, "UTF-32, big end first", Some(utf_32(bytes, false)?))
        }
        [1..=0x7f, 0, _, _, ..] => {
            (Kind::Utf16, "UTF-16, little end first", Some(utf_16(bytes, true)?))
        }
        [0, 1..=0x7f, _, _, ..] => {
            (Kind::Utf16, "UTF-16, big end first", Some(utf_16(bytes, false)?))
        }
        _ => return None,
    };
    let cure = "encode the text as UTF-8; PowerShell 5 and Windows' \"Unicode\" write UTF-16";
    let found = Diagnosis::new(kind, bytes, 0, "UTF-8", cure).naming(name);
    // Parts are bytes, and their boundary stands in a header.
    let text = text.filter(|_| asked.wanted != Wanted::Multipart);
    let text = text.map(|text| if asked.wanted == Wanted::Xml { redeclared(text) } else { text });
    Some(found.with_body(text.map(String::into_bytes)))
}

/// Text of 16-bit units without a zero among them.
pub(super) fn utf_16(bytes: &[u8], is_little: bool) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs
        .iter()
        .map(|pair| if is_little { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) });
    let text: String = char::decode_utf16(units).collect::<Result<_, _>>().ok()?;
    (rest.is_empty() && !text.contains('\0')).then_some(text)
}

fn utf_32(bytes: &[u8], is_little: bool) -> Option<String> {
    let (units, rest) = bytes.as_chunks::<4>();
    let read = |unit: &[u8; 4]| {
        if is_little { u32::from_le_bytes(*unit) } else { u32::from_be_bytes(*unit) }
    };
    let chars = units.iter().map(|unit| char::from_u32(read(unit)).filter(|it| *it != '\0'));
    let text: String = chars.collect::<Option<_>>()?;
    rest.is_empty().then_some(text)
}

/// A byte-order mark in front of UTF-8, where it is taken for a part of the first name.
pub(super) fn mark(bytes: &[u8]) -> Option<Diagnosis> {
    let rest = bytes.strip_prefix(b"\xef\xbb\xbf")?;
    let cure =
        "take the three bytes ef bb bf away: write the body as UTF-8 without a byte-order mark";
    let expected = "the text without a byte-order mark";
    Some(Diagnosis::new(Kind::ByteOrderMark, bytes, 0, expected, cure).with_body(rest.to_vec()))
}

/// The first byte that is not UTF-8.
pub(super) fn broken(bytes: &[u8], asked: &Asked<'_>) -> Option<Diagnosis> {
    let error = std::str::from_utf8(bytes).err()?;
    let at = error.valid_up_to();
    let is_control = |byte: &u8| matches!(byte, 0..=8 | 0xe..=0x1f);
    if bytes.iter().any(is_control) {
        let cure = "send text; these bytes are no text in UTF-8, Latin-1 or Windows-1252";
        let found = Diagnosis::new(Kind::NotText, bytes, at, "UTF-8", cure);
        return Some(
            found.naming(format_args!("byte 0x{:02x} among control characters", bytes[at])),
        );
    }
    let has_wide = bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
    let ends_open = asked.wanted.is_json() || asked.wanted == Wanted::Xml;
    if error.error_len().is_none() && (has_wide || bytes.len() - at > 1 || ends_open) {
        let cure = "send the whole body; Content-Length counts bytes, not characters";
        let found =
            Diagnosis::new(Kind::Utf8Cut, bytes, at, "the rest of a character in UTF-8", cure);
        return Some(found.naming("the end of the body inside a character"));
    }
    Some(one_byte(bytes, at, has_wide, asked))
}

/// A byte of an encoding with one byte per character.
fn one_byte(bytes: &[u8], at: usize, has_wide: bool, asked: &Asked<'_>) -> Diagnosis {
    let byte = bytes[at];
    let is_windows = bytes.iter().any(|byte| matches!(byte, 0x80..=0x9f));
    let (kind, name) = match (has_wide, is_windows) {
        (true, _) => (Kind::NotUtf8, "Windows-1252"),
        (false, true) => (Kind::Windows1252, "Windows-1252"),
        (false, false) => (Kind::Latin1, "Latin-1"),
    };
    let cure = match kind {
        Kind::NotUtf8 => "encode all of the body as UTF-8; a part of it is in another encoding",
        _ => "encode the body as UTF-8",
    };
    let found = Diagnosis::new(kind, bytes, at, "UTF-8", cure);
    let found = match windows_1252(byte) {
        Some(it) => found.naming(format_args!("byte 0x{byte:02x}, {it} in {name}")),
        None => found.naming(format_args!("byte 0x{byte:02x}")),
    };
    if has_wide {
        return found;
    }
    let text: Option<String> = bytes.iter().map(|byte| windows_1252(*byte)).collect();
    // Parts are bytes, and their boundary stands in a header.
    let text = text.filter(|_| asked.wanted != Wanted::Multipart);
    let text = text.map(|text| if asked.wanted == Wanted::Xml { redeclared(text) } else { text });
    found.with_body(text.map(String::into_bytes))
}

/// An XML text whose declaration says UTF-8, if it says anything.
pub(super) fn redeclared(text: String) -> String {
    match declared(text.as_bytes()) {
        None => text,
        Some(span) => format!("{}UTF-8{}", &text[..span.start], &text[span.end..]),
    }
}

/// Where the declaration of an XML text names an encoding.
pub(super) fn declared(bytes: &[u8]) -> Option<std::ops::Range<usize>> {
    let skip = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let near = &bytes[skip..bytes.len().min(DECLARATION_BYTES_MAX)];
    if !near.starts_with(b"<?xml") {
        return None;
    }
    let end = near.windows(2).position(|it| it == b"?>")?;
    let name = near[..end].windows(8).position(|it| it == b"encoding")? + 8;
    let quote = name + near[name..end].iter().position(|it| matches!(it, b'"' | b'\''))?;
    let length = near[quote + 1..end].iter().position(|it| *it == near[quote])?;
    Some(skip + quote + 1..skip + quote + 1 + length)
}
