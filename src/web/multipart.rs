//! `multipart/form-data` (RFC 7578), from a body that has come in whole.
//!
//! Our own, because the crates for it read a stream and wait for it; here the body is in memory, and
//! the content of a file is a view of it, not a copy.
//!
//! Not here: nested `multipart/mixed` and transfer encodings, both of which RFC 7578 gave up.

use bytes::Bytes;
use percent_encoding::percent_decode_str;

use crate::web::params::{Pairs, Upload};

/// Longest boundary, by RFC 2046, 5.1.1.
const BOUNDARY_BYTES_MAX: usize = 70;

/// Most parts of one body. A form has a dozen; the limit keeps a body of empty parts from turning
/// into a hundred times its size in memory.
const PARTS_MAX: usize = 4096;

/// A form that came as parts: its plain fields, and its files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    pub fields: Pairs,
    /// Parts with a file name, even an empty one.
    pub uploads: Vec<Upload>,
}

/// Why a body is no multipart form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MultipartError {
    #[error("the Content-Type names no boundary of 1 to {BOUNDARY_BYTES_MAX} characters")]
    NoBoundary,
    #[error("no line of the body is the boundary that the Content-Type names")]
    NoStart,
    #[error("the body's lines end in LF alone, expected CR LF")]
    BareLineFeeds,
    #[error("the body ends before its closing boundary")]
    NoEnd,
    #[error("a boundary is followed by something else than the end of its line")]
    BoundaryLine,
    #[error("the head of a part does not end in an empty line")]
    PartHead,
    #[error("a part has no Content-Disposition with a name")]
    NoName,
    #[error("there are more than {PARTS_MAX} parts")]
    TooManyParts,
}

/// Reads a body whose `Content-Type` is `content_type`.
///
/// # Errors
/// Where the body is cut, or not in the form of RFC 7578.
pub(crate) fn parse(content_type: &str, body: &Bytes) -> Result<Form, MultipartError> {
    let boundary = boundary(content_type).ok_or(MultipartError::NoBoundary)?;
    let delimiter = format!("--{boundary}");
    let mut form = Form::default();
    let mut at = start(body, delimiter.as_bytes())?;
    for _ in 0..PARTS_MAX {
        let rest = &body[at..];
        if rest.starts_with(b"--") {
            return Ok(form);
        }
        at += end_of_boundary_line(rest)?;
        let head_bytes = find(&body[at..], b"\r\n\r\n").ok_or(MultipartError::PartHead)?;
        let head = String::from_utf8_lossy(&body[at..at + head_bytes]);
        let content_at = at + head_bytes + b"\r\n\r\n".len();
        // A part may be empty: its content then ends in the line end that closed its head.
        let from = content_at - b"\r\n".len();
        let length = find_line(&body[from..], delimiter.as_bytes()).ok_or(MultipartError::NoEnd)?;
        let end = (from + length).max(content_at);
        push(&mut form, &head, body.slice(content_at..end))?;
        at = from + length + b"\r\n".len() + delimiter.len();
    }
    Err(MultipartError::TooManyParts)
}

/// The boundary that a `Content-Type` names.
pub(crate) fn boundary(content_type: &str) -> Option<String> {
    let (_, attributes) = content_type.split_once(';')?;
    let found = attribute(attributes, "boundary")?;
    (1..=BOUNDARY_BYTES_MAX).contains(&found.len()).then_some(found)
}

/// The offset behind the first boundary; what stands before it counts for nothing.
fn start(body: &[u8], delimiter: &[u8]) -> Result<usize, MultipartError> {
    if body.starts_with(delimiter) {
        let rest = &body[delimiter.len()..];
        let bare = rest.starts_with(b"\n");
        return if bare { Err(MultipartError::BareLineFeeds) } else { Ok(delimiter.len()) };
    }
    let at = find_line(body, delimiter).ok_or(MultipartError::NoStart)?;
    Ok(at + b"\r\n".len() + delimiter.len())
}

/// The length of what is left of a boundary's line. Blanks may stand there (RFC 2046, 5.1.1).
fn end_of_boundary_line(rest: &[u8]) -> Result<usize, MultipartError> {
    let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match &rest[blanks..] {
        [b'\r', b'\n', ..] => Ok(blanks + 2),
        [b'\n', ..] => Err(MultipartError::BareLineFeeds),
        [] => Err(MultipartError::NoEnd),
        _ => Err(MultipartError::BoundaryLine),
    }
}

/// The offset of the CR LF in front of a line that begins with `line`.
fn find_line(hay: &[u8], line: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += hay[at..].iter().position(|byte| *byte == b'\r')?;
        if hay[at..].strip_prefix(b"\r\n").is_some_and(|rest| rest.starts_with(line)) {
            return Some(at);
        }
        at += 1;
    }
}

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|window| window == needle)
}

