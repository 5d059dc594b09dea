//! The values of which entities and envelopes are made, and members that hold them.

use std::io::Write;

use chrono::{Datelike, Timelike};

use crate::base::time::Instant;
use crate::vendors::jtel::variants::DateStyle;

pub(crate) fn key(out: &mut Vec<u8>, name: &str) {
    push(out, format_args!(",\"{name}\":"));
}

pub(crate) fn integer(out: &mut Vec<u8>, name: &str, value: Option<i64>) {
    key(out, name);
    match value {
        Some(value) => push(out, format_args!("{value}")),
        None => out.extend_from_slice(b"null"),
    }
}

pub(crate) fn flag(out: &mut Vec<u8>, name: &str, value: bool) {
    key(out, name);
    out.extend_from_slice(if value { b"true" } else { b"false" });
}

pub(crate) fn opt_text(out: &mut Vec<u8>, name: &str, value: Option<&[u8]>) {
    key(out, name);
    match value {
        Some(value) => text(out, value),
        None => out.extend_from_slice(b"null"),
    }
}

/// An instant in the chosen style, or null.
pub(crate) fn date(out: &mut Vec<u8>, at: Option<Instant>, style: DateStyle) {
    let Some(at) = at else { return out.extend_from_slice(b"null") };
    let end = match style {
        DateStyle::ZMillis => "Z",
        DateStyle::NaiveMillis => "",
        DateStyle::ZMicros => "000Z",
    };
    // Much faster than a pattern, without a text in between, and a contact has several.
    let (at, millis) = (at.utc(), at.utc().timestamp_subsec_millis());
    let (year, month, day) = (at.year(), at.month(), at.day());
    let (hour, minute, second) = (at.hour(), at.minute(), at.second());
    push(
        out,
        format_args!(
            "\"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}{end}\""
        ),
    );
}

pub(crate) fn push(out: &mut Vec<u8>, what: std::fmt::Arguments<'_>) {
    // Writing to memory cannot fail.
    let _ = out.write_fmt(what);
}

/// A JSON string. The bytes are UTF-8, as everything that SQLite was given.
pub(crate) fn text(out: &mut Vec<u8>, value: &[u8]) {
    out.push(b'"');
    let mut start = 0;
    for (at, byte) in value.iter().enumerate() {
        let escape: &[u8] = match byte {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            0..0x20 => b"",
            _ => continue,
        };
        out.extend_from_slice(&value[start..at]);
        if escape.is_empty() {
            push(out, format_args!("\\u{byte:04x}"));
        } else {
            out.extend_from_slice(escape);
        }
        start = at + 1;
    }
    out.extend_from_slice(&value[start..]);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_as_json_asks() {
        let hard = "a\"b\\c\nd\re\tf\u{1}g é 漢 \u{7f}";
        let mut out = Vec::new();
        text(&mut out, hard.as_bytes());
        assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), hard);
        assert!(out.windows(6).any(|it| it == b"\\u0001"));
    }

    #[test]
    fn writes_dates_in_three_styles() {
        let check = |style, expected: &str| {
            let mut out = Vec::new();
            date(&mut out, Some("2024-03-04T08:15:00.120Z".parse().unwrap()), style);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        };
        check(DateStyle::ZMillis, "\"2024-03-04T08:15:00.120Z\"");
        check(DateStyle::ZMicros, "\"2024-03-04T08:15:00.120000Z\"");
        check(DateStyle::NaiveMillis, "\"2024-03-04T08:15:00.120\"");
    }
}
