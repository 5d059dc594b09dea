//! Bodies of parts whose boundary is missing, another, or not where it belongs.

use bytes::Bytes;

use crate::base::text::counted;
use crate::web::diagnosis::foreign;
use crate::web::diagnosis::report::{Body, Diagnosis, Kind, Wanted};
use crate::web::multipart::{self, MultipartError};

/// Longest boundary, with its two dashes.
const LINE_BYTES_MAX: usize = 72;

/// Looks at a body that is meant as parts; nothing is said of one that is in another format.
pub(super) fn look(body: &Body<'_>) -> Option<Diagnosis> {
    let bytes = body.bytes;
    let announced = body.content_type.unwrap_or_default();
    if let Some(at @ 1..) = late_start(announced, bytes) {
        let before = counted(at, "byte", "bytes");
        let cure = format!("take away what stands before the first boundary, {before}");
        let expected = "the first boundary where the body or a line begins";
        let found = Diagnosis::new(Kind::TextBeforeParts, bytes, 0, expected, cure);
        return Some(found.with_body(bytes[at..].to_vec()));
    }
    let is_parts = foreign::is_parts(bytes);
    let error = multipart::parse(announced, &Bytes::copy_from_slice(bytes)).err()?;
    let is_said = body.media_type().as_deref() == Some(Wanted::Multipart.media_type());
    if !is_parts && (!is_said || is_other(error)) {
        return None;
    }
    let seen = seen_boundary(bytes);
    let value = seen.as_ref().map(|seen| format!("multipart/form-data; boundary={seen}"));
    let found =
        |kind, at, expected: String, cure: String| Diagnosis::new(kind, bytes, at, expected, cure);
    match error {
        MultipartError::NoBoundary => {
            let value = value?;
            let cure =
                format!("send Content-Type: {value}; let the client write this header itself");
            let expected = "the boundary of the parts in the Content-Type".to_owned();
            Some(found(Kind::NoBoundary, 0, expected, cure).with_content_type(value))
        }
        MultipartError::NoStart => {
            let expected = format!("a line with the boundary of Content-Type: {announced}");
            let value = value?;
            let cure = format!("send Content-Type: {value}, as the body has it");
            Some(found(Kind::OtherBoundary, 0, expected, cure).with_content_type(value))
        }
        MultipartError::BareLineFeeds => {
            let at = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0);
            let cure =
                "end the lines of boundaries and heads in CR LF; write the body in binary mode";
            Some(found(Kind::BareLineFeeds, at, "CR LF".to_owned(), cure.to_owned()))
        }
        MultipartError::PartHead | MultipartError::NoEnd if !is_closed(bytes, seen.as_deref()) => {
            let end = seen.map(|seen| format!("--{seen}--")).unwrap_or_default();
            let cure = format!("send the whole body, up to the line {end}");
            Some(found(Kind::PartsCut, bytes.len(), format!("the line {end}"), cure))
        }
        MultipartError::PartHead
        | MultipartError::NoEnd
        | MultipartError::NoName
        | MultipartError::BoundaryLine => {
            let at = bad_part(bytes, &seen?)?;
            let expected = "Content-Disposition: form-data; name=\"…\" and an empty line";
            let cure = "begin each part with Content-Disposition: form-data; name=\"…\", then an empty line";
            Some(found(Kind::BadPart, at, expected.to_owned(), cure.to_owned()))
        }
        MultipartError::TooManyParts => None,
    }
}

/// Where in the first line the announced boundary begins. Before it nothing may stand, and a reader that
/// looks for a line takes the next one, if there is one.
fn late_start(announced: &str, bytes: &[u8]) -> Option<usize> {
    let delimiter = format!("--{}", multipart::boundary(announced)?);
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    bytes[..end].windows(delimiter.len()).position(|it| it == delimiter.as_bytes())
}

/// Whether the body may be in another format altogether.
fn is_other(error: MultipartError) -> bool {
    matches!(error, MultipartError::NoBoundary | MultipartError::NoStart)
}

/// Whether the body ends in its closing boundary.
fn is_closed(bytes: &[u8], boundary: Option<&str>) -> bool {
    let Some(boundary) = boundary else { return false };
    bytes.trim_ascii_end().ends_with(format!("--{boundary}--").as_bytes())
}

/// The boundary that the body begins with.
fn seen_boundary(bytes: &[u8]) -> Option<String> {
    let rest = bytes.strip_prefix(b"--")?;
    let end = rest.iter().take(LINE_BYTES_MAX).position(|byte| matches!(byte, b'\r' | b'\n'))?;
    let seen = std::str::from_utf8(&rest[..end]).ok()?;
    let is_fit = |it: u8| it.is_ascii_alphanumeric() || b"'()+_-./=?".contains(&it);
    (!seen.is_empty() && seen.bytes().all(is_fit)).then(|| seen.to_owned())
}

/// The first part without an empty line or without a name.
fn bad_part(bytes: &[u8], boundary: &str) -> Option<usize> {
    let delimiter = format!("--{boundary}\r\n");
    let mut from = 0;
    loop {
        let found =
            bytes[from..].windows(delimiter.len()).position(|it| it == delimiter.as_bytes());
        let head_at = from + found? + delimiter.len();
        let rest = &bytes[head_at..];
        let Some(length) = rest.windows(4).position(|it| it == b"\r\n\r\n") else {
            return Some(head_at);
        };
        let head = String::from_utf8_lossy(&rest[..length]).to_ascii_lowercase();
        if !head.contains("content-disposition:") || !head.contains("name=") {
            return Some(head_at);
        }
        from = head_at + length;
    }
}
