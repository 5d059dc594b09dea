//! Places in a body: the line and the column of a byte, and what stands round it.

use std::fmt;

use crate::base::text::excerpt_bytes;

/// Bytes before a place that its excerpt shows.
const BEFORE_BYTES: usize = 16;

/// Bytes from a place on that its excerpt shows.
const AFTER_BYTES: usize = 32;

/// A place in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Bytes before it.
    pub offset: usize,
    /// From 1; a line ends in LF, CR LF or CR.
    pub line: usize,
    /// From 1, counted in characters; a byte that belongs to no character counts as one.
    pub column: usize,
    /// The JSON pointer (RFC 6901) of the value or the container that it is in.
    pub pointer: Option<String>,
}

impl Place {
    /// The place of a byte.
    pub fn new(bytes: &[u8], offset: usize) -> Self {
        let (line, column) = line_column(bytes, offset);
        Place { offset, line, column, pointer: None }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}, column {} (byte {})", self.line, self.column, self.offset)
    }
}

/// The line and the column of a byte, from 1; of the end where the offset lies behind it.
pub(crate) fn line_column(bytes: &[u8], offset: usize) -> (usize, usize) {
    let before = &bytes[..offset.min(bytes.len())];
    let mut line = 1;
    let mut start = 0;
    for (at, byte) in before.iter().enumerate() {
        // The LF of a CR LF ends the line, not its CR.
        let is_end = match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        if is_end {
            line += 1;
            start = at + 1;
        }
    }
    let chars =
        before[start..].utf8_chunks().map(|it| it.valid().chars().count() + it.invalid().len());
    (line, chars.sum::<usize>() + 1)
}

/// What stands round a place, in quotes, escaped and bounded.
pub(crate) fn excerpt_at(bytes: &[u8], offset: usize) -> String {
    let offset = offset.min(bytes.len());
    let mut from = offset.saturating_sub(BEFORE_BYTES);
    while from < offset && is_inner(bytes[from]) {
        from += 1;
    }
    let mut to = bytes.len().min(offset + AFTER_BYTES);
    while to > offset + 1 && bytes.get(to).is_some_and(|byte| is_inner(*byte)) {
        to -= 1;
    }
    excerpt_bytes(&bytes[from..to], BEFORE_BYTES + AFTER_BYTES)
}

/// Whether a byte is not the first of its character in UTF-8.
fn is_inner(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters() {
        let text = "a\nüb\r\nc\rd☎e".as_bytes();
        for (offset, place) in [
            (0, (1, 1)),
            (1, (1, 2)),
            (2, (2, 1)),
            (4, (2, 2)),
            (5, (2, 3)),
            (7, (3, 1)),
            (9, (4, 1)),
        ] {
            assert_eq!(line_column(text, offset), place, "{offset}");
        }
        assert_eq!(line_column(text, text.len()), (4, 4));
        assert_eq!(line_column(text, 99), (4, 4));
        assert_eq!(line_column(b"\xfc\xfc!", 2), (1, 3));
    }

    #[test]
    fn an_excerpt_is_round_its_place() {
        let body = format!("{}{}", "ä".repeat(50), "b".repeat(100));
        assert_eq!(
            excerpt_at(body.as_bytes(), 100),
            format!("\"{}{}\"", "ä".repeat(8), "b".repeat(32))
        );
        assert_eq!(excerpt_at(b"", 0), "\"\"");
        assert_eq!(excerpt_at(b"a\xfcb", 1), r#""a\xfcb""#);
    }
}
