//! Values in the parts of a multipart form.

use std::ops::Range;

use super::text::{byte, find};

/// Most bytes of a part's head. A head holds two or three short headers.
const HEAD_BYTES_MAX: usize = 4096;

/// The body of the part whose `name="…"` ends before `at`; `None` where no part's head goes on
/// there. Lines may end in LF alone. The body ends before the next line that begins as the text's
/// first line does, if that is a boundary, and else before the next that begins with two hyphens.
pub(crate) fn body(text: &[u8], at: usize) -> Option<Range<usize>> {
    if !matches!(byte(text, at), b';' | b'\r' | b'\n') {
        return None;
    }
    let head = &text[..text.len().min(at + HEAD_BYTES_MAX)];
    let mut line = next_line(head, at)?;
    while !matches!(byte(head, line), b'\r' | b'\n') {
        let name = find(head, line, |it| matches!(it, b':' | b'\n'));
        if byte(head, name) != b':' {
            return None;
        }
        line = next_line(head, line)?;
    }
    let start = next_line(head, line)?;
    Some(start..end(text, start))
}

fn next_line(text: &[u8], at: usize) -> Option<usize> {
    let line_feed = find(text, at, |it| it == b'\n');
    (line_feed < text.len()).then_some(line_feed + 1)
}

fn end(text: &[u8], start: usize) -> usize {
    let boundary = boundary(text);
    let mut line = start;
    loop {
        if text[line..].starts_with(boundary) {
            let body = text[start..line].strip_suffix(b"\n").unwrap_or_default();
            return start + body.strip_suffix(b"\r").unwrap_or(body).len();
        }
        match next_line(text, line) {
            Some(next) => line = next,
            None => return text.len(),
        }
    }
}

fn boundary(text: &[u8]) -> &[u8] {
    let first = &text[..find(text, 0, |it| matches!(it, b'\r' | b'\n'))];
    if first.starts_with(b"--") { first } else { b"--" }
}
