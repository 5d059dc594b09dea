//! Bodies in another format than was wanted.

use std::borrow::Cow;

use percent_encoding::percent_decode;
use serde_json::{Map, Value};

use crate::web::diagnosis::around;
use crate::web::diagnosis::json;
use crate::web::diagnosis::report::{Asked, Body, Diagnosis, Kind, Wanted};

/// Longest name of a form's field, and longest head of a column.
const NAME_BYTES_MAX: usize = 100;

/// Lines that are looked at to see whether all have as many columns.
const CSV_LINES: usize = 10;

/// Pages are known from their first bytes.
const HTML_HEADS: &[&[u8]] = &[b"<!doctype html", b"<html"];

/// Looks whether a body is in another format than was wanted.
pub(super) fn look(body: &Body<'_>, asked: &Asked<'_>) -> Option<Diagnosis> {
    let span = around::trimmed(body.bytes);
    let text = &body.bytes[span.clone()];
    if asked.wanted == Wanted::Text {
        return None;
    }
    let (kind, seen) = seen(text)?;
    let wanted = asked.wanted;
    let is_right = match seen {
        Some(Wanted::JsonValue) => wanted.is_json(),
        // A form or a table of one column may be any text.
        Some(Wanted::Form | Wanted::Csv) => matches!(wanted, Wanted::Form | Wanted::Csv),
        seen => seen == Some(wanted),
    };
    if is_right {
        return None;
    }
    let found = |kind, cure: Cow<'static, str>| {
        Diagnosis::new(kind, body.bytes, span.start, wanted.words(), cure).naming(words(seen))
    };
    let taken = asked.takes.iter().find(|it| {
        **it == seen.unwrap_or(wanted) || (it.is_json() && seen == Some(Wanted::JsonValue))
    });
    let is_form_said = body.media_type().as_deref() == Some(Wanted::Form.media_type());
    let kind = match kind {
        Kind::JsonInstead if wanted == Wanted::Form && is_form_said => Kind::JsonAsFormKey,
        kind => kind,
    };
    if let Some(taken) = taken.filter(|it| **it != Wanted::Multipart) {
        let media_type = taken.media_type();
        let cure = format!("announce what the body is with Content-Type: {media_type}");
        return Some(found(kind, cure.into()).with_content_type(media_type));
    }
    if kind == Kind::FormInstead
        && wanted.is_json()
        && let Some(inner) = only_value(text)
    {
        let cure = "send the JSON itself as the body, not as the value of a form's field";
        return Some(found(Kind::JsonInFormField, cure.into()).with_body(inner));
    }
    let edit = if wanted == Wanted::Form { as_form(text) } else { None };
    Some(found(kind, cure(kind, wanted).into()).with_body(edit))
}

fn words(seen: Option<Wanted>) -> &'static str {
    match seen {
        Some(Wanted::JsonValue) => "JSON",
        Some(seen) => seen.words(),
        None => "a page in HTML",
    }
}

fn cure(kind: Kind, wanted: Wanted) -> String {
    let media_type = wanted.media_type();
    match (kind, wanted) {
        (Kind::HtmlInstead, _) => {
            "send the request's body; this page is what some server answered".to_owned()
        }
        (Kind::FormInstead, it) if it.is_json() => {
            format!("send the fields as members of a JSON object, with Content-Type: {media_type}")
        }
        (_, Wanted::Form) => {
            format!("send name=value pairs joined with &, with Content-Type: {media_type}")
        }
        (_, Wanted::Multipart) => {
            "let the client make a form of parts, in curl with -F name=value or -F file=@name"
                .to_owned()
        }
        _ => format!("send {}, with Content-Type: {media_type}", wanted.words()),
    }
}

