//! Values in quotes.

use std::ops::Range;

use super::text::{byte, closes, find, line_end};

/// Most bytes in which the end of a quoted value is looked for; a credential is shorter.
const QUOTED_BYTES_MAX: usize = 1024;

/// What stands in quotes, which may be escaped. A quote behind which the value goes on closes
/// nothing; where none closes, it is all of the line.
pub(crate) fn quoted(text: &[u8], start: usize) -> Option<Range<usize>> {
    let escapes = text[start..].iter().take_while(|it| **it == b'\\').count();
    let open = start + escapes;
    let quote = Some(byte(text, open)).filter(|it| matches!(it, b'"' | b'\''))?;
    let near = &text[..text.len().min(open + QUOTED_BYTES_MAX)];
    let mut backslashes = 0;
    for at in open + 1..near.len() {
        let after = find(near, at + 1, |it| it != b'\\');
        if near[at] == quote && closes(backslashes, escapes) && is_over(byte(text, after)) {
            return Some(open + 1..at - escapes);
        }
        backslashes = if near[at] == b'\\' { backslashes + 1 } else { 0 };
    }
    Some(open + 1..line_end(text, open))
}

/// Whether a value is over that this byte follows.
pub(crate) fn is_over(after: u8) -> bool {
    matches!(after, 0 | b'&' | b';' | b',' | b'>' | b'/' | b')' | b']' | b'}' | b'"' | b'\'' | b'?')
        || after.is_ascii_whitespace()
}
