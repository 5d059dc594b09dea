//! Small questions to a text of bytes, which every reader here asks.

use std::ops::Range;

/// The byte at a place, or 0 behind the end; no question here is about NUL.
pub(crate) fn byte(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(0)
}

pub(crate) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// The first place from `at` on that holds no white space; the end where there is none.
pub(crate) fn skip_space(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at.min(text.len()) + rest.iter().take_while(|it| it.is_ascii_whitespace()).count()
}

/// The first place from `at` on that holds no blank or tab.
pub(crate) fn skip_blanks(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at.min(text.len()) + rest.iter().take_while(|it| is_blank(**it)).count()
}

/// The first place from `at` on whose byte is wanted, or the end.
pub(crate) fn find(text: &[u8], at: usize, is_wanted: impl Fn(u8) -> bool) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.iter().position(|it| is_wanted(*it)).map_or(text.len(), |found| at + found)
}

/// The end of the line that holds `at`, without its line end.
pub(crate) fn line_end(text: &[u8], at: usize) -> usize {
    find(text, at, |it| matches!(it, b'\n' | b'\r'))
}

/// Whether only blanks, or the mark of a quoted or dumped line, stand between `at` and its line's
/// start.
pub(crate) fn begins_line(text: &[u8], at: usize) -> bool {
    let before = text[..at].iter().rev().take(INDENT_BYTES_MAX + 1);
    let indent = before.clone().take_while(|it| matches!(it, b' ' | b'\t' | b'>' | b'-')).count();
    indent <= INDENT_BYTES_MAX && (indent == at || matches!(text[at - indent - 1], b'\n' | b'\r'))
}

/// Widest indent before a name that still begins its line; it bounds the way back.
const INDENT_BYTES_MAX: usize = 32;

/// Without the blanks at both ends.
pub(crate) fn trimmed(text: &[u8], range: Range<usize>) -> Range<usize> {
    let start = skip_blanks(&text[..range.end], range.start);
    let tail = text[start..range.end].iter().rev().take_while(|it| is_blank(**it)).count();
    start..range.end - tail
}

/// Where a quoted string ends whose opening quote stands before `at`: the place of the next quote
/// that is not escaped; `None` where the text ends before.
pub(crate) fn closing_quote(text: &[u8], mut at: usize, quote: u8) -> Option<usize> {
    while let Some(found) = text.get(at) {
        match found {
            b'\\' => at += 2,
            it if *it == quote => return Some(at),
            _ => at += 1,
        }
    }
    None
}

/// Whether a quote behind so many backslashes closes a string that was opened behind `escapes`.
pub(crate) fn closes(backslashes: usize, escapes: usize) -> bool {
    if escapes == 0 { backslashes.is_multiple_of(2) } else { backslashes == escapes }
}

/// Whether `text` has `word` at `at`, in any case of ASCII letters.
pub(crate) fn has_word(text: &[u8], at: usize, word: &[u8]) -> bool {
    text.get(at..at + word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word))
}