/// The format that a body is plainly in, and its name as one that was wanted.
fn seen(text: &[u8]) -> Option<(Kind, Option<Wanted>)> {
    match text {
        [b'<', ..] if is_html(text) => Some((Kind::HtmlInstead, None)),
        [b'<', b'?' | b'!' | b'_' | b'a'..=b'z' | b'A'..=b'Z', .., b'>'] => {
            Some((Kind::XmlInstead, Some(Wanted::Xml)))
        }
        [b'-', b'-', ..] if is_parts(text) => {
            Some((Kind::MultipartInstead, Some(Wanted::Multipart)))
        }
        [b'{' | b'[', ..] if json::is_nearly(text) => {
            Some((Kind::JsonInstead, Some(Wanted::JsonValue)))
        }
        _ if is_form(text) => Some((Kind::FormInstead, Some(Wanted::Form))),
        _ if is_csv(text) => Some((Kind::CsvInstead, Some(Wanted::Csv))),
        _ => None,
    }
}

fn is_html(text: &[u8]) -> bool {
    HTML_HEADS
        .iter()
        .any(|head| text.get(..head.len()).is_some_and(|it| it.eq_ignore_ascii_case(head)))
}

/// Whether a body begins with a line of dashes and the head of a part.
pub(super) fn is_parts(text: &[u8]) -> bool {
    let Some(end) = text.iter().position(|byte| *byte == b'\n') else { return false };
    let head = &text[end + 1..text.len().min(end + 1 + b"content-".len())];
    end < NAME_BYTES_MAX && head.eq_ignore_ascii_case(b"content-")
}

/// Whether a body is pairs of names and values.
pub(super) fn is_form(text: &[u8]) -> bool {
    if text.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
        return false;
    }
    let is_part = |it: &u8| it.is_ascii_alphanumeric() || b"_.-[]%+$".contains(it);
    let is_pair = |pair: &[u8]| {
        let length = pair.iter().position(|byte| *byte == b'=').unwrap_or(0);
        (1..=NAME_BYTES_MAX).contains(&length) && pair[..length].iter().all(is_part)
    };
    // Base64 ends in signs of equality.
    let is_padded = text
        .iter()
        .position(|byte| *byte == b'=')
        .is_some_and(|at| text[at..].iter().all(|it| *it == b'='));
    !is_padded && text.split(|byte| *byte == b'&').all(is_pair)
}

/// Whether all lines have as many columns, under a head of words.
fn is_csv(text: &[u8]) -> bool {
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    let Some(head) = lines.next() else { return false };
    [b',', b';', b'\t', b'|'].iter().any(|delimiter| {
        let count = |line: &[u8]| memchr::memchr_iter(*delimiter, line).count();
        let columns = count(head);
        let is_name = |cell: &[u8]| {
            let cell =
                cell.strip_prefix(b"\"").and_then(|it| it.strip_suffix(b"\"")).unwrap_or(cell);
            let is_part =
                |it: &u8| it.is_ascii_alphanumeric() || b"_ .-".contains(it) || *it >= 0x80;
            (1..=NAME_BYTES_MAX).contains(&cell.len())
                && cell[0] != b' '
                && cell.iter().all(is_part)
        };
        let mut rest = lines.clone().take(CSV_LINES).peekable();
        columns > 0
            && head.split(|byte| byte == delimiter).all(is_name)
            && rest.peek().is_some()
            && rest.all(|line| count(line) == columns)
    })
}

/// The JSON that is the value of a form's only field.
fn only_value(text: &[u8]) -> Option<Vec<u8>> {
    let at = text.iter().position(|byte| *byte == b'=')?;
    let value = &text[at + 1..];
    let is_alone = !value.contains(&b'&') || json::is_nearly(value);
    if !is_alone {
        return None;
    }
    if json::is_nearly(value) {
        return Some(value.to_vec());
    }
    around::decoded_json(value).filter(|_| !percent_decode(value).eq(value.iter().copied()))
}

/// A flat object as a form.
fn as_form(text: &[u8]) -> Option<Vec<u8>> {
    let members: Map<String, Value> = serde_json::from_slice(text).ok()?;
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in &members {
        match value {
            Value::String(text) => form.append_pair(name, text),
            Value::Number(number) => form.append_pair(name, &number.to_string()),
            _ => return None,
        };
    }
    (!members.is_empty()).then(|| form.finish().into_bytes())
}