fn push(form: &mut Form, head: &str, content: Bytes) -> Result<(), MultipartError> {
    let header = |wanted: &str| {
        head.split("\r\n").find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim())
        })
    };
    let disposition = header("content-disposition").ok_or(MultipartError::NoName)?;
    let (_, attributes) = disposition.split_once(';').ok_or(MultipartError::NoName)?;
    let name = attribute(attributes, "name").ok_or(MultipartError::NoName)?;
    let file_name = extended(attributes).or_else(|| attribute(attributes, "filename"));
    let media_type = header("content-type").map(str::to_owned);
    match file_name {
        Some(file_name) => form.uploads.push(Upload { name, file_name, media_type, content }),
        None => form.fields.push(name, String::from_utf8_lossy(&content)),
    }
    Ok(())
}

/// The value of one of a header's attributes: a token, or in quotes with `\"` for a quote.
fn attribute(attributes: &str, wanted: &str) -> Option<String> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches([';', ' ', '\t']);
        let (name, value) = rest.split_once('=')?;
        let (value, after) = value_of(value);
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = after;
    }
}

/// The value at the start of a text, and what follows it.
fn value_of(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        return (text[..end].trim().to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices().peekable();
    while let Some((at, it)) = chars.next() {
        match it {
            '"' => return (value, &quoted[at + 1..]),
            // Only what has to be escaped is: a Windows path keeps its backslashes.
            '\\' if matches!(chars.peek(), Some((_, '"' | '\\'))) => {
                value.extend(chars.next().map(|(_, escaped)| escaped));
            }
            other => value.push(other),
        }
    }
    (value, "")
}

/// `filename*=UTF-8''leads%20one.csv`, which some clients send beside or in place of `filename`.
fn extended(attributes: &str) -> Option<String> {
    let value = attribute(attributes, "filename*")?;
    let (_, encoded) = value.split_once("''")?;
    Some(percent_decode_str(encoded).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=xx";

    fn read(body: &'static str) -> Result<Form, MultipartError> {
        parse(TYPE, &Bytes::from_static(body.as_bytes()))
    }

    #[test]
    fn reads_fields_and_files() {
        let form = read(
            "--xx\r\nContent-Disposition: form-data; name=\"u\"\r\n\r\ndialer_bob\r\n\
             --xx \r\ncontent-disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\".csv\"\r\n\
             Content-Type: text/csv\r\n\r\n1\r\n2\n\r\n--xx--\r\n",
        )
        .unwrap();
        assert_eq!(form.fields.first("u"), Some("dialer_bob"));
        let [upload] = &form.uploads[..] else { panic!("expected one file") };
        assert_eq!((upload.name.as_str(), upload.file_name.as_str()), ("file", "a \"b\".csv"));
        assert_eq!(upload.media_type.as_deref(), Some("text/csv"));
        assert_eq!(&upload.content[..], b"1\r\n2\n");
    }

    #[test]
    fn reads_empty_parts_and_what_surrounds_them() {
        let form = read(
            "a preamble\r\n--xx\r\nContent-Disposition: form-data; name=empty\r\n\r\n\r\n\
             --xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n--xx--",
        )
        .unwrap();
        assert_eq!(form.fields.first("empty"), Some(""));
        assert_eq!((form.uploads[0].file_name.as_str(), form.uploads[0].content.len()), ("", 0));
        assert_eq!(read("--xx--"), Ok(Form::default()));
    }

    #[test]
    fn reads_quoted_boundaries_and_extended_names() {
        let body = Bytes::from_static(
            b"--a b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"; \
              filename*=UTF-8''leads%20%C3%BC.csv\r\n\r\n1\r\n--a b--\r\n",
        );
        let form = parse("multipart/form-data; charset=utf-8; boundary=\"a b\"", &body).unwrap();
        assert_eq!(form.uploads[0].file_name, "leads ü.csv");
    }

    #[test]
    fn says_what_is_wrong() {
        let part = "--xx\r\nContent-Disposition: form-data; name=\"u\"\r\n\r\n";
        assert_eq!(parse("multipart/form-data", &Bytes::new()), Err(MultipartError::NoBoundary));
        assert_eq!(read(""), Err(MultipartError::NoStart));
        assert_eq!(read("--yy\r\n"), Err(MultipartError::NoStart));
        assert_eq!(read("--xx\nContent"), Err(MultipartError::BareLineFeeds));
        assert_eq!(read("--xx"), Err(MultipartError::NoEnd));
        assert_eq!(read("--xxx\r\n"), Err(MultipartError::BoundaryLine));
        assert_eq!(read("--xx\r\nContent-Disposition: x\r\n"), Err(MultipartError::PartHead));
        assert_eq!(read("--xx\r\nA: b\r\n\r\n1\r\n--xx--"), Err(MultipartError::NoName));
        let cut = Bytes::from(format!("{part}dialer_bob"));
        assert_eq!(parse(TYPE, &cut), Err(MultipartError::NoEnd));
        let endless = Bytes::from(format!("{part}\r\n").repeat(PARTS_MAX + 1));
        assert_eq!(parse(TYPE, &endless), Err(MultipartError::TooManyParts));
    }
}
